"""The JSON, the table and the questions: one model, three ways to read it."""

from __future__ import annotations

import io
import json
import re

import pytest

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.report.access.managed import find_aws_managed
from ecr_constructs.report.access.printed.table import render_table
from ecr_constructs.report.access.questions import answer_questions
from ecr_constructs.report.terminal import Style, clipped

from .templates import (
    ACCOUNT,
    ARN,
    allow,
    deny,
    document,
    named,
    report_on,
    repository,
    resource,
    role,
)

OUTSIDER = "arn:aws:iam::222222222222:role/runner"


@pytest.fixture(scope="module")
def report():
    inline = [
        {
            "PolicyName": "push",
            "PolicyDocument": document(
                allow("ecr:GetAuthorizationToken"),
                allow(
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:CompleteLayerUpload",
                    "ecr:InitiateLayerUpload",
                    "ecr:PutImage",
                    "ecr:UploadLayerPart",
                    on=[{"Fn::GetAtt": ["Unnamed", "Arn"]}, f"{ARN}shop/api"],
                    Sid="Push",
                ),
                deny("ecr:PutImage", on=f"{ARN}shop/api"),
            ),
        }
    ]
    org = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
    return report_on(
        {
            "Unnamed": resource("AWS::ECR::Repository"),
            "Api": repository("shop/api", named({"AWS": OUTSIDER}), named("*", **org)),
            "Pusher": {**role(Policies=inline), "Metadata": {"aws:cdk:path": "Shop/Push/Resource"}},
            "Idle": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/Unknown"]),
        }
    )


LEVELS = ("pull", "push", "read", "delete", "admin")


def test_the_json_has_the_promised_form(report):
    printed = json.loads(json.dumps(report.as_json()))
    assert list(printed) == ["version", "repositories", "principals", "access"]
    assert printed["version"] == 1
    assert printed["repositories"][0] == {
        "arn": f"{ARN}${{Unnamed}}",
        "name": "${Unnamed}",
        "construct_path": None,
        "stack": "Shop",
        "logical_id": "Unnamed",
    }
    assert printed["principals"][-1] == {
        "arn": f"arn:aws:iam::{ACCOUNT}:role/${{Idle}}",
        "kind": "role",
        "external": False,
        "construct_path": None,
        "unresolved": ["arn:aws:iam::aws:policy/Unknown"],
    }
    assert len(printed["access"]) == len(printed["repositories"]) * len(printed["principals"])
    for row in printed["access"]:
        assert list(row) == ["principal", "repository", *LEVELS]
        for level in LEVELS:
            assert list(row[level]) == ["verdict", "because"]
            for reason in row[level]["because"]:
                assert list(reason) == [
                    "effect", "source", "policy", "sid", "statement", "condition"
                ]  # fmt: skip
    rows = {(row["principal"], row["repository"]): row for row in printed["access"]}
    pusher = f"arn:aws:iam::{ACCOUNT}:role/${{Pusher}}"
    assert rows[pusher, f"{ARN}${{Unnamed}}"]["push"] == {
        "verdict": "allowed",
        "because": [
            {
                "effect": "Allow", "source": "identity", "policy": "push", "sid": "Push",
                "statement": 1, "condition": None,
            },
            {
                "effect": "Allow", "source": "identity", "policy": "push", "sid": None,
                "statement": 0, "condition": None,
            },
        ],
    }  # fmt: skip
    denied = rows[pusher, f"{ARN}shop/api"]["push"]
    assert denied["verdict"] == "denied"
    assert [reason["statement"] for reason in denied["because"]] == [2]
    assert rows["o-a1b2c3d4e5", f"{ARN}shop/api"]["pull"]["because"][0]["condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
    }


def test_no_stand_in_reaches_the_output(report):
    assert not re.search("[\ue000-\uf8ff]", json.dumps(report.as_json(), ensure_ascii=False))
    assert not re.search("[\ue000-\uf8ff]", render_table(report, Style()))


