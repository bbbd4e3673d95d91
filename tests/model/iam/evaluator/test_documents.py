"""Documents: what is refused, what is warned of, and that nothing foreign breaks the reader."""

import json
from datetime import date

import pytest

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.findings import Severity
from ecr_constructs.model.iam.evaluator import PolicyKind, compile_policy, parse_policy

from .support import FULL, document, grant, statement

IDENTITY = PolicyKind.IDENTITY


def codes(given, kind=IDENTITY, severity=None):
    findings = parse_policy(given, kind, name="policy").findings
    return {entry.code for entry in findings if severity in (None, entry.severity)}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("{", "policy-not-json"),
        ("", "policy-not-json"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', "policy-not-json"),
        ("[" * 100_000, "policy-not-json"),
        (f'"{"a" * 2_000_000}"', "policy-not-json"),
        (b"\xff\xfe", "policy-not-json"),
        ('{"Statement": ' + "1" * 5_000 + "}", "policy-not-json"),
        ("[]", "policy-not-an-object"),
        (None, "policy-not-an-object"),
        (7, "policy-not-an-object"),
        ({}, "policy-statement-missing"),
        (document(), "policy-statement-missing"),
        ({"Statement": "Allow"}, "policy-statement-missing"),
        ({"Statement": [statement()] * 10_001}, "policy-statements-many"),
        ({**FULL, "statement": []}, "policy-part-unknown"),
        ({**FULL, "Id": "mine"}, "policy-part-unknown"),
        (document(statement(), version="2024-01-01"), "policy-version"),
        (document("Allow"), "policy-statement-form"),
        (document(statement(Actions="ecr:*")), "policy-element-unknown"),
        (document({**statement(), "action": "*"}), "policy-element-unknown"),
        (document({"Action": "*", "Resource": "*"}), "policy-effect"),
        (document(statement("allow")), "policy-effect"),
        (document({**statement(), "NotAction": "s3:*"}), "policy-element-both"),
        (document({**statement(), "NotResource": "*"}), "policy-element-both"),
        (document({"Effect": "Allow", "Resource": "*"}), "policy-element-missing"),
        (document({"Effect": "Allow", "Action": "*"}), "policy-element-missing"),
        (document(statement(Action=[])), "policy-element-type"),
        (document(statement(Action=[1])), "policy-element-type"),
        (document(statement(Action={"a": "b"})), "policy-element-type"),
        (document(statement(Resource=[["*"]])), "policy-element-type"),
        (document(statement(Action="BatchGetImage")), "policy-action-form"),
        (document(statement(Action="ecr:")), "policy-action-form"),
        (document(statement(Resource="shop/api")), "policy-resource-form"),
        (document(statement(Resource="arn:" + "a" * 10_240)), "policy-text-long"),
        (document(statement(Condition={"Bool": {"a" * 10_241: "true"}})), "policy-text-long"),
        (document(statement(Condition={"Bool": {"a": "a" * 10_241}})), "policy-text-long"),
        (document(statement(Principal="*")), "policy-principal-misplaced"),
        (document(statement(Condition="a")), "policy-condition-form"),
        (document(statement(Condition={"StringEquals": "a"})), "policy-condition-form"),
        (document(statement(Condition={"StringEquals": {"a": None}})), "policy-condition-form"),
        (document(statement(Condition={"StringEquals": {"a": []}})), "policy-condition-form"),
        (document(statement(Condition={"StringEqual": {"a": "b"}})), "policy-operator-unknown"),
        (document(statement(Condition={"NullIfExists": {"a": "b"}})), "policy-operator-unknown"),
        (document(statement(Condition={1: {"a": "b"}})), "policy-operator-unknown"),
        (document(statement(Sid=["a"])), "policy-sid"),
        (document(statement(Sid="a b")), "policy-sid"),
        (document(statement(Sid="A"), statement(Sid="A")), "policy-sid-repeated"),
    ],
)
def test_what_aws_refuses_is_a_danger(given, code):
    assert code in codes(given, severity=Severity.DANGER)
    with pytest.raises(InvalidInputError) as raised:
        compile_policy(given, IDENTITY, name="policy")
    assert len(str(raised.value)) < 5_000


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        (document(statement()), PolicyKind.REPOSITORY, "policy-element-missing"),
        (document(grant(principal="arn:aws:iam::1:root")), PolicyKind.REPOSITORY,
         "policy-principal-form"),
        (document(grant(principal={})), PolicyKind.REPOSITORY, "policy-principal-form"),
        (document(grant(principal={"Aws": "*"})), PolicyKind.REPOSITORY, "policy-principal-kind"),
        (document(grant(principal={"AWS": "arn:aws:iam::1:role/*"})), PolicyKind.REPOSITORY,
         "policy-principal-wildcard"),
        (document(grant(principal={"AWS": [None]})), PolicyKind.REPOSITORY, "policy-element-type"),
        (document({"Effect": "Allow", "NotPrincipal": "*", "Action": "*"}), PolicyKind.REPOSITORY,
         "policy-not-principal-allow"),
        (document(grant()), PolicyKind.REGISTRY, "policy-element-missing"),
        (document(statement("Deny", Principal={"AWS": "1"})), PolicyKind.RCP, "rcp-principal"),
        (document(statement(Principal="*")), PolicyKind.SCP, "policy-principal-misplaced"),
    ],
)  # fmt: skip
def test_each_kind_of_policy_has_its_own_elements(given, kind, code):
    assert code in codes(given, kind, Severity.DANGER)


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        (document(statement(Resource="arn:aws:s3:::${aws:username}"), version="2008-10-17"),
         IDENTITY, "policy-version-variables"),
        ({"Statement": statement(Condition={"StringLike": {"a": "${aws:username}"}})}, IDENTITY,
         "policy-version-variables"),
        (document(statement(Resource="arn:aws:ecr:*:${aws:PrincipalAccount}:repository/*")),
         IDENTITY, "policy-variable-early"),
        (document(statement(Condition={"stringequals": {"a": "b"}})), IDENTITY,
         "policy-operator-case"),
        (document(statement(Condition={"NumericEquals": {"a": "many"}})), IDENTITY,
         "policy-condition-value"),
        (document(statement(Condition={"IpAddress": {"a": "10.0.0.0/255.0.0.0"}})), IDENTITY,
         "policy-condition-value"),
        (document(statement(Condition={"DateEquals": {"a": "yesterday"}})), IDENTITY,
         "policy-condition-value"),
        (document(statement(Condition={"Null": {"a": "maybe"}})), IDENTITY,
         "policy-condition-value"),
        (document({**grant(), "Resource": "*"}), PolicyKind.REPOSITORY,
         "policy-resource-needless"),
    ],
)  # fmt: skip
def test_what_aws_takes_but_nobody_means_is_a_warning(given, kind, code):
    assert codes(given, kind) == {code}
    assert codes(given, kind, Severity.WARNING) == {code}
    compile_policy(given, kind)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (FULL, IDENTITY),
        (json.dumps(FULL), IDENTITY),
        (json.dumps(FULL).encode(), IDENTITY),
        ({"Statement": statement()}, IDENTITY),
        (document(statement(), version=date(2012, 10, 17)), IDENTITY),
        (document(statement(Action="*:*")), IDENTITY),
        (document(statement(Resource="arn:aws:ecr:eu-west-1:1:repository/${Api1234}")), IDENTITY),
        (document(statement(Resource="${Token[TOKEN.12]}", Action="${Token[TOKEN.13]}")), IDENTITY),
        (document(statement(Condition={"Bool": {"a": True}, "NumericEquals": {"b": 1.5}})),
         IDENTITY),
        ({**document(grant(Sid="with spaces")), "Id": "mine"}, PolicyKind.REPOSITORY),
        (document(statement(Principal="*")), PolicyKind.RCP),
        (document(statement("Deny", NotAction="s3:*", NotResource="arn:aws:s3:::a")),
         PolicyKind.SCP),
    ],
)  # fmt: skip
def test_what_aws_takes_has_no_finding(given, kind):
    assert codes(given, kind) == set()


