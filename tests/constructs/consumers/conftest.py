"""Each story is synthesized once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .support import Stack, built

Stories = Callable[[str], dict[str, Stack]]


@pytest.fixture(scope="package")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    """The stacks of an example of ``examples/consumers``."""
    place = tmp_path_factory.mktemp("stories")
    known: dict[str, dict[str, Stack]] = {}

    def of(story: str) -> dict[str, Stack]:
        if story not in known:
            known[story] = built(story, place)
        return known[story]

    return of
