"""What every test needs before jsii starts Node, which keeps the environment of its start."""

import os

import pytest
from hypothesis import settings

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
# CDK's own validation of templates costs seconds; tests that want one run it themselves.
os.environ["CDK_VALIDATION"] = "false"

# Property tests ask the same values in each run, so that one run says of a change what the next one
# says; `--hypothesis-profile explore` asks new ones. A machine that is busy is no fault of what is
# tested.
settings.register_profile("repeat", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, derandomize=False, max_examples=500)
settings.load_profile("repeat")

# The files that take longest, longest first: whoever runs files side by side must not begin with
# the short ones, or one process is left with a long one in the end.
LONGEST_FIRST = (
    "tests/examples/test_goldens.py",
    "tests/demo/test_missing_protection.py",
    "tests/deploy_fleet/",
    "tests/docs_site/",
    "tests/typing/test_type_checkers.py",
    "tests/reference/test_evaluator_differs_nowhere.py",
    "tests/reference/test_lifecycle_differs_nowhere.py",
    "tests/testing/test_plugin.py",
    "tests/deploy/",
    "tests/examples/test_valid.py",
    "tests/deploy_registry/",
    "tests/deploy_consumers/",
    "tests/deploy_ci/",
    "tests/constructs/fleet/",
    "tests/model/iam/evaluator/test_matrix.py",
    "tests/demo/test_validation.py",
    "tests/release/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests by file, longest first; within a file nothing changes."""

    def rank(item: pytest.Item) -> int:
        places = (number for number, path in enumerate(LONGEST_FIRST) if path in item.nodeid)
        return next(places, len(LONGEST_FIRST))

    items.sort(key=rank)
