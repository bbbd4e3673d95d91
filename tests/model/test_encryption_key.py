import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.encryption_key import (
    ADMINISTRATION,
    USE,
    administration_statement,
    check_alias,
    check_pending_window,
    check_rotation_period,
    use_statement,
)

from .answers import DEFERRED_TEXTS, NOT_TEXTS, NUMBER_TOKEN, only

# AliasName of CreateAlias: 1 to 256 characters, alias/ and a name that is not AWS's own.
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
CHARACTERS = r"^alias/[a-zA-Z0-9/_-]+$"


def legal(alias):
    return (
        re.fullmatch(CHARACTERS, alias) is not None
        and len(alias) <= 256
        and not alias.startswith("alias/aws/")
        and "\n" not in alias
    )


@pytest.mark.parametrize(
    "alias",
    ["alias/a", "alias/a/b_1-2", "alias/" + "a" * 250, "alias/aws", *DEFERRED_TEXTS],
)
def test_aliases(alias):
    assert check_alias(alias) == ()


@pytest.mark.parametrize(
    ("alias", "fix"),
    [
        ("images", "use 'alias/images'"),
        ("alias/aws/ecr", "use 'alias/ecr'"),
        ("alias/aws/aws/ecr", "use 'alias/ecr'"),
        ("aws/ecr", "use 'alias/ecr'"),
        ("alias/", "choose an alias of that form"),
        ("alias/aws/", "choose an alias of that form"),
        ("alias/" + "a" * 251, "choose an alias of that form"),
        ("alias/a b", "choose an alias of that form"),
        ("alias/a\n", "choose an alias of that form"),
        ("", "choose an alias of that form"),
    ],
)
def test_what_is_no_alias(alias, fix):
    finding = only(check_alias(alias))
    assert finding.code == "image-key-alias-invalid"
    assert finding.property == "alias"
    assert finding.given == alias
    assert finding.fix == fix
    suggested = re.search(r"'(.*)'", fix)
    if suggested:
        assert check_alias(suggested[1]) == ()


@pytest.mark.parametrize("alias", NOT_TEXTS)
def test_an_alias_is_a_text(alias):
    assert only(check_alias(alias)).given == alias


@given(st.lists(st.sampled_from(["alias/", "aws/", "a", "-", "é", " ", "a" * 125]), max_size=6))
def test_aliases_are_what_the_page_says(parts):
    alias = "".join(parts)
    findings = check_alias(alias)
    assert (findings == ()) is legal(alias)
    suggested = [re.fullmatch(r"use '(.*)'", finding.fix) for finding in findings]
    assert all(legal(match[1]) for match in suggested if match)


# https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
LIMITS = [
    (check_rotation_period, "rotation_period_days", 90, 2560),
    (check_pending_window, "pending_window_days", 7, 30),
]


@pytest.mark.parametrize(("check", "option", "least", "most"), LIMITS)
def test_days(check, option, least, most):
    for days in (least, most, NUMBER_TOKEN):
        assert check(days) == ()
    for days, nearest in ((least - 1, least), (most + 1, most), (0, least), (-5, least)):
        finding = only(check(days))
        assert finding.code == "image-key-days-invalid"
        assert finding.property == option
        assert finding.allowed == f"{least} to {most} days"
        assert finding.fix == f"use {nearest}"
        assert check(nearest) == ()
    for days in (True, "90", 90.5, None):
        assert only(check(days)).given == days


def test_the_account_administers_and_does_not_use():
    statement = administration_statement(partition="aws-cn", account="111111111111").to_json()
    assert statement["Principal"] == {"AWS": "arn:aws-cn:iam::111111111111:root"}
    forbidden = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncrypt", "kms:Sign")
    assert not [action for action in (*ADMINISTRATION, *USE) if action.startswith(forbidden)]
    assert not [action for action in (*ADMINISTRATION, *USE) if "*" in action]
    assert "kms:CreateGrant" not in ADMINISTRATION
    # Without these the key could never be changed or deleted again.
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} <= set(ADMINISTRATION)


def test_a_key_is_used_through_ecr_alone():
    statement = use_statement(partition="aws", account="111111111111", region="eu-west-1").to_json()
    assert set(statement["Action"]) == {"kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"}
    assert statement["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "111111111111",
            "kms:ViaService": "ecr.eu-west-1.amazonaws.com",
        }
    }
