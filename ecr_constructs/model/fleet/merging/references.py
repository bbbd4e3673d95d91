"""What only CDK could write into another stack's template: references to its resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["references_in"]

_PSEUDO = "AWS::"
_NAMES = ("Fn::GetAtt", "Fn::ImportValue", "Fn::GetStackOutput")


def references_in(value: object) -> Iterator[object]:
    """Every reference in a resolved value, but for the pseudo parameters."""
    if isinstance(value, Mapping):
        for name, argument in value.items():
            if name in _NAMES or (name == "Ref" and not str(argument).startswith(_PSEUDO)):
                yield {name: argument}
            else:
                yield from references_in(argument)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from references_in(entry)
