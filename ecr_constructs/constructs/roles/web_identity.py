"""What the roles of all CI systems share: a role for whoever shows the token of an issuer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.findings import dangers
from ...model.iam.actions import Access
from ...model.roles.naming import check_role, role_description
from ...model.roles.oidc import check_provider_arn, check_repositories
from .._jsii import check, show
from .providers import provider_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...model.roles.oidc.trust import Tokens
    from ..repository.types import RepositoryLike

__all__ = ["WebIdentityRole"]

_DOES: Final = {Access.PUSH: "Pushes images from", Access.PULL: "Pulls images for"}
_VERB: Final = {Access.PUSH: "push to", Access.PULL: "pull from"}


class WebIdentityRole(Construct):
    """A role that an issuer's token of one subject is exchanged for, and that does one thing."""

    _access: ClassVar[Access]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        tokens: Tokens,
        repositories: Sequence[RepositoryLike],
        provider_arn: str | None,
        role_name: str | None,
        description: str | None,
    ) -> None:
        findings = tokens.findings()
        check(
            [
                *check_repositories(repositories, verb=_VERB[self._access]),
                *check_role(role_name=role_name, description=description),
                *findings,
                *(
                    check_provider_arn(provider_arn, issuer=tokens.trust.issuer)
                    if provider_arn is not None and not dangers(findings)
                    else ()
                ),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        show(findings, self)
        trust = tokens.trust
        self._role = iam.Role(
            self,
            "Default",
            role_name=role_name,
            description=description or role_description(f"{_DOES[self._access]} {trust.subject}"),
            assumed_by=iam.WebIdentityPrincipal(
                provider_arn or provider_of(cdk.Stack.of(self), trust),
                cast("Mapping[str, object]", trust.conditions),
            ),
        )
        for repository in repositories:
            if self._access is Access.PUSH:
                repository.grant_push(self._role)
            else:
                repository.grant_pull(self._role)

    @property
    def role(self) -> iam.IRole:
        """The role, for the CI system to assume and for further grants."""
        return self._role
