"""Which resources of a stack are made as real constructs in fast mode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .resources import KEYED, Resource, ResourceClass, keyed, parts_of

__all__ = ["are_few", "differing", "witnesses_of"]

_PAIR = 2


def witnesses_of(classes: Iterable[ResourceClass]) -> list[str]:
    """The logical ids of the witnesses, class by class.

    Of each class the first and the last; where they have the same value of something in which the
    class differs, one more that has another, and of a list one of another length; and for each tag
    key one that has it and one that has it not. So an Aspect that replaces a value shows on two
    different ones that it does, and a tag that an entry has itself shows which of the two wins.
    """
    return [logical_id for members in classes for logical_id in _chosen(members)]


def are_few(members: ResourceClass) -> bool:
    """Whether all of a class in one stack are witnesses anyway."""
    return len(members) <= _PAIR


def differing(members: ResourceClass) -> set[str]:
    """The parts, as :func:`.resources.parts_of` names them, that are not the same in all."""
    first, *others = members.values()
    found: set[str] = set()
    for name, value in parts_of(first).items():
        of_resource = name.startswith(".")
        key = name.removeprefix(".")
        for other in others:
            theirs = other.get(key) if of_resource else other["Properties"].get(key)
            # What follows one kind is one object: most comparisons end there.
            if theirs is not value and theirs != value:
                found.add(name)
                break
    return found


def _chosen(members: ResourceClass) -> Iterator[str]:
    ids = list(members)
    chosen = [ids[0], ids[-1]] if len(ids) >= _PAIR else ids
    yield from chosen
    for name in sorted(differing(members)):
        one = _part(members[ids[0]], name)
        if all(_part(members[each], name) == one for each in chosen):
            other = next(each for each in ids if _part(members[each], name) != one)
            chosen.append(other)
            yield other
        if _length(one) is not None:
            lengths = {each: _length(_part(members[each], name)) for each in ids}
            yield from _by_length(lengths, chosen)
    for name in KEYED:
        if not keyed(members[ids[0]], name):
            # Whether it has any is what makes a class.
            continue
        held = {each: keyed(members[each], name) for each in ids}
        for key in sorted({key for own in held.values() for key in own}):
            yield from _by_key({each: own.get(key) for each, own in held.items()}, chosen)


def _part(resource: Resource, name: str) -> object:
    """A part by its name; None where the resource has none, as before a grant."""
    if name.startswith("."):
        return resource.get(name.removeprefix("."))
    return resource["Properties"].get(name)


def _length(part: object) -> int | None:
    """How many entries a list has, or the policy that a part is."""
    listed = part.get("Statement") if isinstance(part, Mapping) else part
    return len(listed) if isinstance(listed, list) else None


def _by_length(lengths: Mapping[str, int | None], chosen: list[str]) -> Iterator[str]:
    """A witness of another length, as far as there is one: an override may replace one entry."""
    seen = {lengths[each] for each in chosen}
    if len(seen) == 1:
        for each, length in lengths.items():
            if length not in seen:
                chosen.append(each)
                yield each
                return


def _by_key(values: Mapping[str, object], chosen: list[str]) -> Iterator[str]:
    """Witnesses with and without a key, and with two values of it, as far as there are such."""
    with_key = {each: value for each, value in values.items() if value is not None}
    wanted = [with_key.keys(), values.keys() - with_key.keys()]
    held = [values[each] for each in chosen if each in with_key] or list(with_key.values())
    wanted.append({each for each, value in with_key.items() if value != held[0]})
    for group in wanted:
        if group and not group & set(chosen):
            found = next(each for each in values if each in group)
            chosen.append(found)
            yield found