def test_all_findings_come_at_once_and_say_where():
    given = document(statement("no"), statement(Action=[]), statement(Sid="kept"))
    parsed = parse_policy(given, IDENTITY, name="boundary")
    assert [entry.property for entry in parsed.findings] == [
        "boundary.Statement[0].Effect",
        "boundary.Statement[1].Action",
    ]
    assert [(entry.sid, entry.index) for entry in parsed.policy.statements] == [("kept", 2)]
    assert not parsed.valid


def test_a_name_that_cloudformation_fills_in_is_no_variable():
    policy = compile_policy(
        document(statement(Resource="arn:aws:ecr:eu-west-1:1:repository/${Api1234}")), IDENTITY
    )
    resources = policy.statements[0].resources
    assert resources is not None
    assert not resources.depends_on_context


def test_a_huge_value_is_not_printed_whole():
    given = document(statement(Resource="x" * 100_000, Action=["y" * 100_000]))
    for finding in parse_policy(given, IDENTITY, name="policy").findings:
        assert len(finding.sentence()) < 1_000


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999"])
def test_a_number_that_json_has_not_is_no_policy(number):
    text = f'{{"Statement": [], "Version": {number}}}'
    parsed = parse_policy(text, PolicyKind.IDENTITY, name="policy")
    assert [finding.code for finding in parsed.findings] == ["policy-not-json"]
