"""What Sphinx is taught: where names lead that are not of this site, and a sidebar that is quick.

Furo asks Sphinx for every page's place among all pages, on every page. That is nearly all of the
time that a build takes, and a sidebar of hundreds of lines; here a section shows what is in it
where the reader is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.util.nodes import make_refnode

__all__ = ["setup"]

_CDK: Final = "https://docs.aws.amazon.com/cdk/api/v2/python"
_PYTHON: Final = {"collections", "datetime", "os", "pathlib", "typing", "types", "pytest", "syrupy"}
# So many that their own page, which has them by topic, is the better list.
_UNLISTED: Final = {"codes/index"}
_BEFORE_FURO: Final = 400


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("builder-inited", _read_names)
    app.connect("missing-reference", _lead)
    app.connect("html-page-context", _give_sidebar, priority=_BEFORE_FURO)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read_names(app: Any) -> None:
    text = (Path(app.srcdir) / "names.json").read_text(encoding="utf-8")
    app.env.ecr_meant = json.loads(text)


def _lead(app: Any, env: Any, node: Any, shown: Any) -> Any:
    """Where a name leads that is said in the words of its module (`iam.IRole`)."""
    if node.get("refdomain") != "py":
        return None
    meant = env.ecr_meant.get(node["reftarget"], node["reftarget"])
    module, _, name = meant.rpartition(".")
    top = meant.partition(".")[0]
    if top in ("aws_cdk", "constructs") and name:
        # The reference of CDK has a folder for each module, and a page for each class.
        return nodes.reference("", "", shown, internal=False, refuri=f"{_CDK}/{module}/{name}.html")
    if top in _PYTHON:
        return shown
    place = env.domains["py"].objects.get(meant)
    if place is None:
        # A signature may name what is nobody's but the library's; a docstring may not.
        return shown if node["reftarget"] in env.ecr_meant else None
    return make_refnode(app.builder, node["refdoc"], place.docname, place.node_id, shown)


def _give_sidebar(app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    context["toctree"] = lambda **_options: "".join(_sidebar(app, page))


def _sidebar(app: Any, page: str) -> Iterator[str]:
    for group in app.env.tocs[app.config.root_doc].findall(addnodes.toctree):
        yield f'<p class="caption" role="heading"><span class="caption-text">{group["caption"]}'
        yield "</span></p>"
        yield from _list(app, page, group["entries"], 1)


def _list(app: Any, page: str, entries: list[tuple[str | None, str]], level: int) -> Iterator[str]:
    env = app.env
    yield "<ul>"
    for title, name in entries:
        below = list(env.toctree_includes.get(name, ()))
        inside = page == name or page in below
        current = ["current"] if inside else []
        if page == name or (page in below and name in _UNLISTED):
            current.append("current-page")
        classes = " ".join([f"toctree-l{level}", *current])
        link = app.builder.get_relative_uri(page, name) or "#"
        text = escape(title or env.titles[name].astext())
        yield f'<li class="{classes}"><a class="reference internal" href="{link}">{text}</a>'
        if inside and below and name not in _UNLISTED:
            yield from _list(app, page, [(None, each) for each in below], level + 1)
        yield "</li>"
    yield "</ul>"
