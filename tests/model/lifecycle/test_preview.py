"""The preview as users see it: the shape of ECR's own, reasons, and what runs."""

import json
from datetime import datetime, timedelta, timezone
from time import process_time

import pytest

from ecr_constructs.model.lifecycle import (
    Image,
    ImageStatus,
    archive_after,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    keep_last_untagged,
    parse_images,
    parse_manifests,
    protect,
    simulate,
)
from tests.model.lifecycle.repositories import (
    AT,
    ago,
    archived,
    digest,
    expired,
    image,
    names,
    reasons,
)

INDEX = "application/vnd.oci.image.index.v1+json"


def test_the_whole_document():
    policy = [keep_last(1, tags="v*"), archive_after(days=30, tags="old*")]
    images = [
        image("one", 3, "v1"),
        image("two", 2, "v2"),
        image("three", 40.5, "old-1"),
        image("four", 1),
        image("five", 90, status=ImageStatus.ARCHIVED),
    ]
    assert simulate(policy, images, at=AT).to_json(in_use=["v1"]) == {
        "previewResults": [
            {
                "imageDigest": "sha256:one",
                "imageTags": ["v1"],
                "imagePushedAt": "2026-11-21T12:00:00+00:00",
                "action": {"type": "EXPIRE"},
                "appliedRulePriority": 1,
                "storageClass": "STANDARD",
                "reason": "rule 1 expires images (tagged v*) beyond the newest 1; this is number 2",
            },
            {
                "imageDigest": "sha256:three",
                "imageTags": ["old-1"],
                "imagePushedAt": "2026-10-15T00:00:00+00:00",
                "action": {"type": "TRANSITION", "targetStorageClass": "ARCHIVE"},
                "appliedRulePriority": 2,
                "storageClass": "STANDARD",
                "reason": "rule 2 archives images (tagged old*) after 30 days; "
                "it is 40.5 days since its push",
            },
        ],
        "summary": {
            "expiringImageTotalCount": 1,
            "transitioningImageTotalCounts": [
                {"targetStorageClass": "ARCHIVE", "imageTotalCount": 1}
            ],
        },
        "kept": [
            {
                "imageDigest": "sha256:five",
                "imageTags": [],
                "imagePushedAt": "2026-08-26T12:00:00+00:00",
                "storageClass": "ARCHIVE",
                "reason": "no rule selects it",
            },
            {
                "imageDigest": "sha256:two",
                "imageTags": ["v2"],
                "imagePushedAt": "2026-11-22T12:00:00+00:00",
                "storageClass": "STANDARD",
                "reason": "rule 1 selects it first (tagged v*) and keeps the newest 1; "
                "this is number 1",
            },
            {
                "imageDigest": "sha256:four",
                "imageTags": [],
                "imagePushedAt": "2026-11-23T12:00:00+00:00",
                "storageClass": "STANDARD",
                "reason": "no rule selects it",
            },
        ],
        "in_use_lost": [
            {
                "imageDigest": "sha256:one",
                "imageTags": ["v1"],
                "imagePushedAt": "2026-11-21T12:00:00+00:00",
                "action": {"type": "EXPIRE"},
                "appliedRulePriority": 1,
                "storageClass": "STANDARD",
                "reason": "rule 1 expires images (tagged v*) beyond the newest 1; this is number 2",
            }
        ],
    }


def test_nothing_in_use_is_asked_for_by_default():
    document = json.loads(simulate([keep_last(1)], [], at=AT).to_text())
    assert document == {
        "previewResults": [],
        "summary": {"expiringImageTotalCount": 0, "transitioningImageTotalCounts": []},
        "kept": [],
    }


@pytest.mark.parametrize(
    ("policy", "case", "said"),
    [
        ([expire_untagged(after_days=9)], image("x", 1), "and waits for 9 days; it is 1 days"),
        (
            [archive_unpulled(after_days=9)],
            image("x", 90, "v1", last_pulled_at=ago(12.5)),
            "it is 12.5 days since its last pull",
        ),
        (
            [expire_after(days=9)],
            image("x", 90, "v1", activated_at=ago(2)),
            "AWS does not document whether the age of a restored image counts from its restore",
        ),
        (
            [expire_archived(after_days=90)],
            image("x", 100, status=ImageStatus.ARCHIVED),
            "without lastArchivedAt",
        ),
        (
            [expire_after(days=9)],
            image("x", 100, status=ImageStatus.ACTIVATING),
            "which storage class an image has while it is restored",
        ),
        (
            [expire_after(days=9)],
            image("x", 100, subject="sha256:gone"),
            "whether a rule acts on a reference artifact by itself",
        ),
    ],
)
def test_reasons_say_what_counts_and_what_is_open(policy, case, said):
    assert said in reasons(simulate(policy, [case], at=AT))["x"]


