"""A picture: one SVG that needs nothing from elsewhere, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .colours import PALETTE_STYLE
from .marks import MARK_STYLE, MARKS
from .text import markup

__all__ = ["PICTURE_STYLE", "WIDTH", "Picture", "number", "rule_line", "words"]

WIDTH: Final = 920
PICTURE_STYLE: Final = f"""\
svg.picture {{ font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }}
svg.picture text {{ fill: var(--text); white-space: pre; }}
svg.picture .name {{ unicode-bidi: isolate; }}
svg.picture .heading {{ font-size: 17px; font-weight: 600; }}
svg.picture .section {{ font-weight: 600; }}
svg.picture .small {{ font-size: 11.5px; }}
svg.picture .dim {{ fill: var(--dim); }}
svg.picture .middle {{ text-anchor: middle; }} svg.picture .end {{ text-anchor: end; }}
svg.picture .page {{ fill: var(--page); stroke: var(--line); }}
svg.picture .box {{ fill: var(--box); }} svg.picture .track {{ fill: var(--line); }}
svg.picture .rule {{ stroke: var(--line); }}
svg.picture .now {{ stroke: var(--dim); stroke-dasharray: 4 3; }}
svg.picture .limit {{ stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 1.5 3; }}
{MARK_STYLE}"""
_USED: Final = re.compile(r'<use href="#([a-z]+)"')


@dataclass(frozen=True)
class Picture:
    """What is drawn, and what is said of it to those who do not see it."""

    title: str
    description: str
    height: float
    body: tuple[str, ...]

    def svg(self) -> str:
        """The picture as a file."""
        style = f"<style>\n{PALETTE_STYLE}{PICTURE_STYLE}</style>"
        return "\n".join((*self._lines(style), ""))

    def inline(self) -> str:
        """The picture inside of a page, which has its styles."""
        return "\n".join(self._lines())

    def _lines(self, *style: str) -> Iterable[str]:
        height = number(self.height)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {WIDTH} '
            f'{height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="picture-title'
            ' picture-description">'
        )
        yield f'<title id="picture-title">{markup(self.title)}</title>'
        yield f'<desc id="picture-description">{markup(self.description)}</desc>'
        yield from style
        used = {name for line in self.body for name in _USED.findall(line)}
        yield "<defs>"
        for name, shape in MARKS.items():
            if name in used:
                yield f'<symbol id="{name}" viewBox="0 0 16 16">{shape}</symbol>'
        yield "</defs>"
        size = f'width="{WIDTH - 1}" height="{number(self.height - 1)}"'
        yield f'<rect x=".5" y=".5" {size} rx="8" class="page"/>'
        yield from self.body
        yield "</svg>"


def number(value: float) -> str:
    """A number of a picture, short."""
    return f"{value:.1f}".removesuffix(".0")


def words(text: str, x: float, y: float, *styles: str, title: Sequence[str] = ()) -> str:
    """A line of text that begins at a point; ``middle`` and ``end`` say what else is there."""
    named = f' class="{" ".join(styles)}"' if styles else ""
    more = f"<title>{markup(' | '.join(title))}</title>" if title else ""
    return f'<text x="{number(x)}" y="{number(y)}"{named}>{more}{markup(text)}</text>'


def rule_line(y: float, *, left: float = 24, right: float = WIDTH - 24) -> str:
    """A thin line over the picture."""
    return f'<path d="M{number(left)} {number(y)}H{number(right)}" class="rule"/>'
