"""What holds for every policy and every repository."""

from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ecr_constructs.model.findings import dangers
from ecr_constructs.model.lifecycle import (
    Answer,
    CountType,
    ImageStatus,
    RuleAction,
    StorageClass,
    TagStatus,
    can_act,
    can_empty,
    can_expire,
    can_lose,
    check_policy,
    never_expiring,
    newest_kept,
    number,
    parse,
    render,
    simulate,
)
from ecr_constructs.model.lifecycle.proofs.examples import LOOKED_AT
from ecr_constructs.model.lifecycle.rules.globs import Glob
from ecr_constructs.model.lifecycle.rules.language import LONGEST_TAG, Comparison, Undecided
from tests.model.lifecycle.repositories import AT, ago, image
from tests.model.lifecycle.strategies import (
    PATTERNS,
    TAGS,
    policies,
    random_repositories,
    repositories,
    rules,
)

# Machines are shared: a slow example is no failure, and the seeds vary from run to run anyway.
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(min_value=0, max_value=2**32)


def selects(rule, candidate):
    """Whether the rule's tagging requirements are met, said with the standard library."""
    if rule.tag_status is TagStatus.TAGGED:
        return all(
            any(fnmatchcase(tag, entry) for tag in candidate.tags) for entry in rule.selection
        )
    return rule.tag_status is TagStatus.ANY or not candidate.tags


def in_class(rule, candidate):
    other = (
        ImageStatus.ACTIVE if rule.storage_class is StorageClass.ARCHIVE else ImageStatus.ARCHIVED
    )
    return candidate.status is not other


def priorities(rule):
    numbers = st.none() | st.integers(min_value=1, max_value=5)
    return numbers.map(lambda priority: replace(rule, priority=priority))


@FEW
@given(policies())
def test_what_is_written_is_read_back(policy):
    numbered = number(policy)
    read, findings = parse(render(policy))
    assert (read, dangers(findings)) == (numbered, ())


@FEW
@given(policies())
def test_rendering_is_stable_and_within_what_cloudformation_takes(policy):
    text = render(policy)
    assert text == render(number(policy)) == render(parse(text)[0])
    assert 100 <= len(text) <= 30_720
    assert "null" not in text.replace('\\"', "").split('"description"')[0]


@FEW
@given(st.lists(rules().flatmap(priorities), max_size=8))
def test_numbering_keeps_what_is_given_and_uses_each_number_once(some):
    given_numbers = [rule.priority for rule in some if rule.priority is not None]
    assume(len(set(given_numbers)) == len(given_numbers))
    numbered = number(some)
    numbers = [rule.priority for rule in numbered]
    assert numbers == sorted(set(numbers))
    assert set(given_numbers) <= set(numbers)
    assert sorted(map(repr, (replace(rule, priority=None) for rule in numbered))) == sorted(
        map(repr, (replace(rule, priority=None) for rule in some))
    )


@FEW
@given(policies())
def test_rules_without_a_number_stay_in_order_with_any_last(policy):
    numbered = [replace(rule, priority=None) for rule in number(policy)]
    others = [rule for rule in policy if rule.tag_status is not TagStatus.ANY]
    of_any = [rule for rule in policy if rule.tag_status is TagStatus.ANY]
    assert numbered == [*others, *of_any]


@FEW
@given(policies(), repositories())
def test_every_image_has_one_outcome_and_at_most_one_action(policy, repository):
    images, lists = repository
    preview = simulate(policy, images, at=AT, manifests=lists)
    seen = [outcome.image.digest for outcome in (*preview.results, *preview.kept)]
    assert sorted(seen) == sorted(each.digest for each in images)
    assert all(outcome.action is not None for outcome in preview.results)
    assert all(outcome.action is None and outcome.reason for outcome in preview.kept)
    summary = preview.to_json()["summary"]
    moved = sum(count["imageTotalCount"] for count in summary["transitioningImageTotalCounts"])
    assert summary["expiringImageTotalCount"] + moved == len(preview.results)


@FEW
@given(policies(), repositories(families=False))
def test_the_rule_that_acts_is_the_first_that_selects_the_image(policy, repository):
    images, _ = repository
    ordered = number(policy)
    for outcome in simulate(policy, images, at=AT).results:
        assert selects(outcome.rule, outcome.image)
        assert in_class(outcome.rule, outcome.image)
        earlier = [
            rule
            for rule in ordered[: ordered.index(outcome.rule)]
            if rule.storage_class is outcome.rule.storage_class
        ]
        assert not any(selects(rule, outcome.image) for rule in earlier)
        assert outcome.action is outcome.rule.action


