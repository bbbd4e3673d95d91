import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from ecr_constructs.model.repository.policy.document import (
    MAX_POLICY,
    check_policy_size,
    check_repository_statement,
    only_services,
    policy_services,
)

from ..answers import DEFERRED_TEXTS, codes, dangerous, only

ROOT = "arn:aws:iam::111111111111:root"
DEFERRED_ROOT = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}


def statement(**elements):
    base = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "ecr:BatchGetImage"}
    return {name: value for name, value in {**base, **elements}.items() if value is not None}


LEGAL = {
    "account": statement(),
    "account id": statement(Principal={"AWS": "111111111111"}),
    "deferred": statement(Principal={"AWS": DEFERRED_ROOT}),
    "tokens": statement(Principal={"AWS": list(DEFERRED_TEXTS)}),
    "role": statement(Principal={"AWS": "arn:aws:iam::111111111111:role/path/reader"}),
    "user": statement(Principal={"AWS": "arn:aws-cn:iam::111111111111:user/ci"}),
    "assumed role": statement(Principal={"AWS": "arn:aws:sts::111111111111:assumed-role/a/b"}),
    "deferred role": statement(Principal={"AWS": "arn:${AWS::Partition}:iam::${Id}:role/${Name}"}),
    "organization": statement(Principal="*", Condition=IN_ORGANIZATION),
    "organization as AWS": statement(Principal={"AWS": "*"}, Condition=IN_ORGANIZATION),
    "lambda": statement(Principal={"Service": "lambda.amazonaws.com"}),
    "all actions": statement(Action="ecr:*"),
    "any action": statement(Action="*"),
    "some actions": statement(Action=["ecr:Describe*", "ecr:get?ownloadurlforlayer"]),
    "other case": statement(Action="ECR:batchgetimage"),
    "deferred action": statement(Action=["${Action}"]),
    "sid": statement(Sid="new statement"),
    "deny all": statement(Effect="Deny", Principal="*"),
    "deny others": statement(Effect="Deny", Principal=None, NotPrincipal={"AWS": ROOT}),
    "deny a service": statement(Effect="Deny", Principal={"Service": "ec2.amazonaws.com"}),
    "deny but": statement(Effect="Deny", Action=None, NotAction="ecr:BatchGetImage"),
}


@pytest.mark.parametrize("case", sorted(LEGAL))
def test_statements_that_ecr_takes(case):
    assert check_repository_statement(LEGAL[case]) == ()