def test_the_table_has_sections_in_order_and_fits(report):
    text = render_table(report, Style())
    assert max(map(len, text.splitlines())) <= 100
    titles = [line for line in text.splitlines() if re.match(r"[A-Z][a-z ,]+$", line)]
    assert titles[0] == "Wildcards and outsiders"
    assert titles[1:3] == ["Inside", "Only under a condition"]
    assert re.search(r"^anybody of o-a1b2c3d4e5 +shop/api +yes +- +- +- +-$", text, re.MULTILINE)
    assert re.search(r"^role/runner of 222222222222 +shop/api +yes", text, re.MULTILINE)
    assert re.search(r"^role Shop/Push +\$\{Unnamed\} +- +yes", text, re.MULTILINE)
    assert "Allow: identity policy push, statement 1 (Push)" in text
    assert "No access: role Idle" in text
    assert "role Idle: arn:aws:iam::aws:policy/Unknown" in text


def test_a_row_for_several_repositories_names_them_all():
    policies = [{"PolicyName": "p", "PolicyDocument": document(allow("ecr:ListImages"))}]
    report = report_on(
        {
            **{f"R{number}": repository(f"shop/r{number}") for number in range(30)},
            "Who": role(Policies=policies),
        }
    )
    text = render_table(report, Style())
    assert text.count("role Who") == 1
    assert {f"shop/r{number}" for number in range(30)} <= set(re.findall(r"shop/r\d+", text))
    assert max(map(len, text.splitlines())) <= 100


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colours"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals(report, stream, environment, colours):
    style = Style.for_stream(stream, environment)
    assert style.colours is colours
    assert ("\x1b[" in render_table(report, style)) is colours