@FEW
@given(policies(), repositories(families=False))
def test_no_rule_leaves_fewer_of_its_class_than_it_counts_by_itself(policy, repository):
    images, _ = repository
    preview = simulate(policy, images, at=AT)
    for rule in number(policy):
        if rule.count_type is CountType.IMAGE_COUNT_MORE_THAN:
            selected = [each for each in images if in_class(rule, each) and selects(rule, each)]
            gone = [outcome for outcome in preview.results if outcome.rule == rule]
            assert len(gone) <= max(0, len(selected) - rule.count)


@FEW
@given(policies(), repositories(families=False), st.integers(min_value=1, max_value=30))
def test_a_higher_count_never_takes_more(policy, repository, more):
    images, _ = repository
    patient = [replace(rule, count=rule.count + more) for rule in policy]
    lost = {each.image.digest for each in simulate(policy, images, at=AT).results}
    still = {each.image.digest for each in simulate(patient, images, at=AT).results}
    assert still <= lost


@FEW
@given(policies(), repositories(), st.integers(min_value=0, max_value=200))
def test_waiting_never_saves_an_image(policy, repository, days):
    images, lists = repository
    now = simulate(policy, images, at=AT, manifests=lists)
    later = simulate(policy, images, at=AT + timedelta(days=days), manifests=lists)
    lost = {each.image.digest for each in now.results}
    assert lost <= {each.image.digest for each in later.results}


@FEW
@given(policies(), repositories(families=False))
def test_the_order_in_which_images_are_listed_says_nothing(policy, repository):
    images, _ = repository
    forward = simulate(policy, images, at=AT)
    backward = simulate(policy, images[::-1], at=AT)
    assert {
        (one.image.digest, one.action, one.reason) for one in (*forward.results, *forward.kept)
    } == {(one.image.digest, one.action, one.reason) for one in (*backward.results, *backward.kept)}


@FEW
@given(policies(), repositories())
def test_a_list_that_stays_holds_what_it_references(policy, repository):
    images, lists = repository
    preview = simulate(policy, images, at=AT, manifests=lists)
    gone = {outcome.image.digest for outcome in preview.results}
    for each in images:
        if each.digest not in gone and each.status is ImageStatus.ACTIVE:
            assert gone.isdisjoint(lists.get(each.digest, ()))


@FEW
@given(policies(), repositories())
def test_artifacts_go_with_their_subject_unless_a_list_holds_them(policy, repository):
    images, lists = repository
    preview = simulate(policy, images, at=AT, manifests=lists)
    expired = {each.digest for each in preview.expiring}
    held = {outcome.image.digest for outcome in preview.kept if outcome.fate is not None}
    for each in images:
        if each.subject in expired and each.subject != each.digest:
            assert each.digest in expired | held


@FEW
@given(PATTERNS, TAGS)
def test_patterns_match_as_a_shell_matches(pattern, tag):
    assert Glob.of(pattern).matches(tag) == fnmatchcase(tag, pattern)


@FEW
@given(
    st.frozensets(PATTERNS, min_size=1, max_size=2),
    st.frozensets(PATTERNS, max_size=3),
    st.lists(TAGS, max_size=20),
)
def test_a_tag_that_is_found_fits_and_none_found_is_a_proof(inside, outside, tags):
    found = Comparison().find_tag(inside, outside)
    fitting = [
        tag
        for tag in tags
        if all(fnmatchcase(tag, each) for each in inside)
        and not any(fnmatchcase(tag, each) for each in outside)
    ]
    if found is None:
        assert fitting == []
    elif not isinstance(found, Undecided):
        assert all(fnmatchcase(found, each) for each in inside)
        assert not any(fnmatchcase(found, each) for each in outside)
        assert len(found) <= min([LONGEST_TAG, *map(len, fitting)])


@FEW
@given(policies(), SEEDS)
def test_no_repository_contradicts_a_rule_that_can_never_act(policy, seed):
    idle = {
        rule.priority
        for rule in number(policy)
        if can_act(policy, rule.priority).answer is Answer.FALSE
    }
    for images in random_repositories(seed):
        for outcome in simulate(policy, images, at=AT).results:
            assert outcome.rule.priority not in idle


