"""Keys that go, and the images of an app under them."""

from __future__ import annotations

import pytest

from ecr_constructs.report.check.keys import check_keys

from .apps import source
from .rules import KEPT, either, found, located, messages, resource

ARN = {"Fn::GetAtt": ["Key", "Arn"]}
LOST = [("Key", "key-not-retained")]


def key(attributes=None, **properties):
    return resource("AWS::KMS::Key", properties, **(attributes or {}))


def repository(by=ARN, kind="KMS", attributes=KEPT, **more):
    encryption = {"EncryptionType": kind, "KmsKey": by}
    properties = {"EncryptionConfiguration": encryption, **more}
    return resource("AWS::ECR::Repository", properties, **attributes)


def said(of_key, *repositories, **others):
    named = {f"Api{number}": each for number, each in enumerate(repositories)}
    return found(check_keys, {"Key": of_key, **named, **others})


@pytest.mark.parametrize(
    ("of_key", "codes"),
    [
        (key(KEPT), []),
        (key(), ["key-not-retained"]),
        (key({"DeletionPolicy": "Delete"}), ["key-not-retained"]),
        (key({"DeletionPolicy": "RetainExceptOnCreate"}), []),
        (key({"DeletionPolicy": {"Ref": "Stage"}}), []),
        (key({"DeletionPolicy": either("Delete", "Retain")}), []),
        (key(KEPT, Enabled=True), []),
        (key(KEPT, Enabled=False), ["key-disabled"]),
        (key(KEPT, Enabled="false"), ["key-disabled"]),
        (key(KEPT, Enabled={"Ref": "Stage"}), []),
        (key(KEPT, Enabled=either(False, True)), []),
        (key(Enabled=False), ["key-disabled", "key-not-retained"]),
        (key({"DeletionPolicy": 7}, Enabled=[]), []),
    ],
)
def test_what_a_key_does_to_the_images_under_it(of_key, codes):
    assert said(of_key, repository()) == [("Key", code) for code in codes]


SUB = {"Fn::Sub": "arn:aws:kms:eu-west-1:111111111111:key/${Key}"}


@pytest.mark.parametrize(
    ("by", "kind", "same"),
    [
        (ARN, "KMS_DSSE", True),
        ({"Ref": "Key"}, "KMS", True),
        ({"Fn::GetAtt": "Key.KeyId"}, "KMS", True),
        (SUB, "KMS", True),
        (ARN, "AES256", False),
        (ARN, {"Ref": "Stage"}, False),
        (either(ARN, "another"), "KMS", False),
        ({"Ref": "Stage"}, "KMS", False),
        (["Key"], "KMS", False),
        ("arn:aws:kms:eu-west-1:111111111111:key/another", "KMS", False),
    ],
)
def test_the_key_that_a_repository_names(by, kind, same):
    assert said(key(), repository(by, kind)) == LOST * same


@pytest.mark.parametrize(
    "by",
    [
        {"Ref": "Name"},
        "alias/images",
        "arn:aws:kms:eu-west-1:111111111111:alias/images",
        {"Fn::Sub": "arn:aws:kms:eu-west-1:111111111111:${Name}"},
    ],
)
def test_a_key_by_its_alias(by):
    named = {"AliasName": "alias/images", "TargetKeyId": {"Ref": "Key"}}
    assert said(key(), repository(by), Name=resource("AWS::KMS::Alias", named)) == LOST


def test_a_key_without_repositories_is_none_of_ours():
    assert said(key()) == []
    assert said(key(), resource("AWS::ECR::Repository")) == []


def test_a_creation_template_makes_repositories_under_a_key():
    encryption = {"EncryptionType": "KMS", "KmsKey": ARN}
    template = resource(
        "AWS::ECR::RepositoryCreationTemplate", {"EncryptionConfiguration": encryption}
    )
    assert said(key(), Template=template) == LOST


def test_images_that_go_with_their_stack_anyway_need_no_key():
    emptied = repository(attributes={}, EmptyOnDelete=True)
    assert said(key(), emptied) == []
    assert said(key(Enabled=False), emptied) == [("Key", "key-disabled")]
    (text,) = messages(check_keys, {"Key": key(), "Gone": emptied, "Stays": repository()})
    assert "the key of Stays with" in text


def test_the_key_of_another_stack_is_found_there():
    home = source(
        {"Key": key()},
        stack="Keys",
        template={"Outputs": {"Arn": {"Value": ARN, "Export": {"Name": "Keys:Arn"}}}},
    )
    there = source({"Api": repository({"Fn::ImportValue": "Keys:Arn"})}, stack="Shop")
    (found_there,) = located(check_keys, home, there)
    assert found_there.resource.stack.source.stack == "Keys"


def test_of_many_repositories_a_few_are_named():
    (text,) = messages(check_keys, {"Key": key(), **{f"R{n}": repository() for n in range(5)}})
    assert "the key of R0, R1, R2 and 2 more with" in text
