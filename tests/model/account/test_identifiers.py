import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_constructs.model.account.identifiers import (
    AccountMatch,
    check_account_id,
    check_organization_id,
    check_organizational_unit_path,
    compare_accounts,
)

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, only

# The patterns of AccountId, OrganizationId, RootId and OrganizationalUnitId as the API has them:
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
ACCOUNT = r"^[0-9]{12}$"
ORGANIZATION = r"^o-[a-z0-9]{10,32}$"
ROOT = r"^r-[0-9a-z]{4,32}$"
UNIT = r"^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$"
GOOD_UNIT = "ou-ab12-11111111"
PATH = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"


# Around both limits of length.
ENDS = st.integers(7, 33).map("z".__mul__)


def legal(pattern, text):
    # re.match with '$' also takes a newline at the end, which no identifier has.
    return re.match(pattern, text) is not None and not text.endswith("\n")


def legal_path(text):
    """An entity path of IAM, one by one from the left, and what may stand behind it."""
    organization, _, rest = text.partition("/")
    root, _, rest = rest.partition("/")
    units = rest.split("/")
    tail = units.pop()
    return (
        legal(ORGANIZATION, organization)
        and legal(ROOT, root)
        and len(units) > 0
        and all(legal(UNIT, unit) for unit in units)
        and tail in {"", "*", "ou-*"}
    )


@pytest.mark.parametrize("account", ["000000000000", "111111111111", *DEFERRED_TEXTS])
def test_account_ids(account):
    assert check_account_id(account) == ()


@pytest.mark.parametrize(
    ("account", "fix"),
    [
        (111111111111, "give it as a string: '111111111111'"),
        (1234567, "give it as a string: '000001234567'"),
        (10**12, "give the twelve digits of the account"),
        (-1, "give the twelve digits of the account"),
        (True, "give the twelve digits of the account"),
        ("1111-2222-3333", "use '111122223333'"),
        ("11111111111", "give the twelve digits of the account"),
        ("1111111111111", "give the twelve digits of the account"),
        ("", "give the twelve digits of the account"),
        ("\u0660" * 12, "give the twelve digits of the account"),
        ("-".join(["\u0661" * 4] * 3), "give the twelve digits of the account"),
        ("111111111111\n", "give the twelve digits of the account"),
        ("my-account", "give the twelve digits of the account"),
    ],
)
def test_what_is_no_account_id(account, fix):
    finding = only(check_account_id(account, option="source_account"))
    assert finding.code == "account-id-invalid"
    assert finding.property == "source_account"
    assert finding.given == account
    assert finding.allowed == "a string of 12 digits"
    assert finding.fix == fix
    quoted = re.search(r"'(\d+)'", fix, re.ASCII)
    if quoted:
        assert check_account_id(quoted[1]) == ()


@pytest.mark.parametrize("account", NOT_TEXTS)
def test_an_account_is_a_text(account):
    assert only(check_account_id(account)).property == "account"


@given(st.text(st.sampled_from("0189٣²x-"), max_size=14) | st.from_regex(ACCOUNT) | st.text())
@example("123456789012")
def test_accounts_are_what_the_pattern_says(text):
    assert (check_account_id(text) == ()) is (legal(ACCOUNT, text) or "${" in text)


@pytest.mark.parametrize("organization", ["o-a1b2c3d4e5", "o-" + "z" * 32, *DEFERRED_TEXTS])
def test_organizations(organization):
    assert check_organization_id(organization) == ()


@pytest.mark.parametrize(
    "organization",
    ["o-a1b2c3d4e", "o-" + "z" * 33, "O-a1b2c3d4e5", "a1b2c3d4e5", "o-*", "*", "", *NOT_TEXTS],
)
def test_what_is_no_organization(organization):
    finding = only(check_organization_id(organization))
    assert finding.code == "organization-id-invalid"
    assert finding.property == "organization"
    assert finding.given == organization
    assert "describe-organization" in finding.fix


@given(st.builds("o-{}{}".format, st.text(st.sampled_from("a1Z-"), max_size=2), ENDS))
def test_organizations_are_what_the_pattern_says(text):
    assert (check_organization_id(text) == ()) is legal(ORGANIZATION, text)


@pytest.mark.parametrize(
    "path",
    [
        PATH,
        PATH + "*",
        PATH + "ou-*",
        PATH + "ou-ab12-22222222/",
        PATH + "ou-ab12-22222222/*",
        # The example of the page of entity paths.
        "o-a1b2c3d4e5/r-f6g7h8i9j0example/ou-ghi0-awsccccc/ou-jkl0-awsddddd/",
        *DEFERRED_TEXTS,
    ],
)
def test_paths_of_units(path):
    assert check_organizational_unit_path(path) == ()


@pytest.mark.parametrize(
    "path",
    [
        "ou-ab12-11111111",
        "o-a1b2c3d4e5",
        "o-a1b2c3d4e5/*",
        "o-a1b2c3d4e5/r-ab12/",
        "o-a1b2c3d4e5/r-ab12/*",
        "o-a1b2c3d4e5/ou-ab12-11111111/*",
        PATH.removesuffix("/"),
        PATH + "/",
        PATH + "**",
        "/" + PATH,
        "*",
        "",
        *NOT_TEXTS,
    ],
)
def test_what_is_no_path(path):
    finding = only(check_organizational_unit_path(path))
    assert finding.code == "organizational-unit-path-invalid"
    assert finding.property == "path"
    assert finding.given == path
    written = re.search(r"'(o-[^']*)'", finding.fix)[1]
    assert check_organizational_unit_path(written) == ()


@st.composite
def paths(draw):
    parts = draw(
        st.lists(
            st.sampled_from(
                [GOOD_UNIT, "", "*", "ou-*", "ou-a-b", "r-ab12", GOOD_UNIT + "x", "OU"]
            ),
            max_size=4,
        )
    )
    head = draw(st.sampled_from(["o-a1b2c3d4e5/r-ab12", "o-a1b2c3d4e5", "r-ab12", ""]))
    return "/".join([head, *parts]) + draw(st.sampled_from(["", "/", "/*"]))


@given(paths())
def test_paths_are_what_the_patterns_say(text):
    assert (check_organizational_unit_path(text) == ()) is legal_path(text)


@pytest.mark.parametrize(
    ("one", "another", "match"),
    [
        ("111111111111", "111111111111", AccountMatch.SAME),
        ("111111111111", "222222222222", AccountMatch.OTHER),
        ("111111111111", None, AccountMatch.UNKNOWN),
        ("111111111111", "${AWS::AccountId}", AccountMatch.UNKNOWN),
        (None, None, AccountMatch.SAME),
        ("${Token[AWS.AccountId.4]}", "${AWS::AccountId}", AccountMatch.SAME),
        ("${AWS::AccountId}", None, AccountMatch.SAME),
    ],
)
def test_two_accounts(one, another, match):
    assert compare_accounts(one, another) is match
    assert compare_accounts(another, one) is match
