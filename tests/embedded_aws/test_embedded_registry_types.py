"""CloudFormation's registry-wide types, each of them seen through the API and taken away again."""

from __future__ import annotations

import json

import pytest

from embedded_aws.account import Account
from embedded_aws.stack import Stack, Template, resource

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "ecr:BatchGetImage",
        }
    ],
}


@pytest.fixture
def stack(account: Account) -> Stack:
    return Stack(account)


def test_the_registry_wide_types(account: Account, stack: Stack) -> None:
    profile = f"arn:aws:signer:eu-west-1:{account.id}:/signing-profiles/shop"
    ours = {
        "Policy": resource("AWS::ECR::RegistryPolicy", {"PolicyText": POLICY}),
        "Scanning": resource(
            "AWS::ECR::RegistryScanningConfiguration",
            {
                "ScanType": "ENHANCED",
                "Rules": [
                    {
                        "ScanFrequency": "CONTINUOUS_SCAN",
                        "RepositoryFilters": [{"Filter": "shop", "FilterType": "WILDCARD"}],
                    }
                ],
            },
        ),
        "Replication": resource(
            "AWS::ECR::ReplicationConfiguration",
            {
                "ReplicationConfiguration": {
                    "Rules": [{"Destinations": [{"Region": "eu-west-2", "RegistryId": account.id}]}]
                }
            },
        ),
        "Signing": resource(
            "AWS::ECR::SigningConfiguration",
            {
                "Rules": [
                    {
                        "SigningProfileArn": profile,
                        "RepositoryFilters": [{"Filter": "shop/*", "FilterType": "WILDCARD_MATCH"}],
                    }
                ]
            },
        ),
        "Cache": resource(
            "AWS::ECR::PullThroughCacheRule",
            {"EcrRepositoryPrefix": "quay", "UpstreamRegistryUrl": "quay.io"},
        ),
        "Template": resource(
            "AWS::ECR::RepositoryCreationTemplate",
            {
                "Prefix": "quay",
                "AppliedFor": ["PULL_THROUGH_CACHE"],
                "ResourceTags": [{"Key": "team", "Value": "shop"}],
            },
        ),
        "Exclusion": resource(
            "AWS::ECR::PullTimeUpdateExclusion",
            {"PrincipalArn": f"arn:aws:iam::{account.id}:role/scanner"},
        ),
        "Provider": resource(
            "AWS::IAM::OIDCProvider",
            {
                "Url": "https://token.actions.githubusercontent.com",
                "ClientIdList": ["sts.amazonaws.com"],
            },
        ),
    }
    assert stack.create(**ours) == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
    ecr = account.client("ecr")
    assert json.loads(ecr.get_registry_policy()["policyText"]) == POLICY
    scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    assert scanning["scanType"] == "ENHANCED"
    assert scanning["rules"][0]["repositoryFilters"][0]["filter"] == "shop"
    replication = ecr.describe_registry()["replicationConfiguration"]
    assert replication["rules"][0]["destinations"][0]["region"] == "eu-west-2"
    signing = ecr.get_signing_configuration()["signingConfiguration"]
    assert signing["rules"][0]["signingProfileArn"] == profile
    (rule,) = ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]
    assert rule["ecrRepositoryPrefix"] == "quay"
    (template,) = ecr.describe_repository_creation_templates()["repositoryCreationTemplates"]
    assert template["resourceTags"] == [{"Key": "team", "Value": "shop"}]
    (exclusion,) = ecr.list_pull_time_update_exclusions()["pullTimeUpdateExclusions"]
    assert exclusion.endswith(":role/scanner")
    providers = account.client("iam").list_open_id_connect_providers()
    assert len(providers["OpenIDConnectProviderList"]) == 1
    stack.delete()
    with pytest.raises(ecr.exceptions.RegistryPolicyNotFoundException):
        ecr.get_registry_policy()
    with pytest.raises(ecr.exceptions.SigningConfigurationNotFoundException):
        ecr.get_signing_configuration()
    assert ecr.get_registry_scanning_configuration()["scanningConfiguration"]["rules"] == []
    assert ecr.describe_registry()["replicationConfiguration"]["rules"] == []
    assert ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"] == []
    assert ecr.describe_repository_creation_templates()["repositoryCreationTemplates"] == []
    assert ecr.list_pull_time_update_exclusions()["pullTimeUpdateExclusions"] == []


def test_an_issuer_has_one_provider_in_an_account(account: Account, stack: Stack) -> None:
    issuer = "https://token.actions.githubusercontent.com"
    iam = account.client("iam")
    iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    second = resource("AWS::IAM::OIDCProvider", {"Url": issuer})
    assert stack.create(Provider=second) == "ROLLBACK_COMPLETE"
    (reason,) = stack.reasons("CREATE_FAILED")
    assert "already exists" in reason
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1


def blob_mounting(*allowed: str) -> dict[str, Template]:
    """What CDK writes for a call of the API: a function, its role, and the call."""
    put = {"service": "ECR", "action": "putAccountSetting"}
    setting = {"name": "BLOB_MOUNTING"}
    calls = {
        moment: json.dumps(
            {
                **put,
                "parameters": {**setting, "value": value},
                "physicalResourceId": {"id": "BLOB_MOUNTING"},
            }
        )
        for moment, value in (("Create", "ENABLED"), ("Update", "ENABLED"), ("Delete", "DISABLED"))
    }
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policies = [
        {
            "PolicyName": "calls",
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": list(allowed), "Resource": "*"}],
            },
        }
    ]
    return {
        "Role": resource(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "Policies": policies,
            },
        ),
        "Function": resource(
            "AWS::Lambda::Function",
            {
                "Code": {"ZipFile": "exports.handler = () => {}"},
                "Handler": "index.handler",
                "Runtime": "nodejs22.x",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        ),
        "Mounting": resource(
            "Custom::AWS",
            {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, **calls},
        ),
    }


def test_a_call_of_the_api_has_the_rights_of_its_function(account: Account, stack: Stack) -> None:
    ecr = account.client("ecr")
    refused = blob_mounting("ecr:GetAccountSetting")
    assert stack.create(**refused) == "ROLLBACK_COMPLETE"
    (reason,) = [each for each in stack.reasons("CREATE_FAILED") if "authorized" in each]
    assert "not authorized to perform: ecr:PutAccountSetting" in reason
    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "DISABLED"
    stack.delete()
    assert stack.create(**blob_mounting("ecr:PutAccountSetting")) == "CREATE_COMPLETE"
    assert stack.resources()["Mounting"] == "BLOB_MOUNTING"
    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "ENABLED"
    stack.delete()
    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "DISABLED"
