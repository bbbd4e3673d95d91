"""The reader of built pages finds what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs_site.checking import pages_of, problems_of

GOOD = '<a id="top" href="sub/other.html#part">x</a><a href="#top">up</a><a href="sub/">y</a>'
OTHER = '<p id="part"><a href="../index.html">back</a><img src="data:image/png;base64,AA=="></p>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(GOOD)
    (tmp_path / "sub/other.html").write_text(OTHER)
    (tmp_path / "sub/index.html").write_text("<p>Here.</p>")
    (tmp_path / "site.css").write_text("p { background: url('data:image/png;base64,AA==') }")
    return tmp_path


def test_a_good_site_has_no_problems(site):
    assert problems_of(site, pages_of(site)) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="none.html">x</a>', "none.html leads nowhere"),
        ('<a href="sub/other.html#none">x</a>', "sub/other.html#none leads to no part of"),
        ('<a href="#none">x</a>', "#none leads to no part of index.html"),
        ('<a href="../index.html">x</a>', "../index.html leads nowhere"),
        ('<a href="/index.html">x</a>', "/index.html leads nowhere"),
        ('<img src="none.svg">', "none.svg leads nowhere"),
        ('<script src="https://cdn.example.com/x.js"></script>', "from elsewhere"),
        ('<link rel="stylesheet" href="//fonts.example.com/x.css">', "from elsewhere"),
        ("<p style=\"background: url('https://example.com/x.png')\">", "from elsewhere"),
        ('<p id="one"></p><p id="one"></p>', "2 elements have the id one"),
    ],
)
def test_a_fault_of_a_page_is_told(site, body, problem):
    (site / "index.html").write_text(body)
    (found,) = problems_of(site, pages_of(site))
    assert found.startswith("index.html: ")
    assert problem in found


@pytest.mark.parametrize(
    "rule", ["@import 'https://example.com/x.css';", "p { background: url(//example.com/x.png) }"]
)
def test_a_style_sheet_loads_nothing_from_elsewhere(site, rule):
    (site / "site.css").write_text(rule)
    (found,) = problems_of(site, pages_of(site))
    assert found.startswith("site.css: loads ")


def test_a_link_to_elsewhere_is_no_fault(site):
    (site / "index.html").write_text('<a href="https://docs.aws.amazon.com/ecr/">AWS</a>')
    assert problems_of(site, pages_of(site)) == []
