"""Foreign input: nested, huge or senseless, it gives findings or a decision, in bounded time."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.iam.evaluator import PolicyKind, Principal, ask, parse_policy

from .support import REPOSITORY, ROLE, decide, document, statement

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
ELEMENTS = st.sampled_from([
    "Version", "Statement", "Id", "Sid", "Effect", "Action", "NotAction", "Resource",
    "NotResource", "Principal", "NotPrincipal", "Condition", "StringLike", "Null", "AWS",
])  # fmt: skip
ALMOST = st.recursive(
    st.sampled_from(
        ["Allow", "Deny", "*", "ecr:*", REPOSITORY, "${aws:", "${", "${*}", "2012-10-17"]
    )
    | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ELEMENTS, inner, max_size=5),
    max_leaves=20,
)


def nested(depth):
    made = []
    for _ in range(depth):
        made = [made]
    return made


@settings(max_examples=150)
@given(JSON | ALMOST, st.sampled_from(list(PolicyKind)))
def test_any_document_gives_a_policy_and_findings(document, kind):
    parsed = parse_policy(document, kind, name="policy")
    assert parsed.findings or parsed.policy.statements
    assert all(finding.sentence() for finding in parsed.findings)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_gives_a_policy_and_findings(text):
    assert parse_policy(text, PolicyKind.IDENTITY, name="policy").findings


@settings(max_examples=100)
@given(JSON | st.lists(st.dictionaries(st.text(max_size=12), JSON, max_size=3), max_size=2))
def test_any_question_gives_answers_or_one_error(questions):
    try:
        answers = ask(questions)
    except InvalidInputError as error:
        assert error.findings
    else:
        assert answers == []


@settings(max_examples=200)
@given(st.text(alphabet="arn:aws/*sts.role-user 1234567890", max_size=60) | st.text())
def test_any_text_is_a_principal_or_none(text):
    found = Principal.parse(text)
    if found is None:
        with pytest.raises(ValueError, match="names no principal"):
            Principal.of(text)
    else:
        assert Principal.of(text) == found
        assert decide(text).decision.value in ("allow", "implicit-deny")


@pytest.mark.parametrize(
    "given",
    [
        nested(50_000),
        document(nested(50_000)),
        document(statement(Action=nested(50_000))),
        document(statement(Condition={"StringEquals": {"a": nested(50_000)}})),
        document(statement(Condition=nested(50_000))),
        "[" * 900_000,
        '{"Statement":' * 70_000,
        json.dumps(document(statement(Resource="arn:" + "*a" * 200_000))),
    ],
    ids=["list", "statement", "action", "value", "condition", "text", "objects", "long"],
)
def test_nesting_and_length_are_no_trouble(given):
    begun = time.process_time()
    parsed = parse_policy(given, PolicyKind.IDENTITY, name="policy")
    assert parsed.findings or parsed.policy.statements
    assert time.process_time() - begun < 30


@pytest.mark.parametrize(
    "text",
    ["${" * 5_000, "${aws:username" * 700, "${}" * 3_000, "${*}" * 2_000, "}{$" * 3_000,
     "${aws:username}" * 600, "${aws:username, 'a'}" * 450, "*${aws:username}" * 600,
     "${aws:username}" * 50_000],
    ids=range(9),
)  # fmt: skip
def test_variables_are_no_trouble(text):
    begun = time.process_time()
    condition = {"StringLike": {"s3:prefix": [text, "a" * 5_000]}}
    policy = document(statement(Condition=condition, Resource="arn:aws:s3:::" + text))
    if len(text) > 10_000:
        with pytest.raises(InvalidInputError, match="longer than a whole policy"):
            decide(ROLE, identity=[policy])
    else:
        decision = decide(ROLE, context={"s3:prefix": "a" * 5_000}, identity=[policy])
        assert decision.decision.value == "implicit-deny"
    assert time.process_time() - begun < 30


def test_many_statements_are_compiled_once():
    policy = document(*[statement(Sid=f"s{number}", Action="s3:*") for number in range(5_000)])
    assert decide(ROLE, identity=[policy]).decision.value == "implicit-deny"
