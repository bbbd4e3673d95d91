"""An example of events as it stands in the embedded AWS."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack
from tests.events.examples import event
from tests.examples.synthesis import GOLDENS

REGION = "eu-west-1"
SECONDS = 60.0
WRITTEN = "111111111111"
STORIES = ("pull_alarm", "pushes_to_queue", "quota_alarm", "scan_findings_to_topic")
Event = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """The account of one example, and what stands in it."""

    account: Account
    template: dict[str, Any]
    ids: dict[str, str]

    @classmethod
    def deployed(cls, aws: EmbeddedAws, name: str) -> Story:
        account = Account(aws, f"83{STORIES.index(name):010d}", REGION)
        golden = GOLDENS / "events" / name / "Shop.template.json"
        template = json.loads(_replayed(golden.read_text(encoding="utf-8"), account))
        stack = Stack(account, "Shop", seconds=SECONDS)
        assert stack.deploy(template) == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
        return cls(account, template, stack.resources())

    def id_of(self, logical_name: str) -> str:
        """The physical id of the resource whose logical id is this name and CDK's eight digits."""
        (found,) = [
            self.ids[logical_id]
            for logical_id in self.template["Resources"]
            if logical_id[:-8] == logical_name
        ]
        return found

    def of_type(self, kind: str) -> dict[str, Any]:
        """The properties of the resources of one type, by physical id."""
        return {
            self.ids[logical_id]: made.get("Properties", {})
            for logical_id, made in self.template["Resources"].items()
            if made["Type"] == kind
        }

    def repository_arn(self, name: str) -> str:
        return self.account.repository_arn(name)

    def here(self, name: str, repository: str) -> Event:
        """A recorded event, of a repository of this account and Region."""
        recorded = event(name)
        known = "amazon/amazon-ecs-sample"
        text = json.dumps(recorded).replace(known, repository)
        text = text.replace(recorded["account"], WRITTEN).replace(recorded["region"], REGION)
        given: Event = json.loads(_replayed(text, self.account))
        named = given["detail"].get("repository-name", "arn:")
        if not named.startswith("arn:"):
            given["detail"]["repository-name"] = repository
        return given

    def put(self, *given: Event) -> None:
        """Put events on the bus."""
        answer = self.account.client("events").put_events(
            Entries=[
                {
                    "Source": one["source"],
                    "DetailType": one["detail-type"],
                    "Resources": one["resources"],
                    "Detail": json.dumps(one["detail"]),
                }
                for one in given
            ]
        )
        assert answer["FailedEntryCount"] == 0, answer

    def taken(self, queue_url: str) -> list[str]:
        """The bodies of all messages of a queue, which is empty then."""
        sqs = self.account.client("sqs")
        bodies: list[str] = []
        while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return bodies


def _replayed(text: str, account: Account) -> str:
    """A template or an event for this account, with sources that an account may put.

    As in AWS, nobody but a service puts events that are from ``aws.ecr``.
    """
    for service in ("ecr", "inspector2"):
        text = text.replace(f'"aws.{service}"', f'"replayed.{service}"')
    return text.replace(WRITTEN, account.id)
