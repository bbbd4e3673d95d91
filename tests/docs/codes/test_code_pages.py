"""Each code has its page, and what the page says of it is so."""

from __future__ import annotations

import json
import re

import cloudformation_validate as cloudformation
import pytest

from ecr_constructs.cli import main
from ecr_constructs.report.reading.documents import read_document

from ..pages import blocks
from .checking import before, check_example, check_fixed, check_template, of_assembly, write_example
from .source_codes import given_codes
from .sources import ORDER, PAGES, SOURCES, codes
from .writing import OF_ANY_REPOSITORY, pages

WRITE = "python -m tests.docs.codes"
ERRORS = (cloudformation.Severity.FATAL, cloudformation.Severity.ERROR)
NOT_SAID = {
    "encryption-invalid": "an option of a construct that is no kind of encryption",
    "input-unusable": "what is said of a file that cannot be used",
    "pull-through-azure-name-invalid": "asked of a construct; no address has another",
    "pull-through-upstream-invalid": "an option of a construct that is no upstream",
    "pull-through-upstream-region-invalid": "asked of a construct; no address has another",
    "pull-through-username-unused": "a template has no user name beside its secret",
    "time-without-zone": "the time that somebody asks about, not the policy",
}
"""What rules that are asked here could say, and why no template or policy makes them say it."""
OTHERWISE = {
    "property-unknown": lambda code: (
        code.example.replace("ImageScaningConfiguration", "Zone"),
        code.region,
    ),
    "attribute-unknown": lambda code: (code.example.replace("DeletionPolcy", "Zone"), code.region),
    "public-repository-region": lambda code: (code.example, None),
    "lifecycle-same-selection": lambda code: (
        code.template(code.example.replace("tagPrefixList", "tagPatternList")).whole,
        code.region,
    ),
    "lifecycle-can-empty": lambda code: (
        code.template(
            code.example.replace('"any"', '"tagged", "tagPatternList": ["v*"]'),
        ).whole,
        code.region,
    ),
    "repository-replaced": lambda code: (
        "Parameters: {Name: {Type: String}}\n" + code.example.replace("store/api", "{Ref: Name}"),
        None,
        code.before,
    ),
    "repository-deleted": lambda code: (
        code.example,
        None,
        "Parameters: {Policy: {Type: String}}\nTransform: AWS::LanguageExtensions\n"
        + code.before.replace("Repository\n", "Repository\n    DeletionPolicy: {Ref: Policy}\n", 1),
    ),
    "key-removed": lambda code: (
        code.example,
        None,
        code.before.replace("KMS::Key\n", "KMS::Key\n    DeletionPolicy: Retain\n"),
    ),
    "access-widened": lambda code: (
        "Parameters: {Partner: {Type: String}}\n"
        + code.template(code.example.replace('"*"', "{AWS: {Ref: Partner}}")).whole,
        code.region,
        before(code),
    ),
    "access-gained": lambda code: (
        code.template(code.example.replace("BatchDeleteImage", "DescribeImages")).whole,
        code.region,
        before(code),
    ),
    "access-lost": lambda code: (
        code.template(code.example).whole,
        code.region,
        code.template(
            code.before + "  Condition: {IpAddress: {aws:SourceIp: 192.0.2.0/24}}\n"
        ).whole,
    ),
}
"""By the code: the example with the other severity, the Region that is told, what is deployed."""
CODES = pytest.mark.parametrize("code", codes(), ids=lambda code: code.code)


def test_each_code_has_its_page_and_each_page_a_code():
    given = given_codes()
    assert given >= NOT_SAID.keys()
    assert {code.code for code in codes()} == given - NOT_SAID.keys()


def test_the_search_follows_names_through_modules():
    # By a keyword, a position, a default, a condition, and with another beginning.
    assert given_codes() >= {
        "repository-name-invalid",
        "repository-policy-open",
        "lifecycle-policy-shape",
        "creation-template-prefix-invalid",
        "registry-policy-open",
        "public-policy-open",
    }


