"""Where a repository or role of the fleet stands: a stack of its group, under a logical id.

Both follow from the entry's own group and name, and from the number of shards that stands in the
manifest, so that no other entry can move it: a repository that changes its stack or logical id
would be deleted with its images, or collide with itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from .values import Fleet, FleetRepository

__all__ = [
    "Shard",
    "group_of",
    "repository_logical_id",
    "role_logical_id",
    "shard_of",
    "shards_of",
    "stack_id",
]

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
# CloudFormation takes 255 characters; the rest is left to whoever puts something around them.
_LONGEST_READABLE: Final = 200
_DIGITS: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Shard:
    """One stack of the fleet and what stands in it."""

    stack: str
    """Its id: the group and the number of the shard, from 1."""
    group: str
    """The group."""
    number: int
    """The number of the shard, from 1."""
    repositories: tuple[FleetRepository, ...]
    """Sorted by name, so that the order of the manifest changes no template."""
    roles: tuple[str, ...]
    """The names of its roles, sorted."""


def shard_of(name: str, shards: int) -> int:
    """The number of the shard, from 1, that a name belongs to."""
    if shards == 1:
        return 1
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big") % shards + 1


def stack_id(group: str, number: int) -> str:
    """The id of the stack of a shard. No two shards of any groups have the same."""
    return f"{group}-{number}"


def repository_logical_id(name: str) -> str:
    """The logical id of a repository: readable, and another one for each name."""
    return _logical_id("Repository", name)


def role_logical_id(name: str) -> str:
    """The logical id of a role: readable, and another one for each name."""
    return _logical_id("Role", name)


def group_of(fleet: Fleet, entry: FleetRepository) -> str:
    """The group of a repository: its own, else that of its kind."""
    if entry.group is not None:
        return entry.group
    kind = fleet.kinds[entry.kind] if entry.kind is not None else None
    return (kind.group if kind is not None else None) or ""


def shards_of(fleet: Fleet) -> Mapping[str, Shard]:
    """Every stack of the fleet by its id, the empty ones included: groups as written."""
    repositories: dict[str, list[FleetRepository]] = {}
    roles: dict[str, list[str]] = {}
    for name, group in fleet.groups.items():
        for number in range(1, group.shards + 1):
            repositories[stack_id(name, number)] = []
            roles[stack_id(name, number)] = []
    for entry in fleet.repositories:
        group_name = group_of(fleet, entry)
        number = shard_of(entry.name, fleet.groups[group_name].shards)
        repositories[stack_id(group_name, number)].append(entry)
    for name, role in fleet.roles.items():
        number = shard_of(name, fleet.groups[role.group].shards)
        roles[stack_id(role.group, number)].append(name)
    return {
        stack_id(name, number): Shard(
            stack=stack_id(name, number),
            group=name,
            number=number,
            repositories=tuple(sorted(repositories[stack_id(name, number)], key=_name_of)),
            roles=tuple(sorted(roles[stack_id(name, number)])),
        )
        for name, group in fleet.groups.items()
        for number in range(1, group.shards + 1)
    }


def _name_of(entry: FleetRepository) -> str:
    return entry.name


def _logical_id(prefix: str, name: str) -> str:
    readable = "".join([word[0].upper() + word[1:] for word in _WORD.findall(name)])
    digest = sha256(name.encode()).hexdigest()[:_DIGITS].upper()
    return f"{prefix}{readable[:_LONGEST_READABLE]}{digest}"
