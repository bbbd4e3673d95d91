import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.repository.mutability import (
    BUILDKIT_CACHE_TAGS,
    COSIGN_TAGS,
    LATEST_TAG,
    MutableTags,
    check_tag_patterns,
)

from ..answers import DEFERRED_TEXTS, LIST_TOKEN, NOT_TEXTS, codes, only

# ImageTagMutabilityExclusionFilterValue, of which a repository has 1 to 5:
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html
PATTERN = r"^[0-9a-zA-Z._*-]{1,128}$"
PATTERNS = st.text(st.sampled_from("ab*-."), min_size=1, max_size=6).filter(
    lambda text: text.count("*") <= 2
)
TAGS = st.text(st.sampled_from("ab-."), min_size=1, max_size=8)
DIGEST = "sha256-" + "0" * 64


def matches(pattern, tag):
    """The page's definition, letter by letter: '*' is zero or more characters, all else itself."""
    if not pattern:
        return not tag
    if pattern[0] == "*":
        return any(matches(pattern[1:], tag[start:]) for start in range(len(tag) + 1))
    return bool(tag) and tag[0] == pattern[0] and matches(pattern[1:], tag[1:])


@pytest.mark.parametrize(
    ("tags", "mode", "patterns"),
    [
        (MutableTags.none(), "IMMUTABLE", ()),
        (MutableTags.all(), "MUTABLE", ()),
        (MutableTags.only("dev*"), "IMMUTABLE_WITH_EXCLUSION", ("dev*",)),
        (MutableTags.all_except("v*", "1.*"), "MUTABLE_WITH_EXCLUSION", ("v*", "1.*")),
        (MutableTags.of(None), "IMMUTABLE", ()),
        (MutableTags.of([]), "IMMUTABLE", ()),
        (MutableTags.of(["latest"]), "IMMUTABLE_WITH_EXCLUSION", ("latest",)),
        (MutableTags.of(("a", "b")), "IMMUTABLE_WITH_EXCLUSION", ("a", "b")),
        (MutableTags.of(MutableTags.all()), "MUTABLE", ()),
    ],
)
def test_modes(tags, mode, patterns):
    assert tags.mode == mode
    assert tags.patterns == patterns
    # Made out of its parts, it is the same value.
    assert MutableTags(patterns=tags.patterns, rest_is_mutable=tags.rest_is_mutable) == tags


@pytest.mark.parametrize(
    ("tags", "moved", "kept"),
    [
        (MutableTags.none(), [], ["latest", "v1"]),
        (MutableTags.all(), ["latest", "v1"], []),
        (MutableTags.only(*LATEST_TAG), ["latest"], ["latest2", "notlatest", "v1"]),
        (MutableTags.only(*COSIGN_TAGS), [DIGEST + ".sig", DIGEST + ".att"], [DIGEST, "a.sig"]),
        (MutableTags.only(*BUILDKIT_CACHE_TAGS), ["buildcache", "buildcache-arm64"], ["cache"]),
        (MutableTags.all_except("v*.*"), ["latest", "v1"], ["v1.2", "v."]),
        (MutableTags.only("a.c"), ["a.c"], ["abc"]),
    ],
)
def test_which_tags_move(tags, moved, kept):
    assert [tag for tag in [*moved, *kept] if tags.can_move(tag)] == moved


@given(st.lists(PATTERNS, min_size=1, max_size=3, unique=True), st.booleans(), TAGS)
def test_moving_agrees_with_the_definition(patterns, rest, tag):
    tags = MutableTags(patterns=tuple(patterns), rest_is_mutable=rest)
    differs = any(matches(pattern, tag) for pattern in patterns)
    assert tags.can_move(tag) is (not differs if rest else differs)


@pytest.mark.parametrize(
    "patterns",
    [
        (),
        ("a",),
        ("a" * 128,),
        ("*",),
        ("*a*",),
        ("**",),
        ("A.b_c-9",),
        ("a", "b", "c", "d", "e"),
        DEFERRED_TEXTS[:5],
        (LIST_TOKEN,),
    ],
)
def test_patterns_that_ecr_takes(patterns):
    assert check_tag_patterns(patterns) == ()


@pytest.mark.parametrize(
    ("patterns", "message", "allowed"),
    [
        (("",), "has a pattern that no tag can have", "1 to 128 characters"),
        (("a" * 129,), "has a pattern that no tag can have", "1 to 128 characters"),
        (("a b",), "has a pattern that no tag can have", "1 to 128 characters"),
        (("a/b",), "has a pattern that no tag can have", "1 to 128 characters"),
        (("v1\n",), "has a pattern that no tag can have", "1 to 128 characters"),
        (("***",), "has a pattern with 3 wildcards", "at most 2 '*'"),
        (("*a*b*c*",), "has a pattern with 4 wildcards", "at most 2 '*'"),
        (("a", "b", "c", "d", "e", "f"), "has 6 patterns", "at most 5 patterns"),
        (("a", "b", "a"), "names a pattern twice", "each pattern once"),
        ("latest", "is a str, not a list of tags", "a list of tags or patterns"),
    ],
)
def test_patterns_that_ecr_refuses(patterns, message, allowed):
    finding = only(check_tag_patterns(patterns))
    assert finding.code == "mutable-tags-invalid"
    assert finding.property == "mutable_tags"
    assert finding.message == message
    assert allowed in finding.allowed


@pytest.mark.parametrize("pattern", NOT_TEXTS)
def test_a_pattern_is_a_text(pattern):
    assert only(check_tag_patterns([pattern])).given == pattern


def test_every_fault_is_told():
    found = check_tag_patterns(["a b", "****", "x", "x", "y", "z"])
    assert codes(found) == ["mutable-tags-invalid"] * 4


@given(st.text(st.sampled_from("aZ9._*-é/ \n"), max_size=130))
def test_a_pattern_is_what_the_api_says(text):
    legal = re.match(PATTERN, text) is not None and not text.endswith("\n")
    assert (check_tag_patterns([text]) == ()) is (legal and text.count("*") <= 2)


@pytest.mark.parametrize("value", ["latest", 7, {"a": 1}, {"latest"}])
def test_the_option_is_a_list(value):
    with pytest.raises(InvalidInputError) as caught:
        MutableTags.of(value)
    assert caught.value.code == "mutable-tags-invalid"
    assert type(value).__name__ in caught.value.message
    if isinstance(value, str):
        assert caught.value.fix == "write ['latest']"
        assert MutableTags.of(["latest"]).can_move("latest")


@pytest.mark.parametrize(
    ("make", "instead"), [(MutableTags.only, "none"), (MutableTags.all_except, "all")]
)
def test_patterns_are_asked_for(make, instead):
    with pytest.raises(InvalidInputError) as caught:
        make()
    assert f"MutableTags.{instead}()" in caught.value.fix


@pytest.mark.parametrize("make", [MutableTags.only, MutableTags.all_except])
def test_a_bad_pattern_is_an_error_at_once(make):
    with pytest.raises(InvalidInputError) as caught:
        make("a*b*c*d")
    assert caught.value.given == "a*b*c*d"