def test_no_code_is_there_twice():
    names = [code.code for code in codes()]
    assert len(set(names)) == len(names)
    assert {path.stem for path in SOURCES.glob("*.yaml")} == set(ORDER)


@CODES
def test_the_example_has_it_and_put_right_it_has_not(code):
    found = {each.finding.code for each in check_example(code).findings}
    left = {each.finding.code for each in check_fixed(code).findings}
    assert code.code in found
    assert code.code not in left
    # What puts it right makes nothing else wrong.
    assert left < found


@CODES
def test_the_example_is_about_one_thing(code):
    found = {each.finding.code for each in check_example(code).findings}
    assert len(found - {*OF_ANY_REPOSITORY, code.code}) <= 1


@CODES
def test_the_example_names_properties_of_a_template(code):
    for each in check_example(code).findings:
        assert each.finding.property[0].isupper(), each.finding


@CODES
def test_the_example_is_put_right_in_words_of_a_template(code):
    # No call, attribute or option of Python.
    python = re.compile(r"\w\(|\b[A-Za-z]+\.[A-Z][a-z]|\b[a-z]+_[a-z_]+\b|\b[A-Z][a-z]+\w*\.\w")
    for each in check_example(code).findings:
        for text in (each.finding.message, each.finding.allowed, each.finding.fix):
            assert not python.search(text), each.finding


def severities_in(checked, code):
    return {each.finding.severity.value for each in checked.findings if each.finding.code == code}


@CODES
def test_a_severity_is_that_of_the_example_or_has_one_of_its_own(code):
    found = severities_in(check_example(code), code.code)
    if code.code not in OTHERWISE:
        assert not code.severities
        assert len(found) == 1
        return
    other = severities_in(check_template(*OTHERWISE[code.code](code)), code.code)
    assert found | other == set(code.severities)
    assert found != other


@CODES
def test_the_page_is_what_is_written(code):
    page = PAGES / f"{code.code}.md"
    assert page.read_text(encoding="utf-8") == pages()[page], WRITE


@CODES
def test_who_follows_the_page_sees_it(code, tmp_path, monkeypatch, capsys):
    page = PAGES / f"{code.code}.md"
    found = list(blocks(page))
    template = code.template(code.example)
    if code.before is not None:
        assert found.pop(0).body == code.template(code.before).shown
    shown, printed, *_ = found
    # Where the page leaves lines out, it says so in place of them.
    assert shown.body == template.shown
    write_example(tmp_path, template.whole, before(code))
    (line,) = re.findall(r"^`ecr-constructs (.+)` prints of it:$", page.read_text(), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert main(line.split()) in {0, 1}
    seen = capsys.readouterr().out
    heading, *resources = printed.body.split("\n\n")
    assert heading in seen
    assert resources
    for part in resources:
        resource, _, findings = part.partition("\n")
        assert resource in seen
        assert f"[{code.code}]" in findings
        assert findings in seen


def test_the_table_is_what_is_written_and_there_is_no_other_page():
    table = PAGES / "README.md"
    assert table.read_text(encoding="utf-8") == pages()[table], WRITE
    assert set(PAGES.glob("*.md")) == pages().keys(), WRITE


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """What CloudFormation's schemas refuse of a template."""
    engine = cloudformation.CompositeEngine()
    folder = tmp_path_factory.mktemp("templates")

    def refuses(name, text):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        _, template = read_document(folder / f"{name}.yaml")
        place = folder / f"{name}.template.json"
        place.write_text(json.dumps(template), encoding="utf-8")
        report = engine.validate_template(place, cloudformation.ValidateConfig())
        return [entry.message for entry in report.diagnostics if entry.severity in ERRORS]

    return refuses


@pytest.mark.parametrize(
    "code",
    [code for code in codes() if not of_assembly(code.example)],
    ids=lambda code: code.code,
)
def test_put_right_it_is_a_template(code, schema):
    assert schema(code.code, code.template(code.fixed).whole) == []
