"""Write the pages: ``python -m tests.docs.codes``."""

from __future__ import annotations

from .sources import PAGES
from .writing import pages

if __name__ == "__main__":
    written = pages()
    for page in PAGES.glob("*.md"):
        if page not in written:
            page.unlink()
    for page, text in written.items():
        page.write_text(text, encoding="utf-8")
