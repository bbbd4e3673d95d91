"""CodeBuild: the image in which a build runs, and the images that it pushes.

https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...account.identifiers import check_account_id
from ...deferred import is_deferred
from ...errors import raise_dangers
from ...findings import Finding
from ...iam.actions import TASK_EXECUTION_PULL
from ..by_role.role_plan import RolePlan, account_and_source, service_trust
from ..home import Home
from .service_consumer import Party, ServiceConsumer, check_names

__all__ = ["CodeBuildProjects", "check_project_named", "check_project_names", "codebuild_role"]

CODEBUILD = "codebuild.amazonaws.com"
DOCS = "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html"
_CONFUSED_DEPUTY_DOCS = (
    "https://docs.aws.amazon.com/codebuild/latest/userguide/"
    "cross-service-confused-deputy-prevention.html"
)


@dataclass(frozen=True, kw_only=True)
class CodeBuildProjects(ServiceConsumer):
    """Projects whose own image CodeBuild pulls by itself, for ``repository.grant_pull``.

    That is so for a project with ``imagePullCredentialsType`` ``CODEBUILD``. With ``SERVICE_ROLE``,
    as CDK's ``LinuxBuildImage.from_ecr_repository`` has it, the role of the project pulls
    (:class:`CodeBuildRole`).

    https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
    """

    service: ClassVar[str] = CODEBUILD
    pull_actions: ClassVar[tuple[str, ...]] = TASK_EXECUTION_PULL
    docs: ClassVar[str] = DOCS

    names: Sequence[str] = ("*",)
    """The projects; ``*`` in a name stands for any run of characters. Default: every project of
    the account."""
    account: str | None = None
    """The account of the projects, 12 digits. Default: that of the repository."""
    region: str | None = None
    """The Region of the projects (``eu-west-1``). Default: that of the repository."""

    def __post_init__(self) -> None:
        """Refuse what CodeBuild could not have.

        :raises InvalidInputError: for names, an account or a Region that cannot exist.
        """
        raise_dangers(
            [
                *check_project_names(self.names, option="names"),
                *(check_account_id(self.account) if self.account is not None else ()),
                *_check_region(self.region),
            ]
        )

    def parties(self, repository: Home) -> tuple[Party, ...]:
        """CodeBuild, for builds of these projects.

        :param repository: where the repository stands.
        """
        home = Home(
            partition=repository.partition,
            region=self.region or repository.region,
            account=self.account or repository.account,
        )
        sources = [home.arn("codebuild", f"project/{name}") for name in self.names]
        return (
            Party(
                principal={"Service": self.service},
                conditions=account_and_source(home, *sources),
            ),
        )


def codebuild_role(home: Home, project_names: Sequence[str]) -> RolePlan:
    """The service role of projects: CodeBuild assumes it for these projects alone."""
    sources = [home.arn("codebuild", f"project/{name}") for name in project_names]
    return RolePlan(
        description="Builds with and pushes the named images",
        trust=(service_trust(CODEBUILD, account_and_source(home, *sources)),),
        pull=TASK_EXECUTION_PULL,
    )


def check_project_names(names: object, *, option: str = "project_names") -> tuple[Finding, ...]:
    """What is wrong with names of projects.

    https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
    """
    return check_names(
        option,
        names,
        shape=r"[A-Za-z0-9*][A-Za-z0-9_*-]{0,149}",
        allowed="1 to 150 letters, digits, '-' and '_', with '*' for any run of them",
        kind="CodeBuild project",
        docs="https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html",
    )


def check_project_named(
    name: object, names: Sequence[str], *, project: str, role: str
) -> tuple[Finding, ...]:
    """Whether a role is for a project that has it.

    :param name: the project's name; None where CloudFormation makes one up.
    :param names: the names that the role is for.
    """
    if is_deferred(name) or any(is_deferred(one) for one in names):
        return ()
    if name is None:
        named = any("*" in one for one in names)
    else:
        patterns = [re.escape(one).replace(r"\*", ".*") for one in names]
        named = any(re.fullmatch(pattern, str(name)) for pattern in patterns)
    if named:
        return ()
    return (
        Finding(
            code="consumer-project-not-named",
            property="project_names",
            message=f"of {role} are of other projects than {project}, for which CodeBuild does not "
            "get the role",
            given=list(names),
            allowed="the name of each project that has the role",
            fix=f"add {name!r} to project_names"
            if name is not None
            else "give the project one of the names as project_name",
            docs=_CONFUSED_DEPUTY_DOCS,
        ),
    )


def _check_region(region: object) -> tuple[Finding, ...]:
    if region is None or is_deferred(region):
        return ()
    if isinstance(region, str) and re.fullmatch(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]", region):
        return ()
    return (
        Finding(
            code="consumer-region-invalid",
            property="region",
            message="is not a Region",
            given=region,
            allowed="the code of a Region: 'eu-west-1', say",
            fix="write the code, not the name of the Region",
            docs="https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
        ),
    )
