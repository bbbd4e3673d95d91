"""RepositoryShare: other accounts and organizations pull or push, with both halves of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.deferred import is_deferred
from ...model.errors import GrantError, RepositoryReferenceError
from ...model.iam.actions import Access
from ...model.iam.grants import repository_not_writable
from ...model.repository.options import check_access, check_selection
from ...model.sharing.sharees import (
    Sharees,
    identity_policy_text,
    identity_statements,
    not_literal,
)
from .._jsii import check, path_of, refuse, stack_of
from ..repository.arns import arn_in
from ..roles.task_images import whereabouts_of

if TYPE_CHECKING:
    from ...model.iam.statement import Statement
    from ..repository.types import RepositoryLike

__all__ = ["RepositoryShare"]


class RepositoryShare(Construct):
    """Repositories shared with other accounts, organizations or organizational units.

    Over accounts both sides must allow. The repositories' half is written to their policies. The
    other side's half is an identity policy over there: where the app has a stack of that account,
    :meth:`add_identity_policy` writes it; for the others the output ``IdentityPolicy`` of the
    repositories' stack is the document to hand over.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repositories: Sequence[RepositoryLike],
        accounts: Sequence[str] = (),
        organizations: Sequence[str] = (),
        organizational_units: Sequence[str] = (),
        access: Access = Access.PULL,
    ) -> None:
        """Share the repositories.

        :param repositories: repositories of this app, whose policies it may write.
        :param accounts: the ids of accounts, strings of 12 digits. Default: none.
        :param organizations: the ids of organizations (``o-a1b2c3d4e5``). Default: none.
        :param organizational_units: paths of units from the organization down
            (``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*``; with ``*`` the units below as well).
            Default: none.
        :param access: what the others may do. Default: ``Access.PULL``.
        :raises InvalidInputError: for what is no account, organization or unit, or nobody at all.
        :raises GrantError: where a repository's policy cannot be written, or ECR would refuse it.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
        """
        self._sharees = Sharees(
            accounts=accounts,
            organizations=organizations,
            organizational_units=organizational_units,
        )
        check(
            [
                *check_selection(repositories, verb="share"),
                *self._sharees.findings(),
                *check_access(access),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        self._repositories = tuple(repositories)
        self._access = access
        home = cdk.Stack.of(self)
        arns = [arn_in(repository, home, repository) for repository in self._repositories]
        for statement in self._sharees.statements(access, partition=home.partition):
            for repository in self._repositories:
                self._open(repository, statement)
        cdk.CfnOutput(
            self,
            "IdentityPolicy",
            description="What an identity policy in the other account must allow",
            value=identity_policy_text(access, arns),
        )

    def add_identity_policy(
        self, scope: Construct, id: str, *, managed_policy_name: str | None = None
    ) -> iam.ManagedPolicy:
        """Write the other side's half, as a managed policy to be attached to roles over there.

        The scope is in a stack of this app that deploys to an account of the share.

        :param managed_policy_name: its name. Default: CloudFormation makes one up.
        :raises GrantError: where that account has no share in the repositories.
        :raises RepositoryReferenceError: where a repository has no name that the other account's
            template could write.
        """
        account = stack_of(scope).account
        places = [whereabouts_of(repository) for repository in self._repositories]
        check(
            self._sharees.check_home_of_policy(
                None if is_deferred(account) else account, owner=places[0][0]
            ),
            scope,
            id,
            error=GrantError,
        )
        partition = cdk.Stack.of(self).partition
        arns = []
        for repository, (owner, region, name) in zip(self._repositories, places, strict=True):
            arn = f"arn:{partition}:ecr:{region}:{owner}:repository/{name}"
            if is_deferred(f"{region}{owner}{name}"):
                refuse([not_literal(path_of(repository))], self, error=RepositoryReferenceError)
            arns.append(arn)
        return iam.ManagedPolicy(
            scope,
            id,
            managed_policy_name=managed_policy_name,
            statements=[
                iam.PolicyStatement.from_json(statement.to_json())
                for statement in identity_statements(self._access, arns)
            ],
        )

    def _open(self, repository: RepositoryLike, statement: Statement) -> None:
        """Write the repository's half; one of CDK's own that cannot says so by doing nothing."""
        written = repository.add_to_resource_policy(
            iam.PolicyStatement.from_json(statement.to_json())
        )
        if not written.statement_added:
            refuse([repository_not_writable(statement)], self, error=GrantError)
