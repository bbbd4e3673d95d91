"""The account, Region and partition that a resource is written for.

What is not known is a pseudo parameter of CloudFormation: ``${AWS::AccountId}`` in a text here, in
the template ``{"Ref": "AWS::AccountId"}`` or an ``Fn::Sub``.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..values import FleetEnvironment

__all__ = ["Place", "document_size", "written", "written_before"]

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
    def of(cls, environment: FleetEnvironment) -> Place:
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


def written_before(text: str) -> Callable[[str], object]:
    """A function that writes a name behind a text, pseudo parameters substituted by CloudFormation.

    It is shorter than joined references, and a policy repeats it for each of its resources.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html

    :param text: what stands before names, that have no pseudo parameters.
    """
    if "${" not in text:
        return text.__add__

    def with_name(name: str) -> object:
        return {"Fn::Sub": text + name}

    return with_name


def document_size(document: object) -> int:
    """The characters of a policy as IAM counts them: a pseudo parameter as one."""
    if isinstance(document, dict):
        if len(document) == 1:
            if "Ref" in document or "Fn::Join" in document:
                return _joined_size(document) + 2
            if "Fn::Sub" in document:
                return len(_PSEUDO.sub("1", str(document["Fn::Sub"]))) + 2
        inside = sum(len(key) + 3 + document_size(value) for key, value in document.items())
        return inside + max(0, len(document) - 1) + 2
    if isinstance(document, list):
        return sum(map(document_size, document)) + max(0, len(document) - 1) + 2
    return len(json.dumps(document, ensure_ascii=False))


def _joined_size(document: dict[str, object]) -> int:
    joined = document.get("Fn::Join")
    parts = joined[1] if isinstance(joined, list) else [document]
    return sum(len(part) if isinstance(part, str) else 1 for part in parts)


def _partition(region: str | None) -> str | None:
    if region is None or "${" in region:
        return None
    return next((name for prefix, name in _PARTITIONS if region.startswith(prefix)), "aws")
