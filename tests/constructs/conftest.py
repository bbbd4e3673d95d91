"""One App serves many asserts: a test through jsii costs 30 to 100 ms."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

SHOP = ("111111111111", "eu-west-1")
OTHER = ("222222222222", "eu-west-1")


@pytest.fixture(scope="session")
def flags() -> dict[str, Any]:
    """The feature flags that a new CDK app has."""
    path = Path(__file__).parents[2] / "cdk.json"
    context: dict[str, Any] = json.loads(path.read_text())["context"]
    return context


@pytest.fixture
def app(flags: dict[str, Any]):
    """An App as `cdk init` makes it."""
    return cdk.App(context=flags)


@pytest.fixture
def stack(app):
    """A stack of the shop's account."""
    account, region = SHOP
    return cdk.Stack(app, "Shop", env=cdk.Environment(account=account, region=region))


Template = dict[str, Any]


def templates(app) -> dict[str, Template]:
    """Every template of the app, nested stages included, by stack name."""
    found = {}
    ahead = [app.synth()]
    while ahead:
        assembly = ahead.pop()
        for artifact in assembly.stacks:
            found[artifact.stack_name] = artifact.template
        ahead += [nested.nested_assembly for nested in assembly.nested_assemblies]
    return found


def resources(template: Template, kind: str) -> dict[str, Any]:
    """The resources of one type, by logical id."""
    return {
        logical_id: resource
        for logical_id, resource in template.get("Resources", {}).items()
        if resource["Type"] == kind
    }


def statements_of(template: Template) -> list[dict[str, Any]]:
    """Every statement of every IAM policy of the template."""
    return [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def repository_statements(template: Template) -> list[dict[str, Any]]:
    """Every statement of every repository policy of the template."""
    return [
        statement
        for repository in resources(template, "AWS::ECR::Repository").values()
        for statement in repository["Properties"]
        .get("RepositoryPolicyText", {})
        .get("Statement", [])
    ]


def actions(statements: list[dict[str, Any]]) -> set[str]:
    """The actions that the statements allow, all together."""
    found: set[str] = set()
    for statement in statements:
        listed = statement["Action"]
        found.update([listed] if isinstance(listed, str) else listed)
    return found


Build = Callable[..., Any]
