"""The template of `cdk bootstrap` that the checkout has, hardened."""

import copy
import json
from pathlib import Path

import pytest
import yaml

from ecr_constructs import InvalidInputError, hardened_bootstrap_template
from ecr_constructs.model.deferred import flatten
from ecr_constructs.model.iam.evaluator import (
    Outcome,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
)
from ecr_constructs.model.repository.policy.document import check_repository_statement

CLI = Path(__file__).parents[3] / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap"
OTHER = "222222222222"
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/cdk-hnb659fds-container-assets"
FULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def template():
    return yaml.safe_load((CLI / "bootstrap-template.yaml").read_text(encoding="utf-8"))


def repository_of(template):
    return template["Resources"]["ContainerAssetsRepository"]["Properties"]


def policy_of(template):
    text = json.dumps(flatten(repository_of(template)["RepositoryPolicyText"]))
    for name, value in {"Partition": "aws", "Region": "eu-west-1", "AccountId": "1" * 12}.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    return json.loads(text)


def pulls(template, principal, **context):
    policies = PolicySet(
        identity=(compile_policy(FULL, PolicyKind.IDENTITY),),
        repository=compile_policy(policy_of(template), PolicyKind.REPOSITORY),
    )
    return {
        action
        for action in (*PULL, "ecr:PutImage", "ecr:DescribeImages")
        if evaluate(
            Request(
                principal=Principal.parse(principal), action=action, resource=ARN, context=context
            ),
            policies,
        ).decision
        is Outcome.ALLOW
    }


def test_nothing_but_the_repository_and_the_variant_changes(template):
    before = copy.deepcopy(template)
    made = hardened_bootstrap_template(template)
    assert template == before
    made["Resources"]["ContainerAssetsRepository"] = before["Resources"][
        "ContainerAssetsRepository"
    ]
    variant = made["Parameters"]["BootstrapVariant"]
    assert variant["Default"] != before["Parameters"]["BootstrapVariant"]["Default"]
    variant["Default"] = before["Parameters"]["BootstrapVariant"]["Default"]
    assert made == before


def test_the_repository_scans_and_keeps_what_it_had(template):
    made = repository_of(hardened_bootstrap_template(template))
    before = repository_of(template)
    assert "ImageScanningConfiguration" not in before
    assert made["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert made["ImageTagMutability"] == before["ImageTagMutability"] == "IMMUTABLE"
    assert made["LifecyclePolicy"] == before["LifecyclePolicy"]
    assert made["RepositoryName"] == before["RepositoryName"]


def test_images_without_a_tag_expire_and_no_others(template):
    made = repository_of(hardened_bootstrap_template(template, expire_untagged_after=14))
    (rule,) = json.loads(made["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countNumber": 14,
        "countUnit": "days",
    }


@pytest.mark.parametrize(
    ("service", "source"),
    [
        ("lambda.amazonaws.com", "arn:aws:lambda:eu-west-1:111111111111:function:x"),
        (
            "emr-serverless.amazonaws.com",
            "arn:aws:emr-serverless:eu-west-1:111111111111:/applications/x",
        ),
    ],
)
def test_a_service_that_is_not_named_loses_its_pull(template, service, source):
    context = {"aws:SourceArn": source, "aws:SourceAccount": "1" * 12}
    stranger = {"aws:SourceArn": source.replace("1" * 12, OTHER)}
    with_it = hardened_bootstrap_template(template, services=[service])
    without = hardened_bootstrap_template(template, services=[], pulled_by=[OTHER])
    assert pulls(with_it, service, **context) >= set(PULL)
    assert pulls(with_it, service, **stranger) == set()
    assert pulls(without, service, **context) == set()


def test_without_a_statement_there_is_no_policy(template):
    assert "RepositoryPolicyText" not in repository_of(
        hardened_bootstrap_template(template, services=[])
    )


def test_statements_that_name_no_service_stay(template):
    changed = copy.deepcopy(template)
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "ecr:DeleteRepository"}
    repository_of(changed)["RepositoryPolicyText"]["Statement"].append(deny)
    made = repository_of(hardened_bootstrap_template(changed, services=[]))
    assert made["RepositoryPolicyText"]["Statement"] == [deny]


def test_named_accounts_pull_and_no_others(template):
    made = hardened_bootstrap_template(template, pulled_by=[OTHER])
    assert pulls(made, f"arn:aws:iam::{OTHER}:role/hosts") == set(PULL)
    assert pulls(made, "arn:aws:iam::333333333333:role/hosts") == set()
    for statement in policy_of(made)["Statement"]:
        assert check_repository_statement(statement) == ()


def test_an_account_that_is_named_twice_has_one_statement(template):
    made = hardened_bootstrap_template(template, pulled_by=[OTHER, "333333333333", OTHER])
    named = [entry["Sid"] for entry in policy_of(made)["Statement"] if "Sid" in entry]
    assert len(named) == len(set(named))
    assert named[-2:] == [f"PullOf{OTHER}", "PullOf333333333333"]


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"scan_on_push": "yes"}, "scan_on_push"),
        ({"expire_untagged_after": 0}, "expire_untagged_after"),
        ({"expire_untagged_after": 366}, "expire_untagged_after"),
        ({"expire_untagged_after": True}, "expire_untagged_after"),
        ({"expire_untagged_after": "14"}, "expire_untagged_after"),
        ({"services": ["ec2.amazonaws.com"]}, "services"),
        ({"services": "lambda.amazonaws.com"}, "services"),
        ({"pulled_by": [int(OTHER)]}, "pulled_by"),
        ({"pulled_by": ["*"]}, "pulled_by"),
        ({"pulled_by": OTHER}, "pulled_by"),
        ({"pulled_by": ["${Token[AWS.AccountId.1]}"]}, "pulled_by"),
    ],
)
def test_bad_options_are_refused(template, options, option):
    with pytest.raises(InvalidInputError, match=rf"{option}: "):
        hardened_bootstrap_template(template, **options)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"Resources": {"ContainerAssetsRepository": {"Type": "AWS::S3::Bucket"}}},
        {"Resources": {"ContainerAssetsRepository": {"Type": "AWS::ECR::Repository"}}},
        [],
        "template",
        None,
    ],
)
def test_another_template_is_refused(other):
    with pytest.raises(InvalidInputError, match="show-template"):
        hardened_bootstrap_template(other)


@pytest.mark.parametrize("missing", ["Parameters", "Resources"])
def test_half_a_template_is_refused(template, missing):
    half = {section: entries for section, entries in template.items() if section != missing}
    with pytest.raises(InvalidInputError, match="show-template"):
        hardened_bootstrap_template(half)
