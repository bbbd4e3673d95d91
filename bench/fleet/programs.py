"""The programs that are measured, and what starts each of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["EMPTY", "FAST", "FULL_TREE", "PROGRAMS", "PYTHON_L2", "ROOT", "Program"]

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("programs")
INSTALLED = ROOT / ".tools" / "bench"


@dataclass(frozen=True, kw_only=True)
class Program:
    """One way to write the templates of the workload, as a process of its own."""

    name: str
    words: Sequence[str]
    """The command; ``COUNT``, ``MANIFEST`` and ``OUT`` are filled in."""
    writes: bool = True
    """Whether it writes the resources; the empty app does not."""
    path: Sequence[Path] = field(default=())

    def command(self, *, count: int, manifest: Path, out: Path) -> list[str]:
        """The command for a number of repositories."""
        given = {"COUNT": str(count), "MANIFEST": str(manifest), "OUT": str(out)}
        return [given.get(word, word) for word in self.words]

    def environment(self, *, validation: bool) -> dict[str, str]:
        """Its environment: CDK's validation of templates on or off."""
        places = [str(ROOT), str(SOURCES), *(str(place) for place in self.path)]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(places),
            "CDK_VALIDATION": "true" if validation else "false",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
            "PYTHONDONTWRITEBYTECODE": "",
        }


def _python(name: str, *words: str) -> list[str]:
    return [sys.executable, str(SOURCES / f"{name}.py"), *words]


def _node(name: str) -> list[str]:
    return [shutil.which("node") or "node", str(INSTALLED / f"{name}.js"), "COUNT", "OUT"]


PYTHON_L2 = "Python L2"
FAST = "ours, fast"
FULL_TREE = "ours, full tree"
EMPTY = "empty CDK app"

PROGRAMS = (
    Program(name=PYTHON_L2, words=_python("python_l2", "COUNT", "OUT")),
    Program(name="Python L1", words=_python("python_l1", "COUNT", "OUT")),
    Program(name="TypeScript L2", words=_node("l2")),
    Program(name="TypeScript L1", words=_node("l1")),
    Program(name=FULL_TREE, words=_python("fleet", "MANIFEST", "OUT", "FULL_TREE")),
    Program(name=FAST, words=_python("fleet", "MANIFEST", "OUT", "FAST")),
    Program(name=EMPTY, words=_python("empty", "COUNT", "OUT"), writes=False),
    Program(
        name="troposphere",
        words=_python("troposphere_templates", "COUNT", "OUT"),
        path=(INSTALLED / "troposphere",),
    ),
    Program(name="json.dumps", words=_python("plain_json", "COUNT", "OUT")),
)
