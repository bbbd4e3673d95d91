"""One server for these tests; the app is synthesized and deployed once a file."""

from __future__ import annotations

from embedded_aws.pytest_fixtures import *  # noqa: F403
