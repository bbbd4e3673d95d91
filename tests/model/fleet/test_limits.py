"""ECR's, IAM's and CloudFormation's limits name the first entry that is beyond them."""

from __future__ import annotations

import json

import pytest

from ecr_constructs import (
    Encryption,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetOptions,
    FleetPrincipal,
    FleetRepository,
    FleetRole,
    FleetTrust,
    ManifestError,
    keep_last,
)
from ecr_constructs.model.fleet.meaning.properties import RepositoryResources
from ecr_constructs.model.fleet.meaning.roles import RoleResources
from ecr_constructs.model.fleet.placing import shards_of
from tests.model.fleet.fleets import KEY

GROUPS = {"shop": FleetGroup()}


def _named(amount, **options):
    return tuple(
        FleetRepository(name=f"shop/service-{number}", group="shop", **options)
        for number in range(amount)
    )


def _problem(**parts):
    with pytest.raises(ManifestError) as caught:
        Fleet(**parts)
    (problem,) = caught.value.problems
    return problem


def _accounts(amount):
    return tuple(FleetPrincipal.account(f"{number:012d}") for number in range(1, amount + 1))


def test_a_stack_takes_499_and_the_500th_is_named_with_the_way_out() -> None:
    assert len(Fleet(repositories=_named(499), groups=GROUPS).repositories) == 499
    problem = _problem(repositories=_named(501), groups=GROUPS)
    assert problem.finding.code == "fleet-stack-full"
    assert problem.path == ("repositories", 499)
    assert problem.finding.given == "shop/service-499"
    assert "'shop-2'" in problem.finding.fix
    assert "Leave the shards of 'shop' as they are" in problem.finding.fix


def test_the_way_out_works_and_moves_nothing() -> None:
    before = Fleet(repositories=_named(499), groups=GROUPS)
    late = FleetRepository(name="shop/late", group="shop-2")
    after = Fleet(
        repositories=(*before.repositories, late), groups={**GROUPS, "shop-2": FleetGroup()}
    )
    assert shards_of(after)["shop-1"] == shards_of(before)["shop-1"]
    assert shards_of(after)["shop-2-1"].repositories == (late,)


def test_roles_take_places_in_a_stack_too() -> None:
    role = FleetRole(group="shop", trust=FleetTrust.of_account("222222222222"))
    problem = _problem(repositories=_named(499), groups=GROUPS, roles={"reader": role})
    assert problem.path == ("repositories", 498)


def test_a_template_of_a_million_bytes_names_the_entry_that_is_too_much() -> None:
    kind = FleetKind(group="shop", pull=_accounts(120), push=_accounts(20))
    entries = tuple(
        FleetRepository(name=f"shop/service-{number}", kind="wide") for number in range(400)
    )
    problem = _problem(repositories=entries, groups=GROUPS, kinds={"wide": kind})
    assert problem.finding.code == "fleet-stack-full"
    assert "1000000 bytes" in problem.finding.allowed
    (_, index) = problem.path
    resources = RepositoryResources(
        Fleet(repositories=entries[:2], groups=GROUPS, kinds={"wide": kind}), FleetEnvironment()
    )
    one = len(json.dumps(resources.resource(entries[0]), separators=(",", ":")))
    # What stands around the resources is reserved, so it is a little sooner than by these alone.
    assert 1_000_000 / one - 3 < index <= 1_000_000 / one


@pytest.mark.parametrize(
    "environment",
    [FleetEnvironment(), FleetEnvironment(account="111111111111", region="us-east-1")],
)
def test_the_size_of_a_template_is_counted_as_it_is_written(environment) -> None:
    tags = {"team": "shop", "caf\u00e9": "cr\u00e8me"}
    entry = FleetRepository(
        name="shop/api", group="shop", tags=tags, pull=_accounts(3), mutable_tags=["latest"]
    )
    fleet = Fleet(repositories=(entry,), groups=GROUPS)
    resources = RepositoryResources(fleet, environment)
    written = len(json.dumps(resources.resource(entry), separators=(",", ":")))
    assert written <= resources.shared(entry).size + 2 * len(entry.name) + 200
    assert resources.shared(entry).size <= written


