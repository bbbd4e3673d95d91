"""A page for each verb of the command line, from the parser that reads it."""

# ruff: noqa: SLF001 - argparse has no other way to ask what a parser knows
from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from ecr_constructs.cli import build_parser

from .navigation import GUIDES

__all__ = ["command_pages", "verbs"]

_WIDTH: Final = 88
_GUIDES: Final = {
    "preview": "lifecycle",
    "explain": "lifecycle",
    "effective": "registry",
    "schema": "fleet",
}


def verbs() -> dict[str, argparse.ArgumentParser]:
    """The verbs, in the order of the help."""
    return dict(_verbs_of(build_parser()).choices)


def command_pages() -> dict[str, str]:
    """The pages, and the one that leads to them."""
    parser = build_parser()
    summaries = {each.dest: each.help for each in _verbs_of(parser)._choices_actions}
    pages = {f"commands/{name}.rst": _page(name, verb) for name, verb in verbs().items()}
    rows = [f"   * - :doc:`{name}`\n     - {summaries[name]}" for name in verbs()]
    listed = "\n   ".join(verbs())
    pages["commands/index.rst"] = "\n\n".join(
        [
            "Command line\n============",
            f"{parser.description} It works from files: no AWS account, no Node.",
            "\n".join([".. list-table::", "   :class: summary", "   :widths: auto", "", *rows]),
            _exit_codes(parser),
            ".. program:: ecr-constructs",
            *_options(parser),
            f".. toctree::\n   :hidden:\n\n   {listed}\n",
        ]
    )
    return pages


def _page(name: str, verb: argparse.ArgumentParser) -> str:
    title = f"ecr-constructs {name}"
    usage = _usage(verb)
    guide = _GUIDES.get(name, name)
    known = {page for pages in GUIDES.values() for page in pages}
    parts = [
        f"{title}\n{'=' * len(title)}",
        verb.description or "",
        f"Guide: :doc:`/{guide}`." if guide in known else "",
        ".. code-block:: text\n\n" + "\n".join(f"   {line}" for line in usage),
        f".. program:: {title}",
        *_options(verb),
        _exit_codes(build_parser()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    # What has to be given comes first; of the rest the order is that of the help.
    for action in sorted(parser._actions, key=lambda each: bool(each.option_strings)):
        if isinstance(action, (argparse._SubParsersAction, argparse._HelpAction)):
            continue
        taken = "" if action.nargs == 0 else _taken(action)
        said = (action.help or "").replace("*", r"\*")
        said = f"{said[:1].upper()}{said[1:]}" if not said.startswith("aws") else said
        if action.option_strings:
            head = ", ".join(f"{flag} {taken}".strip() for flag in action.option_strings)
        else:
            head = taken
        yield f".. option:: {head}\n\n   {said.rstrip('.')}."


def _taken(action: argparse.Action) -> str:
    if action.choices is not None:
        return f"{{{','.join(map(str, action.choices))}}}"
    return str(action.metavar or action.dest.upper())


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    # The width of whoever builds the site is no matter of the page's.
    formatter = argparse.HelpFormatter(parser.prog, width=_WIDTH)
    formatter.add_usage(parser.usage, parser._actions, parser._mutually_exclusive_groups, "")
    return [line.rstrip() for line in formatter.format_help().rstrip().splitlines()]


def _exit_codes(parser: argparse.ArgumentParser) -> str:
    return parser.epilog or ""


def _verbs_of(
    parser: argparse.ArgumentParser,
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    (found,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return found
