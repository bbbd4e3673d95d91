"""Every action on a repository, as a call of the ECR API that would do no harm if it were let in.

Four actions have no operation that AWS publishes: services of AWS call them. They are asked for
by name all the same, for IAM decides before ECR looks at the call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from embedded_aws.registry_client import image

ABSENT = "sha256:" + "0" * 64
UPLOAD = "00000000-0000-4000-8000-000000000000"
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Untagged images go after thirty days",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 30,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)
DONE = ""


@dataclass(frozen=True)
class Operation:
    """What is asked beside the repository's name, and how ECR answers who may ask it.

    A call that is answered in any other way was neither let in nor refused: the table is wrong.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[str, ...] = (DONE,)


# The embedded AWS decides on these and then says that it does not emulate them.
NOT_EMULATED = ("UnsupportedCommandException",)
UNPUBLISHED = ("UnknownOperationException",)
IMAGE_ID = {"imageId": {"imageDigest": ABSENT}}
IMAGE_IDS = {"imageIds": [{"imageDigest": ABSENT}]}

OPERATIONS: Mapping[str, Operation] = {
    "BatchCheckLayerAvailability": Operation({"layerDigests": [ABSENT]}),
    "BatchDeleteImage": Operation(IMAGE_IDS),
    "BatchGetImage": Operation(IMAGE_IDS),
    "BatchGetRepositoryScanningConfiguration": Operation({}, NOT_EMULATED),
    "BatchImportUpstreamImage": Operation({}, UNPUBLISHED),
    "CompleteLayerUpload": Operation(
        {"uploadId": UPLOAD, "layerDigests": [ABSENT]}, ("UploadNotFoundException",)
    ),
    "CreateRepository": Operation({}, ("RepositoryAlreadyExistsException",)),
    "DeleteLifecyclePolicy": Operation({}, (DONE, "LifecyclePolicyNotFoundException")),
    "DeleteRepository": Operation({}, ("RepositoryNotEmptyException",)),
    "DescribeImageReplicationStatus": Operation(IMAGE_ID, NOT_EMULATED),
    "DescribeImages": Operation(),
    "DescribeImageScanFindings": Operation(IMAGE_ID, ("ImageNotFoundException",)),
    "DescribeImageSigningStatus": Operation(IMAGE_ID, NOT_EMULATED),
    "DescribeRepositories": Operation(),
    "GetDownloadUrlForLayer": Operation({"layerDigest": ABSENT}, ("LayersNotFoundException",)),
    "GetImageCopyStatus": Operation({}, UNPUBLISHED),
    "GetLifecyclePolicy": Operation({}, (DONE, "LifecyclePolicyNotFoundException")),
    "GetLifecyclePolicyPreview": Operation({}, NOT_EMULATED),
    "GetRepositoryPolicy": Operation({}, (DONE, "RepositoryPolicyNotFoundException")),
    "InitiateLayerUpload": Operation(),
    "ListImages": Operation(),
    "ListTagsForResource": Operation(),
    "PutImage": Operation(
        {"imageManifest": image("its layers are missing").manifest.decode()},
        ("LayersNotFoundException",),
    ),
    "PutImageScanningConfiguration": Operation(
        {"imageScanningConfiguration": {"scanOnPush": True}}
    ),
    "PutImageTagMutability": Operation({"imageTagMutability": "IMMUTABLE"}),
    "PutLifecyclePolicy": Operation({"lifecyclePolicyText": LIFECYCLE}),
    "ReplicateImage": Operation({}, UNPUBLISHED),
    "SetRepositoryPolicy": Operation({"policyText": "{}"}, ("InvalidParameterException",)),
    "StartImageScan": Operation(IMAGE_ID, NOT_EMULATED),
    "StartLifecyclePolicyPreview": Operation({}, NOT_EMULATED),
    "TagResource": Operation({"tags": [{"Key": "tried", "Value": "yes"}]}),
    "UntagResource": Operation({"tagKeys": ["tried"]}),
    "UpdateImageStorageClass": Operation(
        {**IMAGE_ID, "targetStorageClass": "ARCHIVE"}, NOT_EMULATED
    ),
    "UploadLayerPart": Operation(
        {"uploadId": UPLOAD, "partFirstByte": 0, "partLastByte": 0, "layerPartBlob": "AA=="},
        ("UploadNotFoundException",),
    ),
    # The last one: it takes away what lets the principals of other accounts in.
    "DeleteRepositoryPolicy": Operation({}, (DONE, "RepositoryPolicyNotFoundException")),
}


@dataclass(frozen=True)
class Target:
    """A repository that is deployed."""

    account: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        return f"arn:aws:ecr:{self.region}:{self.account}:repository/{self.name}"

    def request(self, operation: str) -> dict[str, Any]:
        """The parameters of *operation* on this repository."""
        parameters = OPERATIONS[operation].parameters
        if operation in ("ListTagsForResource", "TagResource", "UntagResource"):
            return {"resourceArn": self.arn, **parameters}
        if operation == "BatchGetRepositoryScanningConfiguration":
            return {"repositoryNames": [self.name], **parameters}
        if operation == "DescribeRepositories":
            return {"registryId": self.account, "repositoryNames": [self.name], **parameters}
        return {"registryId": self.account, "repositoryName": self.name, **parameters}


def reaches_other_accounts(operation: str) -> bool:
    """Whether the operation can name the registry of another account."""
    return operation != "BatchGetRepositoryScanningConfiguration"
