"""What a template may set for a registry by CloudFormation's schema and ECR refuses: samples."""

from __future__ import annotations

from tests.model.registry.effective.settings import (
    cache_rule,
    replication,
    scanning,
    signing,
    template,
)

ACCOUNT, REGION = "111111111111", "eu-west-1"
PROFILE = f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/shop"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/hub-a1B2c3"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cache"
THEIRS = "222222222222.dkr.ecr.eu-west-1.amazonaws.com"
ANYWHERE = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"


def policy(*statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return ("AWS::ECR::RegistryPolicy", {"PolicyText": document})


def allow(*actions, **more):
    """A statement; None leaves an element out."""
    written = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": list(actions) or ["ecr:ReplicateImage"],
        "Resource": ANYWHERE,
        **more,
    }
    return {element: value for element, value in written.items() if value is not None}


def cached(prefix, url, **more):
    return ("AWS::ECR::PullThroughCacheRule", {**cache_rule(prefix, url)[1], **more})


def excluded(arn):
    return ("AWS::ECR::PullTimeUpdateExclusion", {"PrincipalArn": arn})


def destinations(number):
    return [(f"{count:012}", "eu-central-1") for count in range(1, number + 1)]


KMS = {"EncryptionConfiguration": {"EncryptionType": "KMS"}, "CustomRoleArn": ROLE}
REFUSED = {
    "scanning-basic-continuous": [scanning("BASIC", continuous=["prod"])],
    "scanning-frequency-twice": [
        (
            "AWS::ECR::RegistryScanningConfiguration",
            {
                "ScanType": "BASIC",
                "Rules": scanning("BASIC", on_push=["a"])[1]["Rules"]
                + scanning("BASIC", on_push=["b"])[1]["Rules"],
            },
        )
    ],
    "scanning-nothing": [scanning("ENHANCED")],
    "scanning-filters-invalid": [scanning("ENHANCED", continuous=[])],
    "replication-own-registry": [replication(([(ACCOUNT, REGION)], None))],
    "replication-destination-twice": [replication((destinations(1) * 2, None))],
    "replication-destinations-number": [replication((destinations(26), None))],
    "replication-partition": [replication(([(ACCOUNT, "cn-north-1")], None))],
    "replication-rules-number": [replication()],
    "replication-filters-invalid": [replication((destinations(1), []))],
    "signing-rules-number": [signing(*[("shop", [f"shop/{number}"]) for number in range(11)])],
    "signing-profile-region": [
        (
            "AWS::ECR::SigningConfiguration",
            {"Rules": [{"SigningProfileArn": PROFILE.replace(REGION, "eu-central-1")}]},
        )
    ],
    "pull-time-exclusion-role-invalid": [excluded(f"arn:aws:iam::{ACCOUNT}:user/somebody")],
    "registry-policy-resource-missing": [policy(allow(Resource=None))],
    "registry-policy-resource": [policy(allow(Resource=ANYWHERE.replace(ACCOUNT, "2" * 12)))],
    "registry-policy-token": [policy(allow("ecr:GetAuthorizationToken", Resource="*"))],
    "registry-policy-action-without-effect": [policy(allow("ecr:DescribeRegistry"))],
    "registry-policy-sid": [policy(allow(Sid="not one word"))],
    "registry-policy-sid-twice": [
        policy(allow(Sid="One"), allow("ecr:CreateRepository", Sid="One"))
    ],
    "registry-policy-too-long": [
        policy(
            allow(Principal={"AWS": [f"arn:aws:iam::{each:012}:root" for each in range(1, 400)]})
        )
    ],
    "policy-taken-back": [policy(allow(), {**allow("ecr:*"), "Effect": "Deny"})],
    "pull-through-credential-missing": [cached("hub", "registry-1.docker.io")],
    "pull-through-credential-unused": [cached("quay", "quay.io", CredentialArn=SECRET)],
    "pull-through-credential-elsewhere": [
        cached("hub", "registry-1.docker.io", CredentialArn=SECRET.replace(ACCOUNT, "222222222222"))
    ],
    "pull-through-credential-partial-arn": [
        cached("hub", "registry-1.docker.io", CredentialArn=SECRET.rpartition("-")[0])
    ],
    "pull-through-role-missing": [cached("theirs", THEIRS)],
    "pull-through-role-unused": [cached("quay", "quay.io", CustomRoleArn=ROLE)],
    "pull-through-upstream-mismatch": [
        cached("quay", "quay.io", UpstreamRegistry="docker-hub"),
    ],
    "pull-through-upstream-unknown-url": [cached("mine", "registry.example.com")],
    "pull-through-upstream-prefix-root": [
        cached("ROOT", THEIRS, CustomRoleArn=ROLE, UpstreamRepositoryPrefix="prod")
    ],
    "pull-through-own-registry": [
        cached("mine", f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"),
    ],
    "pull-through-prefix-nested": [
        cached("quay", "quay.io"),
        cached("quay/k8s", "registry.k8s.io"),
    ],
    "pull-through-too-many": [cached(f"quay{number}", "quay.io") for number in range(51)],
    "creation-template-role-missing": [
        template("prod", ResourceTags=[{"Key": "team", "Value": "shop"}])
    ],
    "creation-template-role-invalid": [
        template("prod", CustomRoleArn=ROLE.replace(ACCOUNT, "222222222222"))
    ],
    "registry-resource-twice": [scanning("BASIC", on_push=["a"]), scanning("BASIC", on_push=["b"])],
}
"""By the code of what is refused: resources of one registry."""

TAKEN = {
    "RegistryScanningConfiguration": [scanning("ENHANCED", continuous=["prod"], on_push=["b"])],
    "ReplicationConfiguration": [replication((destinations(2), ["prod"]), (destinations(1), None))],
    "SigningConfiguration": [signing(("shop", ["prod/*"]), ("shop", None))],
    "PullTimeUpdateExclusion": [excluded(ROLE), excluded(f"{ROLE}-two")],
    "RegistryPolicy": [policy(allow(), allow("ecr:CreateRepository"))],
    "PullThroughCacheRule": [
        cached("quay", "quay.io", UpstreamRegistry="quay"),
        cached("hub", "registry-1.docker.io", CredentialArn=SECRET),
        cached("theirs", THEIRS, CustomRoleArn=ROLE, UpstreamRepositoryPrefix="prod"),
        cached("mine", f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"),
    ],
    "RepositoryCreationTemplate": [
        template("prod", **KMS),
        template(
            "prod/team",
            CustomRoleArn=ROLE,
            ResourceTags=[{"Key": "team", "Value": ""}],
        ),
    ],
}
"""By type: what nobody refuses."""
