"""No value anywhere in a template, old or new, stops a topic of the diff."""

from __future__ import annotations

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_constructs.report.check.formats.json_form import render_json
from ecr_constructs.report.diff.collector import diff_sources
from ecr_constructs.report.reading.source import Sources
from tests.report.check.apps import OPEN_POLICY, cache_rule, source
from tests.report.check.rules import KEPT, UNDECIDED
from tests.report.check.test_rules_anything import VALUES, paths

from .sides import keep, key, repository, under
from .test_changes import replication, to

TEMPLATE = {
    "Key": key(Enabled=True),
    "Api": repository(LifecyclePolicy=keep(5), RepositoryPolicyText=OPEN_POLICY, **under()),
    "Web": repository("web", {**KEPT, "Condition": "IsProd"}, EmptyOnDelete=True),
    "Copies": replication(to("a", filters=["prod"])),
    "Cache": cache_rule("quay"),
    "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {}},
}
CHANGES = st.lists(
    st.tuples(st.sampled_from(list(paths(TEMPLATE))), st.sampled_from(VALUES)),
    max_size=2,
    unique_by=lambda change: change[0][0],
)


def changed(changes):
    resources = copy.deepcopy(TEMPLATE)
    for path, value in changes:
        holder = resources
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = copy.deepcopy(value)
    return Sources((source(resources, template=UNDECIDED),))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES, CHANGES)
def test_any_value_at_any_place_is_compared(before, after):
    old, new = changed(before), changed(after)
    found = diff_sources(old, new)
    assert render_json(found).count('"code"') == len(found.findings)
    assert diff_sources(old, old).findings == ()
    touched = {path[0] for path, _ in (*before, *after)}
    # What nobody changed is not found.
    if not touched & {"Key", "Api"}:
        assert "Api" not in {each.resource.logical_id for each in found.findings}
