"""Keys, lifecycle policies, replication and caches that change; and that nothing else is found."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs.model.lifecycle import number, render, simulate
from tests.model.lifecycle.repositories import AT
from tests.model.lifecycle.strategies import policies, random_repositories
from tests.report.check.apps import cache_rule, source
from tests.report.check.rules import KEPT, either

from .sides import codes, diff, found, keep, key, messages, policy, repository, rule, under

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
OTHER = {"Topic": {"Type": "AWS::SNS::Topic"}}
USED = {"Key": key(), "Api": repository(**under())}


def test_a_key_that_leaves():
    literal = {"Api": repository(**under("arn:aws:kms:eu-west-1:111111111111:key/k"))}
    assert ("Key", "warning", "key-removed") in found(USED, literal)
    deleted = {**USED, "Key": key({})}
    assert ("Key", "danger", "key-removed") in found(deleted, literal)
    assert ("Key", "danger", "key-removed") in found(deleted, OTHER)
    assert any("is the key of Api and leaves" in each for each in messages(deleted, literal))
    # Whose images go with their repository needs no key.
    preview = repository(attributes={}, EmptyOnDelete=True, **under())
    assert codes({"Key": key({}), "Api": preview, **OTHER}, OTHER) == ["repository-deleted"]
    # A key that encrypts nothing may go.
    assert found({"Key": key(), "Api": repository()}, {"Api": repository()}) == []


def test_another_key_replaces_the_repository():
    new = {
        "Key": key(),
        "Next": key(),
        "Api": repository(**under({"Fn::GetAtt": ["Next", "Arn"]})),
    }
    assert found(USED, new) == [("Api", "danger", "repository-replaced")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (key(), key(Enabled=False), ["key-disabled"]),
        (key(Enabled=False), key(Enabled=False), []),
        (key(Enabled=True), key(Enabled="false"), ["key-disabled"]),
        (key(Enabled={"Ref": "Stage"}), key(Enabled=False), []),
        (key(), key({}), ["key-not-retained"]),
        (key({}), key({}), []),
        (key({}), key(), []),
    ],
    ids=range(7),
)
def test_what_becomes_of_a_key(old, new, expected):
    assert codes({**USED, "Key": old}, {**USED, "Key": new}) == expected


V = {"tagPatternList": ["v*"]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, keep(5), ["lifecycle-expires-more"]),
        (keep(5), None, []),
        (keep(5), keep(3), ["lifecycle-expires-more"]),
        (keep(3), keep(5), []),
        (keep(5), policy({**rule(7, count=5), "description": "x"}), []),
        (policy(rule(count=2, **V)), policy(rule(count=2)), ["lifecycle-expires-more"]),
        (keep(5), {"LifecyclePolicyText": {"Ref": "Stage"}}, ["lifecycle-changed"]),
        (
            {"LifecyclePolicyText": {"Ref": "Stage"}},
            {"LifecyclePolicyText": {"Ref": "Stage"}},
            [],
        ),
        (keep(5), {"LifecyclePolicyText": "{}"}, ["lifecycle-changed"]),
    ],
    ids=range(9),
)
def test_a_policy_that_takes_more(old, new, expected):
    def shop(written):
        return {"Api": repository(**({} if written is None else {"LifecyclePolicy": written}))}

    assert codes(shop(old), shop(new)) == expected


def test_the_message_has_the_image_that_goes():
    old, new = {"Api": repository(LifecyclePolicy=keep(5))}, {
        "Api": repository(LifecyclePolicy=either(keep(3), keep(5)))
    }  # fmt: skip
    (told,) = messages(old, new)
    assert told.startswith("rule 1 expires an image without a tag, with 3 younger ones, which")
    assert told.endswith("(where IsProd holds)")


@FEW
@given(policies(), policies(), st.integers(min_value=0, max_value=2**32))
def test_where_more_is_lost_something_is_said(old, new, seed):
    before, after = (
        {"Api": repository(LifecyclePolicy={"LifecyclePolicyText": render(rules)})}
        for rules in (old, new)
    )
    said = codes(before, after)
    for images in random_repositories(seed):
        gone, went = (
            {each.digest for each in simulate(rules, images, at=AT).expiring}
            for rules in (new, old)
        )
        if gone - went:
            assert {"lifecycle-expires-more", "lifecycle-changed"} & set(said)


@FEW
@given(policies())
def test_an_equal_policy_written_differently_is_none(rules):
    text = render(rules)
    other = json.dumps(json.loads(text), indent=1, sort_keys=True)
    tenfold = json.loads(render(number(rules)))
    for each in tenfold["rules"]:
        each["rulePriority"] *= 10
        each["description"] = "another"
    before = {"Api": repository(LifecyclePolicy={"LifecyclePolicyText": text})}
    for written in (other, json.dumps(tenfold)):
        after = {"Api": repository(LifecyclePolicy={"LifecyclePolicyText": written})}
        assert codes(before, after) == []


def replication(*rules):
    return {
        "Type": "AWS::ECR::ReplicationConfiguration",
        "Properties": {"ReplicationConfiguration": {"Rules": list(rules)}},
    }


def to(*regions, filters=()):
    return {
        "Destinations": [{"Region": each, "RegistryId": "111111111111"} for each in regions],
        "RepositoryFilters": [{"Filter": each, "FilterType": "PREFIX_MATCH"} for each in filters],
    }


@pytest.mark.parametrize(
    ("old", "new", "dropped"),
    [
        ([to("a", "b")], [to("b", "a")], 0),
        ([to("a", "b")], [to("a"), to("b")], 0),
        ([to("a", "b")], [to("a")], 1),
        ([to("a", filters=["prod"])], [to("a")], 0),
        ([to("a")], [to("a", filters=["prod"])], 1),
        ([to("a", filters=["prod/"])], [to("a", filters=["prod"])], 0),
        ([to("a", filters=["prod"])], [to("a", filters=["prod/"])], 1),
    ],
    ids=range(7),
)
def test_what_is_copied_no_longer(old, new, dropped):
    sides = [{"Copies": replication(*rules)} for rules in (old, new)]
    assert codes(*sides) == ["replication-dropped"] * dropped


def test_what_is_still_copied_is_told_from_what_is_not():
    def said(old, new):
        return messages({"Copies": replication(old)}, {"Copies": replication(*new)})

    there = "to 111111111111/a, from the next push on"
    prod = to("a", filters=["prod"])
    assert said(to("a"), [prod]) == [f"no longer copies every repository {there}"]
    assert said(to("a"), []) == [f"no longer copies any repository {there}"]
    assert said(prod, []) == [f"no longer copies what begins with prod {there}"]
    assert said(prod, [to("a", filters=["prod/"])]) == [
        f"no longer copies all that begins with prod {there}"
    ]


def test_a_replication_in_another_stack_is_the_same():
    old = (source({"Copies": replication(to("a"))}, stack="A"), source(OTHER, stack="B"))
    new = (source(OTHER, stack="A"), source({"Other": replication(to("a"))}, stack="B"))
    assert found(old, new) == []
    gone = (source(OTHER, stack="A"), source(OTHER, stack="B"))
    assert found(old, gone) == [("Copies", "warning", "replication-dropped")]
    kept = source({"Copies": {**replication(to("a")), "DeletionPolicy": "Retain"}}, stack="A")
    assert found((kept, old[1]), gone) == []


def test_a_cache_rule_for_other_images():
    old = {"Cache": cache_rule("quay")}
    assert codes(old, {"Cache": cache_rule("other")}) == ["cache-rule-replaced"]
    upstream = deepcopy(old)
    upstream["Cache"]["Properties"]["UpstreamRegistryUrl"] = "registry.k8s.io"
    assert codes(old, upstream) == ["cache-rule-replaced"]
    assert codes(old, {"Cache": cache_rule({"Ref": "Stage"})}) == []


@pytest.mark.parametrize("name", ["CredentialArn", "CustomRoleArn", "UpstreamRegistry"])
def test_a_cache_rule_is_replaced_for_any_property(name):
    old, new = {"Cache": cache_rule("quay")}, {"Cache": cache_rule("quay")}
    new["Cache"]["Properties"][name] = "other"
    for one, other in ((old, new), (new, old)):
        (change,) = diff(one, other)
        assert (change.finding.code, change.finding.property) == ("cache-rule-replaced", name)
        assert "fails while the old one has the prefix" in change.finding.message


CACHE = {"Cache": cache_rule("quay"), **OTHER}
REMOVED = [("Cache", "warning", "cache-rule-removed")]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, REMOVED),
        ({"DeletionPolicy": "Delete"}, REMOVED),
        ({"DeletionPolicy": {"Ref": "Stage"}}, REMOVED),
        ({"DeletionPolicy": "Retain"}, []),
    ],
    ids=range(4),
)
def test_a_cache_rule_that_leaves(attributes, expected):
    old = {"Cache": {**cache_rule("quay"), **attributes}, **OTHER}
    assert found(old, OTHER) == expected
    assert found((source(old), source(OTHER, stack="B")), source(OTHER, stack="B")) == expected


def test_a_cache_rule_in_another_place():
    renamed = {"Quay": cache_rule("quay"), **OTHER}
    assert found(CACHE, renamed) == [("Quay", "warning", "cache-rule-replaced")]
    assert "before the old one goes, and fails" in messages(CACHE, renamed)[0]
    old = (source(CACHE, stack="A"), source(OTHER, stack="B"))
    new = (source(OTHER, stack="A"), source(renamed, stack="B"))
    assert found(old, new) == [("Quay", "warning", "cache-rule-replaced")]
    assert "Cache in the stack A" in messages(old, new)[0]
    elsewhere = (source(OTHER, stack="A"), source(renamed, stack="C", region="eu-west-2"))
    assert found(old[:1], elsewhere) == REMOVED


def test_a_cache_rule_of_a_condition():
    conditional = {"Cache": {**CACHE["Cache"], "Condition": "IsProd"}, **OTHER}
    (message,) = messages(CACHE, conditional)
    assert message.endswith("nothing more is fetched there (where IsProd does not hold)")
    assert found(conditional, CACHE) == []


SHOP = {
    **USED,
    "Web": repository("web", {}, LifecyclePolicy=either(keep(3), keep(5)), EmptyOnDelete=True),
    "Old": repository("old", {**KEPT, "Condition": "IsProd"}),
    "Copies": replication(to("a")),
    "Cache": cache_rule("quay"),
    "Auto": {
        "Type": "Custom::ECRAutoDeleteImages",
        "Properties": {"RepositoryName": {"Ref": "Api"}},
    },
}


@given(st.permutations(sorted(SHOP)))
def test_an_app_loses_nothing_to_itself_in_any_order(order):
    again = {name: dict(reversed(SHOP[name].items())) for name in order}
    assert diff(SHOP, again) == ()


def test_findings_stand_in_the_order_of_the_new_template_and_what_goes_after():
    new = {"Web": repository("web2", {}), "Api": repository(**under("a"), attributes={})}
    places = [each.resource.logical_id for each in diff(SHOP, new)]
    assert list(dict.fromkeys(places)) == ["Web", "Api", "Key", "Old", "Copies", "Cache"]
