"""PublicRepository: images for everybody, in the Amazon ECR Public Gallery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..model.account.identifiers import AccountMatch, compare_accounts
from ..model.deferred import flatten
from ..model.errors import GrantError
from ..model.registry.public.access import PUSH, outside_account, token_statement
from ..model.registry.public.catalog import RepositoryCatalogData
from ..model.registry.public.policy import check_public_statement
from ..model.registry.public.repository import (
    check_public_name,
    check_public_region,
    check_public_removal,
)
from ..model.repository.options import check_instances
from ..model.repository.removal import METADATA_KEY, Removal
from ..model.repository.tags import check_resource_tags
from ._jsii import check, refuse, show, stack_of

if TYPE_CHECKING:
    from .repository.types import Grantee

__all__ = ["PublicRepository"]


class PublicRepository(Construct):
    """A repository of Amazon ECR Public: everybody may pull, and only who is granted to may push.

    It is made in us-east-1, from where AWS serves it everywhere, and kept when it leaves the stack.
    It has no scan, no encryption of your own, no immutable tags and no lifecycle: ECR Public has
    none of them.

    ECR refuses, and so does this construct, what CloudFormation's schema lets through: a name of
    more than 205 characters, every Region but us-east-1, and statements of a policy with resources,
    without a principal or with actions that ECR Public does not have.
    Badges that the gallery does not show cannot be said (:class:`RepositoryCatalogData` has those
    it shows).

    https://docs.aws.amazon.com/AmazonECR/latest/public/public-repositories.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository_name: str | None = None,
        catalog_data: RepositoryCatalogData | None = None,
        policy_statements: Sequence[iam.PolicyStatement] | None = None,
        tags: Mapping[str, str] | None = None,
        removal: Removal | None = None,
    ) -> None:
        """Make the repository.

        :param repository_name: 2 to 205 characters, shown behind the alias of your registry.
            Default: CloudFormation makes up a name, which nobody can remember.
        :param catalog_data: what the gallery shows. Default: the name alone.
        :param policy_statements: statements of the repository policy, without resources, with
            actions of ``ecr-public``: for principals of other accounts, which log in with an
            identity policy of their own. Default: no repository policy.
        :param tags: resource tags. Default: those of the stack and the app.
        :param removal: what happens when the repository leaves the stack: ``Removal.retain()`` or
            ``Removal.delete_when_empty(reason=...)``. Default: it stays.
        :raises InvalidInputError: where ECR Public would refuse an argument, or is not.
        :raises GrantError: where a statement would have no effect or let everybody push.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-publicrepository.html
        """
        place = check_public_region(stack_of(scope).region)
        kept = removal or Removal.retain()
        check(
            [
                *place,
                *(check_public_name(repository_name) if repository_name is not None else ()),
                *(
                    check_instances("catalog_data", [catalog_data], RepositoryCatalogData)
                    if catalog_data is not None
                    else ()
                ),
                *check_instances("policy_statements", policy_statements, iam.PolicyStatement),
                *(check_resource_tags(tags) if tags is not None else ()),
                *check_instances("removal", [kept], Removal),
                *(check_public_removal(kept) if isinstance(kept, Removal) else ()),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        show(place, self)
        statements = [self._checked(statement) for statement in policy_statements or ()]
        self._resource = ecr.CfnPublicRepository(
            self,
            "Resource",
            repository_name=repository_name,
            repository_catalog_data=None if catalog_data is None else catalog_data.to_json(),
            repository_policy_text=iam.PolicyDocument(statements=statements)
            if statements
            else None,
        )
        self._resource.apply_removal_policy(
            cdk.RemovalPolicy.DESTROY if kept.deletes else cdk.RemovalPolicy.RETAIN
        )
        if kept.reason is not None:
            self._resource.add_metadata(METADATA_KEY, {"reason": kept.reason})
        for tag, value in (tags or {}).items():
            cdk.Tags.of(self).add(tag, value)

    @property
    def repository_name(self) -> str:
        """The name of the repository, without the alias of the registry."""
        return self._resource.ref

    @property
    def repository_arn(self) -> str:
        """The ARN of the repository."""
        return self._resource.attr_arn

    def grant_push(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee push images: ``docker push`` from start to end, logging in included.

        :param grantee: a role, user or group of this account, or a construct with a role.
        :raises GrantError: for whoever has no identity policy of this account.

        https://docs.aws.amazon.com/AmazonECR/latest/public/docker-push-ecr-image.html
        """
        principal: Any = getattr(grantee, "grant_principal", grantee)
        account = getattr(principal, "principal_account", None)
        own = cdk.Stack.of(self).account
        kinds = ("role_arn", "user_arn", "group_arn")
        is_identity = any(getattr(principal, kind, None) is not None for kind in kinds)
        if not is_identity or compare_accounts(own, account or own) is AccountMatch.OTHER:
            refuse([outside_account(str(principal))], self, error=GrantError)
        grant = iam.Grant.add_to_principal(
            grantee=principal, actions=list(PUSH), resource_arns=[self.repository_arn]
        )
        token = token_statement()
        iam.Grant.add_to_principal(
            grantee=principal, actions=list(token.actions), resource_arns=["*"]
        )
        return grant

    def _checked(self, statement: iam.PolicyStatement) -> iam.PolicyStatement:
        said = flatten(cdk.Stack.of(self).resolve(statement.to_statement_json()))
        findings = check_public_statement(cast("Mapping[str, object]", said))
        refuse(findings, self, error=GrantError)
        show(findings, self)
        return statement
