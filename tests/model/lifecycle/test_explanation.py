"""What explain says, and the numbers of the look ahead."""

import json
from random import Random

import pytest

from ecr_constructs.model.lifecycle import (
    Answer,
    ImageStatus,
    PushRate,
    all_tags,
    archive_after,
    archive_unpulled,
    can_act,
    can_expire,
    can_lose,
    expire_after,
    expire_archived,
    expire_untagged,
    explain,
    keep_last,
    keep_last_untagged,
    look_ahead,
    newest_kept,
    parse,
    parse_images,
    protect,
    simulate,
)
from ecr_constructs.model.lifecycle.proofs.examples import LOOKED_AT
from tests.model.lifecycle.repositories import AT, ago, digest, image

SHOP = [*protect("prod*"), keep_last(30, tags="v*"), expire_untagged(after_days=14)]


def test_the_whole_document():
    assert explain(SHOP).to_json() == {
        "version": 1,
        "findings": [],
        "rules": [
            {
                "priority": 1,
                "can_act": False,
                "because": "rule 1 keeps 1000000 images, more than a repository holds "
                "(quota 100000)",
            },
            {
                "priority": 2,
                "can_act": True,
                "because": "rule 2 expires an image with v behind 30 younger ones",
            },
            {
                "priority": 3,
                "can_act": True,
                "because": "rule 3 expires an image with no tag after 14 days",
            },
        ],
        "never_expires": [
            {
                "tag": "prod*",
                "because": "rule 1 keeps 1000000 images, more than a repository holds "
                "(quota 100000); rule 1 (tagged prod*) selects every such image before rule 2",
            }
        ],
        "newest_kept": [{"class": "tagged v*", "count": 30}],
    }


def test_a_tag_that_can_expire_comes_with_a_repository_that_shows_it():
    answer = json.loads(explain(SHOP, tag="v1.2.3").to_text())["tag"]
    assert (answer["name"], answer["can_expire"]) == ("v1.2.3", True)
    images, findings = parse_images(json.dumps({"imageDetails": answer["counterexample"]}))
    assert findings == ()
    gone = simulate(SHOP, images, at=LOOKED_AT).expiring
    assert any("v1.2.3" in each.tags for each in gone)


def test_a_tag_that_cannot_expire_comes_with_the_rule_that_covers_it():
    explanation = explain(SHOP, tag="prod-7")
    answer = explanation.to_json()["tag"]
    assert (answer["can_expire"], answer["counterexample"]) == (False, [])
    assert explanation.tag[1].covering == (1,)


def test_what_is_out_of_bounds_is_undecided():
    policy = [keep_last(500_000, tags="v*")]
    answer = explain(policy, tag="v1").to_json()
    assert answer["rules"][0]["can_act"] == "undecided"
    assert answer["tag"]["can_expire"] == "undecided"
    assert answer["never_expires"] == []


@pytest.mark.parametrize(("count", "answer"), [(500, Answer.TRUE), (5_000, Answer.UNDECIDED)])
def test_an_example_of_too_many_tags_is_not_built(count, answer):
    """Of twenty rules such as this each would take seconds."""
    rule = keep_last(count, tags=all_tags(*(f"*{letter}*" for letter in "abcdefghij")))
    proof = can_act([rule], 1)
    assert proof.answer is answer
    if answer is Answer.UNDECIDED:
        assert proof.because == "an example needs 5001 images with 10 tags each"


def test_many_lists_that_have_no_end_are_undecided():
    policy = [
        *(keep_last(9, tags=all_tags(*(f"*{a}{b}*" for b in "abcdef"))) for a in "ghijklmn"),
        keep_last(9, tags=all_tags("*", "g*a", "*h*b", "*i*c", "*j*d*")),
    ]
    assert can_act(policy, 9).answer in {Answer.TRUE, Answer.UNDECIDED}


def test_a_policy_that_ecr_refuses_is_not_explained():
    rules, findings = parse('{"rules": []}')
    explanation = explain(rules, findings=findings)
    assert explanation.rules == ()
    assert [each["code"] for each in explanation.to_json()["findings"]] == ["lifecycle-no-rules"]


