"""One server for a session; each file's part of the app is synthesized and deployed once."""

from __future__ import annotations

import pytest

from embedded_aws import EmbeddedAws
from embedded_aws.pytest_fixtures import *  # noqa: F403

from .accounts import World


@pytest.fixture(scope="session")
def world(embedded_aws: EmbeddedAws) -> World:
    """The accounts."""
    return World.of(embedded_aws)
