"""Topics, queues and functions as targets, with the policies that let EventBridge reach them.

CDK's own targets let EventBridge of any account publish to a topic's key and, by an older flag,
use a queue's key; the conditions here are those that AWS says work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.deferred import is_deferred
from ...model.events.delivery import (
    Kind,
    Sources,
    alarm_key_statement,
    alarm_statement,
    check_account,
    check_reachable,
    key_statement,
    not_writable,
    queue_statement,
    topic_statement,
)
from ...model.repository.options import offers
from .._jsii import show
from .message import ImageEventMessage

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_kms as kms

    from ...model.findings import Finding
    from ...model.iam.statement import Statement

__all__ = ["account_findings", "admit", "findings_of", "kind_of", "known", "rule_target", "tell"]


@jsii.implements(events.IRuleTarget)
class _Direct:
    """A target that EventBridge reaches by the policy of the resource."""

    def __init__(self, arn: str, dead_letters: str | None) -> None:
        self._arn = arn
        self._dead_letters = dead_letters

    def bind(self, rule: events.IRule, id: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002 - as CDK calls it
        """What CDK writes to the rule."""
        queue = self._dead_letters
        return events.RuleTargetConfig(
            arn=self._arn,
            input=ImageEventMessage(),
            dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=queue)
            if queue is not None
            else None,
        )


def kind_of(target: object) -> Kind | None:
    """What a target is; None for what EventBridge cannot send to."""
    return next((kind for kind in Kind if offers(target, kind.value)), None)


def findings_of(target: Any, kind: Kind, stack: cdk.Stack, *, option: str) -> tuple[Finding, ...]:
    """What would keep events from arriving, as far as the app knows."""
    if kind is Kind.OTHER:
        return ()
    region = target.env.region
    alias = getattr(_key_of(target, kind), "alias_name", None)
    managed = kind is Kind.QUEUE and str(getattr(target, "encryption_type", "")).endswith(
        "KMS_MANAGED"
    )
    return check_reachable(
        kind,
        option=option,
        fifo=kind is not Kind.FUNCTION and target.fifo is True,
        key_alias=f"alias/aws/{kind.service}" if managed else alias,
        region=None if is_deferred(region) else region,
        home=None if is_deferred(stack.region) else stack.region,
    )


def account_findings(target: Any, kind: Kind, stack: cdk.Stack) -> tuple[Finding, ...]:
    """What keeps a rule from a target of another account, as far as the app knows."""
    if kind is Kind.OTHER:
        return ()
    account, home = known(target.env.account, stack.account)
    return check_account(kind, account=account, home=home)


def rule_target(target: Any, kind: Kind, dead_letters: Any) -> events.IRuleTarget:
    """The target as a rule takes it."""
    if kind is Kind.OTHER:
        return cast("events.IRuleTarget", target)
    queue = dead_letters.queue_arn if dead_letters is not None else None
    return cast("events.IRuleTarget", _Direct(getattr(target, kind.value), queue))


def admit(scope: Construct, target: Any, kind: Kind, rules: Sequence[events.Rule]) -> None:
    """Let the rules, and nobody else, send to the target."""
    sources = _sources(scope, target, [rule.rule_arn for rule in rules])
    match kind:
        case Kind.TOPIC:
            _add(scope, target, topic_statement(target.topic_arn), "topic")
        case Kind.QUEUE:
            _add(scope, target, queue_statement(target.queue_arn, sources), "queue")
        case Kind.FUNCTION:
            for rule in rules:
                cdk.CfnResource(
                    scope,
                    f"{rule.node.id}Permission",
                    type="AWS::Lambda::Permission",
                    properties={
                        "Action": "lambda:InvokeFunction",
                        "FunctionName": target.function_arn,
                        "Principal": "events.amazonaws.com",
                        "SourceArn": rule.rule_arn,
                    },
                )
        case Kind.OTHER:
            return
    key = _key_of(target, kind)
    if key is not None:
        _add(scope, key, key_statement(kind, sources), "key")


def tell(scope: Construct, alarm: cloudwatch.Alarm, topics: Sequence[Any]) -> None:
    """Let an alarm, and no other, publish to topics when it rings."""
    if not topics:
        return
    # Imported here: only whoever has alarms pays for the module.
    from aws_cdk import aws_cloudwatch_actions as actions  # noqa: PLC0415

    for topic in topics:
        alarm.add_alarm_action(actions.SnsAction(topic))
        sources = _sources(scope, topic, [alarm.alarm_arn])
        _add(scope, topic, alarm_statement(topic.topic_arn, sources), "topic")
        key = _key_of(topic, Kind.TOPIC)
        if key is not None:
            _add(scope, key, alarm_key_statement(sources), "key")


def known(*parts: str) -> tuple[str | None, ...]:
    """Each part, or None where it is filled in at deployment."""
    return tuple(None if is_deferred(part) else part for part in parts)


def _sources(scope: Construct, target: Any, arns: Sequence[str]) -> Sources:
    stack = cdk.Stack.of(scope)
    # The sender names the target. Were the target's policy to name the sender, neither of their
    # stacks could be deployed first. A target of CDK that is no construct writes policies itself.
    near = isinstance(target, Construct) and cdk.Stack.of(target) == stack
    return Sources(
        arns=arns if near else (),
        partition=stack.partition,
        region=stack.region,
        account=stack.account,
    )


def _key_of(target: Any, kind: Kind) -> kms.IKey | None:
    match kind:
        case Kind.TOPIC:
            return cast("kms.IKey | None", getattr(target, "master_key", None))
        case Kind.QUEUE:
            return cast("kms.IKey | None", target.encryption_master_key)
        case _:
            return None


def _add(scope: Construct, resource: Any, statement: Statement, noun: str) -> None:
    added = resource.add_to_resource_policy(iam.PolicyStatement.from_json(statement.to_json()))
    if not added.statement_added:
        show([not_writable(noun, statement)], scope)
