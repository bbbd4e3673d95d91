"""Principals that CDK has no class for."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from ..model.account.identifiers import check_organizational_unit_path
from ..model.errors import raise_dangers

__all__ = ["OrganizationalUnitPrincipal"]


class OrganizationalUnitPrincipal(iam.PrincipalWithConditions):
    """Every principal of the accounts of an organizational unit, for grants.

    It stands beside ``iam.OrganizationPrincipal`` and ``iam.AccountPrincipal``.
    """

    def __init__(self, path: str) -> None:
        """Name the unit.

        :param path: the path from the organization down,
            ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*``: with ``*`` the accounts of the units below
            it as well, without it those of the unit itself.
        :raises InvalidInputError: where it is not such a path.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
        """
        raise_dangers(check_organizational_unit_path(path))
        super().__init__(
            iam.StarPrincipal(), {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [path]}}
        )
