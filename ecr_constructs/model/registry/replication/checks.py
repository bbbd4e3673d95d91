"""What ECR refuses about a replication configuration.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...account.identifiers import check_account_id
from ...deferred import has_deferred, is_deferred
from ...findings import Finding
from ..address import RegistryAddress
from ..filters import FilterGrammar, check_filters
from ..regions import partition_of

__all__ = ["check_destination_types", "check_replication"]

DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"
QUOTA_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"
_PROPERTY = "replication"
_MAX_RULES = 25
_MAX_UNIQUE = 25
_REGION = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)+")
_GRAMMAR = FilterGrammar(
    kind="PREFIX_MATCH",
    pattern=re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*[a-z0-9._-]*"),
    shortest=2,
    longest=256,
    allowed="2 to 256 characters that a repository name can begin with, without a wildcard",
    docs="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RepositoryFilter.html",
)


def check_replication(
    properties: Mapping[str, Any], *, registry: RegistryAddress
) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of AWS::ECR::ReplicationConfiguration of a registry.

    The schema takes all of it: no rules, a rule without destinations, a destination twice, the
    registry itself, more than 25 destinations in all, another partition, and an empty list of
    filters.
    """
    configuration = properties.get("ReplicationConfiguration")
    listed = configuration.get("Rules") if isinstance(configuration, Mapping) else configuration
    written = listed if isinstance(listed, (list, tuple)) else ()
    rules = [rule for rule in written if isinstance(rule, Mapping)]
    found = [_destinations(rule) for rule in rules]
    return (
        *(_check_rules_number(len(rules)) if not has_deferred(listed) else ()),
        *_check_numbers(rules, found),
        *(finding for each in found for finding in _check_destinations(each, registry)),
        *(
            finding
            for rule in rules
            for finding in check_filters(
                rule.get("RepositoryFilters"),
                _GRAMMAR,
                code="replication-filters-invalid",
                option=_PROPERTY,
            )
        ),
    )


def check_destination_types(destinations: Sequence[object]) -> tuple[Finding, ...]:
    """Whether each destination is a Region, or has an account and a Region."""
    return tuple(
        _finding(
            "replication-destination-type",
            f"has a {type(entry).__name__} as a destination",
            entry,
            "the name of a Region, a stack, or a ReplicationDestination",
            "name where the images go",
        )
        for entry in destinations
        if not isinstance(entry, str)
        and not all(isinstance(getattr(entry, name, None), str) for name in ("account", "region"))
    )


def _destinations(rule: Mapping[str, Any]) -> list[RegistryAddress]:
    listed = rule.get("Destinations")
    return [
        RegistryAddress(account=str(entry.get("RegistryId")), region=str(entry.get("Region")))
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, Mapping)
    ]


def _check_rules_number(number: int) -> Iterator[Finding]:
    if not 1 <= number <= _MAX_RULES:
        yield _finding(
            "replication-rules-number",
            f"has {number} rules",
            number,
            f"1 to {_MAX_RULES} rules",
            "say with one rule what several say" if number else "leave the configuration out",
        )


def _check_numbers(
    rules: Sequence[Mapping[str, Any]], found: Sequence[Sequence[RegistryAddress]]
) -> Iterator[Finding]:
    unique = {address for each in found for address in each}
    if len(unique) > _MAX_UNIQUE:
        yield _finding(
            "replication-destinations-number",
            f"has {len(unique)} destinations in all its rules",
            len(unique),
            f"at most {_MAX_UNIQUE} different registries",
            "copy to fewer Regions or accounts",
            docs=QUOTA_DOCS,
        )
    for rule, each in zip(rules, found, strict=True):
        if not each and not has_deferred(rule.get("Destinations")):
            yield _finding(
                "replication-destinations-missing",
                "has a rule without a destination",
                [],
                "at least one destination in each rule",
                "name where its images go, or leave the rule out",
            )


def _check_destinations(
    destinations: Sequence[RegistryAddress], registry: RegistryAddress
) -> Iterator[Finding]:
    for address in sorted(set(destinations)):
        yield from check_account_id(address.account, option=_PROPERTY)
        if not (is_deferred(address.region) or _REGION.fullmatch(address.region)):
            yield _finding(
                "replication-region-invalid",
                "has a destination that is no Region",
                address.region,
                "the name of a Region, 'eu-central-1' say",
                "name a Region",
            )
        elif _over_partitions(address, registry):
            yield _finding(
                "replication-partition",
                "has a destination of another partition",
                str(address),
                f"Regions of the partition of {registry.region}",
                "copy such images by your own pipeline",
            )
        if address == registry:
            yield _finding(
                "replication-own-registry",
                "has the registry itself as a destination",
                str(address),
                "another Region, or another account",
                "leave that destination out",
            )
        if list(destinations).count(address) > 1:
            yield _finding(
                "replication-destination-twice",
                "has a destination twice in one rule",
                str(address),
                "each destination once",
                "leave one out",
            )


def _over_partitions(address: RegistryAddress, registry: RegistryAddress) -> bool:
    one, another = partition_of(address.region), partition_of(registry.region)
    return one is not None and another is not None and one != another


def _finding(
    code: str, message: str, given: object, allowed: str, fix: str, *, docs: str = DOCS
) -> Finding:
    return Finding(
        code=code,
        property=_PROPERTY,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
    )