def test_colours_change_nothing_but_colours(report):
    coloured = render_table(report, Style(colours=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render_table(report, Style())


@pytest.mark.parametrize(("width", "text"), [(5, "ab"), (8, "abcdefghijkl"), (3, "abcdefgh")])
def test_what_is_too_long_is_clipped_in_its_middle(width, text):
    found = clipped(text, width)
    assert len(found) == min(width, len(text))


class TestQuestions:
    PUSHER = f"arn:aws:iam::{ACCOUNT}:role/${{Pusher}}"

    def ask(self, report, **question):
        (answer,) = answer_questions([question], report)
        return answer["decision"]

    def test_what_is_absent_comes_from_the_template(self, report):
        def decision(name):
            return self.ask(report, principal=self.PUSHER, action="ecr:PutImage", repository=name)

        assert decision("${Unnamed}") == "allow"
        assert decision("Unnamed") == "allow"
        assert decision(f"{ARN}${{Unnamed}}") == "allow"
        assert decision("shop/api") == "explicit-deny"
        assert decision("Api") == "explicit-deny"

    def test_a_session_has_the_policies_of_its_role(self, report):
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/${{Pusher}}/one"
        question = {"principal": session, "action": "ecr:PutImage", "repository": "Unnamed"}
        assert self.ask(report, **question) == "allow"

    def test_tags_and_the_path_of_a_role_come_from_the_template_as_in_the_matrix(self):
        same_team = {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}
        who = f"arn:aws:iam::{ACCOUNT}:role/ci/who"
        statements = (
            allow("ecr:PutImage", Condition={"StringEquals": same_team}),
            allow("ecr:ListImages", Condition={"ArnEquals": {"aws:PrincipalArn": who}}),
            allow(
                "ecr:GetAuthorizationToken", Condition={"Null": {"aws:ResourceTag/team": "true"}}
            ),
        )
        team = [{"Key": "team", "Value": "a"}]
        report = report_on(
            {
                "Api": repository(Tags=team),
                "Who": role(
                    RoleName="who",
                    Path="/ci/",
                    Tags=team,
                    Policies=[{"PolicyName": "p", "PolicyDocument": document(*statements)}],
                ),
            },
            tags={},
        )
        for principal in (who, f"arn:aws:sts::{ACCOUNT}:assumed-role/who/one"):
            for action in ("ecr:PutImage", "ecr:ListImages", "ecr:GetAuthorizationToken"):
                question = {"principal": principal, "action": action, "repository": "shop/api"}
                assert self.ask(report, **question) == "allow"
            other = {"AWS:principaltag/Team": "b"}
            question = {"principal": principal, "action": "ecr:PutImage", "repository": "shop/api"}
            assert self.ask(report, **question, context=other) == "implicit-deny"

    def test_what_a_question_brings_takes_the_place_of_the_template(self, report):
        question = {"principal": self.PUSHER, "action": "ecr:PutImage", "repository": "Unnamed"}
        assert self.ask(report, **question, identity_policies=[]) == "implicit-deny"
        blocked = document(deny("ecr:*"))
        assert self.ask(report, **question, session_policy=blocked) == "explicit-deny"

    def test_a_key_that_was_not_given_is_missing(self, report):
        question = {
            "principal": "333333333333",
            "action": "ecr:BatchGetImage",
            "repository": "shop/api",
        }
        (answer,) = answer_questions([question], report)
        assert answer["missing_context"] == ["aws:PrincipalOrgID"]
        given = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
        assert self.ask(report, **question, context=given) == "allow"

    def test_an_undecided_condition_of_the_template_can_be_given(self):
        policies = [
            {
                "PolicyName": "p",
                "PolicyDocument": {
                    "Fn::If": ["Prod", document(allow("ecr:*")), {"Ref": "AWS::NoValue"}]
                },
            }
        ]
        report = report_on(
            {"Api": repository(), "Who": role(Policies=policies)},
            Parameters={"Env": {"Type": "String"}},
            Conditions={"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        )
        question = {
            "principal": f"arn:aws:iam::{ACCOUNT}:role/${{Who}}",
            "action": "ecr:PutImage",
            "repository": "shop/api",
        }
        (answer,) = answer_questions([question], report)
        assert answer["missing_context"] == ["template:Prod"]
        assert self.ask(report, **question, context={"template:Prod": "true"}) == "allow"
        assert self.ask(report, **question, context={"template:Prod": "false"}) == "implicit-deny"

    def test_without_a_template_every_question_brings_its_own(self):
        question = {
            "principal": f"arn:aws:iam::{ACCOUNT}:user/me",
            "action": "ecr:PutImage",
            "repository": f"{ARN}shop/api",
            "identity_policies": [document(allow("ecr:Put*"))],
        }
        (answer,) = answer_questions([question])
        assert answer["decision"] == "allow"

    @pytest.mark.parametrize("questions", [{}, "x", [1], [{"principal": "me"}], [{"extra": 1}]])
    def test_questions_of_another_form_are_refused(self, report, questions):
        with pytest.raises(InvalidInputError):
            answer_questions(questions, report)


def test_a_managed_policy_says_which_version_its_text_is():
    known = find_aws_managed("arn:aws-cn:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly")
    assert known is not None
    assert known.version == "v1"
    ((index, statement),) = known.statements
    assert index == 0
    assert "ecr:BatchGetImage" in statement["Action"]
    assert find_aws_managed(f"arn:aws:iam::{ACCOUNT}:policy/AdministratorAccess") is None


def test_templates_that_are_not_carried_out_are_said():
    report = report_on(
        {"Fn::ForEach::Repositories": ["X", [], {}]}, Transform="AWS::LanguageExtensions"
    )
    assert len(report.notes) == 3
    assert "no AWS::ECR::Repository" in report.notes[0]


def test_two_stacks_with_the_same_construct_are_told_apart_where_their_arns_would_be_one():
    from ecr_constructs.report.access.build import build_report  # noqa: PLC0415
    from ecr_constructs.report.reading.source import Source, Sources  # noqa: PLC0415

    def report(second_account):
        return build_report(
            Sources(
                tuple(
                    Source(
                        template={"Resources": {"Api": resource("AWS::ECR::Repository")}},
                        stack=stack,
                        file=f"{stack}.json",
                        account=account,
                        region="eu-west-1",
                    )
                    for stack, account in (("Beta", ACCOUNT), ("Prod", second_account))
                )
            )
        )

    assert [row.name for row in report("222222222222").repositories] == ["${Api}", "${Api}"]
    assert [row.name for row in report(ACCOUNT).repositories] == ["${Beta.Api}", "${Prod.Api}"]


def test_more_pairs_than_anybody_reads_are_refused():
    repositories = {f"R{number}": repository(f"r{number}") for number in range(600)}
    roles = {f"Who{number}": role() for number in range(600)}
    with pytest.raises(InvalidInputError, match="more pairs than 250000"):
        report_on({**repositories, **roles})
