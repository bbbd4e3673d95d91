"""Alarms on what CloudWatch counts of ECR: pulls, and the use of quotas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Union

import aws_cdk as cdk
from constructs import Construct

from ...model.events.delivery import Kind, check_topics
from ...model.events.repositories import check_home
from ...model.events.usage import (
    PULL_COUNT,
    PULLS_NAMESPACE,
    QUOTA_EXPRESSION,
    USAGE_NAMESPACE,
    RegistryUsage,
    check_percent,
    check_pulls,
    check_usage,
    usage_of,
)
from ...model.repository.options import check_listed, check_repository
from .._jsii import check, stack_of
from ..roles.task_images import whereabouts_of
from .delivery import findings_of, kind_of, known, tell

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns

    from ...model.findings import Finding
    from ..repository.types import RepositoryLike

__all__ = ["PullCountAlarm", "QuotaAlarm"]


class PullCountAlarm(Construct):
    """An alarm on the pulls of a repository: on many, or on none at all.

    The one metric that ECR has of a repository. CloudWatch gets it for each pull, and nothing
    while there is none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: RepositoryLike,
        more_than: int | None = None,
        fewer_than: int | None = None,
        minutes: int = 5,
        topics: Sequence[Union[sns.ITopic, sns.Topic]] = (),
    ) -> None:
        """Make the alarm.

        :param repository: a repository of this account and Region.
        :param more_than: it rings for more pulls than these in the time. Default: not for many.
        :param fewer_than: it rings for fewer pulls than these in the time, none included.
            Default: not for few. One of the two is given.
        :param minutes: the time, of 1, 5, 10, 15, 30, 60, 180, 360, 720 and 1440 minutes.
            Default: 5.
        :param topics: topics that are told when it rings. Default: none; add actions to
            :attr:`alarm`.
        :raises InvalidInputError: for bounds or times that no alarm has, and for a repository of
            elsewhere.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html
        """
        stack = stack_of(scope)
        check(
            [
                *check_pulls(more_than, fewer_than, minutes),
                *_of_here(repository, stack),
                *_topic_findings(topics, stack),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        # Imported here: only whoever has alarms pays for the module.
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415

        self._metric = cloudwatch.Metric(
            namespace=PULLS_NAMESPACE,
            metric_name=PULL_COUNT,
            dimensions_map={"RepositoryName": repository.repository_name},
            statistic="Sum",
            period=cdk.Duration.minutes(minutes),
        )
        many = more_than is not None
        self._alarm = cloudwatch.Alarm(
            self,
            "Default",
            metric=self._metric,
            alarm_description=f"{'Many' if many else 'Few'} pulls of {repository.repository_name}",
            threshold=more_than if more_than is not None else float(fewer_than or 0),
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
            if many
            else cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            # Without a pull there is no data: that is few pulls, and never many.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING
            if many
            else cloudwatch.TreatMissingData.BREACHING,
        )
        tell(self, self._alarm, topics)

    @property
    def alarm(self) -> cloudwatch.Alarm:
        """The alarm, for further actions and for composite alarms."""
        return self._alarm

    @property
    def metric(self) -> cloudwatch.Metric:
        """The pulls, for dashboards."""
        return self._metric


class QuotaAlarm(Construct):
    """An alarm on how much of a quota of ECR's is used.

    The quota is the one that the account has, raised or not: CloudWatch asks Service Quotas.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        usage: RegistryUsage,
        percent: float = 80,
        repository: RepositoryLike | None = None,
        topics: Sequence[Union[sns.ITopic, sns.Topic]] = (),
    ) -> None:
        """Make the alarm.

        :param usage: what is used. Calls are counted a minute, repositories and images every five.
        :param percent: the part of the quota from which on it rings, in percent, from 1 to 100.
            Default: 80.
        :param repository: the repository whose images are counted, with ``RegistryUsage.IMAGES``;
            of this account and Region. Default: none; everything else is of the whole registry.
        :param topics: topics that are told when it rings. Default: none; add actions to
            :attr:`alarm`.
        :raises InvalidInputError: for a usage that is not counted, or not in a repository.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/monitoring-quotas-alarms.html
        """
        stack = stack_of(scope)
        check(
            [
                *check_usage(usage, has_repository=repository is not None),
                *check_percent(percent),
                *(_of_here(repository, stack) if repository is not None else ()),
                *_topic_findings(topics, stack),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415

        used = usage_of(usage, None if repository is None else repository.repository_name)
        period = cdk.Duration.minutes(used.minutes)
        expression = cloudwatch.MathExpression(
            expression=QUOTA_EXPRESSION,
            label=f"{usage.value}, percent of its quota",
            period=period,
            using_metrics={
                "used": cloudwatch.Metric(
                    namespace=USAGE_NAMESPACE,
                    metric_name=used.metric_name,
                    dimensions_map=dict(used.dimensions),
                    statistic=used.statistic,
                    period=period,
                )
            },
        )
        self._alarm = cloudwatch.Alarm(
            self,
            "Default",
            metric=expression,
            alarm_description=f"{usage.value} of ECR comes near to its quota",
            threshold=percent,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        tell(self, self._alarm, topics)

    @property
    def alarm(self) -> cloudwatch.Alarm:
        """The alarm, for further actions and for composite alarms."""
        return self._alarm


def _of_here(repository: RepositoryLike, stack: cdk.Stack) -> tuple[Finding, ...]:
    strangers = check_repository("repository", repository)
    if strangers:
        return strangers
    account, region, name = whereabouts_of(repository)
    return check_home(name, given=known(account, region), home=known(stack.account, stack.region))


def _topic_findings(topics: Sequence[Any], stack: cdk.Stack) -> tuple[Finding, ...]:
    unlisted = check_listed("topics", topics)
    if unlisted:
        return unlisted
    return (
        *check_topics(topics, [kind_of(topic) for topic in topics]),
        *(
            found
            for topic in topics
            if kind_of(topic) is Kind.TOPIC
            for found in findings_of(topic, Kind.TOPIC, stack, option="topics")
        ),
    )
