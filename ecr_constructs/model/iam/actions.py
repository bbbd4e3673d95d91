"""ECR's actions, and the smallest set of them for each kind of access.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ACCOUNT_ACTIONS",
    "DESCRIBING_PULL",
    "GET_AUTHORIZATION_TOKEN",
    "REPOSITORY_ACTIONS",
    "TASK_EXECUTION_PULL",
    "Access",
    "Wanted",
]

GET_AUTHORIZATION_TOKEN: Final = "ecr:GetAuthorizationToken"  # noqa: S105 - an action
"""What every client logs in with. It knows no resource and has no effect in a repository policy."""

_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH: Final = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
_READ: Final = (
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:ListImages",
    "ecr:ListTagsForResource",
)
_DELETE: Final = ("ecr:BatchDeleteImage",)
_ADMIN: Final = (
    "ecr:DeleteLifecyclePolicy",
    "ecr:DeleteRepositoryPolicy",
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetLifecyclePolicyPreview",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
    "ecr:PutImageScanningConfiguration",
    "ecr:PutImageTagMutability",
    "ecr:PutLifecyclePolicy",
    "ecr:SetRepositoryPolicy",
    "ecr:StartImageScan",
    "ecr:StartLifecyclePolicyPreview",
    "ecr:TagResource",
    "ecr:UntagResource",
)

TASK_EXECUTION_PULL: Final = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
)
"""What ECS documents for an execution role: one action more than a pull itself needs.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

DESCRIBING_PULL: Final = (
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
)
"""What App Runner and EMR Serverless document for a pull: they look the image up as well.

https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
"""


class Access(enum.Enum):
    """A kind of access to a repository: the smallest set of actions that makes it work."""

    PULL = "pull"
    """``docker pull`` from start to end, as AWS's own pull-only policy has it."""
    PUSH = "push"
    """``docker push`` from start to end. It does not include reading what was pushed."""
    PULL_PUSH = "pull and push"
    """Both."""
    READ = "read"
    """Names, tags, digests, sizes, resource tags and scan findings; no image content."""
    DELETE = "delete"
    """Deleting images (and so tags)."""
    ADMIN = "admin"
    """Changing every setting, the repository policy included; not deleting the repository.

    Whoever may write the repository policy can give themselves the rest.
    """

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions on the repository, sorted."""
        return _ACTIONS[self]

    @property
    def needs_token(self) -> bool:
        """Whether a client must log in to the registry for it."""
        return self in (Access.PULL, Access.PUSH, Access.PULL_PUSH)


_ACTIONS: Final = {
    Access.PULL: _PULL,
    Access.PUSH: _PUSH,
    Access.PULL_PUSH: tuple(sorted(_PULL + _PUSH)),
    Access.READ: _READ,
    Access.DELETE: _DELETE,
    Access.ADMIN: _ADMIN,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a grant is to give: actions on a repository, and the login where a client needs it."""

    actions: tuple[str, ...]
    needs_token: bool = False


ACCOUNT_ACTIONS: Final = frozenset(
    f"ecr:{action}"
    for action in (
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeletePullThroughCacheRule",
        "DeleteRegistryPolicy",
        "DeleteRepositoryCreationTemplate",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "DescribePullThroughCacheRules",
        "DescribeRegistry",
        "DescribeRepositoryCreationTemplates",
        "GetAccountSetting",
        "GetAuthorizationToken",
        "GetRegistryPolicy",
        "GetRegistryScanningConfiguration",
        "GetSigningConfiguration",
        "ListPullTimeUpdateExclusions",
        "PutAccountSetting",
        "PutRegistryPolicy",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
        "ValidatePullThroughCacheRule",
    )
)
"""Actions that know no repository: they have no effect in a repository policy."""

REPOSITORY_ACTIONS: Final = frozenset(_PULL + _PUSH + _READ + _DELETE + _ADMIN) | frozenset(
    f"ecr:{action}"
    for action in (
        "BatchGetRepositoryScanningConfiguration",
        "BatchImportUpstreamImage",
        "CreateRepository",
        "DeleteRepository",
        "DescribeImageReplicationStatus",
        "DescribeImageSigningStatus",
        "GetImageCopyStatus",
        "ReplicateImage",
        "UpdateImageStorageClass",
    )
)
"""Actions on a repository."""
