"""Customer keys: a repository is made by who can let ECR use its key, and by nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws import Credentials
from embedded_aws.account import Account, Statement, policy_document

USE = ["kms:DescribeKey", "kms:CreateGrant", "kms:RetireGrant"]


def administration(account: Account) -> Statement:
    principal = {"AWS": account.root_arn}
    return {"Effect": "Allow", "Principal": principal, "Action": "kms:Put*", "Resource": "*"}


def use(account: Account, via: str = "ecr.eu-west-1.amazonaws.com") -> Statement:
    condition = {"StringEquals": {"kms:ViaService": via, "kms:CallerAccount": account.id}}
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": USE,
        "Resource": "*",
        "Condition": condition,
    }


def create_key(owner: Account, *statements: Statement) -> str:
    policy = policy_document([administration(owner), *statements])
    key = owner.client("kms").create_key(Policy=policy)["KeyMetadata"]
    return str(key["Arn"])


def maker(account: Account, *more: Statement) -> Credentials:
    create = {"Effect": "Allow", "Action": "ecr:CreateRepository", "Resource": "*"}
    return account.role("maker", [create, *more])


def create_repository(account: Account, credentials: Credentials, key: str) -> Mapping[str, Any]:
    encryption = {"encryptionType": "KMS", "kmsKey": key}
    created: Mapping[str, Any] = account.aws.client("ecr", credentials).create_repository(
        repositoryName="shop/api", encryptionConfiguration=encryption
    )["repository"]
    return created


def refusal(account: Account, credentials: Credentials, key: str) -> str:
    with pytest.raises(ClientError) as caught:
        create_repository(account, credentials, key)
    assert caught.value.response["Error"]["Code"] == "KmsException"
    assert account.client("ecr").describe_repositories()["repositories"] == []
    return str(caught.value.response["Error"]["Message"])


def test_a_key_for_ecr(account: Account) -> None:
    key = create_key(account, use(account))
    created = create_repository(account, maker(account), key)
    assert created["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}


def test_the_key_says_no(account: Account) -> None:
    key = create_key(account)
    everything = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    said = refusal(account, maker(account, everything), key)
    assert said.endswith(f"is not authorized to perform: kms:DescribeKey on resource: {key}")


def test_a_key_for_another_service(account: Account) -> None:
    key = create_key(account, use(account, "s3.eu-west-1.amazonaws.com"))
    assert "kms:DescribeKey" in refusal(account, maker(account), key)


def test_the_key_cannot_be_used_directly(account: Account) -> None:
    key = create_key(account, use(account))
    everything = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    kms = account.aws.client("kms", maker(account, everything))
    for call, given in (
        (kms.describe_key, {}),
        (kms.encrypt, {"Plaintext": b"x"}),
        (kms.generate_data_key, {"KeySpec": "AES_256"}),
    ):
        with pytest.raises(ClientError, match="not authorized"):
            call(KeyId=key, **given)


def test_a_key_of_another_account_needs_both_sides(
    account: Account, other_account: Account
) -> None:
    key = create_key(other_account, use(account))
    granted = {"Effect": "Allow", "Action": USE, "Resource": key}
    without = account.role(
        "without", [{**granted, "Action": ["ecr:CreateRepository"], "Resource": "*"}]
    )
    assert "kms:DescribeKey" in refusal(account, without, key)
    create_repository(account, maker(account, granted), key)


def test_a_key_that_is_not_there_or_off(account: Account) -> None:
    gone = f"arn:aws:kms:eu-west-1:{account.id}:key/00000000-0000-0000-0000-000000000000"
    assert refusal(account, account.root, gone) == f"Invalid or disabled KMS key: {gone}"
    key = create_key(account, use(account))
    kms = account.client("kms")
    policy = policy_document([{**administration(account), "Action": "kms:*"}, use(account)])
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    kms.disable_key(KeyId=key)
    assert refusal(account, account.root, key) == f"Invalid or disabled KMS key: {key}"
