"""Principals of the repository's own account."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from constructs import Construct

from ecr_constructs.constructs.repository.types import Grantee
from embedded_aws.account import Account

from .accounts import OWNER
from .callers import Principal
from .deployment import Deployment
from .estate import Estate
from .grants import Grant
from .judgement import NOTHING, Expected
from .kinds import AdoptingKind, Kind


class Role(Kind):
    name = "role"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        role = iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal())
        estate.note((self.name, grant.method, "role"), role)
        return role

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        role = deployment.role(self.name, grant.method, "role")
        yield Expected(role, grant.gives, grant.token)


class RoleOfAnotherStack(Role):
    name = "role of another stack"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return super().grantee(estate, Construct(estate.second, self.called(grant)), grant)


class RoleOnAdoptedRepository(AdoptingKind, Role):
    name = "role on an adopted repository"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        role = Construct(estate.second, f"{self.called(grant)}-role")
        return super().grantee(estate, role, grant)


class ImportedRole(Kind):
    """A role that was there before, whose policies the app may write to."""

    name = "imported role"
    writable = True

    def prepare(self, owner: Account, grant: Grant) -> None:
        owner.create_role(self.called(grant))

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        arn = f"arn:aws:iam::{OWNER}:role/{self.called(grant)}"
        return iam.Role.from_role_arn(scope, "Role", arn, mutable=self.writable)

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        owner, name = deployment.owner, self.called(grant)
        credentials = owner.aws.assume_role(owner.role_arn(name), owner.root)
        role = Principal.of(owner, name, credentials)
        yield Expected(role, grant.gives, grant.token and self.writable)


class ImportedRoleReadOnly(ImportedRole):
    """The repository's policy names it; nobody can let it log in, and a warning says so."""

    name = "imported role without updates"
    writable = False


class User(Kind):
    name = "user"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        user = iam.User(scope, "User")
        estate.note((self.name, grant.method, "user"), user)
        return user

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        user = deployment.user(deployment.physical_ids[self.name, grant.method, "user"])
        yield Expected(user, grant.gives, grant.token)


class Group(Kind):
    name = "group"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        group = iam.Group(scope, "Group")
        estate.note((self.name, grant.method, "group"), group)
        return group

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        client = deployment.owner.client("iam")
        member, outsider = (f"{grant.method}-{suffix}" for suffix in ("member", "outsider"))
        for name in (member, outsider):
            client.create_user(UserName=name)
        group = deployment.physical_ids[self.name, grant.method, "group"]
        client.add_user_to_group(GroupName=group, UserName=member)
        yield Expected(deployment.user(member), grant.gives, grant.token)
        yield Expected(deployment.user(outsider), NOTHING, token=False, tried=grant.gives)


class CodeBuildProject(Kind):
    """A construct that has a role."""

    name = "CodeBuild project"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        build_spec = codebuild.BuildSpec.from_object({"version": "0.2"})
        project = codebuild.Project(scope, "Project", build_spec=build_spec)
        assert isinstance(project.role, iam.Role)
        estate.note((self.name, grant.method, "role"), project.role)
        return project

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        role = deployment.service_role(
            self.name, grant.method, "role", service="codebuild.amazonaws.com"
        )
        yield Expected(role, grant.gives, grant.token)


INSIDE: tuple[Kind, ...] = (
    Role(),
    RoleOfAnotherStack(),
    RoleOnAdoptedRepository(),
    ImportedRole(),
    ImportedRoleReadOnly(),
    User(),
    Group(),
    CodeBuildProject(),
)
