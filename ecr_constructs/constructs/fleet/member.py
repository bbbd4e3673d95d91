"""A repository of a fleet, as other stacks use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.deferred import flatten, is_deferred
from ...model.errors import EcrConstructsError, GrantError, RepositoryReferenceError
from ...model.fleet.merging.findings import reference_inside, unknown_environment
from ...model.fleet.merging.references import references_in
from ...model.repository.policy.document import check_policy_size
from .._jsii import path_of, refuse, top_level
from ..repository.grants import RepositoryGrants
from ..repository.policy import PolicyWriter
from .order import deploy_after

if TYPE_CHECKING:
    from constructs import Construct

    from .stacks import RepositoryPolicy

__all__ = ["MemberRepository"]


class MemberRepository(RepositoryGrants, ecr.RepositoryBase):
    """A repository of a fleet, for whatever else takes a repository; ``fleet.repository`` makes it.

    Its name and ARN are literal. A stack that is granted something is deployed after the stack of
    the repository. What a grant needs in the repository's own policy is written there.
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, policy: RepositoryPolicy, home: cdk.Stack
    ) -> None:
        """``fleet.repository(name)`` makes it; nobody else needs to.

        :param name: its name in the manifest.
        :param policy: its policy, where the fleet keeps it.
        :param home: its stack.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
        """
        self._name = name
        self._policy_of_member = policy
        self._writer = PolicyWriter()
        self._stack_of_member = home
        self._placed = (home.account, home.region, home.partition)
        super().__init__(scope, id)

    @property
    def repository_arn(self) -> str:
        """The ARN of the repository."""
        account, region, partition = self._placed
        return f"arn:{partition}:ecr:{region}:{account}:repository/{self._name}"

    @property
    def repository_name(self) -> str:
        """The name of the repository."""
        return self._name

    def add_to_resource_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement to the policy of the repository, behind those of the manifest.

        A statement for a service without a condition on its source is limited to this account and
        Region.

        :param statement: principals, actions and conditions, no resources.
        :raises GrantError: where the statement would have no effect, would be refused by ECR, or
            would let every AWS account in; and, in fast mode, where it has a reference.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
        """
        try:
            if self._writer.admit(statement, self):
                self._add(statement)
        except EcrConstructsError as refusal:
            self._refusal = refusal
            raise
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)

    def _add(self, statement: iam.PolicyStatement) -> None:
        written = cast("dict[str, object]", statement.to_statement_json())
        resolved = cast("dict[str, object]", self._stack_of_member.resolve(written))
        policy = self._policy_of_member
        statements = policy.statements()
        if resolved in statements:
            return
        sizes = [cast("Mapping[str, object]", flatten(each)) for each in (*statements, resolved)]
        refuse(check_policy_size(sizes), self, error=GrantError)
        reference = next(references_in(resolved), None)
        if reference is not None and not policy.takes_references:
            refuse([reference_inside(reference, repository=self._name)], self, error=GrantError)
        policy.write([*statements, resolved if reference is None else written])

    # --- what grants and URIs ask -----------------------------------------------------------

    def _arn_seen_from(self, consumer: cdk.Stack, user: cdk.IResource) -> str:
        home = self._stack_of_member
        deployed = top_level(consumer)
        if deployed is home:
            return self.repository_arn
        if is_deferred(self._placed[0]) and home.environment != deployed.environment:
            finding = unknown_environment(self._name, path_of(user))
            refuse([finding], self, error=RepositoryReferenceError)
        deploy_after(deployed, home, reason="it uses repositories of the fleet")
        return self.repository_arn

    def _uri_base(self) -> str:
        account, region, _ = self._placed
        return f"{account}.dkr.ecr.{region}.{cdk.Aws.URL_SUFFIX}/{self._name}"

    def whereabouts(self) -> tuple[str, str, str]:
        """Account, Region and name, each literal where it is known."""
        account, region, _ = self._placed
        return account, region, self._name

    def _account(self) -> str:
        return self._placed[0]

    def _home(self) -> cdk.Stack:
        return self._stack_of_member
