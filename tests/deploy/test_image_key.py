"""ImageKey: administered by the account, used by ECR alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from botocore import xform_name
from botocore.exceptions import ClientError
from constructs import Construct

from ecr_constructs import ImageKey, SecureRepository
from embedded_aws import Credentials
from embedded_aws.account import Account, Statement

from .accounts import OWNER, REGION, World
from .deployment import Deployment
from .estate import Estate
from .grants import PULL, PUSH, actions
from .judgement import Expected, faults

ALL_OF_KMS: Statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
CREATE: Statement = {"Effect": "Allow", "Action": "ecr:CreateRepository", "Resource": "*"}
USE: Statement = {
    "Effect": "Allow",
    "Action": ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
    "Resource": "*",
}
SYMMETRIC = {"KeySpec": "AES_256"}
PAIR = {"KeyPairSpec": "RSA_2048"}
MESSAGE = {"Message": b"message", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
MAC = {"Message": b"message", "MacAlgorithm": "HMAC_SHA_256"}
TAG = {"TagKey": "team", "TagValue": "shop"}

# In this order each finds the key in a state that it can change. Aliases are left out: they are
# decided on the alias as well.
ADMINISTRATION: Mapping[str, Mapping[str, Any]] = {
    "DescribeKey": {},
    "GetKeyPolicy": {"PolicyName": "default"},
    "ListKeyPolicies": {},
    "ListGrants": {},
    "ListResourceTags": {},
    "TagResource": {"Tags": [TAG]},
    "UntagResource": {"TagKeys": ["team"]},
    "UpdateKeyDescription": {"Description": "changed"},
    "GetKeyRotationStatus": {},
    "DisableKeyRotation": {},
    "EnableKeyRotation": {},
    "RotateKeyOnDemand": {},
    "ListKeyRotations": {},
    "RevokeGrant": {"GrantId": "0" * 64},
    "DisableKey": {},
    "EnableKey": {},
    "ScheduleKeyDeletion": {"PendingWindowInDays": 30},
    "CancelKeyDeletion": {},
}
# Calls that are let in and then find nothing, or nothing that the embedded AWS does.
LET_IN = {
    "RevokeGrant": "NotFoundException",
    "RotateKeyOnDemand": "InvalidAction",
    "ListKeyRotations": "InvalidAction",
}
USES: Mapping[str, Mapping[str, Any]] = {
    "Encrypt": {"Plaintext": b"plain"},
    "GenerateDataKey": SYMMETRIC,
    "GenerateDataKeyWithoutPlaintext": SYMMETRIC,
    "GenerateDataKeyPair": PAIR,
    "GenerateDataKeyPairWithoutPlaintext": PAIR,
    "Decrypt": {"CiphertextBlob": b"cipher"},
    "GenerateMac": MAC,
    "VerifyMac": {**MAC, "Mac": b"mac"},
    "Sign": MESSAGE,
    "Verify": {**MESSAGE, "Signature": b"signature"},
    "GetPublicKey": {},
    "CreateGrant": {"GranteePrincipal": f"arn:aws:iam::{OWNER}:root", "Operations": ["Decrypt"]},
    "RetireGrant": {"GrantId": "0" * 64},
    "ReplicateKey": {"ReplicaRegion": "us-east-1"},
    "UpdatePrimaryRegion": {"PrimaryRegion": "us-east-1"},
    "GetParametersForImport": {
        "WrappingAlgorithm": "RSAES_OAEP_SHA_256",
        "WrappingKeySpec": "RSA_2048",
    },
    "ImportKeyMaterial": {"ImportToken": b"token", "EncryptedKeyMaterial": b"material"},
    "DeleteImportedKeyMaterial": {},
}


@dataclass(frozen=True)
class Key:
    """A key, called with somebody's credentials."""

    account: Account
    arn: str
    credentials: Credentials

    def answer(self, operation: str, parameters: Mapping[str, Any]) -> str:
        """The code of the answer; nothing where it was done."""
        client = self.account.aws.client("kms", self.credentials, region=self.account.region)
        try:
            getattr(client, xform_name(operation))(KeyId=self.arn, **parameters)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    def refused(self, operations: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Those of the operations that IAM refuses."""
        return [
            operation
            for operation, parameters in operations.items()
            if self.answer(operation, parameters) == "AccessDeniedException"
        ]


@pytest.fixture(scope="module")
def deployment(world: World, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    estate = Estate("Keys", tmp_path_factory.mktemp("cdk.out"))
    scope = Construct(estate.owner, "Encrypted")
    key = ImageKey(scope, "Key", alias="alias/images")
    estate.note(("key",), key.key)
    repository = SecureRepository(scope, "Repository", encryption_key=key.key)
    estate.note(("encrypted",), repository)
    role = iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal())
    estate.note(("role",), role)
    repository.grant_pull_push(role)
    return Deployment.of(estate, world)


@pytest.fixture(scope="module")
def arn(deployment: Deployment) -> str:
    return f"arn:aws:kms:{REGION}:{OWNER}:key/{deployment.physical_ids['key',]}"


def test_cloudformation_makes_a_repository_with_it(deployment: Deployment, arn: str) -> None:
    ecr = deployment.owner.client("ecr")
    name = deployment.physical_ids["encrypted",]
    (found,) = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": arn}


def test_who_pulls_and_pushes_needs_nothing_of_the_key(deployment: Deployment) -> None:
    expected = Expected(deployment.role("role"), actions(*PULL, *PUSH), token=True)
    found = faults(deployment, expected, deployment.target("encrypted"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "statements", "missing"),
    [
        ("maker", [CREATE, USE], None),
        ("all-of-kms-maker", [CREATE, ALL_OF_KMS], None),
        ("no-kms", [CREATE], "kms:DescribeKey"),
        (
            "no-grants",
            [CREATE, {**USE, "Action": ["kms:DescribeKey", "kms:RetireGrant"]}],
            "kms:CreateGrant",
        ),
        (
            "encrypts",
            [CREATE, {**USE, "Action": ["kms:Decrypt", "kms:GenerateDataKey"]}],
            "kms:DescribeKey",
        ),
    ],
)
def test_who_makes_a_repository_lets_ecr_use_it(
    deployment: Deployment, arn: str, name: str, statements: list[Statement], missing: str | None
) -> None:
    maker = deployment.owner.aws.client("ecr", deployment.owner.role(name, statements))
    encryption = {"encryptionType": "KMS", "kmsKey": arn}
    if missing is None:
        maker.create_repository(repositoryName=name, encryptionConfiguration=encryption)
    else:
        with pytest.raises(ClientError, match=f"not authorized to perform: {missing} "):
            maker.create_repository(repositoryName=name, encryptionConfiguration=encryption)


def test_all_of_kms_administers_it_and_does_not_use_it(deployment: Deployment, arn: str) -> None:
    owner = deployment.owner
    key = Key(owner, arn, owner.role("all-of-kms", [ALL_OF_KMS]))
    for operation, parameters in ADMINISTRATION.items():
        assert key.answer(operation, parameters) == LET_IN.get(operation, ""), operation
    assert key.answer("EnableKey", {}) == ""
    assert key.refused(USES) == list(USES)


def test_the_policy_can_be_changed_and_says_so(deployment: Deployment, arn: str) -> None:
    """Administration includes the key's policy: whoever has it can give themselves the rest."""
    owner = deployment.owner
    key = Key(owner, arn, owner.role("policy", [ALL_OF_KMS]))
    before = owner.client("kms").get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    document = json.loads(before)
    wider: Statement = {
        "Effect": "Allow",
        "Principal": {"AWS": owner.root_arn},
        "Action": "kms:Encrypt",
        "Resource": "*",
    }
    changed = json.dumps({**document, "Statement": [*document["Statement"], wider]})
    assert key.answer("PutKeyPolicy", {"PolicyName": "default", "Policy": changed}) == ""
    assert key.answer("Encrypt", USES["Encrypt"]) == ""
    assert key.answer("PutKeyPolicy", {"PolicyName": "default", "Policy": before}) == ""
    assert key.answer("Encrypt", USES["Encrypt"]) == "AccessDeniedException"


def test_who_has_nothing_of_kms_does_nothing_with_it(deployment: Deployment, arn: str) -> None:
    """The key's policy hands its administration to the identity policies of the account."""
    everything = {**ADMINISTRATION, **USES}
    key = Key(deployment.owner, arn, deployment.owner.role("nothing-of-kms"))
    assert key.refused(everything) == list(everything)


def test_a_key_of_another_account(deployment: Deployment) -> None:
    """Its owner adds what the library prints; without that it cannot be used."""
    owner, other = deployment.owner, deployment.world.other
    maker = owner.aws.client("ecr", owner.role("maker-over-accounts", [CREATE, USE]))
    administration: Statement = {
        "Effect": "Allow",
        "Principal": {"AWS": other.root_arn},
        "Action": "kms:*",
        "Resource": "*",
    }
    printed = ImageKey.statements_for(account=OWNER, region=REGION)
    for name, statements, works in (("without", [], False), ("with", printed, True)):
        document = {"Version": "2012-10-17", "Statement": [administration, *statements]}
        key = other.client("kms").create_key(Policy=json.dumps(document))["KeyMetadata"]["Arn"]
        encryption = {"encryptionType": "KMS", "kmsKey": key}
        made = {"repositoryName": f"foreign-key-{name}", "encryptionConfiguration": encryption}
        if works:
            maker.create_repository(**made)
        else:
            with pytest.raises(ClientError, match="not authorized to perform: kms:DescribeKey "):
                maker.create_repository(**made)
