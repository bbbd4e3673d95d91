"""Reads the built pages: every link leads somewhere, and a reader's browser asks nobody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

__all__ = ["Page", "pages_of", "problems_of"]

_LOADED: Final = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
}
_CSS_LOADS: Final = re.compile(r"(?:url\(|@import)\s*['\"]?(?P<url>[^'\")\s;]+)")


@dataclass
class Page:
    """What a page holds, leads to and loads."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        if "id" in given:
            self.page.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        # What is the browser's to know or a search engine's is loaded by nobody.
        if tag == "link" and given.get("rel") in ("canonical", "author", "license"):
            return
        self.page.loads.extend(given[name] for name in _LOADED.get(tag, ()) if name in given)
        if "style" in given:
            self.page.loads.extend(match["url"] for match in _CSS_LOADS.finditer(given["style"]))


def pages_of(site: Path) -> dict[str, Page]:
    """Every page by its path."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(site).as_posix()] = reader.page
    return found


def problems_of(site: Path, pages: dict[str, Page]) -> list[str]:
    """A line for everything that is wrong."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    problems = []
    for name, page in pages.items():
        problems.extend(
            f"{name}: {number} elements have the id {each}"
            for each, number in Counter(page.ids).items()
            if number > 1
        )
        for link in (*page.links, *page.loads):
            problems.extend(f"{name}: {fault}" for fault in _dead(link, name, pages, files))
        problems.extend(
            f"{name}: loads {each} from elsewhere" for each in page.loads if _foreign(each)
        )
    for path in sorted([*site.rglob("*.css"), *site.rglob("*.svg")]):
        text = path.read_text(encoding="utf-8")
        loads = (match["url"] for match in _CSS_LOADS.finditer(text))
        problems.extend(
            f"{path.name}: loads {each} from elsewhere" for each in loads if _foreign(each)
        )
    return problems


def _foreign(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def _dead(link: str, name: str, pages: dict[str, Page], files: set[str]) -> Iterator[str]:
    if _foreign(link) or link.startswith("data:"):
        return
    parts = urlsplit(link)
    place = _joined(name, unquote(parts.path)) if parts.path else name
    if place not in files:
        yield f"{link} leads nowhere"
    elif parts.fragment and place in pages and unquote(parts.fragment) not in pages[place].ids:
        yield f"{link} leads to no part of {place}"


def _joined(page: str, path: str) -> str:
    """Where a relative path leads from a page; out of the site it leads nowhere."""
    if path.startswith("/"):
        return path
    steps = page.split("/")[:-1]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return path
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    if path.endswith("/"):
        steps.append("index.html")
    return "/".join(steps)
