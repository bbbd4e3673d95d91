"""What pip was told about mirrors and certificates holds for uv too."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def settings() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pip_settings", ROOT / "scripts/pip_settings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_closer_to_the_user_wins(settings: ModuleType) -> None:
    listing = "global.cert='/a'\nglobal.timeout='5'\ninstall.timeout='9'\n:env:.cert='/b'\n"
    assert settings.parse(listing) == {"cert": "/b", "timeout": "9"}


def test_many_values_are_told_as_one_line(settings: ModuleType) -> None:
    options = settings.parse("global.extra-index-url='\\none\\ntwo'")
    assert settings.for_uv(options, {}) == {
        "UV_INDEX": "one two",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_uv_was_told_itself_stays(settings: ModuleType) -> None:
    options = {"index-url": "mirror", "cert": "/a"}
    environment = {"UV_DEFAULT_INDEX": "own"}
    assert settings.for_uv(options, environment) == {"SSL_CERT_FILE": "/a"}


def test_an_option_that_uv_does_not_have_is_passed_over(settings: ModuleType) -> None:
    assert settings.for_uv({"disable-pip-version-check": "1", "no-index": "false"}, {}) == {}


def test_the_exports_survive_a_shell() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "scripts/pip_settings.py"],
        env={"PIP_INDEX_URL": "file:///a b/$(echo c)", "PIP_CONFIG_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        check=True,
    )
    shell = f'{told.stdout}\nprintf %s "$UV_DEFAULT_INDEX"'
    read = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert read.stdout == "file:///a b/$(echo c)"


@pytest.mark.parametrize("name", sorted(path.stem for path in ROOT.glob("requirements/*.in")))
def test_a_lock_holds_hashes_and_no_place(name: str) -> None:
    text = (ROOT / f"requirements/{name}.lock").read_text()
    packages = re.findall(
        r"^[a-z0-9._-]+==\S+(?: ;.*?)? \\\n    --hash=sha256:", text, re.MULTILINE
    )
    assert len(packages) == len(re.findall(r"^[a-z]", text, re.MULTILINE)) > 0
    assert "://" not in text


def test_the_lock_of_npm_holds_hashes_and_no_place() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert text.count('"integrity"') == text.count('"node_modules/') > 0
    assert '"resolved"' not in text
    assert "://" not in text
