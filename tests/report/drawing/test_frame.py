"""The frame of pictures and pages: text, colours, marks, scales and shares."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.report.drawing.colours import DARK, LIGHT
from ecr_constructs.report.drawing.marks import MARKS
from ecr_constructs.report.drawing.page import page
from ecr_constructs.report.drawing.picture import Picture, words
from ecr_constructs.report.drawing.scales import TimeScale, moment_text, seconds_of, span_text
from ecr_constructs.report.drawing.shares import shares
from ecr_constructs.report.drawing.text import fitted, listed, markup, plain, width_of

from .seen import HOSTILE, parsed, text_of


@given(HOSTILE)
def test_text_is_no_markup(text):
    written = markup(text)
    assert written.isascii()
    assert not set("<>\"'") & set(written)
    assert ET.fromstring(f"<a b='{written}'>{written}</a>").text or text == ""
    assert unescape(written) == plain(text)
    assert plain(text).isprintable()


@given(HOSTILE, st.integers(30, 400), st.booleans())
def test_text_fits_its_place(text, width, to_end):
    shown = fitted(text, width, 13, to_end=to_end)
    assert width_of(shown, 13) <= max(width, width_of("…", 13))
    assert shown == plain(text) or "…" in shown


@given(st.lists(HOSTILE, min_size=1, max_size=8), st.integers(200, 400), st.integers(0, 9_000))
def test_every_name_is_shown_or_counted(names, width, more):
    shown = listed(names, width, 13, of=len(names) + more)
    rest = re.search(r" and ([0-9,]+) more$", shown)
    left_out = int(rest[1].replace(",", "")) if rest else 0
    assert width_of(shown, 13) <= width
    if not rest:
        assert more == 0
        assert len(names) == 1 or shown == ", ".join(map(plain, names))
    elif left_out < len(names) + more - 1:
        assert shown.startswith(", ".join(map(plain, names[: len(names) + more - left_out])))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["page", "box"])
def test_what_is_written_or_drawn_stands_out(colours, paper):
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 or more."""
    for name in colours.keys() - {"page", "box", "line"}:
        lighter, darker = sorted(map(luminance, (colours[name], colours[paper])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, name
    assert LIGHT.keys() == DARK.keys()


def test_each_mark_has_a_shape_of_its_own():
    shapes = [re.sub(r' class="[^"]*"', "", shape) for shape in MARKS.values()]
    assert len(set(shapes)) == len(shapes)
    for name, shape in MARKS.items():
        assert parsed(Picture("t", "d", 20, (f'<use href="#{name}"/>', shape)).svg()) is not None


@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_picture_is_xml_whatever_it_says(title, description, text):
    picture = Picture(title, description, 100.25, (words(text, 1, 2, "small", title=[text]),))
    root = parsed(picture.svg())
    assert plain(text) in text_of(root)
    assert picture.svg() == picture.svg()
    assert "<style" in picture.svg()
    assert "<style" not in picture.inline()


@given(HOSTILE, st.sampled_from([None, "let a = 1;"]))
def test_a_page_lets_in_what_is_its_own(text, script):
    written = page(text, text, [f"<p>{markup(text)}</p>"], style="p { top: 0 }", script=script)
    assert written.isascii()
    rights = re.search(r'Content-Security-Policy" content="([^"]*)"', written)[1]
    assert rights.startswith("default-src 'none'; ")
    assert "unsafe" not in rights
    assert "*" not in rights
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        inside = re.findall(f"<{tag}>(.*?)</{tag}>", written, re.DOTALL)
        hashes = [
            "sha256-" + base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()
            for each in inside
        ]
        assert re.findall(f"{kind} '([^']*)'", rights) == hashes
        assert written.count(f"<{tag}") == len(hashes)
    assert written.count("<script") == (script is not None)


@given(st.lists(st.integers(0, 5_000), max_size=8), st.integers(0, 200))
def test_shares_are_even_and_use_the_room(amounts, room):
    given_ = shares(amounts, room)
    assert sum(given_) == min(sum(amounts), room)
    for amount, share in zip(amounts, given_, strict=True):
        assert share <= amount
        # Nobody gets more than one more than somebody who went short.
        assert share == amount or max(given_) <= share + 1


MOMENTS = st.datetimes(timezones=st.timezones())


@given(MOMENTS, MOMENTS, st.integers(2, 9))
def test_a_line_of_time_names_round_moments_on_it(one, other, most):
    first, last = sorted((seconds_of(one), seconds_of(other)))
    scale = TimeScale(first, last, 100, 500)
    ticks = scale.ticks(most)
    assert len(ticks) <= most
    assert len({name for _, name in ticks}) == len(ticks)
    places = [scale.place(seconds) for seconds, _ in ticks]
    assert places == sorted(places)
    for place in places:
        assert 100 - 1e-6 <= place <= 500 + 1e-6
    for moment in (first, last):
        assert 100 <= scale.place(moment) <= 500
        assert 0 <= scale.part(moment, 40) < 40


@pytest.mark.parametrize(
    ("begin", "end", "names"),
    [
        ("2026-01-05T00:00", "2026-01-09T00:00", ["2026-01-05", "2026-01-06", "2026-01-07",
                                                  "2026-01-08", "2026-01-09"]),
        ("2026-01-05T10:59", "2026-01-05T12:01", ["01-05 11:00", "01-05 11:15", "01-05 11:30",
                                                  "01-05 11:45", "01-05 12:00"]),
        ("2025-02-01T00:00", "2026-01-01T00:00", ["2025-04", "2025-07", "2025-10", "2026-01"]),
        ("1999-06-01T00:00", "2026-01-01T00:00", ["2000", "2010", "2020"]),
    ],
)  # fmt: skip
def test_ticks(begin, end, names):
    moments = [datetime.fromisoformat(each).replace(tzinfo=timezone.utc) for each in (begin, end)]
    scale = TimeScale(*map(seconds_of, moments), 0, 1)
    assert [name for _, name in scale.ticks(6)] == names


def test_moments_and_spans_in_words():
    moment = datetime.fromisoformat("2026-01-31T01:30:59+02:00")
    assert moment_text(moment) == "2026-01-30 23:30 UTC"
    assert [span_text(each) for each in (0, 1, 90, 7200, 86_400, 302_400)] == [
        "0 seconds", "1 second", "1.5 minutes", "2 hours", "1 day", "3.5 days"
    ]  # fmt: skip
