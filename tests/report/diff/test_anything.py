"""No value anywhere in a template, old or new, stops a topic of the diff."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from ecr_constructs.report.check.formats.json_form import render_json
from ecr_constructs.report.diff.collector import diff_sources
from ecr_constructs.report.reading.source import Sources
from tests.report.check.anything import changed, changes
from tests.report.check.apps import OPEN_POLICY, cache_rule, source
from tests.report.check.rules import KEPT, UNDECIDED

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
CHANGES = changes(TEMPLATE)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES, CHANGES)
def test_any_value_at_any_place_is_compared(before, after):
    old, new = (
        Sources((source(changed(TEMPLATE, made), template=UNDECIDED),)) for made in (before, after)
    )
    found = diff_sources(old, new)
    assert render_json(found).count('"code"') == len(found.findings)
    assert diff_sources(old, old).findings == ()
    touched = {path[0] for path, _ in (*before, *after)}
    # What nobody changed is not found.
    if not touched & {"Key", "Api"}:
        assert "Api" not in {each.resource.logical_id for each in found.findings}
