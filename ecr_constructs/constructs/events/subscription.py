"""EventSubscription: somebody is told what happens to images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Union, cast

from aws_cdk import aws_events as eventbridge
from constructs import Construct

from ...model.events.delivery import Kind, check_dead_letters, check_target
from ...model.events.patterns import check_events, check_pattern_length, pattern_of
from ...model.events.repositories import RepositoryFilter, check_home, check_prefixes
from ...model.events.selections import ImageEvent, ScanFindings, Selection, selections_of
from ...model.repository.options import check_repository_list
from .._jsii import check, stack_of
from ..roles.task_images import whereabouts_of
from .delivery import account_findings, admit, findings_of, kind_of, known, rule_target

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sns as sns
    from aws_cdk import aws_sqs as sqs

    from ...model.events.target import RuleTarget
    from ..repository.types import RepositoryLike

__all__ = ["EventSubscription"]


class EventSubscription(Construct):
    """A topic, a queue, a function or any event target is told what happens to images.

    One rule of EventBridge for each type of event, selective enough that nothing else comes. What
    arrives at a topic, a queue or a function has one documented shape, whichever event it is and
    whichever scanner found something; EventBridge makes it, no function runs. AWS sends the events
    of ECR on a best-effort basis: a subscription informs, it is no ledger.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        events: Sequence[ImageEvent | ScanFindings],
        target: Union[
            sns.ITopic,
            sns.Topic,
            sqs.IQueue,
            sqs.Queue,
            lambda_.IFunction,
            lambda_.Function,
            RuleTarget,
        ],
        repositories: Sequence[RepositoryLike] = (),
        prefixes: Sequence[str] = (),
        dead_letter_queue: Union[sqs.IQueue, sqs.Queue, None] = None,
    ) -> None:
        """Subscribe.

        :param events: what is to be told: members of ``ImageEvent``, and ``ScanFindings(...)``.
        :param target: who is told. The policy of a topic, a queue and the key that encrypts it is
            written here; where it cannot be, a warning has the statement. A target of
            ``aws_events_targets`` gets what it is told to get, by default the event as AWS sends
            it; give it ``ImageEventMessage()`` as input for the one shape.
        :param repositories: repositories of this account and Region that are meant. Default: none
            by name; without prefixes as well, every repository.
        :param prefixes: beginnings of names that are meant (``shop/``), also of repositories that
            are yet to come. Default: none.
        :param dead_letter_queue: a queue for what cannot be delivered. Default: EventBridge tries
            for 24 hours, and then drops it.
        :raises InvalidInputError: for what is no event, severity, prefix or target, for targets
            that EventBridge cannot deliver to, and for repositories whose events arrive elsewhere.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
        """
        stack = stack_of(scope)
        kind = kind_of(target)
        check(
            [
                *check_events(events),
                *check_repository_list("repositories", repositories),
                *check_prefixes(prefixes),
                *check_target(target, kind),
                *(
                    check_dead_letters(kind, dead_letter_queue, kind_of(dead_letter_queue))
                    if dead_letter_queue is not None
                    else ()
                ),
            ],
            scope,
            id,
        )
        kind = cast("Kind", kind)
        places = [whereabouts_of(repository) for repository in repositories]
        selections = [selection for event in events for selection in selections_of(event)]
        wanted = RepositoryFilter(
            names=[name for _, _, name in places],
            prefixes=prefixes,
            partition=stack.partition,
            region=stack.region,
            account=stack.account,
        )
        patterns = [pattern_of(selection, wanted) for selection in selections]
        check(
            [
                *(
                    found
                    for account, region, name in places
                    for found in check_home(
                        name,
                        given=known(account, region),
                        home=known(stack.account, stack.region),
                    )
                ),
                *check_pattern_length(patterns),
                *findings_of(target, kind, stack, option="target"),
                *account_findings(target, kind, stack),
                *(
                    findings_of(dead_letter_queue, Kind.QUEUE, stack, option="dead_letter_queue")
                    if dead_letter_queue is not None
                    else ()
                ),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        self._rules: list[eventbridge.Rule] = []
        for selection, pattern in zip(selections, patterns, strict=True):
            rule = _rule(self, selection, pattern)
            rule.add_target(rule_target(target, kind, dead_letter_queue))
            self._rules.append(rule)
        admit(self, target, kind, self._rules)
        if dead_letter_queue is not None:
            admit(self, dead_letter_queue, Kind.QUEUE, self._rules)

    @property
    def rules(self) -> tuple[eventbridge.Rule, ...]:
        """The rules of EventBridge, one for each type of event."""
        return tuple(self._rules)


def _rule(
    scope: EventSubscription, selection: Selection, pattern: dict[str, Any]
) -> eventbridge.Rule:
    rule = eventbridge.Rule(
        scope,
        selection.id,
        description=f"{selection.detail_type} of {selection.source}: {selection.kind}",
        event_pattern=eventbridge.EventPattern(source=[selection.source]),
    )
    # The class of CDK takes no operators for account and resources.
    cast("eventbridge.CfnRule", rule.node.default_child).event_pattern = pattern
    return rule
