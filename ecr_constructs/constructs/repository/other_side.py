"""What a grant to accounts or organizations leaves to them, said ready to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from ...model.account.identifiers import AccountMatch, compare_accounts
from ...model.deferred import flatten
from ...model.iam.grants import identity_side_left
from ...model.sharing.sharees import identity_statements
from .._jsii import show
from ..principals import OrganizationalUnitPrincipal

if TYPE_CHECKING:
    from ...model.iam.actions import Wanted
    from .grants import RepositoryGrants

__all__ = ["tell_other_side"]

_DECIDE_THEMSELVES = (
    iam.AccountPrincipal,
    iam.OrganizationPrincipal,
    OrganizationalUnitPrincipal,
)


def tell_other_side(
    repository: RepositoryGrants, principal: iam.IPrincipal, wanted: Wanted
) -> None:
    """Show, as a note, the statements that identity policies of the other accounts need.

    The repository's policy opens the door; within the own account that is enough.
    """
    account, region, name = repository.whereabouts()
    if not isinstance(principal, _DECIDE_THEMSELVES) or _is_own(principal, account):
        return
    stack = repository.stack
    arn = f"arn:{stack.partition}:ecr:{region}:{account}:repository/{name}"
    statements = [
        flatten(stack.resolve(statement.to_json()))
        for statement in identity_statements(wanted, [arn])
    ]
    show([identity_side_left(statements)], repository)


def _is_own(principal: iam.IPrincipal, account: str) -> bool:
    """Whether it is the repository's own account, whose roles need no other side."""
    if isinstance(principal, iam.AccountRootPrincipal):
        return True
    return (
        isinstance(principal, iam.AccountPrincipal)
        and compare_accounts(str(principal.account_id), account) is AccountMatch.SAME
    )
