"""What each grant is to give, written down from the pages of AWS and not from the library.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ecr_constructs.constructs.repository.grants import RepositoryGrants
from ecr_constructs.constructs.repository.types import Grantee

PULL = ("BatchGetImage", "GetDownloadUrlForLayer")
PUSH = (
    "BatchCheckLayerAvailability",
    "CompleteLayerUpload",
    "InitiateLayerUpload",
    "PutImage",
    "UploadLayerPart",
)
READ = (
    "DescribeImageScanFindings",
    "DescribeImages",
    "DescribeRepositories",
    "ListImages",
    "ListTagsForResource",
)
ADMIN = (
    "DeleteLifecyclePolicy",
    "DeleteRepositoryPolicy",
    "DescribeRepositories",
    "GetLifecyclePolicy",
    "GetLifecyclePolicyPreview",
    "GetRepositoryPolicy",
    "ListTagsForResource",
    "PutImageScanningConfiguration",
    "PutImageTagMutability",
    "PutLifecyclePolicy",
    "SetRepositoryPolicy",
    "StartImageScan",
    "StartLifecyclePolicyPreview",
    "TagResource",
    "UntagResource",
)
SINGLE = ("ecr:DeleteRepository", "ecr:UpdateImageStorageClass")


def actions(*operations: str) -> frozenset[str]:
    return frozenset(f"ecr:{operation}" for operation in operations)


@dataclass(frozen=True)
class Grant:
    """A grant of a repository: what it lets do there, and whether it lets log in."""

    method: str
    gives: frozenset[str]
    token: bool = False
    arguments: tuple[str, ...] = ()

    def give(self, repository: RepositoryGrants, grantee: Grantee) -> None:
        getattr(repository, self.method)(grantee, *self.arguments)


GRANTS: Mapping[str, Grant] = {
    grant.method: grant
    for grant in (
        Grant("grant_pull", actions(*PULL), token=True),
        Grant("grant_push", actions(*PUSH), token=True),
        Grant("grant_pull_push", actions(*PULL, *PUSH), token=True),
        Grant("grant_read", actions(*READ)),
        Grant("grant_delete", actions("BatchDeleteImage")),
        Grant("grant_admin", actions(*ADMIN)),
        Grant("grant", frozenset(SINGLE), arguments=SINGLE),
    )
}
