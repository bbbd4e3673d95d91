"""Templates for the rules of one topic, and what such a topic says of them."""

from __future__ import annotations

from ecr_constructs.report.template.app import App

from .apps import source

STAGE = {"Parameters": {"Stage": {"Type": "String"}}}
UNDECIDED = {**STAGE, "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}}
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def resource(kind, properties=None, **attributes):
    return {"Type": kind, "Properties": properties or {}, **attributes}


def either(yes, no):
    return {"Fn::If": ["IsProd", yes, no]}


def located(rule, *sources):
    return list(rule(App(sources)))


def found(rule, resources, **more):
    """The logical id and code of each finding."""
    more = {"template": UNDECIDED, **more}
    return [
        (each.resource.logical_id, each.finding.code)
        for each in located(rule, source(resources, **more))
    ]


def messages(rule, resources, **more):
    more = {"template": UNDECIDED, **more}
    return [each.finding.message for each in located(rule, source(resources, **more))]
