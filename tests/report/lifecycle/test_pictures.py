"""The preview drawn and as a page: what becomes of each image, as the JSON form tells it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Finding
from ecr_constructs.model.lifecycle import (
    Image,
    ImageStatus,
    all_tags,
    archive_after,
    expire_after,
    expire_untagged,
    keep_last,
    simulate,
)
from ecr_constructs.report.drawing.text import plain
from ecr_constructs.report.lifecycle.drawn import page, picture
from ecr_constructs.report.lifecycle.drawn.page import render_page
from ecr_constructs.report.lifecycle.drawn.picture import draw_preview
from ecr_constructs.report.lifecycle.drawn.refused import draw_refused, render_refused
from tests.report.diff.test_html import Reader
from tests.report.drawing.seen import HOSTILE, SVG, marks, parsed, text_of

AT = datetime(2026, 1, 31, tzinfo=timezone.utc)
POLICY = [
    keep_last(2, tags="v*"),
    expire_untagged(after_days=14),
    archive_after(days=90, tags=all_tags("build-*")),
    expire_after(days=3_000),
]
EFFECTS = ("expires", "archived", "tied", "kept")
TAGS = st.one_of(st.sampled_from(["v1", "v2", "build-7", "other"]), HOSTILE)


@st.composite
def previews(draw, most=12):
    images = [
        Image(
            digest=f"sha256:{number:064x}",
            pushed_at=AT - timedelta(hours=draw(st.integers(-100, 90_000))),
            tags=tuple(draw(st.lists(TAGS, max_size=3))),
            status=draw(st.sampled_from(list(ImageStatus))),
            subject=draw(st.sampled_from([None, None, f"sha256:{0:064x}"])) if number else None,
        )
        for number in range(draw(st.integers(0, most)))
    ]
    in_use = draw(st.one_of(st.none(), st.lists(st.sampled_from(["v1", "build-7"]), max_size=2)))
    return simulate(POLICY, images, at=AT), in_use


def told(preview, in_use):
    """How many images the JSON form has of each kind; what may go by chance is under ``kept``."""
    document = preview.to_json(in_use)
    found = Counter(
        {"EXPIRE": "expires", "TRANSITION": "archived"}[each["action"]["type"]]
        for each in document["previewResults"]
    )
    tied = sum(outcome.tied for outcome in preview.kept)
    return found + Counter(tied=tied, kept=len(document["kept"]) - tied)


def drawn(root):
    """The same as the picture says it."""
    found = Counter()
    for group in root.iter(f"{SVG}g"):
        kind, effect = group.get("class").split()
        assert kind in ("image", "images")
        (mark,) = marks(group)
        assert mark == effect
        found[effect] += int(group.get("data-images", 1))
    return found


@given(previews(), st.sampled_from([0, 5, 40]))
def test_every_image_is_drawn_alone_or_counted(found, most):
    preview, in_use = found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "MOST_IMAGES", most)
        text = draw_preview(preview, in_use).svg()
        assert draw_preview(preview, in_use).svg() == text
    root = parsed(text)
    assert drawn(root) == told(preview, in_use)
    amount = len(preview.results) + len(preview.kept)
    alone = sum(group.get("class").startswith("image ") for group in root.iter(f"{SVG}g"))
    assert alone == (amount if amount <= most else 0)
    said = text_of(root)
    assert f"{len(preview.expiring):,} expire" in said
    if amount:
        assert "runs 2026-01-31 00:00 UTC" in said
    if amount > most:
        assert f"More than {most} images, so a mark stands for those" in said
    if in_use is not None:
        assert f"{len(preview.in_use_lost(in_use))} of those in use are lost" in said


@given(previews())
def test_a_page_lists_every_image_with_its_reason_and_nothing_of_it_is_markup(found):
    preview, in_use = found
    text = render_page(preview, in_use)
    assert render_page(preview, in_use) == text
    assert text.isascii()
    reader = Reader(text)
    assert reader.tags.count("script") == 1
    assert reader.tags.count("svg") == 1 + len(preview.results) + len(preview.kept)
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "style"} & names)
    rows = text.split("<tr data-row>")[1:]
    assert len(rows) == len(preview.results) + len(preview.kept)
    effects = Counter(re.search(r'<use href="#([a-z]+)"', row)[1] for row in rows)
    assert effects == told(preview, in_use)
    for outcome in (*preview.results, *preview.kept):
        assert plain(outcome.reason) in reader.text
        assert all(plain(tag) in reader.text for tag in outcome.image.tags)
    lost = preview.in_use_lost(in_use) if in_use is not None else ()
    assert (f"In use, and lost: {len(lost)} image" in reader.text) == bool(lost)
    if lost:
        assert text.index("In use, and lost:") < text.index("<tr data-row>")


def many(amount):
    return [
        Image(
            digest=f"sha256:{number:064x}",
            pushed_at=AT - timedelta(minutes=number * 7),
            tags=() if number % 3 else (f"v{number}",),
        )
        for number in range(amount)
    ]


@pytest.mark.parametrize("amount", [1, 10, 200, 20_000])
def test_a_picture_stays_small(amount):
    preview = simulate(POLICY, many(amount), at=AT)
    text = draw_preview(preview).svg()
    assert drawn(parsed(text)) == told(preview, None)
    assert len(text) < 40_000


def test_a_page_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(page, "MOST_LISTED", 10)
    preview = simulate(POLICY, many(100), at=AT)
    text = render_page(preview)
    assert text.count("<tr data-row>") == 10
    assert "5 of them are here, the oldest" in Reader(text).text


def test_images_of_one_moment_and_of_none():
    twins = [
        Image(digest=f"sha256:{each:064x}", pushed_at=AT, tags=(f"v{each}",)) for each in range(4)
    ]
    preview = simulate([keep_last(2, tags="v*")], twins, at=AT)
    assert drawn(parsed(draw_preview(preview).svg())) == Counter(expires=2, tied=2)
    nothing = simulate(POLICY, [], at=AT)
    assert "There are no images." in text_of(parsed(draw_preview(nothing).svg()))
    assert "There are no images." in Reader(render_page(nothing)).text


def test_rules_are_named_with_their_days_and_those_that_select_nothing():
    images = [Image(digest=f"sha256:{1:064x}", pushed_at=AT - timedelta(days=20))]
    text = draw_preview(simulate(POLICY, images, at=AT)).svg()
    said = text_of(parsed(text))
    assert "Rule 2 expires images (untagged) after 14 days" in said
    assert "Rules that select none of these images: 1, 3, 4" in said
    assert text.count('class="limit"') == 1


@given(HOSTILE, st.integers(1, 60))
def test_a_policy_that_is_refused_has_its_findings_in_the_place_of_a_preview(text, amount):
    finding = Finding(
        code="c", property=text, message=text, given=text, allowed=text, fix=text, docs="https://x"
    )
    root = parsed(draw_refused([finding] * amount).svg())
    assert ("more: --format json" in text_of(root)) == (amount > 40)
    reader = Reader(render_refused([finding] * amount))
    assert reader.tags.count("a") == amount
    assert plain(finding.sentence()) in reader.text
