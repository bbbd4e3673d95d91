"""What CloudWatch counts of ECR: pulls of a repository, and the use of quotas. Nothing else.

There is no metric of ECR's for pushes, findings or sizes.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding

__all__ = [
    "PULLS_NAMESPACE",
    "PULL_COUNT",
    "QUOTA_EXPRESSION",
    "USAGE_NAMESPACE",
    "RegistryUsage",
    "Usage",
    "check_percent",
    "check_pulls",
    "check_usage",
    "usage_of",
]

PULLS_NAMESPACE: Final = "AWS/ECR"
PULL_COUNT: Final = "RepositoryPullCount"
USAGE_NAMESPACE: Final = "AWS/Usage"
QUOTA_EXPRESSION: Final = "used / SERVICE_QUOTA(used) * 100"
USAGE_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html"
PULL_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html"
)
_ALL = 100
# What CloudWatch takes for a day.
_MINUTES: Final = (1, 5, 10, 15, 30, 60, 180, 360, 720, 1440)


class RegistryUsage(enum.Enum):
    """What a quota limits, and CloudWatch counts, in an account and Region.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-usage.html
    """

    LOGINS = "GetAuthorizationToken"
    """Calls of GetAuthorizationToken, one a login."""
    LAYER_CHECKS = "BatchCheckLayerAvailability"
    """Calls of BatchCheckLayerAvailability, one a layer that is pushed."""
    LAYER_UPLOADS_STARTED = "InitiateLayerUpload"
    """Calls of InitiateLayerUpload."""
    LAYER_PARTS = "UploadLayerPart"
    """Calls of UploadLayerPart."""
    LAYER_UPLOADS_COMPLETED = "CompleteLayerUpload"
    """Calls of CompleteLayerUpload."""
    PUSHES = "PutImage"
    """Calls of PutImage, one a manifest that is pushed."""
    PULLS = "BatchGetImage"
    """Calls of BatchGetImage, one a manifest that is pulled."""
    LAYER_DOWNLOADS = "GetDownloadUrlForLayer"
    """Calls of GetDownloadUrlForLayer, one a layer that is pulled."""
    REPOSITORIES = "RepositoryCount"
    """The repositories of the registry."""
    IMAGES = "ImagesPerRepositoryCount"
    """The images of one repository."""

    @property
    def counts_calls(self) -> bool:
        """Whether calls are counted, and not what is there."""
        return self not in (RegistryUsage.REPOSITORIES, RegistryUsage.IMAGES)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A metric of AWS/Usage."""

    metric_name: str
    """CallCount or ResourceCount."""
    dimensions: tuple[tuple[str, str], ...]
    """Names of dimensions and their values."""
    statistic: str
    """The statistic that says something, by the page."""
    minutes: int
    """The period of the metric."""


def usage_of(usage: RegistryUsage, repository_name: str | None = None) -> Usage:
    """The metric that counts this."""
    if usage.counts_calls:
        # The page of ECR says that it uses no class; the metrics have the dimension all the same,
        # with the value that the page of CloudWatch has, and an alarm must name each.
        dimensions = {"Service": "ECR", "Type": "API", "Resource": usage.value, "Class": "None"}
        metric, statistic, minutes = "CallCount", "Sum", 1
    else:
        dimensions = {"Service": "ECR", "Type": "RESOURCE", "Resource": usage.value}
        metric, statistic, minutes = "ResourceCount", "Maximum", 5
    if repository_name is not None:
        dimensions["ResourceId"] = f"repository/{repository_name}"
    return Usage(
        metric_name=metric,
        dimensions=tuple(dimensions.items()),
        statistic=statistic,
        minutes=minutes,
    )


def check_usage(usage: object, *, has_repository: bool) -> tuple[Finding, ...]:
    """Whether there is such a metric, of a repository or of the registry."""
    if not isinstance(usage, RegistryUsage):
        known = ", ".join(f"RegistryUsage.{member.name}" for member in RegistryUsage)
        return (
            _finding(
                "usage-unknown",
                "usage",
                f"is a {type(usage).__name__}, and no metric of ECR",
                usage,
                known,
                "write usage=RegistryUsage.PULLS, say",
            ),
        )
    wanted = usage is RegistryUsage.IMAGES
    if wanted is has_repository:
        return ()
    return (
        _finding(
            "usage-repository",
            "repository",
            "is missing: images are counted in one repository"
            if wanted
            else "is given, and this is counted in the registry as a whole",
            usage.name,
            "a repository with RegistryUsage.IMAGES, and none with any other usage",
            "write repository=api" if wanted else "leave repository out",
        ),
    )


def check_percent(percent: object) -> tuple[Finding, ...]:
    """Whether it is a part of a quota in percent: 0.8 is meant as a fraction."""
    if _deferred(percent) or (_real(percent) and 1 <= _value(percent) <= _ALL):
        return ()
    return (
        _finding(
            "alarm-percent",
            "percent",
            "is no part of a quota in percent",
            percent,
            "a number from 1 to 100",
            "write percent=80, say",
        ),
    )


def check_pulls(more_than: object, fewer_than: object, minutes: object) -> tuple[Finding, ...]:
    """Whether an alarm on pulls can ring, and at one end alone."""
    given = {"more_than": more_than, "fewer_than": fewer_than}
    bounds = {name: value for name, value in given.items() if value is not None}
    found: list[Finding] = []
    if len(bounds) != 1:
        found.append(
            _finding(
                "alarm-bound",
                "more_than",
                "and fewer_than are both given" if bounds else "and fewer_than are both missing",
                bounds or None,
                "one of the two",
                "write more_than=1000, or fewer_than=1 for images that nobody pulls",
                PULL_DOCS,
            )
        )
    least = {"more_than": 0, "fewer_than": 1}
    found += [
        _finding(
            "alarm-bound",
            name,
            "is no number of pulls that can be passed",
            value,
            f"a whole number, {least[name]} or more",
            f"write {name}={max(least[name], 1)}, say",
            PULL_DOCS,
        )
        for name, value in bounds.items()
        if not _deferred(value)
        and not (_real(value) and isinstance(value, int) and value >= least[name])
    ]
    if minutes not in _MINUTES or isinstance(minutes, bool):
        found.append(
            _finding(
                "alarm-period",
                "minutes",
                "is no period of an alarm",
                minutes,
                ", ".join(str(value) for value in _MINUTES),
                "write minutes=5, say",
                PULL_DOCS,
            )
        )
    return tuple(found)


def _deferred(value: object) -> bool:
    return not isinstance(value, bool) and is_deferred(value)


def _real(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _value(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan


def _finding(
    code: str,
    option: str,
    message: str,
    given: object,
    allowed: str,
    fix: str,
    docs: str = USAGE_DOCS,
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
    )
