"""CloudFormation's intrinsic functions, carried out as far as a template decides them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from .alternatives import NOTHING, Alternatives, conditions_in, for_each
from .marks import is_open, marked

if TYPE_CHECKING:
    from .stack import Stack

__all__ = ["PIECE", "Functions"]

_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_DYNAMIC: Final = re.compile(r"\{\{resolve:[^{}]*\}\}")
_DEEPEST: Final = 200
_LONGEST: Final = 1_000_000
# What an entry of a list takes besides its text, in characters.
PIECE: Final = 50
# Each more doubles what is looked at.
_MOST_CONDITIONS: Final = 6


class _UndecidedError(Exception):
    """The template does not say what the function gives."""


class Functions:
    """The functions as one stack sees them."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._depth = 0
        self._by_name: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import_value,
            "Fn::GetStackOutput": self._get_stack_output,
            "Fn::Base64": self._base64,
            "Fn::Length": self._length,
            "Fn::ToJsonString": self._to_json,
        }

    def resolve(self, value: Any) -> Any:
        """The value with every function in it carried out."""
        if isinstance(value, str):
            return _DYNAMIC.sub(self._dynamic, value) if "{{resolve:" in value else value
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or str(name).startswith("Fn::"):
                    return self._call(str(name), argument)
            resolved = ((key, self.resolve(entry)) for key, entry in value.items())
            return {key: entry for key, entry in resolved if entry is not NOTHING}
        if isinstance(value, list):
            entries = (self.resolve(entry) for entry in value)
            return [entry for entry in entries if entry is not NOTHING]
        return value

    def _call(self, name: str, argument: Any) -> Any:
        function = self._by_name.get(name)
        if function is None or self._depth > _DEEPEST:
            return self._unknown(name, argument)
        self._depth += 1
        try:
            return function(argument)
        except _UndecidedError:
            return self._unknown(name, argument)
        finally:
            self._depth -= 1

    def _unknown(self, name: str, argument: Any) -> str:
        try:
            key = json.dumps([name, argument], sort_keys=True, default=str)
        except TypeError:
            # YAML has numbers as keys too, which stand in no order beside texts.
            key = repr((name, argument))
        return self._stack.marks.open(name, scope=self._stack.scope, key=key)

    def _dynamic(self, match: re.Match[str]) -> str:
        return self._stack.marks.open(match.group(), raw=True)

    def _each(self, argument: Any, function: Callable[[Any], Any]) -> Any:
        return self._by_condition(self.resolve(argument), function)

    def _by_condition(self, value: Any, function: Callable[[Any], Any]) -> Any:
        if len(conditions_in(value)) > _MOST_CONDITIONS:
            raise _UndecidedError
        return for_each(value, function)

    def _ref(self, argument: Any) -> Any:
        if not isinstance(argument, str):
            raise _UndecidedError
        return self._stack.reference(argument)

    def _get_att(self, argument: Any) -> Any:
        if isinstance(argument, str):
            argument = argument.split(".", 1)
        parts = self.resolve(argument)
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise _UndecidedError
        logical_id, *rest = parts or [""]
        return self._stack.attribute(logical_id, ".".join(rest))

    def _join(self, argument: Any) -> Any:
        return self._each(argument, self._joined)

    def _joined(self, argument: Any) -> str:
        match argument:
            case [str(separator), [*parts]]:
                return self._bounded(separator.join(_text(part) for part in parts))
            case _:
                raise _UndecidedError

    def _sub(self, argument: Any) -> Any:
        match argument:
            case str(text):
                values: Any = {}
            case [str(text), Mapping() as given]:
                values = self.resolve(given)
            case _:
                raise _UndecidedError
        text = self.resolve(text)
        # A list of the pieces first, so that what depends on a condition is seen by condition.
        pieces: list[Any] = []
        end = 0
        for match in _VARIABLE.finditer(text):
            pieces.append(text[end : match.start()])
            pieces.append(self._variable(match, values))
            end = match.end()
        pieces.append(text[end:])
        return self._by_condition(["", pieces], self._joined)

    def _variable(self, match: re.Match[str], values: Any) -> Any:
        literal, name = match.group(1), match.group(2).strip()
        if literal:
            return f"${{{match.group(2)}}}"
        if isinstance(values, Mapping) and name in values:
            return values[name]
        logical_id, dot, attribute = name.partition(".")
        return self._stack.attribute(logical_id, attribute) if dot else self._stack.reference(name)

    def _select(self, argument: Any) -> Any:
        return self._each(argument, self._selected)

    def _selected(self, argument: Any) -> Any:
        match argument:
            case [(int() | str()) as index, [*entries]] if str(index).isdecimal():
                if int(index) < len(entries):
                    return entries[int(index)]
                raise _UndecidedError
            case _:
                raise _UndecidedError

    def _split(self, argument: Any) -> Any:
        return self._each(argument, self._pieces)

    def _pieces(self, argument: Any) -> list[str]:
        match argument:
            # Where a part may be anything, nobody knows how many pieces there are.
            case [str(separator), str(text)] if separator and not is_open(text):
                pieces = text.split(separator)
                self._stack.app.made(len(text) + PIECE * len(pieces))
                return pieces
            case _:
                raise _UndecidedError

    def _if(self, argument: Any) -> Any:
        match argument:
            case [str(condition), yes, no]:
                holds = self._stack.conditions.holds(condition)
                if holds is not None:
                    return self.resolve(yes if holds else no)
                both = self.resolve([{"yes": yes}, {"no": no}])
                first, second = (entry.get(key, NOTHING) for entry, key in
                                 zip(both, ("yes", "no"), strict=True))  # fmt: skip
                label = self._stack.conditions.label(condition)
                return first if first == second else Alternatives(label, first, second)
            case _:
                raise _UndecidedError

    def _find_in_map(self, argument: Any) -> Any:
        return self._each(argument, self._found_in_map)

    def _found_in_map(self, argument: Any) -> Any:
        match argument:
            case [str(name), (str() | int()) as first, (str() | int()) as second, *rest]:
                found = self._stack.source.template.get("Mappings")
                for key in (name, str(first), str(second)):
                    found = found.get(key) if isinstance(found, Mapping) else None
                known = not any(marked(str(key)) for key in (name, first, second))
                if found is not None:
                    # Mappings hold no functions.
                    return found
                if known and rest and isinstance(rest[0], Mapping) and "DefaultValue" in rest[0]:
                    return rest[0]["DefaultValue"]
        raise _UndecidedError

    def _import_value(self, argument: Any) -> Any:
        return self._each(argument, self._imported)

    def _imported(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise _UndecidedError
        found = self._stack.app.exported(name, self._stack)
        if found is NOTHING:
            marks = self._stack.marks
            return marks.open(str(marks.readable(name)), key=f"export {name}")
        return found

    def _get_stack_output(self, argument: Any) -> Any:
        return self._each(argument, self._stack_output)

    def _stack_output(self, argument: Any) -> Any:
        if not isinstance(argument, Mapping):
            raise _UndecidedError
        stack, output = argument.get("StackName"), argument.get("OutputName")
        if not isinstance(stack, str) or not isinstance(output, str):
            raise _UndecidedError
        found = self._stack.app.output_of(stack, output, argument.get("Region"), self._stack)
        if found is NOTHING:
            return self._stack.marks.open(f"{stack}.{output}", key=f"output {stack} {output}")
        return found

    def _base64(self, argument: Any) -> Any:
        return self._each(argument, self._encoded)

    def _encoded(self, text: Any) -> str:
        if not isinstance(text, str) or marked(text):
            raise _UndecidedError
        return self._bounded(base64.b64encode(text.encode("utf-8", "replace")).decode())

    def _length(self, argument: Any) -> Any:
        return self._each(argument, self._counted)

    def _counted(self, value: Any) -> int:
        if not isinstance(value, list):
            raise _UndecidedError
        return len(value)

    def _to_json(self, argument: Any) -> Any:
        return self._each(argument, self._as_json)

    def _as_json(self, value: Any) -> str:
        try:
            return self._bounded(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        except (TypeError, ValueError) as error:
            raise _UndecidedError from error

    def _bounded(self, text: str) -> str:
        if len(text) > _LONGEST:
            raise _UndecidedError
        self._stack.app.made(len(text))
        return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return ",".join(value)
    raise _UndecidedError
