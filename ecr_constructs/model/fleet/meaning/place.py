"""The account, Region and partition that a resource is written for.

What is not known is a pseudo parameter of CloudFormation: ``${AWS::AccountId}`` in a text here,
``{"Ref": "AWS::AccountId"}`` in the template.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..values import Environment

__all__ = ["Place", "written"]

_PSEUDO: Final = re.compile(r"\$\{(AWS::(?:AccountId|Partition|Region))\}")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS: Final = (
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("cn-", "aws-cn"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Account, Region and partition, each literal where it is known."""

    account: str = "${AWS::AccountId}"
    """Twelve digits, or the pseudo parameter."""
    region: str = "${AWS::Region}"
    """The Region, or the pseudo parameter."""
    partition: str = "${AWS::Partition}"
    """The partition of the Region, or the pseudo parameter."""

    @classmethod
    def of(cls, environment: Environment) -> Place:
        """The place of an environment.

        :param environment: what it does not say is left to CloudFormation.
        """
        unknown = cls()
        return cls(
            account=environment.account or unknown.account,
            region=environment.region or unknown.region,
            partition=_partition(environment.region) or unknown.partition,
        )


def written(text: str) -> object:
    """A text as the template has it: pseudo parameters as references, joined as CDK joins them."""
    if "${" not in text:
        return text
    parts: list[object] = []
    for index, part in enumerate(_PSEUDO.split(text)):
        if index % 2:
            parts.append({"Ref": part})
        elif part:
            parts.append(part)
    return parts[0] if len(parts) == 1 else {"Fn::Join": ["", parts]}


def _partition(region: str | None) -> str | None:
    if region is None or "${" in region:
        return None
    return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")
