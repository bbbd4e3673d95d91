"""What values of a manifest must be by themselves and together; what may stand with a warning."""

from __future__ import annotations

import pytest

from ecr_constructs import (
    Encryption,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetPrincipal,
    FleetRepository,
    FleetRole,
    FleetTrust,
    InvalidInputError,
    ManifestError,
    expire_untagged,
    keep_last,
)
from ecr_constructs.model.lifecycle import all_tags
from ecr_constructs.model.roles.oidc import GitHubRuns
from tests.model.fleet.fleets import KEY

GROUPS = {"shop": FleetGroup(shards=2)}
API = FleetRepository(name="shop/api", group="shop")


def _codes(**parts):
    with pytest.raises(ManifestError) as caught:
        Fleet(**{"repositories": (API,), "groups": GROUPS, **parts})
    return [(problem.finding.code, problem.finding.property) for problem in caught.value.problems]


def test_two_entries_with_one_name_name_each_other() -> None:
    twice = (API, FleetRepository(name="shop/web", group="shop"), API)
    assert _codes(repositories=twice) == [("fleet-repository-twice", "repositories[2].name")]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"repositories": (FleetRepository(name="shop/api", kind="web"),)},
            [("fleet-kind-unknown", "repositories[0].kind")],
        ),
        (
            {"repositories": (FleetRepository(name="shop/api"),)},
            [("fleet-group-missing", "repositories[0]")],
        ),
        (
            {"repositories": (FleetRepository(name="shop/api", group="sho"),)},
            [("fleet-group-unknown", "repositories[0].group")],
        ),
        (
            {"kinds": {"web": FleetKind(group="tools", pull=("nobody",))}},
            [
                ("fleet-group-unknown", "kinds.web.group"),
                ("fleet-principal-or-role-unknown", "kinds.web.pull[0]"),
            ],
        ),
        (
            {"roles": {"ci": FleetRole(group="x", trust=FleetTrust.of_account("222222222222"))}},
            [("fleet-group-unknown", "roles.ci.group")],
        ),
        ({"groups": {**GROUPS, "a_b": FleetGroup()}}, [("fleet-name-invalid", "groups.a_b")]),
        ({"kinds": {"": FleetKind()}}, [("fleet-name-invalid", "kinds['']")]),
        (
            {
                "environments": {
                    "a": FleetEnvironment(account="111111111111", region="eu-west-1"),
                    "b": FleetEnvironment(account="111111111111", region="eu-west-1"),
                }
            },
            [("fleet-environment-twice", "environments.b")],
        ),
    ],
)
def test_names_must_name_something_and_one_thing(parts, expected):
    assert _codes(**parts) == expected


def test_what_nobody_uses_is_a_warning() -> None:
    fleet = Fleet(
        repositories=(API,),
        groups=GROUPS,
        kinds={"web": FleetKind(group="shop")},
        principals={"partner": FleetPrincipal.account("222222222222")},
        roles={"ci": FleetRole(group="shop", trust=FleetTrust.of_account("222222222222"))},
    )
    assert [(fault.finding.code, fault.finding.severity.value) for fault in fleet.warnings] == [
        ("fleet-kind-unused", "warning"),
        ("fleet-principal-unused", "warning"),
        ("fleet-role-unused", "warning"),
    ]


def test_what_is_rarely_meant_is_a_warning_at_its_place() -> None:
    runs = GitHubRuns(owner="acme", project="shop", branch="main")
    lifecycle = (keep_last(3, tags=all_tags("a*", "b*")),)
    fleet = Fleet(
        repositories=(
            FleetRepository(
                name="shop/api",
                group="shop",
                lifecycle=lifecycle,
                pull=["ci", FleetPrincipal.account("111111111111")],
                push=[FleetPrincipal.service("new.amazonaws.com")],
            ),
        ),
        groups=GROUPS,
        roles={"ci": FleetRole(group="shop", trust=FleetTrust.of_github(runs))},
        environments={"prod": FleetEnvironment(account="111111111111", region="eu-west-1")},
    )
    found = {(fault.finding.code, fault.finding.property) for fault in fleet.warnings}
    assert found >= {
        ("github-subject-without-ids", "roles.ci.trust.github.owner_id"),
        ("grant-own-account", "repositories[0].pull[1].account"),
        ("grant-service-unknown", "repositories[0].push[0].service"),
    }
    assert any(place == "repositories[0].lifecycle" for _, place in found)


@pytest.mark.parametrize(
    ("make", "places"),
    [
        (lambda: FleetRepository(name="Shop", group=3), ["name", "group"]),
        (lambda: FleetRepository(name="a${Token[X.1]}"), ["name"]),
        (lambda: FleetRepository(name="shop/api", kind=3), ["kind"]),
        (lambda: FleetKind(group="shop", lifecycle="x", pull="partner"), ["lifecycle", "pull"]),
        (lambda: FleetKind(push=[3], scan_on_push="no"), ["push[0]", "scan_on_push"]),
        (lambda: FleetKind(removal="retain", encryption="KMS"), ["encryption", "removal"]),
        (
            lambda: FleetKind(encryption=Encryption.AES_256, encryption_key=KEY),
            ["encryption_key"],
        ),
        (lambda: FleetKind(encryption_key=7), ["encryption_key"]),
        (lambda: FleetKind(tags={"a": "", "b": "x"}), ["tags.a"]),
        (lambda: FleetKind(tags="team"), ["tags"]),
        (lambda: FleetKind(mutable_tags=7), ["mutable_tags"]),
        (lambda: FleetGroup(shards=True), ["shards"]),
        (lambda: FleetEnvironment(account="1", region="Ireland"), ["account", "region"]),
        (lambda: FleetPrincipal.role("builder"), ["role"]),
        (lambda: FleetPrincipal.service("lambda"), ["service"]),
        (lambda: FleetPrincipal.service("ecs-tasks.amazonaws.com"), ["service"]),
        (lambda: FleetPrincipal.organization("acme"), ["organization"]),
        (lambda: FleetPrincipal(kind="account", value="222222222222x"), ["kind"]),
        (FleetTrust, ["manifest"]),
        (lambda: FleetTrust.of_service("lambda.amazonaws.com"), ["service"]),
        (
            lambda: FleetTrust(principal=FleetPrincipal.organization("o-aaaaaaaaaa")),
            ["organization"],
        ),
        (lambda: FleetRole(group="shop", trust="ci", role_name="a b"), ["role_name", "trust"]),
    ],
)
def test_a_value_that_is_wrong_is_refused_where_it_is_made(make, places):
    with pytest.raises(InvalidInputError) as caught:
        make()
    assert [finding.property for finding in caught.value.findings] == places


def test_lists_are_taken_where_tuples_are_kept() -> None:
    kind = FleetKind(
        lifecycle=[expire_untagged(after_days=3)], pull=["partner"], mutable_tags=["latest"]
    )
    assert kind.lifecycle == (expire_untagged(after_days=3),)
    assert kind.pull == ("partner",)
    assert kind.mutable_tags is not None
    assert kind.mutable_tags.patterns == ("latest",)
