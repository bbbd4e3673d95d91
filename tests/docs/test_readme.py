"""The README's code runs, and what it says of the library is true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

import ecr_constructs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LINES = [
    line
    for row in re.findall(r"^\| [^|]+ \| (`.+`) \|$", README, re.MULTILINE)
    for line in re.findall(r"`([^`]+)`", row)
]

FLEET = """
version: 1
groups: {shop: {}}
environments: {prod: {account: "111111111111", region: eu-west-1}}
repositories: [{name: shop/api, group: shop}]
"""


@pytest.mark.parametrize("block", BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_a_block_runs(block, tmp_path):
    # In a process of its own, as a user runs it: Node reads where to write when it starts.
    environment = os.environ | {"CDK_OUTDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", block], check=True, cwd=tmp_path, env=environment)
    assert bool(list(tmp_path.glob("*.template.json"))) is ("app.synth()" in block)


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_table_runs(line, tmp_path, monkeypatch):
    if line.startswith("scripts/"):
        assert (ROOT / line).exists()
        return
    homes = {"DSSE": "us-gov-west-1", "PublicRepository": "us-east-1"}
    region = next((home for word, home in homes.items() if word in line), "eu-west-1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.yaml").write_text(FLEET)
    app, account = cdk.App(), "111111111111"
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account=account, region=region))
    names = {name: getattr(ecr_constructs, name) for name in ecr_constructs.__all__}
    api = ecr_constructs.SecureRepository(stack, "Named", repository_name="shop/named")
    names |= {
        "app": app,
        "self": stack,
        "api": api,
        "iam": iam,
        "tokyo": cdk.Stack(
            app, "Tokyo", env=cdk.Environment(account=account, region="ap-northeast-1")
        ),
        "profile": "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/shop",
        "role": iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")),
        "topic": sns.Topic(stack, "Topic"),
        "user": iam.User(stack, "User"),
        "group": iam.Group(stack, "Group"),
        "project": codebuild.PipelineProject(stack, "Project"),
        "log_group": logs.LogGroup(stack, "Log"),
        "vpc": ec2.Vpc(stack, "Vpc", availability_zones=[f"{region}a"]),
    }
    assert eval(line, names) is not None


def test_the_error_that_is_shown_is_the_error(tmp_path):
    (shown,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    stack = cdk.Stack(cdk.App(), "Shop")
    with pytest.raises(ecr_constructs.InvalidInputError) as caught:
        ecr_constructs.SecureRepository(stack, "Api", repository_name="Shop/API")
    assert " ".join(shown.split()) == f"InvalidInputError: {caught.value}"


def test_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_version_is_in_the_changelog():
    assert f"## [{ecr_constructs.__version__}]" in (ROOT / "CHANGELOG.md").read_text()
