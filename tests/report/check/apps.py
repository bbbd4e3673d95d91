"""Templates and assemblies to be checked."""

from __future__ import annotations

import json
from pathlib import Path

from ecr_constructs.report.check.collector import Checked, check_app
from ecr_constructs.report.reading.source import Source
from ecr_constructs.report.template.app import App

ACCOUNT, REGION = "111111111111", "eu-west-1"
OPEN_POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}
REFUSED = {"RepositoryName": "Shop", "RepositoryPolicyText": OPEN_POLICY}
CODES = ["repository-name-invalid", "repository-policy-open"]


def repository(**properties):
    return {"Type": "AWS::ECR::Repository", "Properties": properties}


def scanning(**more):
    rules = [
        {
            "ScanFrequency": "SCAN_ON_PUSH",
            "RepositoryFilters": [{"Filter": "*", "FilterType": "WILDCARD"}],
        }
    ]
    return {
        "Type": "AWS::ECR::RegistryScanningConfiguration",
        "Properties": {"ScanType": "BASIC", "Rules": rules},
        **more,
    }


def cache_rule(prefix):
    return {
        "Type": "AWS::ECR::PullThroughCacheRule",
        "Properties": {"EcrRepositoryPrefix": prefix, "UpstreamRegistryUrl": "quay.io"},
    }


def source(resources, *, stack="Shop", **more):
    template = {"Resources": resources, **more.pop("template", {})}
    more = {"account": ACCOUNT, "region": REGION, "file": f"{stack}.template.json", **more}
    return Source(template=template, stack=stack, **more)


def checked(*sources):
    return Checked(findings=check_app(App(sources)))


def refused(*sources):
    """What ECR refuses, by the codes of this page and in their order: what is only risky is not."""
    return [each for each in checked(*sources).findings if each.finding.severity.value == "danger"]


def codes(*sources):
    return [each.finding.code for each in refused(*sources)]


def assembly(folder: Path, stacks, *, metadata=None, own_file=True, cdk=None):
    """A cdk.out with stacks by name, and their metadata in the manifest or in a file."""
    out = folder / "cdk.out"
    out.mkdir(parents=True)
    artifacts = {}
    for name, resources in stacks.items():
        file = f"{name}.template.json"
        (out / file).write_text(json.dumps({"Resources": resources}))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{ACCOUNT}/{REGION}",
            "properties": {"templateFile": file},
        }
        if metadata and own_file:
            (out / f"{name}.metadata.json").write_text(json.dumps(metadata))
            artifacts[name]["additionalMetadataFile"] = f"{name}.metadata.json"
        elif metadata:
            artifacts[name]["metadata"] = metadata
    (out / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": artifacts}))
    if cdk is not None:
        (folder / "cdk.json").write_text(json.dumps(cdk))
    return out
