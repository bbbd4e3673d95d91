"""Every source of the site in one folder, as Sphinx wants it.

A page that GitHub shows is taken as it is; only where its links lead is different here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .commands import command_pages
from .landing import landing_page
from .manifest import manifest_page
from .navigation import GUIDES, REFERENCE
from .reference.reading import HOME, ROOT, Names
from .reference.writing import page_of_names, page_of_types
from .stories import index_of_stories, stories, story_page

__all__ = ["relinked", "stage"]

_MOVED: Final = {
    "README.md": "getting_started.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "LICENSE": "license.rst",
    "app.py": "examples/app.rst",
    "examples": "examples/index.rst",
    "docs/codes/README.md": "codes/index.md",
    "docs/decisions/README.md": "decisions/index.md",
}
_LINK: Final = re.compile(r"(?<=\]\()(?P<path>[^()\s#:]+)(?P<part>#[^()\s]*)?(?=\))")
_FENCE: Final = re.compile(r"^(```.*?^```$)", re.MULTILINE | re.DOTALL)


def stage(folder: Path) -> None:
    """Lay everything out; what is there and the same stays untouched, what is left over goes."""
    places = _places()
    wanted: dict[str, str] = {}
    for source, place in places.items():
        if source.endswith(".md"):
            text = (ROOT / source).read_text(encoding="utf-8")
            wanted[place] = relinked(text, source, places)
        elif source.endswith(".svg"):
            wanted[place] = (ROOT / source).read_text(encoding="utf-8")
    wanted["getting_started.md"] = wanted["getting_started.md"].replace(
        f"# {HOME}\n", "# Getting started\n", 1
    )
    wanted["license.rst"] = "License\n=======\n\n::\n\n" + _indented(ROOT / "LICENSE")
    wanted["codes/index.md"] += _hidden(
        sorted(Path(place).stem for place in wanted if place.startswith("codes/"))
    )
    wanted["decisions/index.md"] += _hidden(
        sorted(Path(place).stem for place in wanted if place.startswith("decisions/"))
    )
    wanted |= _generated()
    _write(folder, wanted)


def _generated() -> dict[str, str]:
    found = {"index.md": landing_page()}
    names = Names([f"{page.module}.{name}" for page in REFERENCE for name in page.names])
    for page in REFERENCE:
        found[f"reference/{page.name}.rst"] = page_of_names(page, names)
    found["reference/types.rst"] = page_of_types(names)
    found["reference/index.rst"] = _reference_index()
    found["names.json"] = json.dumps(names.meant, indent=1, sort_keys=True)
    found |= command_pages()
    found |= manifest_page()
    for story in stories():
        found[f"examples/{story.name}.rst"] = story_page(story)
    found["examples/index.rst"] = index_of_stories()
    found["examples/app.rst"] = story_page(None)
    return found


def _places() -> dict[str, str]:
    """Where each file of the repository goes that a page may lead to."""
    places = dict(_MOVED)
    docs = ROOT / "docs"
    for page in (*docs.glob("*.md"), *docs.glob("*.svg")):
        places[f"docs/{page.name}"] = page.name
    for folder in ("codes", "decisions"):
        for page in (docs / folder).glob("*.md"):
            places.setdefault(f"docs/{folder}/{page.name}", f"{folder}/{page.name}")
    for story in stories():
        places[f"examples/{story.name}.py"] = f"examples/{story.name}.rst"
    return places


def relinked(text: str, source: str, places: dict[str, str]) -> str:
    """A page of the repository whose links lead to pages of the site."""
    here = (ROOT / source).parent

    def lead(match: re.Match[str]) -> str:
        path = (here / match["path"]).resolve()
        try:
            place = places[path.relative_to(ROOT).as_posix()]
        except (KeyError, ValueError):
            raise ValueError(
                f"{source} leads to {match['path']}, which is no page of the site: link to a page "
                "of docs/, an example or a file of docs_site.staging"
            ) from None
        return f"/{place}{match['part'] or ''}"

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(lead, part) for part in parts)


def _hidden(pages: list[str]) -> str:
    listed = "\n".join(page for page in pages if page != "index")
    return f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


def _reference_index() -> str:
    rows = []
    for page in REFERENCE:
        listed = ", ".join(f":py:obj:`~{page.module}.{name}`" for name in page.names)
        rows.append(f":doc:`{page.name}`\n   {page.about}\n\n   {listed}")
    pages = "\n   ".join([*(page.name for page in REFERENCE), "types"])
    return "\n\n".join(
        [
            "Python reference\n================",
            (
                "Every public name, with its options, their defaults, what they take, what is "
                "raised, and the AWS page it follows. A name is loaded when it is first used; "
                "importing the package starts no Node."
            ),
            *rows,
            f".. toctree::\n   :hidden:\n\n   {pages}\n",
        ]
    )


def _indented(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(f"   {line}".rstrip() for line in lines) + "\n"


def _write(folder: Path, wanted: dict[str, str]) -> None:
    for old in _files(folder):
        if old.relative_to(folder).as_posix() not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = folder / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in list(folder.rglob("*")) if path.is_file())


def toctrees() -> str:
    """The sidebar, as the landing page holds it."""
    groups = {
        "Start": ["Getting started <getting_started>", "Examples <examples/index>"],
        **{title: list(pages) for title, pages in GUIDES.items()},
        "Reference": [
            "Python <reference/index>",
            "Command line <commands/index>",
            "Manifest of a fleet <manifest>",
            "Finding codes <codes/index>",
        ],
        "Project": [
            "Changelog <changelog>",
            "Decisions <decisions/index>",
            "Contributing <contributing>",
            "Security <security>",
            "License <license>",
        ],
    }
    return "\n".join(
        "```{toctree}\n:hidden:\n:caption: " + title + "\n\n" + "\n".join(pages) + "\n```\n"
        for title, pages in groups.items()
    )
