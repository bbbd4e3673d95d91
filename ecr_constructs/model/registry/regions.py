"""What differs from Region to Region.

https://docs.aws.amazon.com/general/latest/gr/ecr.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-supported-resource-types.html
"""

from __future__ import annotations

from typing import Final

from ..deferred import is_deferred

__all__ = ["WITHOUT_SIGNING", "partition_of"]

WITHOUT_SIGNING: Final = frozenset(
    {
        "ap-east-2",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-2",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "mx-central-1",
    }
)
"""Regions whose CloudFormation has no AWS::ECR::SigningConfiguration (as of October 2026)."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS: Final = {
    "cn": "aws-cn",
    "eu-isoe": "aws-iso-e",
    "eusc": "aws-eusc",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "us-isof": "aws-iso-f",
}


def partition_of(region: str) -> str | None:
    """The partition of a Region; None where the Region is known only at deployment."""
    if is_deferred(region):
        return None
    for beginning, partition in _PARTITIONS.items():
        if region.startswith(f"{beginning}-"):
            return partition
    return "aws"
