"""Patterns against what AWS records of its events, and against what is nearly such an event."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecr_constructs.model.events.messages import message_for
from ecr_constructs.model.events.patterns import (
    LONGEST_PATTERN,
    check_events,
    check_pattern_length,
    pattern_of,
)
from ecr_constructs.model.events.repositories import (
    RepositoryFilter,
    check_home,
    check_prefixes,
)
from ecr_constructs.model.events.selections import ImageEvent, ScanFindings, selections_of
from ecr_constructs.model.events.severity import FindingSeverity

from ...events.examples import (
    NAMES,
    REFERRER_FIELDS,
    changed,
    event,
    record,
    signature_pushed,
)
from ..answers import DEFERRED_TEXTS, NOT_TEXTS, codes, only
from .subscribed import selected, where

EVERYTHING = [*ImageEvent, ScanFindings(at_least=FindingSeverity.UNTRIAGED)]
# Which subscription each recorded event is for; None for what is of no image.
RECORDED = {
    "basic_scan": ScanFindings,
    "enhanced_finding": ScanFindings,
    "enhanced_scan": ScanFindings,
    "enhanced_scan_clean": None,
    "function_finding": None,
    "image_archived": ImageEvent.ARCHIVED,
    "image_cached": ImageEvent.CACHED,
    "image_deleted": ImageEvent.DELETED,
    "image_pushed": ImageEvent.PUSHED,
    "image_replicated": ImageEvent.REPLICATED,
    "image_restored": ImageEvent.RESTORED,
    "instance_scan": None,
    "machine_image_scan": None,
    "referrer_restored": None,
    "replication_failed": ImageEvent.REPLICATION_FAILED,
    "scanning_changed": ImageEvent.SCANNING_CHANGED,
}
OURS = [name for name, kind in RECORDED.items() if kind is not None]


def named_in(given):
    """The repository that a recorded event is about."""
    detail = given["detail"]
    if "repositories" in detail:
        return "repository-2"
    if "awsAccountId" in detail:
        return detail["resources"][0]["details"]["awsEcrContainerImage"]["repositoryName"]
    return detail["repository-name"].rpartition(":repository/")[2]


def takers(given, repositories=None):
    return {
        type(subscribed) if isinstance(subscribed, ScanFindings) else subscribed
        for subscribed in EVERYTHING
        if selected(subscribed, given, repositories)
    }


def test_each_record_has_its_page():
    assert sorted(RECORDED) == NAMES
    for name in NAMES:
        assert record(name)["page"].startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_event_is_selected_by_its_subscription_and_by_no_other(name):
    kind = RECORDED[name]
    assert takers(event(name)) == (set() if kind is None else {kind})


@pytest.mark.parametrize("name", OURS)
def test_an_event_is_selected_by_the_name_and_by_a_prefix_and_by_no_other(name):
    given = event(name)
    repository = named_in(given)
    right = [
        where(given, names=[repository]),
        where(given, prefixes=[repository[:4]]),
        where(given, names=["else"], prefixes=["no/", repository]),
    ]
    wrong = [
        where(given, names=[repository[:-1]]),
        where(given, names=[f"{repository}/more"]),
        where(given, names=["else"]),
        where(given, prefixes=["else/", f"x{repository}"]),
        where(given, names=[repository], account="999999999999"),
        where(given, names=[repository], region="sa-east-1"),
        where(given, prefixes=[repository[:4]], account="999999999999"),
    ]
    for repositories in right:
        assert takers(given, repositories) == {RECORDED[name]}
    for repositories in wrong:
        assert takers(given, repositories) == set()


# Few letters, so that names are often the beginnings of others.
REPOSITORY_NAMES = st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1, max_size=3).map("/".join)
BEGINNINGS = st.one_of(REPOSITORY_NAMES, REPOSITORY_NAMES.map(lambda name: f"{name}/"))


def about(name, repository):
    """A recorded event, of another repository."""
    recorded = event(name)
    known = named_in(recorded)
    text = json.dumps(recorded).replace(f"{known}/sha256:", f"{repository}/sha256:")
    return json.loads(text.replace(f'{known}"', f'{repository}"'))


@given(
    st.sampled_from([name for name in OURS if name != "scanning_changed"]),
    REPOSITORY_NAMES,
    st.lists(REPOSITORY_NAMES, max_size=2),
    st.lists(BEGINNINGS, max_size=2),
)
# What follows the name in the ARN of an image is not of the name.
@example("enhanced_finding", "a/a", [], ["a/a/"])
@example("enhanced_finding", "a", [], ["a/s"])
def test_a_filter_takes_its_names_and_what_begins_with_its_prefixes(
    name, repository, names, prefixes
):
    recorded = about(name, repository)
    assert named_in(recorded) == repository
    meant = repository in names or repository.startswith(tuple(prefixes)) or not (names or prefixes)
    found = takers(recorded, where(recorded, names=names, prefixes=prefixes))
    assert found == ({RECORDED[name]} if meant else set())


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("image_pushed", "detail.result", "FAILURE"),
        ("image_pushed", "detail.action-type", "REPLICATE"),
        ("image_pushed", "source", "acme.ecr"),
        ("image_deleted", "detail-type", "ECR Referrer Action"),
        ("image_deleted", "detail.result", "FAILURE"),
        ("image_archived", "detail.result", "FAILURE"),
        ("image_restored", "detail.result", "FAILURE"),
        ("image_archived", "detail.target-storage-class", "DEEP"),
        ("image_replicated", "detail.action-type", "PUSH"),
        ("basic_scan", "detail.scan-status", "FAILED"),
        ("basic_scan", "detail.finding-severity-counts", {}),
        ("basic_scan", "detail.finding-severity-counts", {"CRITICAL": 0}),
        ("basic_scan", "source", "aws.inspector2"),
        ("enhanced_scan", "detail.scan-status", "FAILED"),
        ("enhanced_finding", "detail.status", "CLOSED"),
        ("enhanced_finding", "detail.status", "SUPPRESSED"),
        ("enhanced_finding", "resources", ["arn:aws:ec2:us-east-2:123456789012:instance/i-1"]),
        ("scanning_changed", "detail.action-type", "OTHER"),
    ],
)
def test_an_event_that_is_nearly_one_is_not_selected(name, path, value):
    assert takers(changed(event(name), path, value)) == set()


def test_failures_are_told_apart():
    cached = event("image_cached")
    assert takers(changed(cached, "detail.sync-status", "FAILURE")) == {ImageEvent.CACHE_FAILED}
    replicated = event("replication_failed")
    assert takers(changed(replicated, "detail.result", "SUCCESS")) == {ImageEvent.REPLICATED}


def test_signatures_are_told_and_other_referrers_are_not():
    signed = signature_pushed()
    assert takers(signed) == {ImageEvent.SIGNED}
    assert takers(changed(signed, "detail.artifact-media-type", "text/sbom+json")) == set()
    assert takers(changed(signed, "detail.action-type", "DELETE")) == set()


def test_referrers_are_asked_for_by_fields_of_the_schema():
    (selection,) = selections_of(ImageEvent.SIGNED)
    read = {
        path.removeprefix("$.detail.")
        for path in message_for(selection, partition="aws").paths.values()
        if path.startswith("$.detail.")
    }
    assert read | set(selection.detail) <= REFERRER_FIELDS
    assert selection.detail_type == event("referrer_restored")["detail-type"]
    for referrer in (event("referrer_restored"), signature_pushed()):
        assert set(referrer["detail"]) <= REFERRER_FIELDS


# Severity, and whether at_least takes what is recorded: basic 10 critical and 9 medium, enhanced
# counts down to medium, a medium finding.
@pytest.mark.parametrize("at_least", FindingSeverity)
@pytest.mark.parametrize("found", FindingSeverity)
def test_each_severity_is_told_from_it_on_upwards(at_least, found):
    told = list(FindingSeverity).index(found) <= list(FindingSeverity).index(at_least)
    subscribed = ScanFindings(at_least=at_least)
    for written in found.written:
        basic = changed(event("basic_scan"), "detail.finding-severity-counts", {written: 1})
        finding = changed(event("enhanced_finding"), "detail.severity", written)
        assert [selection.id for selection in selected(subscribed, basic)] == (
            ["BasicScan"] if told else []
        )
        assert [selection.id for selection in selected(subscribed, finding)] == (
            ["EnhancedFinding"] if told else []
        )


@pytest.mark.parametrize("at_least", FindingSeverity)
@pytest.mark.parametrize(
    ("counts", "worst"),
    [
        ({"CRITICAL": 1, "HIGH": 0, "MEDIUM": 0, "TOTAL": 1}, FindingSeverity.CRITICAL),
        ({"CRITICAL": 0, "HIGH": 3, "MEDIUM": 0, "TOTAL": 3}, FindingSeverity.HIGH),
        ({"CRITICAL": 0, "HIGH": 0, "MEDIUM": 9, "TOTAL": 9}, FindingSeverity.MEDIUM),
        # Inspector does not say what these are: told as soon as less than medium is asked for.
        ({"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "TOTAL": 2}, FindingSeverity.LOW),
    ],
)
def test_the_counts_of_enhanced_scanning(at_least, counts, worst):
    scan = changed(event("enhanced_scan"), "detail.finding-severity-counts", counts)
    told = list(FindingSeverity).index(worst) <= list(FindingSeverity).index(at_least)
    found = selected(ScanFindings(at_least=at_least), scan)
    assert [selection.id for selection in found] == (["EnhancedScan"] if told else [])


@pytest.mark.parametrize("written", ["UNDEFINED", "UNTRIAGED"])
def test_what_nobody_has_rated_has_two_names(written):
    unrated = changed(event("basic_scan"), "detail.finding-severity-counts", {written: 1})
    assert selected(ScanFindings(at_least=FindingSeverity.UNTRIAGED), unrated)
    assert not selected(ScanFindings(at_least=FindingSeverity.INFORMATIONAL), unrated)


def test_a_repository_below_another_is_another():
    for name in ("enhanced_finding", "enhanced_scan", "basic_scan", "image_pushed"):
        below = about(name, "shop/api/more")
        assert takers(below, where(below, names=["shop/api"])) == set()
        assert takers(below, where(below, names=["shop/api/more"])) != set()


def test_findings_one_by_one_can_be_left_out():
    quiet = ScanFindings(at_least=FindingSeverity.LOW, each_finding=False)
    assert selected(quiet, event("enhanced_finding")) == []
    assert selected(quiet, event("enhanced_scan")) != []


def test_ids_are_told_apart_and_so_are_kinds_but_for_the_scanners():
    selections = [one for subscribed in EVERYTHING for one in selections_of(subscribed)]
    assert len({one.id for one in selections}) == len(selections)
    assert len({one.kind for one in selections}) == len(selections) - 1


@pytest.mark.parametrize("prefixes", [[], ["shop/"], ("a", "shop/api-"), [*DEFERRED_TEXTS]])
def test_prefixes(prefixes):
    assert check_prefixes(prefixes) == ()


@pytest.mark.parametrize("prefix", ["", "/shop", "Shop/", "shop/*", "-a", "a" * 257, *(NOT_TEXTS)])
def test_what_begins_no_name(prefix):
    finding = only(check_prefixes([prefix]))
    assert (finding.code, finding.given) == ("event-prefix-invalid", prefix)


def test_a_star_is_taken_away():
    assert "'shop/'" in only(check_prefixes(["shop/*"])).fix
    assert codes(check_prefixes("shop/")) == ["option-type"]


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "event-invalid"),
        (ImageEvent.PUSHED, "event-invalid"),
        ("PUSH", "event-invalid"),
        (["image-pushed"], "event-invalid"),
        ([ScanFindings], "event-invalid"),
        ([ImageEvent.PUSHED, ImageEvent.PUSHED], "event-invalid"),
        ([ScanFindings(), ScanFindings(at_least=FindingSeverity.LOW)], "event-invalid"),
        ([ScanFindings(at_least="HIGH")], "event-severity-invalid"),
        ([ScanFindings(at_least=None)], "event-severity-invalid"),
        ([ScanFindings(each_finding="no")], "event-invalid"),
    ],
)
def test_what_is_no_event(events, code):
    assert only(check_events(events)).code == code


def test_the_severity_that_was_meant():
    assert only(check_events([ScanFindings(at_least="low")])).fix == "write FindingSeverity.LOW"
    assert only(check_events([ScanFindings(at_least=9)])).fix == "write FindingSeverity.HIGH"
    assert check_events([ScanFindings(), *ImageEvent]) == ()


def test_a_pattern_has_its_length():
    def length(count):
        repositories = RepositoryFilter(
            names=[f"shop/{number:03}" for number in range(count)],
            partition="aws",
            region="eu-west-1",
            account="111111111111",
        )
        (selection,) = selections_of(ImageEvent.PUSHED)
        pattern = pattern_of(selection, repositories)
        return len(json.dumps(pattern)), check_pattern_length([pattern])

    counts = range(60, 200)
    # The one pattern that is exactly as long as it may be.
    assert check_pattern_length([{"x": "y" * (LONGEST_PATTERN - 9)}]) == ()
    assert check_pattern_length([{"x": "y" * (LONGEST_PATTERN - 8)}]) != ()
    assert len(json.dumps({"x": "y" * (LONGEST_PATTERN - 9)})) == LONGEST_PATTERN

    fits = [(size, found) for size, found in map(length, counts) if size <= LONGEST_PATTERN]
    over = [(size, found) for size, found in map(length, counts) if size > LONGEST_PATTERN]
    assert fits
    assert over
    assert all(found == () for _, found in fits)
    assert {only(found).code for _, found in over} == {"event-pattern-too-long"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (("111111111111", "eu-west-1"), False),
        ((None, None), False),
        ((None, "eu-west-1"), False),
        (("222222222222", "eu-west-1"), True),
        (("111111111111", "us-east-1"), True),
        ((None, "us-east-1"), True),
    ],
)
def test_events_arrive_where_the_repository_is(given, wrong):
    found = check_home("shop/api", given=given, home=("111111111111", "eu-west-1"))
    assert codes(found) == (["event-elsewhere"] if wrong else [])
    assert check_home("shop/api", given=given, home=(None, None)) == ()
    for finding in found:
        only([finding])