def test_images_of_one_moment_are_said_to_be_in_no_known_order():
    images = [image("a", 3, "v1"), image("b", 3, "v2"), image("c", 1, "v3")]
    preview = simulate([keep_last(2, tags="v*")], images, at=AT)
    assert expired(preview) == ["b"]
    for name in "ab":
        assert "which of the images pushed at the same moment goes first" in reasons(preview)[name]
    assert "moment" not in reasons(preview)["c"]
    # Each of the two may be the one that goes.
    lost = preview.in_use_lost(["v1", "v3"])
    assert names(outcome.image for outcome in lost) == ["a"]


def test_claimed_images_of_the_same_moment_count_as_younger():
    images = [image("a", 3, "build"), image("b", 3, "keep")]
    assert expired(simulate([*protect("keep"), keep_last(1)], images, at=AT)) == ["a"]


def test_a_restored_image_is_as_young_as_its_restore():
    images = [image("restored", 90, "v1", activated_at=ago(1)), image("newer", 2, "v2")]
    assert expired(simulate([keep_last(1, tags="v*")], images, at=AT)) == ["newer"]


def test_an_image_on_its_way_back_fills_a_place_and_meets_the_rules_of_both_classes():
    coming = image("coming", 1, "v2", status=ImageStatus.ACTIVATING, archived_at=ago(100))
    preview = simulate(
        [keep_last(1, tags="v*"), expire_archived(after_days=90)],
        [coming, image("old", 2, "v1")],
        at=AT,
    )
    assert expired(preview) == ["coming", "old"]


def test_the_harder_action_of_two_classes_is_taken():
    coming = image("coming", 500, status=ImageStatus.ACTIVATING, archived_at=ago(100))
    policy = [archive_after(days=9), expire_archived(after_days=90)]
    preview = simulate(policy, [coming], at=AT)
    assert (expired(preview), archived(preview)) == (["coming"], [])


def test_the_rule_applied_first_is_named_when_both_classes_delete():
    """lifecycle_policy_parameters.html: rules are applied from the lowest priority to the highest.

    Whatever their order is in the two classes.
    """
    coming = image("coming", 500, status=ImageStatus.ACTIVATING, archived_at=ago(100))
    policy = [expire_after(days=9), expire_archived(after_days=90)]
    for rules in (policy, policy[::-1]):
        (outcome,) = simulate(rules, [coming], at=AT).results
        assert (outcome.rule.priority, outcome.rule.count) == (1, rules[0].count)


def test_a_list_that_stays_with_its_subject_holds_its_children():
    images = [
        image("a-list-of-signatures", 9, "sig", subject=digest("b-subject")),
        image("b-subject", 9),
        image("c-signature", 9),
        image("index", 1, "v1"),
    ]
    lists = {
        digest("index"): [digest("b-subject")],
        digest("a-list-of-signatures"): [digest("c-signature")],
    }
    preview = simulate([expire_untagged(after_days=3)], images, at=AT, manifests=lists)
    assert expired(preview) == []
    assert "manifest list sha256:a-list-of-signatures" in reasons(preview)["c-signature"]


def test_an_order_says_nothing_of_an_image_that_another_rule_deletes():
    coming = image("b", 3, "v1", status=ImageStatus.ACTIVATING, archived_at=ago(100))
    policy = [keep_last(1, tags="v*"), expire_archived(after_days=90)]
    preview = simulate(policy, [image("a", 3, "v2"), coming], at=AT)
    assert "same moment" in reasons(preview)["b"]  # deleted by rule 1 and rule 2: 1 is named
    kept = image("a", 3, "v1", status=ImageStatus.ACTIVATING, archived_at=ago(100))
    preview = simulate(policy, [kept, image("b", 3, "v2")], at=AT)
    assert "same moment" not in reasons(preview)["a"]


