"""Every example of the registry is deployed, read back through the API of ECR, and taken away."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ecr_constructs._snapshot import text_of
from ecr_constructs.report.registry.effective import effective_of
from embedded_aws import EmbeddedAws
from tests.examples.synthesis import GOLDENS

from .answers import answer_of_api, in_common
from .deployment import Deployed, deployed
from .readback import disagreement
from .stacks import EVERY, PARTLY, ExampleStack

NAMES = (
    "docker-hub/library/nginx",
    "prod/api",
    "prod/web",
    "shop/api",
    "team/api",
    "team/payments/api",
)
Made = Mapping[str, list[ExampleStack]]
each_example = pytest.mark.parametrize("example", [example.stem for example in EVERY])


@each_example
def test_what_is_deployed_is_what_the_template_says(
    embedded_aws: EmbeddedAws, made: Made, example: str
) -> None:
    with deployed(embedded_aws, made[example]) as stacks:
        names: dict[str, str] = {}
        for each in stacks.values():
            names.update(each.example.named(each.physical_ids))
        read = [
            disagreement(kind, written, each.account.client)
            for each in stacks.values()
            for kind, written in each.example.read_back(names)
        ]
        for each in stacks.values():
            check_effective(each)
    assert read
    assert [each for each in read if each is not None] == []


def check_effective(stack: Deployed) -> None:
    """What ``effective`` says of the templates is what the registry has when they are deployed."""
    example = stack.example
    for name in NAMES:
        said = effective_of(
            example.assembly, name, account=example.account, region=example.region
        ).answer
        assert in_common(said) == in_common(answer_of_api(stack.ecr, name)), name


@each_example
def test_what_is_deployed_is_the_golden_template(made: Made, example: str) -> None:
    for each in made[example]:
        golden = GOLDENS / "registry" / example / f"{each.name}.template.json"
        assert text_of(each.template) == golden.read_text(encoding="utf-8"), each.name


@each_example
def test_what_is_emulated_in_part(made: Made, example: str) -> None:
    partly = sorted({kind for each in made[example] for kind in each.types & PARTLY.keys()})
    if partly:
        pytest.skip("; ".join(f"{kind}: {PARTLY[kind]}" for kind in partly))
