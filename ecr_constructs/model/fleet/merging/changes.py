"""What was done to the witnesses, done to all."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...errors import raise_dangers
from ...findings import Finding
from ..meaning.tags import rendered_tags
from ..meaning.written import WrittenResource, compact
from .findings import decided_per_resource, replaced_as_whole
from .resources import (
    KEYED,
    PATH_KEY,
    Resource,
    ResourceClass,
    keyed,
    parts_of,
    reshaped_part,
)

__all__ = ["carried"]


class _Mark(enum.Enum):
    """What no value of a template can be."""

    ABSENT = "absent"
    KEPT = "its own"
    UNCLEAR = "one and another"


_ORDER: Final = (
    "Type",
    "Properties",
    "DependsOn",
    "CreationPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "DeletionPolicy",
    "Version",
    "Description",
    "Metadata",
    "Condition",
)


def carried(
    classes: Iterable[ResourceClass],
    first: Collection[str],
    rendered: Mapping[str, Resource],
    *,
    within: str | None = None,
) -> dict[str, Resource]:
    """What is not as the manifest means it, as it would be if each resource were a construct.

    :param classes: the resources, as the manifest means them.
    :param first: those that were witnesses from the beginning, see :func:`.witnesses.witnesses_of`.
    :param rendered: all that are witnesses, as the template has them. One that became it later may
        have missed what was done to the others before.
    :param within: what construct paths begin with, where templates have them.
    :raises InvalidInputError: where what became of the witnesses does not say what would have
        become of the others.
    """
    found: list[Finding] = []
    changed: dict[str, Resource] = dict(rendered)
    for members in classes:
        if not all(each in first for each in members):
            witnesses = [each for each in members if each in rendered]
            reshaped = list(_reshaped({each: rendered[each] for each in witnesses}))
            if reshaped:
                found.extend(reshaped)
                continue
            table = _Table.of([(each, members[each], rendered[each]) for each in witnesses])
            unclear = list(table.unclear())
            found.extend(unclear)
            if not unclear and (table.changed or within is not None):
                write = _Writer(table)
                for each, entry in members.items():
                    if each not in rendered:
                        changed[each] = write.changed(entry, within and within + each)
    raise_dangers(found)
    return changed


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What a witness had of something, and has now."""

    witness: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class _Table:
    """What the witnesses of a class had and have, of each part, and of each tag and metadata key.

    Of a key it is seen apart what became of it where the entry had it and where it had it not.
    """

    parts: Mapping[str, Sequence[_Seen]]
    keys: Mapping[tuple[str, str, bool], Sequence[_Seen]]

    @classmethod
    def of(cls, witnesses: Sequence[tuple[str, Resource, Resource]]) -> _Table:
        """The table of these witnesses: logical id, before and after."""
        parts: dict[str, list[_Seen]] = {}
        keys: dict[tuple[str, str, bool], list[_Seen]] = {}
        views = [(each, parts_of(one), parts_of(two)) for each, one, two in witnesses]
        # Dictionaries, for sets of texts have another order in each process.
        for name in dict.fromkeys(name for _, one, two in views for name in (*one, *two)):
            parts[name] = _seen(views, name)
        for table in KEYED:
            tables = [(each, keyed(one, table), keyed(two, table)) for each, one, two in witnesses]
            for key in dict.fromkeys(key for _, one, two in tables for key in (*one, *two)):
                for entry in _seen(tables, key):
                    had = entry.before is not _Mark.ABSENT
                    keys.setdefault((table, key, had), []).append(entry)
        return cls(parts=parts, keys=keys)

    @property
    def changed(self) -> bool:
        """Whether anything became of anything."""
        every = (*self.parts.values(), *self.keys.values())
        return any(_outcome(seen) is not _Mark.KEPT for seen in every)

    def unclear(self) -> Iterator[Finding]:
        """What became something else on one witness than on another."""
        named = [*self.parts.items()]
        named += [(f"{table} {key!r}", seen) for (table, key, _), seen in self.keys.items()]
        named += [(f"{table} {key!r}", seen) for table, key, seen in self._replaced_in_some()]
        for name, seen in sorted(named, key=_name_of):
            if _outcome(seen) is _Mark.UNCLEAR:
                yield decided_per_resource(name, [entry.witness for entry in seen])

    def _replaced_in_some(self) -> Iterator[tuple[str, str, Sequence[_Seen]]]:
        """Keys with a new value where the entry had it, and still none where it had it not.

        Who sets a tag or a key sets it everywhere. It was an entry of the list that was replaced,
        by its number, and others may have another key there.
        """
        for (table, key, had), seen in self.keys.items():
            without = self.keys.get((table, key, False), ())
            if had and without and _outcome(without) is _Mark.KEPT:
                replaced = _outcome(seen) not in (_Mark.KEPT, _Mark.ABSENT, _Mark.UNCLEAR)
                if replaced:
                    yield table, key, (*seen, *without)

    def outcome(self, table: str, key: str, *, had: bool) -> object:
        """What becomes of a key of a resource."""
        return _outcome(self.keys.get((table, key, had), ()))

    def keys_of(self, table: str) -> dict[str, None]:
        """The keys that witnesses have or had, in their order."""
        return dict.fromkeys(key for of, key, _ in self.keys if of == table)


