"""YAML: its tree of nodes, which know their places, turned into plain values.

PyYAML comes with the extra ``ecr-constructs[yaml]``. No object but objects, lists and scalars is
ever made, whatever tags a text has; an alias is the one value that its anchor has, so that none of
them multiplies.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from ..faults import ManifestError, Path
from .document import NESTED_TOO_DEEP, Document, Positions, Repeated, Spot, unreadable

__all__ = ["parse_yaml"]

_CORE: Final = "tag:yaml.org,2002:"
# A date is text: AWS has no option that is one. '<<' and '=' are texts like any other.
_TEXTS: Final = frozenset(_CORE + name for name in ("str", "timestamp", "merge", "value"))


def parse_yaml(text: str, source: str) -> Document:
    """The value of a YAML text."""
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise unreadable(
            source,
            "is YAML, and reading it needs PyYAML, which is not installed",
            fix="pip install 'ecr-constructs[yaml]'",
            code="extra-missing",
        ) from error
    try:
        node, value = _read(yaml, text, source)
    except ManifestError:
        raise
    except RecursionError as error:
        raise unreadable(source, NESTED_TOO_DEEP) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        spot = (mark.line + 1, mark.column + 1) if mark else None
        problem = error.problem or error.context or "unreadable"
        raise unreadable(source, f"is no YAML ({problem[:100]})", spot=spot) from error
    except (yaml.YAMLError, ValueError) as error:
        raise unreadable(source, f"is no YAML ({str(error)[:100]})") from error
    return Document(source=source, value=value, locate=_YamlPlaces(yaml, node))


def _read(yaml: Any, text: str, source: str) -> tuple[Any, object]:
    """The tree of a text and its value."""
    # libyaml, where PyYAML was built with it, reads many times as fast and bounds the nesting.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else _Values(yaml, loader, source).of(node)
    finally:
        loader.dispose()


class _Values:
    """Turns nodes into values, each node once."""

    def __init__(self, yaml: Any, loader: Any, source: str) -> None:
        self._yaml = yaml
        self._loader = loader
        self._source = source
        self._made: dict[int, object] = {}
        self._open: set[int] = set()

    def of(self, node: Any) -> object:
        if id(node) in self._made:
            return self._made[id(node)]
        if id(node) in self._open:
            raise self._refused(node, "holds itself", "write it out")
        self._open.add(id(node))
        value = self._value(node)
        self._open.discard(id(node))
        self._made[id(node)] = value
        return value

    def _value(self, node: Any) -> object:
        if isinstance(node, self._yaml.MappingNode) and node.tag == _CORE + "map":
            pairs = [(self._key(key), self.of(value)) for key, value in node.value]
            found = dict(pairs)
            return found if len(found) == len(pairs) else Repeated(pairs)
        if isinstance(node, self._yaml.SequenceNode) and node.tag == _CORE + "seq":
            return [self.of(entry) for entry in node.value]
        if isinstance(node, self._yaml.ScalarNode):
            return self._scalar(node)
        raise self._tag(node)

    def _scalar(self, node: Any) -> object:
        text = str(node.value)
        if node.tag in _TEXTS:
            return text
        if node.tag == _CORE + "null":
            return None
        if node.tag == _CORE + "bool":
            return self._loader.construct_yaml_bool(node)
        if node.tag == _CORE + "float":
            return self._loader.construct_yaml_float(node)
        if node.tag == _CORE + "int":
            # An account id may begin with a zero, which YAML 1.1 reads as an octal number.
            plain = text.isdigit() and (text == "0" or not text.startswith("0"))
            return int(text) if plain else text
        raise self._tag(node)

    def _key(self, node: Any) -> str:
        if not isinstance(node, self._yaml.ScalarNode) or not node.tag.startswith(_CORE):
            raise self._refused(node, "is a key that is no text", "write a text for the key")
        return str(node.value)

    def _tag(self, node: Any) -> ManifestError:
        tag = str(node.tag).replace(_CORE, "!!")[:80]
        return self._refused(node, f"has the tag {tag}, and a manifest has none", "leave it out")

    def _refused(self, node: Any, message: str, fix: str) -> ManifestError:
        return unreadable(self._source, message, fix=fix, spot=_spot(node))


class _YamlPlaces:
    """Finds the nodes of paths."""

    def __init__(self, yaml: Any, node: Any) -> None:
        self._yaml = yaml
        self._node = node

    def __call__(self, wanted: Collection[Path]) -> Positions:
        """The places of these paths.

        :param wanted: paths from the top.
        """
        keys: dict[Path, tuple[Spot, ...]] = {}
        values: dict[Path, Spot] = {}
        nodes: dict[Path, Any] = {(): self._node}
        for path in wanted:
            for length in range(1, len(path) + 1):
                if path[:length] not in nodes:
                    found, spots = self._child(nodes[path[: length - 1]], path[length - 1])
                    nodes[path[:length]] = found
                    if spots:
                        keys[path[:length]] = spots
            if nodes[path] is not None:
                values[path] = _spot(nodes[path])
        return Positions(keys=keys, values=values)

    def _child(self, node: Any, step: str | int) -> tuple[Any, tuple[Spot, ...]]:
        if isinstance(node, self._yaml.SequenceNode) and isinstance(step, int):
            return (node.value[step], ()) if step < len(node.value) else (None, ())
        if isinstance(node, self._yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == step]
            if pairs:
                return pairs[-1][1], tuple(_spot(key) for key, _ in pairs)
        return None, ()


def _spot(node: Any) -> Spot:
    return node.start_mark.line + 1, node.start_mark.column + 1
