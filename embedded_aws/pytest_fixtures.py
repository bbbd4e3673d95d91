"""Fixtures for tests that need an AWS: import them into a folder's `conftest.py`.

    from embedded_aws.pytest_fixtures import *  # noqa: F403

One server serves a whole pytest session. Tests keep apart by using accounts of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from . import EmbeddedAws

__all__ = ["account_numbers", "embedded_aws", "fresh_account"]


@pytest.fixture(scope="session")
def embedded_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    """A running embedded AWS, shared by the session."""
    with EmbeddedAws.start(tmp_path_factory.mktemp("embedded-aws")) as aws:
        yield aws


@pytest.fixture(scope="session")
def account_numbers() -> Iterator[int]:
    """The accounts that no test has used yet."""
    return itertools.count(300000000001)


@pytest.fixture
def fresh_account(account_numbers: Iterator[int]) -> str:
    """The id of an account in which nothing is yet."""
    return str(next(account_numbers))
