"""The site: the pages of the repository, the docstrings and the command, as HTML.

A development tool beside the library, started by `scripts/docs`; the wheel does not hold it. It
writes nothing that a reader of the repository could not read there: `staging` lays pages out for
Sphinx; `reference`, `commands`, `stories` and `manifest` make those that are generated; `theme` is
how they look; `checking` reads what came of it.
"""