def test_a_policy_that_is_too_long_names_who_is_the_first_too_many_where_it_is_said() -> None:
    most = _most_accounts()
    assert Fleet(
        repositories=(FleetRepository(name="shop/api", group="shop", pull=_accounts(most)),),
        groups=GROUPS,
    )
    entry = FleetRepository(name="shop/api", group="shop", pull=_accounts(most + 20))
    problem = _problem(repositories=(entry,), groups=GROUPS)
    assert problem.finding.code == "fleet-policy-too-long"
    assert problem.path == ("repositories", 0, "pull", most)
    kind = FleetKind(group="shop", pull=_accounts(most + 20))
    entries = tuple(FleetRepository(name=f"shop/s{number}", kind="wide") for number in range(9))
    problem = _problem(repositories=entries, groups=GROUPS, kinds={"wide": kind})
    assert problem.path == ("kinds", "wide", "pull", most)


def _most_accounts():
    """How many accounts a policy takes, by its own text."""
    return next(amount for amount in range(200, 500) if _policy_length(amount + 1) > 10_240)


def _policy_length(accounts):
    entry = FleetRepository(name="shop/api", group="shop", pull=_accounts(accounts))
    fleet = Fleet(repositories=(), groups=GROUPS)
    document = RepositoryResources(fleet, FleetEnvironment()).properties(entry)
    text = json.dumps(document["RepositoryPolicyText"], separators=(",", ":"))
    # A reference counts as one character: nobody knows yet how long its value is.
    text = text.replace('{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},"', '"arn:x')
    return len(text.replace(':root"]]}', ':root"'))


def test_a_role_that_may_do_too_much_names_the_entry_that_is_too_much() -> None:
    role = FleetRole(group="shop", trust=FleetTrust.of_service("ecs-tasks.amazonaws.com"))
    entries = _named(300, pull=("runner",))
    problem = _problem(repositories=entries, groups=GROUPS, roles={"runner": role})
    assert problem.finding.code == "fleet-role-policy-too-long"
    _, index = problem.path
    fits = Fleet(repositories=entries[:index], groups=GROUPS, roles={"runner": role})
    assert RoleResources(fits, FleetEnvironment()).policy_size("runner") <= 10_240


def test_what_is_too_much_everywhere_is_told_once() -> None:
    environments = {
        name: FleetEnvironment(account="111111111111", region=name)
        for name in ("eu-west-1", "eu-west-2", "eu-central-1")
    }
    problem = _problem(repositories=_named(501), groups=GROUPS, environments=environments)
    assert "in environment 'eu-west-1'" in problem.finding.message


def test_a_key_of_another_region_is_told_for_the_environment() -> None:
    entry = FleetRepository(name="shop/api", group="shop", encryption_key=KEY)
    places = {
        "near": FleetEnvironment(account="111111111111", region="eu-west-1"),
        "far": FleetEnvironment(account="111111111111", region="us-east-1"),
    }
    problem = _problem(repositories=(entry,), groups=GROUPS, environments=places)
    assert problem.finding.code == "encryption-key-region"
    assert "in environment 'far'" in problem.finding.message
    far = FleetEnvironment(
        account="111111111111",
        region="us-east-1",
        overrides=FleetOptions(encryption=Encryption.KMS),
    )
    assert Fleet(repositories=(entry,), groups=GROUPS, environments={**places, "far": far})


def test_a_lifecycle_that_is_too_long_names_its_entry() -> None:
    rules = tuple(keep_last(5, tags=f"v{number}-*", description="x" * 700) for number in range(45))
    problem = _problem(
        repositories=(FleetRepository(name="shop/api", group="shop", lifecycle=rules),),
        groups=GROUPS,
    )
    assert problem.finding.code == "lifecycle-text-too-long"
    assert problem.path == ("repositories", 0, "lifecycle")
