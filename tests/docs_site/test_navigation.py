"""Every page of docs/ is in the sidebar, and every public name on a page of the reference."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import ecr_constructs
from docs_site.navigation import GUIDES, REFERENCE
from ecr_constructs import testing
from ecr_constructs.model import lifecycle

ROOT = Path(__file__).parents[2]


def _names(module: str) -> Counter[str]:
    return Counter(name for page in REFERENCE if page.module == module for name in page.names)


def test_each_page_of_docs_is_in_one_group():
    listed = Counter(page for pages in GUIDES.values() for page in pages)
    written = Counter(page.stem for page in (ROOT / "docs").glob("*.md"))
    assert listed == written, "a page of docs/ is listed in docs_site/navigation.py, once"


def test_each_public_name_is_on_one_page():
    assert _names("ecr_constructs") == Counter(ecr_constructs.__all__)


def test_what_tests_import_is_on_one_page():
    assert _names(testing.__name__) == Counter(testing.__all__)


def test_what_is_beside_the_rules_is_on_one_page():
    beside = set(lifecycle.__all__) - set(ecr_constructs.__all__)
    assert _names(lifecycle.__name__) == Counter(beside)


def test_a_page_of_the_reference_has_one_name():
    assert max(Counter(page.name for page in REFERENCE).values()) == 1


def test_each_example_is_led_to_from_the_reference():
    led_to = {example for page in REFERENCE for example in page.examples}
    written = {
        path.relative_to(ROOT / "examples").with_suffix("").as_posix()
        for path in (ROOT / "examples").glob("*/*.py")
    }
    assert led_to == written
