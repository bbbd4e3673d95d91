"""Each protection, taken away alone, breaks the promises that stand on it, and no others."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from demo import chapters
from demo.driver import Plan, play, synthesize
from demo.promises import NEVER, Row
from demo.screen import Screen
from demo.toolkit import CommandFailedError, Result, Toolkit
from tests.demo import sabotage

ROOT = Path(__file__).resolve().parents[2]

# Without a later deploy, on which none of these protections has a bearing.
CHAPTERS = (chapters.STANDS, chapters.IMAGES, chapters.REFUSALS)

# Everything that the registry refuses because of who asks.
BEHIND_THE_GATE = {
    "execution-push",
    "execution-worker",
    "ci-elsewhere",
    "token-only",
    "made-up-token",
    "stranger",
    "reader-web",
    "reader-push",
}


class Audience(Screen):
    """A screen that nobody reads but a test."""

    def __init__(self) -> None:
        self.paper = io.StringIO()
        self.rows: list[Row] = []
        super().__init__(Console(file=self.paper, width=200))

    def row(self, row: Row) -> None:
        self.rows.append(row)
        super().row(row)


@dataclass
class Workshop:
    """Synthesizes the app once, and lends a copy of the assembly to each test."""

    assembly: Path
    _made: bool = field(default=False, init=False)

    def lend(self, toolkit: Toolkit) -> Path:
        if not self._made:
            shutil.copytree(synthesize(toolkit), self.assembly)
            self._made = True
        copy = toolkit.directory / "lent"
        shutil.copytree(self.assembly, copy)
        return copy


@dataclass(frozen=True)
class Saboteur:
    """Lends an assembly with something taken out of its template."""

    workshop: Workshop
    edit: sabotage.Edit

    def synthesize(self, toolkit: Toolkit) -> Path:
        assembly = self.workshop.lend(toolkit)
        sabotage.edit_template(assembly, self.edit)
        return assembly


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("workshop") / "assembly")


def broken(
    directory: Path, synthesize_app: Callable[[Toolkit], Path], *, registry_gate: bool = True
) -> set[str]:
    """The promises that a run breaks, each of them seen: a run that stopped early would not do."""
    audience = Audience()
    plan = Plan(
        app_directory=ROOT,
        directory=directory,
        chapters=CHAPTERS,
        synthesize=synthesize_app,
        # The app's own template is validated by the demo; what is tried here is what comes after.
        validated=False,
        registry_gate=registry_gate,
    )
    code = play(plan, audience)

    promised = [promise.key for chapter in CHAPTERS for promise in chapter.promises]
    assert [row.promise.key for row in audience.rows] == promised, audience.paper.getvalue()
    found = {row.promise.key for row in audience.rows if not row.kept}
    assert code == (1 if found else 0)
    assert audience.paper.getvalue().count("BROKEN") == 2 * len(found)
    return found


@pytest.mark.parametrize(
    ("edit", "promises"),
    [
        # Whether anything is attached to an image is told to those who may pull it.
        (sabotage.without_pull_grant, {"pull", "referrer"}),
        (sabotage.without_reader, {"reader-pull"}),
        (sabotage.without_immutability, {"mutability", "immutable-tag"}),
        (sabotage.without_subject, {"github-branch", "github-repository"}),
        (sabotage.without_source, {"ecs-other-account"}),
    ],
    ids=["grant", "grant to another account", "immutability", "subject", "source"],
)
def test_the_rows_of_a_missing_protection_are_broken(
    edit: sabotage.Edit, promises: set[str], workshop: Workshop, tmp_path: Path
) -> None:
    assert broken(tmp_path, Saboteur(workshop, edit).synthesize) == promises


def stop(toolkit: Toolkit) -> Path:
    raise CommandFailedError(Result("cdk synth", 1, "the app has a fault"))


def test_a_run_that_cannot_go_on_says_why_and_keeps_nothing(tmp_path: Path) -> None:
    audience = Audience()
    plan = Plan(app_directory=ROOT, directory=tmp_path, chapters=CHAPTERS, synthesize=stop)

    assert play(plan, audience) == 1
    assert audience.rows == []
    assert "the app has a fault" in audience.paper.getvalue()
    assert audience.paper.getvalue().count(NEVER) == sum(len(one.promises) for one in CHAPTERS)


def test_a_registry_that_lets_everybody_in_is_noticed(workshop: Workshop, tmp_path: Path) -> None:
    assert broken(tmp_path, workshop.lend, registry_gate=False) == BEHIND_THE_GATE
