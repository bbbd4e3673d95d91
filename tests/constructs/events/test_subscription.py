"""Subscriptions in templates: what is selected, what arrives, and who may send."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions

from ecr_constructs import (
    EventSubscription,
    FindingSeverity,
    ImageEvent,
    ImageEventMessage,
    InvalidInputError,
    QuotaAlarm,
    RegistryUsage,
    ScanFindings,
    SecureRepository,
)
from ecr_constructs.model.events.matching import matches
from ecr_constructs.model.events.messages import Message, rendered

from ...events.examples import changed, event
from ..conftest import OTHER, SHOP, resources, templates

ACCOUNT, REGION = SHOP
THEIR_QUEUE = f"arn:aws:sqs:{OTHER[1]}:{OTHER[0]}:events"
THEIR_FUNCTION = f"arn:aws:lambda:{OTHER[1]}:{OTHER[0]}:function:act"


def resolved(value):
    """A template's value with the partition filled in, as CloudFormation does it."""
    if isinstance(value, list):
        return [resolved(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Join"}:
        separator, parts = value["Fn::Join"]
        return separator.join(resolved(part) for part in parts)
    if value == {"Ref": "AWS::Partition"}:
        return "aws"
    return {key: resolved(entry) for key, entry in value.items()}


def rules_of(template, subscription):
    """The properties of the rules of a subscription, by the ids of the constructs."""
    return {
        logical_id[len(subscription) : -8]: resolved(rule["Properties"])
        for logical_id, rule in resources(template, "AWS::Events::Rule").items()
        if logical_id.startswith(subscription)
    }


def here(name, repository):
    """A recorded event of a repository of this account and Region."""
    given = json.loads(
        json.dumps(event(name))
        .replace(event(name)["account"], ACCOUNT)
        .replace(event(name)["region"], REGION)
        .replace("amazon/amazon-ecs-sample", repository)
    )
    detail = given["detail"]
    if "repository-name" in detail and not detail["repository-name"].startswith("arn:"):
        detail["repository-name"] = repository
    return given


def delivered(rules, given):
    """The messages that arrive for an event, as targets get them."""
    found = []
    for rule in rules.values():
        if matches(rule["EventPattern"], given):
            (target,) = rule["Targets"]
            transformer = target["InputTransformer"]
            message = Message(
                paths=transformer["InputPathsMap"], template=transformer["InputTemplate"]
            )
            found.append(json.loads(rendered(message, given)))
    return found


def service_statements(template, kind):
    return [
        statement
        for made in resources(template, kind).values()
        for statement in (
            made["Properties"].get("PolicyDocument") or made["Properties"].get("KeyPolicy")
        )["Statement"]
        if "Service" in statement["Principal"]
    ]


def test_findings_of_both_scanners_arrive_at_a_topic_in_one_shape(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    topic = sns.Topic(stack, "Topic")
    subscription = EventSubscription(
        stack,
        "Scans",
        events=[ScanFindings(at_least=FindingSeverity.MEDIUM)],
        repositories=[api],
        prefixes=["base/"],
        target=topic,
    )
    assert len(subscription.rules) == 3
    template = templates(app)["Shop"]
    rules = rules_of(template, "Scans")
    assert set(rules) == {"BasicScan", "EnhancedScan", "EnhancedFinding"}
    kinds = {
        "basic_scan": "image-scanned",
        "enhanced_scan": "image-scanned",
        "enhanced_finding": "finding",
    }
    for name, kind in kinds.items():
        for repository in ("shop/api", "base/python"):
            (found,) = delivered(rules, here(name, repository))
            arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}"
            assert (found["kind"], found["repository_arn"]) == (kind, arn)
        assert delivered(rules, here(name, "shop/web")) == []
        assert delivered(rules, here(name, "shop/api-2")) == []
    low = changed(here("enhanced_finding", "shop/api"), "detail.severity", "LOW")
    assert delivered(rules, low) == []
    # EventBridge sends none of the keys that a condition of a topic's policy could ask for.
    assert service_statements(template, "AWS::SNS::TopicPolicy") == [
        {
            "Action": "sns:Publish",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Resource": {"Ref": next(iter(resources(template, "AWS::SNS::Topic")))},
            "Sid": "0",
        }
    ]


def test_a_queue_takes_what_its_rules_send_and_nothing_else(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    key = kms.Key(stack, "Key")
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    undelivered = sqs.Queue(stack, "Undelivered")
    EventSubscription(
        stack,
        "Pushes",
        events=[ImageEvent.PUSHED, ImageEvent.DELETED],
        repositories=[api],
        target=queue,
        dead_letter_queue=undelivered,
    )
    template = templates(app)["Shop"]
    rules = rules_of(template, "Pushes")
    (found,) = delivered(rules, here("image_pushed", "shop/api"))
    assert (found["kind"], found["tag"]) == ("image-pushed", "latest")
    assert delivered(rules, here("image_archived", "shop/api")) == []
    arns = [
        {"Fn::GetAtt": [logical_id, "Arn"]}
        for logical_id in resources(template, "AWS::Events::Rule")
    ]
    statements = service_statements(template, "AWS::SQS::QueuePolicy")
    assert len(statements) == 2
    for statement in statements:
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": arns}}
    (of_key,) = service_statements(template, "AWS::KMS::Key")
    assert of_key["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert of_key["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    dead = next(name for name in resources(template, "AWS::SQS::Queue") if "Undel" in name)
    for rule in rules.values():
        (target,) = rule["Targets"]
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [dead, "Arn"]}}


def test_the_key_of_a_topic_is_used_for_topics_of_the_account(app, stack):
    key = kms.Key(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)
    EventSubscription(stack, "Cached", events=[ImageEvent.CACHED], target=topic)
    (of_key,) = service_statements(templates(app)["Shop"], "AWS::KMS::Key")
    assert resolved(of_key["Condition"]) == {
        "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:*"}
    }


def test_a_function_is_invoked_by_its_rules(app, stack):
    function = lambda_.Function.from_function_arn(
        stack, "Function", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:act"
    )
    EventSubscription(
        stack, "All", events=[ImageEvent.SIGNED, ImageEvent.REPLICATED], target=function
    )
    template = templates(app)["Shop"]
    permissions = [
        made["Properties"] for made in resources(template, "AWS::Lambda::Permission").values()
    ]
    assert {made["Principal"] for made in permissions} == {"events.amazonaws.com"}
    assert [made["SourceArn"] for made in permissions] == [
        {"Fn::GetAtt": [logical_id, "Arn"]}
        for logical_id in resources(template, "AWS::Events::Rule")
    ]
    rules = rules_of(template, "All")
    # Without a filter, whatever comes to the bus.
    (found,) = delivered(rules, event("image_replicated"))
    assert found["kind"] == "image-replicated"
    assert "account" not in rules["ImageReplicated"]["EventPattern"]


def test_a_target_of_cdk_gets_what_it_says(app, stack):
    machine = stepfunctions.StateMachine.from_state_machine_name(stack, "Machine", "act")
    EventSubscription(
        stack, "Raw", events=[ImageEvent.PUSHED], target=targets.SfnStateMachine(machine)
    )
    EventSubscription(
        stack,
        "Shaped",
        events=[ImageEvent.PUSHED],
        target=targets.SfnStateMachine(machine, input=ImageEventMessage()),
    )
    template = templates(app)["Shop"]
    ((raw,), (shaped,)) = (
        rules_of(template, name)["ImagePushed"]["Targets"] for name in ("Raw", "Shaped")
    )
    assert "InputTransformer" not in raw
    (found,) = delivered(rules_of(template, "Shaped"), event("image_pushed"))
    assert found["kind"] == "image-pushed"
    assert shaped["RoleArn"] == raw["RoleArn"]


def test_the_message_is_for_rules_of_subscriptions(stack):
    queue = sqs.Queue(stack, "Queue")
    rule = events.Rule(stack, "Rule", event_pattern=events.EventPattern(source=["aws.ecr"]))
    with pytest.raises(RuntimeError, match="no rule of an EventSubscription"):
        rule.add_target(targets.SqsQueue(queue, message=ImageEventMessage()))


def test_what_is_in_other_stacks_is_no_circle(app, stack):
    """The rule's stack needs the target's; the target's policy must not need the rule's."""
    other = cdk.Stack(app, "Targets", env=cdk.Environment(account=ACCOUNT, region=REGION))
    key = kms.Key(other, "Key")
    topic = sns.Topic(other, "Topic", master_key=key)
    queue = sqs.Queue(other, "Queue", encryption_master_key=key)
    function = lambda_.Function(
        other,
        "Function",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_12,
    )
    images = cdk.Stack(app, "Images", env=cdk.Environment(account=ACCOUNT, region=REGION))
    unnamed = SecureRepository(images, "Api")
    for number, target in enumerate((topic, queue, function)):
        EventSubscription(
            stack,
            f"Pushes{number}",
            events=[ImageEvent.PUSHED],
            repositories=[unnamed],
            target=target,
            dead_letter_queue=queue,
        )
    QuotaAlarm(stack, "Pulls", usage=RegistryUsage.PULLS, topics=[topic])
    made = templates(app)
    assert {other.stack_name, images.stack_name} == {
        dependency.stack_name for dependency in stack.dependencies
    }
    of_queue = service_statements(made["Targets"], "AWS::SQS::QueuePolicy")
    of_topic = service_statements(made["Targets"], "AWS::SNS::TopicPolicy")
    conditions = [
        resolved(one["Condition"]) for one in [*of_queue, *of_topic] if "Condition" in one
    ]
    assert {
        (one["StringEquals"]["aws:SourceAccount"], one["ArnLike"]["aws:SourceArn"])
        for one in conditions
    } == {
        (ACCOUNT, f"arn:aws:events:{REGION}:{ACCOUNT}:rule/*"),
        (ACCOUNT, f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"),
    }
    assert len(resources(made["Shop"], "AWS::Lambda::Permission")) == 1


@pytest.mark.parametrize("kind", ["adopted", "plain", "unnamed"])
def test_any_repository_is_subscribed_to(app, stack, kind):
    repository = {
        "adopted": lambda: SecureRepository.from_repository_name(stack, "Api", "shop/old"),
        "plain": lambda: ecr.Repository(stack, "Api", repository_name="plain"),
        "unnamed": lambda: SecureRepository(stack, "Api"),
    }[kind]()
    queue = sqs.Queue(stack, "Queue")
    EventSubscription(
        stack, "Pushes", events=[ImageEvent.PUSHED], repositories=[repository], target=queue
    )
    template = templates(app)["Shop"]
    (rule,) = rules_of(template, "Pushes").values()
    (name,) = rule["EventPattern"]["detail"]["repository-name"]
    # A repository of the stack is named by its resource, so that it is made first.
    made = resources(template, "AWS::ECR::Repository")
    assert name == ("shop/old" if kind == "adopted" else {"Ref": next(iter(made))})


def test_a_policy_that_cannot_be_written_is_told_with_the_statement(app, stack):
    key_arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-4000-8000-000000000000"
    theirs = {
        "Queue": sqs.Queue.from_queue_attributes(
            stack, "Queue", queue_arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:theirs", key_arn=key_arn
        ),
        "Topic": sns.Topic.from_topic_attributes(
            stack, "Topic", topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:theirs", key_arn=key_arn
        ),
    }
    told = {
        name: EventSubscription(stack, f"To{name}", events=[ImageEvent.PUSHED], target=target)
        for name, target in theirs.items()
    }
    app.synth()
    for name, action in {"Queue": "sqs:SendMessage", "Topic": "sns:Publish"}.items():
        warnings = [
            entry.data for entry in told[name].node.metadata if entry.type == "aws:cdk:warning"
        ]
        assert len(warnings) == 2
        assert all("event-policy-elsewhere" in warning for warning in warnings)
        assert [action in warning for warning in warnings] == [True, False]
        assert ["kms:GenerateDataKey*" in warning for warning in warnings] == [False, True]


# The subscription without this argument, and the code of what is said of it.
WRONG = {
    "events": {
        "event-invalid": [[], ["PUSH"], ImageEvent.PUSHED],
        "event-severity-invalid": [[ScanFindings(at_least="HIGH")]],
    },
    "prefixes": {"event-prefix-invalid": [["shop/*"], ["SHOP"]], "option-type": ["shop/"]},
    "target": {"event-target-invalid": [None, "arn:aws:sns:eu-west-1:111111111111:t"]},
    "dead_letter_queue": {"event-dead-letters-invalid": ["queue"]},
}


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        (option, value, code)
        for option, cases in WRONG.items()
        for code, values in cases.items()
        for value in values
    ],
)
def test_bad_input_is_refused_before_anything_is_made(option, value, code):
    stack = cdk.Stack(cdk.App(), "Shop")
    topic = sns.Topic(stack, "Topic")
    given = {"events": [ImageEvent.PUSHED], "target": topic, option: value}
    with pytest.raises(InvalidInputError, match=r"^\[Shop/Pushes\] ") as caught:
        EventSubscription(stack, "Pushes", **given)
    assert caught.value.code == code
    assert stack.node.try_find_child("Pushes") is None


