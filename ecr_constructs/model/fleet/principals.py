"""Who pulls and who pushes, and whom a role of the fleet trusts, as a manifest names them.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .checks.principals import check_principal, check_trust
from .faults import nothing_wrong

if TYPE_CHECKING:
    from ..roles.oidc import GitHubRuns, GitLabJobs

__all__ = ["FleetPrincipal", "FleetPrincipalKind", "FleetTrust"]


class FleetPrincipalKind(str, enum.Enum):
    """Whom a principal of a manifest stands for; the value is its key in the manifest."""

    ACCOUNT = "account"
    """Everybody in an account whose own identity policies allow it."""
    ORGANIZATION = "organization"
    """Every account of an organization, likewise."""
    ORGANIZATIONAL_UNIT = "organizational_unit"
    """Every account of an organizational unit, likewise."""
    ROLE = "role"
    """One role that stands already, by its ARN."""
    SERVICE = "service"
    """A service that reads repository policies (Lambda, CodeBuild), for this account and Region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetPrincipal:
    """Somebody who may pull or push: made by one of the class methods.

    What each of them writes into the repository policy is what ``SecureRepository.grant_pull``
    writes for the same principal.
    """

    kind: FleetPrincipalKind
    """Whom it stands for."""
    value: str
    """The account id, organization id, path of the unit, ARN of the role or name of the service."""

    def __post_init__(self) -> None:
        nothing_wrong(check_principal(self))

    @classmethod
    def account(cls, account: str) -> FleetPrincipal:
        """Everybody in an account whose own identity policies allow it.

        :param account: twelve digits.
        """
        return cls(kind=FleetPrincipalKind.ACCOUNT, value=account)

    @classmethod
    def organization(cls, organization: str) -> FleetPrincipal:
        """Everybody in the accounts of an organization whose own identity policies allow it.

        :param organization: ``o-a1b2c3d4e5``.
        """
        return cls(kind=FleetPrincipalKind.ORGANIZATION, value=organization)

    @classmethod
    def organizational_unit(cls, path: str) -> FleetPrincipal:
        """Everybody in the accounts of a unit whose own identity policies allow it.

        :param path: ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*``, from the organization down.
        """
        return cls(kind=FleetPrincipalKind.ORGANIZATIONAL_UNIT, value=path)

    @classmethod
    def role(cls, arn: str) -> FleetPrincipal:
        """One role that stands already: its own policy must let it log in.

        A role of another account need not exist when the fleet is deployed; one of the account
        of the repositories, or of a fleet that does not say its account, must.

        :param arn: ``arn:PARTITION:iam::ACCOUNT:role/NAME``.
        """
        return cls(kind=FleetPrincipalKind.ROLE, value=arn)

    @classmethod
    def service(cls, service: str) -> FleetPrincipal:
        """A service that reads repository policies, for this account and Region alone.

        :param service: ``lambda.amazonaws.com`` or ``codebuild.amazonaws.com``.
        """
        return cls(kind=FleetPrincipalKind.SERVICE, value=service)


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetTrust:
    """Who may assume a role of the fleet: made by one of the class methods.

    Exactly one of the fields is set. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
    """

    service: str | None = None
    """A service that pulls with a role of yours. Default: none."""
    principal: FleetPrincipal | None = None
    """An account or a role. Default: none."""
    github: GitHubRuns | None = None
    """Workflow runs of GitHub Actions. Default: none."""
    gitlab: GitLabJobs | None = None
    """Jobs of GitLab CI/CD. Default: none."""

    def __post_init__(self) -> None:
        nothing_wrong(check_trust(self))

    @classmethod
    def of_service(cls, service: str) -> FleetTrust:
        """A service that pulls with a role, for this account alone where the service says whose.

        :param service: ``ecs-tasks.amazonaws.com``, ``eks-fargate-pods.amazonaws.com`` or
            ``ec2.amazonaws.com``.
        """
        return cls(service=service)

    @classmethod
    def of_account(cls, account: str) -> FleetTrust:
        """Everybody in an account whose own identity policies allow to assume the role.

        :param account: twelve digits.
        """
        return cls(principal=FleetPrincipal.account(account))

    @classmethod
    def of_role(cls, arn: str) -> FleetTrust:
        """One role that stands already.

        :param arn: ``arn:PARTITION:iam::ACCOUNT:role/NAME``.
        """
        return cls(principal=FleetPrincipal.role(arn))

    @classmethod
    def of_github(cls, runs: GitHubRuns) -> FleetTrust:
        """Workflow runs of GitHub Actions; the account must have GitHub's identity provider.

        :param runs: which runs of which GitHub repository.

        https://docs.github.com/en/actions/reference/security/oidc
        """
        return cls(github=runs)

    @classmethod
    def of_gitlab(cls, jobs: GitLabJobs) -> FleetTrust:
        """Jobs of GitLab CI/CD; the account must have the identity provider of that GitLab.

        :param jobs: which jobs of which project.

        https://docs.gitlab.com/ci/cloud_services/aws/
        """
        return cls(gitlab=jobs)
