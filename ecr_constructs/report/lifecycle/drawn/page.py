"""What a policy does to images, as a page: the picture, and a list with reasons and a filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ....model.lifecycle import Outcome, Preview
from ...drawing.page import FILTER, FILTER_SCRIPT, TABLE_STYLE, page
from ...drawing.picture import PICTURE_STYLE
from ...drawing.scales import moment_text
from ...drawing.shares import shares
from ...drawing.text import counted, markup
from .lanes import MOST_LISTED, Effect, effect_of, summary
from .picture import draw_preview

__all__ = ["render_page"]

_MOST_TAGS: Final = 20
_TITLE: Final = "What the lifecycle policy does"
_WORDS: Final = {
    Effect.EXPIRES: "expires",
    Effect.ARCHIVED: "archived",
    Effect.TIED: "stays, undocumented",
    Effect.KEPT: "stays",
}


def render_page(preview: Preview, in_use: Sequence[str] | None = None) -> str:
    """The preview as one file, with at most :data:`MOST_LISTED` images; it says what it leaves out.

    What is in use and lost comes first.
    """
    lost = preview.in_use_lost(in_use) if in_use is not None else ()
    return page(
        _TITLE,
        summary(preview, None if in_use is None else len(lost)),
        _main(preview, in_use, lost),
        style=TABLE_STYLE + PICTURE_STYLE,
        script=FILTER_SCRIPT,
    )


def _main(preview: Preview, in_use: Sequence[str] | None, lost: Sequence[Outcome]) -> Iterator[str]:
    yield draw_preview(preview, in_use).inline()
    yield FILTER
    digests = {outcome.image.digest for outcome in lost}
    rest = [
        [each for each in outcomes if each.image.digest not in digests]
        for outcomes in (preview.results, preview.kept)
    ]
    sections = (("In use, and lost", lost), ("Expire or move to the archive", rest[0]),
                ("Stay", rest[1]))  # fmt: skip
    amounts = [len(outcomes) for _, outcomes in sections]
    shown = shares(amounts, MOST_LISTED)
    for (heading, outcomes), most in zip(sections, shown, strict=True):
        if outcomes:
            yield f"<h2>{heading}: {counted(len(outcomes), 'image', 'images')}</h2>"
            if most < len(outcomes):
                yield (
                    f"<p>{most:,} of them are here, the oldest; <code>--format json</code> has "
                    "every one.</p>"
                )
            yield "<table><thead><tr>"
            for name in ("", "rule", "tags", "pushed", "digest", "reason"):
                yield f'<th scope="col">{name}</th>'
            yield "</tr></thead><tbody>"
            yield from map(_row, outcomes[:most])
            yield "</tbody></table>"


def _row(outcome: Outcome) -> str:
    image, effect = outcome.image, effect_of(outcome)
    rest = f" and {len(image.tags) - _MOST_TAGS:,} more" if len(image.tags) > _MOST_TAGS else ""
    tags = ", ".join(f"<bdi>{markup(tag)}</bdi>" for tag in image.tags[:_MOST_TAGS])
    digest = image.digest.removeprefix("sha256:")
    mark = f'<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><use href="#{effect.value}"/>'
    cells = (
        f'<td class="level">{mark}</svg> {_WORDS[effect]}</td>',
        f"<td>{outcome.rule.priority if outcome.rule is not None else ''}</td>",
        f"<td>{tags or '(untagged)'}{rest}</td>",
        f'<td class="level">{moment_text(image.pushed_at)}</td>',
        f'<td class="level" title="{markup(image.digest)}">{markup(digest[:12])}</td>',
        f"<td>{markup(outcome.reason)}</td>",
    )
    return f"<tr data-row>{''.join(cells)}</tr>"
