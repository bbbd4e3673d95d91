"""What is wrong with one value of a manifest, whatever the others say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ...account.identifiers import check_account_id
from ...deferred import is_deferred
from ...findings import Finding
from ...lifecycle import LifecycleRule
from ...repository.encryption import check_encryption
from ...repository.mutability import MutableTags
from ...repository.name import check_repository_name
from ...repository.options import check_flag, check_instances
from ...repository.removal import Removal
from ...repository.tags import MAX_TAGS, check_resource_tags
from ...roles.naming import check_role
from ..faults import Fault
from ..principals import FleetPrincipal, FleetTrust
from .finding import finding_of

if TYPE_CHECKING:
    from ..values import (
        FleetEnvironment,
        FleetGroup,
        FleetKind,
        FleetOptions,
        FleetRepository,
        FleetRole,
    )

__all__ = [
    "MAX_SHARDS",
    "check_environment",
    "check_group",
    "check_kind",
    "check_options",
    "check_repository",
    "check_role_value",
    "says_names_alone",
]

MAX_SHARDS: Final = 1_000
_REGION: Final = re.compile(r"[a-z]{2,5}(?:-[a-z]+){1,3}-[0-9]{1,2}")
_PLAIN_NAME: Final = re.compile(r"(?=.{2,256}\Z)[a-z0-9]+(?:[./_-][a-z0-9]+)*")
_PLAIN_KEY: Final = re.compile(r"(?!aws:)[A-Za-z0-9_.:/=+@ -]{1,127}", re.IGNORECASE | re.ASCII)
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_.:/=+@ -]{1,255}", re.ASCII)
_REGION_DOCS: Final = "https://docs.aws.amazon.com/general/latest/gr/ecr.html"


def says_names_alone(entry: FleetRepository) -> bool:
    """Whether an entry is such as nearly all are: three names in which nothing can be wrong.

    It saves time where thousands of entries follow a few kinds. What is not plain is for the rules
    to judge.
    """
    return (
        entry.lifecycle is None
        and entry.pull is None
        and entry.push is None
        and entry.tags is None
        and entry.encryption is None
        and entry.encryption_key is None
        and entry.mutable_tags is None
        and entry.scan_on_push is None
        and entry.removal is None
        and (entry.kind is None or isinstance(entry.kind, str))
        and (entry.group is None or isinstance(entry.group, str))
        and isinstance(entry.name, str)
        and _PLAIN_NAME.fullmatch(entry.name) is not None
    )


def check_repository(entry: FleetRepository) -> Iterator[Fault]:
    """What is wrong with an entry by itself."""
    for found in check_repository_name(entry.name):
        yield Fault.of(("name",), found)
    if isinstance(entry.name, str) and is_deferred(entry.name):
        yield Fault.of(
            ("name",),
            finding_of(
                "repository-name-deferred",
                "is known only at deployment, and decides in which stack the repository stands",
                entry.name,
                "a literal name",
                "write the name out, or use SecureRepository",
            ),
        )
    if entry.kind is not None and not isinstance(entry.kind, str):
        yield _no_text("kind", entry.kind)
    yield from check_kind(entry)


def check_kind(entry: FleetKind | FleetRepository) -> Iterator[Fault]:
    """What is wrong with a kind, or with an entry but for its name and kind."""
    if entry.group is not None and not isinstance(entry.group, str):
        yield _no_text("group", entry.group)
    yield from check_options(entry)


def check_options(options: FleetOptions) -> Iterator[Fault]:
    """What is wrong with the options of a kind, an entry or an environment."""
    if options.lifecycle is not None:
        yield from _at("lifecycle", check_instances("lifecycle", options.lifecycle, LifecycleRule))
    for name, accessors in (("pull", options.pull), ("push", options.push)):
        if accessors is not None:
            yield from _accessors(name, accessors)
    if options.tags is not None:
        yield from _tags(options.tags)
    if options.encryption is not None or options.encryption_key is not None:
        yield from _encryption(options)
    if options.mutable_tags is not None and not isinstance(options.mutable_tags, MutableTags):
        yield from _at(
            "mutable_tags", check_instances("mutable_tags", [options.mutable_tags], MutableTags)
        )
    if options.scan_on_push is not None:
        yield from _at("scan_on_push", check_flag("scan_on_push", options.scan_on_push))
    if options.removal is not None:
        yield from _at("removal", check_instances("removal", [options.removal], Removal))


def check_group(group: FleetGroup) -> Iterator[Fault]:
    """What is wrong with the number of shards."""
    shards: object = group.shards
    if isinstance(shards, int) and not isinstance(shards, bool) and 1 <= shards <= MAX_SHARDS:
        return
    yield Fault.of(
        ("shards",),
        finding_of(
            "fleet-shards-invalid",
            "is no number of stacks",
            shards,
            f"a whole number from 1 to {MAX_SHARDS}",
            "give a stack for every 300 repositories that the group will ever hold",
        ),
    )


def check_environment(environment: FleetEnvironment) -> Iterator[Fault]:
    """What is wrong with an account and Region."""
    if environment.account is not None:
        yield from _at("account", check_account_id(environment.account))
    region: object = environment.region
    if region is not None and not (
        isinstance(region, str) and (is_deferred(region) or _REGION.fullmatch(region))
    ):
        yield Fault.of(
            ("region",),
            finding_of(
                "region-invalid",
                "is not a Region",
                region,
                "the code of a Region: 'eu-west-1', say",
                "take it from the page of ECR's endpoints",
                docs=_REGION_DOCS,
            ),
        )


def check_role_value(role: FleetRole) -> Iterator[Fault]:
    """What is wrong with a role by itself."""
    for found in check_role(role_name=role.role_name, description=role.description):
        yield Fault.of((found.property,), found)
    if not isinstance(role.group, str):
        yield _no_text("group", role.group)
    if not isinstance(role.trust, FleetTrust):
        yield from _at("trust", check_instances("trust", [role.trust], FleetTrust))


def _accessors(option: str, accessors: object) -> Iterator[Fault]:
    if isinstance(accessors, str) or not isinstance(accessors, Sequence):
        yield Fault.of(
            (option,),
            finding_of(
                "fleet-option-type",
                f"is a {type(accessors).__name__}, not a list",
                accessors,
                "a list of names and principals",
                f"write [{accessors!r}]" if isinstance(accessors, str) else "give a list",
            ),
        )
        return
    for index, accessor in enumerate(accessors):
        if not isinstance(accessor, (str, FleetPrincipal)):
            yield Fault.of(
                (option, index),
                finding_of(
                    "fleet-option-type",
                    f"is a {type(accessor).__name__}, which names nobody",
                    accessor,
                    "the name of a principal or role of the manifest, or a Principal",
                    "write FleetPrincipal.account('111122223333'), say",
                ),
            )


def _tags(tags: Mapping[str, str]) -> Iterator[Fault]:
    if _plain_tags(tags) or not check_resource_tags(tags):
        return
    if not isinstance(tags, Mapping) or len(tags) > MAX_TAGS:
        yield from _at("tags", check_resource_tags(tags)[:1])
        return
    for key, value in tags.items():
        for found in check_resource_tags({key: value}):
            yield Fault.of(("tags", key), found)


def _plain_tags(tags: object) -> bool:
    """Whether tags are such as nearly all are: it saves time where thousands of entries have some.

    What is not plain is for the rule to judge.
    """
    if not isinstance(tags, dict) or len(tags) > MAX_TAGS:
        return False
    for key, value in tags.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            return False
        if not (_PLAIN_KEY.fullmatch(key) and _PLAIN_VALUE.fullmatch(value)):
            return False
    return True


def _encryption(options: FleetOptions) -> Iterator[Fault]:
    key = options.encryption_key
    if key is not None and not isinstance(key, str):
        yield _no_text("encryption_key", key)
        return
    for found in check_encryption(options.encryption, has_key=key is not None, key_arn=key):
        yield Fault.of((found.property,), found)


def _at(option: str, findings: tuple[Finding, ...]) -> Iterator[Fault]:
    for found in findings:
        yield Fault.of((option,), found)


def _no_text(option: str, given: object) -> Fault:
    return Fault.of(
        (option,),
        finding_of(
            "fleet-option-type",
            f"is a {type(given).__name__}, not a text",
            given,
            "a text",
            "write the name in quotes",
        ),
    )
