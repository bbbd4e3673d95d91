"""A stack of CloudFormation, for tests: made from templates, and waited for."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from .account import Account

Template = Mapping[str, Any]
SECONDS = 20.0


def resource(kind: str, properties: Mapping[str, Any], policy: str = "Delete") -> Template:
    policies = {"DeletionPolicy": policy, "UpdateReplacePolicy": policy}
    return {"Type": kind, "Properties": properties, **policies}


class Stack:
    """A stack of one account, waited for."""

    def __init__(self, account: Account, name: str = "Shop") -> None:
        self._client = account.client("cloudformation")
        self._name = name

    # Each of these answers with the status in which the stack ends.

    def create(self, **resources: Template) -> str:
        self._client.create_stack(StackName=self._name, TemplateBody=body(resources))
        return self.wait()

    def update(self, **resources: Template) -> str:
        self._client.update_stack(StackName=self._name, TemplateBody=body(resources))
        return self.wait()

    def delete(self) -> None:
        """Delete the stack; it must be gone."""
        self._client.delete_stack(StackName=self._name)
        deadline = time.monotonic() + SECONDS
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
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            stacks = self._client.describe_stacks(StackName=self._name)["Stacks"]
            status = str(stacks[0]["StackStatus"])
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.02)
        raise TimeoutError(status)

    def reasons(self, status: str) -> list[str]:
        """Why resources came into *status*, newest first."""
        events = self._client.describe_stack_events(StackName=self._name)["StackEvents"]
        return [
            event.get("ResourceStatusReason", "")
            for event in events
            if event["ResourceStatus"] == status
            and event["ResourceType"] != "AWS::CloudFormation::Stack"
        ]


def body(resources: Mapping[str, Template]) -> str:
    return json.dumps({"Resources": resources})
