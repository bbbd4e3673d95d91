"""CDK's assemblies: stacks, stages, nested stacks, and what they say of constructs."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ecr_constructs import SecureRepository
from ecr_constructs.report.access.build import report_of
from ecr_constructs.report.reading.faults import UnusableInputError
from ecr_constructs.report.reading.sources import read_sources

OWNER = cdk.Environment(account="111111111111", region="eu-west-1")


def estate(out, *, strong=True, metadata=True):
    """Two stacks, a nested one and a stage, each with what it needs of another."""
    context = {"@aws-cdk/core:defaultCrossStackReferences": "strong" if strong else "weak"}
    if metadata:
        context |= {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
    app = cdk.App(outdir=str(out), context=context)
    images = cdk.Stack(app, "Images", env=OWNER)
    unnamed = SecureRepository(images, "Unnamed")
    named = SecureRepository(images, "Named", repository_name="shop/named")
    shop = cdk.Stack(app, "Shop", env=OWNER)
    unnamed.grant_pull(iam.Role(shop, "Puller", assumed_by=iam.AccountRootPrincipal()))
    nested = cdk.NestedStack(shop, "Nested")
    unnamed.grant_delete(iam.User(nested, "Deleter"))
    inner = SecureRepository(nested, "Inner")
    inner.grant_push(iam.Role(shop, "InnerPusher", assumed_by=iam.AccountRootPrincipal()))
    stage = cdk.Stage(app, "Prod", env=OWNER)
    service = cdk.Stack(stage, "Service")
    SecureRepository(service, "Staged").grant_read(iam.Group(service, "Readers"))
    named.grant_pull(iam.Role(shop, "Second", assumed_by=iam.AccountRootPrincipal()))
    app.synth()


EXPECTED = {
    ("Shop/Puller/Resource", "Images/Unnamed/Resource", "pull"),
    ("Shop/Second/Resource", "Images/Named/Resource", "pull"),
    ("Shop/Nested/Deleter/Resource", "Images/Unnamed/Resource", "delete"),
    ("Shop/InnerPusher/Resource", "Shop/Nested/Inner/Resource", "push"),
    ("Prod/Service/Readers/Resource", "Prod/Service/Staged/Resource", "read"),
}


@pytest.mark.parametrize("strong", [True, False], ids=["exports", "stack outputs"])
@pytest.mark.parametrize("metadata", [True, False], ids=["metadata", "no metadata"])
def test_references_lead_over_stacks_nested_stacks_and_stages(tmp_path, strong, metadata):
    estate(tmp_path / "out", strong=strong, metadata=metadata)
    report = report_of(tmp_path / "out")
    found = {
        (cell.principal.construct_path, cell.repository.construct_path, level)
        for cell in report.cells()
        for level in cell.levels
        if cell.verdict(level).value != "none"
    }
    assert found == EXPECTED
    assert report.notes == ()
    assert {row.stack for row in report.repositories} == {"Images", "Shop", "Prod-Service"}


def test_an_output_of_another_stack_is_written_in_both_ways(tmp_path):
    for strong, function in ((True, "Fn::ImportValue"), (False, "Fn::GetStackOutput")):
        out = tmp_path / function.rpartition(":")[2]
        estate(out, strong=strong)
        assert function in (out / "Shop.template.json").read_text()


def test_a_reference_over_regions_goes_through_cdks_own_resources(tmp_path):
    app = cdk.App(
        outdir=str(tmp_path), context={"@aws-cdk/core:defaultCrossStackReferences": "strong"}
    )
    images = cdk.Stack(app, "Images", env=OWNER, cross_region_references=True)
    far = cdk.Stack(
        app,
        "Far",
        env=cdk.Environment(account="111111111111", region="us-east-1"),
        cross_region_references=True,
    )
    unnamed = cdk.aws_ecr.CfnRepository(images, "Unnamed")
    policy = iam.PolicyStatement(actions=["ecr:BatchDeleteImage"], resources=[unnamed.attr_arn])
    user = iam.User(far, "User")
    user.add_to_policy(policy)
    app.synth()
    assert "Custom::CrossRegionExportReader" in (tmp_path / "Far.template.json").read_text()
    cells = list(report_of(tmp_path).cells())
    allowed = [cell for cell in cells if cell.verdict("delete").value == "allowed"]
    assert [cell.principal.kind for cell in allowed] == ["user"]


def test_the_environment_of_a_stack_wins_over_the_options(tmp_path):
    estate(tmp_path)
    report = report_of(tmp_path, account="999999999999", region="us-east-1")
    assert {row.target.arn.split(":")[3] for row in report.repositories} == {"eu-west-1"}


def test_a_single_template_of_an_assembly_can_be_read_alone(tmp_path):
    estate(tmp_path, strong=False)
    report = report_of(tmp_path / "Shop.template.json")
    # What the other stack is called is not known here, so its repository may be any.
    assert {row.kind for row in report.principals} == {"role"}


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ("{}", "is no manifest"),
        ('{"version": "1", "artifacts": []}', "is no manifest"),
        ('{"version": "1", "artifacts": {}}', "without stacks"),
        (
            json.dumps(
                {
                    "version": "1",
                    "artifacts": {
                        "A": {
                            "type": "aws:cloudformation:stack",
                            "properties": {"templateFile": "../secret.json"},
                        }
                    },
                }
            ),
            "no file inside of the assembly",
        ),
        (
            json.dumps(
                {
                    "version": "1",
                    "artifacts": {
                        "A": {
                            "type": "cdk:cloud-assembly",
                            "properties": {"directoryName": "."},
                        }
                    },
                }
            ),
            "nested too deep",
        ),
        (
            '{"version": "1", "artifacts": {"A": {"type": "aws:cloudformation:stack"}}}',
            "no file inside of the assembly",
        ),
    ],
)
def test_a_broken_assembly_is_one_line(tmp_path, manifest, says):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(UnusableInputError) as caught:
        read_sources(tmp_path)
    assert says in caught.value.line
    assert "\n" not in caught.value.line


def test_a_nested_template_that_is_missing_is_said(tmp_path):
    estate(tmp_path)
    template = json.loads((tmp_path / "Shop.template.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            resource["Metadata"] = {}
            resource["Properties"]["TemplateURL"] = "https://elsewhere"
    (tmp_path / "Shop.template.json").write_text(json.dumps(template))
    (note,) = report_of(tmp_path).notes
    assert "the template of the nested stack" in note


def test_a_stack_without_resources_is_an_empty_one(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    cdk.Stack(app, "Empty")
    SecureRepository(cdk.Stack(app, "Shop"), "Api")
    app.synth()
    found = read_sources(tmp_path).stacks
    assert {each.stack: len(each.template["Resources"]) for each in found} == {
        "Empty": 0,
        "Shop": 1,
    }


@pytest.mark.parametrize(
    ("width", "spaces", "says"),
    [(4, 0, "more than 10000 stacks"), (2, 500_000, "more than 100 MB of templates")],
)
def test_stacks_that_hold_themselves_are_refused(tmp_path, width, spaces, says):
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Metadata": {"aws:asset:path": "t.template.json"},
        "Properties": {"TemplateURL": "t"},
    }
    template = json.dumps({"Resources": {f"N{number}": nested for number in range(width)}})
    (tmp_path / "t.template.json").write_text(template + " " * spaces)
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.template.json"}}
    manifest = {"version": "48.0.0", "artifacts": {"S": stack}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnusableInputError, match=says):
        read_sources(tmp_path)


@pytest.mark.parametrize("file", ["\0", "\ud800", "../outside.json", "loop/t.json", 7, None])
def test_a_file_that_is_none_of_the_assembly_is_refused(tmp_path, file):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}
    manifest = {"version": "48.0.0", "artifacts": {"S": stack}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnusableInputError, match=r"names no file inside|cannot be read"):
        read_sources(tmp_path)
