"""What is in the files that a release uploads."""

from __future__ import annotations

import re
import tarfile
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import PurePosixPath

import pytest

import ecr_constructs

from .installation import ROOT, Distributions

PACKAGE_FILES = {
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "ecr_constructs").rglob("*")
    if path.is_file() and not re.search(r"/(?:__pycache__|\..*)/", path.as_posix())
}
VERSION = ecr_constructs.__version__


@pytest.fixture(scope="module")
def wheel_files(distributions: Distributions) -> dict[str, bytes]:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.fixture(scope="module")
def metadata(wheel_files: dict[str, bytes]) -> Message:
    return message_from_string(
        wheel_files[f"ecr_constructs-{VERSION}.dist-info/METADATA"].decode("utf-8")
    )


def test_the_files_are_named_after_the_version(distributions: Distributions) -> None:
    assert distributions.sdist.name == f"ecr_constructs-{VERSION}.tar.gz"
    # Pure Python: one wheel for every platform.
    assert distributions.wheel.name == f"ecr_constructs-{VERSION}-py3-none-any.whl"


def test_the_wheel_holds_the_package_and_nothing_else(wheel_files: dict[str, bytes]) -> None:
    dist_info = f"ecr_constructs-{VERSION}.dist-info/"
    assert {name for name in wheel_files if not name.startswith(dist_info)} == PACKAGE_FILES
    assert "ecr_constructs/py.typed" in wheel_files
    assert f"{dist_info}licenses/LICENSE" in wheel_files


def test_the_sdist_holds_what_the_wheel_is_built_from(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in sdist.getnames()}
    assert PACKAGE_FILES | {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"} <= names
    strangers = ("tests/", "demo/", "embedded_aws/", "bench/", "scripts/", "node_modules/", ".")
    assert [name for name in names if name.startswith(strangers) and name != ".gitignore"] == []


def test_the_metadata_says_what_it_is(metadata: Message) -> None:
    assert metadata["Name"] == "ecr-constructs"
    assert metadata["Version"] == VERSION
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    classifiers = metadata.get_all("Classifier", [])
    assert {"Typing :: Typed", "Framework :: AWS CDK :: 2"} <= set(classifiers)
    # The licence is said by its expression; a classifier as well would be refused on upload.
    assert [name for name in classifiers if name.startswith("License ::")] == []


def test_it_depends_on_cdk_and_on_nothing_else(metadata: Message) -> None:
    needed = {
        re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]: requirement
        for requirement in metadata.get_all("Requires-Dist", [])
    }
    always = {name for name, requirement in needed.items() if "extra ==" not in requirement}
    assert always == {"aws-cdk-lib", "constructs", "jsii"}
    # A floor, for what is used was made some day; a ceiling, for a major version may break it.
    for name in always:
        assert re.search(r">=", needed[name]), needed[name]
        assert re.search(r"<\d", needed[name]), needed[name]
    assert metadata.get_all("Provides-Extra") == ["testing", "yaml"]
    assert set(needed) - always == {"pytest", "pyyaml", "syrupy"}


def test_pytest_finds_the_plugin(wheel_files: dict[str, bytes]) -> None:
    entry_points = wheel_files[f"ecr_constructs-{VERSION}.dist-info/entry_points.txt"].decode()
    assert "[pytest11]\necr_constructs = ecr_constructs.testing\n" in entry_points
    assert "[console_scripts]\necr-constructs = ecr_constructs.cli:main\n" in entry_points
