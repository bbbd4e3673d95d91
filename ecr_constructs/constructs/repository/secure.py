"""SecureRepository: an ``ecr.Repository`` that is safe without an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.errors import EcrConstructsError
from ...model.findings import Finding
from ...model.lifecycle import LifecycleRule
from ...model.repository.encryption import Encryption, check_encryption, encryption_type
from ...model.repository.lifecycle import (
    DEFAULT_LIFECYCLE,
    check_lifecycle,
    check_may_expire,
    rule_of_cdk,
)
from ...model.repository.mutability import MutableTags
from ...model.repository.name import check_repository_name, taken_by_cdk
from ...model.repository.options import check_flag, check_instances
from ...model.repository.removal import METADATA_KEY, Removal
from ...model.repository.tags import check_resource_tags
from .._jsii import check, path_below, show
from .adopted.adoption import Adoption
from .grants import RepositoryGrants
from .key import key_of
from .lifecycle import RepositoryLifecycle
from .reach import Reach

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ..image_key import ImageKey
    from .policy import PolicyWriter

__all__ = ["SecureRepository"]


class SecureRepository(Adoption, RepositoryGrants, ecr.Repository):
    """An ECR repository that is safe without an option.

    Images are scanned on push, encrypted (AES256, said explicitly), their tags immutable; images
    without a tag expire after 14 days and nothing else does; the repository and its images stay
    when the stack is deleted or the repository replaced.

    It is an ``aws_cdk.aws_ecr.Repository`` with the same logical ids: every CDK construct that
    takes a repository takes it, and an app that made it with the plain class can swap the class
    (with ``encryption=Encryption.AS_DEPLOYED``, and ``may_expire`` where its lifecycle can take
    images that it refers to) without replacing anything.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository_name: str | None = None,
        encryption: Encryption | None = None,
        encryption_key: Union[kms.IKey, kms.Key, ImageKey, None] = None,
        mutable_tags: MutableTags | Sequence[str] | None = None,
        lifecycle: Sequence[LifecycleRule] | None = None,
        may_expire: Sequence[str] | None = None,
        scan_on_push: bool = True,
        policy_statements: Sequence[iam.PolicyStatement] | None = None,
        tags: Mapping[str, str] | None = None,
        removal: Removal | None = None,
    ) -> None:
        """Make the repository.

        :param repository_name: 2 to 256 characters as ECR takes them, ``a--b`` and ``a__b``
            included. Default: CloudFormation makes up a name. Only a repository with a name can be
            used from another environment or Stage.
        :param encryption: a member of :class:`Encryption`; it cannot be changed later without a
            replacement. Default: AES256, or KMS where an ``encryption_key`` is given.
        :param encryption_key: a customer key (an :class:`ImageKey`, a ``kms.Key``, or an imported
            one of this or another account) in the Region of the repository. Default: no customer
            key.
        :param mutable_tags: the tags that may be moved to another image: a list of tags and
            patterns (``["latest", *COSIGN_TAGS]``) or a :class:`MutableTags`. Default: none.
        :param lifecycle: which images expire or are archived; ``[]`` for none. Default: untagged
            images expire 14 days after they were pushed, and nothing else does. Rules that can
            take an image that this app refers to are refused (see ``may_expire``).
        :param may_expire: tags, patterns as ``mutable_tags`` takes them, or digests, whose images
            may expire although this app refers to them (``["*"]`` for all). Default: none, so
            asking for the URI of an image that a rule can take is an error.
        :param scan_on_push: whether each pushed image is scanned. Default: True. A scanning
            configuration of the registry, where there is one, decides instead.
        :param policy_statements: statements of the repository policy, without resources. Default:
            no repository policy until a grant needs one.
        :param tags: resource tags. Default: those of the stack and the app.
        :param removal: what happens when the repository leaves the stack. Default: the repository
            and its images stay (``Removal.retain()``).
        :raises InvalidInputError: where ECR would refuse an argument.
        :raises GrantError: where a statement would have no effect or let strangers in.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
        """
        key = key_of(encryption_key, scope, id)
        key_arn = None if key is None else key.key_arn
        rules = DEFAULT_LIFECYCLE if lifecycle is None else lifecycle
        traps = check_lifecycle(rules) if lifecycle is not None else ()
        check(
            [
                *(check_repository_name(repository_name) if repository_name is not None else ()),
                *_check_encryption(scope, encryption, key_arn),
                *traps,
                *(check_may_expire(may_expire) if may_expire is not None else ()),
                *check_flag("scan_on_push", scan_on_push),
                *check_instances("policy_statements", policy_statements, iam.PolicyStatement),
                *(check_resource_tags(tags) if tags is not None else ()),
                *(check_instances("removal", [removal], Removal) if removal is not None else ()),
            ],
            scope,
            id,
        )
        mutable = _mutable_tags(mutable_tags, scope, id)
        kept = removal or Removal.retain()
        self._given_name = repository_name
        self._policy: PolicyWriter | None = None
        self._native_arn: str | None = None
        self._written_uri: str | None = None
        cdk_takes_it = repository_name is None or taken_by_cdk(repository_name)
        super().__init__(
            scope,
            id,
            repository_name=(
                repository_name if cdk_takes_it else cdk.PhysicalName.GENERATE_IF_NEEDED
            ),
            image_scan_on_push=scan_on_push,
            image_tag_mutability=None if mutable.patterns else ecr.TagMutability(mutable.mode),
            removal_policy=(
                cdk.RemovalPolicy.DESTROY if kept.deletes else cdk.RemovalPolicy.RETAIN
            ),
            empty_on_delete=True if kept.empties else None,
        )
        self._reach = Reach(self, repository_name)
        resource = cast("ecr.CfnRepository", self.node.default_child)
        if not cdk_takes_it:
            resource.repository_name = repository_name
        kind = encryption_type(encryption, has_key=key is not None)
        if kind is not None:
            resource.encryption_configuration = ecr.CfnRepository.EncryptionConfigurationProperty(
                encryption_type=kind, kms_key=key_arn
            )
        if mutable.patterns:
            resource.image_tag_mutability = mutable.mode
            resource.image_tag_mutability_exclusion_filters = [
                ecr.CfnRepository.ImageTagMutabilityExclusionFilterProperty(
                    image_tag_mutability_exclusion_filter_type="WILDCARD",
                    image_tag_mutability_exclusion_filter_value=pattern,
                )
                for pattern in mutable.patterns
            ]
        self._lifecycle = RepositoryLifecycle(
            self,
            resource,
            rules,
            mutable_tags=mutable.rest_is_mutable or bool(mutable.patterns),
            may_expire=may_expire or (),
        )
        show(traps, self)
        if kept.reason is not None:
            resource.add_metadata(METADATA_KEY, {"reason": kept.reason})
        for tag, value in (tags or {}).items():
            cdk.Tags.of(self).add(tag, value)
        for statement in policy_statements or ():
            self.add_to_resource_policy(statement)

    # --- policy and lifecycle ---------------------------------------------------------------

    def add_to_resource_policy(
        self, statement: iam.PolicyStatement
    ) -> iam.AddToResourcePolicyResult:
        """Add a statement to the repository policy.

        A statement for a service without a condition on its source is limited to this account and
        Region, so that nobody else can make the service read the repository (the confused deputy).

        :param statement: principals, actions and conditions, no resources.
        :raises GrantError: where the statement would have no effect, would be refused by ECR, or
            would let every AWS account in.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
        """
        try:
            self._policy = self._policy or _policy_writer()
            added = self._policy.admit(statement, self)
        except EcrConstructsError as refusal:
            self._refusal = refusal
            raise
        if not added:
            return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)
        return super().add_to_resource_policy(statement)

    def add_lifecycle_rule(
        self,
        *,
        description: str | None = None,
        max_image_age: cdk.Duration | None = None,
        max_image_count: Any = None,
        rule_priority: Any = None,
        tag_pattern_list: Sequence[str] | None = None,
        tag_prefix_list: Sequence[str] | None = None,
        tag_status: ecr.TagStatus | None = None,
    ) -> None:
        """Add a rule as ``ecr.Repository`` takes it, behind the rules of ``lifecycle``.

        New code says ``lifecycle=[...]``; this is for apps that swap the class.

        :param description: shown in the console. Default: none.
        :param max_image_age: days after its push that an image expires, in place of
            ``max_image_count``. Default: its age does not matter.
        :param max_image_count: how many images stay. Default: their number does not matter.
        :param rule_priority: lower numbers come first. Default: behind the other rules.
        :param tag_pattern_list: only images that have a tag for EACH of these patterns. Default:
            whatever their tags are.
        :param tag_prefix_list: only images that have a tag for EACH of these beginnings. Default:
            whatever their tags are.
        :param tag_status: tagged images, untagged ones or any. Default: tagged where patterns or
            prefixes are given, else any.
        :raises InvalidInputError: where ECR would refuse the rule or the whole policy, or where the
            rule can take an image that the app refers to already.
        """
        rule = rule_of_cdk(
            description=description,
            days=None if max_image_age is None else int(max_image_age.to_days()),
            count=None if max_image_count is None else int(max_image_count),
            priority=None if rule_priority is None else int(rule_priority),
            tag_patterns=tuple(tag_pattern_list or ()),
            tag_prefixes=tuple(tag_prefix_list or ()),
            tag_status=None if tag_status is None else tag_status.name,
        )
        self._lifecycle.add(rule)

    # --- what grants and URIs ask -----------------------------------------------------------

    def _generate_physical_name(self) -> str:
        # CDK asks for it only where it did not take the name that was given.
        return self._given_name or super()._generate_physical_name()

    def _arn_seen_from(self, consumer: cdk.Stack, user: cdk.IResource) -> str:
        if self._native_arn is None:
            self._native_arn = self.repository_arn
        return self._reach.arn(consumer, self._native_arn, user)

    def _refer_to(self, tag_or_digest: str) -> None:
        self._lifecycle.refer_to(tag_or_digest)

    def _uri_base(self) -> str:
        if self._written_uri is None:
            native = ecr.Repository.repository_uri_for_tag(self)
            self._written_uri = self._reach.uri(native)
        return self._written_uri

    def whereabouts(self) -> tuple[str, str, str]:
        """Account, Region and name, each literal where it is known."""
        home = self._reach.home
        return home.account, home.region, self._given_name or self.repository_name

    def _account(self) -> str:
        return self._reach.home.account

    def _home(self) -> cdk.Stack:
        return self._reach.home


def _policy_writer() -> PolicyWriter:
    # Many repositories have no policy, and the module costs as much as some of them.
    from .policy import PolicyWriter  # noqa: PLC0415

    return PolicyWriter()


def _check_encryption(
    scope: Construct, encryption: object, key_arn: str | None
) -> tuple[Finding, ...]:
    # The Region costs two crossings and matters for two rules only.
    asks_region = key_arn is not None or encryption is Encryption.KMS_DSSE
    region = cdk.Stack.of(scope).region if asks_region else None
    return check_encryption(encryption, has_key=key_arn is not None, key_arn=key_arn, region=region)


def _mutable_tags(
    value: MutableTags | Sequence[str] | None, scope: Construct, construct_id: str
) -> MutableTags:
    try:
        return MutableTags.of(value)
    except EcrConstructsError as refusal:
        path = path_below(scope, construct_id)
        raise type(refusal)(refusal.findings, construct_path=path) from None