def test_without_a_time_it_is_now():
    now = datetime.now(timezone.utc)
    images = [
        Image(digest=digest("old"), pushed_at=now - timedelta(days=3)),
        Image(digest=digest("new"), pushed_at=now - timedelta(days=1)),
    ]
    assert expired(simulate([expire_after(days=2)], images)) == ["old"]


def test_a_list_holds_nothing_that_would_stay_anyway():
    images = [
        image("index", 1, "v1"),
        image("subject", 9),
        image("stored", 9, "sig", status=ImageStatus.ARCHIVED, subject=digest("subject")),
    ]
    lists = {digest("index"): [digest("subject"), digest("stored")]}
    policy = [archive_after(days=3), expire_archived(after_days=365)]
    said = reasons(simulate(policy, images, at=AT, manifests=lists))
    assert "manifest list sha256:index, which references it, stays" in said["subject"]
    assert said["stored"].startswith("rule 2 selects it first (any) and waits for 365 days")


def test_an_image_of_one_moment_with_another_is_safe_when_a_list_holds_it():
    """LifecyclePolicies.html: an image of a manifest list cannot be expired before the list."""
    images = [image("index", 3, "v1"), image("a-child", 2), image("b-child", 2)]
    lists = {digest("index"): [digest("a-child"), digest("b-child")]}
    preview = simulate([keep_last_untagged(1)], images, at=AT, manifests=lists)
    assert expired(preview) == []
    assert preview.in_use_lost([digest("a-child"), digest("b-child")]) == ()
    assert "same moment" not in reasons(preview)["b-child"]
    free = simulate([keep_last_untagged(1)], images, at=AT)
    assert names(lost.image for lost in free.in_use_lost([digest("a-child")])) == ["a-child"]


def test_what_hangs_on_images_of_one_moment_wavers_with_them():
    images = [
        image("a-index", 3, "v1"),
        image("b-index", 3, "v2"),
        image("child", 3),
        image("signature", 3, "sig", subject=digest("a-index")),
    ]
    lists = {digest("a-index"): [digest("child")]}
    policy = [keep_last(1, tags="v*"), expire_untagged(after_days=1)]
    preview = simulate(policy, images, at=AT, manifests=lists)
    assert expired(preview) == ["b-index"]
    for name in ("child", "signature"):
        lost = preview.in_use_lost([digest(name)])
        assert names(outcome.image for outcome in lost) == [name]
    child = reasons(preview)["child"]
    assert child.startswith("rule 2 would expire it, but manifest list sha256:a-index")
    assert "which of the images pushed at the same moment goes first" in child


def test_an_artifact_that_would_be_archived_is_deleted_with_its_subject():
    images = [image("subject", 40, "v1"), image("s", 40, "sig", subject=digest("subject"))]
    policy = [expire_after(days=30, tags="v*"), archive_after(days=30, tags="sig*")]
    assert expired(simulate(policy, images, at=AT)) == ["s", "subject"]


def test_what_a_list_keeps_keeps_what_is_in_it():
    images = [image("a-leaf", 9), image("b-inner", 9), image("c-outer", 9, "v1")]
    lists = {digest("c-outer"): [digest("b-inner")], digest("b-inner"): [digest("a-leaf")]}
    preview = simulate([expire_untagged(after_days=1)], images, at=AT, manifests=lists)
    assert expired(preview) == []


@pytest.mark.parametrize(
    ("pattern", "tag"),
    [("a*a", "a"), ("ab*ba", "aba"), ("*1*1*", "1"), ("*ab*b*", "ab"), ("a*b*c", "acb")],
)
def test_parts_of_a_pattern_do_not_share_letters(pattern, tag):
    assert simulate([expire_after(days=1, tags=pattern)], [image("x", 9, tag)], at=AT).results == ()


def test_a_child_is_held_by_a_list_and_says_by_which():
    images = [image("child", 9), image("index", 9, "v1", media_type=INDEX)]
    policy = [expire_untagged(after_days=1)]
    held = simulate(policy, images, at=AT, manifests={digest("index"): [digest("child")]})
    assert expired(held) == []
    assert reasons(held)["child"] == (
        "rule 1 would expire it, but manifest list sha256:index, which references it, stays"
    )
    unknown = simulate(policy, images, at=AT)
    assert expired(unknown) == ["child"]
    assert "which images a manifest list references" in reasons(unknown)["child"]


