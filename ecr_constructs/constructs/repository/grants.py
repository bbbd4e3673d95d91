"""The grants of a repository: what :class:`SecureRepository` and adopted ones share.

Within an account a grant is written to the identity policy of the role, user or group, over
accounts to both policies, and for services, accounts and organizations to the repository policy.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ...model.account.identifiers import AccountMatch, compare_accounts
from ...model.consumers.by_policy.service_consumer import ServiceConsumer
from ...model.deferred import flatten
from ...model.errors import EcrConstructsError, GrantError
from ...model.iam.actions import GET_AUTHORIZATION_TOKEN, Access, Wanted
from ...model.iam.grants import (
    IdentityKind,
    cross_account_statement,
    group_over_accounts,
    identity_not_writable,
    repository_side_missing,
    role_name_missing,
    token_missing,
)
from ...model.iam.services import service_pull
from ...model.iam.statement import Statement
from ...model.repository.options import check_grantee
from .._jsii import path_of, refuse, show
from .uris import RepositoryUris

if TYPE_CHECKING:
    from ...model.findings import Finding
    from .types import Grantee

__all__ = ["RepositoryGrants"]

_OWN_IDENTITIES = (iam.Role, iam.User, iam.Group, iam.LazyRole)


class RepositoryGrants(RepositoryUris):
    """Grants and URIs, checked. CDK's own constructs call the same methods."""

    _refusal: EcrConstructsError | None = None

    # --- grants -----------------------------------------------------------------------------

    def grant_pull(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee pull images: ``docker pull`` from start to end, logging in included.

        :param grantee: a role, user or group; a construct with a role (a CodeBuild project, say);
            :class:`LambdaFunctions`, :class:`CodeBuildProjects` and
            :class:`EmrServerlessApplications`, which are pulled for by the repository policy, or
            ``iam.ServicePrincipal`` of such a service, limited to the functions, projects or
            applications of the repository's account and Region;
            ``iam.AccountPrincipal``, ``iam.OrganizationPrincipal`` or
            ``OrganizationalUnitPrincipal``, whose own identity policies must allow the rest.
        :raises GrantError: where nothing could take effect; what is missing is in the message.
        :raises InvalidInputError: for what is nobody, an ARN alone say.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
        """
        return self._grant_access(grantee, Access.PULL)

    def grant_push(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee push images: ``docker push`` from start to end, logging in included.

        Pushing does not include reading what was pushed. ``grantee`` as in :meth:`grant_pull`.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
        """
        return self._grant_access(grantee, Access.PUSH)

    def grant_pull_push(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee pull and push images. ``grantee`` as in :meth:`grant_pull`."""
        return self._grant_access(grantee, Access.PULL_PUSH)

    def grant_read(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee read names, tags, digests, resource tags and scan findings, no content.

        ``grantee`` as in :meth:`grant_pull`.
        """
        return self._grant_access(grantee, Access.READ)

    def grant_delete(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee delete images. ``grantee`` as in :meth:`grant_pull`."""
        return self._grant_access(grantee, Access.DELETE)

    def grant_admin(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee change every setting of the repository, its policy included.

        It does not include deleting the repository or its images; but whoever may write the
        repository policy can give themselves more. ``grantee`` as in :meth:`grant_pull`.
        """
        return self._grant_access(grantee, Access.ADMIN)

    def grant(self, grantee: Grantee, *actions: str) -> iam.Grant:
        """Let the grantee do these actions on the repository, for what no other grant has.

        :param grantee: as in :meth:`grant_pull`.
        :param actions: actions of ECR on a repository (``ecr:DeleteRepository``).
        :raises GrantError: for an action that ECR does not know, or that knows no repository.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        """
        # Imported when asked for: few apps name single actions, and all would pay for the module.
        from ...model.repository.policy.document import check_granted_actions  # noqa: PLC0415

        refuse(check_granted_actions(actions), self, error=GrantError)
        return self._grant(grantee, Wanted(actions=tuple(actions)))

    # --- how --------------------------------------------------------------------------------

    @abstractmethod
    def _arn_seen_from(self, consumer: cdk.Stack, user: cdk.IResource) -> str:
        """The ARN as a policy in the consumer's stack writes it."""

    @abstractmethod
    def whereabouts(self) -> tuple[str, str, str]:
        """Account, Region and name, each literal where it is known."""

    @abstractmethod
    def _account(self) -> str:
        """The account of the repository, perhaps deferred."""

    @abstractmethod
    def _home(self) -> cdk.Stack | None:
        """The stack whose principals are of the repository's account for sure."""

    def _grant_by_policy(self, grantee: iam.IPrincipal, wanted: Wanted) -> iam.Grant:
        """Grant to a principal that only the repository policy can name."""
        self._refusal = None
        try:
            return iam.Grant.add_to_principal_or_resource(
                grantee=grantee,
                actions=list(wanted.actions),
                resource_arns=[self.repository_arn],
                resource_self_arns=[],
                resource=self,
            )
        except RuntimeError:
            # jsii keeps the text of what add_to_resource_policy raised and loses its type.
            if self._refusal is None:
                raise
            findings = [replace(entry, property="grantee") for entry in self._refusal.findings]
        refuse(findings, self, error=GrantError)
        raise AssertionError(findings)

    def _grant_access(self, grantee: Grantee, access: Access) -> iam.Grant:
        actions: tuple[str, ...] = access.actions
        if access is Access.PULL:
            # A role that ECS starts tasks with asks for one action more, on both sides of a grant.
            actions = getattr(grantee, "pull_actions", actions)
            if isinstance(grantee, iam.ServicePrincipal):
                actions = service_pull(grantee.service)
        return self._grant(grantee, Wanted(actions=actions, needs_token=access.needs_token))

    def _grant(self, grantee: Grantee, wanted: Wanted) -> iam.Grant:
        if isinstance(grantee, ServiceConsumer):
            return self._grant_service(grantee, wanted)
        refuse(check_grantee(grantee), self)
        if isinstance(grantee, _OWN_IDENTITIES):
            return self._grant_identity(grantee, wanted, own=True)
        principal: Any = grantee.grant_principal
        if isinstance(principal, _OWN_IDENTITIES):
            return self._grant_identity(principal, wanted, own=True)
        if isinstance(principal, iam.PrincipalBase) or _kind_of(principal) is None:
            from .other_side import tell_other_side  # noqa: PLC0415 - few grants are for accounts

            grant = self._grant_by_policy(principal, wanted)
            tell_other_side(self, principal, wanted)
            return grant
        return self._grant_identity(principal, wanted, own=False)

    def _grant_service(self, consumer: ServiceConsumer, wanted: Wanted) -> iam.Grant:
        """Grant to a service, and to the account of what it pulls for where that is another one."""
        # Imported when asked for: few apps have such a grant.
        from ..consumers.services import principals_of  # noqa: PLC0415

        account, region, _ = self.whereabouts()
        first, *others = principals_of(consumer, wanted, self, account=account, region=region)
        grant = self._grant_by_policy(first, wanted)
        for principal in others:
            grant = grant.combine(self._grant_by_policy(principal, wanted))
        return grant

    def _grant_identity(self, identity: Any, wanted: Wanted, *, own: bool) -> iam.Grant:
        consumer = cdk.Stack.of(identity)
        arn = self._arn_seen_from(consumer, identity)
        statement: Statement | None = None
        if consumer is not self._home() or not own:
            statement = self._repository_side(identity, wanted, own=own)
        grant = iam.Grant.add_to_principal(
            grantee=identity, actions=list(wanted.actions), resource_arns=[arn]
        )
        token = Statement(actions=(GET_AUTHORIZATION_TOKEN,), resources=("*",))
        if wanted.needs_token:
            iam.Grant.add_to_principal(
                grantee=identity, actions=list(token.actions), resource_arns=["*"]
            )
        if statement is not None:
            self._add_repository_side(statement)
        if not own and not _took(identity):
            return self._grant_read_only_identity(identity, wanted, arn, token)
        return grant

    def _grant_read_only_identity(
        self, identity: Any, wanted: Wanted, arn: str, token: Statement
    ) -> iam.Grant:
        """An imported identity whose policy this app may not write."""
        missing = [Statement(actions=wanted.actions, resources=(arn,))]
        grant = None
        if _kind_of(identity) is not IdentityKind.GROUP and self._same_account(identity):
            # Within the account the repository policy alone is enough, for all but logging in.
            grant = self._grant_by_policy(
                iam.ArnPrincipal(identity.role_arn if _is_role(identity) else identity.user_arn),
                wanted,
            )
            missing = []
        path = path_of(identity)
        findings: list[Finding] = [
            identity_not_writable(path, self._said(entry)) for entry in missing
        ]
        if wanted.needs_token:
            findings.append(token_missing(path, self._said(token)))
        show(findings, self)
        return grant or iam.Grant.drop(identity, "the identity policy is not of this app")

    def _same_account(self, identity: Any) -> bool:
        account = getattr(identity, "principal_account", None)
        return compare_accounts(self._account(), account) is AccountMatch.SAME

    def _repository_side(self, identity: Any, wanted: Wanted, *, own: bool) -> Statement | None:
        """The half of the repository policy that a principal of another account needs."""
        account = getattr(identity, "principal_account", None)
        match = compare_accounts(self._account(), account)
        if match is AccountMatch.SAME or account is None:
            return None
        kind = _kind_of(identity)
        if kind is IdentityKind.GROUP:
            if match is AccountMatch.UNKNOWN:
                return None
            refuse([group_over_accounts(path_of(identity))], self, error=GrantError)
        arn = _literal_arn(identity, account) if own else None
        if arn is None:
            arn = identity.user_arn if kind is IdentityKind.USER else identity.role_arn
            if match is AccountMatch.OTHER and own:
                self._require_name(identity, arn)
            elif own:
                # Said, not written: a name that CloudFormation makes up is a name of its own stack.
                arn = str(flatten(cdk.Stack.of(identity).resolve(arn)))
        statement = cross_account_statement(
            wanted.actions, partition=self.stack.partition, account=account, principal_arn=arn
        )
        if match is AccountMatch.UNKNOWN:
            reason = "the stack of the repository or of the principal does not say its account"
            show([repository_side_missing(self._said(statement), reason=reason)], self)
            return None
        return statement

    def _said(self, statement: Statement) -> object:
        """A statement as the template would have it, for whoever must write it elsewhere."""
        return flatten(self.stack.resolve(statement.to_json()))

    def _require_name(self, identity: Any, arn: str) -> None:
        """Refuse a role or user whose ARN cannot be said here: CloudFormation makes up its name."""
        try:
            self.stack.resolve(arn)
        except RuntimeError:
            refuse([role_name_missing(path_of(identity))], self, error=GrantError)

    def _add_repository_side(self, statement: Statement) -> None:
        self.add_to_resource_policy(iam.PolicyStatement.from_json(statement.to_json()))


def _kind_of(principal: Any) -> IdentityKind | None:
    for kind in IdentityKind:
        if getattr(principal, f"{kind.value}_arn", None) is not None:
            return kind
    return None


def _is_role(principal: Any) -> bool:
    return _kind_of(principal) is IdentityKind.ROLE


def _literal_arn(identity: Any, account: str) -> str | None:
    """The ARN of a role or user of this app, where its name is written in the template."""
    resource = identity.node.default_child
    stack = cdk.Stack.of(identity)
    if isinstance(resource, iam.CfnRole):
        kind, name = IdentityKind.ROLE, stack.resolve(resource.role_name)
    elif isinstance(resource, iam.CfnUser):
        kind, name = IdentityKind.USER, stack.resolve(resource.user_name)
    else:
        return None
    path = stack.resolve(resource.path) or "/"
    if not isinstance(name, str) or not isinstance(path, str):
        return None
    return f"arn:{stack.partition}:iam::{account}:{kind.value}{path}{name}"


def _took(identity: Any) -> bool:
    """Whether an imported identity took a statement; CDK says so of those that drop it, too."""
    return any(isinstance(child, iam.Policy) for child in identity.node.children)
