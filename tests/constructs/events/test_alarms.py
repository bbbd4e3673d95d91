"""Alarms in templates: on metrics that AWS documents, and heard by encrypted topics."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from ecr_constructs import (
    EventSubscription,
    ImageEvent,
    InvalidInputError,
    PullCountAlarm,
    QuotaAlarm,
    RegistryUsage,
    SecureRepository,
)

from ..conftest import OTHER, SHOP, resources, templates


def alarm(template, name):
    (found,) = [
        made["Properties"]
        for logical_id, made in resources(template, "AWS::CloudWatch::Alarm").items()
        if logical_id.startswith(name)
    ]
    return found


def test_pulls_are_watched_for_many_and_for_none(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    busy = PullCountAlarm(stack, "Busy", repository=api, more_than=1000)
    PullCountAlarm(stack, "Idle", repository=api, fewer_than=1, minutes=1440)
    assert busy.metric.metric_name == "RepositoryPullCount"
    assert busy.alarm.node.path == "Shop/Busy/Default"
    template = templates(app)["Shop"]
    repository = {"Ref": next(iter(resources(template, "AWS::ECR::Repository")))}
    common = {
        "Namespace": "AWS/ECR",
        "MetricName": "RepositoryPullCount",
        "Dimensions": [{"Name": "RepositoryName", "Value": repository}],
        "Statistic": "Sum",
        "EvaluationPeriods": 1,
    }
    expected = {
        "Busy": {
            "Threshold": 1000,
            "Period": 300,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        },
        "Idle": {
            "Threshold": 1,
            "Period": 86400,
            "ComparisonOperator": "LessThanThreshold",
            # Nobody pulls: there is no data at all.
            "TreatMissingData": "breaching",
        },
    }
    for name, special in expected.items():
        found = alarm(template, name)
        del found["AlarmDescription"]
        assert found == {**common, **special}


def test_quotas_are_watched_by_the_part_that_is_used(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    QuotaAlarm(stack, "Pulls", usage=RegistryUsage.PULLS)
    QuotaAlarm(stack, "Images", usage=RegistryUsage.IMAGES, repository=api, percent=95.5)
    template = templates(app)["Shop"]
    pulls, images = alarm(template, "Pulls"), alarm(template, "Images")
    assert (pulls["Threshold"], images["Threshold"]) == (80, 95.5)
    expected = {
        "CallCount": (60, "Sum", {"Type": "API", "Resource": "BatchGetImage", "Class": "None"}),
        "ResourceCount": (
            300,
            "Maximum",
            {"Type": "RESOURCE", "Resource": "ImagesPerRepositoryCount"},
        ),
    }
    for found, name in ((pulls, "CallCount"), (images, "ResourceCount")):
        period, statistic, dimensions = expected[name]
        expression, used = found["Metrics"]
        assert expression["Expression"] == "used / SERVICE_QUOTA(used) * 100"
        assert (used["Id"], used["ReturnData"]) == ("used", False)
        metric = used["MetricStat"]
        assert (metric["Period"], metric["Stat"]) == (period, statistic)
        assert (metric["Metric"]["Namespace"], metric["Metric"]["MetricName"]) == (
            "AWS/Usage",
            name,
        )
        given = {entry["Name"]: entry["Value"] for entry in metric["Metric"]["Dimensions"]}
        resource_id = given.pop("ResourceId", None)
        assert given == {"Service": "ECR", **dimensions}
        assert (resource_id is None) is (name == "CallCount")


def test_topics_hear_alarms_beside_events(app, stack):
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    EventSubscription(stack, "Pushes", events=[ImageEvent.PUSHED], target=topic)
    QuotaAlarm(stack, "Pulls", usage=RegistryUsage.PULLS, topics=[topic])
    template = templates(app)["Shop"]
    (logical_id,) = resources(template, "AWS::CloudWatch::Alarm")
    assert alarm(template, "Pulls")["AlarmActions"] == [
        {"Ref": next(iter(resources(template, "AWS::SNS::Topic")))}
    ]
    (policy,) = resources(template, "AWS::SNS::TopicPolicy").values()
    statements = {
        statement["Principal"]["Service"]: statement.get("Condition")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    }
    assert statements == {
        "events.amazonaws.com": None,
        "cloudwatch.amazonaws.com": {
            "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [logical_id, "Arn"]}}
        },
    }
    (key,) = resources(template, "AWS::KMS::Key").values()
    of_key = {
        statement["Principal"]["Service"]: set(statement["Condition"])
        for statement in key["Properties"]["KeyPolicy"]["Statement"]
        if "Service" in statement["Principal"]
    }
    assert of_key == {
        "events.amazonaws.com": {"ArnLike"},
        "cloudwatch.amazonaws.com": {"StringEquals", "ArnLike"},
    }


def test_bad_input_is_refused_before_anything_is_made(app, stack):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=OTHER[0], region=SHOP[1]))
    theirs = SecureRepository(other, "Api", repository_name="shop/api")
    queue = sqs.Queue(stack, "Queue")
    pulls = {
        "alarm-bound": [{}, {"more_than": 1, "fewer_than": 1}, {"fewer_than": 0}],
        "alarm-period": [{"more_than": 1, "minutes": 2}],
        "event-elsewhere": [{"more_than": 1, "repository": theirs}],
        "alarm-topic-invalid": [{"more_than": 1, "topics": [queue]}],
        "option-type": [{"more_than": 1, "topics": "topic"}],
    }
    quotas = {
        "usage-unknown": [{"usage": "PutImage"}],
        "usage-repository": [
            {"usage": RegistryUsage.IMAGES},
            {"usage": RegistryUsage.PUSHES, "repository": api},
        ],
        "alarm-percent": [{"percent": 0}, {"percent": 200}],
        "event-elsewhere": [{"usage": RegistryUsage.IMAGES, "repository": theirs}],
    }
    for code, given in pulls.items():
        for options in given:
            with pytest.raises(InvalidInputError, match=r"^\[Shop/Alarm\] ") as caught:
                PullCountAlarm(stack, "Alarm", **{"repository": api, **options})
            assert caught.value.code == code
    for code, given in quotas.items():
        for options in given:
            with pytest.raises(InvalidInputError, match=r"^\[Shop/Alarm\] ") as caught:
                QuotaAlarm(stack, "Alarm", **{"usage": RegistryUsage.PULLS, **options})
            assert caught.value.code == code
    assert stack.node.try_find_child("Alarm") is None
