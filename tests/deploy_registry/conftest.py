"""One server for the examples alone: their accounts are written out, and a registry is one."""

from embedded_aws.pytest_fixtures import *  # noqa: F403
