"""Two apps, and what a deploy of the one would lose of the other."""

from __future__ import annotations

import json

from ecr_constructs.report.diff.collector import diff_sources
from ecr_constructs.report.reading.source import Sources
from tests.report.check.apps import source
from tests.report.check.rules import KEPT, UNDECIDED, resource

ARN = {"Fn::GetAtt": ["Key", "Arn"]}


def repository(name="shop/api", attributes=KEPT, **properties):
    named = {} if name is None else {"RepositoryName": name}
    return resource("AWS::ECR::Repository", {**named, **properties}, **attributes)


def key(attributes=KEPT, **properties):
    return resource("AWS::KMS::Key", properties, **attributes)


def under(by=ARN, kind="KMS"):
    return {"EncryptionConfiguration": {"EncryptionType": kind, "KmsKey": by}}


def rule(number=1, *, count=10, kind="imageCountMoreThan", **selection):
    days = {"countUnit": "days"} if kind.startswith("since") else {}
    tagged = "tagged" if "tagPatternList" in selection else "any"
    return {
        "rulePriority": number,
        "selection": {
            "tagStatus": tagged,
            "countType": kind,
            "countNumber": count,
            **days,
            **selection,
        },
        "action": {"type": "expire"},
    }


def policy(*rules):
    return {"LifecyclePolicyText": json.dumps({"rules": list(rules)})}


def keep(count):
    return policy(rule(count=count))


def sources(given):
    """The sources of resources, of a source, or of several."""
    if isinstance(given, dict):
        given = source(given, template=UNDECIDED)
    return Sources(given if isinstance(given, tuple) else (given,))


def diff(old, new):
    return diff_sources(sources(old), sources(new)).findings


def found(old, new):
    """Logical id, severity and code of each finding."""
    return [
        (each.resource.logical_id, each.finding.severity.value, each.finding.code)
        for each in diff(old, new)
    ]


def codes(old, new):
    return [code for _, _, code in found(old, new)]


def messages(old, new):
    return [each.finding.message for each in diff(old, new)]
