"""The findings as a table, JSON, Markdown: the same ones, in the same order."""

from __future__ import annotations

import enum
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Finding, Severity
from ecr_constructs.report.check.collector import Checked, Reported, check_app
from ecr_constructs.report.check.formats.json_form import plain, render_json
from ecr_constructs.report.check.formats.markdown import render_markdown
from ecr_constructs.report.check.formats.table import render_table
from ecr_constructs.report.markdown import markdown_text
from ecr_constructs.report.template.app import App
from ecr_constructs.report.terminal import Style

from .apps import REFUSED, checked, repository, scanning, source

KNOWN = {"aws:cdk:acknowledged-rules": {"repository-policy-open": "all may | read <it>"}}
SHOP = source(
    {
        "Web": {**repository(**REFUSED), "Metadata": KNOWN},
        "Api": {
            **repository(**REFUSED, LifecyclePolicy={"LifecyclePolicyText": "{}"}),
            "Metadata": {"aws:cdk:path": "Shop/Api/Resource"},
        },
    }
)
LATER = source({"Scan": scanning(Properties={"ScanType": "ENHANCED"})}, stack="Later", region=None)
REPORT = checked(SHOP, LATER)
CONTRACT = [
    "code", "severity", "stack", "template", "environment", "logical_id", "construct_path",
    "property", "message", "given", "allowed", "fix", "docs", "acknowledged",
]  # fmt: skip


def rows(report=REPORT):
    return json.loads(render_json(report))["findings"]


def test_findings_stand_in_the_order_of_stacks_resources_and_severity():
    places = [(row["stack"], row["logical_id"]) for row in rows()]
    assert list(dict.fromkeys(places)) == [("Shop", "Web"), ("Shop", "Api"), ("Later", "Scan")]
    severities = [row["severity"] for row in rows() if row["logical_id"] == "Api"]
    assert set(severities) == {"danger", "warning"}
    assert severities == sorted(severities)
    assert render_json(checked(SHOP, LATER)) == render_json(REPORT)


def test_each_finding_stands_once():
    resources = {"Api": repository(**REFUSED), "Again": repository(**REFUSED)}
    found = check_app(App([source(resources)]))
    told = [(each.resource.logical_id, repr(each.finding)) for each in found]
    assert len(set(told)) == len(told)
    assert {name for name, _ in told} == {"Api", "Again"}


def test_the_contract_of_json():
    document = json.loads(render_json(REPORT))
    assert list(document) == ["version", "findings"]
    assert document["version"] == 1
    assert [list(row) for row in rows()] == [CONTRACT] * len(REPORT.findings)
    (opened,) = (
        row for row in rows()
        if row["code"] == "repository-policy-open" and row["logical_id"] == "Api"
    )  # fmt: skip
    assert opened == {
        **opened,
        "severity": "danger",
        "stack": "Shop",
        "template": "Shop.template.json",
        "environment": "111111111111/eu-west-1",
        "construct_path": "Shop/Api/Resource",
        "property": "RepositoryPolicyText",
        "given": "*",
        "acknowledged": None,
    }
    assert opened["docs"].startswith("https://docs.aws.amazon.com/")
    (known,) = (row for row in rows() if row["acknowledged"])
    assert known["acknowledged"] == {"reason": "all may | read <it>"}
    assert known["construct_path"] is None
    assert {row["environment"] for row in rows()} == {
        "111111111111/eu-west-1",
        "111111111111/${AWS::Region}",
    }
    assert json.loads(render_json(Checked(findings=()))) == {"version": 1, "findings": []}


def test_json_has_a_finding_in_a_line():
    lines = [line for line in render_json(REPORT).splitlines() if '"code"' in line]
    assert [json.loads(line.rstrip(","))["code"] for line in lines] == [
        each.finding.code for each in REPORT.findings
    ]


class Colour(enum.Enum):
    RED = "red"


@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.binary() | st.just(Colour.RED),
        lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.integers(), inner),
    )
)
def test_any_value_may_be_given(value):
    assert json.loads(json.dumps(plain(value))) == plain(value)


def test_the_table_says_everything_and_how_many():
    table = render_table(REPORT, Style())
    assert max(map(len, table.splitlines())) <= 100
    flat = " ".join(table.split())
    for each in REPORT.findings:
        assert f"[{each.finding.code}]" in flat
        assert (f"reason: {each.acknowledged}" if each.acknowledged else each.finding.fix) in flat
    assert table.count("Shop, 111111111111/eu-west-1\n") == 1
    assert table.count("  Shop/Api/Resource (AWS::ECR::Repository)\n") == 1
    *_, last = table.splitlines()
    numbers = re.fullmatch(
        r"(\d+) dangers?, (\d+) warnings?, (\d+) notes?; (\d+) acknowledged", last
    )
    assert numbers is not None
    assert sum(map(int, numbers.groups())) == len(REPORT.findings)
    assert numbers[4] == "1"


def test_the_table_has_the_colours_of_severities():
    coloured = render_table(REPORT, Style(colours=True))
    assert re.sub(r"\x1b\[\d*m", "", coloured) == render_table(REPORT, Style())
    for colour, word in (("31", "danger: "), ("33", "warning: "), ("2", "danger, acknowledged")):
        assert f"\x1b[{colour}m    {word}" in coloured


def test_nothing_found_is_said():
    none = Checked(findings=())
    assert render_table(none, Style()) == "0 dangers, 0 warnings, 0 notes; 0 acknowledged\n"
    assert "0 dangers" in render_markdown(none)
    assert "|" not in render_markdown(none)


def cells(line):
    return re.split(r"(?<!\\)\|", line)[1:-1]


def test_markdown_has_two_tables():
    markdown = render_markdown(REPORT)
    opened, known = markdown.split("<details>")
    codes = re.findall(r"\(\[([a-z-]+)\]\(https://", opened)
    assert codes == [each.finding.code for each in REPORT.findings if each.acknowledged is None]
    assert re.findall(r"\(\[([a-z-]+)\]\(https://", known) == ["repository-policy-open"]
    assert r"all may \| read \<it\>" in known
    tables = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {len(cells(line)) for line in tables} == {5}


@given(st.text())
def test_nothing_of_a_template_is_markdown_of_its_own(text):
    finding = Finding(
        code="c", property=text, message=text, given=text, allowed=text, fix=text, docs="https://x"
    )
    reported = Reported(finding=finding, resource=REPORT.findings[0].resource)
    for each in (
        reported,
        Reported(finding=finding, resource=reported.resource, acknowledged=text),
    ):
        table = [
            line
            for line in render_markdown(Checked(findings=(each,))).split("\n")
            if line.startswith("|")
        ]
        assert [len(cells(line.replace(r"\\", ""))) for line in table] == [5, 5, 5]
        told = cells(table[2].replace(r"\\", ""))[4].replace("<!-- -->", "")
        assert not re.search(r"(?<!\\)[<>`*\[\]_!@&]", told)


def test_nobody_is_called_and_no_issue_is_linked():
    assert markdown_text("@ops, see #12") == r"\@<!-- -->ops, see \#<!-- -->12"


@pytest.mark.parametrize("severity", list(Severity))
def test_the_gate_is_tripped_from_its_severity_on(severity):
    finding = Finding(
        code="c", property="p", message="m", given=1, allowed="a", fix="f", docs="d",
        severity=severity,
    )  # fmt: skip
    report = Checked(findings=(Reported(finding=finding, resource=REPORT.findings[0].resource),))
    order = [Severity.DANGER, Severity.WARNING, Severity.NOTE]
    for gate in order:
        assert report.trips(gate) is (order.index(severity) <= order.index(gate))
