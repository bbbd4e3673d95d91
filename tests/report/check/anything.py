"""Any value at any place of a template."""

from __future__ import annotations

from hypothesis import strategies as st

from .rules import either

VALUES = [
    *(None, 7, -1.5, True, "", "x", "*", "${", [], {}, [[]], [{}], {"a": 1}, {1: "a", "b": 2}),
    *({"Ref": "Stage"}, {"Ref": "Api"}, {"Ref": ["x"]}, {"Fn::Sub": "${Stage}x"}),
    *(either(7, {"Ref": "AWS::NoValue"}), either({"a": []}, "MUTABLE")),
]


def paths(value, path=()):
    """Where something stands in a template."""
    if path:
        yield path
    listed = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else listed:
        yield from paths(inner, (*path, name))


def changes(resources, *, least=0):
    """One or two values, each in another resource."""
    return st.lists(
        st.tuples(st.sampled_from(list(paths(resources))), st.sampled_from(VALUES)),
        min_size=least,
        max_size=2,
        unique_by=lambda change: change[0][0],
    )


def changed(resources, made):
    """These resources with other values in some places."""
    result = _copy(resources)
    for path, value in made:
        holder = result
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = _copy(value)
    return result


def _copy(value):
    """The value with nothing that stands in it twice, which copy.deepcopy leaves shared."""
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value