def test_a_child_goes_when_all_its_lists_go():
    images = [image("child", 9), image("one", 9, "old-1"), image("two", 9, "v1")]
    lists = {digest("one"): [digest("child")], digest("two"): [digest("child")]}
    policy = [expire_untagged(after_days=1), expire_after(days=1, tags="old*")]
    assert expired(simulate(policy, images, at=AT, manifests=lists)) == ["one"]
    both = [*policy, expire_after(days=2, tags="v*")]
    preview = simulate(both, images, at=AT, manifests=lists)
    assert expired(preview) == ["child", "one", "two"]
    assert "a child goes in the same run" in reasons(preview)["child"]


def test_a_list_inside_a_list_holds_and_frees_in_turn():
    images = [image("leaf", 9), image("inner", 9), image("outer", 9, "v1")]
    lists = {digest("outer"): [digest("inner")], digest("inner"): [digest("leaf")]}
    policy = [expire_untagged(after_days=1)]
    assert expired(simulate(policy, images, at=AT, manifests=lists)) == []
    all_go = [*policy, expire_after(days=1)]
    assert expired(simulate(all_go, images, at=AT, manifests=lists)) == ["inner", "leaf", "outer"]


def test_lists_that_reference_each_other_or_themselves_end():
    images = [image("a", 9), image("b", 9)]
    lists = {digest("a"): [digest("b"), digest("a")], digest("b"): [digest("a")]}
    preview = simulate([expire_untagged(after_days=1)], images, at=AT, manifests=lists)
    assert expired(preview) == ["a", "b"]


def test_an_artifact_follows_with_the_priority_of_its_subject():
    images = [
        image("subject", 40, "v1"),
        image("signature", 1, "sig-1", subject=digest("subject")),
        image("archived", 1, status=ImageStatus.ARCHIVED, subject=digest("subject")),
    ]
    preview = simulate([keep_last(9), archive_after(days=30, tags="v*")], images, at=AT)
    assert archived(preview) == ["signature", "subject"]
    (followed,) = [each for each in preview.results if each.image is images[1]]
    assert followed.to_json()["appliedRulePriority"] == 1
    assert followed.reason == (
        "it follows its subject sha256:subject, which rule 1 archives "
        "(AWS does not document whether a preview lists reference artifacts)"
    )


REPOSITORY = "shop/api"
HOST = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("reference", "lost"),
    [
        ("v1", True),
        ("v2", False),
        ("sha256:a", True),
        (f"{HOST}/shop/api:v1", True),
        (f"{HOST}/shop/api@sha256:a", True),
        (f"{HOST}/shop/api:v9@sha256:a", True),
        (f"{HOST}/shop/web:v1", False),
        (f"{HOST}/shop/web@sha256:a", False),
        ("localhost:5000/shop/api:v1", True),
        ("shop/api:v1", True),
        (f"{HOST}/shop/api", False),
        ("  v1  ", True),
        ("", False),
    ],
)
def test_what_runs_is_named_by_digest_tag_or_uri(reference, lost):
    images = [
        image("a", 3, "v1", repository=REPOSITORY),
        image("b", 2, "v2", repository=REPOSITORY),
    ]
    preview = simulate([keep_last(1, tags="v*")], images, at=AT)
    found = preview.in_use_lost([reference])
    assert names(outcome.image for outcome in found) == (["a"] if lost else [])


def test_a_uri_without_a_tag_is_latest():
    images = [image("a", 3, "latest"), image("b", 2, "v2")]
    preview = simulate([keep_last(1)], images, at=AT)
    assert len(preview.in_use_lost([f"{HOST}/shop/api"])) == 1


def test_what_runs_and_is_none_of_the_images_is_told():
    images = [
        image("a", 3, "v1", repository=REPOSITORY),
        image("b", 2, "v2", repository=REPOSITORY),
    ]
    preview = simulate([keep_last(1, tags="v*")], images, at=AT)
    runs = ["v1", "v9", f"{HOST}/{REPOSITORY}:v2", f"{HOST}/{REPOSITORY}:v8", f"{HOST}/other:v7"]
    runs += ["sha256:c", "sha256:a", "v9"]
    assert preview.in_use_missing(runs) == ("v9", f"{HOST}/{REPOSITORY}:v8", "sha256:c")
    assert simulate([keep_last(1)], [], at=AT).in_use_missing(["v1"]) == ("v1",)


