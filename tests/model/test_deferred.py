import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.deferred import ARN_PART, flatten, is_deferred, masked

from .answers import DEFERRED_TEXTS, LIST_TOKEN, NUMBER_TOKEN

ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "Id"}, ":root"]]}


@pytest.mark.parametrize("value", [*DEFERRED_TEXTS, LIST_TOKEN, NUMBER_TOKEN])
def test_what_cdk_and_templates_write_is_deferred(value):
    assert is_deferred(value)


@pytest.mark.parametrize("value", ["", "$", "{Token}", "$ {x}", 0, -1, 1e300, True, None, [], {}])
def test_plain_values_are_not(value):
    assert not is_deferred(value)


def test_tokens_of_cdk_are_recognised():
    cdk = pytest.importorskip("aws_cdk")
    assert is_deferred(cdk.Token.as_string({"Ref": "Name"}))
    assert is_deferred(cdk.Token.as_number({"Ref": "Days"}))
    assert is_deferred(cdk.Token.as_list({"Ref": "Names"})[0])
    assert is_deferred(cdk.Aws.ACCOUNT_ID)


@pytest.mark.parametrize(
    ("intrinsic", "text"),
    [
        ({"Ref": "Name"}, "${Name}"),
        ({"Ref": "AWS::AccountId"}, "${AWS::AccountId}"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "${Key.Arn}"),
        ({"Fn::GetAtt": "Key.Arn"}, "${Key.Arn}"),
        (ROOT, "arn:${AWS::Partition}:iam::${Id}:root"),
        ({"Fn::Join": ["-", ["a", {"Fn::GetAtt": ["B", "C"]}]]}, "a-${B.C}"),
        ({"Fn::Sub": "shop/${Stage}"}, "shop/${Stage}"),
        ({"Fn::Sub": ["shop/${Stage}", {"Stage": "x"}]}, "shop/${Stage}"),
        ({"Fn::ImportValue": "Other"}, "${Fn::ImportValue}"),
        ({"Fn::If": ["Flag", "a", "b"]}, "${Fn::If}"),
        # Not what CloudFormation takes; a reader of templates must not break on it.
        ({"Fn::Join": ["", ["a"], "b"]}, "${Fn::Join}"),
        ({"Fn::Join": ["", {"Ref": "List"}]}, "${Fn::Join}"),
        ({"Fn::Sub": []}, "${Fn::Sub}"),
    ],
)
def test_an_intrinsic_becomes_text(intrinsic, text):
    assert flatten(intrinsic) == text
    assert flatten({"Principal": {"AWS": [intrinsic]}}) == {"Principal": {"AWS": [text]}}


@pytest.mark.parametrize("value", [{}, {"Ref": "a", "b": 1}, {"Reference": "a"}, "text", 7, None])
def test_what_is_no_intrinsic_stays(value):
    assert flatten(value) == value


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", "Cc"]), inner),
    max_leaves=8,
)


@given(PLAIN)
def test_flatten_changes_nothing_plain(value):
    assert flatten(value) == value


@given(st.lists(st.sampled_from(["a", ":", "${AWS::Region}", "${Token[T.1]}", "-"])))
def test_a_mask_leaves_what_stands_around(parts):
    expected = "".join("x" if part.startswith("$") else part for part in parts)
    assert masked("".join(parts)) == expected


@pytest.mark.parametrize("part", ["aws", "${AWS::Partition}", "${Token[AWS.Partition.3]}", "a${B}"])
def test_one_part_of_an_arn(part):
    assert re.fullmatch(f"arn:({ARN_PART}):iam", f"arn:{part}:iam")[1] == part
