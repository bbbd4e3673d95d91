"""Fixtures for tests that need an AWS: import them into a folder's `conftest.py`.

    from embedded_aws.pytest_fixtures import *  # noqa: F403

One server serves a whole pytest session. Tests keep apart by using accounts of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from . import EmbeddedAws
from .account import Account

__all__ = ["account", "account_numbers", "embedded_aws", "fresh_account", "other_account"]


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


@pytest.fixture
def account(embedded_aws: EmbeddedAws, fresh_account: str) -> Account:
    """An account in which nothing is yet."""
    return Account(embedded_aws, fresh_account)


@pytest.fixture
def other_account(embedded_aws: EmbeddedAws, account_numbers: Iterator[int]) -> Account:
    """Another account in which nothing is yet."""
    return Account(embedded_aws, str(next(account_numbers)))
