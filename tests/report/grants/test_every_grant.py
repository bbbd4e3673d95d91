"""Every grant of the library, synthesized by CDK in one app and asked of the evaluator.

A principal can do exactly what the grant says on the repository, and nothing on any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
import pytest

from ecr_constructs import GitHubPushRole, SecureRepository, TaskExecutionRole
from ecr_constructs.model.iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from ecr_constructs.model.iam.evaluator import Level, Verdict
from ecr_constructs.report.access.build import report_of
from ecr_constructs.report.access.model import AccessReport, PrincipalRow

from .kinds import KINDS, OTHER, OWNER, REGION, Kind, Scopes

TOKEN = "ecr:GetAuthorizationToken"
PULL = frozenset({"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"})
PUSH = frozenset(
    f"ecr:{name}"
    for name in (
        "BatchCheckLayerAvailability",
        "CompleteLayerUpload",
        "InitiateLayerUpload",
        "PutImage",
        "UploadLayerPart",
    )
)
READ = frozenset(
    f"ecr:{name}"
    for name in (
        "DescribeImageScanFindings",
        "DescribeImages",
        "DescribeRepositories",
        "ListImages",
        "ListTagsForResource",
    )
)
ADMIN = frozenset(
    f"ecr:{name}"
    for name in (
        "DeleteLifecyclePolicy",
        "DeleteRepositoryPolicy",
        "DescribeRepositories",
        "GetLifecyclePolicy",
        "GetLifecyclePolicyPreview",
        "GetRepositoryPolicy",
        "ListTagsForResource",
        "PutImageScanningConfiguration",
        "PutImageTagMutability",
        "PutLifecyclePolicy",
        "SetRepositoryPolicy",
        "StartImageScan",
        "StartLifecyclePolicyPreview",
        "TagResource",
        "UntagResource",
    )
)
SINGLE = ("ecr:DeleteRepository", "ecr:UpdateImageStorageClass")


@dataclass(frozen=True)
class Grant:
    """What a grant is to give, from AWS's pages and not from the library."""

    method: str
    gives: frozenset[str]
    token: bool = False
    arguments: tuple[str, ...] = ()


GRANTS = (
    Grant("grant_pull", PULL, token=True),
    Grant("grant_push", PUSH, token=True),
    Grant("grant_pull_push", PULL | PUSH, token=True),
    Grant("grant_read", READ),
    Grant("grant_delete", frozenset({"ecr:BatchDeleteImage"})),
    Grant("grant_admin", ADMIN),
    Grant("grant", frozenset(SINGLE), arguments=SINGLE),
)
EVERY = tuple(sorted(ACCOUNT_ACTIONS | REPOSITORY_ACTIONS))
LEVELS = tuple(Level(action, (action,), needs_all=True) for action in EVERY)
CASES = [(kind, grant) for kind in KINDS for grant in GRANTS]


def called(kind: Kind, grant: Grant) -> str:
    return f"{kind.name}-{grant.method}".replace("_", "-")


@dataclass(frozen=True)
class Estate:
    """The report of the whole app, and the logical ids of what has no name."""

    report: AccessReport
    ids: Mapping[str, str]

    def principal(self, kind: Kind, grant: Grant) -> PrincipalRow:
        name = called(kind, grant)
        arn = kind.arn.replace("<name>", name).replace("<id>", f"${{{self.ids.get(name)}}}")
        found = [row for row in self.report.principals if row.arn == arn]
        assert len(found) == 1, (arn, [row.arn for row in self.report.principals])
        return found[0]

    def verdicts(
        self, principal: PrincipalRow, context: Mapping[str, object]
    ) -> dict[str, dict[str, Verdict]]:
        """By repository, by action."""
        cells = self.report.cells_of(
            [principal], self.report.repositories, levels=LEVELS, context=context
        )
        return {
            cell.repository.name: {action: cell.verdict(action) for action in EVERY}
            for cell in cells
        }


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    flags = json.loads((Path(__file__).parents[3] / "cdk.json").read_text())["context"]
    out = tmp_path_factory.mktemp("cdk")
    app = cdk.App(context=flags, outdir=str(out))
    home = cdk.Environment(account=OWNER, region=REGION)
    scopes = Scopes(
        cdk.Stack(app, "Owner", env=home),
        cdk.Stack(app, "Neighbour", env=home),
        cdk.Stack(app, "Other", env=cdk.Environment(account=OTHER, region=REGION)),
    )
    ids = {}
    for kind, grant in CASES:
        name = called(kind, grant)
        named = None if kind.name == "role" else f"shop/{name}"
        repository = SecureRepository(scopes.owner, f"Repository-{name}", repository_name=named)
        grantee = kind.make(scopes, name)
        if kind.adopts:
            repository = SecureRepository.from_repository_name(
                scopes.neighbour, f"Adopted-{name}", f"shop/{name}"
            )
        getattr(repository, grant.method)(grantee, *grant.arguments)
        resource = getattr(grantee, "role", grantee) if kind.name == "project" else grantee
        if hasattr(resource, "node") and resource.node.default_child is not None:
            child = resource.node.default_child
            ids[name] = cdk.Stack.of(child).resolve(child.logical_id)
    SecureRepository(scopes.owner, "Bystander", repository_name="shop/bystander")
    mine = SecureRepository(scopes.owner, "Mine", repository_name="shop/mine")
    runner = TaskExecutionRole(scopes.owner, "Runner", pulls_from=[mine])
    pusher = GitHubPushRole(
        scopes.owner, "Pusher", repositories=[mine], owner="octo", project="shop", branch="main"
    )
    for name, role in (("runner", runner.role), ("pusher", pusher.role)):
        child = role.node.default_child
        ids[name] = scopes.owner.resolve(child.logical_id)
    app.synth()
    return Estate(report_of(out), ids)


