"""The self-check at start: each name that the extension takes hold of, broken on purpose."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from embedded_aws.hooks import HOOKS, TESTED_VERSION, Hook, HookBroken, check

LABELS = [hook.label for hook in HOOKS]
SHAPED = [
    hook
    for hook in HOOKS
    if hook.parameters is not None or hook.keys or hook.fields or hook.value is True
]


@pytest.fixture(autouse=True)
def authorized(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the server's process, where ministack is imported with AUTH=true."""
    monkeypatch.setattr("ministack.app.AUTH", True)


def changed(parameter: Any, surplus: Any) -> None:
    """A function of another signature than any hook expects."""


@pytest.mark.parametrize("hook", HOOKS, ids=LABELS)
def test_the_installed_version_has_it(hook: Hook) -> None:
    assert hook.problem() is None


@pytest.mark.parametrize("hook", HOOKS, ids=LABELS)
def test_its_absence_is_named(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(hook.label)
    with pytest.raises(HookBroken) as broken:
        check()
    assert f"{hook.label}: it does not exist (needed: {hook.purpose})" in str(broken.value)
    assert f"made for {TESTED_VERSION}" in str(broken.value)


@pytest.mark.parametrize("hook", SHAPED, ids=[hook.label for hook in SHAPED])
def test_another_shape_is_named(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook.label, changed)
    with pytest.raises(HookBroken) as broken:
        check()
    lines = [line for line in str(broken.value).splitlines() if f" {hook.label}: " in line]
    assert len(lines) == 1


def test_everything_that_is_replaced_or_called_privately_is_a_hook() -> None:
    """No module of ours uses a private name of ministack that the check does not know."""
    package = Path(importlib.import_module("embedded_aws").__file__ or "").parent
    modules = "|".join({hook.module.rpartition(".")[2] for hook in HOOKS})
    private = re.compile(rf"\b({modules})\.(_[a-zA-Z]\w*)")
    used = {
        ".".join(found)
        for source in package.rglob("*.py")
        if source.name != "hooks.py"
        for found in private.findall(source.read_text())
    }
    known = {f"{hook.module.rpartition('.')[2]}.{hook.name}" for hook in HOOKS}
    assert len(used) > 20
    assert used <= known


def test_a_broken_version_is_refused_at_start(tmp_path: Path) -> None:
    program = (
        "import sys, ministack.services.sts as sts; del sts._role_id;"
        "from embedded_aws.__main__ import main;"
        f"sys.argv = ['embedded_aws', '--directory', {str(tmp_path)!r}]; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert "ministack.services.sts._role_id: it does not exist" in ended.stderr
    assert not (tmp_path / "ready.json").exists()
