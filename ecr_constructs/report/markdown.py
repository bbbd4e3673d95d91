"""Text for a comment on GitHub: nothing of a template is Markdown, HTML or a mention there."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["markdown_text"]

# What Markdown or HTML would read as its own, in a cell of a table.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")
# GitHub looks for mentions and numbers of issues after Markdown is done, so that a backslash does
# not keep them off; a comment, of which nobody sees anything, does.
_CALLS: Final = re.compile(r"(\\[@#])")


def markdown_text(text: str) -> str:
    """The text as it stands, in one line."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    escaped = _SPECIAL.sub(r"\\\1", " ".join(printable.split()))
    return _CALLS.sub(r"\1<!-- -->", escaped)
