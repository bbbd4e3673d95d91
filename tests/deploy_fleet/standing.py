"""What stands in ECR, in the words of a template."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from embedded_aws import Credentials, EmbeddedAws

from .fleets import Place

Properties = dict[str, Any]


def standing(aws: EmbeddedAws, place: Place) -> dict[str, Properties]:
    """The properties of every repository that stands, by name."""
    ecr = aws.client("ecr", Credentials.root(place.account), region=place.region)
    pages = ecr.get_paginator("describe_repositories").paginate()
    described = [entry for page in pages for entry in page["repositories"]]
    with ThreadPoolExecutor(4) as pool:
        return dict(pool.map(lambda entry: _properties(ecr, entry), described))


def made_at(aws: EmbeddedAws, place: Place) -> dict[str, float]:
    """When each repository was made: another time is another repository."""
    ecr = aws.client("ecr", Credentials.root(place.account), region=place.region)
    pages = ecr.get_paginator("describe_repositories").paginate()
    return {
        entry["repositoryName"]: entry["createdAt"].timestamp()
        for page in pages
        for entry in page["repositories"]
    }


def held_by_stacks(aws: EmbeddedAws, place: Place, stacks: Iterable[str]) -> list[str]:
    """The names of the repositories that stacks hold, as often as they are held."""
    credentials = Credentials.root(place.account)
    cloudformation = aws.client("cloudformation", credentials, region=place.region)
    return [
        entry["PhysicalResourceId"]
        for stack in stacks
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        for entry in page["StackResourceSummaries"]
        if entry["ResourceType"] == "AWS::ECR::Repository"
        and entry["ResourceStatus"] != "DELETE_COMPLETE"
    ]


def _properties(ecr: Any, entry: dict[str, Any]) -> tuple[str, Properties]:
    name = entry["repositoryName"]
    encryption = entry["encryptionConfiguration"]
    found: Properties = {
        "EncryptionConfiguration": {"EncryptionType": encryption["encryptionType"]},
        "ImageScanningConfiguration": {
            "ScanOnPush": entry["imageScanningConfiguration"]["scanOnPush"]
        },
        "ImageTagMutability": entry["imageTagMutability"],
        "RepositoryName": name,
    }
    filters = entry.get("imageTagMutabilityExclusionFilters")
    if filters:
        found["ImageTagMutabilityExclusionFilters"] = [
            {
                "ImageTagMutabilityExclusionFilterType": each["filterType"],
                "ImageTagMutabilityExclusionFilterValue": each["filter"],
            }
            for each in filters
        ]
    tags = [
        tag
        for tag in ecr.list_tags_for_resource(resourceArn=entry["repositoryArn"])["tags"]
        # Those that CloudFormation gives to all resources of a stack.
        if not tag["Key"].startswith("aws:")
    ]
    if tags:
        found["Tags"] = sorted(tags, key=str)
    try:
        text = ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
        found["LifecyclePolicy"] = json.loads(text)
    except ecr.exceptions.LifecyclePolicyNotFoundException:
        pass
    try:
        text = ecr.get_repository_policy(repositoryName=name)["policyText"]
        found["RepositoryPolicyText"] = json.loads(text)
    except ecr.exceptions.RepositoryPolicyNotFoundException:
        pass
    return name, found


def asked(properties: Properties) -> Properties:
    """The properties of a template as :func:`standing` tells them."""
    found = dict(properties)
    if "LifecyclePolicy" in found:
        found["LifecyclePolicy"] = json.loads(found["LifecyclePolicy"]["LifecyclePolicyText"])
    if "Tags" in found:
        found["Tags"] = sorted(found["Tags"], key=str)
    return found
