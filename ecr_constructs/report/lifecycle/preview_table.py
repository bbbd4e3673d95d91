"""What a policy does to images, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...model.lifecycle import Outcome, Preview, RuleAction
from ..terminal import Style, clipped, columns, wrapped

__all__ = ["render_preview"]

_WIDTHS: Final = (9, 6, 44, 22, 13)
_MOST_SHOWN: Final = 50
_MOST_KEPT_SHOWN: Final = 20
_WORDS: Final = {RuleAction.EXPIRE: "expires", RuleAction.TRANSITION: "archived", None: "kept"}


def render_preview(preview: Preview, in_use: Sequence[str] | None, style: Style) -> str:
    """The preview in 100 columns: what runs and would go, what goes, what stays."""
    lost = preview.in_use_lost(in_use) if in_use is not None else ()
    digests = {outcome.image.digest for outcome in lost}
    going = [outcome for outcome in preview.results if outcome.image.digest not in digests]
    lines = [_summary(preview, lost, in_use)]
    for title, outcomes, most in (
        ("In use, and lost", lost, _MOST_SHOWN),
        ("Expire or move to the archive", going, _MOST_SHOWN),
        (
            "Stay",
            [outcome for outcome in preview.kept if outcome.image.digest not in digests],
            _MOST_KEPT_SHOWN,
        ),
    ):
        if outcomes:
            lines += ["", style.bold(title)]
            lines.append(style.dim(columns(("", "rule", "tags", "pushed", "digest"), _WIDTHS)))
            for outcome in outcomes[:most]:
                lines += _lines_of(outcome, style)
            if len(outcomes) > most:
                lines.append(style.dim(f"and {len(outcomes) - most} more: --format json has all"))
    return "\n".join(lines) + "\n"


def _summary(preview: Preview, lost: Sequence[Outcome], in_use: Sequence[str] | None) -> str:
    parts = [
        f"{len(preview.expiring)} expire",
        f"{len(preview.transitioning)} move to the archive",
        f"{len(preview.kept)} stay",
    ]
    if in_use is not None:
        parts.append(f"{len(lost)} of those in use are lost")
    return ", ".join(parts)


def _lines_of(outcome: Outcome, style: Style) -> Iterator[str]:
    image, rule = outcome.image, outcome.rule
    cells = (
        _WORDS[outcome.action],
        str(rule.priority) if rule is not None else "",
        ", ".join(image.tags) or "(untagged)",
        image.pushed_at.isoformat(sep=" ", timespec="minutes"),
        image.digest.removeprefix("sha256:")[:12],
    )
    paint = style.danger if outcome.at_risk else style.good
    yield paint(clipped(columns(cells, _WIDTHS), sum(_WIDTHS) + len(_WIDTHS)))
    yield from (style.dim(line) for line in wrapped(outcome.reason, indent="    "))
