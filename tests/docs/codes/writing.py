"""The pages as they are written: one for each code, and the table of all."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from ecr_constructs.model.findings import Severity
from ecr_constructs.report.check.collector import Reported

from .checking import FILE, NEW, OLD, check_example, command, of_assembly, printed
from .sources import PAGES, Code, codes

OF_ANY_REPOSITORY: Final = (
    "lifecycle-missing",
    "repository-not-retained",
    "scan-off",
    "tags-mutable",
)
"""What a repository has of which nothing is said: most examples would be longer without."""
_INTRODUCTION: Final = """\
# Finding codes

What [`ecr-constructs check`](../check.md) finds in a template,
[`ecr-constructs diff`](../diff.md) in a change of one and
[`ecr-constructs explain`](../lifecycle.md) in a lifecycle policy has a code. A code stays what it
is: acknowledge findings by it, and look for it in scripts.

| severity | |
|---|---|
| danger | would fail to deploy, do nothing, lose images, or let strangers in |
| warning | risky, but may be wanted |
| note | worth knowing |
"""
_PAGES: Final = """\
Each page has a small template with the finding, what the check prints of it, and the template put
right. A repository of which nothing is said but its name has {left_out} as well; the pages of other
codes leave that out. The page of a change has the template that is deployed too, and what the diff
prints of both."""


@cache
def pages() -> Mapping[Path, str]:
    """Every page with its text."""
    written = {PAGES / f"{code.code}.md": _page(code) for code in codes()}
    return {PAGES / "README.md": _table(), **written}


def _page(code: Code) -> str:
    return "\n".join((*_meaning(code), *_example(code), *_put_right(code), *_more(code)))


def _meaning(code: Code) -> Iterator[str]:
    yield f"# {code.code}: {code.title}"
    yield ""
    yield f"Severity: {' or '.join(severities(code))}."
    yield ""
    yield _wrapped(code.means)
    yield ""


def _example(code: Code) -> Iterator[str]:
    template = code.template(code.example)
    if code.before is not None:
        yield f"What is deployed, `{OLD}`:"
        yield ""
        yield from _block("yaml", code.template(code.before).shown)
        yield f"What would be deployed, `{NEW}`:"
    elif of_assembly(template.written):
        yield "The templates of two stacks in `cdk.out`:"
    else:
        yield f"`{FILE}`:"
    yield ""
    yield from _block("yaml", template.shown)
    yield f"`{command(code, template.written)}` prints of it:"
    yield ""
    yield from _block("text", printed(code))


def _put_right(code: Code) -> Iterator[str]:
    if code.fixed == code.example:
        yield f"Put right: the same, deployed to {code.fixed_region}."
        yield ""
        return
    where = f", deployed to {code.fixed_region}" if code.fixed_region != code.region else ""
    yield f"Put right{where}:"
    yield ""
    yield from _block("json" if code.frame == "lifecycle" else "yaml", code.shown_fix)


def _more(code: Code) -> Iterator[str]:
    # The same page may be named for several examples of one code.
    named = dict.fromkeys(each.finding.docs for each in _own(code))
    yield "\n".join(f"More: <{page}>" for page in named)
    yield ""


def _block(language: str, text: str) -> Iterator[str]:
    yield f"```{language}"
    yield text.rstrip("\n")
    yield "```"
    yield ""


def severities(code: Code) -> tuple[str, ...]:
    """The severities that a code can have; that of its example where nobody says more."""
    found = {each.finding.severity.value for each in _own(code)}
    told = {*code.severities, *found}
    return tuple(severity.value for severity in Severity if severity.value in told)


def _own(code: Code) -> list[Reported]:
    return [each for each in check_example(code).findings if each.finding.code == code.code]


def _table() -> str:
    lines = [_INTRODUCTION, _wrapped(_PAGES.format(left_out=_listed(OF_ANY_REPOSITORY))), ""]
    for topic, entries in groupby(codes(), lambda code: code.topic):
        lines += [f"## {topic}", "", "| code | severity | |", "|---|---|---|"]
        lines += [
            f"| [{code.code}]({code.code}.md) | {', '.join(severities(code))} | {code.title} |"
            for code in sorted(entries, key=_gravest)
        ]
        lines.append("")
    return "\n".join(lines)


def _gravest(code: Code) -> int:
    order = [severity.value for severity in Severity]
    return min(map(order.index, severities(code)), default=len(order))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, break_on_hyphens=False, break_long_words=False)


def _listed(names: tuple[str, ...]) -> str:
    links = [f"[`{name}`]({name}.md)" for name in names]
    return f"{', '.join(links[:-1])} and {links[-1]}"
