import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.iam import grants
from ecr_constructs.model.iam.actions import Access
from ecr_constructs.model.iam.callers import names_caller
from ecr_constructs.model.iam.statement import Statement
from ecr_constructs.model.repository.policy.document import check_repository_statement

from ..answers import only

PULL = Statement(actions=("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), resources=("arn:x",))
TOKEN = Statement(actions=("ecr:GetAuthorizationToken",), resources=("*",))
ROLE = "arn:aws:iam::222222222222:role/reader"


def test_a_statement_as_iam_reads_it():
    assert PULL.to_json() == {
        "Effect": "Allow",
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Resource": "arn:x",
    }
    assert TOKEN.to_json()["Action"] == "ecr:GetAuthorizationToken"
    everybody = Statement(actions=("ecr:BatchGetImage",), principal={"*": "*"})
    assert everybody.to_json()["Principal"] == "*"


@given(
    st.sampled_from(list(Access)),
    st.sampled_from(["aws", "aws-us-gov", "${AWS::Partition}"]),
    st.sampled_from(["222222222222", "${Token[T.1]}"]),
    st.sampled_from(["role/reader", "role/team/reader", "user/ci"]),
)
def test_the_half_of_another_account_is_legal_and_names_one(access, partition, account, who):
    arn = f"arn:{partition}:iam::{account}:{who}"
    statement = grants.cross_account_statement(
        access.actions, partition=partition, account=account, principal_arn=arn
    )
    document = statement.to_json()
    assert check_repository_statement(document) == ()
    assert json.loads(str(statement)) == document
    assert names_caller(document["Condition"])
    assert document["Condition"] == {"ArnEquals": {"aws:PrincipalArn": arn}}
    assert document["Principal"] == {"AWS": f"arn:{partition}:iam::{account}:root"}
    assert tuple(document["Action"]) == access.actions or document["Action"] == access.actions[0]


MISSING = [
    (grants.repository_side_missing(PULL, reason="another app"), "grant-repository-side-missing"),
    (grants.service_statement_missing(PULL), "grant-service-statement-missing"),
    (grants.identity_not_writable("arn:aws:iam::1:role/a", PULL), "grant-identity-not-writable"),
    (grants.token_missing("arn:aws:iam::1:role/a", TOKEN), "grant-token-missing"),
]


@pytest.mark.parametrize(("finding", "code"), MISSING)
def test_what_is_missing_is_in_the_fix_to_be_copied(finding, code):
    assert only([finding]).code == code
    assert finding.severity is Severity.WARNING
    assert finding.property == "grantee"
    written = finding.fix[finding.fix.index("{") :]
    assert json.loads(written) in (PULL.to_json(), TOKEN.to_json())


def test_a_repository_of_elsewhere():
    finding = only([grants.repository_not_writable(PULL.to_json())])
    assert finding.code == "grant-repository-not-writable"
    assert finding.severity is Severity.DANGER
    assert json.loads(finding.fix[finding.fix.index("{") :]) == PULL.to_json()


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (grants.group_over_accounts("Shop/Readers"), "grant-group-over-accounts"),
        (grants.role_name_missing("Shop/Readers"), "grant-principal-unnamed"),
    ],
)
def test_principals_that_no_repository_policy_can_name(finding, code):
    assert only([finding]).code == code
    assert finding.severity is Severity.DANGER
    assert finding.given == "Shop/Readers"
