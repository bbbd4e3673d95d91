"""Which resources of a stack are made as real constructs in fast mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .resources import KEYED, Resource, classes_of, keyed, parts_of

__all__ = ["differing", "witnesses_of"]

_PAIR = 2


def witnesses_of(resources: Mapping[str, Resource]) -> list[str]:
    """The logical ids of the witnesses, in the order of the resources.

    Of each class the first and the last; where they have the same value of something in which the
    class differs, one more that has another; and for each tag key one that has it and one that has
    it not. So an Aspect that replaces a value shows on two different ones that it does, and a tag
    that an entry has itself shows which of the two wins.
    """
    chosen: set[str] = set()
    for members in classes_of(resources):
        chosen.update(_chosen(members))
    return [logical_id for logical_id in resources if logical_id in chosen]


def differing(members: Sequence[Resource]) -> set[str]:
    """The parts, as :func:`parts_of` names them, that are not the same in all of a class."""
    first = parts_of(members[0])
    found: set[str] = set()
    for member in members[1:]:
        parts = parts_of(member)
        # What follows one kind is one object: the comparison of most values ends there.
        found.update(
            name
            for name, value in parts.items()
            if name not in found and first.get(name) is not value and first.get(name) != value
        )
    return found


def _chosen(members: Mapping[str, Resource]) -> Iterator[str]:
    ids = list(members)
    chosen = [ids[0], ids[-1]] if len(ids) >= _PAIR else ids
    yield from chosen
    first = parts_of(members[ids[0]])
    for name in sorted(differing(list(members.values()))):
        if all(parts_of(members[each])[name] == first[name] for each in chosen):
            other = next(each for each in ids if parts_of(members[each])[name] != first[name])
            chosen.append(other)
            yield other
    for name in KEYED:
        held = {each: keyed(members[each], name) for each in ids}
        for key in sorted({key for own in held.values() for key in own}):
            yield from _by_key({each: own.get(key) for each, own in held.items()}, chosen)


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
