"""A page for each example: what it shows, its source and the templates that it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from .reference.reading import ROOT

__all__ = ["Story", "index_of_stories", "stories", "story_page"]

_EXAMPLES: Final = ROOT / "examples"
_TOPICS: Final = {
    "repositories": "Repositories",
    "access": "Who may pull and push",
    "sharing": "Sharing",
    "consumers": "Services that use images",
    "ci": "CI",
    "events": "Events and alarms",
    "registry": "The registry",
    "fleet": "Many repositories",
}
_WORDS: Final = {
    word.lower(): word
    for word in [
        "CI",
        "CodeBuild",
        "CodePipeline",
        "ECR",
        "ECS",
        "EKS",
        "EMR",
        "Fargate",
        "GitHub",
        "GitLab",
        "Lambda",
        "OIDC",
        "Runner",
        "SageMaker",
        "Serverless",
    ]
}
"""Names that are written in their own way."""


@dataclass(frozen=True)
class Story:
    """An example."""

    path: Path

    @property
    def name(self) -> str:
        """`TOPIC/STORY`."""
        return self.path.relative_to(_EXAMPLES).with_suffix("").as_posix()

    @property
    def topic(self) -> str:
        """The folder."""
        return self.path.parent.name

    @property
    def title(self) -> str:
        """The file's name, as words."""
        words = [_WORDS.get(word, word) for word in self.path.stem.split("_")]
        title = " ".join(words)
        return title[0].upper() + title[1:]

    @property
    def about(self) -> str:
        """What the module says of itself."""
        return ast.get_docstring(ast.parse(self.path.read_text(encoding="utf-8"))) or ""

    @property
    def templates(self) -> list[Path]:
        """What it makes, of which tests hold every byte."""
        return sorted((_EXAMPLES / "golden" / self.name).glob("*.template.json"))


def stories() -> list[Story]:
    """Every example, topic by topic."""
    order = list(_TOPICS)
    found = [Story(path) for path in sorted(_EXAMPLES.glob("*/*.py"))]
    return sorted(found, key=lambda story: (order.index(story.topic), story.name))


def story_page(story: Story | None) -> str:
    """The page of an example, or of the app at the root that the demo deploys."""
    shown = story or Story(ROOT / "app.py")
    title = story.title if story else "The app of the demo"
    parts = [
        f"{title}\n{'=' * len(title)}",
        shown.about,
        _literal(shown.path, "python"),
    ]
    if story is not None:
        parts.extend(_inputs(story))
        parts.append("Its templates" if len(story.templates) > 1 else "Its template")
        parts[-1] += f"\n{'-' * len(parts[-1])}"
        parts.extend(_template(path) for path in story.templates)
    return "\n\n".join(parts) + "\n"


def index_of_stories() -> str:
    """All examples by topic."""
    parts = [
        "Examples\n========",
        (
            "One story a file, each with the templates that it makes: tests hold them byte for "
            "byte, with the oldest CDK supported and with the newest. :doc:`app` is what "
            "``scripts/demo`` deploys."
        ),
    ]
    pages = []
    for topic, group in groupby(stories(), key=lambda story: story.topic):
        title = _TOPICS[topic]
        parts.append(f"{title}\n{'-' * len(title)}")
        rows = [".. list-table::", "   :class: summary", "   :widths: auto", ""]
        for story in group:
            first = " ".join(story.about.partition("\n\n")[0].split())
            rows.append(f"   * - :doc:`{story.name}`\n     - {first}")
            pages.append(story.name)
        parts.append("\n".join(rows))
    listed = "\n   ".join(["app", *pages])
    parts.append(f".. toctree::\n   :hidden:\n\n   {listed}")
    return "\n\n".join(parts) + "\n"


def _inputs(story: Story) -> Iterator[str]:
    """Manifests that it reads."""
    source = story.path.read_text(encoding="utf-8")
    for path in sorted(story.path.parent.glob("*.json")):
        if path.name in source:
            yield f"It reads ``{path.name}``:"
            yield _literal(path, "json")


def _template(path: Path) -> str:
    head = f".. dropdown:: {path.name}\n   :class-container: template"
    body = _literal(path, "json")
    return head + "\n\n" + "\n".join(f"   {line}".rstrip() for line in body.splitlines())


def _literal(path: Path, language: str) -> str:
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    body = "\n".join(f"   {line}".rstrip() for line in lines)
    return f".. code-block:: {language}\n\n{body}"
