"""What EventBridge needs to reach a topic, a queue or a function, and what would keep it away.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ..findings import Finding, Severity
from ..iam.statement import Conditions, Statement

__all__ = [
    "Kind",
    "Sources",
    "alarm_key_statement",
    "alarm_statement",
    "check_account",
    "check_dead_letters",
    "check_reachable",
    "check_target",
    "check_topics",
    "key_statement",
    "not_writable",
    "queue_statement",
    "topic_statement",
]

RESOURCE_DOCS: Final = (
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"
)
ACCOUNT_DOCS: Final = (
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html"
)
SNS_KEY_DOCS: Final = (
    "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
    "#compatibility-with-aws-services"
)
SQS_KEY_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
    "sqs-key-management.html#compatibility-with-aws-services"
)
_EVENTS: Final = MappingProxyType({"Service": "events.amazonaws.com"})
_ALARMS: Final = MappingProxyType({"Service": "cloudwatch.amazonaws.com"})


class Kind(enum.Enum):
    """What a target is, by the attribute that it has and others have not."""

    TOPIC = "topic_arn"
    QUEUE = "queue_arn"
    FUNCTION = "function_arn"
    OTHER = "bind"

    @property
    def service(self) -> str:
        """The service, as aliases of keys name it."""
        return {Kind.TOPIC: "sns", Kind.QUEUE: "sqs"}.get(self, "")


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The rules or alarms that send, and where they are."""

    arns: Sequence[str]
    """Their ARNs; none where they would be a circle: they are in another stack than the target."""
    partition: str
    """Their partition."""
    region: str
    """Their Region."""
    account: str
    """Their account."""

    def conditions(self, service: str, everything: str) -> Conditions:
        """That one of them sends; without ARNs, one of the account and Region."""
        if self.arns:
            arns = self.arns[0] if len(self.arns) == 1 else list(self.arns)
            return {"ArnEquals": {"aws:SourceArn": arns}}
        any_of = f"arn:{self.partition}:{service}:{self.region}:{self.account}:{everything}"
        return {
            "StringEquals": {"aws:SourceAccount": self.account},
            "ArnLike": {"aws:SourceArn": any_of},
        }


def topic_statement(topic_arn: str) -> Statement:
    """What the policy of a topic must allow.

    Without conditions, as the page of EventBridge says: it sends none of the keys that they could
    ask for, and a message would be dropped without a word.
    """
    return Statement(principal=_EVENTS, actions=("sns:Publish",), resources=(topic_arn,))


def queue_statement(queue_arn: str, sources: Sources) -> Statement:
    """What the policy of a queue must allow: messages of these rules."""
    return Statement(
        principal=_EVENTS,
        actions=("sqs:SendMessage",),
        resources=(queue_arn,),
        conditions=sources.conditions("events", "rule/*"),
    )


def key_statement(kind: Kind, sources: Sources) -> Statement:
    """What the policy of the key that encrypts a topic or a queue must allow.

    The rule's own ARN would be a circle: the rule names the topic, and the topic its key. SNS says
    that the source's account and ARN do not work for EventBridge; the context of the encryption,
    which names the topic, does.
    """
    topics = f"arn:{sources.partition}:sns:{sources.region}:{sources.account}:*"
    conditions = (
        {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}}
        if kind is Kind.TOPIC
        else {"StringEquals": {"aws:SourceAccount": sources.account}}
    )
    return Statement(
        principal=_EVENTS,
        actions=("kms:Decrypt", "kms:GenerateDataKey*"),
        resources=("*",),
        conditions=conditions,
    )


def alarm_statement(topic_arn: str, sources: Sources) -> Statement:
    """What the policy of a topic must allow for an alarm.

    A topic without a policy lets alarms of its account publish; with one for EventBridge it does
    not any more.
    """
    return Statement(
        principal=_ALARMS,
        actions=("sns:Publish",),
        resources=(topic_arn,),
        conditions=sources.conditions("cloudwatch", "alarm:*"),
    )


def alarm_key_statement(sources: Sources) -> Statement:
    """What the policy of a topic's key must allow for alarms; one alarm's ARN would be a circle."""
    return Statement(
        principal=_ALARMS,
        actions=("kms:Decrypt", "kms:GenerateDataKey*"),
        resources=("*",),
        conditions=replace(sources, arns=()).conditions("cloudwatch", "alarm:*"),
    )


def check_topics(topics: Sequence[object], kinds: Sequence[Kind | None]) -> tuple[Finding, ...]:
    """Whether an alarm is to tell topics, and nothing else.

    :param kinds: what each of them is.
    """
    return tuple(
        _finding(
            "alarm-topic-invalid",
            "topics",
            f"has a {type(topic).__name__}, which is no topic",
            topic,
            "topics of SNS",
            "add other actions to the alarm: alarm.alarm.add_alarm_action(...)",
        )
        for topic, kind in zip(topics, kinds, strict=True)
        if kind is not Kind.TOPIC
    )


