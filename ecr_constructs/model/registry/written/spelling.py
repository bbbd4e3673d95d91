"""Names and values that the resources of ECR have in a template: CloudFormation takes no others.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECR.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...repository.encryption import Encryption
from ...repository.mutability import MODES
from ..pull_through.upstream import REGISTRIES

__all__ = ["check_attributes", "check_names"]

_DOCS: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/{}.html"
_ATTRIBUTES_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-product-attribute-reference.html"
)

Values: TypeAlias = tuple[str, ...]
Shape: TypeAlias = "Mapping[str, Shape | Values | None]"
"""The names that something has. Below a name is what it holds, or each entry of its list: further
names, the only values, or None for whatever is taken. Values of which another rule speaks are None.
"""

_TAG: Final[Shape] = {"Key": None, "Value": None}
_FILTER: Final[Shape] = {"Filter": None, "FilterType": None}
_SETTINGS: Final[Shape] = {
    "EncryptionConfiguration": {
        "EncryptionType": tuple(kind.value for kind in Encryption if kind.value is not None),
        "KmsKey": None,
    },
    "ImageTagMutability": MODES,
    "ImageTagMutabilityExclusionFilters": {
        "ImageTagMutabilityExclusionFilterType": ("WILDCARD",),
        "ImageTagMutabilityExclusionFilterValue": None,
    },
}
_SHAPES: Final[Mapping[str, Shape]] = {
    "AWS::ECR::Repository": {
        **_SETTINGS,
        "EmptyOnDelete": None,
        "ImageScanningConfiguration": {"ScanOnPush": None},
        "LifecyclePolicy": {"LifecyclePolicyText": None, "RegistryId": None},
        "RepositoryName": None,
        "RepositoryPolicyText": None,
        "Tags": _TAG,
    },
    "AWS::ECR::PublicRepository": {
        "RepositoryCatalogData": {
            "AboutText": None,
            "Architectures": None,
            "OperatingSystems": None,
            "RepositoryDescription": None,
            "UsageText": None,
        },
        "RepositoryName": None,
        "RepositoryPolicyText": None,
        "Tags": _TAG,
    },
    "AWS::ECR::RepositoryCreationTemplate": {
        **_SETTINGS,
        "AppliedFor": None,
        "CustomRoleArn": None,
        "Description": None,
        "LifecyclePolicy": None,
        "Prefix": None,
        "RepositoryPolicy": None,
        "ResourceTags": _TAG,
    },
    "AWS::ECR::PullThroughCacheRule": {
        "CredentialArn": None,
        "CustomRoleArn": None,
        "EcrRepositoryPrefix": None,
        "UpstreamRegistry": REGISTRIES,
        "UpstreamRegistryUrl": None,
        "UpstreamRepositoryPrefix": None,
    },
    "AWS::ECR::PullTimeUpdateExclusion": {"PrincipalArn": None},
    "AWS::ECR::RegistryPolicy": {"PolicyText": None},
    "AWS::ECR::RegistryScanningConfiguration": {
        "Rules": {"RepositoryFilters": _FILTER, "ScanFrequency": None},
        "ScanType": None,
    },
    "AWS::ECR::ReplicationConfiguration": {
        "ReplicationConfiguration": {
            "Rules": {
                "Destinations": {"Region": None, "RegistryId": None},
                "RepositoryFilters": _FILTER,
            }
        }
    },
    "AWS::ECR::SigningConfiguration": {
        "Rules": {"RepositoryFilters": _FILTER, "SigningProfileArn": None}
    },
}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
# What ECR has no snapshot of is deleted: that is of another rule.
_ATTRIBUTES: Final[Shape] = {
    "Condition": None,
    # Of AWS SAM.
    "Connectors": None,
    "CreationPolicy": None,
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
    "DependsOn": None,
    "Metadata": None,
    "Properties": None,
    "Type": None,
    "UpdatePolicy": None,
    "UpdateReplacePolicy": ("Delete", "Retain", "Snapshot"),
    "Version": None,
}


def check_names(kind: str, properties: Mapping[str, object]) -> Iterator[Finding]:
    """Names and values of the properties of a type of ECR that CloudFormation does not know.

    A name like none of them may be one that AWS added later: that is a warning.
    """
    if kind in _SHAPES:
        page = "aws-resource-" + kind.lower().removeprefix("aws::").replace("::", "-")
        yield from _check(_SHAPES[kind], properties, noun=kind, docs=_DOCS.format(page))


def check_attributes(kind: str, attributes: Mapping[str, object]) -> Iterator[Finding]:
    """What stands beside the properties of a resource and is no attribute of one."""
    for finding in _check(_ATTRIBUTES, attributes, noun="a resource", docs=_ATTRIBUTES_DOCS):
        if finding.code != "property-unknown":
            yield finding
            continue
        name = finding.property
        below = "write it below Properties"
        inside = kind in _SHAPES and name in _SHAPES[kind]
        yield Finding(
            code="attribute-unknown",
            property=name,
            message="is no attribute of a resource, so CloudFormation refuses the template",
            given=name,
            allowed=finding.allowed,
            fix=below if inside else finding.fix,
            docs=_ATTRIBUTES_DOCS,
            severity=Severity.DANGER if inside else finding.severity,
        )


def _check(
    shape: Shape, given: Mapping[str, object], *, noun: str, docs: str, at: str = ""
) -> Iterator[Finding]:
    for name, value in given.items():
        place = f"{at}{name}"
        # Functions stand among the names: a transform, or a loop.
        if str(name).startswith("Fn::") or is_deferred(name):
            continue
        if name not in shape:
            yield _unknown_name(str(name), place, shape, noun, docs)
            continue
        known = shape[name]
        if isinstance(known, tuple):
            if isinstance(value, str) and value not in known and not is_deferred(value):
                yield _unknown_value(value, place, known, docs)
        elif known is not None:
            for inner, where in _held(value, place):
                yield from _check(known, inner, noun=noun, docs=docs, at=f"{where}.")


def _held(value: object, place: str) -> Iterator[tuple[Mapping[str, object], str]]:
    if isinstance(value, Mapping):
        yield value, place
    for number, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, Mapping):
            yield entry, f"{place}[{number}]"


def _unknown_name(name: str, place: str, shape: Shape, noun: str, docs: str) -> Finding:
    nearest = _nearest(name, shape)
    elsewhere = _holders(name, _SHAPES.get(noun, {}))
    if nearest is not None:
        fix = f"write {nearest}"
    elif elsewhere:
        fix = f"write it as {' or '.join(elsewhere)}"
    else:
        fix = "leave it out, or acknowledge it where AWS has added it since"
    sure = nearest is not None or bool(elsewhere)
    return Finding(
        code="property-unknown",
        property=place,
        message=f"is no property of {noun} that is known here, and CloudFormation takes no other",
        given=name,
        allowed=", ".join(shape),
        fix=fix,
        docs=docs,
        severity=Severity.DANGER if sure else Severity.WARNING,
    )


def _unknown_value(value: str, place: str, known: Values, docs: str) -> Finding:
    nearest = _nearest(value, known)
    return Finding(
        code="property-value-unknown",
        property=place,
        message="has a value that it cannot have",
        given=value,
        allowed=", ".join(known),
        fix=f"write {nearest}" if nearest else "write one of these",
        docs=docs,
    )


def _holders(name: str, shape: Shape, at: str = "") -> list[str]:
    """Where a type has the name, if it does: people leave out what stands around it."""
    found = [f"{at}{name}"] if name in shape else []
    for outer, inner in shape.items():
        if isinstance(inner, Mapping):
            found += _holders(name, inner, f"{at}{outer}.")
    return found


def _nearest(text: str, known: Iterable[str]) -> str | None:
    """The one that was meant, whatever its case and the marks between its words."""
    from difflib import get_close_matches  # noqa: PLC0415 - most templates are spelled right

    plain = {_plain(each): each for each in known}
    found = get_close_matches(_plain(text), plain, n=1, cutoff=0.75)
    return plain[found[0]] if found else None


def _plain(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
