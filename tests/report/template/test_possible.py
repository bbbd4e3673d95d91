"""Conditions that exclude each other: never one that can be so."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.report.reading.sources import source_of_template
from ecr_constructs.report.template.app import App

NAMES = "ABCD"
VALUES = ("x", "y", "z")
COMPARED = st.sampled_from([*VALUES, {"Ref": "P"}, {"Ref": "Q"}])
LEAF = st.sampled_from(NAMES).map(lambda name: {"Condition": name}) | st.tuples(
    COMPARED, COMPARED
).map(lambda both: {"Fn::Equals": list(both)})
DEFINITION = st.recursive(
    LEAF,
    lambda inner: (
        inner.map(lambda each: {"Fn::Not": [each]})
        | st.tuples(
            st.sampled_from(["Fn::And", "Fn::Or"]), st.lists(inner, min_size=2, max_size=3)
        ).map(lambda drawn: {drawn[0]: drawn[1]})
    ),
    max_leaves=5,
)
CONDITIONS = st.fixed_dictionaries(dict.fromkeys(NAMES, DEFINITION))


def app_of(conditions, **values):
    parameters = {
        name: {"Type": "String", **({"Default": values[name]} if name in values else {})}
        for name in "PQ"
    }
    template = {"Parameters": parameters, "Conditions": conditions, "Resources": {}}
    return App([source_of_template(template, stack="Shop", file="t.json")])


@settings(max_examples=300)
@given(CONDITIONS)
def test_what_some_parameters_make_so_is_possible(conditions):
    possible = app_of(conditions).possible
    for one, other in itertools.product(VALUES, repeat=2):
        (stack,) = app_of(conditions, P=one, Q=other).stacks
        world = [(name, stack.conditions.holds(name)) for name in NAMES]
        # One that asks for itself is refused by CloudFormation, and never decided here.
        known = tuple((name, holds) for name, holds in world if holds is not None)
        for size in range(len(known) + 1):
            assert known[:size] in possible


def test_a_world_without_conditions_is_possible():
    assert () in app_of({}).possible
    assert (("Elsewhere", True),) in app_of({}).possible


def test_a_condition_of_another_stack_has_its_own_parameters():
    equal = {"Fn::Equals": [{"Ref": "P"}, "x"]}
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"One": equal},
        "Resources": {},
    }
    other = {**template, "Conditions": {"Two": {"Fn::Not": [equal]}}}
    app = App(
        [
            source_of_template(each, stack=name, file=f"{name}.json")
            for name, each in (("Shop", template), ("Shelf", other))
        ]
    )
    assert (("One", True), ("Two", True)) in app.possible
    merged = {**template, "Conditions": {"One": equal, "Two": {"Fn::Not": [equal]}}}
    alone = App([source_of_template(merged, stack="Shop", file="t.json")])
    assert (("One", True), ("Two", True)) not in alone.possible
