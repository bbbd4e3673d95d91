"""All stacks of an assembly, and what they take from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, TypeAlias

from ..reading.faults import unusable
from ..reading.source import Source
from .alternatives import NOTHING, passes_on
from .marks import Marks
from .possible import Possible
from .redefined import Redefined
from .references import NAMED
from .stack import Resource, Stack

__all__ = ["App"]

_CROSS_REGION_WRITER: Final = "Custom::CrossRegionExportWriter"
Place: TypeAlias = tuple[str | None, str | None]
# A text that is joined with itself and used again grows far beyond the template it stands in.
_MOST_MADE: Final = 100_000_000


class App:
    """The stacks that belong together, nested ones included."""

    def __init__(self, sources: Iterable[Source], *, beside: App | None = None) -> None:
        """``beside``: the app as it was. The same thing has the same stand-in in both then."""
        self._scopes: dict[str, int] = {}
        # Conditions of one name in several stacks, of either app: a label means the same in both.
        self.told_apart: set[str] = set() if beside is None else beside.told_apart
        given = tuple(sources)
        self._file = given[0].file if given else ""
        self._made = 0
        self.marks: Marks
        self._before = {} if beside is None else _scopes_before(given, beside.top)
        self._taken = frozenset(self._before.values())
        if beside is None:
            self.marks = Marks(_ambiguous(given))
        else:
            self.marks = beside.marks
            self.marks.tell_apart(_ambiguous(given))
        self.told_apart |= _shared_conditions(given)
        self.top: tuple[Stack, ...] = tuple(Stack(source, self) for source in given)
        self.stacks: tuple[Stack, ...] = tuple(_with_nested(self.top))
        self._over_regions: dict[str, Any] = {}
        self._exports: dict[tuple[str, str, str], tuple[Stack, str]] | None = None
        self.redefined: Redefined | None = None
        if beside is not None:
            self.redefined = beside.redefined = Redefined(beside, self)

    @cached_property
    def possible(self) -> Possible:
        """Which conditions can hold together, those of the other version among them."""
        return Possible((self,) if self.redefined is None else self.redefined.versions)

    def made(self, amount: int) -> None:
        """Count the characters that functions made; refuse templates that never end."""
        self._made += amount
        if self._made > _MOST_MADE:
            raise unusable(
                self._file,
                f"makes more than {_MOST_MADE} characters of its functions",
                "check what they repeat",
            )

    def of_kind(self, *kinds: str) -> Iterator[Resource]:
        """The resources of some types, in the order of stacks and templates."""
        for stack in self.stacks:
            yield from stack.of_kind(*kinds)

    def scope_for(self, stack: str, place: Place = (None, None)) -> str:
        """A name for a stack that no other has, for stand-ins; ``place``: account and Region."""
        before = self._before.pop((stack, place), None)
        while before is None:
            self._scopes[stack] = self._scopes.get(stack, 0) + 1
            number = self._scopes[stack]
            name = stack if number == 1 else f"{stack}#{number}"
            before = None if name in self._taken else name
        return before

    def condition_label(self, scope: str, name: str) -> str:
        """The condition's name, with its stack where several have one of that name."""
        label = f"{scope}.{name}" if name in self.told_apart else name
        return label if self.redefined is None else self.redefined.label(self, scope, name, label)

    def exported(self, name: str, importer: Stack) -> Any:
        """The value of an export; NOTHING where no stack of the app has it.

        An export is one of an account and Region. An app of which one of both is open is taken
        to be deployed together.
        """
        exports = self._all_exports()
        found = exports.get((importer.account, importer.region, name))
        if found is None:
            others = [entry for (_, _, other), entry in exports.items() if other == name]
            found = others[0] if len(others) == 1 else None
        if found is None:
            return NOTHING
        stack, output = found
        return stack.output(output)

    def output_of(self, stack_name: str, output: str, region: Any, user: Stack) -> Any:
        """The output of a stack by name; NOTHING where no stack of the app has it."""
        named = [
            stack
            for stack in self.top
            if stack.source.stack_name == stack_name
            and output in _mapping(stack.source.template.get("Outputs"))
        ]
        wanted = (user.account, region if isinstance(region, str) else user.region)
        near = [stack for stack in named if (stack.account, stack.region) == wanted]
        found = near or named
        return found[0].output(output) if len(found) == 1 else NOTHING

    def cross_region(self, name: str) -> Any:
        """What CDK's own resource writes for stacks of other Regions; None where it does not."""
        if name not in self._over_regions:
            # What stands there while the value is resolved ends a circle.
            self._over_regions[name] = None
            value = self._written_over_regions(name)
            self._over_regions[name] = value if passes_on(value) else None
        return self._over_regions[name]

    def _written_over_regions(self, name: str) -> Any:
        for stack in self.stacks:
            for entry in stack.resources.values():
                if _mapping(entry).get("Type") != _CROSS_REGION_WRITER:
                    continue
                properties = _mapping(_mapping(entry).get("Properties"))
                written = _mapping(_mapping(properties.get("WriterProps")).get("exports"))
                if name in written:
                    return stack.resolve(written[name])
        return None

    def _all_exports(self) -> dict[tuple[str, str, str], tuple[Stack, str]]:
        if self._exports is None:
            # Empty while names are resolved: an export's name may not come from an import.
            self._exports = {}
            found: dict[tuple[str, str, str], tuple[Stack, str]] = {}
            for stack in self.stacks:
                for key, output in _mapping(stack.source.template.get("Outputs")).items():
                    export = _mapping(_mapping(output).get("Export"))
                    name = stack.resolve(export.get("Name"))
                    if isinstance(name, str):
                        found[stack.account, stack.region, name] = (stack, str(key))
            self._exports = found
        return self._exports