def test_findings_have_the_fields_that_all_reports_share():
    (finding,) = explain([keep_last(1)]).to_json()["findings"]
    assert set(finding) == {
        *("code", "severity", "stack", "template", "environment", "logical_id"),
        *("construct_path", "property", "message", "given", "allowed", "fix", "docs"),
        "acknowledged",
    }


@pytest.mark.parametrize(
    ("policy", "tag", "answer"),
    [
        ([keep_last(9, tags="v*")], "w1", Answer.TRUE),  # an image may carry both tags
        ([keep_last(9, tags="latest")], "latest", Answer.FALSE),
        ([expire_after(days=9, tags="latest")], "latest", Answer.TRUE),
        ([*protect("latest"), expire_after(days=9)], "latest", Answer.FALSE),
        ([expire_after(days=9, tags="l*"), *protect("latest")], "latest", Answer.TRUE),
        ([*protect("v*"), expire_archived(after_days=90)], "v1", Answer.TRUE),
        ([*protect("v*", archived=True), expire_archived(after_days=90)], "v1", Answer.FALSE),
        ([expire_untagged(after_days=9)], "v1", Answer.FALSE),
        ([archive_unpulled(after_days=9)], "v1", Answer.FALSE),
        ([*protect("a*"), *protect("*b"), expire_after(days=9)], "acb", Answer.FALSE),
        ([expire_after(days=40_000)], "v1", Answer.FALSE),
        ([expire_after(days=9)], "no tag", Answer.UNDECIDED),
        ([keep_last(9, tags=all_tags("v*", "w*")), expire_after(days=9)], "v1", Answer.TRUE),
        ([*protect("v*"), keep_last(9, tags=all_tags("v1*", "x"))], "x", Answer.FALSE),
    ],
)
def test_whether_a_tag_can_expire(policy, tag, answer):
    assert can_expire(policy, tag).answer is answer


def test_what_is_archived_is_lost_but_not_expired():
    policy = [archive_unpulled(after_days=9)]
    assert can_lose(policy, "v1").answer is Answer.TRUE
    assert can_expire(policy, "v1").answer is Answer.FALSE


def test_several_rules_cover_one_together():
    policy = [
        keep_last(9, tags="a*"),
        keep_last(9, tags="*z"),
        keep_last(9, tags=all_tags("*m*", "x*")),
        expire_after(days=9, tags="a*z"),
        expire_after(days=9, tags=all_tags("*m*", "x*", "q")),
    ]
    assert can_act(policy, 4).covering == (1,)
    assert can_act(policy, 5).covering == (3,)
    both = [
        keep_last(9, tags=all_tags("a*", "b*")),
        keep_last(9, tags="c*"),
        expire_after(days=9, tags=all_tags("a*", "b*", "c*")),
    ]
    assert can_act(both, 3).covering == (1,)


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ([keep_last(30, tags="v*"), keep_last(100)], [("tagged v*", 30), ("any", 30)]),
        ([expire_after(days=9, tags="a*"), keep_last(5, tags="v*")], []),
        (
            [keep_last(3, tags="v1*"), keep_last(9, tags="v*")],
            [("tagged v1*", 3), ("tagged v*", 3)],
        ),
        ([keep_last_untagged(4), keep_last(9)], [("untagged", 4), ("any", 4)]),
        ([expire_untagged(after_days=1), keep_last(9, tags="v*")], [("tagged v*", 9)]),
        ([keep_last(5, tags="latest")], []),
        ([expire_after(days=9, tags="v1*"), keep_last(5, tags="v*")], []),
        ([keep_last(3, tags="a*"), keep_last(9, tags="v*")], [("tagged a*", 3)]),
    ],
)
def test_how_many_of_the_newest_always_stay(policy, kept):
    assert [(each.class_name, each.count) for each in newest_kept(policy)] == kept


def test_policies_made_to_take_for_ever_end_undecided():
    chance = Random(3)
    policy = [
        keep_last(9, tags="*" + "*".join(chance.choices("abcdefgh", k=3)) + "*") for _ in range(49)
    ]
    answers = {proof.answer for _, proof in explain([*policy, expire_after(days=9)]).rules}
    assert Answer.UNDECIDED in answers


