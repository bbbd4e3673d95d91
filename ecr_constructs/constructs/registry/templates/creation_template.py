"""RepositoryCreationTemplate: what ECR gives the repositories that it makes itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Union, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from ....model.errors import EcrConstructsError
from ....model.lifecycle import LifecycleRule
from ....model.registry.prefix import beginning
from ....model.registry.templates.access import check_made_on_push
from ....model.registry.templates.role import (
    ECR,
    check_creation_role,
    creation_statements,
    creation_trust,
    key_statement,
    needs_creation_role,
)
from ....model.registry.templates.template import (
    check_creation_template,
    check_template_tags,
)
from ....model.registry.templates.uses import (
    AppliedFor,
    check_mutability,
    check_uses,
    default_mutability,
)
from ....model.repository.encryption import Encryption, check_encryption, encryption_type
from ....model.repository.lifecycle import DEFAULT_LIFECYCLE, check_lifecycle, lifecycle_text
from ....model.repository.mutability import MutableTags
from ....model.repository.options import check_construct, check_instances
from ..._jsii import check, path_below, refuse, show
from ...repository.key import key_of
from ..pull_through.neighbours import CacheNeighbours
from ..singletons import address_of, claim, kept_by_app
from .policy_text import policy_text
from .pushed import PushedRepositories

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from ....model.findings import Finding
    from ...image_key import ImageKey
    from ...repository.types import Grantee

__all__ = ["RepositoryCreationTemplate"]


class RepositoryCreationTemplate(Construct):
    """The settings of repositories that ECR makes: for a cache, for replicas, or on push.

    As a ``SecureRepository`` has them: encryption said explicitly, images without a tag expire
    after 14 days. Tags are immutable for repositories made on push; in a cache and in a replica
    they may move, since they follow another registry, where the old image would stay for ever
    behind a tag that has moved there.

    A template changes nothing that exists. For a name the longest prefix counts, so a template may
    lie inside another. A push to a name without a repository fails where no template is for it.

    ECR refuses, and so does this construct, what CloudFormation's schema lets through: KMS or
    resource tags without a role (then it would make no repository; one is made here), a role of
    another account, dual-layer encryption outside AWS GovCloud (US), a key of another Region, a
    prefix twice in a registry, and lifecycle policies and repository policies as for a repository.
    Excluded tags beside a mutability without exclusions, or the reverse, cannot be said.
    Immutable tags for a cache are a warning, for replicas a note.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        prefix: str,
        applied_for: Sequence[AppliedFor],
        description: str | None = None,
        encryption: Encryption | None = None,
        encryption_key: Union[kms.IKey, kms.Key, ImageKey, None] = None,
        mutable_tags: MutableTags | Sequence[str] | None = None,
        lifecycle: Sequence[LifecycleRule] | None = None,
        policy_statements: Sequence[iam.PolicyStatement] | None = None,
        resource_tags: Mapping[str, str] | None = None,
        role: Union[iam.IRole, iam.Role, None] = None,
    ) -> None:
        """Make the template.

        :param prefix: the names that it is for: ``prod`` is every name that begins with ``prod/``.
            ``ROOT`` is every name without a template of its own.
        :param applied_for: when it applies, at least one :class:`AppliedFor`.
        :param description: at most 256 characters. Default: none.
        :param encryption: a member of :class:`Encryption`. Default: AES256, or KMS where an
            ``encryption_key`` is given.
        :param encryption_key: a customer key in the Region of the registry. Default: none.
        :param mutable_tags: as for a ``SecureRepository``. Default: all tags where the template is
            for a cache or for replicas, else none.
        :param lifecycle: which images expire or are archived; ``[]`` for none. Default: untagged
            images expire 14 days after they were pushed, and nothing else does.
        :param policy_statements: statements of the repository policy, without resources. Default:
            no repository policy.
        :param resource_tags: tags of the repositories. Default: none.
        :param role: a role of this account with which ECR makes the repositories. Default: one is
            made where ECR needs it, for KMS and for resource tags.
        :raises InvalidInputError: where ECR would refuse an argument, or make no repository.
        :raises GrantError: where a statement would have no effect or let strangers in.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repositorycreationtemplate.html
        """
        registry = address_of(scope)
        key = key_of(encryption_key, scope, id)
        key_arn = None if key is None else key.key_arn
        rules = DEFAULT_LIFECYCLE if lifecycle is None else lifecycle
        check(
            [
                *check_creation_template(prefix=prefix, description=description),
                *check_uses(applied_for),
                *check_encryption(
                    encryption,
                    has_key=key is not None,
                    key_arn=key_arn,
                    region=registry.region,
                ),
                *(check_lifecycle(rules) if lifecycle is not None else ()),
                *check_instances("policy_statements", policy_statements, iam.PolicyStatement),
                *(check_template_tags(resource_tags) if resource_tags is not None else ()),
                *(_check_role(role, registry.account) if role is not None else ()),
            ],
            scope,
            id,
        )
        uses = tuple(applied_for)
        mutable = _mutable_tags(mutable_tags, uses, scope, id)
        super().__init__(scope, id)
        claim(self, "AWS::ECR::RepositoryCreationTemplate", key=prefix)
        show(check_mutability(uses, mutable), self)
        kind = encryption_type(encryption, has_key=key is not None)
        has_tags = bool(resource_tags)
        if has_tags and AppliedFor.PULL_THROUGH_CACHE in uses:
            kept_by_app(self, CacheNeighbours).add_tagging(registry, prefix)
        if role is None and needs_creation_role(encryption=kind, has_tags=has_tags):
            role = self._creation_role(uses, prefix, kind, key_arn, has_tags=has_tags)
        ecr.CfnRepositoryCreationTemplate(
            self,
            "Resource",
            prefix=prefix,
            applied_for=[use.value for use in uses],
            description=description,
            encryption_configuration=None
            if kind is None
            else ecr.CfnRepositoryCreationTemplate.EncryptionConfigurationProperty(
                encryption_type=kind, kms_key=key_arn
            ),
            image_tag_mutability=mutable.mode,
            image_tag_mutability_exclusion_filters=_exclusions(mutable),
            lifecycle_policy=lifecycle_text(rules),
            repository_policy=policy_text(self, policy_statements or ()),
            resource_tags=[
                cdk.CfnTag(key=tag, value=value) for tag, value in (resource_tags or {}).items()
            ]
            or None,
            custom_role_arn=None if role is None else role.role_arn,
        )
        self._role = role
        self._uses = uses
        self._has_tags = has_tags
        self._prefix = prefix
        self._repositories: PushedRepositories | None = None

    @property
    def role(self) -> iam.IRole | None:
        """The role with which ECR makes the repositories; None where it needs none."""
        return self._role

    def grant_push(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee push under the prefix, and so make the repositories that are not there.

        That is what a push needs, ``ecr:CreateRepository``, and ``ecr:TagResource`` where the
        template tags. Pushing does not include reading what was pushed.

        :param grantee: a role, user or group, or a construct with a role; of another account by
            the registry policy as well, which needs a ``RegistryPolicy``.
        :raises InvalidInputError: where the template does not apply on push.
        :raises GrantError: where nothing could take effect.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
        """
        refuse(check_made_on_push(self._uses), self)
        if self._repositories is None:
            self._repositories = PushedRepositories(
                self,
                "Repositories",
                registry=address_of(self),
                prefix=self._prefix,
                repository_name=f"{beginning(self._prefix)}*",
            )
            self._repositories.has_tags = self._has_tags
        return self._repositories.grant_push(grantee)

    def _creation_role(
        self,
        uses: Sequence[AppliedFor],
        prefix: str,
        kind: str | None,
        key_arn: str | None,
        *,
        has_tags: bool,
    ) -> iam.Role:
        stack = cdk.Stack.of(self)
        place = f"arn:{stack.partition}:ecr:{stack.region}:{stack.account}:repository"
        statements = [
            *creation_statements(uses, resource=f"{place}/{beginning(prefix)}*", has_tags=has_tags)
        ]
        if needs_creation_role(encryption=kind, has_tags=False):
            statements.append(
                key_statement(
                    key_arn=key_arn,
                    partition=stack.partition,
                    region=stack.region,
                    account=stack.account,
                )
            )
        return iam.Role(
            self,
            "Role",
            description="Amazon ECR makes repositories by a creation template",
            assumed_by=iam.ServicePrincipal(
                ECR, conditions=cast("Mapping[str, object]", creation_trust(stack.account))
            ),
            inline_policies={
                "CreateRepositories": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement.from_json(statement.to_json())
                        for statement in statements
                    ]
                )
            },
        )


def _mutable_tags(
    value: MutableTags | Sequence[str] | None,
    uses: Sequence[AppliedFor],
    scope: Construct,
    construct_id: str,
) -> MutableTags:
    if value is None:
        return default_mutability(uses)
    try:
        return MutableTags.of(value)
    except EcrConstructsError as refusal:
        path = path_below(scope, construct_id)
        raise type(refusal)(refusal.findings, construct_path=path) from None


def _exclusions(
    mutable: MutableTags,
) -> list[ecr.CfnRepositoryCreationTemplate.ImageTagMutabilityExclusionFilterProperty] | None:
    return [
        ecr.CfnRepositoryCreationTemplate.ImageTagMutabilityExclusionFilterProperty(
            image_tag_mutability_exclusion_filter_type="WILDCARD",
            image_tag_mutability_exclusion_filter_value=pattern,
        )
        for pattern in mutable.patterns
    ] or None


def _check_role(role: Union[iam.IRole, iam.Role], account: str) -> tuple[Finding, ...]:
    fix = "write iam.Role.from_role_arn(self, 'Role', ...)"
    stranger = check_construct("role", role, "role_arn", noun="a role", fix=fix)
    return stranger or check_creation_role(role.role_arn, account=account)
