"""Every example of the registry is deployed, read back through the API of ECR, and taken away."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ecr_constructs._snapshot import text_of
from embedded_aws import EmbeddedAws
from tests.examples.synthesis import GOLDENS

from .deployment import deployed
from .readback import disagreement
from .stacks import EVERY, PARTLY, ExampleStack

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
    assert read
    assert [each for each in read if each is not None] == []


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
