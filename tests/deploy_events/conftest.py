"""One server and one account a story; each story is deployed once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from embedded_aws import EmbeddedAws
from embedded_aws.pytest_fixtures import *  # noqa: F403

from .story import Story


@pytest.fixture(scope="session")
def story(embedded_aws: EmbeddedAws) -> Callable[[str], Story]:
    """An example as it is deployed."""
    known: dict[str, Story] = {}

    def deployed(name: str) -> Story:
        if name not in known:
            known[name] = Story.deployed(embedded_aws, name)
        return known[name]

    return deployed
