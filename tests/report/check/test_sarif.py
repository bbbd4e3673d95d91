"""SARIF as code scanning takes it, with fingerprints that stay."""

from __future__ import annotations

import dataclasses
import json
import random

import jsonschema
import pytest

from ecr_constructs.cli import main
from ecr_constructs.model.version import VERSION
from ecr_constructs.report.check.collector import Checked, check_place
from ecr_constructs.report.check.formats.places import Places
from ecr_constructs.report.check.formats.sarif import render_sarif, said_of_limits

from .apps import REFUSED, assembly, cache_rule, repository, scanning


def closed(required, optional=None):
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def listed(entry, *, least=1):
    return {"type": "array", "items": entry, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = closed({"text": TEXT}, {"markdown": TEXT})
DESCRIPTION = closed({"text": {**TEXT, "maxLength": 1024}})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
# What SARIF 2.1.0 says of the members that are used (sections 3.13 to 3.58), and what code scanning
# asks for besides: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files
RULE = closed(
    {
        "id": TEXT,
        "shortDescription": DESCRIPTION,
        "fullDescription": DESCRIPTION,
        "help": MESSAGE,
        "helpUri": {"type": "string", "pattern": "^https://"},
        "defaultConfiguration": closed({"level": LEVEL}),
        "properties": closed({"tags": {**listed(TEXT), "maxItems": 10}}),
    }
)
LOCATION = closed(
    {
        "physicalLocation": closed(
            {
                "artifactLocation": closed({"uri": {"type": "string", "pattern": "^[^ /][^ ]*$"}}),
                "region": closed({"startLine": {"type": "integer", "minimum": 1}}),
            }
        ),
        "logicalLocations": listed(
            closed({"fullyQualifiedName": TEXT, "name": TEXT, "kind": TEXT})
        ),
    }
)
RESULT = closed(
    {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {**listed(LOCATION), "maxItems": 10},
        "partialFingerprints": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "minProperties": 1,
        },
    },
    {
        "suppressions": listed(
            closed(
                {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": TEXT,
                }
            )
        )
    },
)
DRIVER = closed(
    {"name": TEXT, "version": TEXT, "semanticVersion": TEXT, "rules": listed(RULE, least=0)}
)
RUN = closed(
    {
        "tool": closed({"driver": DRIVER}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": listed(RESULT, least=0),
    }
)
SARIF = closed(
    {
        "$schema": {"const": "https://json.schemastore.org/sarif-2.1.0.json"},
        "version": {"const": "2.1.0"},
        "runs": {**listed(RUN), "maxItems": 1},
    }
)


def construct(name, **properties):
    return {**repository(**properties), "Metadata": {"aws:cdk:path": f"Shop/{name}/Resource"}}


API = {"Api": construct("Api", **REFUSED)}
KNOWN = {
    "/Shop/Api": [
        {"type": "aws:cdk:acknowledged-rules", "data": {"repository-policy-open": "all may read"}}
    ]
}


def results(folder, resources, **more):
    out = assembly(folder, {"Shop": resources}, **more)
    (run,) = json.loads(render_sarif(check_place(out), Places(str(out), folder)))["runs"]
    return run["results"]


def fingerprints(found, code="repository-policy-open"):
    return {
        (each["locations"][0]["logicalLocations"][0]["name"], print_)
        for each in found
        if each["ruleId"] == code
        for print_ in each["partialFingerprints"].values()
    }


@pytest.mark.parametrize("resources", [{}, API], ids=["nothing", "much"])
def test_the_form(tmp_path, resources):
    out = assembly(tmp_path, {"Shop": resources}, metadata=KNOWN)
    report = check_place(out)
    document = json.loads(render_sarif(report, Places(str(out), tmp_path)))
    jsonschema.validate(document, SARIF, cls=jsonschema.Draft202012Validator)
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("ecr-constructs", VERSION)
    assert len(run["results"]) == len(report.findings)
    assert [driver["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each.finding.code for each in report.findings
    ]


def test_severities_are_levels_and_what_is_acknowledged_is_suppressed(tmp_path):
    levels = {each["ruleId"]: each["level"] for each in results(tmp_path, API, metadata=KNOWN)}
    assert levels["repository-policy-open"] == "error"
    assert levels["tags-mutable"] == "warning"
    assert levels["lifecycle-missing"] == "note"
    suppressed = {
        each["ruleId"]: each["suppressions"]
        for each in results(tmp_path / "again", API, metadata=KNOWN)
        if "suppressions" in each
    }
    assert suppressed == {
        "repository-policy-open": [
            {"kind": "inSource", "status": "accepted", "justification": "all may read"}
        ]
    }


def test_a_result_has_the_path_of_its_construct(tmp_path):
    for each in results(tmp_path, API):
        assert each["locations"][0]["logicalLocations"] == [
            {"fullyQualifiedName": "Shop/Api/Resource", "name": "Api", "kind": "resource"}
        ]


def test_fingerprints_stay_while_other_things_change(tmp_path):
    before = fingerprints(results(tmp_path / "before", API))
    assert len(before) == 1
    trace = {"/Shop/Api": [{"type": "aws:cdk:creationStack", "data": ["x (app.py:99)"]}]}
    other = {"Effect": "Allow", "Action": "ecr:BatchGetImage",
             "Principal": {"AWS": "arn:aws:iam::222222222222:root"}}  # fmt: skip
    statements = [other, *REFUSED["RepositoryPolicyText"]["Statement"]]
    edited = construct("Api", RepositoryName="shop/other",
                       RepositoryPolicyText={"Statement": statements})  # fmt: skip
    after = results(
        tmp_path / "after",
        {"Web": construct("Web", **REFUSED), "Scan": scanning(), "Cache": cache_rule("q"),
         "Api": edited},
        metadata=trace,
    )  # fmt: skip
    assert before < fingerprints(after)
    prints = [each["partialFingerprints"]["ecrConstructs/v1"] for each in after]
    assert len(set(prints)) == len(prints)


def test_a_rule_that_moves_in_its_list_keeps_its_fingerprint(tmp_path):
    def written(*priorities):
        rules = [
            {
                "rulePriority": priority,
                "selection": {
                    "tagStatus": "tagged",
                    "tagPatternList": [f"v{priority}*"],
                    "countType": "imageCountMoreThan",
                    "countNumber": 0 if priority == 7 else 10,
                },
                "action": {"type": "expire"},
            }
            for priority in priorities
        ]
        text = json.dumps({"rules": rules})
        return {"Api": construct("Api", LifecyclePolicy={"LifecyclePolicyText": text})}

    code = "lifecycle-count-not-positive"
    first = fingerprints(results(tmp_path / "first", written(7)), code)
    assert len(first) == 1
    assert fingerprints(results(tmp_path / "second", written(1, 2, 7)), code) == first


def with_finding(folder, **other):
    (reported, *_) = check_place(assembly(folder, {"Shop": API})).findings
    return dataclasses.replace(reported, finding=dataclasses.replace(reported.finding, **other))


def test_a_description_is_no_longer_than_what_is_read(tmp_path):
    checked = Checked(findings=(with_finding(tmp_path, allowed="x" * 3000),))
    document = json.loads(render_sarif(checked, Places("shop.yaml", tmp_path)))
    jsonschema.validate(document, SARIF, cls=jsonschema.Draft202012Validator)
    assert "x" * 3000 in document["runs"][0]["results"][0]["message"]["text"]


def test_what_code_scanning_refuses_or_leaves_out_is_said(tmp_path):
    one = with_finding(tmp_path)

    def said(number, text=""):
        return " ".join(said_of_limits(text, Checked(findings=(one,) * number)))

    assert said(5_000) == ""
    assert "shows 5000 of 5001" in said(5_001)
    assert "shows 5000 of 25000" in said(25_000)
    assert "refuses a run of more than 25000 results (25001)" in said(25_001)
    assert said(1, "x" * 10_500_000) == ""
    noise = random.Random(7).randbytes(10_500_000).hex()
    assert "10 MB" in said(1, noise)


def test_the_command_says_it_on_standard_error(tmp_path, capsys, monkeypatch):
    out = assembly(tmp_path, {"Shop": {"Api": repository()}})
    monkeypatch.setattr("ecr_constructs.report.check.formats.sarif._MOST_SHOWN", 3)
    assert main(["check", str(out), "--format", "sarif"]) == 0
    seen = capsys.readouterr()
    assert len(json.loads(seen.out)["runs"][0]["results"]) == 4
    assert seen.err == "ecr-constructs: GitHub shows 3 of 4 results, the most severe first\n"
    assert main(["check", str(out), "--format", "json"]) == 0
    assert capsys.readouterr().err == ""
