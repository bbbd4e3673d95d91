"""The examples of CI systems, shares, assets and private subnets are deployed as they stand."""

from __future__ import annotations

import json

import pytest

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack
from tests.examples.synthesis import GOLDENS

from .estate import REGION, SECONDS

EXAMPLES = (
    "ci/github_pull",
    "ci/gitlab_push",
    "ci/oidc_any_issuer",
    "sharing/image_assets",
    "sharing/private_subnets",
    "sharing/published_images",
    "sharing/share_with_accounts",
    "sharing/share_with_organization",
)
# The stacks of one example that another one reads from come first.
FIRST = ("Images.template.json",)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_deployed_with_everything_in_it(
    embedded_aws: EmbeddedAws, example: str
) -> None:
    # Names of repositories and roles are written out: each example has an account of its own.
    account = Account(embedded_aws, f"77{EXAMPLES.index(example):010d}", REGION)
    goldens = sorted((GOLDENS / example).iterdir())
    assert goldens
    for golden in sorted(goldens, key=lambda file: file.name not in FIRST):
        template = json.loads(_without_attributes_of_vpcs(golden.read_text(encoding="utf-8")))
        stack = Stack(account, golden.name.partition(".")[0], seconds=SECONDS)
        assert stack.deploy(template) == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
        assert set(stack.resources()) == set(template["Resources"])


def _without_attributes_of_vpcs(text: str) -> str:
    """The template with the value of ``Vpc.CidrBlock``, which the embedded AWS does not answer."""
    resources = json.loads(text)["Resources"]
    plain = json.dumps(json.loads(text))
    for logical_id, made in resources.items():
        if made["Type"] == "AWS::EC2::VPC":
            asked = json.dumps({"Fn::GetAtt": [logical_id, "CidrBlock"]})
            assert asked in plain
            plain = plain.replace(asked, json.dumps(made["Properties"]["CidrBlock"]))
    return plain
