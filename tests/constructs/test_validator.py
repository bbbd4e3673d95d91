"""The validator in an app: what CDK shows of it, what fails, and what is acknowledged."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ecr as ecr

from ecr_constructs import (
    EcrValidator,
    FleetMode,
    InvalidInputError,
    Removal,
    RepositoryFleet,
    SecureRepository,
    Severity,
)

REASON = "preview environment, rebuilt nightly"


@jsii.implements(cdk.IPolicyValidationPlugin)
class _Content:
    """Another plugin, which finds nothing."""

    name = "content"
    version = "1"
    rule_ids = None

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        return cdk.PolicyValidationPluginReport(success=True, violations=[])


def _report(outdir: Path) -> dict[str, object]:
    reports = json.loads((outdir / "validation-report.json").read_text())["pluginReports"]
    (report,) = (each for each in reports if each["pluginName"] == "ecr-constructs")
    return report


def _rules(report, key="violations"):
    """Code, severity and the place of each violation."""
    return sorted(
        (each["ruleName"], each["severity"], place["constructPath"])
        for each in report.get(key) or ()
        for place in each["violatingConstructs"]
    )


def _synthesize(outdir: Path, *, fails: bool, acknowledge=(), fail_on=Severity.DANGER):
    """An app with a Stage: a repository of CDK's in a nested stack, and two of ours beside."""
    app = cdk.App(outdir=str(outdir))
    cdk.Validations.of(app).add_plugins(EcrValidator(fail_on=fail_on))
    stage = cdk.Stage(app, "Dev")
    stack = cdk.Stack(stage, "Shop")
    ecr.Repository(
        cdk.NestedStack(stack, "Inner"),
        "Api",
        image_scan_on_push=True,
        lifecycle_rules=[ecr.LifecycleRule(max_image_count=10)],
        removal_policy=cdk.RemovalPolicy.DESTROY,
        empty_on_delete=True,
    )
    SecureRepository(stack, "Safe")
    SecureRepository(stack, "Preview", removal=Removal.delete_with_images(reason=REASON))
    for construct, rule in acknowledge:
        at = {"app": app, "stage": stage, "stack": stack}[construct]
        cdk.Validations.of(at).acknowledge(cdk.Acknowledgment(id=rule, reason=REASON))
    if fails:
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    else:
        app.synth()
    return _report(outdir)


API = "Dev/Shop/Inner/Api/Resource"
MOVES = ("tags-mutable", "warning", API)


def test_a_danger_fails_and_the_rest_is_shown(tmp_path):
    report = _synthesize(tmp_path, fails=True)
    assert (report["pluginName"], report["conclusion"]) == ("ecr-constructs", "failure")
    assert _rules(report) == [("empty-on-delete", "error", API), MOVES]
    (lost, _) = sorted(report["violations"], key=lambda each: each["ruleName"])
    (place,) = lost["violatingConstructs"]
    at = place["cloudFormationResource"]
    assert at["propertyPaths"] == ["Properties.EmptyOnDelete"]
    template = json.loads((tmp_path / at["templatePath"]).read_text())
    assert at["logicalId"] in template["Resources"]
    assert lost["suggestedFix"].startswith("write Retain")
    assert lost["ruleMetadata"]["severity"] == "danger"


@pytest.mark.parametrize("construct", ["app", "stack"])
def test_what_is_acknowledged_cdk_takes_away(tmp_path, construct):
    known = [(construct, "ecr-constructs::empty-on-delete")]
    report = _synthesize(tmp_path, fails=False, acknowledge=known)
    assert _rules(report) == [MOVES]
    taken = {(rule, at) for rule, _, at in _rules(report, "suppressedViolations")}
    assert ("empty-on-delete", API) in taken
    assert {rule for rule, _ in taken} == {"empty-on-delete"}
    assert report["suppressedViolations"][0]["reason"] == REASON


def test_a_code_alone_acknowledges_as_in_the_command(tmp_path):
    report = _synthesize(tmp_path, fails=False, acknowledge=[("stack", "empty-on-delete")])
    assert _rules(report) == [MOVES]


def test_what_fails_is_for_the_user_to_say(tmp_path):
    known = [("stack", "ecr-constructs::empty-on-delete")]
    report = _synthesize(tmp_path, fails=True, acknowledge=known, fail_on=Severity.WARNING)
    assert _rules(report) == [("tags-mutable", "error", API)]


@pytest.mark.parametrize("mode", FleetMode, ids=lambda mode: mode.name)
def test_a_fleet_is_checked_beside_the_rest_of_the_app(tmp_path, mode):
    app = cdk.App(outdir=str(tmp_path))
    cdk.Validations.of(app).add_plugins(EcrValidator())
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    ecr.CfnRepository(cdk.Stack(app, "Before", env=env), "Api", repository_name="shop/api")
    manifest = tmp_path.parent / f"{mode.name}.json"
    entries = [{"name": "shop/api", "group": "shop"}, {"name": "shop/web", "group": "shop"}]
    groups = {"shop": {"shards": 1}}
    manifest.write_text(json.dumps({"version": 1, "groups": groups, "repositories": entries}))
    RepositoryFleet(app, "Fleet", manifest=manifest, mode=mode, env=env)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    (twice,) = (each for each in _report(tmp_path)["violations"] if each["severity"] == "error")
    assert twice["ruleName"] == "repository-name-twice"
    assert "Before/Api" in twice["description"]
    (place,) = twice["violatingConstructs"]
    at = place["cloudFormationResource"]
    resources = json.loads((tmp_path / at["templatePath"]).read_text())["Resources"]
    assert resources[at["logicalId"]]["Properties"]["RepositoryName"] == "shop/api"


def test_stages_in_stages_beside_another_plugin_without_a_directory_and_again():
    app = cdk.App()
    cdk.Validations.of(app).add_plugins(_Content(), EcrValidator())
    inner = cdk.Stage(cdk.Stage(app, "All"), "Dev")
    ecr.CfnRepository(cdk.Stack(inner, "Shop"), "Api", repository_name="shop")
    first = _rules(_report(Path(app.synth().directory)))
    assert {place for *_, place in first} == {"All/Dev/Shop/Api"}
    assert {rule for rule, *_ in first} >= {"tags-mutable", "repository-not-retained"}
    assert _rules(_report(Path(app.synth(force=True).directory))) == first


@pytest.mark.parametrize("wrong", ["error", None, 1, ["danger"]])
def test_another_severity_is_refused(wrong):
    with pytest.raises(InvalidInputError, match="danger, warning, note"):
        EcrValidator(fail_on=wrong)
