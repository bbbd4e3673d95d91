import pytest

from ecr_constructs.model.registry.pull_through.credential import (
    check_credential_arn,
    check_credential_key,
    check_credential_name,
    check_username,
    credential_name,
)

from ...answers import NOT_TEXTS, STRING_TOKEN, only

ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:ecr-pullthroughcache/hub-a1B2c3"


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("docker-hub", "ecr-pullthroughcache/docker-hub"),
        ("acme/hub/", "ecr-pullthroughcache/acme/hub"),
        ("ROOT", "ecr-pullthroughcache/ROOT"),
    ],
)
def test_the_name_of_a_secret_that_is_made(prefix, name):
    assert credential_name(prefix) == name
    assert check_credential_name(name) == ()


@pytest.mark.parametrize("name", [STRING_TOKEN, "${Name}", "ecr-pullthroughcache/${Stage}"])
def test_names_that_are_not_known_yet(name):
    assert check_credential_name(name) == ()


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("hub", "'ecr-pullthroughcache/hub'"),
        ("prod/docker hub", "'ecr-pullthroughcache/docker-hub'"),
        ("ecr-pullthroughcache/", "credential out"),
        ("ecr-pullthroughcache", "'ecr-pullthroughcache/ecr-pullthroughcache'"),
        ("ecr-pullthroughcache/" + "x" * 500, "credential out"),
        ("hub-${Stage}", "'ecr-pullthroughcache/hub-"),
        (None, "credential out"),
    ],
)
def test_names_that_ecr_does_not_read(name, fix):
    finding = only(check_credential_name(name))
    assert finding.code == "pull-through-credential-name"
    assert finding.property == "credential"
    assert fix in finding.fix


@pytest.mark.parametrize(
    "arn",
    [
        ARN,
        STRING_TOKEN,
        "${Secret}",
        ARN.replace("111111111111", "${AWS::AccountId}"),
        ARN.replace(":aws:", ":${AWS::Partition}:"),
    ],
)
def test_secrets(arn):
    assert check_credential_arn(arn, account="111111111111", region="eu-west-1") == ()
    assert check_credential_arn(arn) == ()


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ARN.replace("111111111111", "222222222222"), "pull-through-credential-elsewhere"),
        (ARN.replace("eu-west-1", "us-east-1"), "pull-through-credential-elsewhere"),
        (ARN.replace("-a1B2c3", ""), "pull-through-credential-partial-arn"),
        (ARN.replace("ecr-pullthroughcache/", ""), "pull-through-credential-name"),
        (ARN.replace("secretsmanager", "ssm"), "pull-through-credential-arn"),
        ("", "pull-through-credential-arn"),
        ("ecr-pullthroughcache/hub", "pull-through-credential-arn"),
    ],
)
def test_secrets_that_ecr_refuses(arn, expected):
    finding = only(check_credential_arn(arn, account="111111111111", region="eu-west-1"))
    assert finding.code == expected


@pytest.mark.parametrize("arn", NOT_TEXTS)
def test_what_is_no_arn(arn):
    assert only(check_credential_arn(arn)).code == "pull-through-credential-arn"


def test_the_region_that_is_meant_is_said():
    arn = ARN.replace("111111111111", "222222222222").replace("eu-west-1", "us-east-1")
    finding = only(check_credential_arn(arn, account="111111111111", region="eu-west-1"))
    assert "account 222222222222 in us-east-1" in finding.message
    assert check_credential_arn(arn, account=None, region=None) == ()


def test_no_customer_key():
    assert check_credential_key(None) == ()
    finding = only(check_credential_key("Shop/Key"))
    assert finding.code == "pull-through-credential-key"
    assert finding.given == "Shop/Key"


def test_user_names():
    assert check_username(None) == check_username("acme") == ()
    for name in ("", 7):
        finding = only(check_username(name))
        assert finding.code == "pull-through-username-invalid"
        assert finding.property == "username"
