"""A stack of CloudFormation, for tests: made from templates, and waited for."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from .account import Account

Template = Mapping[str, Any]
SECONDS = 20.0
CAPABILITIES = ("CAPABILITY_NAMED_IAM",)


def resource(kind: str, properties: Mapping[str, Any], policy: str = "Delete") -> Template:
    policies = {"DeletionPolicy": policy, "UpdateReplacePolicy": policy}
    return {"Type": kind, "Properties": properties, **policies}


class Stack:
    """A stack of one account, waited for."""

    def __init__(self, account: Account, name: str = "Shop", *, seconds: float = SECONDS) -> None:
        self._account = account
        self._client = account.client("cloudformation")
        self._name = name
        self._seconds = seconds

    # Each of these answers with the status in which the stack ends.

    def create(self, **resources: Template) -> str:
        self._client.create_stack(
            StackName=self._name, TemplateBody=body(resources), Capabilities=CAPABILITIES
        )
        return self.wait()

    def deploy(self, template: Template) -> str:
        """Create the stack from a whole template, by way of a bucket as `cdk deploy` does it."""
        region = self._account.region
        bucket, key = f"templates-{self._account.id}-{region}", f"{self._name}.json"
        buckets = self._account.client("s3")
        with contextlib.suppress(buckets.exceptions.BucketAlreadyOwnedByYou):
            buckets.create_bucket(Bucket=bucket, **_place(region))
        buckets.put_object(Bucket=bucket, Key=key, Body=json.dumps(template))
        self._client.create_stack(
            StackName=self._name,
            TemplateURL=f"{self._account.aws.endpoint}/{bucket}/{key}",
            Capabilities=CAPABILITIES,
        )
        return self.wait()

    def update(self, **resources: Template) -> str:
        self._client.update_stack(
            StackName=self._name, TemplateBody=body(resources), Capabilities=CAPABILITIES
        )
        return self.wait()

    def delete(self) -> None:
        """Delete the stack; it must be gone."""
        self._client.delete_stack(StackName=self._name)
        deadline = time.monotonic() + self._seconds
        while self._exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._name} is still there: {self.wait()}")
            time.sleep(0.02)

    def _exists(self) -> bool:
        try:
            self._client.describe_stacks(StackName=self._name)
        except ClientError:
            return False
        return True

    def import_(self, identifiers: Mapping[str, Mapping[str, str]], **resources: Template) -> str:
        """Import existing resources; a change set that fails answers with its reason."""
        self._client.create_change_set(
            StackName=self._name,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            TemplateBody=body(resources),
            ResourcesToImport=[
                {
                    "ResourceType": resources[logical_id]["Type"],
                    "LogicalResourceId": logical_id,
                    "ResourceIdentifier": dict(identifier),
                }
                for logical_id, identifier in identifiers.items()
            ],
        )
        change_set = self._client.describe_change_set(StackName=self._name, ChangeSetName="import")
        if change_set["Status"] == "FAILED":
            return str(change_set["StatusReason"])
        self._client.execute_change_set(StackName=self._name, ChangeSetName="import")
        return self.wait()

    def wait(self) -> str:
        """The status of the stack, once nothing is going on."""
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            stacks = self._client.describe_stacks(StackName=self._name)["Stacks"]
            status = str(stacks[0]["StackStatus"])
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.02)
        raise TimeoutError(status)

    def resources(self) -> dict[str, str]:
        """The physical id of each resource, by its logical id."""
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=self._name)
        return {
            entry["LogicalResourceId"]: entry.get("PhysicalResourceId", "")
            for page in pages
            for entry in page["StackResourceSummaries"]
        }

    def reasons(self, status: str) -> list[str]:
        """Why resources came into *status*, newest first."""
        events = self._client.describe_stack_events(StackName=self._name)["StackEvents"]
        return [
            event.get("ResourceStatusReason", "")
            for event in events
            if event["ResourceStatus"] == status
            and event["ResourceType"] != "AWS::CloudFormation::Stack"
        ]


def _place(region: str) -> dict[str, Any]:
    """Where a bucket is made; S3 takes no constraint that names its first Region."""
    return (
        {}
        if region == "us-east-1"
        else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )


def body(resources: Mapping[str, Template]) -> str:
    return json.dumps({"Resources": resources})
