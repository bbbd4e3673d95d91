"""Where the registry policy is written, and what may be written there.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from ...deferred import flatten
from ...findings import Finding, Severity
from ..address import RegistryAddress

__all__ = [
    "deployed_names",
    "no_place",
    "not_literal",
    "place_of_another",
    "second_place",
    "written_elsewhere",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html"
# What another stack of the same account and Region would write as well. A policy variable of IAM
# (${aws:PrincipalAccount}) has one colon and is no reference at all.
_DEPLOYED = re.compile(
    r"\$\{(?!AWS::(?:AccountId|Region|Partition|URLSuffix)\})"
    r"((?:AWS|Fn)::[A-Za-z]+|[0-9A-Za-z.]+)\}"
)
_SHOWN = 5


def deployed_names(statement: Mapping[str, object]) -> tuple[str, ...]:
    """What a statement refers to that is known only where its stack is deployed."""
    return tuple(sorted(set(_DEPLOYED.findall(json.dumps(flatten(statement), default=str)))))


def not_literal(*, owner: str, place: str, names: Sequence[str]) -> Finding:
    """A statement of one stack that refers to resources, in the document of another."""
    return Finding(
        code="registry-policy-not-literal",
        property="statement",
        message=(
            f"{owner} refers to what is known only when its stack is deployed, and the registry "
            f"policy is written in another stack, at {place}"
        ),
        given=list(names),
        allowed="names, ARNs and account ids as texts",
        fix="give what it names a physical name and write its ARN out, or declare it in that stack",
        docs=DOCS,
    )


def no_place(*, registry: RegistryAddress, owners: Sequence[str]) -> Finding:
    """Statements for a registry whose policy the app writes nowhere."""
    shown = ", ".join(owners[:_SHOWN]) + (", ..." if len(owners) > _SHOWN else "")
    return Finding(
        code="registry-policy-nowhere",
        property="registry policy",
        message=f"{shown} needs the policy of the registry {registry}, which is written nowhere",
        given=list(owners),
        allowed="one RegistryPolicy or Registry for each account and Region",
        fix=(
            f"write RegistryPolicy(stack, 'RegistryPolicy') in one stack of {registry}, or "
            "AdoptedRegistryPolicy(stack, 'RegistryPolicy') where the policy is not of this app"
        ),
        docs=DOCS,
    )


def second_place(*, registry: RegistryAddress, first: str, second: str) -> Finding:
    """A registry has one policy."""
    return Finding(
        code="registry-policy-place-twice",
        property="registry policy",
        message=f"{second} and {first} are both to hold the policy of the registry {registry}",
        given=[first, second],
        allowed="one RegistryPolicy or Registry for each account and Region",
        fix="leave one out: statements of the whole app come to the other",
        docs=DOCS,
    )


def place_of_another(*, registry: RegistryAddress, place: str, other: RegistryAddress) -> Finding:
    """A registry whose statements are to come to the policy of another one."""
    return Finding(
        code="registry-policy-place-elsewhere",
        property="policy",
        message=f"is {place}, the policy of the registry {other} and not of {registry}",
        given=place,
        allowed="a RegistryPolicy or AdoptedRegistryPolicy of the same account and Region",
        fix="take one of that account and Region, or give statements",
        docs=DOCS,
    )


def written_elsewhere(statement: Mapping[str, object], *, registry: RegistryAddress) -> Finding:
    """A statement for a policy that this app does not write."""
    return Finding(
        code="registry-policy-statement-missing",
        property="registry policy",
        message=f"the policy of the registry {registry}, which is not of this app, needs its part",
        given=statement.get("Action", statement.get("NotAction")),
        allowed="a registry policy that has the statement already",
        fix=f"make sure that the registry policy has this statement: {json.dumps(statement)}",
        docs=DOCS,
        severity=Severity.WARNING,
    )
