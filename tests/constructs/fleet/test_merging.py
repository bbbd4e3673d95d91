"""What is done to all resources is told by the witnesses; what is done to some is no such thing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs import InvalidInputError
from ecr_constructs.model.fleet.meaning.tags import rendered_tags
from ecr_constructs.model.fleet.merging.changes import carried
from ecr_constructs.model.fleet.merging.resources import classes_of, keyed
from ecr_constructs.model.fleet.merging.tokens import check_tokens
from ecr_constructs.model.fleet.merging.whole import whole
from ecr_constructs.model.fleet.merging.witnesses import witnesses_of

Resource = dict[str, Any]
Act = Callable[[Resource], Resource]
KEYS = ("team", "cost", "tier")


def repository(
    number: int, mutability: str, lifecycle: str | None, policy: str | None, tags: dict[str, str]
) -> Resource:
    properties: Resource = {"ImageTagMutability": mutability}
    if lifecycle is not None:
        properties["LifecyclePolicy"] = {"LifecyclePolicyText": lifecycle}
    properties["RepositoryName"] = f"shop/n-{number}"
    if policy is not None:
        properties["RepositoryPolicyText"] = {"Statement": policy}
    if tags:
        properties["Tags"] = rendered_tags(tags)
    return {"Type": "AWS::ECR::Repository", "Properties": properties, "DeletionPolicy": "Retain"}


TAGS = [
    {key: value for key, value in zip(KEYS, values, strict=True) if value is not None}
    for values in itertools.product((None, "1", "2"), repeat=len(KEYS))
]
# One draw for each repository: four would take most of the time of these tests.
kinds = st.sampled_from(
    list(
        itertools.product(
            ["MUTABLE", "IMMUTABLE"],
            # Few of them are absent: absence makes a class, and classes of two have no siblings.
            ["short", "short", "long", None],
            ["a", "a", "a", "b"],
            [tags for tags in TAGS if tags],
        )
    )
)
fleets = st.lists(kinds, min_size=1, max_size=40).map(
    lambda drawn: {f"R{number}": repository(number, *each) for number, each in enumerate(drawn)}
)


def with_properties(resource: Resource, **changed: Any) -> Resource:
    properties = {**resource["Properties"], **changed}
    kept = {key: value for key, value in sorted(properties.items()) if value is not None}
    return {**resource, "Properties": kept}


def tagged(key: str, value: str | None, *, own_wins: bool) -> Act:
    def act(resource: Resource) -> Resource:
        tags = keyed(resource, "Tags")
        if value is None:
            tags.pop(key, None)
        elif key not in tags or not own_wins:
            tags[key] = value
        return with_properties(resource, Tags=rendered_tags(tags) or None)

    return act


def setting(name: str, value: Any) -> Act:
    return lambda resource: with_properties(resource, **{name: value})


def attribute(name: str, value: Any) -> Act:
    return lambda resource: {**resource, name: value}


def by_mutability(act: Act) -> Act:
    def decided(resource: Resource) -> Resource:
        mutable = resource["Properties"].get("ImageTagMutability") == "MUTABLE"
        return act(resource) if mutable else resource

    return decided


acts = st.one_of(
    st.builds(
        tagged,
        st.sampled_from([*KEYS, "new"]),
        st.sampled_from([None, "1", "9"]),
        own_wins=st.booleans(),
    ),
    st.builds(
        setting,
        st.sampled_from(["ImageScanningConfiguration", "LifecyclePolicy", "RepositoryPolicyText"]),
        st.sampled_from([None, {"Statement": "a"}, {"LifecyclePolicyText": "short"}, {"x": 1}]),
    ),
    # What the first and the last of a class have already, perhaps, and others have not.
    st.just(setting("LifecyclePolicy", {"LifecyclePolicyText": "short"})),
    st.builds(attribute, st.just("DeletionPolicy"), st.sampled_from(["Retain", "Delete"])),
    st.builds(attribute, st.just("Metadata"), st.just({"reviewed": "yes"})),
)


def same(one: dict[str, Resource], another: dict[str, Resource]) -> bool:
    """Whether both have the same resources; tags are a set."""
    return {key: with_tags(entry) for key, entry in one.items()} == {
        key: with_tags(entry) for key, entry in another.items()
    }


def with_tags(resource: Resource) -> Resource:
    properties = {key: value for key, value in resource["Properties"].items() if key != "Tags"}
    return {**resource, "Properties": properties, "tags": keyed(resource, "Tags")}


def merged(resources: dict[str, Resource], act: Act) -> dict[str, Resource]:
    classes = classes_of(resources)
    rendered = {each: act(resources[each]) for each in witnesses_of(classes)}
    return {**resources, **carried(classes, witnesses_of(classes), rendered)}


@given(fleets, st.lists(acts, min_size=1, max_size=3), st.booleans())
@settings(max_examples=300)
def test_what_is_done_to_all(resources, done, decided):
    def act(resource: Resource) -> Resource:
        for each in done:
            resource = (by_mutability(each) if decided else each)(resource)
        return resource

    expected = {key: act(entry) for key, entry in resources.items()}
    assert same(merged(resources, act), expected)


@given(fleets, st.data())
@settings(max_examples=200)
def test_what_is_done_to_one_witness_is_refused_or_is_true(resources, data):
    """Never is a resource changed that nobody changed, and never one that somebody did not."""
    chosen = data.draw(st.sampled_from(witnesses_of(classes_of(resources))))

    def act(resource: Resource) -> Resource:
        return setting("ImageScanningConfiguration", {"x": 1})(resource)

    classes = classes_of(resources)
    rendered = {
        each: act(resources[each]) if each == chosen else resources[each]
        for each in witnesses_of(classes)
    }
    expected = {**resources, chosen: act(resources[chosen])}
    try:
        found = {**resources, **carried(classes, witnesses_of(classes), rendered)}
    except InvalidInputError as refusal:
        assert "FULL_TREE" in refusal.fix
    else:
        assert same(found, expected)


def test_a_policy_that_was_added_to_is_not_copied_over_others():
    """Each has a policy of its own: copying one over the others would lose theirs."""
    resources = {
        f"R{number}": repository(number, "MUTABLE", None, f"of {number}", {}) for number in range(9)
    }

    def act(resource: Resource) -> Resource:
        before = resource["Properties"]["RepositoryPolicyText"]["Statement"]
        return with_properties(resource, RepositoryPolicyText={"Statement": f"{before}, more"})

    with pytest.raises(InvalidInputError, match="RepositoryPolicyText was changed in another way"):
        merged(resources, act)


def test_two_witnesses_a_class():
    resources = {f"R{number}": repository(number, "MUTABLE", None, None, {}) for number in range(9)}
    assert witnesses_of(classes_of(resources)) == ["R0", "R8"]


def test_a_value_that_the_first_and_the_last_have_already():
    resources = {
        f"R{number}": repository(number, "MUTABLE", lifecycle, None, {})
        for number, lifecycle in enumerate(["short", "long", "long", "short"])
    }
    act = setting("LifecyclePolicy", {"LifecyclePolicyText": "short"})
    assert witnesses_of(classes_of(resources)) == ["R0", "R3", "R1"]
    expected = {key: act(entry) for key, entry in resources.items()}
    assert same(merged(resources, act), expected)


@pytest.mark.parametrize(
    ("tags", "act"),
    [
        # The first and the last have the new value already; in the middle is another one.
        (["1", "2", "2", "1"], tagged("team", "1", own_wins=False)),
        # The first and the last have not what is taken away.
        ([None, "1", "1", None], tagged("team", None, own_wins=False)),
        # The first and the last keep their own; who has none gets one.
        (["1", None, None, "2"], tagged("team", "9", own_wins=True)),
    ],
)
def test_a_tag_that_the_first_and_the_last_do_not_tell_of(tags, act):
    resources = {
        f"R{number}": repository(
            number, "MUTABLE", None, None, {"cost": "1", **({"team": value} if value else {})}
        )
        for number, value in enumerate(tags)
    }
    expected = {key: act(entry) for key, entry in resources.items()}
    assert same(merged(resources, act), expected)


def test_everything_else_of_the_stack_stays():
    resources = {f"R{number}": repository(number, "MUTABLE", None, None, {}) for number in range(5)}
    classes = classes_of(resources)
    written = {**{each: resources[each] for each in witnesses_of(classes)}, "Topic": {"Type": "T"}}
    first = witnesses_of(classes)
    found = whole(resources, classes, first, set(first), written)
    assert list(found) == [*resources, "Topic"]
    with pytest.raises(InvalidInputError, match="logical ids another construct"):
        whole(resources, classes, first, set(first), {**written, "R2": {"Type": "T"}})
    with pytest.raises(InvalidInputError, match="whether there is a resource"):
        whole(resources, classes, first, {"R0", "R4"}, {"R0": resources["R0"]})


@pytest.mark.parametrize(
    "value",
    ["${Token[TOKEN.12]}", ["#{Token[TOKEN.13]}"], {"a": "x-1.8881545897087503e+289-y"}],
)
def test_each_form_of_a_token(value):
    resources = {"R0": with_properties(repository(0, "MUTABLE", None, None, {}), Tags=value)}
    (found,) = check_tokens(resources)
    assert found.property == "Tags"
    assert "'shop/n-0'" in found.message
    plain = {"R0": repository(0, "MUTABLE", "${AWS::Region}", None, {"a": "$5"})}
    assert not list(check_tokens(plain))
