"""One server for the examples alone: their accounts are written out, and a registry is one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from embedded_aws.pytest_fixtures import *  # noqa: F403

from .stacks import EVERY, ExampleStack, stacks_of


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[ExampleStack]]:
    """The stacks of every example, by its name."""
    return {
        example.stem: stacks_of(example, tmp_path_factory.mktemp(example.stem)) for example in EVERY
    }
