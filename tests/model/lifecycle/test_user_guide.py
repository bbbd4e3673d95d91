"""Every worked example of the Amazon ECR user guide's lifecycle pages, with its outcome.

The page is lifecycle_policy_examples.html unless a test names another.
"""

import json

import pytest

from ecr_constructs.model.findings import dangers
from ecr_constructs.model.lifecycle import (
    CountType,
    Image,
    ImageStatus,
    LifecycleRule,
    RuleAction,
    StorageClass,
    TagStatus,
    check_policy,
    parse,
    render,
    simulate,
)
from tests.model.lifecycle.repositories import AT, ago, archived, expired, image, reasons

TWO_STREAMS = [
    image("a", 10, "beta-1", "prod-1"),
    image("b", 9, "beta-2", "prod-2"),
    image("c", 8, "beta-3"),
]


def document(*rules):
    """The text as the page prints it: indented, numbered from 1."""
    numbered = [
        {"rulePriority": number, "description": f"Rule {number}", **rule}
        for number, rule in enumerate(rules, start=1)
    ]
    return json.dumps({"rules": numbered}, indent=4)


def rule(action="expire", **selection):
    outcome = {"type": action}
    if action == "transition":
        outcome["targetStorageClass"] = "archive"
    if selection["countType"] != "imageCountMoreThan":
        selection["countUnit"] = "days"
    return {"selection": selection, "action": outcome}


def tagged(*patterns, **selection):
    return rule(tagStatus="tagged", tagPatternList=list(patterns), **selection)


def newest(count):
    return {"countType": "imageCountMoreThan", "countNumber": count}


def pushed(days):
    return {"countType": "sinceImagePushed", "countNumber": days}


def read(text):
    rules, findings = parse(text)
    assert dangers(findings) == ()
    return rules


