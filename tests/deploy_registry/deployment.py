"""An example as it stands in the embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack

from .stacks import ExampleStack

SECONDS = 60.0


@dataclass(frozen=True)
class Deployed:
    """A stack that is deployed."""

    example: ExampleStack
    account: Account
    stack: Stack
    physical_ids: Mapping[str, str] = field(hash=False)

    @property
    def ecr(self) -> Any:
        """The API of its registry."""
        return self.account.client("ecr")

    def name_of(self, beginning: str) -> str:
        """The name of the one resource whose logical id begins so."""
        (found,) = (
            name for logical, name in self.physical_ids.items() if logical.startswith(beginning)
        )
        return found


@contextmanager
def deployed(aws: EmbeddedAws, stacks: Sequence[ExampleStack]) -> Iterator[dict[str, Deployed]]:
    """The stacks of one example by their names; nothing is left in the end."""
    done: dict[str, Deployed] = {}
    try:
        for each in stacks:
            account = Account(aws, each.account, each.region)
            stack = Stack(account, each.name, seconds=SECONDS)
            status = stack.deploy(each.deployable)
            done[each.name] = Deployed(each, account, stack, stack.resources())
            assert status == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
        yield done
    finally:
        for made in reversed(done.values()):
            made.stack.delete()
            services = ["ecr", *(["ecr-public"] if made.account.region == "us-east-1" else [])]
            for service in services:
                client = made.account.client(service)
                for found in client.describe_repositories()["repositories"]:
                    client.delete_repository(repositoryName=found["repositoryName"], force=True)
