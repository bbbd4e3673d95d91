"""The site as it is built: once for all tests of this file, and once more beside it."""

# ruff: noqa: PLC0415 - what Sphinx is needed for is not imported where Python is too old for it
from __future__ import annotations

import json
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

import ecr_constructs
from docs_site.navigation import REFERENCE

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="what builds the site needs Python 3.11"
)


@dataclass(frozen=True)
class Built:
    """A build and what it said."""

    site: Path
    problems: list[str]

    def text(self, page: str) -> str:
        return (self.site / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[Built]:
    """Two builds in two folders, side by side."""
    from docs_site.building import build

    def built(name: str) -> Built:
        folder = tmp_path_factory.mktemp(name)
        return Built(folder / "site", build(folder / "work", folder / "site", processes="1"))

    with ThreadPoolExecutor() as pool:
        return list(pool.map(built, ["once", "another-time"]))


@pytest.fixture(scope="module")
def built(both: list[Built]) -> Built:
    return both[0]


@pytest.fixture(scope="module")
def pages(built: Built):
    from docs_site.checking import pages_of

    return pages_of(built.site)


def test_it_builds_without_a_warning(both: list[Built]):
    assert [built.problems for built in both] == [[], []]


def test_no_link_is_dead_and_nothing_is_loaded_from_elsewhere(built: Built, pages):
    from docs_site.checking import problems_of

    assert len(pages) > 250
    assert problems_of(built.site, pages) == []


def test_two_builds_are_the_same(both: list[Built]):
    first, second = (
        {
            path.relative_to(built.site): path.read_bytes()
            for path in built.site.rglob("*")
            if path.is_file()
        }
        for built in both
    )
    assert first.keys() == second.keys()
    assert [path for path, content in first.items() if content != second[path]] == []


def test_each_public_name_is_described_on_one_page(pages):
    on = Counter(
        each
        for name, page in pages.items()
        for each in page.ids
        if each.startswith("ecr_constructs.")
    )
    public = {f"{page.module}.{name}" for page in REFERENCE for name in page.names}
    assert {f"ecr_constructs.{name}" for name in ecr_constructs.__all__} <= public
    assert {name: on[name] for name in public if on[name] != 1} == {}


def test_each_option_of_a_repository_is_described(built: Built):
    text = built.text("reference/repositories.html")
    signature = re.search(r'id="ecr_constructs\.SecureRepository">(.*?)</dt>', text, re.DOTALL)
    assert signature is not None
    described = set(re.findall(r"<li><p><strong>(\w+)</strong>", text))
    options = set(
        re.findall(r'<span class="pre">(\w+)</span></span><span class="p">', signature[1])
    )
    assert len(options) == 12
    assert options - {"scope", "id"} <= described


def test_no_docstring_shows_its_markup(pages, built: Built):
    for page in REFERENCE:
        text = re.sub(
            r"<pre>.*?</pre>", "", built.text(f"reference/{page.name}.html"), flags=re.DOTALL
        )
        shown = re.sub(r"<[^>]+>", "", text)
        assert re.findall(r":(?:param|raises|class|func|meth|attr)\b.{0,20}|``", shown) == [], page


def test_types_of_cdk_lead_to_its_reference(pages):
    cdk = "https://docs.aws.amazon.com/cdk/api/v2/python/"
    links = set(pages["reference/repositories.html"].links)
    assert f"{cdk}aws_cdk.aws_ecr/Repository.html" in links
    assert f"{cdk}constructs/Construct.html" in links


def test_each_verb_has_its_page_and_options(pages):
    from docs_site.commands import verbs

    assert set(verbs()) >= {"check", "diff", "access", "preview", "explain", "effective", "schema"}
    for verb, parser in verbs().items():
        page = pages[f"commands/{verb}.html"]
        for action in parser._actions:
            for flag in set(action.option_strings) - {"-h", "--help"}:
                assert f"cmdoption-ecr-constructs-{verb}-{flag.lstrip('-')}" in " ".join(page.ids)


def test_each_code_has_its_page_and_is_led_to(pages):
    codes = {path.stem for path in (ROOT / "docs/codes").glob("*.md")} - {"README"}
    assert len(codes) > 100
    assert {code for code in codes if f"codes/{code}.html" not in pages} == set()
    assert codes <= {link.removesuffix(".html") for link in pages["codes/index.html"].links}


def test_each_decision_has_its_page(pages):
    written = {path.stem for path in (ROOT / "docs/decisions").glob("0*.md")}
    assert {f"decisions/{name}.html" for name in written} <= set(pages)


@pytest.mark.parametrize(
    "example",
    [
        path.relative_to(ROOT / "examples").with_suffix("").as_posix()
        for path in sorted((ROOT / "examples").glob("*/*.py"))
    ],
)
def test_an_example_has_its_source_and_its_templates(built: Built, example: str):
    text = built.text(f"examples/{example}.html")
    assert '<span class="k">def</span> <span class="nf">build</span>' in re.sub(
        r'<span class="w"> </span>', " ", text
    )
    templates = list((ROOT / "examples/golden" / example).glob("*.template.json"))
    assert templates
    assert [path.name for path in templates if path.name not in text] == []


def test_the_manifest_has_its_schema(built: Built):
    from ecr_constructs.report.verbs.schema import run_schema

    (file,) = built.site.glob("_downloads/*/fleet.schema.json")
    assert file.read_text(encoding="utf-8") == run_schema().text
    text = built.text("manifest.html")
    assert [name for name in json.loads(file.read_text())["$defs"] if name not in text] == []


def test_the_search_knows_the_names_and_asks_nobody(built: Built):
    index = built.text("searchindex.js")
    assert "securerepositori" in index
    assert "lifecycle-tag-list-is-and" in index
    assert 'src="searchindex.js"' in built.text("search.html")


def test_the_landing_page_has_the_figures_of_the_documentation(built: Built):
    shown = re.sub(r"<[^>]+>", " ", built.text("index.html"))
    fleet = (ROOT / "docs/fleet.md").read_text(encoding="utf-8")
    table = fleet[fleet.index("| seconds on the clock |") :]
    row = re.search(r"^\| \*\*ours, fast\*\* \|(.*)\|$", table, re.MULTILINE)
    assert row is not None
    assert [
        cell
        for cell in (row[1].split("|")[i].strip() for i in (1, 3, 4, 5))
        if cell not in shown.split()
    ] == []


def test_a_link_to_what_is_no_page_is_told():
    from docs_site.staging import relinked

    with pytest.raises(ValueError, match=r"docs/check\.md leads to nowhere\.md"):
        relinked("[x](nowhere.md)", "docs/check.md", {})
    assert relinked("[x](https://example.com) [y](#z)", "docs/check.md", {}).endswith("(#z)")


def test_nothing_names_the_machine_it_was_built_on(built: Built):
    for path in built.site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(built.site.parent) not in text, path
        assert f"{Path.home()}/" not in text, path
