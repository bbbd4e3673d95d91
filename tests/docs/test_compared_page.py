"""What the page that compares says of us and of CDK's own repository is so."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr

from ecr_constructs import SecureRepository
from ecr_constructs.model.lifecycle import explain, parse

from .pages import ROOT, blocks

PAGE = ROOT / "docs" / "compared.md"


def said(heading: str, column: str) -> dict[str, str]:
    """The cells of a column of the table below a heading, by row."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    at = cells[0].index(column)
    return {row[0]: row[at] for row in cells[2:]}


@pytest.fixture(scope="module")
def made() -> dict[str, dict]:
    app = cdk.App()
    stack = cdk.Stack(app, "Stack")
    SecureRepository(stack, "Ours")
    aws_ecr.Repository(stack, "Theirs")
    resources = app.synth().get_stack_by_name("Stack").template["Resources"].items()
    return {
        name: next(body for id_, body in resources if id_.startswith(name))
        for name in ("Ours", "Theirs")
    }


def shown(resource: dict) -> dict[str, str]:
    """The words of the page for a synthesized repository."""
    properties = resource.get("Properties", {})
    policy = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
    rules = json.loads(policy)["rules"] if policy else []
    selections = [rule["selection"] for rule in rules]
    days = [s["countNumber"] for s in selections if s["countType"] == "sinceImagePushed"]
    encryption = properties.get("EncryptionConfiguration", {}).get("EncryptionType")
    scan = properties.get("ImageScanningConfiguration", {}).get("ScanOnPush", False)
    return {
        "tags": properties.get("ImageTagMutability", "MUTABLE").lower(),
        "scan on push": "yes" if scan else "no",
        "encryption": f"{encryption}, said" if encryption else "AES256, ECR's default",
        "lifecycle": f"untagged images go after {days[0]} days" if days else "none",
        "a tagged image can go by it": (
            "no" if {selection["tagStatus"] for selection in selections} <= {"untagged"} else "yes"
        ),
        "taken out of the code": (
            "the repository stays" if resource["DeletionPolicy"] == "Retain" else "deleted"
        ),
        "a policy on it": "none" if "RepositoryPolicyText" not in properties else "one",
    }


@pytest.mark.parametrize(
    ("column", "name"), [("`SecureRepository`", "Ours"), ("`ecr.Repository`", "Theirs")]
)
def test_what_a_repository_without_an_option_has(made, column: str, name: str) -> None:
    assert said("A repository without an option", column) == shown(made[name])


def test_cdk_has_what_the_page_says_it_has() -> None:
    column = said("What each covers", "`aws_cdk.aws_ecr`")
    named = {
        word.strip("`,")
        for cell in column.values()
        for word in cell.split()
        if word.startswith(("`grant_", "`on_"))
    }
    public = {name for name in dir(aws_ecr.Repository) if name.startswith(("grant_", "on_"))}
    assert named == public - {"grant_pull_push", "on_cloud_trail_event"}
    for name in ("CfnSigningConfiguration", "CfnReplicationConfiguration", "CfnRegistryPolicy"):
        assert hasattr(aws_ecr, name)
        assert not hasattr(aws_ecr, name.removeprefix("Cfn"))


@pytest.mark.parametrize(
    ("column", "rules", "can_go"),
    [
        ("cloudposse", slice(2), "yes"),
        ("awsx", slice(1), "no"),
    ],
)
def test_what_the_lifecycle_policies_of_others_take(column: str, rules: slice, can_go: str) -> None:
    policy = json.loads(next(block.body for block in blocks(PAGE) if block.file == "policy.json"))
    text = json.dumps({"rules": policy["rules"][rules]})
    told = explain(parse(text)[0], tag="v1.2.3").to_text()
    assert json.loads(told)["tag"]["can_expire"] is (can_go == "yes")
    said_of_it = said("A repository without an option", column)["a tagged image can go by it"]
    assert said_of_it == can_go
