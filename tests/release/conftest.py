"""One build and one environment serve every test of the release."""

from __future__ import annotations

import pytest

from .installation import Distributions, Environment, build


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """The sdist and the wheel."""
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def alone(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the wheel and what it depends on."""
    environment = Environment.make(tmp_path_factory.mktemp("alone"))
    environment.install(str(distributions.wheel))
    return environment
