import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.repository.tags import check_resource_tags

from ..answers import DEFERRED_TEXTS, codes, only

# Letters, numbers and spaces of UTF-8 and _ . : / = + - @; of AWS::ECR::Repository: 50 tags, keys
# of 1 to 127 and values of 1 to 255 characters.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecr-repository-tag.html
FEW = st.text(st.sampled_from("aZ9é漢_.:/=+-@ #*\n\t"), max_size=4)


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"team": "shop"},
        {"k" * 127: "v" * 255},
        {f"key{number}": "v" for number in range(50)},
        {"Straße: 漢字/=+-@_.": "a b\u00a0c ½"},
        {"awsome": "aws:is a value"},
        {token: token for token in DEFERRED_TEXTS},
    ],
)
def test_tags_that_ecr_takes(tags):
    assert check_resource_tags(tags) == ()


@pytest.mark.parametrize(
    ("tags", "message", "given_value"),
    [
        ({"": "v"}, "has a key that AWS does not take", ""),
        ({"k": ""}, "has a value of 'k' that AWS does not take", ""),
        ({"k" * 128: "v"}, "has a key that AWS does not take", "k" * 128),
        ({"k": "v" * 256}, "has a value of 'k' that AWS does not take", "v" * 256),
        ({"k#": "v"}, "has a key that AWS does not take", "k#"),
        ({"k": "a,b"}, "has a value of 'k' that AWS does not take", "a,b"),
        ({"k": "a\nb"}, "has a value of 'k' that AWS does not take", "a\nb"),
        ({"k": "a\tb"}, "has a value of 'k' that AWS does not take", "a\tb"),
        ({"k": 1}, "has a value of 'k' that AWS does not take", 1),
        ({"k": None}, "has a value of 'k' that AWS does not take", None),
        ({1: "v"}, "has a key that AWS does not take", 1),
        ({f"key{number}": "v" for number in range(51)}, "has 51 tags", 51),
        (["a"], "is a list, not a mapping", ["a"]),
        ("a=b", "is a str, not a mapping", "a=b"),
        (None, "is a NoneType, not a mapping", None),
    ],
)
def test_tags_that_ecr_refuses(tags, message, given_value):
    finding = only(check_resource_tags(tags))
    assert finding.code == "resource-tags-invalid"
    assert finding.property == "tags"
    assert finding.message == message
    assert finding.given == given_value


@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("aws:name", "use 'name'"),
        ("AWS:Name", "use 'Name'"),
        ("aws:aws:name", "use 'name'"),
        ("aws:", "use another key"),
    ],
)
def test_the_prefix_of_aws(key, fix):
    finding = only(check_resource_tags({key: "v"}))
    assert finding.message == "has a key of the prefix that AWS keeps for itself"
    assert finding.fix == fix
    suggested = re.fullmatch(r"use '(.*)'", fix)
    if suggested:
        assert check_resource_tags({suggested[1]: "v"}) == ()


def test_every_fault_is_told():
    found = check_resource_tags({"aws:#": "", "b": "\n"})
    assert codes(found) == ["resource-tags-invalid"] * 4


@given(FEW, FEW)
def test_tags_are_what_the_page_says(key, value):
    def legal(text):
        return len(text) >= 1 and re.fullmatch(r"[aZ9é漢 _.:/=+\-@]*", text) is not None

    assert (check_resource_tags({key: value}) == ()) is (legal(key) and legal(value))
