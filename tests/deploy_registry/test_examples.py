"""Every example of the registry is deployed, read back through the API of ECR, and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embedded_aws import EmbeddedAws
from embedded_aws.account import Account
from embedded_aws.stack import Stack

from .readback import disagreement
from .stacks import EVERY, LACKING, ExampleStack, stacks_of

each_example = pytest.mark.parametrize("example", EVERY, ids=lambda example: example.stem)
Made = dict[Path, list[ExampleStack]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The stacks of all examples."""
    return {example: stacks_of(example, tmp_path_factory.mktemp(example.stem)) for example in EVERY}


@pytest.fixture
def deployed(
    embedded_aws: EmbeddedAws, made: Made, example: Path
) -> Iterator[list[tuple[ExampleStack, Stack, Any]]]:
    """The stacks of one example, each with its client of ECR; nothing is left in the end."""
    done = []
    for each in made[example]:
        account = Account(embedded_aws, each.account, each.region)
        stack = Stack(account, each.name, seconds=60.0)
        if each.emulated["Resources"]:
            status = stack.deploy(each.emulated)
            assert status == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
            done.append((each, stack, account.client("ecr")))
    yield done
    for _, stack, ecr in reversed(done):
        stack.delete()
        for found in ecr.describe_repositories()["repositories"]:
            ecr.delete_repository(repositoryName=found["repositoryName"], force=True)


@each_example
def test_what_is_deployed_is_what_the_template_says(
    deployed: list[tuple[ExampleStack, Stack, Any]],
) -> None:
    read = 0
    for each, stack, ecr in deployed:
        for resource, written in each.of_ecr(stack.resources()):
            assert disagreement(resource.kind, written, ecr) is None
            read += 1
    if not deployed or not read:
        pytest.skip("nothing of it is emulated: see the test of each type below")


@each_example
def test_what_the_embedded_aws_lacks(made: Made, example: Path) -> None:
    lacking = sorted({kind for each in made[example] for kind in each.lacking})
    if lacking:
        pytest.skip("; ".join(f"{kind}: {LACKING[kind]}" for kind in lacking))
