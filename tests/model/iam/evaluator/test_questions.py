"""``ask``: JSON in, JSON out, everything that is wrong at once."""

import json

import pytest

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.iam.evaluator import PolicySet, ask

from .support import (
    ACCOUNT,
    FULL,
    NOTHING,
    OTHER_ROLE,
    REPOSITORY,
    ROLE,
    document,
    grant,
    policies,
    statement,
)

PULL = {"principal": ROLE, "action": "ecr:BatchGetImage", "repository": REPOSITORY}
IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def test_an_answer_has_the_shape_that_is_promised():
    policy = document(statement(Sid="Pull", Condition=IN_ORGANIZATION))
    question = {**PULL, "identity_policies": [policy], "context": {"aws:principalorgid": "o-1"}}
    assert ask([question]) == [
        {
            "decision": "allow",
            "because": [
                {
                    "effect": "Allow",
                    "source": "identity",
                    "policy": "identity_policies[0]",
                    "sid": "Pull",
                    "statement": 0,
                    "condition": IN_ORGANIZATION,
                }
            ],
            "missing_context": [],
        }
    ]
    assert json.loads(json.dumps(ask([question]))) == ask([question])


def test_missing_context_is_named():
    policy = document(statement(Condition=IN_ORGANIZATION))
    [answer] = ask([{**PULL, "identity_policies": [policy]}])
    assert answer == {
        "decision": "implicit-deny",
        "because": [],
        "missing_context": ["aws:PrincipalOrgID"],
    }


def test_answers_come_in_the_order_of_the_questions():
    questions = [
        {**PULL, "identity_policies": [FULL]},
        {**PULL, "identity_policies": [FULL], "boundary": NOTHING},
        {**PULL, "identity_policies": [FULL], "session_policy": document(statement("Deny"))},
        {**PULL, "identity_policies": [FULL], "scps": [[FULL], []]},
        {**PULL, "identity_policies": [FULL],
         "rcps": [[document(statement("Deny", Principal="*"))]]},
        {**PULL, "repository_policy": document(grant())},
        {**PULL, "registry_policy": document(statement(Principal={"AWS": ROLE}))},
        {**PULL, "principal": OTHER_ROLE, "identity_policies": [FULL]},
        {"principal": "lambda.amazonaws.com", "action": "ecr:BatchGetImage",
         "repository": REPOSITORY,
         "repository_policy": json.dumps(
             document(grant(principal={"Service": "lambda.amazonaws.com"})))},
        {"principal": ROLE, "action": "ecr:GetAuthorizationToken", "identity_policies": [FULL]},
        PULL,
    ]  # fmt: skip
    assert [answer["decision"] for answer in ask(questions)] == [
        "allow",
        "implicit-deny",
        "explicit-deny",
        "implicit-deny",
        "explicit-deny",
        "allow",
        "allow",
        "implicit-deny",
        "allow",
        "allow",
        "implicit-deny",
    ]


def test_a_repository_may_be_named():
    policy = document(statement(Resource=REPOSITORY))
    question = {**PULL, "repository": "shop/api", "identity_policies": [policy]}
    [answer] = ask([question], account=ACCOUNT, region="eu-west-1")
    assert answer["decision"] == "allow"
    [answer] = ask([question], account=ACCOUNT, region="eu-west-2")
    assert answer["decision"] == "implicit-deny"


class Template:
    """Knows one repository, and that everything is allowed but by a boundary."""

    def principal(self, principal):
        return principal

    def context(self, principal, resource):
        assert principal.arn == ROLE
        return {"aws:ResourceTag/of": resource, "aws:SecureTransport": "true"}

    def policies(self, principal, resource):
        assert principal.arn == ROLE
        if resource != REPOSITORY:
            return PolicySet()
        return policies(identity=[FULL], boundary=NOTHING, session=FULL, scps=[[FULL]])

    def resource(self, name):
        return REPOSITORY if name == "shop/api" else None


def test_what_a_question_leaves_out_comes_from_what_is_known():
    known = Template()
    named = {**PULL, "repository": "shop/api"}
    assert ask([named], known=known)[0]["decision"] == "implicit-deny"
    assert ask([{**named, "boundary": None}], known=known)[0]["decision"] == "allow"
    replaced = {**named, "boundary": FULL, "identity_policies": []}
    assert ask([replaced], known=known)[0]["decision"] == "implicit-deny"
    with pytest.raises(InvalidInputError):
        ask([{**named, "repository": "shop/other"}], known=known)
    tagged = {"StringEquals": {"aws:ResourceTag/of": REPOSITORY}}
    only = document({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": tagged})
    for more, decision in (
        ({}, "allow"),
        ({"context": {"AWS:resourcetag/OF": "other"}}, "implicit-deny"),
        ({"action": "ecr:GetAuthorizationToken"}, "implicit-deny"),
    ):
        question = {**named, "boundary": None, "identity_policies": [only], **more}
        assert ask([question], known=known)[0]["decision"] == decision


@pytest.mark.parametrize(
    ("questions", "place"),
    [
        ({}, "questions"),
        ("[]", "questions"),
        ([7], "question[0]"),
        ([{**PULL, "policy": {}}], "question[0]"),
        ([{"action": "ecr:BatchGetImage"}], "question[0].principal"),
        ([{**PULL, "principal": "somebody"}], "question[0].principal"),
        ([{**PULL, "principal": "arn:aws:s3:::bucket"}], "question[0].principal"),
        ([{**PULL, "principal": 111122223333}], "question[0].principal"),
        ([{**PULL, "action": "BatchGetImage"}], "question[0].action"),
        ([{**PULL, "action": "ecr:*"}], "question[0].action"),
        ([{**PULL, "repository": "shop/api"}], "question[0].repository"),
        ([{**PULL, "repository": 7}], "question[0].repository"),
        ([{**PULL, "context": []}], "question[0].context"),
        ([{**PULL, "context": {"a": None}}], "question[0].context.a"),
        ([{**PULL, "context": {"a": [{}]}}], "question[0].context.a"),
        ([{**PULL, "identity_policies": FULL}], "question[0].identity_policies"),
        ([{**PULL, "scps": FULL}], "question[0].scps"),
        ([{**PULL, "scps": [FULL]}], "question[0].scps[0]"),
        ([{**PULL, "boundary": "{"}], "question[0].boundary"),
        ([PULL, {**PULL, "rcps": [[document(statement("Deny"))]]}],
         "question[1].rcps[0][0].Statement[0]"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked(questions, place):
    with pytest.raises(InvalidInputError) as raised:
        ask(questions)
    assert place in [finding.property for finding in raised.value.findings]


def test_everything_wrong_is_said_at_once():
    with pytest.raises(InvalidInputError) as raised:
        ask([{**PULL, "action": "x"}, PULL, {**PULL, "boundary": [], "context": {"a": {}}}])
    assert [finding.property for finding in raised.value.findings] == [
        "question[0].action",
        "question[2].context.a",
        "question[2].boundary",
    ]