def _reshaped(rendered: Mapping[str, Resource]) -> Iterator[Finding]:
    """What is no longer of the form in which it could be compared, and given to others."""
    for witness, resource in rendered.items():
        part = reshaped_part(resource)
        if part is not None:
            yield replaced_as_whole(part, witness)


def _name_of(named: tuple[str, object]) -> str:
    return named[0]


def _seen(
    views: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any]]], name: str
) -> list[_Seen]:
    return [
        _Seen(
            witness=each,
            before=before.get(name, _Mark.ABSENT),
            after=after.get(name, _Mark.ABSENT),
        )
        for each, before, after in views
    ]


def _outcome(seen: Sequence[_Seen]) -> Any:
    """Each keeps its own, or all get one value; else it cannot be told."""
    if all(entry.after == entry.before for entry in seen):
        return _Mark.KEPT
    value = seen[0].after
    return value if all(entry.after == value for entry in seen) else _Mark.UNCLEAR


class _Writer:
    """Writes what became of witnesses to others of their class."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self._tags_alone = not any(
            _outcome(seen) is not _Mark.KEPT
            for seen in (
                *table.parts.values(),
                *(seen for (of, _, _), seen in table.keys.items() if of != "Tags"),
            )
        )
        # Of a resource without tags of its own.
        self._tags = rendered_tags(_keyed_with({}, table, "Tags"))
        self._tags_text = compact(self._tags)

    def changed(self, entry: Resource, path: str | None) -> Resource:
        """The resource as it is now.

        :param path: its construct path, where templates have them.
        """
        # By far the most: tags and the construct path are behind all else that such a one has.
        if self._tags_alone and isinstance(entry, WrittenResource) and _ends_before_tags(entry):
            if self._tags:
                entry = entry.with_last_property("Tags", self._tags, self._tags_text)
            return entry if path is None else entry.with_last("Metadata", {PATH_KEY: path})
        return _with(entry, self._table, path)


def _ends_before_tags(entry: Resource) -> bool:
    return "Metadata" not in entry and all(name < "Tags" for name in entry["Properties"])


def _with(entry: Resource, table: _Table, path: str | None) -> Resource:
    properties = dict(entry["Properties"])
    attributes = dict(entry)
    for name, seen in table.parts.items():
        of_resource = name.startswith(".")
        _put(attributes if of_resource else properties, name.removeprefix("."), _outcome(seen))
    _put(properties, "Tags", rendered_tags(_keyed_with(entry, table, "Tags")) or _Mark.ABSENT)
    metadata = _keyed_with(entry, table, "Metadata")
    if path is not None:
        metadata = {PATH_KEY: path, **metadata}
    _put(attributes, "Metadata", metadata or _Mark.ABSENT)
    attributes["Properties"] = dict(sorted(properties.items()))
    ordered = dict.fromkeys((*_ORDER, *attributes))
    return {name: attributes[name] for name in ordered if name in attributes}


def _keyed_with(entry: Resource, table: _Table, name: str) -> dict[str, Any]:
    values = keyed(entry, name)
    for key in table.keys_of(name):
        _put(values, key, table.outcome(name, key, had=key in values))
    return values


def _put(place: dict[str, Any], name: str, value: object) -> None:
    if value is _Mark.ABSENT:
        place.pop(name, None)
    elif value is not _Mark.KEPT:
        place[name] = value
