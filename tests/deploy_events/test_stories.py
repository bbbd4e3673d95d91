"""What is put on the bus arrives where it is subscribed to, in the one shape, and nothing else.

The embedded AWS matches patterns and transforms as EventBridge does, with two gaps: it reads no
index of a list in a path (a tag or an image that is the first of a list comes out empty), and it
asks no policy of a topic or queue whether EventBridge may send. Nothing there scans: the test puts
recorded events, and since nobody may put events of AWS's services, rules and events have sources of
other names.
"""

from __future__ import annotations

import json

import pytest

from ecr_constructs.model.events.matching import matches
from embedded_aws.account import policy_document

from ..events.examples import changed


def in_order(messages):
    return sorted((message["kind"], message["repository_arn"]) for message in messages)


def test_pushes_arrive_in_the_queue_in_the_one_shape(story):
    deployed = story("pushes_to_queue")
    queue = deployed.id_of("Images")
    pushed = deployed.here("image_pushed", "shop/api")
    deployed.put(
        pushed,
        deployed.here("image_deleted", "shop/web"),
        deployed.here("replication_failed", "shop/api"),
        # Another team's, another kind, and a push that failed.
        deployed.here("image_pushed", "base/python"),
        deployed.here("image_archived", "shop/api"),
        changed(pushed, "detail.result", "FAILURE"),
    )
    messages = [json.loads(body) for body in deployed.taken(queue)]
    api, web = (deployed.repository_arn(name) for name in ("shop/api", "shop/web"))
    assert in_order(messages) == [
        ("image-deleted", web),
        ("image-pushed", api),
        ("image-replication-failed", api),
    ]
    (found,) = [message for message in messages if message["kind"] == "image-pushed"]
    assert found["version"] == "1"
    assert found["account"] == deployed.account.id
    assert found["region"] == "eu-west-1"
    assert found["digest"] == pushed["detail"]["image-digest"]
    assert found["tag"] == "latest"
    assert (found["scanner"], found["severity"], found["severity_counts"]) == ("", "", {})
    assert found["detail"] == pushed["detail"]
    assert deployed.taken(deployed.id_of("Undelivered")) == []


def test_findings_of_both_scanners_arrive_at_the_topic(story):
    deployed = story("scan_findings_to_topic")
    topic = deployed.id_of("OnCall")
    arn = f"arn:aws:sqs:eu-west-1:{deployed.account.id}:pager"
    of_topic = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    queue = deployed.account.client("sqs").create_queue(
        QueueName="pager", Attributes={"Policy": policy_document([of_topic])}
    )["QueueUrl"]
    deployed.account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    basic = deployed.here("basic_scan", "shop/api")
    enhanced = deployed.here("enhanced_scan", "base/python")
    finding = changed(deployed.here("enhanced_finding", "shop/api"), "detail.severity", "HIGH")
    deployed.put(
        basic,
        enhanced,
        finding,
        # Not severe enough, closed, of another repository, and of no image at all.
        changed(basic, "detail.finding-severity-counts", {"MEDIUM": 9}),
        changed(finding, "detail.severity", "MEDIUM"),
        changed(finding, "detail.status", "CLOSED"),
        deployed.here("basic_scan", "shop/other"),
        deployed.here("enhanced_scan", "shop/api-2"),
        deployed.here("instance_scan", "shop/api"),
        deployed.here("function_finding", "shop/api"),
    )
    messages = [json.loads(json.loads(body)["Message"]) for body in deployed.taken(queue)]
    assert len(messages) == 3
    told = {(message["kind"], message["scanner"]): message for message in messages}
    assert set(told) == {
        ("image-scanned", "basic"),
        ("image-scanned", "enhanced"),
        ("finding", "enhanced"),
    }
    scanned = told["image-scanned", "basic"]
    assert scanned["repository_arn"] == deployed.repository_arn("shop/api")
    assert scanned["severity_counts"] == {"CRITICAL": 10, "MEDIUM": 9}
    rescanned = told["image-scanned", "enhanced"]
    assert rescanned["repository_arn"] == deployed.repository_arn("base/python")
    assert rescanned["severity_counts"]["TOTAL"] == 158
    found = told["finding", "enhanced"]
    assert found["severity"] == "HIGH"
    assert found["detail"] == finding["detail"]


def test_rules_and_targets_are_read_back_as_they_were_written(story):
    for name in ("pushes_to_queue", "scan_findings_to_topic"):
        deployed = story(name)
        events = deployed.account.client("events")
        rules = deployed.of_type("AWS::Events::Rule")
        assert rules
        for rule_name, written in rules.items():
            rule = events.describe_rule(Name=rule_name)
            pattern = json.loads(rule["EventPattern"])
            assert pattern["detail-type"] == written["EventPattern"]["detail-type"]
            assert rule["State"] == "ENABLED"
            (target,) = events.list_targets_by_rule(Rule=rule_name)["Targets"]
            assert (
                target["InputTransformer"]["InputPathsMap"]
                == written["Targets"][0]["InputTransformer"]["InputPathsMap"]
            )
            # EventBridge's own question: does the pattern take the event?
            given = deployed.here("image_pushed", "shop/api")
            answer = events.test_event_pattern(
                EventPattern=rule["EventPattern"], Event=json.dumps(given)
            )
            assert answer["Result"] is matches(pattern, given)


def test_an_alarm_is_read_back_with_its_metric_and_topic(story):
    deployed = story("pull_alarm")
    (topic,) = deployed.of_type("AWS::SNS::Topic")
    alarms = deployed.account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == set(
        deployed.of_type("AWS::CloudWatch::Alarm")
    )
    for alarm in alarms:
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ECR", "RepositoryPullCount")
        assert alarm["Dimensions"] == [{"Name": "RepositoryName", "Value": "shop/api"}]
        assert alarm["AlarmActions"] == [topic]
    missing = {alarm["ComparisonOperator"]: alarm["TreatMissingData"] for alarm in alarms}
    assert missing == {
        "LessThanThreshold": "breaching",
        "GreaterThanThreshold": "notBreaching",
    }


def test_alarms_on_quotas_are_what_the_embedded_aws_lacks(story):
    """It makes no alarm of an expression; the template itself is validated with the examples."""
    with pytest.raises(AssertionError, match=r"metric math\) is not supported"):
        story("quota_alarm")
