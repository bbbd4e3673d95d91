"""A page: one file for a browser or a printer, that loads nothing and runs nothing of others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

from ...model.version import VERSION
from .colours import PALETTE_STYLE
from .text import markup

__all__ = ["FILTER", "FILTER_SCRIPT", "TABLE_STYLE", "page"]

_STYLE: Final = f"""
{PALETTE_STYLE}\
body {{
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}}
h1 {{ font-size: 1.6rem; margin-bottom: 0; }}
h2 {{ font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }}
h3 {{ font-size: 1rem; margin-bottom: .5rem; }}
.dim, footer {{ color: var(--dim); }}
a {{ color: inherit; }}
@media print {{
  body {{ max-width: none; margin: 0; background: #fff; color: #000; }}
  h2, h3 {{ break-after: avoid; }}
}}
"""
TABLE_STYLE: Final = """
body { max-width: 85rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; }
thead th { position: sticky; top: 0; background: var(--page); }
tr { border-top: 1px solid var(--line); }
svg.mark { width: 1rem; height: 1rem; vertical-align: -.15rem; }
th, td.level { white-space: nowrap; } td.level { font-size: .85rem; }
bdi { unicode-bidi: isolate; }
details { font-size: .9rem; } summary { cursor: pointer; color: var(--dim); }
details td, details th { padding: .1rem .5rem; font-weight: normal; overflow-wrap: break-word; }
details ul { columns: 18rem; margin: .25rem 0; }
.defs { position: absolute; width: 0; height: 0; }
.picture { display: block; max-width: 100%; height: auto; margin: 1rem auto; }
label { display: block; margin: 1rem 0; } [hidden] { display: none; }
input { font: inherit; width: 100%; max-width: 30rem; padding: .3rem .5rem; color: inherit;
  background: var(--box); border: 1px solid var(--dim); border-radius: .3rem; }
"""
# Without the script the page is whole: the field is not shown, and every row is.
FILTER: Final = (
    '<label id="filter" hidden>Filter <input type="search" autocomplete="off"> '
    '<output class="dim"></output></label>'
)
FILTER_SCRIPT: Final = """
"use strict";
(() => {
  const label = document.getElementById("filter");
  const field = label.querySelector("input"), told = label.querySelector("output");
  const rows = [...document.querySelectorAll("[data-row]")].map((row) => [
    row, row.textContent.toLowerCase(),
    (row.dataset.row || "").split(" ").filter(Boolean).map((part) => part.split("-").map(Number)),
  ]);
  const groups = [...document.querySelectorAll("[data-group]")].map((group) => [
    Number(group.dataset.group), group.textContent.toLowerCase(),
  ]);
  const filter = () => {
    const term = field.value.trim().toLowerCase();
    const found = groups.filter(([, text]) => text.includes(term)).map(([number]) => number);
    const within = ([first, last = first]) => found.some((each) => each >= first && each <= last);
    let shown = 0;
    for (const [row, text, ranges] of rows) {
      row.hidden = !(text.includes(term) || ranges.some(within));
      shown += !row.hidden;
    }
    told.textContent = term ? `${shown} of ${rows.length} rows` : "";
  };
  field.addEventListener("input", filter);
  label.hidden = false;
  filter();
})();
"""


def page(
    title: str, summary: str, main: Iterable[str], *, style: str = "", script: str | None = None
) -> str:
    """The page around what it shows. Only its own styles and script are let in, by their hash."""
    styles = f"{_STYLE}{style}"
    rights = f"default-src 'none'; style-src '{_hash(styles)}'"
    if script is not None:
        rights += f"; script-src '{_hash(script)}'"
    rights += "; base-uri 'none'; form-action 'none'"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{rights}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{markup(title)}</title>",
        f"<style>{styles}</style>",
        "</head>",
        "<body>",
        f"<h1>{markup(title)}</h1>",
        f'<p class="dim">{markup(summary)}</p>',
        "<main>",
        *main,
        "</main>",
        f"<footer><p>ecr-constructs {markup(VERSION)}</p></footer>",
    ]
    if script is not None:
        lines.append(f"<script>{script}</script>")
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


def _hash(content: str) -> str:
    """What Content Security Policy calls the hash of an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
