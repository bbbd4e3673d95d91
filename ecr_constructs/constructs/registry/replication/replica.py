"""ReplicatedRepository: what another repository is copied to, with settings of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union, cast

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ....model.deferred import is_deferred
from ....model.lifecycle import LifecycleRule
from ....model.registry.address import RegistryAddress
from ....model.registry.replication.destination import (
    check_known,
    own_registry,
    source_unnamed,
)
from ....model.repository.encryption import Encryption
from ....model.repository.mutability import MutableTags
from ....model.repository.options import check_repository
from ....model.repository.removal import Removal
from ..._jsii import check, path_of
from ...repository.grants import RepositoryGrants
from ...repository.secure import SecureRepository
from ...repository.tag_mutability import mutable_tags_of
from ..singletons import address_of, kept_by_app
from .known import KnownReplica, KnownReplications

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from ...image_key import ImageKey
    from ...repository.types import RepositoryLike

__all__ = ["ReplicatedRepository"]


class ReplicatedRepository(SecureRepository):
    """The repository at the other end of a replication: a :class:`SecureRepository` of its own.

    It has the name of its source and stands in the stack of the destination. URI, grants,
    lifecycle, policy, encryption and tags are its own: ECR copies images, nothing else. Images that
    expire at the source stay here until a rule of this repository takes them.

    Declared before the first image is copied, it is the repository that is copied to, and the
    destination need not let ECR make any (``ReplicaRepositories.DECLARED``).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        source: RepositoryLike,
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
        """Make the replica.

        :param source: the repository that is copied, with a name, of another account or Region.
        :param encryption: as for a ``SecureRepository``. Default: AES256, or KMS where an
            ``encryption_key`` is given; it need not be that of the source.
        :param encryption_key: a customer key in the Region of the replica. Default: none.
        :param mutable_tags: the tags that may move. Default: those of the source where it is of
            this app, else all: where a tag has moved at the source, an image that comes here under
            the tag of another one would come without it.
        :param lifecycle: which images expire or are archived here. Default: untagged images expire
            14 days after they came.
        :param may_expire: tags, patterns or digests whose images may expire although this app
            refers to them. Default: none.
        :param scan_on_push: whether each image is scanned here as well. Default: True.
        :param policy_statements: statements of the repository policy. Default: none.
        :param tags: resource tags. Default: those of the stack and the app.
        :param removal: what happens when the replica leaves the stack. Default: it stays.
        :raises InvalidInputError: where the source has no name, is of the same registry, one of the
            two stacks does not say its account and Region, or ECR would refuse an argument. At
            synthesis, where the source is of this app and no replication rule copies it here.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
        """
        check(check_repository("source", source), scope, id)
        account, region, name = _whereabouts(source)
        origin = RegistryAddress(account=account, region=region)
        registry = address_of(scope)
        check([source_unnamed(path_of(source))] if is_deferred(name) else [], scope, id)
        check(
            [
                *([own_registry(registry)] if origin == registry else ()),
                *check_known(registry, stack=path_of(cdk.Stack.of(scope))),
                *check_known(origin, stack=path_of(cdk.Stack.of(source))),
            ],
            scope,
            id,
        )
        super().__init__(
            scope,
            id,
            repository_name=name,
            encryption=encryption,
            encryption_key=encryption_key,
            mutable_tags=_tags_of(source) if mutable_tags is None else mutable_tags,
            lifecycle=lifecycle,
            may_expire=may_expire,
            scan_on_push=scan_on_push,
            policy_statements=policy_statements,
            tags=tags,
            removal=removal,
        )
        kept_by_app(self, KnownReplications).add_replica(
            KnownReplica(
                path=path_of(self),
                name=name,
                source=origin,
                registry=registry,
                of_this_app=isinstance(source, ecr.Repository),
            )
        )


def _whereabouts(source: RepositoryLike) -> tuple[str, str, str]:
    if isinstance(source, RepositoryGrants):
        return source.whereabouts()
    home = address_of(source)
    resource: Any = source.node.default_child
    # A repository of CDK says its name by a reference; its resource has it as it was given.
    name = getattr(resource, "repository_name", None) or source.repository_name
    return home.account, home.region, cast("str", name)


def _tags_of(source: RepositoryLike) -> MutableTags:
    resource = source.node.default_child
    if isinstance(resource, ecr.CfnRepository):
        return mutable_tags_of(resource)
    return MutableTags.all()
