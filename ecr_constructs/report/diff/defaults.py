"""Parameters of which a template changes the default.

A deploy gives a parameter the value that it had, or the new default where nobody asks for that. So
what follows from a new default alone is not certain.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ...model.findings import Severity
from ..check.located import Located
from ..reading.source import Source, Sources
from ..template.stack import Stack
from .pairs import Sides

__all__ = ["Defaults"]

_MOST_NAMED: Final = 3
# The default of such a one is where its value is kept.
_FROM_SSM: Final = "AWS::SSM::Parameter::Value"


@dataclass(frozen=True)
class Defaults:
    """The parameters of two versions that have another default in the new one."""

    by_source: Mapping[int, tuple[str, ...]]
    """Their names, by the identity of each version's source."""

    @classmethod
    def changed(cls, sides: Sides) -> Defaults:
        """Those of stacks that are there before and after."""
        found: dict[int, tuple[str, ...]] = {}
        for pair in sides.stacks:
            if pair.old is not None and pair.new is not None:
                names = tuple(_changed(pair.old, pair.new))
                if names:
                    found[id(pair.old.source)] = found[id(pair.new.source)] = names
        return cls(found)

    def __bool__(self) -> bool:
        return bool(self.by_source)

    def opened(self, sources: Sources) -> Sources:
        """A version with these parameters as ones that may have any value."""
        return replace(sources, stacks=tuple(map(self._opened, sources.stacks)))

    def weighed(self, found: Iterable[Located], certain: Iterable[Located]) -> Iterator[Located]:
        """The findings, milder and with what they depend on where they are not certain.

        :param certain: what is found whatever value the parameters have.
        """
        known = {_key(each) for each in certain}
        for each in found:
            if _key(each) in known:
                yield each
                continue
            finding = each.finding
            milder = Severity.WARNING if finding.severity is Severity.DANGER else finding.severity
            message = f"{finding.message} (where {self._named()} another value than it has)"
            yield replace(each, finding=replace(finding, severity=milder, message=message))

    def _named(self) -> str:
        names = list(dict.fromkeys(name for each in self.by_source.values() for name in each))
        if len(names) > _MOST_NAMED:
            return f"one of {len(names)} parameters with a new default gets"
        return f"{' or '.join(names)} gets"

    def _opened(self, source: Source) -> Source:
        names = self.by_source.get(id(source), ())
        nested = {key: self._opened(each) for key, each in source.nested.items()}
        parameters = {
            name: {key: value for key, value in each.items() if key != "Default"}
            if name in names
            else each
            for name, each in _parameters(source).items()
        }
        template = {**source.template, "Parameters": parameters} if names else source.template
        return replace(source, template=template, nested=nested)


def _changed(old: Stack, new: Stack) -> Iterator[str]:
    before, now = _parameters(old.source), _parameters(new.source)
    for name, other in now.items():
        one = before.get(name)
        if not isinstance(one, Mapping) or not isinstance(other, Mapping):
            continue
        kept_elsewhere = str(other.get("Type")).startswith(_FROM_SSM)
        if one.get("Default") != other.get("Default") and not kept_elsewhere:
            yield name


def _parameters(source: Source) -> Mapping[str, Any]:
    written = source.template.get("Parameters")
    return written if isinstance(written, Mapping) else {}


def _key(located: Located) -> tuple[str, str, str, str, Severity]:
    finding, resource = located.finding, located.resource
    return (
        resource.stack.scope,
        resource.logical_id,
        finding.code,
        finding.property,
        finding.severity,
    )