def test_the_look_ahead_at_a_rate():
    policy = [keep_last(30, tags="v*"), expire_untagged(after_days=14)]
    rates = [PushRate(per_day=2, tags=("v{number}",), size_in_bytes=2**30)]
    week, month, quarter = look_ahead(policy, rates=rates, at=AT)
    assert (week.days, week.images, week.gib, week.expired_images) == (7, 14, 14.0, 0)
    assert (month.images, month.expired_images) == (30, 30)
    assert (quarter.images, quarter.gib, quarter.expired_images) == (30, 30.0, 150)


def test_a_tag_that_moves_leaves_untagged_images_behind():
    policy = [expire_untagged(after_days=10)]
    rates = [PushRate(per_day=1, tags=("latest",))]
    (forecast,) = look_ahead(policy, rates=rates, at=AT, days=[50])
    # Pushed at midnight and looked at at noon: the tagged one, and nine that are 1.5 to 9.5 days
    # old.
    assert (forecast.images, forecast.expired_images) == (10, 40)


def test_archived_images_are_counted_apart_and_expire_from_there():
    policy = [archive_after(days=10, tags="v*"), expire_archived(after_days=90)]
    rates = [PushRate(per_day=1, tags=("v{number}",), size_in_bytes=2**29)]
    after_50, after_200 = look_ahead(policy, rates=rates, at=AT, days=[50, 200])
    assert after_50.images + after_50.archived_images == 50
    assert after_50.archived_gib == after_50.archived_images / 2
    assert after_50.images in {10, 11}
    assert after_200.archived_images in {90, 91}
    assert after_200.to_json() == {
        "days": 200,
        "images": after_200.images,
        "gib": after_200.images / 2,
        "archivedImages": after_200.archived_images,
        "archivedGib": after_200.archived_images / 2,
        "expiredImages": 200 - after_200.images - after_200.archived_images,
    }


def test_what_is_there_ages_when_nothing_is_pushed():
    images = [image(f"i{day}", day, f"v{day}") for day in range(1, 21)]
    policy = [expire_after(days=25)]
    found = look_ahead(policy, images, at=AT, days=[1, 10, 30])
    assert [each.images for each in found] == [20, 15, 0]


def test_a_history_comes_again_with_tags_that_the_same_rules_select():
    history = [image(f"i{day}", day - 0.5, f"v{day}", size_in_bytes=10) for day in range(1, 11)]
    history.append(image("latest", 0.5, "latest"))
    policy = [keep_last(15, tags="v*"), expire_untagged(after_days=5)]
    found = look_ahead(policy, history, repeat_days=10, at=AT, days=[5, 10, 30])
    assert [each.expired_images for each in found] == [0, 5, 25]
    assert found[-1].size_in_bytes == 150
    # Named by a rule, latest moves on instead, and what it leaves behind is untagged.
    named = look_ahead([*policy, *protect("latest")], history, repeat_days=10, at=AT, days=[30])
    assert named[0].expired_images == 25 + 3


def test_children_that_come_again_are_held_by_their_list_again():
    history = [image("child", 1), image("index", 1, "v1")]
    lists = {digest("index"): [digest("child")]}
    policy = [expire_untagged(after_days=2)]
    (forecast,) = look_ahead(policy, history, repeat_days=3, at=AT, days=[12], manifests=lists)
    assert forecast.expired_images == 0
    (loose,) = look_ahead(policy, history, repeat_days=3, at=AT, days=[12])
    assert loose.expired_images > 0


def test_nothing_is_looked_at_without_days():
    assert look_ahead([keep_last(1)], at=AT, days=[]) == ()


def test_restored_images_are_judged_by_what_the_proof_assumes():
    """A tag that never expires does not expire as a restored or archived image either."""
    policy = [*protect("v*", archived=True), expire_after(days=1), expire_archived(after_days=90)]
    images = [
        image("restored", 900, "v1", activated_at=ago(800)),
        image("archived", 900, "v2", status=ImageStatus.ARCHIVED, archived_at=ago(500)),
        image("activating", 900, "v3", status=ImageStatus.ACTIVATING, archived_at=ago(500)),
    ]
    assert can_expire(policy, "v1").answer is Answer.FALSE
    assert simulate(policy, images, at=AT).results == ()
