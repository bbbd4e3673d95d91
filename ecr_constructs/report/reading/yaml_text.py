"""YAML as people write it by hand: short intrinsics, dates as text, each key once.

PyYAML comes with the extra ``ecr-constructs[yaml]`` and is imported when a template needs it.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from .faults import UnusableInputError, unusable
from .json_text import repeated_key
from .text import SourceText

__all__ = ["parse_yaml"]

_FIX = "correct the text there"
_WITHOUT_PREFIX = ("Ref", "Condition")
_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"


def parse_yaml(source: SourceText) -> object:
    """The value of a YAML text."""
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise unusable(
            source.name,
            "is YAML, and reading it needs PyYAML, which is not installed",
            "pip install 'ecr-constructs[yaml]'",
            code="extra-missing",
        ) from error
    try:
        return yaml.load(source.text, _Dialect(yaml, source.name).loader())  # noqa: S506 - a safe one
    except UnusableInputError:
        raise
    except RecursionError as error:
        raise unusable(source.name, "is nested too deep", "check that it is a template") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or error.context or "unreadable"
        raise unusable(source.name + place, f"is no YAML ({problem})", _FIX) from error
    except (yaml.YAMLError, ValueError) as error:
        first, *_ = str(error).splitlines() or ["unreadable"]
        raise unusable(source.name, f"is no YAML ({first[:100]})", _FIX) from error


class _Dialect:
    """YAML's safe types, but for what CloudFormation reads otherwise."""

    def __init__(self, yaml: Any, name: str) -> None:
        self._yaml = yaml
        self._name = name

    def loader(self) -> Any:
        """A loader class of its own: constructors are registered by class."""
        # libyaml, where PyYAML was built with it, reads many times as fast and bounds the nesting.
        base = getattr(self._yaml, "CSafeLoader", self._yaml.SafeLoader)
        loader: Any = type("TemplateLoader", (base,), {})
        loader.add_constructor("tag:yaml.org,2002:map", self._mapping)
        loader.add_constructor("tag:yaml.org,2002:timestamp", self._text)
        # A plain "=", which YAML 1.1 keeps for itself.
        loader.add_constructor("tag:yaml.org,2002:value", self._text)
        loader.add_constructor("tag:yaml.org,2002:float", self._decimal_number)
        loader.add_constructor("tag:yaml.org,2002:int", self._whole_number)
        loader.add_multi_constructor("!", self._intrinsic)
        return loader

    def _mapping(self, loader: Any, node: Any) -> dict[str, object]:
        lines: dict[object, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            if key_node.tag == _NULL and key_node.value.isalpha():
                # The condition operator Null, which YAML takes for its own null.
                key_node.tag = _TEXT
            key = loader.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, (str, int, float, bool)):
                raise unusable(f"{self._name}, line {line}", "a key is no text", _FIX)
            if key in lines:
                raise repeated_key(self._name, str(key), lines[key], line)
            lines[key] = line
        loader.flatten_mapping(node)
        return {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}

    def _text(self, loader: Any, node: Any) -> object:
        return loader.construct_scalar(node)

    def _whole_number(self, loader: Any, node: Any) -> object:
        # An account id may begin with a zero, which YAML 1.1 reads as an octal number.
        text = str(loader.construct_scalar(node))
        if len(text) > 1 and text.startswith("0"):
            return text
        return loader.construct_yaml_int(node)

    def _decimal_number(self, loader: Any, node: Any) -> object:
        # Neither .inf nor .nan is a number in JSON, which all templates become.
        number = loader.construct_yaml_float(node)
        return number if isfinite(number) else str(loader.construct_scalar(node))

    def _intrinsic(self, loader: Any, suffix: str, node: Any) -> dict[str, object]:
        """``!Sub text`` as ``{"Fn::Sub": text}``."""
        if isinstance(node, self._yaml.ScalarNode):
            argument: object = loader.construct_scalar(node)
        elif isinstance(node, self._yaml.SequenceNode):
            argument = [loader.construct_object(entry, deep=True) for entry in node.value]
        else:
            argument = self._mapping(loader, node)
        if suffix == "GetAtt" and isinstance(argument, str):
            argument = argument.split(".", 1)
        return {suffix if suffix in _WITHOUT_PREFIX else f"Fn::{suffix}": argument}
