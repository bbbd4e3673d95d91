import pytest

from ecr_constructs.model.repository.encryption import (
    Encryption,
    check_encryption,
    encryption_type,
)

from ..answers import DEFERRED_TEXTS, codes, only

KEY = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"
GOV_KEY = KEY.replace(":aws:", ":aws-us-gov:").replace("eu-west-1", "us-gov-west-1")


@pytest.mark.parametrize(
    ("encryption", "has_key", "expected"),
    [
        (None, False, "AES256"),
        (None, True, "KMS"),
        (Encryption.AES_256, False, "AES256"),
        (Encryption.KMS, False, "KMS"),
        (Encryption.KMS, True, "KMS"),
        (Encryption.KMS_DSSE, True, "KMS_DSSE"),
        (Encryption.AS_DEPLOYED, False, None),
    ],
)
def test_the_type_in_the_template(encryption, has_key, expected):
    assert encryption_type(encryption, has_key=has_key) == expected
    assert check_encryption(encryption, has_key=has_key) == ()


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1", None, *DEFERRED_TEXTS])
def test_dual_layer_where_it_may_be(region):
    assert check_encryption(Encryption.KMS_DSSE, has_key=False, region=region) == ()


@pytest.mark.parametrize("region", ["eu-west-1", "cn-north-1", "us-east-1"])
def test_dual_layer_where_it_is_not(region):
    finding = only(check_encryption(Encryption.KMS_DSSE, has_key=False, region=region))
    assert finding.code == "encryption-dual-layer-region"
    assert finding.property == "encryption"
    assert region in finding.message
    assert check_encryption(Encryption.KMS, has_key=False, region=region) == ()


@pytest.mark.parametrize("encryption", [Encryption.AES_256, Encryption.AS_DEPLOYED])
def test_a_key_that_nothing_uses(encryption):
    finding = only(check_encryption(encryption, has_key=True, key_arn=KEY))
    assert finding.code == "encryption-key-unused"
    assert finding.property == "encryption_key"
    assert finding.given == KEY
    # Both ways out that the fix names.
    assert check_encryption(None, has_key=True, key_arn=KEY) == ()
    assert check_encryption(encryption, has_key=False) == ()


@pytest.mark.parametrize(
    "key",
    [KEY, KEY.replace("key/", "alias/"), GOV_KEY, KEY.replace("key/", "key/mrk-"), *DEFERRED_TEXTS],
)
def test_keys(key):
    region = "us-gov-west-1" if key == GOV_KEY else "eu-west-1"
    assert check_encryption(None, has_key=True, key_arn=key, region=region) == ()
    assert check_encryption(None, has_key=True, key_arn=key) == ()


def test_a_key_of_another_region():
    finding = only(check_encryption(None, has_key=True, key_arn=KEY, region="eu-north-1"))
    assert finding.code == "encryption-key-region"
    assert "eu-west-1" in finding.message
    assert finding.fix.endswith("in eu-north-1")
    moved = KEY.replace("eu-west-1", "eu-north-1")
    assert check_encryption(None, has_key=True, key_arn=moved, region="eu-north-1") == ()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "alias/images",
        "11111111-2222-3333-4444-555555555555",
        KEY.replace("kms", "s3"),
        KEY.replace("111111111111", "1"),
        KEY.replace("111111111111", "\u0661" * 12),
        KEY.replace("key/", "grant/"),
    ],
)
def test_what_is_no_key(key):
    finding = only(check_encryption(None, has_key=True, key_arn=key, region="eu-west-1"))
    assert finding.code == "encryption-key-invalid"
    assert finding.given == key


@pytest.mark.parametrize("encryption", ["KMS", "AES256", True, 1, object()])
def test_a_kind_is_a_member(encryption):
    finding = only(check_encryption(encryption, has_key=False))
    assert finding.code == "encryption-invalid"
    assert type(encryption).__name__ in finding.message
    assert all(f"Encryption.{kind.name}" in finding.allowed for kind in Encryption)


def test_every_fault_is_told():
    found = check_encryption(Encryption.AES_256, has_key=True, key_arn=KEY, region="eu-north-1")
    assert codes(found) == ["encryption-key-region", "encryption-key-unused"]
