"""The statements of a data perimeter.

They deny; what they leave alone still needs a grant. Each is shaped as AWS's own examples for
resource control policies are, so that AWS services go on to work:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...errors import raise_dangers
from ...iam.actions import Access
from .checks import check_perimeter

__all__ = ["NETWORK_ACTIONS", "Perimeter"]

NETWORK_ACTIONS: Final = tuple(
    sorted(
        {
            *Access.PULL_PUSH.actions,
            *Access.DELETE.actions,
            "ecr:DescribeImages",
            "ecr:ListImages",
        }
    )
)
"""What is asked for from a network of yours alone: the images, in and out.

Settings are left out: CloudFormation writes them from AWS's network with a role of yours, and a
Deny would lock it, and with it you, out of the repository.
"""
# AWS asks with these roles from its own network: replication, filling the cache, scanning.
_SERVICE_LINKED = "arn:{partition}:iam::*:role/aws-service-role/*"


@dataclass(frozen=True, kw_only=True)
class Perimeter:
    """Who is inside: organizations, accounts, and networks by their VPC endpoints.

    Principals are inside by their organization OR their account; the account of the repository is
    always inside. Where VPC endpoints are named, images may be pulled and pushed through those
    alone.

    :raises InvalidInputError: where an id cannot be one, or nothing is named.
    """

    organizations: Sequence[str] = ()
    """Organizations whose accounts are inside (``o-...``). By default none."""
    accounts: Sequence[str] = ()
    """Accounts inside, beside the repository's own. By default none."""
    vpc_endpoints: Sequence[str] = ()
    """The endpoints (``vpce-...`` of ``ecr.api`` and ``ecr.dkr``) that images pass. By default the
    network does not matter."""
    exempt_roles: Sequence[str] = ()
    """ARNs (with ``*``) of roles that AWS services use from their own network: the service role of
    a CodeBuild project outside a VPC, the role of an ECR-to-ECR cache. By default none; the
    service-linked roles of AWS need not be named."""

    def __post_init__(self) -> None:
        # Lists are what people write; tuples keep the value hashable.
        for option in ("organizations", "accounts", "vpc_endpoints", "exempt_roles"):
            given = getattr(self, option)
            object.__setattr__(self, option, tuple(given) if isinstance(given, list) else given)
        raise_dangers(
            check_perimeter(
                organizations=self.organizations,
                accounts=self.accounts,
                vpc_endpoints=self.vpc_endpoints,
                exempt_roles=self.exempt_roles,
            )
        )

    def statements(
        self, *, partition: str, account: str, resources: tuple[str, ...] = ()
    ) -> tuple[dict[str, object], ...]:
        """The statements for a repository policy; with resources, for a registry policy.

        :param partition: the partition of the repository.
        :param account: its account, which is inside whatever the perimeter says.
        :param resources: the repositories, as a registry policy names them. Default: none, as a
            repository policy must have it.
        """
        found = []
        if self.organizations or self.accounts:
            found += [self._identities(account), self._services(account)]
        if self.vpc_endpoints:
            found.append(self._networks(partition))
        if not resources:
            return tuple(found)
        return tuple(_about(statement, resources) for statement in found)

    def _identities(self, account: str) -> dict[str, object]:
        return _deny(
            "PerimeterIdentities",
            ("ecr:*",),
            {
                "StringNotEqualsIfExists": self._inside(account, "Principal"),
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        )

    def _services(self, account: str) -> dict[str, object]:
        # A service that says for whom it acts must act for somebody inside; one that does not say
        # so (the key is missing) is left to the statement that grants.
        return _deny(
            "PerimeterServices",
            ("ecr:*",),
            {
                "StringNotEqualsIfExists": self._inside(account, "Source"),
                "Null": {"aws:SourceAccount": "false"},
                "Bool": {"aws:PrincipalIsAWSService": "true"},
            },
        )

    def _networks(self, partition: str) -> dict[str, object]:
        exempt = [_SERVICE_LINKED.format(partition=partition), *self.exempt_roles]
        return _deny(
            "PerimeterNetworks",
            NETWORK_ACTIONS,
            {
                "StringNotEqualsIfExists": {"aws:SourceVpce": list(self.vpc_endpoints)},
                "BoolIfExists": {
                    "aws:PrincipalIsAWSService": "false",
                    "aws:ViaAWSService": "false",
                },
                "ArnNotLikeIfExists": {"aws:PrincipalArn": exempt},
            },
        )

    def _inside(self, account: str, whose: str) -> dict[str, object]:
        inside: dict[str, object] = {}
        if self.organizations:
            inside[f"aws:{whose}OrgID"] = list(self.organizations)
        inside[f"aws:{whose}Account"] = list(dict.fromkeys((account, *self.accounts)))
        return inside


def _deny(
    sid: str, actions: tuple[str, ...], conditions: dict[str, dict[str, object]]
) -> dict[str, object]:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Condition": conditions,
    }


def _about(statement: dict[str, object], resources: tuple[str, ...]) -> dict[str, object]:
    conditions = statement.pop("Condition")
    resource = resources[0] if len(resources) == 1 else list(resources)
    return {**statement, "Resource": resource, "Condition": conditions}
