import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.registry.prefix import ROOT, check_prefix, is_inside

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, only

# The pattern of the API, as the CreatePullThroughCacheRule page has it.
PAGE = re.compile(
    r"^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$"
)
NEAR = st.text(st.sampled_from("a0._-/RO"), max_size=33)


def check(prefix, shortest=2, longest=30):
    return check_prefix(
        prefix,
        code="some-code",
        option="prefix",
        shortest=shortest,
        longest=longest,
        docs="https://docs.aws.amazon.com/x",
    )


@given(NEAR | st.sampled_from(["ROOT", "ROOT/", "prod/", "a--b", "a__b", "a..b", "docker-hub"]))
def test_what_the_page_takes_is_taken(prefix):
    expected = bool(PAGE.fullmatch(prefix)) and (2 <= len(prefix) <= 30)
    assert (check(prefix) == ()) is expected


@pytest.mark.parametrize("prefix", DEFERRED_TEXTS)
def test_deferred(prefix):
    assert check(prefix) == ()


@pytest.mark.parametrize(
    ("prefix", "fix"),
    [
        ("Docker", "use 'docker'"),
        ("Root", "write 'ROOT'"),
        ("/prod", "use 'prod'"),
        ("a", "choose a prefix of that form"),
        ("x" * 31, "choose a prefix of that form"),
        ("", "choose a prefix of that form"),
        ("prod/*", "use 'prod/'"),
    ],
)
def test_the_fix(prefix, fix):
    finding = only(check(prefix))
    assert finding.given == prefix
    assert finding.fix.rstrip("/'") == fix.rstrip("/'")


@pytest.mark.parametrize("prefix", NOT_TEXTS)
def test_what_is_no_text(prefix):
    assert type(prefix).__name__ in only(check(prefix)).message


@pytest.mark.parametrize(
    ("prefix", "other", "expected"),
    [
        ("prod/team", "prod", True),
        ("prod/team", "prod/", True),
        ("prod", "prod/team", False),
        ("prod", "prod/", False),
        ("production", "prod", False),
        ("prod", ROOT, False),
        (ROOT, "prod", False),
        ("${Prefix}", "prod", False),
    ],
)
def test_inside(prefix, other, expected):
    assert is_inside(prefix, other) is expected
