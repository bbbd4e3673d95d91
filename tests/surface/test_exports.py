"""What ``from ecr_constructs import ...`` offers, to Python and to type checkers alike."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import ecr_constructs

from .public import PACKAGE

TREE = ast.parse((PACKAGE / "__init__.py").read_text())


def _seen_by_checkers() -> dict[str, str]:
    """Name to module, of the imports that only type checkers follow."""
    (block, *_) = [
        node
        for node in TREE.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_type_checkers_and_python_find_each_name_at_the_same_place() -> None:
    assert _seen_by_checkers() == ecr_constructs._HOME


def test_every_public_name_has_a_place_and_no_other_name_has_one() -> None:
    assert set(ecr_constructs._HOME) == set(ecr_constructs.__all__)


def test_public_names_are_listed_once_and_in_order() -> None:
    assert ecr_constructs.__all__ == sorted(set(ecr_constructs.__all__), key=_order)


@pytest.mark.parametrize("name", ecr_constructs.__all__)
def test_every_public_name_is_public_where_it_is_defined(name: str) -> None:
    value = getattr(ecr_constructs, name)
    module = sys.modules[f"ecr_constructs.{ecr_constructs._HOME[name]}"]
    assert name in module.__all__
    assert getattr(module, name) is value


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="'SecureRepositry'"):
        ecr_constructs.SecureRepositry  # noqa: B018


def test_dir_lists_what_was_never_loaded() -> None:
    assert set(ecr_constructs.__all__) <= set(dir(ecr_constructs))


@pytest.mark.parametrize(
    "statement",
    [
        "import ecr_constructs",
        "from ecr_constructs import keep_last, Encryption, MutableTags, InvalidInputError",
        "import ecr_constructs; dir(ecr_constructs)",
    ],
)
def test_values_and_errors_do_not_load_jsii(statement: str) -> None:
    assert _loaded_by(statement, "jsii", "aws_cdk", "constructs") == []


def test_the_package_alone_loads_nothing_of_itself() -> None:
    assert _loaded_by("import ecr_constructs", "ecr_constructs") == ["ecr_constructs"]


def test_a_construct_loads_jsii() -> None:
    assert "jsii" in _loaded_by("from ecr_constructs import SecureRepository", "jsii")


def test_a_repository_loads_none_of_the_services_that_use_it() -> None:
    services = ("aws_ecs", "aws_ec2", "aws_lambda", "aws_codebuild", "aws_logs", "aws_ssm")
    loaded = _loaded_by("from ecr_constructs import SecureRepository", "aws_cdk")
    assert [name for name in loaded if name.endswith(services)] == []


def _loaded_by(statement: str, *packages: str) -> list[str]:
    """The modules of these packages that a statement loads in a fresh Python."""
    program = (
        f"import sys; {statement}\n"
        f"wanted = {packages!r}\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in wanted))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
