"""The literal formulation gives the results that AWS's pages print beside their examples."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference.evaluator import answer

REPOSITORY = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"
ROLE = "arn:aws:iam::111111111111:role/deploy"
SESSION = "arn:aws:sts::111111111111:assumed-role/deploy/run-1"
USER = "arn:aws:iam::111111111111:user/ada"
STRANGER = "arn:aws:iam::222222222222:role/reader"
ROOT = "arn:aws:iam::111111111111:root"
FEDERATED = "arn:aws:sts::111111111111:federated-user/ada"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "ecr:*", **elements}


def decision(principal: str, **question: Any) -> str:
    asked = {"principal": principal, "action": "ecr:BatchGetImage", "repository": REPOSITORY}
    return str(answer({**asked, **question})["decision"])


EVERYTHING = policy(statement(Resource="*"))
DENYING = policy(statement("Deny", Principal="*", Resource="*"))
NOTHING = policy(statement(Action="s3:*", Resource="*"))


def naming(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    return policy(statement(effect, Principal=principal))


@pytest.mark.parametrize(
    ("principal", "named", "limits", "expected"),
    [
        # reference_policies_evaluation-logic_policy-eval-denyallow, "Resource-based policies and
        # implicit denies in other policy types (same account)".
        (SESSION, ROLE, {"boundary": NOTHING, "session_policy": NOTHING}, "implicit-deny"),
        (SESSION, ROLE, {"boundary": NOTHING}, "implicit-deny"),
        (SESSION, ROLE, {"session_policy": NOTHING}, "implicit-deny"),
        (SESSION, ROLE, {}, "allow"),
        (SESSION, SESSION, {"boundary": NOTHING, "session_policy": NOTHING}, "allow"),
        (USER, USER, {"boundary": NOTHING}, "allow"),
        (FEDERATED, FEDERATED, {"boundary": NOTHING, "session_policy": NOTHING}, "allow"),
        # reference_policies_elements_principal, "AWS account principals" and "All principals".
        (ROLE, "111111111111", {}, "implicit-deny"),
        (ROLE, ROOT, {}, "implicit-deny"),
        (ROLE, ROOT, {"identity_policies": [EVERYTHING]}, "allow"),
        (ROLE, "*", {"boundary": NOTHING}, "allow"),
        (STRANGER, "*", {}, "implicit-deny"),
        (STRANGER, "*", {"identity_policies": [EVERYTHING]}, "allow"),
        (STRANGER, "222222222222", {"identity_policies": [EVERYTHING]}, "allow"),
        (STRANGER, STRANGER, {"identity_policies": [NOTHING]}, "implicit-deny"),
        (STRANGER, ROLE, {"identity_policies": [EVERYTHING]}, "implicit-deny"),
    ],
)
def test_a_repository_policy_grants_as_its_principal_says(
    principal: str, named: str, limits: dict[str, Any], expected: str
) -> None:
    assert decision(principal, repository_policy=naming({"AWS": named}), **limits) == expected


@pytest.mark.parametrize("provider", ["accounts.example.com", f"{ROOT[:-4]}saml-provider/office"])
def test_an_identity_provider_is_never_surely_named(provider: str) -> None:
    """reference_policies_elements_principal: federated principals "are not supported in policy
    types other than role trust policies".
    """
    element = {"Federated": provider}
    assert decision(provider, repository_policy=naming(element)) == "allow"
    both = policy(statement(Principal=element), statement("Deny", Principal=element))
    assert decision(provider, repository_policy=both) == "allow"
    assert decision(provider, repository_policy=naming({"AWS": ROOT})) == "implicit-deny"


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({}, "implicit-deny"),
        ({"identity_policies": [EVERYTHING]}, "allow"),
        ({"identity_policies": [NOTHING]}, "implicit-deny"),
        ({"identity_policies": [EVERYTHING], "boundary": NOTHING}, "implicit-deny"),
        ({"identity_policies": [EVERYTHING], "session_policy": NOTHING}, "implicit-deny"),
        ({"identity_policies": [EVERYTHING], "scps": [[EVERYTHING], [NOTHING]]}, "implicit-deny"),
        ({"identity_policies": [EVERYTHING], "scps": [[EVERYTHING, NOTHING]]}, "allow"),
        ({"identity_policies": [EVERYTHING], "rcps": [[DENYING]]}, "explicit-deny"),
        (
            {"identity_policies": [EVERYTHING], "repository_policy": naming("*", "Deny")},
            "explicit-deny",
        ),
        (
            {
                "identity_policies": [EVERYTHING],
                "repository_policy": policy(statement("Deny", NotPrincipal={"AWS": [ROLE, ROOT]})),
            },
            "allow",
        ),
        (
            {
                "identity_policies": [EVERYTHING],
                "boundary": EVERYTHING,
                "repository_policy": policy(statement("Deny", NotPrincipal={"AWS": [ROLE, ROOT]})),
            },
            "explicit-deny",
        ),
    ],
)
def test_every_kind_of_policy_has_its_say(policies: dict[str, Any], expected: str) -> None:
    assert decision(ROLE, **{"rcps": [], **policies}) == expected


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        # reference_policies_elements_condition_operators, the tables.
        ({"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {"aws:PrincipalTag/job": "admin"}, 1),
        ({"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {"aws:PrincipalTag/job": "ops"}, 0),
        ({"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {}, 0),
        ({"StringNotEquals": {"aws:PrincipalTag/job": "admin"}}, {}, 1),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, 1),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, 0),
        ({"Bool": {"aws:SecureTransport": "false"}}, {}, 0),
        ({"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}, {"key": "QmluYXJ5"}, 0),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.1"}, 1),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "198.51.100.1"}, 0),
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:some:*:111122223333:finance/*"}},
            {"aws:SourceArn": "arn:aws:some:us-east-2:9:store/abc:111122223333:finance/a.txt"},
            0,
        ),
        (
            {"StringLike": {"aws:SourceArn": "arn:aws:some:*:111122223333:finance/*"}},
            {"aws:SourceArn": "arn:aws:some:us-east-2:9:store/abc:111122223333:finance/a.txt"},
            1,
        ),
        ({"StringLikeIfExists": {"ec2:Type": ["t1.*", "t2.*"]}}, {"ec2:Type": "t1.micro"}, 1),
        ({"StringLikeIfExists": {"ec2:Type": ["t1.*", "t2.*"]}}, {"ec2:Type": "m2.micro"}, 0),
        ({"StringLikeIfExists": {"ec2:Type": ["t1.*", "t2.*"]}}, {}, 1),
        ({"Null": {"aws:TokenIssueTime": "true"}}, {}, 1),
        ({"Null": {"aws:TokenIssueTime": "false"}}, {}, 0),
        # reference_policies_condition-single-vs-multi-valued-context-keys, the tables.
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a"]}, 1),
        (
            {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}},
            {"aws:TagKeys": ["a", "c"]},
            0,
        ),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {}, 1),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, 1),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["c"]}, 0),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {}, 0),
        # reference_policies_variables.
        ({"StringNotEquals": {"x:Team": "${aws:PrincipalTag/Team}"}}, {"x:Team": "red"}, 1),
        ({"StringLike": {"x:Home": "home/${aws:username}/"}}, {"x:Home": "home/ada/"}, 0),
        ({"StringEquals": {"x:Star": "a${*}"}}, {"x:Star": "a*"}, 1),
        ({"StringLike": {"x:Star": "a${*}"}}, {"x:Star": "ab"}, 0),
        ({"StringEquals": {"x:Team": "${aws:PrincipalTag/Team, 'all'}"}}, {"x:Team": "all"}, 1),
    ],
)
def test_a_condition_holds_as_the_page_says(
    condition: dict[str, Any], context: dict[str, Any], expected: int
) -> None:
    granting = policy(statement(Resource="*", Condition=condition))
    found = decision(ROLE, identity_policies=[granting], context=context)
    assert (found == "allow") == bool(expected)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", "allow"),
        ("arn:aws:ecr:*", "allow"),
        ("arn:aws:ecr:*:repository/shop/*", "allow"),
        ("arn:aws:ecr:*:111111111111:repository/*/api", "allow"),
        ("arn:aws:ecr:*/apis", "implicit-deny"),
        ("arn:aws:ecr:eu-west-?:111111111111:repository/shop/api", "allow"),
        ("arn:aws:ecr:eu-west-1:111111111111:repository/${aws:PrincipalTag/team}/api", "allow"),
        ("arn:aws:ecr:eu-west-1:111111111111:repository/${aws:username}/api", "implicit-deny"),
    ],
)
def test_a_resource_matches_as_the_page_says(resource: str, expected: str) -> None:
    granting = policy(statement(Resource=resource))
    context = {"aws:PrincipalTag/Team": "shop"}
    assert decision(ROLE, identity_policies=[granting], context=context) == expected


def test_what_the_pages_leave_open_warns_of_access() -> None:
    inner = {"Resource": "arn:aws:ecr:*/api"}
    allowing = policy(statement(**inner))
    denying = policy(statement(Resource="*"), statement("Deny", **inner))
    assert decision(ROLE, identity_policies=[allowing]) == "allow"
    assert decision(ROLE, identity_policies=[denying]) == "allow"


def test_the_token_is_asked_through_an_iam_policy() -> None:
    token = {"action": "ecr:GetAuthorizationToken"}
    assert decision(ROLE, repository_policy=naming("*"), **token) == "implicit-deny"
    assert decision(ROLE, identity_policies=[EVERYTHING], **token) == "allow"


def test_what_a_condition_asks_for_and_nobody_gave_is_told() -> None:
    granting = policy(
        statement(
            Resource="*",
            Condition={
                "StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:PrincipalAccount": "1"},
                "Bool": {"aws:SecureTransport": "true"},
            },
        ),
        statement(Action="s3:*", Resource="*", Condition={"Bool": {"aws:ViaAWSService": "true"}}),
    )
    question = {
        "principal": ROLE,
        "action": "ecr:BatchGetImage",
        "repository": REPOSITORY,
        "identity_policies": [granting],
        "context": {"AWS:SecureTransport": True},
    }
    assert answer(question)["missing_context"] == ["aws:PrincipalOrgID"]
