import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.iam.actions import Access
from ecr_constructs.model.repository.policy.document import check_repository_statement
from ecr_constructs.model.sharing.sharees import (
    Sharees,
    identity_policy_text,
    not_literal,
)

from ..answers import DEFERRED_TEXTS, STRING_TOKEN, codes, complete, only

ACCOUNT, ORGANIZATION = "222222222222", "o-a1b2c3d4e5"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"


@pytest.mark.parametrize(
    "words",
    [
        {"accounts": [ACCOUNT, *DEFERRED_TEXTS]},
        {"organizations": [ORGANIZATION]},
        {"organizational_units": (UNIT,)},
        {"accounts": [ACCOUNT], "organizations": [ORGANIZATION], "organizational_units": [UNIT]},
    ],
)
def test_sharees(words):
    assert Sharees(**words).findings() == ()


@pytest.mark.parametrize(
    ("words", "code", "option"),
    [
        ({}, "sharing-nobody", "accounts"),
        ({"accounts": ACCOUNT}, "option-type", "accounts"),
        ({"organizations": ORGANIZATION}, "option-type", "organizations"),
        ({"accounts": [222222222222]}, "account-id-invalid", "accounts"),
        ({"accounts": ["2222-2222-2222"]}, "account-id-invalid", "accounts"),
        ({"accounts": ["*"]}, "account-id-invalid", "accounts"),
        ({"organizations": ["a1b2c3d4e5"]}, "organization-id-invalid", "organization"),
        ({"organizations": ["o-*"]}, "organization-id-invalid", "organization"),
        (
            {"organizational_units": ["ou-ab12-11111111"]},
            "organizational-unit-path-invalid",
            "path",
        ),
    ],
)
def test_what_is_nobody(words, code, option):
    finding = only(Sharees(**words).findings())
    assert (finding.code, finding.property) == (code, option)


def test_every_fault_is_told():
    found = Sharees(accounts=["1", "2"], organizations=["x"]).findings()
    assert codes(found) == ["account-id-invalid", "account-id-invalid", "organization-id-invalid"]


@given(
    st.lists(st.from_regex("[0-9]{12}", fullmatch=True), max_size=3),
    st.lists(st.from_regex("o-[a-z0-9]{10,12}", fullmatch=True), max_size=3),
    st.booleans(),
    st.sampled_from(Access),
)
def test_whoever_is_named_has_a_statement_that_ecr_takes(accounts, organizations, unit, access):
    sharees = Sharees(
        accounts=accounts,
        organizations=organizations,
        organizational_units=[UNIT] if unit else [],
    )
    statements = [entry.to_json() for entry in sharees.statements(access, partition="aws")]
    assert len(statements) == len(accounts) + len(organizations) + unit
    for statement in statements:
        assert check_repository_statement(statement, own_account="000000000001") == ()
        everybody = statement["Principal"] == "*"
        assert everybody is ("Condition" in statement)


@pytest.mark.parametrize("access", Access)
def test_the_other_half_is_a_whole_document(access):
    document = json.loads(identity_policy_text(access, [ARN]))
    own, *token = document["Statement"]
    assert own["Resource"] == ARN
    listed = own["Action"] if isinstance(own["Action"], list) else [own["Action"]]
    assert tuple(listed) == access.actions
    assert [entry["Resource"] for entry in token] == ["*"] * access.needs_token


@pytest.mark.parametrize(
    ("words", "account", "refused"),
    [
        ({"accounts": [ACCOUNT]}, ACCOUNT, False),
        ({"accounts": [ACCOUNT]}, "333333333333", True),
        ({"accounts": [ACCOUNT]}, None, True),
        ({"accounts": [ACCOUNT]}, "111111111111", True),
        ({"accounts": [ACCOUNT, STRING_TOKEN]}, "333333333333", False),
        ({"organizations": [ORGANIZATION]}, "333333333333", False),
        ({"organizations": [ORGANIZATION]}, "111111111111", True),
        ({"accounts": [ACCOUNT], "organizational_units": [UNIT]}, "333333333333", False),
    ],
)
def test_the_other_half_stands_where_it_has_effect(words, account, refused):
    found = Sharees(**words).check_home_of_policy(account, owner="111111111111")
    assert bool(found) is refused
    for finding in found:
        complete(finding)
        assert finding.code == "sharing-policy-elsewhere"


def test_a_repository_without_a_name_is_told_how_to_get_one():
    complete(not_literal("Images/Api"))
