"""Every kind of principal that a grant can be given to, and who it then is for the evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam

from ecr_constructs import OrganizationalUnitPrincipal
from ecr_constructs.constructs.repository.types import Grantee

OWNER, OTHER, REGION = "111111111111", "222222222222", "eu-west-1"
ORGANIZATION = "o-a1b2c3d4e5"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"
INSIDE_UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"


@dataclass(frozen=True)
class Scopes:
    """Where the principals of a kind may be made."""

    owner: cdk.Stack
    neighbour: cdk.Stack
    other: cdk.Stack


@dataclass(frozen=True)
class Kind:
    """How a principal is made, how the report prints it, and what is known of its requests."""

    name: str
    make: Callable[[Scopes, str], Grantee]
    arn: str
    """With ``<name>`` for the name of the grant, ``<id>`` for one that CloudFormation makes up."""
    own_policies: bool = True
    """Whether all its identity policies are in the templates, the token's included."""
    token: bool = True
    context: Mapping[str, object] = field(default_factory=dict)
    at_home: bool = True
    adopts: bool = False
    """Whether the grant is one of the repository adopted by its name in another stack."""


def _role(scopes: Scopes, name: str) -> Grantee:
    return iam.Role(scopes.owner, name, assumed_by=iam.AccountRootPrincipal())


def _role_of_another_stack(scopes: Scopes, name: str) -> Grantee:
    return iam.Role(scopes.neighbour, name, assumed_by=iam.AccountRootPrincipal())


def _role_with_path(scopes: Scopes, name: str) -> Grantee:
    return iam.Role(
        scopes.owner, name, role_name=name, path="/ci/", assumed_by=iam.AccountRootPrincipal()
    )


def _user(scopes: Scopes, name: str) -> Grantee:
    return iam.User(scopes.owner, name)


def _user_with_name(scopes: Scopes, name: str) -> Grantee:
    return iam.User(scopes.owner, name, user_name=name)


def _group(scopes: Scopes, name: str) -> Grantee:
    return iam.Group(scopes.owner, name)


def _project(scopes: Scopes, name: str) -> Grantee:
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    return codebuild.Project(scopes.owner, name, build_spec=spec)


def _imported(scopes: Scopes, name: str) -> Grantee:
    return iam.Role.from_role_arn(scopes.owner, name, f"arn:aws:iam::{OWNER}:role/{name}")


def _imported_read_only(scopes: Scopes, name: str) -> Grantee:
    arn = f"arn:aws:iam::{OWNER}:role/{name}"
    return iam.Role.from_role_arn(scopes.owner, name, arn, mutable=False)


def _other_role(scopes: Scopes, name: str) -> Grantee:
    return iam.Role(scopes.other, name, role_name=name, assumed_by=iam.AccountRootPrincipal())


def _other_user(scopes: Scopes, name: str) -> Grantee:
    return iam.User(scopes.other, name, user_name=name)


def _other_imported(scopes: Scopes, name: str) -> Grantee:
    return iam.Role.from_role_arn(scopes.owner, name, f"arn:aws:iam::{OTHER}:role/{name}")


def _account(_: Scopes, __: str) -> Grantee:
    return iam.AccountPrincipal("333333333333")


def _organization(_: Scopes, __: str) -> Grantee:
    return iam.OrganizationPrincipal(ORGANIZATION)


def _unit(_: Scopes, __: str) -> Grantee:
    return OrganizationalUnitPrincipal(UNIT)


def _lambda(_: Scopes, __: str) -> Grantee:
    return iam.ServicePrincipal("lambda.amazonaws.com")


def _codebuild(_: Scopes, __: str) -> Grantee:
    return iam.ServicePrincipal("codebuild.amazonaws.com")


_OF_LAMBDA = f"arn:aws:lambda:{REGION}:{OWNER}:function:resize"
_OF_CODEBUILD = f"arn:aws:codebuild:{REGION}:{OWNER}:project/shop"

KINDS = (
    Kind("role", _role, f"arn:aws:iam::{OWNER}:role/<id>"),
    Kind("neighbour", _role_of_another_stack, f"arn:aws:iam::{OWNER}:role/<id>"),
    Kind("adopting", _role_of_another_stack, f"arn:aws:iam::{OWNER}:role/<id>", adopts=True),
    Kind("pathrole", _role_with_path, f"arn:aws:iam::{OWNER}:role/ci/<name>"),
    Kind("user", _user, f"arn:aws:iam::{OWNER}:user/<id>"),
    Kind("nameduser", _user_with_name, f"arn:aws:iam::{OWNER}:user/<name>"),
    Kind("group", _group, f"arn:aws:iam::{OWNER}:group/<id>"),
    Kind("project", _project, f"arn:aws:iam::{OWNER}:role/<id>"),
    Kind("imported", _imported, f"arn:aws:iam::{OWNER}:role/<name>"),
    Kind("readonly", _imported_read_only, f"arn:aws:iam::{OWNER}:role/<name>", token=False),
    Kind("otherrole", _other_role, f"arn:aws:iam::{OTHER}:role/<name>", at_home=False),
    Kind("otheruser", _other_user, f"arn:aws:iam::{OTHER}:user/<name>", at_home=False),
    Kind(
        "otherimported",
        _other_imported,
        f"arn:aws:iam::{OTHER}:role/<name>",
        own_policies=False,
        at_home=False,
    ),
    Kind(
        "account",
        _account,
        "arn:aws:iam::333333333333:root",
        own_policies=False,
        at_home=False,
    ),
    Kind(
        "organization",
        _organization,
        ORGANIZATION,
        own_policies=False,
        at_home=False,
    ),
    Kind(
        "unit",
        _unit,
        UNIT,
        own_policies=False,
        context={"aws:PrincipalOrgPaths": [INSIDE_UNIT]},
        at_home=False,
    ),
    Kind(
        "lambda",
        _lambda,
        "lambda.amazonaws.com",
        own_policies=False,
        context={"aws:SourceArn": _OF_LAMBDA, "aws:SourceAccount": OWNER},
    ),
    Kind(
        "codebuild",
        _codebuild,
        "codebuild.amazonaws.com",
        own_policies=False,
        context={"aws:SourceArn": _OF_CODEBUILD, "aws:SourceAccount": OWNER},
    ),
)
