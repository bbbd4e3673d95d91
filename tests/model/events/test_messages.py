"""The one shape: a JSON object with the same fields, whatever the event has and lacks."""

import json

import pytest

from ecr_constructs.model.events.messages import message_for, rendered, selection_with_id
from ecr_constructs.model.events.selections import ImageEvent, ScanFindings, selections_of
from ecr_constructs.model.events.severity import FindingSeverity

from ...events.examples import NAMES, changed, event, signature_pushed
from .subscribed import selected

FIELDS = {
    "version": str,
    "kind": str,
    "id": str,
    "account": str,
    "region": str,
    "time": str,
    "repository_arn": str,
    "digest": str,
    "tag": str,
    "scanner": str,
    "severity": str,
    "severity_counts": dict,
    "detail": dict,
}
EXPECTED = {
    "image_pushed": {
        "kind": "image-pushed",
        "repository_arn": "arn:aws:ecr:us-west-2:123456789012:repository/my-repository-name",
        "tag": "latest",
    },
    "image_deleted": {"kind": "image-deleted", "tag": "latest"},
    "image_archived": {"kind": "image-archived", "tag": ""},
    "image_restored": {
        "kind": "image-restored",
        "repository_arn": "arn:aws:ecr:us-east-1:123456789012:repository/ubuntu",
        "tag": "",
    },
    "image_replicated": {
        "kind": "image-replicated",
        "repository_arn": "arn:aws:ecr:us-east-1:123456789012:repository/docker-hub/alpine",
        "tag": "3.17.2",
    },
    "image_cached": {
        "kind": "image-cached",
        "repository_arn": "arn:aws:ecr:us-west-2:123456789012:repository/docker-hub/alpine",
        "tag": "3.17.2",
    },
    "replication_failed": {"kind": "image-replication-failed", "tag": "latest"},
    "basic_scan": {
        "kind": "image-scanned",
        "repository_arn": "arn:aws:ecr:us-east-1:123456789012:repository/my-repository-name",
        "scanner": "basic",
        "severity_counts": {"CRITICAL": 10, "MEDIUM": 9},
        "tag": "",
    },
    "enhanced_scan": {
        "kind": "image-scanned",
        "repository_arn": "arn:aws:ecr:us-east-2:123456789012:repository/amazon/amazon-ecs-sample",
        "scanner": "enhanced",
        "severity_counts": {"CRITICAL": 7, "HIGH": 61, "MEDIUM": 62, "TOTAL": 158},
        "tag": "latest",
    },
    "enhanced_finding": {
        "kind": "finding",
        "repository_arn": "arn:aws:ecr:us-east-2:123456789012:repository/amazon/amazon-ecs-sample",
        "scanner": "enhanced",
        "severity": "MEDIUM",
        "severity_counts": {},
        "tag": "latest",
    },
    "scanning_changed": {
        "kind": "scanning-changed",
        "repository_arn": "arn:aws:ecr:us-east-1:123456789012:repository/repository-1",
        "digest": "",
    },
}
# Of these nothing arrives: they are of no image, of one without findings, or of a referrer.
SILENT = {
    "enhanced_scan_clean",
    "function_finding",
    "instance_scan",
    "machine_image_scan",
    "referrer_restored",
}
EVERYTHING = [*ImageEvent, ScanFindings(at_least=FindingSeverity.UNTRIAGED)]


def delivered(given):
    ((selection),) = [one for kind in EVERYTHING for one in selected(kind, given)]
    return json.loads(rendered(message_for(selection, partition="aws"), given))


def test_every_recorded_event_is_said():
    assert sorted({*EXPECTED, *SILENT}) == NAMES


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_event_arrives_in_the_shape(name):
    given = event(name)
    found = delivered(given)
    assert {field: type(value) for field, value in found.items()} == FIELDS
    assert {field: found[field] for field in EXPECTED[name]} == EXPECTED[name]
    assert found["detail"] == given["detail"]
    for field in ("id", "account", "region", "time"):
        assert found[field] == given[field]


def test_the_digest_is_that_of_the_image():
    for name in ("image_pushed", "basic_scan", "enhanced_scan"):
        assert delivered(event(name))["digest"] == event(name)["detail"]["image-digest"]
    image = event("enhanced_finding")["detail"]["resources"][0]["details"]["awsEcrContainerImage"]
    assert delivered(event("enhanced_finding"))["digest"] == image["imageHash"]
    assert delivered(signature_pushed())["kind"] == "image-signed"


@pytest.mark.parametrize(
    ("name", "way", "missing"),
    [
        ("image_pushed", ["detail"], "image-tag"),
        ("image_deleted", ["detail"], "image-tag"),
        ("basic_scan", ["detail"], "image-tags"),
        ("enhanced_scan", ["detail"], "image-tags"),
        (
            "enhanced_finding",
            ["detail", "resources", 0, "details", "awsEcrContainerImage"],
            "imageTags",
        ),
        ("image_cached", ["detail"], "image-digest"),
    ],
)
def test_what_an_event_lacks_is_empty_and_the_message_stays_json(name, way, missing):
    given = event(name)
    place = given
    for step in way:
        place = place[step]
    del place[missing]
    found = delivered(given)
    assert {field: type(value) for field, value in found.items()} == FIELDS
    assert found["digest" if "digest" in missing else "tag"] == ""


def test_the_first_tag_is_told_and_the_details_have_all():
    found = delivered(changed(event("basic_scan"), "detail.image-tags", ["v1", "stable"]))
    assert found["tag"] == "v1"
    assert found["detail"]["image-tags"] == ["v1", "stable"]


@pytest.mark.parametrize("subscribed", EVERYTHING, ids=str)
def test_a_transformer_keeps_to_its_limits(subscribed):
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html"""
    for selection in selections_of(subscribed):
        message = message_for(selection, partition="aws-us-gov")
        assert len(message.paths) <= 100
        assert 1 <= len(message.template) <= 8192
        assert all(len(path) <= 256 and path.startswith("$.") for path in message.paths.values())
        assert not any(name.upper().startswith("AWS") for name in message.paths)
        # Each variable is used, and each that is used is declared.
        for name in message.paths:
            assert f"<{name}>" in message.template
        assert "aws-us-gov" in message.template or "<arn>" in message.template


def test_a_rule_is_known_by_its_id():
    for subscribed in EVERYTHING:
        for selection in selections_of(subscribed):
            found = selection_with_id(selection.id)
            assert (found.id, found.kind) == (selection.id, selection.kind)
    assert selection_with_id("Resource") is None
