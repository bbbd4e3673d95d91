"""The report drawn, as a page and as Markdown: every verdict as the JSON form tells it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.report.access.drawn import lines, page, picture
from ecr_constructs.report.access.drawn.kinds import Kind, kind_of
from ecr_constructs.report.access.drawn.lines import lines_of, merged
from ecr_constructs.report.access.drawn.page import render_page
from ecr_constructs.report.access.drawn.picture import draw_access
from ecr_constructs.report.access.model import LEVEL_NAMES
from ecr_constructs.report.access.printed import markdown
from ecr_constructs.report.access.printed.markdown import render_markdown
from ecr_constructs.report.drawing.text import plain
from tests.report.diff.test_html import Reader
from tests.report.drawing.seen import HOSTILE, SVG, marks, parsed, text_of

from .templates import ARN, allow, document, named, report_on, repository, role

PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
COUNTED = ("allowed", "conditional", "denied")
PRINCIPALS = st.one_of(
    st.sampled_from(
        [
            "*",
            {"AWS": "arn:aws:iam::222222222222:root"},
            {"AWS": ["arn:aws:iam::333333333333:role/mirror", "arn:aws:iam::111111111111:user/u"]},
            {"Service": "lambda.amazonaws.com"},
            {"Federated": "accounts.google.com"},
        ]
    ),
    HOSTILE.map(lambda text: {"AWS": text}),
    HOSTILE.map(lambda text: {"Service": text}),
)
STATEMENTS = st.builds(
    lambda who, effect, actions, condition, sid: {
        **named(who, *actions),
        "Effect": effect,
        "Sid": sid,
        **condition,
    },
    PRINCIPALS,
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from([PULL, ["ecr:*"], ["ecr:DescribeImages"], ["ecr:BatchDeleteImage"]]),
    st.one_of(
        st.just({}),
        st.just({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}),
        HOSTILE.map(lambda text: {"Condition": {"StringLike": {"aws:UserAgent": text}}}),
    ),
    HOSTILE,
)
ROLES = st.builds(
    lambda action, on: role(
        AssumeRolePolicyDocument={},
        Policies=[{"PolicyName": "p", "PolicyDocument": document(allow(action, on=on))}],
    ),
    st.sampled_from(["ecr:*", "ecr:DescribeImages", "s3:*"]),
    st.sampled_from(["*", "arn:aws:ecr:eu-west-1:111111111111:repository/shop/*"]),
)


@st.composite
def reports(draw):
    resources = {}
    for number in range(draw(st.integers(0, 4))):
        name = draw(st.one_of(st.just(f"shop/{number}"), HOSTILE))
        statements = draw(st.lists(STATEMENTS, max_size=3))
        resources[f"Repository{number}"] = repository(name, *statements)
    for number in range(draw(st.integers(0, 3))):
        resources[draw(HOSTILE) + str(number)] = draw(ROLES)
    return report_on(resources)


def told(report):
    """How often the JSON form says each verdict of each level."""
    rows = report.as_json()["access"]
    return Counter(
        (level, row[level]["verdict"])
        for row in rows
        for level in LEVEL_NAMES
        if row[level]["verdict"] in COUNTED
    )


def drawn(root):
    """The same as the picture says it: by its marks, and by the counts of what is left out."""
    found = Counter()
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == "line":
            for level, verdict in zip(LEVEL_NAMES, marks(group), strict=True):
                if verdict in COUNTED:
                    found[level, verdict] += int(group.get("data-cells"))
        if group.get("class") == "left-out":
            columns = {str(x): level for x, level in zip(picture._LEVELS, LEVEL_NAMES, strict=True)}
            for text in group.iter(f"{SVG}text"):
                verdict = text.get("class").split()[-1]
                if verdict in COUNTED:
                    found[columns[text.get("x")], verdict] += int(text.text.replace(",", ""))
    return found


@given(reports(), st.sampled_from([1, 3, 40]))
def test_every_verdict_is_drawn_or_counted(report, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "MOST_LINES", most)
        text = draw_access(report).svg()
        assert draw_access(report).svg() == text
    root = parsed(text)
    assert drawn(root) == told(report)
    shown = [group for group in root.iter(f"{SVG}g") if group.get("class") == "line"]
    assert len(shown) <= most
    if any(group.get("class") == "left-out" for group in root.iter(f"{SVG}g")):
        assert "--format json every one" in text_of(root)


@given(reports())
def test_lines_are_the_matrix(report):
    """Each cell that says something is in one line, alone or with others."""
    cells = {
        (id(cell.principal), place % max(len(report.repositories), 1)): tuple(
            cell.verdict(level) for level in LEVEL_NAMES
        )
        for place, cell in enumerate(report.cells())
    }
    found = lines_of(report)
    for each in (
        found.every(),
        *(merged(list(found.every()), told=told) for told in (True, False)),
    ):
        seen = {}
        for line in each:
            for row in line.principals:
                for place in line.repositories:
                    assert (id(row), place) not in seen
                    seen[id(row), place] = line.verdicts
        silent = {key for key in cells if key not in seen}
        assert {key: cells[key] for key in seen} == seen
        assert all({verdict.value for verdict in cells[key]} == {"none"} for key in silent)
    places = sorted(place for group in found.groups for place in group)
    assert places == list(range(len(report.repositories)))


@given(reports())
def test_a_page_tells_every_verdict_and_reason_and_nothing_of_it_is_markup(report):
    text = render_page(report)
    assert render_page(report) == text
    assert text.isascii()
    reader = Reader(text)
    assert reader.tags.count("script") == 1
    assert not {"img", "iframe", "object", "form", "link", "base"} & set(reader.tags)
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "style"} & names)
    addresses = [value for name, value in reader.attributes if name == "href"]
    assert all(address.startswith("#") for address in addresses)
    found = lines_of(report)
    rows = [row for kind in found.by_kind.values() for row in merged(kind, told=True)]
    assert text.count("<tr data-row=") == len(rows)
    for verdict in COUNTED:
        expected = sum(each.value == verdict for row in rows for each in row.verdicts)
        assert text.count(f'<td class="level {verdict}">') == expected
    for row in rows:
        for each in row.told:
            for said in (each.reason.condition, each.reason.policy, each.reason.sid or ""):
                assert plain(said) in reader.text
    for each in (*report.repositories, *report.principals):
        assert plain(each.arn if each in report.principals else each.name) in reader.text


@given(reports())
def test_markdown_tells_every_line_in_a_table_that_stays_one(report):
    text = render_markdown(report)
    tables = [line for line in text.split("\n") if line.startswith("|")]
    rows = [line for line in tables if not line.startswith(("| who |", "|---"))]
    found = lines_of(report)
    lines_ = [row for kind in found.by_kind.values() for row in merged(kind, told=True)]
    assert len(rows) == len(lines_)
    for row in rows:
        cells = re.split(r"(?<!\\)\|", row.replace(r"\\", ""))[1:-1]
        assert len(cells) == 3 + len(LEVEL_NAMES)
        for cell in (cells[0], cells[1], cells[-1]):
            own = cell.replace("<!-- -->", "").replace("<br>", "")
            assert not re.search(r"(?<!\\)[<>`*\[\]_!@&#]", own)
    assert not re.search(r"@(?!<!-- -->)", text)
    counts = Counter(word for row in rows for word in re.findall(r"\*\*yes\*\*|_if_", row))
    assert counts["**yes**"] == sum(
        verdict.value == "allowed" for line in lines_ for verdict in line.verdicts
    )


def test_kinds_are_told_apart():
    report = report_on(
        {
            "Api": repository(
                "shop/api",
                named("*"),
                named("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
                named({"AWS": "222222222222"}),
                named({"AWS": "arn:aws:iam::222222222222:role/theirs"}),
                named({"Service": "lambda.amazonaws.com"}),
                named({"Federated": "accounts.google.com"}),
            ),
            "Every": role(
                Policies=[{"PolicyName": "p", "PolicyDocument": document(allow("ecr:*"))}]
            ),
            "Own": role(
                Policies=[
                    {
                        "PolicyName": "p",
                        "PolicyDocument": document(
                            allow("ecr:BatchDeleteImage", on=ARN + "shop/api")
                        ),
                    }
                ]
            ),
        }
    )
    kinds = {
        row.arn.rpartition("/")[2].removeprefix("arn:aws:iam::"): kind_of(row)
        for row in report.principals
    }
    assert kinds == {
        "*": Kind.EVERYBODY,
        "o-a1b2c3d4e5": Kind.ORGANIZATION,
        "222222222222:root": Kind.ACCOUNT,
        "theirs": Kind.ACCOUNT,
        "lambda.amazonaws.com": Kind.SERVICE,
        "accounts.google.com": Kind.FEDERATED,
        "${Every}": Kind.WILDCARD,
        "${Own}": Kind.OWN,
    }
    root = parsed(draw_access(report).svg())
    for kind in set(kinds.values()):
        assert kind.heading in text_of(root)
        assert kind.value in marks(root)


def fleet(amount):
    """Repositories of one policy, but for the first, and a role for each."""
    partner = named({"AWS": "222222222222"})
    resources = {
        f"R{each}": repository(f"shop/{each}", partner, *([named("*")] if each == 0 else []))
        for each in range(amount)
    }
    return report_on(resources | {"Role": role()})


@pytest.mark.parametrize("amount", [1, 10, 200, 400])
def test_what_is_equal_is_drawn_once(amount):
    report = fleet(amount)
    text = draw_access(report).svg()
    root = parsed(text)
    assert drawn(root) == told(report)
    assert len(text) < 12_000
    assert len(render_page(report)) < 20_000 + 100 * amount
    assert len(render_markdown(report)) < 4_000
    if amount > 1:
        assert f"and {amount - 2:,} more" in text_of(root) or f"all {amount:,}" in text_of(root)


def test_many_principals_stay_a_picture_and_what_is_left_out_is_said():
    statements = [
        named({"AWS": f"arn:aws:iam::{222222222222 + each}:role/r{each}"}, *PULL[: 1 + each % 2])
        for each in range(300)
    ]
    resources = {
        f"R{each}": repository(f"shop/{each}", *statements[each : each + 3]) for each in range(100)
    }
    report = report_on(resources)
    text = draw_access(report).svg()
    assert drawn(parsed(text)) == told(report)
    assert len(text) < 60_000
    assert f"{picture.MOST_LINES} of " in text_of(parsed(text))
    assert len(render_markdown(report)) <= markdown._ROOM


def test_a_page_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(page, "MOST_LISTED", 1)
    monkeypatch.setattr(page, "MOST_REASONS", 0)
    report = report_on({"R": repository("shop/r", named("*"), named({"AWS": "222222222222"}))})
    text = Reader(render_page(report)).text
    assert "1 of 2 lines are here" in text
    assert "and 2 statements more" in text
    assert lines.MOST_LISTED > 1


def test_markdown_fits_a_comment_whatever_the_names():
    names = {"AWS": ["@#|" * 80 + str(each) for each in range(60)]}
    roles = {"#@" * 100 + str(each): role() for each in range(60)}
    report = report_on({"R": repository("@" * 256, named(names)), **roles})
    assert len(render_markdown(report)) <= markdown._ROOM


def test_markdown_for_a_comment_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(markdown, "_ROOM", 2_000)
    report = report_on(
        {
            f"R{each}": repository(f"shop/{each}", named({"AWS": f"{222222222222 + each}"}))
            for each in range(20)
        }
    )
    text = render_markdown(report)
    assert "10 of 20 lines are left out here" in text
    assert text.count("**yes**") == 10


def test_nothing_at_all_is_a_picture_as_well():
    report = report_on({})
    root = parsed(draw_access(report).svg())
    assert "0 repositories, 0 principals" in text_of(root)
    assert "no AWS::ECR::Repository" in text_of(root)
    assert "no AWS::ECR::Repository" in Reader(render_page(report)).text
    assert "no AWS::ECR::Repository" in render_markdown(report).replace("\\", "")


def test_policies_that_nobody_looked_at_are_said():
    report = report_on(
        {
            "Api": repository(),
            "Role": role(ManagedPolicyArns=["arn:aws:iam::111111111111:policy/team"]),
        }
    )
    root = parsed(draw_access(report).svg())
    assert "No access: role Role †" in text_of(root)
    assert "not in the template" in text_of(root)
    assert "policy/team" in Reader(render_page(report)).text