def test_filtering_on_image_age():
    rules = read(document(tagged("prod*", **pushed(14))))
    images = [
        image("old", 15, "prod1"),
        image("new", 13, "prod2"),
        image("other", 20, "dev"),
        image("bare", 20),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["old"]


def test_filtering_on_last_pulled_time():
    rules = read(
        document(rule("transition", tagStatus="any", countType="sinceImagePulled", countNumber=90))
    )
    images = [
        image("pulled", 400, "v1", last_pulled_at=ago(89)),
        image("forgotten", 400, "v2", last_pulled_at=ago(91)),
        image("never", 91),
        image("restored", 400, "v3", last_pulled_at=ago(300), activated_at=ago(5)),
        image("restored-long-ago", 400, "v4", last_pulled_at=ago(300), activated_at=ago(100)),
        image("pulled-since", 400, "v5", last_pulled_at=ago(5), activated_at=ago(100)),
    ]
    preview = simulate(rules, images, at=AT)
    assert archived(preview) == ["forgotten", "never", "restored-long-ago"]
    assert expired(preview) == []


def test_filtering_on_archive_transition_time():
    rules = read(
        document(
            rule(
                tagStatus="any",
                storageClass="archive",
                countType="sinceImageTransitioned",
                countNumber=365,
            )
        )
    )
    images = [
        image("long", 900, "v1", status=ImageStatus.ARCHIVED, archived_at=ago(366)),
        image("short", 900, "v2", status=ImageStatus.ARCHIVED, archived_at=ago(364)),
        image("never", 900, "v3"),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["long"]


def test_filtering_on_image_count():
    rules = read(document(rule(tagStatus="untagged", **newest(1))))
    images = [image("a", 3), image("b", 2), image("c", 1), image("tagged", 9, "v1")]
    assert expired(simulate(rules, images, at=AT)) == ["a", "b"]


def test_filtering_on_multiple_rules_example_a():
    rules = read(document(tagged("prod*", **newest(1)), tagged("beta*", **newest(1))))
    assert expired(simulate(rules, TWO_STREAMS, at=AT)) == ["a"]


def test_filtering_on_multiple_rules_example_b():
    rules = read(document(tagged("beta*", **newest(1)), tagged("prod*", **newest(1))))
    assert expired(simulate(rules, TWO_STREAMS, at=AT)) == ["a", "b"]


def test_filtering_on_multiple_tags_in_a_single_rule_example_a():
    rules = read(document(tagged("alpha*", "beta*", **pushed(5))))
    images = [
        image("a", 12, "alpha-1"),
        image("b", 11, "beta-1"),
        image("c", 10, "alpha-2", "beta-2"),
        image("d", 4, "alpha-3"),
        image("e", 3, "beta-3"),
        image("f", 2, "alpha-4", "beta-4"),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["c"]


def test_filtering_on_multiple_tags_in_a_single_rule_example_b():
    rules = read(document(tagged("alpha*", "beta*", **newest(1))))
    images = [
        image("a", 10, "alpha-1", "beta-1", "gamma-1"),
        image("b", 9, "alpha-2", "beta-2"),
        image("c", 8, "alpha-3", "beta-3", "gamma-2"),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["a", "b"]


def test_filtering_on_all_images_example_a():
    rules = read(document(rule(tagStatus="any", **newest(1))))
    images = [
        image("a", 4, "alpha-1"),
        image("b", 3, "beta-1"),
        image("c", 2),
        image("d", 1, "alpha-2"),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["a", "b", "c"]


@pytest.mark.parametrize("later", [0.0, 0.01], ids=["same moment", "a little later"])
def test_filtering_on_all_images_example_b(later):
    """The page says that D and E were both pushed one day ago, and that D goes."""
    rules = read(
        document(
            tagged("alpha*", **newest(1)),
            rule(tagStatus="untagged", **pushed(1)),
            rule(tagStatus="any", **newest(1)),
        )
    )
    images = [
        image("a", 4, "alpha-1", "beta-1"),
        image("b", 3),
        image("c", 2, "alpha-2"),
        image("d", 1, "git hash"),
        image("e", 1 - later),
    ]
    assert expired(simulate(rules, images, at=AT)) == ["a", "b", "d"]


def test_archiving_images_older_than_a_specified_number_of_days():
    transition = tagged("prod*", **pushed(30))
    transition["action"] = {"type": "transition", "targetStorageClass": "archive"}
    rules = read(document(transition))
    images = [image("old", 31, "prod-1"), image("new", 29, "prod-2"), image("dev", 31, "dev-1")]
    preview = simulate(rules, images, at=AT)
    assert (archived(preview), expired(preview)) == (["old"], [])


def test_combining_archive_and_expire_rules():
    """The rule for the archive would be dead if a claim reached over storage classes."""
    rules = read(
        document(
            rule("transition", tagStatus="any", **pushed(30)),
            rule(
                tagStatus="any",
                storageClass="archive",
                countType="sinceImageTransitioned",
                countNumber=365,
            ),
        )
    )
    images = [
        image("new", 29, "v3"),
        image("old", 31, "v2"),
        image("archived", 500, "v1", status=ImageStatus.ARCHIVED, archived_at=ago(366)),
        image("kept", 500, "v0", status=ImageStatus.ARCHIVED, archived_at=ago(300)),
    ]
    preview = simulate(rules, images, at=AT)
    assert (archived(preview), expired(preview)) == (["old"], ["archived"])


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("prod*", ["prod", "prod1", "production-team1"], ["repo-production"]),
        ("*prod*", ["repo-production", "prod-team", "prod"], ["pro"]),
    ],
)
def test_wildcards_of_the_evaluation_rules(pattern, taken, left):
    """LifecyclePolicies.html: prod* begins with, *prod* contains."""
    rules = read(document(tagged(pattern, **pushed(1))))
    images = [image(tag, 2, tag) for tag in (*taken, *left)]
    assert expired(simulate(rules, images, at=AT)) == sorted(taken)


def test_four_wildcards_in_a_pattern_are_taken():
    """LifecyclePolicies.html: the first list is valid, the second is not."""
    read(document(tagged("*test*1*2*3", "test*1*2*3*", **newest(1))))
    _, findings = parse(document(tagged("test*1*2*3*4*5*6", **newest(1))))
    assert [finding.code for finding in dangers(findings)] == ["lifecycle-too-many-wildcards"]


def test_the_template_of_the_page_has_every_property_that_is_read():
    every = LifecycleRule(
        action=RuleAction.TRANSITION,
        tag_status=TagStatus.TAGGED,
        tag_prefixes=("prod",),
        count_type=CountType.SINCE_IMAGE_PULLED,
        count=1,
        description="all",
        priority=1,
    )
    (written,) = json.loads(render([every]))["rules"]
    assert written == {
        "rulePriority": 1,
        "description": "all",
        "selection": {
            "tagStatus": "tagged",
            "tagPrefixList": ["prod"],
            "countType": "sinceImagePulled",
            "countUnit": "days",
            "countNumber": 1,
        },
        "action": {"type": "transition", "targetStorageClass": "archive"},
    }


def test_two_rules_for_any_image_in_different_classes_are_legal():
    """The page's own combination; the CDK's plain repository refuses it."""
    any_standard = LifecycleRule(
        action=RuleAction.TRANSITION,
        tag_status=TagStatus.ANY,
        count_type=CountType.SINCE_IMAGE_PUSHED,
        count=30,
    )
    any_archive = LifecycleRule(
        action=RuleAction.EXPIRE,
        tag_status=TagStatus.ANY,
        count_type=CountType.SINCE_IMAGE_TRANSITIONED,
        count=365,
        storage_class=StorageClass.ARCHIVE,
    )
    assert dangers(check_policy([any_standard, any_archive])) == ()


def test_an_image_held_by_a_manifest_list_waits_for_the_list():
    """LifecyclePolicies.html: not before the list is deleted or archived."""
    rules = read(document(rule(tagStatus="untagged", **pushed(1))))
    held, free = image("child", 9), image("free", 9)
    index = image("index", 9, "v1")
    lists = {index.digest: [held.digest]}
    assert expired(simulate(rules, [held, free, index], at=AT, manifests=lists)) == ["free"]
    gone = Image(digest=index.digest, pushed_at=index.pushed_at, status=ImageStatus.ARCHIVED)
    assert expired(simulate(rules, [held, free, gone], at=AT, manifests=lists)) == [
        "child",
        "free",
    ]


def test_reference_artifacts_follow_their_subject():
    """LifecyclePolicies.html: within 24 hours of its deletion or archival."""
    rules = read(document(tagged("v*", **newest(1))))
    images = [
        image("old", 9, "v1"),
        image("new", 8, "v2"),
        image("signature", 9, subject="sha256:old"),
        image("sbom", 8, subject="sha256:new"),
        image("signature-of-signature", 9, subject="sha256:signature"),
    ]
    assert expired(simulate(rules, images, at=AT)) == [
        "old",
        "signature",
        "signature-of-signature",
    ]


def test_a_list_that_is_restored_is_archived_until_it_is_back():
    """restore-image.html: "During the restore process, the image remains in the archived state"."""
    rules = read(document(rule(tagStatus="untagged", **pushed(1))))
    child, index = image("child", 9), image("index", 9, "v1", status=ImageStatus.ACTIVATING)
    lists = {index.digest: [child.digest]}
    assert expired(simulate(rules, [child, index], at=AT, manifests=lists)) == ["child"]


def test_reference_artifacts_follow_a_subject_that_went_before():
    """LifecyclePolicies.html: they go within 24 hours of its deletion or archival.

    However it was deleted or archived, by a policy or by hand; and deletion comes first.
    """
    rules = read(document(tagged("v*", **newest(1))))
    images = [
        image("stored", 9, "v1", status=ImageStatus.ARCHIVED),
        image("orphan", 9, subject="sha256:deleted"),
        image("orphan-of-orphan", 9, "a", subject="sha256:orphan"),
        image("late", 9, "b", subject="sha256:stored"),
        image("stored-too", 9, status=ImageStatus.ARCHIVED, subject="sha256:stored"),
        image("of-stored-too", 9, subject="sha256:stored-too"),
    ]
    preview = simulate(rules, images, at=AT)
    assert expired(preview) == ["orphan", "orphan-of-orphan"]
    assert archived(preview) == ["late", "of-stored-too"]
    assert reasons(preview)["orphan-of-orphan"].startswith(
        "its subject sha256:deleted is among these images no more, and artifacts follow"
    )
    assert reasons(preview)["late"].startswith("its subject sha256:stored is archived, and")
    for entry in preview.to_json()["previewResults"]:
        assert "appliedRulePriority" not in entry


def test_a_rule_is_named_before_a_subject_that_went():
    """get-lifecycle-policy-preview: appliedRulePriority is the priority of the applied rule."""
    rules = read(document(rule(tagStatus="untagged", **pushed(1))))
    orphan = image("orphan", 9, subject="sha256:deleted")
    (outcome,) = simulate(rules, [orphan], at=AT).results
    assert outcome.to_json()["appliedRulePriority"] == 1


def test_an_empty_list_is_not_left_out():
    """lifecycle_policy_parameters.html: "If you specify untagged, then you must omit both".

    And LifecyclePolicies.html: either of the two lists, "but not both".
    """
    for selection in (
        {"tagStatus": "untagged", "tagPrefixList": []},
        {"tagStatus": "any", "tagPatternList": []},
        {"tagStatus": "tagged", "tagPatternList": [], "tagPrefixList": ["v"]},
        {"tagStatus": "tagged", "tagPatternList": ["v*"], "tagPrefixList": []},
    ):
        _, found = parse(document(rule(**selection, **pushed(1))))
        (empty,) = dangers(found)
        assert empty.message == "is empty, where ECR wants no list at all"
        assert selection[empty.property.rpartition(".")[2]] == []
    _, found = parse(document(rule(tagStatus="tagged", tagPatternList=[], **pushed(1))))
    assert [each.code for each in dangers(found)] == ["lifecycle-tags-missing"]
