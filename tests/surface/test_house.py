"""The shape of the package: small modules, values that stay, one seam to jsii's types."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import tokenize
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

import ecr_constructs.model

from .public import PACKAGE

MODULES = sorted(PACKAGE.rglob("*.py"))
ROOT = PACKAGE.parent
SEAM = {"constructs/_jsii.py", "constructs/repository/types.py"}
# What a stack needs is found once a synthesis, whichever of its repositories asks first.
SHARED = {"constructs/repository/reach.py": {"_needed_by_home"}}
# Filled while one call works, and gone when it returns.
NOTEBOOKS = {"Decisions", "_Names"}
each_module = pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE))
)


def _lines(module: Path) -> int:
    return len(module.read_text().splitlines())


def test_modules_are_small() -> None:
    sizes = {str(module.relative_to(PACKAGE)): _lines(module) for module in MODULES}
    assert median(sizes.values()) < 200
    assert {name: size for name, size in sizes.items() if size > 400} == {}


def test_a_folder_holds_less_than_a_dozen_modules() -> None:
    held = Counter(
        str(module.parent.relative_to(PACKAGE)) for module in MODULES if module.stem != "__init__"
    )
    assert {folder: number for folder, number in held.items() if number >= 12} == {}


@each_module
def test_a_module_is_named_after_its_topic(module: Path) -> None:
    words = set(re.split(r"[/_.]", str(module.relative_to(PACKAGE))))
    assert words & {"utils", "util", "helpers", "helper", "common", "misc"} == set()


@each_module
def test_type_checkers_are_silenced_in_the_seam_alone(module: Path) -> None:
    with module.open("rb") as source:
        silencing = [
            f"{token.start[0]}: {token.string}"
            for token in tokenize.tokenize(source.readline)
            if token.type == tokenize.COMMENT
            and re.search(r"type: *ignore|pyright: *|ty: *ignore|pyrefly: *ignore", token.string)
        ]
    assert str(module.relative_to(PACKAGE)) in SEAM or silencing == []


@each_module
def test_no_object_is_shared_by_accident(module: Path) -> None:
    """A list, dict or set at the level of a module is a constant: nothing writes to it."""
    tree = ast.parse(module.read_text())
    shared = {
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    written = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, (ast.Store, ast.Del))
        and isinstance(node.value, ast.Name)
    } | {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
    assert shared & written == SHARED.get(str(module.relative_to(PACKAGE)), set())


@each_module
def test_nothing_names_the_machine_it_was_written_on(module: Path) -> None:
    assert not re.search(r"/(?:work|root|home|tmp)/|\.\./shared", module.read_text())


def test_values_of_the_model_cannot_be_changed() -> None:
    package = ecr_constructs.model
    values = {
        value
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for value in vars(importlib.import_module(found.name)).values()
        if inspect.isclass(value)
        and value.__module__ == found.name
        and dataclasses.is_dataclass(value)
    }
    assert len(values) > 10
    changeable = {value.__name__ for value in values if not value.__dataclass_params__.frozen}
    assert changeable == NOTEBOOKS
