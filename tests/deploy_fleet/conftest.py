from embedded_aws.pytest_fixtures import *  # noqa: F403