def _with_nested(stacks: Iterable[Stack]) -> Iterator[Stack]:
    for stack in stacks:
        yield stack
        yield from _with_nested(stack.nested.values())


def _scopes_before(
    given: tuple[Source, ...], before: tuple[Stack, ...]
) -> dict[tuple[str, Place], str]:
    """By stack and place, the names for stand-ins that the stacks of another app have.

    A single template is the stack that a single template was, whatever its file is called.
    """
    scopes = {
        (stack.source.stack, (stack.source.account, stack.source.region)): stack.scope
        for stack in before
    }
    if len(given) == len(before) == 1:
        now, then = given[0], before[0].source
        if None in (now.stack_name, then.stack_name):
            return {(now.stack, (now.account, now.region)): before[0].scope}
    return scopes


def _all_sources(sources: Iterable[Source]) -> Iterator[Source]:
    for source in sources:
        yield source
        yield from _all_sources(source.nested.values())


def _shared_conditions(sources: Iterable[Source]) -> set[str]:
    """The names of conditions that several templates have."""
    files: dict[str, set[str]] = {}
    for source in _all_sources(sources):
        for name in _mapping(source.template.get("Conditions")):
            files.setdefault(str(name), set()).add(source.file)
    return {name for name, having in files.items() if len(having) > 1}


def _ambiguous(sources: Iterable[Source]) -> frozenset[str]:
    """Logical ids of which two resources would print the same ARN.

    It is so where two stacks of an account have the same construct, and its name is made up.
    """
    places: dict[tuple[str, object, object], int] = {}
    for source in _all_sources(sources):
        for logical_id, resource in _mapping(source.template.get("Resources")).items():
            named = NAMED.get(str(_mapping(resource).get("Type")))
            if named is None or named.name in _mapping(_mapping(resource).get("Properties")):
                continue
            region = source.region if "{region}" in named.arn else ""
            place = (str(logical_id), source.account, region)
            places[place] = places.get(place, 0) + 1
    return frozenset(logical_id for (logical_id, *_), amount in places.items() if amount > 1)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