def test_thousands_of_things_that_run_are_found_in_no_time():
    images = [image(str(number), 9, f"v{number}") for number in range(20_000)]
    preview = simulate([expire_after(days=1)], images, at=AT)
    begin = process_time()
    lost = preview.in_use_lost([f"v{number}" for number in range(5_000)])
    assert len(lost) == 5_000
    # Each image against each reference would take some 30 seconds.
    assert process_time() - begin < 2


def test_what_runs_comes_first():
    images = [image(name, days, f"v{days}") for name, days in (("a", 9), ("b", 8), ("c", 7))]
    preview = simulate([expire_after(days=1)], images, at=AT)
    document = preview.to_json(in_use=["v8"])
    assert [each["imageDigest"] for each in document["previewResults"]] == [
        "sha256:b",
        "sha256:a",
        "sha256:c",
    ]


NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ('"2026-01-31T12:00:00+00:00"', NOON),
        ('"2026-01-31T12:00:00Z"', NOON),
        ('"2026-01-31T13:00:00+01:00"', NOON),
        ('"2026-01-31T07:00:00-0500"', NOON),
        ('"2026-01-31T17:30:00+05:30"', NOON),
        ('"2026-01-31 12:00:00+00:00"', NOON),
        ('"2026-01-31T12:00:00.000000+00:00"', NOON),
        ('"2026-01-31T12:00:00.5Z"', NOON + timedelta(seconds=0.5)),
        ('"2026-01-31T12:00:00.123456789Z"', NOON + timedelta(microseconds=123456)),
        ("1769860800", NOON),
        ("1769860800.0", NOON),
        ('"1769860800.25"', NOON + timedelta(seconds=0.25)),
    ],
)
def test_times_in_every_format_that_the_cli_prints(text, moment):
    (read,), findings = parse_images(f'[{{"imageDigest": "sha256:a", "imagePushedAt": {text}}}]')
    assert findings == ()
    assert read.pushed_at == moment


@pytest.mark.parametrize("text", ['"2026-13-01T00:00:00Z"', "true", "1e300", '"12:00"', "[]", '""'])
def test_what_is_no_time(text):
    images, findings = parse_images(f'[{{"imageDigest": "sha256:a", "imagePushedAt": {text}}}]')
    assert images == ()
    assert [each.property for each in findings] == ["imageDetails[0].imagePushedAt"]


def test_what_describe_images_prints_is_read_and_written_back():
    details = [
        {
            "repositoryName": "shop/api",
            "imageDigest": "sha256:a",
            "imageTags": ["v1", "latest"],
            "imageSizeInBytes": 12,
            "imagePushedAt": "2026-01-31T13:00:00+01:00",
            "lastRecordedPullTime": "2026-02-01T13:00:00+01:00",
            "lastArchivedAt": "2026-03-01T13:00:00+01:00",
            "lastActivatedAt": "2026-04-01T13:00:00+02:00",
            "imageManifestMediaType": INDEX,
            "subjectManifestDigest": "sha256:b",
            "imageStatus": "ACTIVE",
        }
    ]
    images, findings = parse_images(json.dumps({"imageDetails": details}))
    assert findings == ()
    assert [each.to_json() for each in images] == details
    assert images[0].is_index


def test_manifests_are_read():
    assert parse_manifests('{"sha256:a": ["sha256:b"]}') == ({"sha256:a": ("sha256:b",)}, ())


def test_the_offset_of_the_machine_that_printed_is_kept():
    (read,), _ = parse_images(
        '[{"imageDigest": "sha256:a", "imagePushedAt": "2026-01-31T13:00:00+01:00"}]'
    )
    (outcome,) = simulate([], [read], at=AT).kept
    assert outcome.to_json()["imagePushedAt"] == "2026-01-31T13:00:00+01:00"


def test_a_count_beyond_the_calendar_takes_nothing():
    policy = [expire_after(days=10**9, description="never")]
    assert simulate(policy, [image("a", 9_000)], at=AT).results == ()