def check_target(target: object, kind: object) -> tuple[Finding, ...]:
    """Whether it is something that EventBridge can send to."""
    if isinstance(kind, Kind):
        return ()
    return (
        _finding(
            "event-target-invalid",
            "target",
            f"is a {type(target).__name__}, which gets no events",
            target,
            "a topic, a queue, a function, or a target of aws_events_targets",
            "pass the topic itself, say",
        ),
    )


def check_dead_letters(
    kind: Kind | None, queue: object, queue_kind: Kind | None
) -> tuple[Finding, ...]:
    """Whether a queue for what cannot be delivered can be one here.

    :param kind: what the target is.
    :param queue_kind: what the queue is.
    """
    if queue_kind is not Kind.QUEUE:
        return (
            _finding(
                "event-dead-letters-invalid",
                "dead_letter_queue",
                f"is a {type(queue).__name__}, and no queue",
                queue,
                "a queue of SQS",
                "write dead_letter_queue=sqs.Queue(self, 'Undelivered')",
            ),
        )
    if kind is Kind.OTHER:
        return (
            _finding(
                "event-dead-letters-elsewhere",
                "dead_letter_queue",
                "is given beside a target that has an option of that name itself",
                "dead_letter_queue",
                "dead_letter_queue for a topic, a queue or a function",
                "give it to the target: targets.SfnStateMachine(machine, dead_letter_queue=queue)",
            ),
        )
    return ()


def check_reachable(
    kind: Kind,
    *,
    option: str,
    fifo: bool,
    key_alias: str | None,
    region: str | None,
    home: str | None,
) -> tuple[Finding, ...]:
    """What would keep EventBridge from delivering.

    :param option: the option that the target was given by.
    :param fifo: whether it is a FIFO topic or queue.
    :param key_alias: the alias of the key that encrypts it; None for another key or none.
    :param region: the Region of the target; None where it is filled in at deployment.
    :param home: the Region of the rule, likewise.
    """
    found = []
    if fifo:
        queue = kind is Kind.QUEUE
        found.append(
            _finding(
                "event-target-fifo",
                option,
                "is a FIFO queue, which needs a message group" if queue else "is a FIFO topic",
                "fifo",
                "a standard queue" if queue else "a standard topic",
                "pass targets.SqsQueue(queue, message_group_id='images')"
                if queue
                else "make a standard topic",
            )
        )
    if key_alias is not None and key_alias.startswith("alias/aws/"):
        found.append(
            _finding(
                "event-target-managed-key",
                option,
                "is encrypted with a key of AWS, whose policy does not let EventBridge use it",
                key_alias,
                "a customer key, or the encryption that the service does by itself",
                "encrypt it with a kms.Key of the app",
                docs=SNS_KEY_DOCS if kind is Kind.TOPIC else SQS_KEY_DOCS,
            )
        )
    if region is not None and home is not None and region != home:
        found.append(
            _finding(
                "event-target-elsewhere",
                option,
                "is in another Region than the rule, which delivers to its own alone",
                region,
                home,
                f"make the subscription in a stack of {region}, or the target in {home}",
            )
        )
    return tuple(found)


def check_account(kind: Kind, *, account: str | None, home: str | None) -> tuple[Finding, ...]:
    """Whether EventBridge delivers by the target's policy alone: over accounts it takes a role.

    :param account: the account of the target; None where it is filled in at deployment.
    :param home: the account of the rule, likewise.
    """
    if kind is Kind.OTHER or account is None or home is None or account == home:
        return ()
    noun = kind.name.lower()
    return (
        _finding(
            "event-target-account",
            "target",
            f"is a {noun} of another account, which EventBridge sends to with a role alone",
            account,
            home,
            "make the topic in this account: queues and functions of others may subscribe to it"
            if kind is Kind.TOPIC
            else f"subscribe a topic of this account, and the {noun} to the topic",
            docs=ACCOUNT_DOCS,
        ),
    )


def not_writable(noun: str, statement: Statement) -> Finding:
    """A topic, queue or key of elsewhere, whose policy this app cannot write."""
    return Finding(
        code="event-policy-elsewhere",
        property="target",
        message=f"stands on a {noun} whose policy this app cannot write, so nothing may arrive",
        given=noun,
        allowed=f"a {noun} of the app, or one whose policy has the statement already",
        fix=f"see to it that the {noun}'s policy has {statement}",
        docs=RESOURCE_DOCS,
        severity=Severity.WARNING,
    )


def _finding(
    code: str,
    option: str,
    message: str,
    given: object,
    allowed: str,
    fix: str,
    docs: str = RESOURCE_DOCS,
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
