"""Principals of other accounts, and AWS services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from ecr_constructs import OrganizationalUnitPrincipal
from ecr_constructs.constructs.repository.types import Grantee

from .accounts import (
    BELOW_UNIT,
    BESIDE_UNIT,
    EVERYTHING,
    IN_UNIT,
    ORGANIZATION,
    OTHER,
    OUTSIDE,
    OWNER,
    REGION,
    STRANGER,
    UNIT,
    Outside,
)
from .deployment import Deployment
from .estate import Estate
from .grants import Grant
from .judgement import NOTHING, Expected
from .kinds import Kind

if TYPE_CHECKING:
    from constructs import Construct


class NamedRole(Kind):
    """A role with a name in a stack of another account: the grant writes both halves."""

    name = "role of another account"
    named = True

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return self.role(estate, grant)

    def role(self, estate: Estate, grant: Grant) -> iam.Role:
        role = iam.Role(
            estate.other,
            self.called(grant),
            role_name=self.called(grant),
            assumed_by=iam.AccountRootPrincipal(),
        )
        estate.note((self.name, grant.method, "role"), role)
        return role

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        role = deployment.role(self.name, grant.method, "role", account=deployment.world.other)
        yield Expected(role, grant.gives, grant.token)
        yield from self.bystanders(deployment, grant)

    def bystanders(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        """The rest of the account, though it may do all of ECR at home."""
        near = deployment.world.outsiders[IN_UNIT]
        for caller in (near.everything, near.root):
            yield Expected(caller, NOTHING, token=True, tried=grant.gives)


class NamedRoleWithMore(NamedRole):
    """Its own account lets it do all of ECR, so that the repository's half alone decides."""

    name = "role of another account with more at home"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        role = self.role(estate, grant)
        role.add_to_policy(iam.PolicyStatement.from_json(EVERYTHING))
        return role

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        role = deployment.role(self.name, grant.method, "role", account=deployment.world.other)
        yield Expected(role, grant.gives, token=True)


class NamedUser(NamedRole):
    name = "user of another account"

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        name = self.called(grant)
        user = iam.User(estate.other, name, user_name=name)
        estate.note((self.name, grant.method, "user"), user)
        return user

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        user = deployment.user(self.called(grant), account=deployment.world.other)
        yield Expected(user, grant.gives, grant.token)
        yield from self.bystanders(deployment, grant)


class Accounts(Kind):
    """Many accounts at once: those that are granted it still need their own half."""

    granted: tuple[Outside, ...]

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        outsiders = deployment.world.outsiders
        first = outsiders[self.granted[0]]
        yield Expected(first.everything, grant.gives, token=True)
        yield Expected(first.root, grant.gives, token=True, tried=grant.gives)
        yield Expected(first.login, NOTHING, token=True, tried=grant.gives)
        for outside in OUTSIDE:
            if outside is not self.granted[0]:
                gives = grant.gives if outside in self.granted else NOTHING
                caller = outsiders[outside].everything
                yield Expected(caller, gives, token=True, tried=grant.gives)
        yield Expected(outsiders[STRANGER].root, NOTHING, token=True, tried=grant.gives)


class Account(Accounts):
    name = "account"
    granted = (IN_UNIT,)

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return iam.AccountPrincipal(OTHER)


class Organization(Accounts):
    name = "organization"
    granted = (IN_UNIT, BELOW_UNIT, BESIDE_UNIT)

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return iam.OrganizationPrincipal(ORGANIZATION)


class Unit(Accounts):
    """An organizational unit, as the end of its path says which accounts are meant."""

    def __init__(self, name: str, end: str, granted: tuple[Outside, ...]) -> None:
        self.name = name
        self.granted = granted
        self._end = end

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return OrganizationalUnitPrincipal(f"{UNIT}{self._end}")


class Service(Kind):
    """A service that reads the repository's policy, for functions or projects of the account."""

    def __init__(self, name: str, service: str, resource: str) -> None:
        self.name = name
        self._service = service
        self._resource = resource

    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        return iam.ServicePrincipal(self._service)

    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        own = deployment.service(
            self._service, source_account=OWNER, source_arn=self._arn(REGION, OWNER)
        )
        yield Expected(own, grant.gives, token=True)
        for service, account, arn in (
            (self._service, OTHER, self._arn(REGION, OTHER)),
            (self._service, OWNER, self._arn("us-east-1", OWNER)),
            (self._service, None, None),
            ("s3.amazonaws.com", OWNER, self._arn(REGION, OWNER)),
        ):
            caller = deployment.service(service, source_account=account, source_arn=arn)
            yield Expected(caller, NOTHING, token=True, tried=grant.gives)

    def _arn(self, region: str, account: str) -> str:
        service = self._service.partition(".")[0]
        return f"arn:aws:{service}:{region}:{account}:{self._resource}"


OUTSIDE_KINDS: tuple[Kind, ...] = (
    NamedRole(),
    NamedRoleWithMore(),
    NamedUser(),
    Account(),
    Organization(),
    Unit("unit and those below", "*", (IN_UNIT, BELOW_UNIT)),
    Unit("unit alone", "", (IN_UNIT,)),
    Unit("units below alone", "ou-*", (BELOW_UNIT,)),
    Service("lambda", "lambda.amazonaws.com", "function:resize"),
    Service("codebuild", "codebuild.amazonaws.com", "project/build"),
)
