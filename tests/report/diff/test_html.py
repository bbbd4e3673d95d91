"""The findings for a browser: all that is found, and nothing of a template is markup."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Finding
from ecr_constructs.report.check.collector import Checked, Reported
from ecr_constructs.report.check.formats.html import render_html
from tests.report.check.apps import source
from tests.report.check.rules import KEPT

from .sides import diff, keep, repository

KNOWN = {"aws:cdk:acknowledged-rules": {"tags-mutable": "<it> is a preview"}}
OLD = {
    "Api": repository(ImageTagMutability="IMMUTABLE"),
    "Web": repository("web"),
}
NEW = {
    "Api": {**repository(LifecyclePolicy=keep(3)), "Metadata": KNOWN},
    "Web": repository("web2", KEPT),
}
FOUND = Checked(findings=diff(source(OLD), source(NEW)))


class Reader(HTMLParser):
    """What a browser makes of a page: its tags, its attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_everything_is_said_by_stack_and_resource():
    page = Reader(render_html(FOUND, title="ECR changes"))
    assert page.open == []
    assert page.tags.count("article") == len(FOUND.findings)
    assert page.tags.count("h3") == len(NEW)
    assert page.tags.count("h2") == 1
    for each in FOUND.findings:
        for said in (each.finding.message, each.finding.fix, each.finding.code):
            assert said in page.text
    assert "acknowledged" in page.text
    assert "<it> is a preview" in page.text


def test_nothing_runs_and_nothing_is_loaded():
    page = Reader(render_html(FOUND, title="ECR changes"))
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "style"} & names)
    addresses = [value for name, value in page.attributes if name == "href"]
    assert all(address.startswith("https://docs.aws.amazon.com/") for address in addresses)
    assert "url(" not in render_html(FOUND, title="ECR changes")
    assert "prefers-color-scheme: dark" in render_html(FOUND, title="ECR changes")


@given(st.text())
def test_nothing_of_a_template_is_markup(text):
    finding = Finding(
        code="c", property=text, message=text, given=text, allowed=text, fix=text, docs="https://x"
    )
    plain = Reported(finding=finding, resource=FOUND.findings[0].resource)
    known = Reported(finding=finding, resource=plain.resource, acknowledged=text)
    tags = Reader(render_html(Checked(findings=(plain, known)), title=text)).tags
    assert set(tags) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "main", "section",
        "article", "span", "a", "dl", "dt", "dd", "footer",
    }  # fmt: skip
    assert tags.count("article") == 2
