"""Resources of which a registry has one: the second fails to deploy, or overwrites the first.

CloudFormation refuses a second policy and a second replication configuration. A second scanning or
signing configuration it writes over the first, and deleting either takes the setting away.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding, Severity
from .address import RegistryAddress

__all__ = [
    "IDENTIFIED_BY",
    "SINGLETONS",
    "Claim",
    "check_listed_once",
    "check_number",
    "check_second",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html"

SINGLETONS: Final = frozenset(
    f"AWS::ECR::{kind}"
    for kind in (
        "RegistryPolicy",
        "RegistryScanningConfiguration",
        "ReplicationConfiguration",
        "SigningConfiguration",
    )
)
"""Types of which a registry has one."""

IDENTIFIED_BY: Final[Mapping[str, str]] = {
    "AWS::ECR::PullThroughCacheRule": "EcrRepositoryPrefix",
    "AWS::ECR::PullTimeUpdateExclusion": "PrincipalArn",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix",
}
"""Types of which a registry has one for each value of a property."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One resource of a registry, and where it is declared."""

    kind: str
    """Its CloudFormation type, or another name of the setting where it has none."""
    registry: RegistryAddress
    path: str
    """Its construct path."""
    stack: str
    """The path of the stack that is deployed with it."""
    key: str | None = None
    """What tells it from others of its type (see ``IDENTIFIED_BY``); None where nothing does."""
    conditional: bool = False
    """Whether a condition of its template says if it is deployed at all."""


def check_second(first: Claim, second: Claim) -> tuple[Finding, ...]:
    """Whether two resources are, or may turn out to be, one setting of one registry."""
    if first.kind != second.kind or _apart(first.key, second.key):
        return ()
    if not first.registry.may_be(second.registry):
        return ()
    same = first.registry == second.registry and first.registry.known
    # Whatever the account of a stack turns out to be, it is the account of both.
    certain = same or first.stack == second.stack
    if certain and not (first.conditional or second.conditional):
        return (_finding(first, second),)
    return (_perhaps(first, second),)


def check_number(
    new: Claim, earlier: Sequence[Claim], *, at_most: int | None
) -> tuple[Finding, ...]:
    """Whether a registry takes one more of a type."""
    of_kind = [
        claim for claim in earlier if claim.kind == new.kind and claim.registry == new.registry
    ]
    if at_most is None or len(of_kind) < at_most:
        return ()
    return (
        Finding(
            code="registry-resources-number",
            property=new.kind.removeprefix("AWS::ECR::"),
            message=f"is number {len(of_kind) + 1} in {new.registry.told}",
            given=new.path,
            allowed=f"{at_most} in each registry",
            fix="leave some out",
            docs="https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html",
        ),
    )


def _apart(one: str | None, another: str | None) -> bool:
    """Whether two keys are surely two: a template's prefix has an implied slash at its end."""
    if one is None or another is None:
        return one is not another
    if is_deferred(one) or is_deferred(another):
        return True
    return one.rstrip("/") != another.rstrip("/")


def check_listed_once(option: str, names: Iterable[object]) -> tuple[Finding, ...]:
    """Whether each setting of a list is there once: by its prefix, say, whatever its slash."""
    said = [name.rstrip("/") for name in names if isinstance(name, str)]
    return tuple(
        Finding(
            code="registry-setting-listed-twice",
            property=option,
            message="has two settings for one name, and a registry takes one",
            given=name,
            allowed="each name once",
            fix="leave one of them out",
            docs=DOCS,
        )
        for name in sorted({name for name in said if said.count(name) > 1})
    )


def _named(claim: Claim) -> str:
    kind = claim.kind.removeprefix("AWS::ECR::")
    return kind if claim.key is None else f"{kind} of {claim.key!r}"


def _finding(first: Claim, second: Claim) -> Finding:
    return Finding(
        code="registry-resource-twice",
        property=_named(second),
        message=(
            f"{second.path} and {first.path} both write one setting of {second.registry.told}, "
            f"which has it once: the second fails, or overwrites the first"
        ),
        given=[first.path, second.path],
        allowed="one for each account and Region",
        fix="declare it once, and leave the other out",
        docs=DOCS,
    )


def _perhaps(first: Claim, second: Claim) -> Finding:
    told = sorted({claim.registry.told for claim in (first, second)})
    # What is known of either: nothing is as good as both.
    known = f" ({' and '.join(told)})" if len(told) > 1 else ""
    return Finding(
        code="registry-resource-perhaps-twice",
        property=_named(second),
        message=(
            f"{second.path} and {first.path} overwrite each other if both are deployed to one "
            f"account and Region, which their stacks leave open{known}"
        ),
        given=[first.path, second.path],
        allowed="one for each account and Region",
        fix=(
            "declare it once, give both stacks an env with account and region, or acknowledge it "
            "where their conditions never hold together"
        ),
        docs=DOCS,
        severity=Severity.WARNING,
    )
