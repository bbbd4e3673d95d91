"""The pages' files, commands and Python are run, and what they print is compared."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import ROOT, blocks, commands

PAGES = sorted(page.name for page in (ROOT / "docs").glob("*.md"))
SHOWN_WHOLE = {"access.md", "lifecycle.md"}


class Reader:
    """Somebody who follows a page in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = folder / "bin"
        programs.mkdir()
        program = programs / "ecr-constructs"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ecr_constructs.cli "$@"\n')
        program.chmod(0o755)
        self._environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, line: str) -> str:
        """What a command prints, its messages included."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_happens(name, tmp_path, monkeypatch):
    page = ROOT / "docs" / name
    reader = Reader(tmp_path)
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {"__name__": name}
    done = {"file": 0, "console": 0, "python": 0, "output": 0}
    printed = None
    for block in blocks(page):
        where = f"{page}:{block.line}"
        if block.file is not None:
            (tmp_path / block.file).write_text(block.body)
            done["file"] += 1
        elif block.language == "console":
            for command in commands(block.body):
                assert reader.run(command.line) == command.output, f"{where}: {command.line}"
                done["console"] += 1
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as caught:
                exec(compile(block.body, where, "exec"), known)
            printed = caught.getvalue()
            done["python"] += 1
        elif block.language == "text":
            # What the Python before it prints.
            assert block.body == printed, where
            done["output"] += 1
        else:
            pytest.fail(f"{where}: nobody runs {block.language}")
    _compare_pictures(page, tmp_path)
    assert sum(done.values()) > 0, done
    assert name not in SHOWN_WHOLE or min(done.values()) > 0, done


def _compare_pictures(page, folder):
    """The pictures beside a page are those that its commands draw."""
    for drawn in folder.glob("*.svg"):
        assert f"]({drawn.name})" in page.read_text()
        assert (page.parent / drawn.name).read_bytes() == drawn.read_bytes(), drawn.name


@pytest.mark.parametrize("name", sorted(SHOWN_WHOLE))
def test_a_page_that_shows_a_picture_says_how_it_is_drawn(name):
    text = (ROOT / "docs" / name).read_text()
    pictures = re.findall(r"\]\(([\w-]+\.svg)\)", text)
    assert pictures
    assert all(re.search(rf"--format svg (?:--out|>) {picture}\n", text) for picture in pictures)


def test_the_console_fits_a_terminal():
    for name in PAGES:
        for block in blocks(ROOT / "docs" / name):
            if block.language == "console":
                assert max(map(len, block.body.splitlines())) <= 100, f"{name}:{block.line}"
