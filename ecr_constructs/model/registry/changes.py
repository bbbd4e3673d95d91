"""What a registry no longer copies or fetches by new settings.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-pullthroughcacherule.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding, Severity
from .effective.caching import CacheSetting
from .effective.replication import Destination, ReplicationSetting, replication_filter_matches

__all__ = ["check_cache_rule_change", "check_replication_change"]

REPLICATION_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"
CACHE_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-pullthroughcacherule.html"
)
_ALL: Final = ""


def check_replication_change(
    old: Sequence[ReplicationSetting], new: Sequence[ReplicationSetting]
) -> Iterator[Finding]:
    """What was copied and no longer is: destinations and beginnings of names.

    What was copied stays where it is; what is pushed from now on is not copied there.
    """
    dropped: dict[str, list[Destination]] = {}
    for rule in old:
        for destination in rule.destinations:
            for prefix in rule.filters or (_ALL,):
                if not _covered(destination, prefix, new):
                    dropped.setdefault(prefix, []).append(destination)
    for prefix, destinations in dropped.items():
        names = ", ".join(dict.fromkeys(map(_said, destinations)))
        partly = _partly(prefix, destinations, new)
        yield Finding(
            code="replication-dropped",
            property="ReplicationConfiguration.Rules",
            message=f"{_what(prefix, partly=partly)} copied to {names} any more, from the next "
            "push on",
            given=names,
            allowed="every destination and filter that was there",
            fix="keep the rule, or stop whoever pulls there first",
            docs=REPLICATION_DOCS,
            severity=Severity.WARNING,
        )


def check_cache_rule_change(old: CacheSetting, new: CacheSetting) -> Iterator[Finding]:
    """Whether a pull-through cache rule is replaced by one for other names or images."""
    changed = [
        (name, before, after)
        for name, before, after in (
            ("EcrRepositoryPrefix", old.prefix, new.prefix),
            ("UpstreamRegistryUrl", old.upstream, new.upstream),
            ("UpstreamRepositoryPrefix", old.upstream_prefix, new.upstream_prefix),
        )
        if before != after and not is_deferred(before) and not is_deferred(after)
    ]
    if not changed:
        return
    name, before, after = changed[0]
    if name == "EcrRepositoryPrefix":
        told = f"what is pulled below {before} is no longer fetched"
    else:
        told = (
            f"the rule of {old.prefix} is replaced, and CloudFormation makes the new one first, "
            "while the old one has the prefix"
        )
    yield Finding(
        code="cache-rule-replaced",
        property=name,
        message=f"changes from {before} to {after}: {told}",
        given=after,
        allowed="the value with which the rule was made",
        fix="declare a rule of another prefix beside it, and let the old one go when nobody "
        "pulls by it",
        docs=CACHE_DOCS,
        severity=Severity.WARNING,
    )


def _covered(destination: Destination, prefix: str, rules: Sequence[ReplicationSetting]) -> bool:
    """Whether each name with this beginning is copied there."""
    return any(
        destination in rule.destinations
        and (
            not rule.filters
            or any(replication_filter_matches(each, prefix) for each in rule.filters)
        )
        for rule in rules
    )


def _partly(
    prefix: str, destinations: Sequence[Destination], rules: Sequence[ReplicationSetting]
) -> bool:
    return any(
        destination in rule.destinations and any(each.startswith(prefix) for each in rule.filters)
        for destination in destinations
        for rule in rules
    )


def _what(prefix: str, *, partly: bool) -> str:
    if not prefix:
        return "not every repository is" if partly else "no repository is"
    return (
        f"not all that begins with {prefix} is" if partly else f"what begins with {prefix} is not"
    )


def _said(destination: Destination) -> str:
    return f"{destination.registry}/{destination.region}"