def test_what_eventbridge_cannot_deliver_to_is_refused(app, stack):
    there = cdk.Stack(app, "There", env=cdk.Environment(account=OTHER[0], region=OTHER[1]))
    away = cdk.Stack(app, "Away", env=cdk.Environment(account=ACCOUNT, region="us-east-1"))
    managed = kms.Alias.from_alias_name(stack, "Managed", "alias/aws/sns")
    queue = sqs.Queue(stack, "Queue")
    cases = {
        "event-target-fifo": [
            {"target": sqs.Queue(stack, "Ordered", fifo=True)},
            {"target": sns.Topic(stack, "OrderedTopic", fifo=True)},
            {"target": queue, "dead_letter_queue": sqs.Queue(stack, "OrderedDead", fifo=True)},
        ],
        "event-target-managed-key": [
            {"target": sqs.Queue(stack, "OfAws", encryption=sqs.QueueEncryption.KMS_MANAGED)},
            {"target": sns.Topic(stack, "TopicOfAws", master_key=managed)},
        ],
        "event-target-elsewhere": [{"target": sns.Topic(away, "Topic")}],
        "event-target-account": [
            {"target": sns.Topic(there, "Topic")},
            {"target": sqs.Queue.from_queue_arn(stack, "Theirs", THEIR_QUEUE)},
            {"target": lambda_.Function.from_function_arn(stack, "Function", THEIR_FUNCTION)},
        ],
        "event-elsewhere": [
            {"target": queue, "repositories": [SecureRepository(there, "Api")]},
            {"target": queue, "repositories": [SecureRepository(away, "Api")]},
        ],
        "event-dead-letters-elsewhere": [
            {"target": targets.SqsQueue(queue), "dead_letter_queue": queue}
        ],
        "event-pattern-too-long": [{"target": queue, "prefixes": [f"p{n:050}" for n in range(50)]}],
    }
    for code, given in cases.items():
        for options in given:
            with pytest.raises(InvalidInputError) as caught:
                EventSubscription(stack, "Pushes", events=[ImageEvent.PUSHED], **options)
            assert caught.value.code == code
    assert stack.node.try_find_child("Pushes") is None
