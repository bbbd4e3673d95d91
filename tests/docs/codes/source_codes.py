"""The codes that the rules of a template can give, read from their source.

From the rules of the verbs every function, class and constant is followed that is named on the way;
what makes a finding there has its code as text. So more is found than is ever said, never less.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import ecr_constructs

PACKAGE: Final = Path(ecr_constructs.__file__).parent
ROOTS: Final = (
    ("report.check.collector", "check_app"),
    ("report.diff.collector", "diff_sources"),
    ("report.lifecycle.policies", "read_policy"),
    ("report.verbs.explain", "run_explain"),
)
"""The verbs that say what is wrong with templates, changes and policies."""
ELSEWHERE: Final = ("model.iam.evaluator", "report.reading")
"""Not followed: what a policy allows is asked there, and whether an input can be read at all. What
is wrong with either is no finding of the check."""
_FINDING: Final = ("model.findings", "Finding")

Place = tuple[str, str]
"""A module, without the name of the package, and what is defined in it."""


@dataclass(frozen=True)
class _Module:
    units: Mapping[str, tuple[ast.AST, ...]]
    """What it defines at its top."""
    imported: Mapping[str, Place]
    """By the name that it has here."""


@cache
def given_codes() -> frozenset[str]:
    """Every code that a rule can give."""
    found = set()
    for place in _reached(ROOTS):
        found |= _codes_in(place)
    return frozenset(found)


def _codes_in(place: Place) -> set[str]:
    found = set()
    for node in _nodes(place):
        for call in ast.walk(node):
            if not isinstance(call, ast.Call):
                continue
            found |= _texts(_code_given(call, place))
            for before, after in _renamed(call):
                found |= {
                    after + code.removeprefix(before)
                    for each in _reached([(place[0], name) for name in _module(place[0]).units])
                    for code in _codes_of_calls(each)
                    if code.startswith(before)
                }
    return found


def _codes_of_calls(place: Place) -> set[str]:
    return {
        code
        for node in _nodes(place)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        for code in _texts(_code_given(call, place))
    }


def _renamed(call: ast.Call) -> Iterator[tuple[str, str]]:
    """``finding.code.replace("repository-policy-", "registry-policy-")``."""
    function = call.func
    if (
        isinstance(function, ast.Attribute)
        and function.attr == "replace"
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "code"
    ):
        before, after = (each.value for each in call.args if isinstance(each, ast.Constant))
        yield str(before), str(after)


def _code_given(call: ast.Call, place: Place) -> ast.expr | None:
    """The code of a finding, or that which is handed to whoever makes one."""
    for word in call.keywords:
        if word.arg == "code":
            return word.value
    made = _makers(place[0]).get(_name_of(call))
    if made is None:
        return None
    position, default = made
    return call.args[position] if position is not None and position < len(call.args) else default


def _name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


@cache
def _makers(module: str) -> dict[str, tuple[int | None, ast.expr | None]]:
    """Functions with a parameter ``code``: where it stands, and what it is by default."""
    found: dict[str, tuple[int | None, ast.expr | None]] = {}
    known = [(name, (module, name)) for name in _module(module).units]
    known += [*_module(module).imported.items()]
    for name, place in known:
        for node in _nodes(place):
            for function in ast.walk(node):
                if isinstance(function, ast.FunctionDef):
                    found |= _parameter(function, name if function is node else function.name)
    return found


def _parameter(
    function: ast.FunctionDef, name: str
) -> dict[str, tuple[int | None, ast.expr | None]]:
    positional = [each.arg for each in function.args.args if each.arg != "self"]
    if "code" in positional:
        return {name: (positional.index("code"), None)}
    for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if each.arg == "code":
            return {name: (None, default)}
    return {}


def _texts(expression: ast.expr | None) -> set[str]:
    """Each text that an expression may be: a condition has two."""
    if expression is None:
        return set()
    return {
        node.value
        for node in ast.walk(expression)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    }


def _reached(roots: Iterable[Place]) -> frozenset[Place]:
    """Everything that is named on the way from the roots."""
    seen: set[Place] = set()
    ahead = list(roots)
    while ahead:
        place = _home(ahead.pop())
        if place in seen or place == _FINDING or place[0].startswith(ELSEWHERE):
            continue
        seen.add(place)
        ahead += _named_in(place)
    return frozenset(seen)


@cache
def _named_in(place: Place) -> tuple[Place, ...]:
    place = _home(place)
    module = _module(place[0])
    found: list[Place] = []
    for node in _nodes(place):
        inner = dict(_imports(node, place[0]))
        for each in ast.walk(node):
            name = each.id if isinstance(each, ast.Name) else None
            if name is None:
                continue
            if name in inner:
                found.append(inner[name])
            elif name in module.units:
                found.append((place[0], name))
            elif name in module.imported:
                found.append(module.imported[name])
    return tuple(found)


def _home(place: Place) -> Place:
    """Where something is defined: packages hand names on."""
    module = _module(place[0])
    if place[1] not in module.units and place[1] in module.imported:
        return _home(module.imported[place[1]])
    return place


def _nodes(place: Place) -> tuple[ast.AST, ...]:
    module, name = _home(place)
    return _module(module).units.get(name, ())


@cache
def _module(name: str) -> _Module:
    path = _path(name)
    if path is None:
        return _Module({}, {})
    tree = ast.parse(path.read_text(encoding="utf-8"))
    units: dict[str, tuple[ast.AST, ...]] = {}
    for node in tree.body:
        for defined in _defined(node):
            units[defined] = (*units.get(defined, ()), node)
    return _Module(units, dict(_imports(tree, name)))


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _imports(tree: ast.AST, module: str) -> Iterator[tuple[str, Place]]:
    parts = module.split(".")
    path = _path(module)
    package = parts if path is not None and path.name == "__init__.py" else parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            home = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield alias.asname or alias.name, (home, alias.name)


def _path(module: str) -> Path | None:
    plain = PACKAGE.joinpath(*module.split("."))
    for path in (plain.with_suffix(".py"), plain / "__init__.py"):
        if path.is_file():
            return path
    return None