@FEW
@given(policies())
def test_a_rule_that_can_act_comes_with_an_example_in_which_it_does(policy):
    for rule in number(policy):
        proof = can_act(policy, rule.priority)
        if proof.answer is Answer.TRUE:
            results = simulate(policy, proof.example, at=LOOKED_AT).results
            (found,) = [each for each in results if each.image == proof.witness]
            assert (found.rule, found.action) == (rule, rule.action)


@FEW
@given(policies(), TAGS, SEEDS)
def test_no_repository_contradicts_what_is_said_of_a_tag(policy, tag, seed):
    expiring, losing = can_expire(policy, tag), can_lose(policy, tag)
    assert not (expiring.answer is Answer.TRUE and losing.answer is Answer.FALSE)
    if expiring.answer is Answer.TRUE:
        assert tag in expiring.witness.tags
        assert expiring.witness in simulate(policy, expiring.example, at=LOOKED_AT).expiring
    for images in random_repositories(seed):
        for outcome in simulate(policy, images, at=AT).results:
            if tag in outcome.image.tags:
                assert losing.answer is not Answer.FALSE
                if outcome.action is RuleAction.EXPIRE:
                    assert expiring.answer is not Answer.FALSE


@FEW
@given(policies(), SEEDS)
def test_no_repository_contradicts_the_tags_that_never_expire(policy, seed):
    patterns = [pattern for pattern, _ in never_expiring(policy)]
    for images in random_repositories(seed):
        for gone in simulate(policy, images, at=AT).expiring:
            assert not any(fnmatchcase(tag, each) for each in patterns for tag in gone.tags)


@FEW
@given(policies(), SEEDS)
def test_no_repository_contradicts_the_newest_that_stay(policy, seed):
    proven = {kept.class_name: kept.count for kept in newest_kept(policy)}
    for images in random_repositories(seed):
        standard = [each for each in images if each.status is ImageStatus.ACTIVE]
        gone = {outcome.image.digest for outcome in simulate(policy, standard, at=AT).results}
        for rule in number(policy):
            if rule.class_name in proven and rule.storage_class is StorageClass.STANDARD:
                members = [each for each in standard if selects(rule, each)]
                left = [each for each in members if each.digest not in gone]
                assert len(left) >= min(proven[rule.class_name], len(members))


@FEW
@given(policies())
def test_a_class_that_can_be_emptied_is_empty_afterwards(policy):
    for emptying in can_empty(policy):
        preview = simulate(policy, emptying.example, at=LOOKED_AT)
        if emptying.class_name == "any":
            assert preview.kept == ()
            continue
        of_class = next(rule for rule in number(policy) if rule.class_name == emptying.class_name)
        assert any(selects(of_class, each) for each in preview.expiring)
        assert not any(selects(of_class, outcome.image) for outcome in preview.kept)


@FEW
@given(policies(), repositories())
def test_the_json_of_a_preview_lists_every_image_once(policy, repository):
    images, lists = repository
    document = simulate(policy, images, at=AT, manifests=lists).to_json(in_use=["a", "v1"])
    listed = [each["imageDigest"] for each in (*document["previewResults"], *document["kept"])]
    assert sorted(listed) == sorted(each.digest for each in images)
    lost = {each["imageDigest"] for each in document["in_use_lost"]}
    first = [each["imageDigest"] for each in document["previewResults"]][: len(lost)]
    assert lost.intersection(listed[: len(document["previewResults"])]) <= set(first)


@FEW
@given(st.text(max_size=200) | st.binary(max_size=50).map(repr))
def test_any_text_is_a_policy_or_a_finding(text):
    rules_read, findings = parse(text)
    assert rules_read == () or check_policy(rules_read) is not None
    assert dangers(findings)


@pytest.mark.parametrize("days", [1, 14])
def test_older_than_is_strict_to_the_microsecond(days):
    (rule,) = parse(
        '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":'
        f'"sinceImagePushed","countUnit":"days","countNumber":{days}}},'
        '"action":{"type":"expire"}}]}'
    )[0]
    exact = image("exact", days)
    older = replace(image("older", days), pushed_at=ago(days) - timedelta(microseconds=1))
    assert simulate([rule], [exact, older], at=AT).expiring == (older,)
