import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.publishing.parameters import (
    DIGEST_URI_PATTERN,
    check_digests,
    check_path,
    default_path,
    digest_name,
    image_name,
    uri_name,
)
from ecr_constructs.model.repository.name import check_repository_name

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, codes, only

DIGEST = "sha256:" + "0" * 64
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
LONGEST_NAME, LEVELS = 1011, 15


@pytest.mark.parametrize("path", ["/a", "/images/shop/api", "/A.b_c-9/x", *DEFERRED_TEXTS])
def test_paths(path):
    assert check_path(path) == ()


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("images/api", "write path='/images/api'"),
        ("/images/", "write path='/images/api'"),
        ("/", "write path="),
        ("", "write path="),
        ("/a//b", "write path="),
        ("/a b", "write path="),
        ("/aws/x", "write path="),
        ("/AWSx", "write path="),
        ("/ssm-x", "write path="),
        ("/a" * 14, "write path="),
        (f"/{'a' * 800}", "write path="),
        *((value, "write path=") for value in NOT_TEXTS if value is not None),
    ],
)
def test_what_is_no_path(path, fix):
    finding = only(check_path(path))
    assert (finding.code, finding.given) == ("parameter-path-invalid", path)
    assert finding.fix.startswith(fix)


def test_a_path_is_as_deep_and_as_long_as_leaves_room():
    assert check_path("/a" * 13) == ()
    assert check_path(f"/{'a' * 799}") == ()
    assert only(check_path(f"/{'a' * 800}")).code == "parameter-path-invalid"


def test_the_fix_of_a_path_is_one():
    assert only(check_path("//a")).fix == "write path='/images/api', say"
    assert only(check_path("/a/")).fix == "write path='/images/api', say"


def test_a_repository_without_a_name_needs_a_path():
    assert only(check_path(None)).code == "parameter-path-missing"


@pytest.mark.parametrize(
    "digests", [{}, {"stable": DIGEST, "v1.2": DIGEST}, {"a": "${Token[T.1]}"}]
)
def test_digests(digests):
    assert check_digests(digests) == ()


@pytest.mark.parametrize(
    ("digests", "wrong"),
    [
        ([], ["parameter-images-invalid"]),
        ("stable", ["parameter-images-invalid"]),
        ({"a/b": DIGEST}, ["parameter-images-invalid"]),
        ({"": DIGEST}, ["parameter-images-invalid"]),
        ({7: DIGEST}, ["parameter-images-invalid"]),
        # A name is an id of a construct, too.
        ({"${Token[T.1]}": DIGEST}, ["parameter-images-invalid"]),
        ({"stable": "v1"}, ["image-digest-invalid"]),
        ({"stable": "sha256:00"}, ["image-digest-invalid"]),
        ({"a b": "x", "c": None}, ["image-digest-invalid"] * 2 + ["parameter-images-invalid"]),
    ],
)
def test_what_are_no_digests(digests, wrong):
    assert codes(check_digests(digests)) == wrong


@given(st.from_regex(r"[a-z0-9]+([._/-][a-z0-9]+){0,11}", fullmatch=True))
def test_the_path_of_any_repository_of_few_levels_is_one_that_ssm_takes(name):
    if check_repository_name(name) == ():
        path = default_path(name)
        assert check_path(path) == ()
        for made in (uri_name(path), image_name(path, "a" * 128), digest_name(path, "a" * 128)):
            assert re.fullmatch(r"[A-Za-z0-9_.\-/]+", made)
            assert len(made) <= LONGEST_NAME
            assert made.count("/") <= LEVELS


@given(st.integers(1, 20), st.integers(1, 400))
def test_a_path_that_is_taken_leaves_room_for_the_names_below_it(levels, width):
    path = f"/{'a' * width}" * levels
    if check_path(path) == ():
        assert image_name(path, "a" * 128).count("/") <= LEVELS
        assert len(digest_name(path, "a" * 128)) <= LONGEST_NAME


def test_the_pattern_takes_uris_by_digest_alone():
    uri = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api"
    assert re.search(DIGEST_URI_PATTERN, f"{uri}@{DIGEST}")
    assert not re.search(DIGEST_URI_PATTERN, f"{uri}:v1")