OPEN = "repository-policy-open"
PRINCIPAL = "repository-policy-principal-invalid"
REFUSED = {
    "everybody": (statement(Principal="*"), OPEN),
    "everybody as AWS": (statement(Principal={"AWS": ["*", ROOT]}), OPEN),
    "every service": (statement(Principal={"Service": "*"}), OPEN),
    "not in the organization": (
        statement(Principal="*", Condition={"StringNotEquals": IN_ORGANIZATION["StringEquals"]}),
        OPEN,
    ),
    "if in one": (
        statement(
            Principal="*", Condition={"StringEqualsIfExists": IN_ORGANIZATION["StringEquals"]}
        ),
        OPEN,
    ),
    "over TLS": (statement(Principal="*", Condition={"Bool": {"aws:SecureTransport": True}}), OPEN),
    "all others": (statement(Principal=None, NotPrincipal={"AWS": ROOT}), OPEN),
    "resource": (statement(Resource="*"), "repository-policy-resource"),
    "not resource": (statement(NotResource="*"), "repository-policy-resource"),
    "no principal": (statement(Principal=None), "repository-policy-principal-missing"),
    "nobody": (statement(Principal={"AWS": []}), "repository-policy-principal-missing"),
    "empty": (statement(Principal={}), "repository-policy-principal-missing"),
    "both": (
        statement(Effect="Deny", NotPrincipal={"AWS": ROOT}),
        "repository-policy-principal-missing",
    ),
    "no action": (statement(Action=None), "repository-policy-action-missing"),
    "empty action": (statement(Action=[]), "repository-policy-action-missing"),
    "both actions": (statement(NotAction="ecr:PutImage"), "repository-policy-action-missing"),
    "small effect": (statement(Effect="allow"), "repository-policy-effect"),
    "no effect": (statement(Effect=None), "repository-policy-effect"),
    "typing error": (statement(Conditions={}), "repository-policy-element-unknown"),
    "small element": (statement(condition={}), "repository-policy-element-unknown"),
    "token": (
        statement(Action="ecr:GetAuthorizationToken"),
        "repository-policy-action-without-effect",
    ),
    "account actions": (
        statement(Action="ecr:*PullThroughCacheRule"),
        "repository-policy-action-without-effect",
    ),
    "no such action": (statement(Action="ecr:Pull"), "repository-policy-action-unknown"),
    "other service": (statement(Action="s3:*"), "repository-policy-action-unknown"),
    # An operation whose permission is ecr:BatchGetImage.
    "operation": (statement(Action="ecr:ListImageReferrers"), "repository-policy-action-unknown"),
    "matches nothing": (statement(Action="ecr:Pull*"), "repository-policy-action-unknown"),
    "text": (statement(Principal=ROOT), PRINCIPAL),
    "kind": (statement(Principal={"Aws": ROOT}), PRINCIPAL),
    "group": (statement(Principal={"AWS": "arn:aws:iam::111111111111:group/a"}), PRINCIPAL),
    "part of an ARN": (statement(Principal={"AWS": "arn:aws:iam::111111111111:*"}), PRINCIPAL),
    "roles": (statement(Principal={"AWS": "arn:aws:iam::111111111111:role/*"}), PRINCIPAL),
    "function": (
        statement(Principal={"AWS": "arn:aws:lambda:eu-west-1:111111111111:function:a"}),
        PRINCIPAL,
    ),
    "half an ARN": (statement(Principal={"AWS": "arn:aws:iam"}), PRINCIPAL),
    "short account": (statement(Principal={"AWS": "11111"}), "account-id-invalid"),
    "short root": (statement(Principal={"AWS": "arn:aws:iam::1:root"}), "account-id-invalid"),
    "short root as CDK has it": (
        statement(Principal={"AWS": "arn:${AWS::Partition}:iam::1:root"}),
        "account-id-invalid",
    ),
    "short role": (statement(Principal={"AWS": "arn:aws:iam::1:role/a"}), "account-id-invalid"),
    "vanished role": (statement(Principal={"AWS": "AROAEXAMPLE"}), "account-id-invalid"),
    "federated": (
        statement(Principal={"Federated": "cognito-identity.amazonaws.com"}),
        "repository-policy-principal-kind",
    ),
    "canonical": (statement(Principal={"CanonicalUser": "1"}), "repository-policy-principal-kind"),
    "by role": (
        statement(Principal={"Service": "ecs-tasks.amazonaws.com"}),
        "grant-service-pulls-by-role",
    ),
    "mixed": (
        statement(Principal={"AWS": ROOT, "Service": "lambda.amazonaws.com"}),
        "repository-policy-service-mixed",
    ),
    "organization": (
        statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        "organization-id-invalid",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_statements_that_ecr_refuses_or_opens(case):
    document, code = REFUSED[case]
    finding = only(check_repository_statement(document))
    assert finding.code == code
    assert finding.severity is Severity.DANGER


@pytest.mark.parametrize("effect", ["allow", "ALLOW", "Alow", None, 7])
def test_a_wrong_effect_hides_nothing(effect):
    found = check_repository_statement(statement(Effect=effect, Principal="*"))
    assert codes(found) == ["repository-policy-effect", OPEN]


def test_an_unwritten_action_is_a_warning():
    finding = only(
        check_repository_statement(statement(Action=None, NotAction="ecr:DeleteRepository"))
    )
    assert finding.code == "repository-policy-not-action"
    assert finding.severity is Severity.WARNING


def test_a_service_that_aws_says_nothing_of_is_a_warning():
    found = check_repository_statement(statement(Principal={"Service": "s3.amazonaws.com"}))
    assert only(found).code == "grant-service-unknown"
    assert dangerous(found) == []


@pytest.mark.parametrize(
    ("principal", "own", "told"),
    [
        (ROOT, "111111111111", True),
        ("111111111111", "111111111111", True),
        (DEFERRED_ROOT, "${Token[AWS.AccountId.4]}", True),
        ("arn:${AWS::Partition}:iam::111111111111:root", "111111111111", True),
        ("arn:aws:iam::${AWS::AccountId}:root", "${AWS::AccountId}", True),
        ("arn:aws:iam::${Partner}:root", "${AWS::AccountId}", False),
        ("arn:aws:iam::${Fn::ImportValue}:root", "${Token[AWS.AccountId.4]}", False),
        (ROOT, "222222222222", False),
        (ROOT, None, False),
        ("arn:aws:iam::111111111111:role/a", "111111111111", False),
    ],
)
def test_the_account_of_the_repository(principal, own, told):
    found = check_repository_statement(statement(Principal={"AWS": principal}), own_account=own)
    assert codes(found) == (["grant-own-account"] if told else [])
    assert dangerous(found) == []


def test_the_own_account_under_a_condition_or_denied_is_not_told():
    for more in ({"Condition": IN_ORGANIZATION}, {"Effect": "Deny"}):
        assert check_repository_statement(statement(**more), own_account="111111111111") == ()


@given(st.sampled_from(sorted(REPOSITORY_ACTIONS)), st.integers(4, 30), st.booleans())
def test_actions_with_wildcards(action, length, upper):
    pattern = action[:length] + "*"
    found = check_repository_statement(statement(Action=pattern.upper() if upper else pattern))
    assert found == ()


@pytest.mark.parametrize("action", sorted(ACCOUNT_ACTIONS))
def test_no_account_action_has_an_effect(action):
    finding = only(check_repository_statement(statement(Action=["ecr:PutImage", action])))
    assert finding.given == action


@given(
    st.dictionaries(
        st.sampled_from(["Effect", "Principal", "Action", "Condition", "Sid", "NotAction", "X"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "a", ROOT]),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["AWS", "Service", "Null", "a"]), inner, max_size=2
                )
            ),
            max_leaves=4,
        ),
        max_size=5,
    )
)
def test_whatever_stands_in_a_template_is_answered(document):
    for finding in check_repository_statement(document, own_account="111111111111"):
        assert finding.sentence()


