"""Other stacks use repositories of a fleet by name, and entries name roles of other stacks."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from ecr_constructs import (
    EcrConstructsError,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetMode,
    FleetPrincipal,
    FleetRepository,
    FleetStage,
    GrantError,
    RepositoryFleet,
    RepositoryReferenceError,
)
from ecr_constructs.model.fleet.placing import repository_logical_id

from .fleets import plain, written

SHOP = cdk.Environment(account="111111111111", region="eu-west-1")
OTHER = cdk.Environment(account="222222222222", region="eu-west-1")
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/n-4"


def artifact(app: cdk.App, name: str) -> Any:
    return app.synth().get_stack_by_name(name)


def policy(app: cdk.App, name: str) -> list[dict[str, Any]]:
    template = artifact(app, "Fleet-shop-1").template
    properties = template["Resources"][repository_logical_id(name)]["Properties"]
    return properties.get("RepositoryPolicyText", {}).get("Statement", [])


@pytest.mark.parametrize("mode", FleetMode)
def test_a_role_of_another_stack(flags, mode):
    app = cdk.App(context=flags)
    fleet = RepositoryFleet(app, "Fleet", manifest=plain(), env=SHOP, mode=mode)
    user = cdk.Stack(app, "User", env=SHOP)
    role = iam.Role(user, "Role", assumed_by=iam.AccountRootPrincipal())
    fleet.repository("shop/n-4").grant_pull(role)
    made = artifact(app, "User")
    assert ARN in json.dumps(made.template)
    assert "Fn::ImportValue" not in json.dumps(made.template)
    assert [each.stack_name for each in user.dependencies] == ["Fleet-shop-1"]
    # Within the account the role's own policy is enough.
    assert policy(app, "shop/n-4") == []


def test_policies_of_any_repository_in_any_order(flags, tmp_path):
    """A repository with another policy is no longer like those that it was like."""

    def touch(app: cdk.App, stage: cdk.Stage, fleet: RepositoryFleet) -> None:
        for number, name in enumerate(("web/n-1", "tools/n-2", "shop/n-0", "web/n-22")):
            account = iam.AccountPrincipal(f"33333333333{number}")
            fleet.repository(name).grant_pull(account)
        cdk.Tags.of(fleet).add("team", "platform", priority=101)

    fast = written(FleetMode.FAST, tmp_path / "fast", touch=touch, context=flags)
    full = written(FleetMode.FULL_TREE, tmp_path / "full", touch=touch, context=flags)
    assert fast == full
    assert "333333333333" in str(fast)


@pytest.mark.parametrize("mode", FleetMode)
def test_what_needs_the_policy_of_the_repository(flags, mode):
    app = cdk.App(context=flags)
    fleet = RepositoryFleet(app, "Fleet", manifest=plain(), env=SHOP, mode=mode)
    elsewhere = cdk.Stack(app, "Elsewhere", env=OTHER)
    role = iam.Role(elsewhere, "Role", role_name="r", assumed_by=iam.AccountRootPrincipal())
    # The first is a witness in fast mode, the other is not.
    for name in ("shop/n-0", "shop/n-4"):
        repository = fleet.repository(name)
        repository.grant_pull(role)
        repository.grant_pull(iam.AccountPrincipal("333333333333"))
        repository.grant_pull(iam.AccountPrincipal("333333333333"))
        repository.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
    for name in ("shop/n-0", "shop/n-4"):
        root, account, service = policy(app, name)
        assert root["Condition"] == {
            "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/r"}
        }
        assert account["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
        assert "aws:SourceArn" in json.dumps(service["Condition"])
    assert policy(app, "shop/n-5") == []


def test_a_function_of_its_image(app):
    fleet = RepositoryFleet(app, "Fleet", manifest=plain(), env=SHOP)
    user = cdk.Stack(app, "User", env=SHOP)
    code = lambda_.DockerImageCode.from_ecr(fleet.repository("shop/n-4"), tag_or_digest="v1")
    lambda_.DockerImageFunction(user, "Function", code=code)
    uri = json.dumps(artifact(app, "User").template)
    assert "111111111111.dkr.ecr.eu-west-1." in uri
    assert "/shop/n-4:v1" in uri
    assert policy(app, "shop/n-4")[0]["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_reference_is_refused_in_fast_mode_and_written_in_the_other(flags):
    def granted(mode: FleetMode) -> cdk.App:
        app = cdk.App(context=flags)
        fleet = RepositoryFleet(app, "Fleet", manifest=plain(), env=SHOP, mode=mode)
        roles = cdk.Stack(app, "Roles", env=SHOP)
        role = iam.Role(roles, "Role", assumed_by=iam.AccountRootPrincipal())
        fleet.repository("shop/n-4").add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ArnPrincipal(role.role_arn)], actions=["ecr:BatchGetImage"]
            )
        )
        return app

    with pytest.raises(GrantError, match="stands in the policy of shop/n-4 by a reference") as no:
        granted(FleetMode.FAST)
    assert "FULL_TREE" in no.value.fix
    assert "FnGetAttRole" in json.dumps(policy(granted(FleetMode.FULL_TREE), "shop/n-4"))


def test_a_statement_is_checked_as_everywhere(app):
    repository = RepositoryFleet(app, "Fleet", manifest=plain(), env=SHOP).repository("shop/n-4")
    with pytest.raises(EcrConstructsError, match=r"every AWS account|everybody"):
        repository.add_to_resource_policy(
            iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["ecr:BatchGetImage"])
        )
    accounts = [iam.AccountPrincipal(f"{number:012d}") for number in range(1, 400)]
    with pytest.raises(EcrConstructsError, match="characters long"):
        repository.add_to_resource_policy(
            iam.PolicyStatement(principals=accounts, actions=["ecr:BatchGetImage"])
        )
    assert policy(app, "shop/n-4") == []


def naming(arn: str) -> Fleet:
    return Fleet(
        repositories=(FleetRepository(name="a/b", group="shop", pull=(FleetPrincipal.role(arn),)),),
        groups={"shop": FleetGroup()},
    )


def test_an_entry_names_a_role_of_another_stack(app):
    """ECR refuses a policy that names a role which does not exist: its stack comes first."""
    roles = cdk.Stack(app, "Roles", env=SHOP)
    role = iam.Role(roles, "Role", role_name="puller", assumed_by=iam.AccountRootPrincipal())
    arn = "arn:aws:iam::111111111111:role/puller"
    fleet = RepositoryFleet(app, "Fleet", manifest=naming(arn), env=SHOP)
    fleet.add_stack_dependency(roles)
    # It is granted something by the app as well: no circle, for the name needs no order.
    fleet.repository("a/b").grant_push(role)
    app.synth()
    assert [each.stack_name for each in fleet.stacks["shop-1"].dependencies] == ["Roles"]
    assert not roles.dependencies
    assert policy(app, "a/b")[0]["Principal"] == {"AWS": arn}


def test_a_fleet_without_an_environment(app):
    fleet = RepositoryFleet(app, "Fleet", manifest=plain())
    agnostic = cdk.Stack(app, "Agnostic")
    fleet.repository("shop/n-4").grant_pull(
        iam.Role(agnostic, "Role", assumed_by=iam.AccountRootPrincipal())
    )
    known = cdk.Stack(app, "Known", env=SHOP)
    with pytest.raises(RepositoryReferenceError, match="does not say its account and Region"):
        fleet.repository("shop/n-4").grant_pull(
            iam.Role(known, "Role", assumed_by=iam.AccountRootPrincipal())
        )


def test_from_another_stage(app):
    there = {"prod": FleetEnvironment(account="111111111111", region="eu-west-1")}
    manifest = Fleet(repositories=plain().repositories, groups=plain().groups, environments=there)
    (stage,) = FleetStage.for_environments(app, manifest=manifest)
    assert list(stage.fleet.stacks) == ["shop-1"]
    user = cdk.Stack(app, "User", env=SHOP)
    role = iam.Role(user, "Role", assumed_by=iam.AccountRootPrincipal())
    stage.fleet.repository("shop/n-4").grant_pull(role)
    assert ARN in json.dumps(artifact(app, "User").template)
