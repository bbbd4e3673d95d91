"""Pictures and pages as a viewer reads them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import strategies as st

SVG = "{http://www.w3.org/2000/svg}"
# Of the elements that a picture has none runs or loads anything.
DRAWN = {
    "svg", "title", "desc", "style", "defs", "symbol", "rect", "circle", "path", "text", "g", "use",
}  # fmt: skip
HOSTILE = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="<>&'\"`;:/\\ -]!?{}()#@|\x00\x07\x1b\n\u202e\u2028\ufffe\ud800", max_size=30),
    st.sampled_from(
        [
            "</title><script>alert(1)</script>",
            "]]><script/>",
            "<!--",
            "</style><img src=x onerror=alert(1)>",
            "שלום/עולם",
            "\u202egnp.exe",
            "👩\u200d🚀🐳",
            "n" * 256,
            "&amp;&#0;&lt;",
            "'><a href=javascript:alert(1)>",
        ]
    ),
)


def parsed(text):
    """The root of a picture that is what every picture must be."""
    assert text.isascii()
    assert text.endswith("</svg>\n")
    root = ET.fromstring(text)
    assert {each.tag for each in root.iter()} <= {SVG + name for name in DRAWN}
    for each in root.iter():
        assert not {name for name in each.attrib if name.startswith("on") or name == "style"}
        assert each.get("href", "#").startswith("#")
    assert "url(" not in text
    assert root.get("role") == "img"
    named = {each.get("id") for each in root.iter()} - {None}
    assert set(root.get("aria-labelledby").split()) <= named
    used = {each.get("href") for each in root.iter(f"{SVG}use")}
    assert {name[1:] for name in used} <= named
    return root


def text_of(root):
    return " ".join(root.itertext())


def marks(element):
    """The names of the marks in an element, in order."""
    return [use.get("href")[1:] for use in element.iter(f"{SVG}use")]
