import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.images.reference import (
    check_digest,
    check_tag,
    check_tag_or_digest,
    is_digest,
    suffix,
)

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, only

# The tag of the OCI distribution specification, and sha256 as the image specification writes it:
# https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
# https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
TAG = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
LONG = st.sampled_from([126, 127, 128, 129, 130]).map("a".__mul__)
DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize("tag", ["v1.2.3", "_", "a" * 128, "A", "9", "a..b", *DEFERRED_TEXTS])
def test_tags(tag):
    assert check_tag(tag) == ()
    assert check_tag_or_digest(tag) == ()
    assert suffix(tag) == f":{tag}"


@pytest.mark.parametrize(
    ("tag", "fix"),
    [
        ("", "give a tag of that form"),
        ("a" * 129, "give a tag of that form"),
        (".a", "give a tag of that form"),
        ("-a", "give a tag of that form"),
        ("a b", "give a tag of that form"),
        ("v1\n", "give a tag of that form"),
        ("é", "give a tag of that form"),
        ("a+b", "give a tag of that form"),
        (":v1", "give the tag alone"),
        ("@v1", "give the tag alone"),
        ("shop/api:v1", "give the tag alone"),
        (DIGEST, "ask for the URI by digest"),
    ],
)
def test_what_is_no_tag(tag, fix):
    finding = only(check_tag(tag))
    assert finding.code == "image-tag-invalid"
    assert finding.property == "tag"
    assert finding.given == tag
    assert "1 to 128" in finding.allowed
    assert finding.fix.startswith(fix)


@pytest.mark.parametrize("digest", [DIGEST, "sha256:${Token[TOKEN.1]}", *DEFERRED_TEXTS])
def test_digests(digest):
    assert check_digest(digest) == ()
    assert check_tag_or_digest(digest) == ()


@pytest.mark.parametrize(
    "digest", ["sha256:", DIGEST[:-1], DIGEST + "0", DIGEST.upper(), "sha256:" + "g" * 64, "v1", ""]
)
def test_what_is_no_digest(digest):
    finding = only(check_digest(digest))
    assert finding.code == "image-digest-invalid"
    assert finding.property == "digest"
    assert finding.given == digest
    if is_digest(digest):
        assert only(check_tag_or_digest(digest)).code == "image-digest-invalid"


@pytest.mark.parametrize("value", NOT_TEXTS)
def test_both_are_texts(value):
    assert only(check_tag(value)).given == value
    assert only(check_digest(value)).given == value
    assert only(check_tag_or_digest(value)).given == value


@given(st.text(st.sampled_from("aZ9._-/é \n:"), max_size=6) | LONG)
def test_tags_are_what_the_specification_says(text):
    assert (check_tag(text) == ()) is (re.fullmatch(TAG, text) is not None)


@pytest.mark.parametrize(("text", "tail"), [(None, ""), ("", ""), (DIGEST, f"@{DIGEST}")])
def test_suffixes(text, tail):
    assert suffix(text) == tail
