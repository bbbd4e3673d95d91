"""What a policy does to images, drawn on a line of time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from ....model.lifecycle import Outcome, Preview
from ...drawing.marks import mark
from ...drawing.picture import WIDTH, Picture, number, rule_line, words
from ...drawing.scales import TimeScale, moment_text, seconds_of, span_text
from ...drawing.text import counted, fitted, listed, markup
from .lanes import MOST_LISTED, Effect, Lane, effect_of, idle_rules, lanes_of, summary

__all__ = ["MOST_IMAGES", "PARTS", "draw_preview"]

MOST_IMAGES: Final = 40
"""With more images, they are drawn together by the time of their push."""
PARTS: Final = 40
_LEFT: Final = 24
_RIGHT: Final = WIDTH - 24
_NAMED: Final = 48
_LINE: Final = 236
_LINE_END: Final = 640
_SAID: Final = 660
_ROW: Final = 24
_DAY: Final = 86_400
_SIZE: Final = 13.0
_SMALL: Final = 11.5
_TITLE: Final = "What the lifecycle policy does"
_WORDS: Final = {
    Effect.EXPIRES: "expires",
    Effect.ARCHIVED: "moves to the archive",
    Effect.TIED: "stays by an order that ECR does not document",
    Effect.KEPT: "stays",
}
_COUNTED: Final = {
    Effect.EXPIRES: "expire",
    Effect.ARCHIVED: "to the archive",
    Effect.TIED: "stay, perhaps",
    Effect.KEPT: "stay",
}
_ROOM_OF_NAME: Final = 72
_WORDS_OF_MANY: Final = {
    Effect.EXPIRES: "expire",
    Effect.ARCHIVED: "move to the archive",
    Effect.TIED: "stay by an order that ECR does not document",
    Effect.KEPT: "stay",
}


def draw_preview(preview: Preview, in_use: Sequence[str] | None = None) -> Picture:
    """The preview as a picture: each image, or where there are many, marks that stand for several.

    The marks are as large as the number of images asks for, by its square root.
    """
    return _Drawing(preview, in_use).picture()


class _Drawing:
    """Draws one preview from top to bottom."""

    def __init__(self, preview: Preview, in_use: Sequence[str] | None) -> None:
        self._preview = preview
        self._lanes = lanes_of(preview, in_use)
        lost = sum(len(lane.outcomes) for lane in self._lanes if lane.lost)
        self._summary = summary(preview, None if in_use is None else lost)
        self._outcomes = (*preview.results, *preview.kept)
        self._single = len(self._outcomes) <= MOST_IMAGES
        self._body: list[str] = []
        self._y = 0.0

    def picture(self) -> Picture:
        """The picture."""
        self._y = 38
        self._add(words(_TITLE, _LEFT, self._y, "heading"))
        self._y += 20
        self._add(words(self._summary, _LEFT, self._y, "dim"))
        if self._outcomes:
            self._timeline()
        else:
            self._y += 34
            self._add(words("There are no images.", _LEFT, self._y))
        return Picture(
            title=_TITLE,
            description=f"{self._summary}. {'; '.join(self._counts())}",
            height=self._y + 20,
            body=tuple(self._body),
        )

    def _timeline(self) -> None:
        pushed = [seconds_of(outcome.image.pushed_at) for outcome in self._outcomes]
        self._now = seconds_of(self._outcomes[0].scene.at)
        self._scale = TimeScale(min(*pushed, self._now), max(*pushed, self._now), _LINE, _LINE_END)
        self._y += 34
        start = self._y
        self._ticks()
        axis = len(self._body)
        self._largest = max(
            count
            for lane in self._lanes
            for parts in self._parts(lane.outcomes).values()
            for count in parts.values()
        )
        for lane in self._lanes:
            self._lane(lane)
        x = number(self._scale.place(self._now))
        self._body.insert(
            axis, f'<path d="M{x} {number(start + 6)}V{number(self._y + 8)}" class="now"/>'
        )
        self._foot()

    def _ticks(self) -> None:
        self._add(words("pushed (UTC)", _LEFT, self._y, "small", "dim"))
        now = self._scale.place(self._now)
        for seconds, name in self._scale.ticks(6):
            x = self._scale.place(seconds)
            if abs(x - now) > _ROOM_OF_NAME:
                self._add(words(name, x, self._y, "small", "dim", "middle"))
            self._add(f'<path d="M{number(x)} {number(self._y + 4)}v6" class="rule"/>')
        self._add(words("the policy runs", now, self._y, "small", "middle"))

    def _lane(self, lane: Lane) -> None:
        self._y += 32
        heading = fitted(lane.heading, _RIGHT - _LEFT - 140, _SIZE)
        self._add(words(heading, _LEFT, self._y, "section", "name"))
        amount = counted(len(lane.outcomes), "image", "images")
        self._add(words(amount, _RIGHT, self._y, "small", "dim", "end"))
        self._y += 8
        self._add(rule_line(self._y))
        top = self._y
        if self._single:
            for outcome in lane.outcomes:
                self._image(outcome, lane)
        else:
            self._many(lane)
        self._limit(lane, top)

    def _limit(self, lane: Lane, top: float) -> None:
        """Where the rule begins to act, where it counts days."""
        if lane.days is None or lane.lost:
            return
        seconds = self._now - lane.days * _DAY
        if self._scale.first <= seconds <= self._scale.last:
            x = number(self._scale.place(seconds))
            self._add(f'<path d="M{x} {number(top)}V{number(self._y)}" class="limit">')
            self._add(f"<title>{counted(lane.days, 'day', 'days')} before the policy runs</title>")
            self._add("</path>")

    def _image(self, outcome: Outcome, lane: Lane) -> None:
        image, effect = outcome.image, effect_of(outcome)
        y = self._y + _ROW / 2 + 1
        x = self._scale.place(seconds_of(image.pushed_at))
        told = f"{image.digest}, pushed {moment_text(image.pushed_at)}: {outcome.reason}"
        self._add(f'<g class="image {effect.value}"><title>{markup(told)}</title>')
        track = f'<rect x="{_LINE}" y="{number(y - 1)}" width="{_LINE_END - _LINE}" height="2"'
        self._add(f'{track} class="track"/>')
        tags = ", ".join(image.tags[:50]) or f"untagged {image.digest[7:19]}"
        self._add(words(fitted(tags, _LINE - _LEFT - 20, _SIZE), _LEFT, y + 5, "name"))
        self._add(mark(effect.value, x, y))
        said = fitted(_said(outcome, lane), _RIGHT - _SAID, _SMALL, to_end=False)
        self._add(words(said, _SAID, y + 4, "small"))
        self._add("</g>")
        self._y += _ROW

    def _many(self, lane: Lane) -> None:
        length = (self._scale.last - self._scale.first) / PARTS
        width = (_LINE_END - _LINE) / PARTS
        parts_of = self._parts(lane.outcomes)
        for effect, parts in parts_of.items():
            y = self._y + _ROW / 2 + 1
            track = f'<rect x="{_LINE}" y="{number(y)}" width="{_LINE_END - _LINE}" height="1"'
            self._add(f'{track} class="track"/>')
            self._add(mark(effect.value, _NAMED - 8, y))
            self._add(words(_COUNTED[effect], _NAMED + 10, y + 4, "small"))
            for part, count in sorted(parts.items()):
                size = 5 + 11 * math.sqrt(count / self._largest)
                begin = self._scale.first + part * length
                x = _LINE + (part + 0.5) * width if length else self._scale.place(begin)
                title = f"{counted(count, 'image', 'images')} {_WORDS_OF_MANY[effect]}"
                self._add(
                    f'<g class="images {effect.value}" data-images="{count}"><title>{title}</title>'
                    f"{mark(effect.value, round(x, 1), y, size=round(size, 1))}</g>"
                )
            total = f"{sum(parts.values()):,} {_COUNTED[effect]}"
            self._add(words(total, _SAID, y + 4, "small"))
            self._y += _ROW
        if lane.lost:
            self._y += 16
            names = [
                ", ".join(each.image.tags[:5]) or each.image.digest[:19]
                for each in lane.outcomes[:20]
            ]
            text = listed(names, _RIGHT - _NAMED, _SMALL, of=len(lane.outcomes))
            self._add(words(text, _NAMED + 10, self._y, "small", "name"))

    def _parts(self, outcomes: Sequence[Outcome]) -> dict[Effect, dict[int, int]]:
        """How many images each part of the time has, by what becomes of them."""
        found: dict[Effect, dict[int, int]] = {}
        for outcome in outcomes:
            parts = found.setdefault(effect_of(outcome), {})
            part = self._scale.part(seconds_of(outcome.image.pushed_at), PARTS)
            parts[part] = parts.get(part, 0) + 1
        return {effect: found[effect] for effect in Effect if effect in found}

    def _foot(self) -> None:
        self._y += 22
        self._add(rule_line(self._y))
        self._y += 24
        x = float(_LEFT)
        shown = {effect_of(outcome) for outcome in self._outcomes}
        for effect, text in _WORDS.items():
            if effect in shown:
                self._add(mark(effect.value, x + 8, self._y - 5))
                self._add(words(text, x + 22, self._y, "small"))
                x += 44 + len(text) * 6.6
        for text in self._said_below():
            self._y += 18
            self._add(words(fitted(text, _RIGHT - _LEFT, _SMALL), _LEFT, self._y, "small", "dim"))

    def _said_below(self) -> Iterator[str]:
        yield f"The policy runs {moment_text(self._outcomes[0].scene.at)}; times are in UTC."
        if any(lane.days is not None and not lane.lost for lane in self._lanes):
            yield "A dotted line is where a rule that counts days since the push begins to act."
        if not self._single:
            part = span_text((self._scale.last - self._scale.first) / PARTS)
            yield (
                f"More than {MOST_IMAGES} images, so a mark stands for those pushed within {part}: "
                f"the largest for {self._largest:,}."
            )
            yield (
                f"--format html lists up to {MOST_LISTED:,} images with tags and reasons, --format "
                "json every one."
            )
        idle = idle_rules(self._preview)
        if idle:
            listed_rules = ", ".join(map(str, idle))
            yield f"Rules that select none of these images: {listed_rules}"

    def _counts(self) -> Iterator[str]:
        for lane in self._lanes:
            parts = self._parts(lane.outcomes)
            told = ", ".join(
                f"{sum(amounts.values()):,} {_COUNTED[effect]}" for effect, amounts in parts.items()
            )
            yield f"{lane.heading}: {told}"

    def _add(self, drawn: str) -> None:
        self._body.append(drawn)


def _said(outcome: Outcome, lane: Lane) -> str:
    """The part of the reason that the heading of the lane has not."""
    if lane.lost and outcome.rule is not None:
        return f"{_WORDS[effect_of(outcome)]}, by rule {outcome.rule.priority}"
    if lane.rule is None:
        return outcome.reason
    head, _, tail = outcome.reason.partition("; ")
    known = {outcome.scene.phrases[lane.rule.priority, acts] for acts in (True, False)}
    return f"{_WORDS[effect_of(outcome)]}: {tail}" if head in known else outcome.reason
