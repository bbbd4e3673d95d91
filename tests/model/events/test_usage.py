import math

import pytest

from ecr_constructs.model.events.usage import (
    RegistryUsage,
    check_percent,
    check_pulls,
    check_usage,
    usage_of,
)

from ..answers import NUMBER_TOKEN, codes, only

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
CALLS = {
    "GetAuthorizationToken",
    "BatchCheckLayerAvailability",
    "InitiateLayerUpload",
    "UploadLayerPart",
    "CompleteLayerUpload",
    "PutImage",
    "BatchGetImage",
    "GetDownloadUrlForLayer",
}
RESOURCES = {"RepositoryCount", "ImagesPerRepositoryCount"}


def test_the_metrics_are_those_of_the_page():
    assert {usage.value for usage in RegistryUsage if usage.counts_calls} == CALLS
    assert {usage.value for usage in RegistryUsage if not usage.counts_calls} == RESOURCES
    for usage in RegistryUsage:
        metric = usage_of(usage)
        calls = usage.counts_calls
        assert dict(metric.dimensions) == {
            "Service": "ECR",
            "Type": "API" if calls else "RESOURCE",
            "Resource": usage.value,
            **({"Class": "None"} if calls else {}),
        }
        assert (metric.metric_name, metric.statistic, metric.minutes) == (
            ("CallCount", "Sum", 1) if calls else ("ResourceCount", "Maximum", 5)
        )


def test_images_are_counted_in_a_repository():
    metric = usage_of(RegistryUsage.IMAGES, "shop/api")
    assert dict(metric.dimensions)["ResourceId"] == "repository/shop/api"
    assert check_usage(RegistryUsage.IMAGES, has_repository=True) == ()
    assert only(check_usage(RegistryUsage.IMAGES, has_repository=False)).code == "usage-repository"
    assert only(check_usage(RegistryUsage.PULLS, has_repository=True)).code == "usage-repository"


@pytest.mark.parametrize("usage", ["PutImage", None, 3, RegistryUsage])
def test_what_is_not_counted(usage):
    assert only(check_usage(usage, has_repository=False)).code == "usage-unknown"


@pytest.mark.parametrize("percent", [1, 1.5, 80, 100, 100.0, NUMBER_TOKEN])
def test_parts_of_a_quota(percent):
    assert check_percent(percent) == ()


@pytest.mark.parametrize(
    "percent", [0, -1, 0.8, 0.999, 100.1, math.nan, math.inf, "80", None, True]
)
def test_what_is_no_part_of_a_quota(percent):
    assert only(check_percent(percent)).code == "alarm-percent"


@pytest.mark.parametrize(
    ("more_than", "fewer_than", "minutes", "expected"),
    [
        (0, None, 5, []),
        (1000, None, 1, []),
        (None, 1, 1440, []),
        (NUMBER_TOKEN, None, 5, []),
        (None, None, 5, ["alarm-bound"]),
        (1, 2, 5, ["alarm-bound"]),
        (-1, None, 5, ["alarm-bound"]),
        (1.5, None, 5, ["alarm-bound"]),
        (True, None, 5, ["alarm-bound"]),
        ("9", None, 5, ["alarm-bound"]),
        # Less than none is never reached.
        (None, 0, 5, ["alarm-bound"]),
        (1, None, 7, ["alarm-period"]),
        (1, None, "5", ["alarm-period"]),
        (1, None, True, ["alarm-period"]),
        (1, None, 2880, ["alarm-period"]),
    ],
)
def test_bounds_of_pulls(more_than, fewer_than, minutes, expected):
    found = check_pulls(more_than, fewer_than, minutes)
    assert codes(found) == expected
    for finding in found:
        only([finding])