@pytest.mark.parametrize(
    ("kind", "grant"), CASES, ids=[called(kind, grant) for kind, grant in CASES]
)
def test_a_grant_gives_what_it_says_and_not_one_action_more(
    estate: Estate, kind: Kind, grant: Grant
) -> None:
    name = called(kind, grant)
    verdicts = estate.verdicts(estate.principal(kind, grant), kind.context)
    own = f"${{{_repository_id(estate, name)}}}" if kind.name == "role" else f"shop/{name}"
    # What another account lets its own do to that account is not at hand, and is assumed.
    asked = EVERY if kind.own_policies else sorted(REPOSITORY_ACTIONS)
    for repository, every in verdicts.items():
        found = {action: every[action] for action in asked}
        allowed = {action for action, verdict in found.items() if verdict is Verdict.ALLOWED}
        perhaps = {action for action, verdict in found.items() if verdict is Verdict.CONDITIONAL}
        expected = set(_expected_elsewhere(kind, repository))
        if repository == own:
            expected |= grant.gives
        if grant.token and kind.token and kind.own_policies:
            expected |= {TOKEN}
        assert allowed == expected, repository
        assert perhaps == set(_perhaps_elsewhere(kind, repository)), repository


def _repository_id(estate: Estate, name: str) -> str:
    (row,) = [
        row
        for row in estate.report.repositories
        if row.construct_path == f"Owner/Repository-{name}/Resource"
    ]
    return row.logical_id


def _granted_on(kind_names: tuple[str, ...], repository: str) -> frozenset[str]:
    """What the grant of another kind gave to whoever that kind is, on its repository."""
    for kind, grant in CASES:
        if kind.name in kind_names and repository == f"shop/{called(kind, grant)}":
            return grant.gives
    return frozenset()


def _expected_elsewhere(kind: Kind, repository: str) -> frozenset[str]:
    """A service, an account or an organization is one principal of all its grants."""
    if kind.name == "unit":
        # Whoever is in the unit is in the organization.
        return _granted_on(("unit", "organization"), repository)
    if kind.name in ("account", "organization", "lambda", "codebuild"):
        return _granted_on((kind.name,), repository)
    return frozenset()


def _perhaps_elsewhere(kind: Kind, repository: str) -> frozenset[str]:
    """Nobody says of which organization an account or role is, nor of an organization which unit.

    The roles of the own account may be in the organization as well: then its statement lets them
    in. Those of another account need their own policies for it, which say nothing of it. Whether
    "AWS": "*" takes in services is not documented.
    """
    if kind.name == "unit" or (kind.own_policies and not kind.at_home):
        return frozenset()
    if kind.name == "organization":
        return _granted_on(("unit",), repository)
    return _granted_on(("unit", "organization"), repository)


@pytest.mark.parametrize(
    ("name", "gives"),
    [
        ("runner", PULL | {"ecr:BatchCheckLayerAvailability", TOKEN}),
        ("pusher", PUSH | {TOKEN}),
    ],
)
def test_a_role_of_the_library_can_do_one_job(
    estate: Estate, name: str, gives: frozenset[str]
) -> None:
    (row,) = [row for row in estate.report.principals if row.logical_id == estate.ids[name]]
    verdicts = estate.verdicts(row, {})
    for repository, found in verdicts.items():
        allowed = {action for action, verdict in found.items() if verdict is Verdict.ALLOWED}
        assert allowed == (gives if repository == "shop/mine" else {TOKEN}), repository


def test_somebody_else_of_the_other_account_gets_nothing(estate: Estate) -> None:
    accounts = [row for row in estate.report.principals if row.arn == f"arn:aws:iam::{OTHER}:root"]
    # Statements about one role of the account are no access for the account.
    assert accounts == []
