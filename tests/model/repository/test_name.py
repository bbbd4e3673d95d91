import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_constructs.model.repository.name import (
    check_repository_name,
    nearest_repository_name,
    taken_by_cdk,
)

from ..answers import DEFERRED_TEXTS, LIST_TOKEN, NOT_TEXTS, only

# RepositoryName of the schema of AWS::ECR::Repository:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
PATTERN = (
    r"^(?=.{2,256}$)([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
    r"(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)$"
)
WORDS = st.text(st.sampled_from("ab09"), min_size=1, max_size=3)
JOINTS = st.sampled_from([".", "_", "__", "-", "--", "-----", "/"])
NAMES = st.builds(
    lambda first, rest: first + "".join(joint + word for joint, word in rest),
    WORDS,
    st.lists(st.tuples(JOINTS, WORDS), min_size=1, max_size=6),
)
NEAR = st.text(st.sampled_from("ab0._-/A é$\n"), max_size=12)


def legal(name):
    return re.fullmatch(PATTERN, name) is not None and "\n" not in name


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a1",
        "1a",
        "12",
        "a" * 256,
        "a--b",
        "a" + "-" * 100 + "b",
        "a__b",
        "a_b",
        "a.b",
        "a.b_c__d-e--f",
        "shop/api",
        "a/b/c/d",
        "/".join(["a"] * 128),
        *DEFERRED_TEXTS,
        LIST_TOKEN,
    ],
)
def test_names_that_ecr_takes(name):
    assert check_repository_name(name) == ()


REFUSED = [
    ("a", "is 1 characters long", None),
    ("", "is 0 characters long", None),
    ("a" * 257, "is 257 characters long", "a" * 256),
    ("a" * 255 + "-b", "is 257 characters long", "a" * 255),
    ("Shop/Api", "has upper-case letters", "shop/api"),
    ("shop api", "has ' '", "shop-api"),
    ("shop@api:v1", "has ':', '@'", "shop-api-v1"),
    ("shöp", "has 'ö'", "sh-p"),
    ("/shop", "has an empty part beside a '/'", "shop"),
    ("shop/", "has an empty part beside a '/'", "shop"),
    ("shop//api", "has an empty part beside a '/'", "shop/api"),
    ("-shop", "has a part that begins or ends with a separator", "shop"),
    ("shop-", "has a part that begins or ends with a separator", "shop"),
    ("shop/.api", "has a part that begins or ends with a separator", "shop/api"),
    ("shop_/api", "has a part that begins or ends with a separator", "shop/api"),
    ("a..b", "joins letters and digits by a run", "a.b"),
    ("a___b", "joins letters and digits by a run", "a_b"),
    ("a._b", "joins letters and digits by a run", "a.b"),
    ("a-_b", "joins letters and digits by a run", "a-b"),
    ("shop\n", "has '\\n'", "shop"),
    ("--", "has a part that begins or ends with a separator", None),
    ("///", "has an empty part beside a '/'", None),
]


@pytest.mark.parametrize(("name", "fault", "nearest"), REFUSED)
def test_names_that_ecr_refuses(name, fault, nearest):
    finding = only(check_repository_name(name))
    assert finding.code == "repository-name-invalid"
    assert finding.property == "repository_name"
    assert finding.given == name
    assert finding.message.startswith(fault)
    assert "2 to 256 characters" in finding.allowed
    assert nearest_repository_name(name) == nearest
    assert finding.fix == (f"use {nearest!r}" if nearest else "choose a name of that form")
    if nearest:
        assert check_repository_name(nearest) == ()


@pytest.mark.parametrize("name", NOT_TEXTS)
def test_a_name_is_a_text(name):
    finding = only(check_repository_name(name))
    assert finding.message == f"is a {type(name).__name__}, not a string"


@given(NAMES)
def test_what_the_pattern_takes_is_taken(name):
    assert check_repository_name(name) == ()
    assert nearest_repository_name(name) == name


@given(NEAR | st.text())
@example("a\n")
@example("İstanbul")
def test_what_the_pattern_refuses_is_refused_and_the_fix_is_legal(name):
    findings = check_repository_name(name)
    assert (findings == ()) is (legal(name) or "${" in name or "#{Token[" in name)
    for finding in findings:
        suggested = re.fullmatch(r"use '(.*)'", finding.fix)
        if suggested:
            assert legal(suggested[1])


@pytest.mark.parametrize(
    ("name", "taken"),
    [("shop/api", True), ("a.b_c-d", True), ("a--b", False), ("a__b", False), ("${Name}", True)],
)
def test_names_that_the_plain_class_takes(name, taken):
    assert taken_by_cdk(name) is taken


@given(NAMES)
def test_the_plain_class_refuses_doubled_separators_and_nothing_else(name):
    assert taken_by_cdk(name) is not ("--" in name or "__" in name)