def test_the_services_of_a_statement():
    both = statement(Principal={"Service": ["lambda.amazonaws.com", "${Token[T.1]}"]})
    assert policy_services(both) == ("lambda.amazonaws.com",)
    assert only_services(both)
    assert not only_services(statement())
    assert not only_services(statement(Principal="*"))
    assert policy_services(statement(Principal="*")) == ()


def policy_of(size, filler="a"):
    """One statement in a policy of exactly this many characters."""
    empty = '{"Version":"2012-10-17","Statement":[{"Sid":""}]}'
    return [{"Sid": filler * (size - len(empty))}]


@pytest.mark.parametrize("filler", ["a", "é", "漢"])
def test_the_size_of_a_policy(filler):
    assert check_policy_size(policy_of(MAX_POLICY, filler)) == ()
    finding = only(check_policy_size(policy_of(MAX_POLICY + 1, filler)))
    assert finding.code == "repository-policy-too-long"
    assert finding.message == f"is {MAX_POLICY + 1} characters long"


@pytest.mark.parametrize("token", ["${Token[AWS.Partition.3]}", "${AWS::Partition}", "${Key.Arn}"])
def test_deferred_parts_never_make_a_policy_too_long(token):
    statements = [statement(Principal={"AWS": [token] * 2000})]
    assert check_policy_size(statements) == ()
