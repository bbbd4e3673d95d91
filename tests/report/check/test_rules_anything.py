"""No value anywhere in a template stops a topic of the check."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.report.check.collector import check_app
from ecr_constructs.report.template.app import App

from .apps import source
from .rules import UNDECIDED, either, resource
from .test_rules_keys import key
from .test_rules_keys import repository as encrypted
from .test_rules_lifecycles import BY_AGE
from .test_rules_pulls import BUILD, BY_ROLE, EMR, FUNCTION, NOBODY, named, repository, task
from .test_rules_repositories import emptier, scanning

ALIAS = {"AliasName": "alias/images", "TargetKeyId": {"Ref": "Key"}}
TEMPLATE = {
    "Api": repository(named("lambda.amazonaws.com"), DeletionPolicy="Delete"),
    "Encrypted": encrypted(LifecyclePolicy=BY_AGE, ImageTagMutability="MUTABLE"),
    "Key": key(Enabled=True),
    "Alias": resource("AWS::KMS::Alias", ALIAS),
    "Scanning": scanning("shop"),
    "Who": NOBODY,
    "Task": task(),
    **emptier(),
    **{f"Pulls{number}": each for number, each in enumerate((*BY_ROLE, BUILD, EMR, FUNCTION))},
}
VALUES = [
    *(None, 7, -1.5, True, "", "x", "*", "${", [], {}, [[]], [{}], {"a": 1}, {1: "a", "b": 2}),
    *({"Ref": "Stage"}, {"Ref": "Api"}, {"Ref": ["x"]}, {"Fn::Sub": "${Stage}x"}),
    *(either(7, {"Ref": "AWS::NoValue"}), either({"a": []}, "MUTABLE")),
]


def paths(value, path=()):
    """Where something stands in a template."""
    if path:
        yield path
    listed = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else listed:
        yield from paths(inner, (*path, name))


@given(
    st.lists(
        st.tuples(st.sampled_from(list(paths(TEMPLATE))), st.sampled_from(VALUES)),
        min_size=1,
        max_size=2,
        unique_by=lambda change: change[0][0],
    )
)
def test_any_value_at_any_place_is_checked(changes):
    resources = copy.deepcopy(TEMPLATE)
    for path, value in changes:
        holder = resources
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = copy.deepcopy(value)
    reported = check_app(App([source(resources, template=UNDECIDED)]))
    changed = {path[0] for path, _ in changes}
    # What nobody changed is found as before.
    if not changed & {"Encrypted", "Key"}:
        assert ("Key", "key-not-retained") in {
            (each.resource.logical_id, each.finding.code) for each in reported
        }
