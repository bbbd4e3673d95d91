"""A registry is refused in our words, or its template is one that CloudFormation takes."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import cloudformation_validate as cloudformation
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ecr_constructs.constructs.registry.effective import effective_in_app
from ecr_constructs.model.findings import dangers
from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.effective import effective, read_configuration
from ecr_constructs.model.registry.written import RegistryResource, check_registry
from ecr_constructs.report.reading.sources import read_sources
from ecr_constructs.report.registry.effective import effective_of
from ecr_constructs.report.template.app import App
from tests.constructs.registry.random_registries import NAMES, RandomRegistry, random_registries

# One App holds many registries, and a failing one says its seed: shrinking would only cost time.
FEW = settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
REGISTRIES = 20
# Advice about ARNs that are written out: these are the user's own.
WRITTEN_OUT = {"W9002", "W9013"}


def check_asking_the_app(registry: RandomRegistry, assembly: Path) -> None:
    """What the constructs answer is what the command answers."""
    account, region = registry.stack.account, registry.stack.region
    asked = effective_in_app(registry.stack, NAMES[1], via=None)
    printed = effective_of(assembly, NAMES[1], account=account, region=region).answer
    assert asked == printed


@pytest.fixture(scope="module")
def engine():
    return cloudformation.CompositeEngine()


@FEW
@given(st.integers(min_value=0, max_value=2**32))
def test_refused_in_our_words_or_taken_by_cloudformation(flags, engine, tmp_path_factory, seed):
    outdir = tmp_path_factory.mktemp("registries")
    app = cdk.App(context=flags, outdir=str(outdir), analytics_reporting=False)
    registries = list(random_registries(app, seed, REGISTRIES))
    app.synth()
    assert sum(registry.made for registry in registries) > REGISTRIES
    for registry in registries:
        check_refusals(registry)
        template = outdir / f"{registry.stack.stack_name}.template.json"
        if registry.made and "Resources" in json.loads(template.read_text()):
            check_template(engine, template)
            check_rules(registry, template)
            check_effective(registry, template)
        else:
            # Nothing was taken, or a policy without a statement, which is no resource.
            assert registry.taken == []
    check_asking_the_app(registries[0], outdir)


def check_refusals(registry: RandomRegistry) -> None:
    for refusal in registry.refusals:
        # A value, an Upstream say, refuses before there is a construct.
        path = refusal.construct_path or registry.stack.stack_name
        assert path.startswith(registry.stack.stack_name), refusal
        for finding in refusal.findings:
            assert finding.message, refusal
            assert finding.allowed, refusal
            assert finding.fix, refusal
            assert finding.docs.startswith("https://"), refusal


def check_template(engine: cloudformation.CompositeEngine, template: Path) -> None:
    strict = cloudformation.ValidateConfig(strict=True)
    report = engine.validate_template(template, strict)
    found = [
        f"{entry.rule_id}: {entry.message}"
        for entry in report.diagnostics
        if entry.severity is not cloudformation.Severity.INFO and entry.rule_id not in WRITTEN_OUT
    ]
    assert found == [], f"{found}\n{template.read_text()}"


def check_rules(registry: RandomRegistry, template: Path) -> None:
    """What the constructs took is what the rules for any template take."""
    (stack,) = App(read_sources(template).stacks).top
    here = RegistryAddress(account=registry.stack.account, region=registry.stack.region)
    resources = [
        RegistryResource(
            kind=resource.kind,
            properties=stack.marks.readable(resource.properties),
            path=resource.logical_id,
        )
        for kind in {entry["Type"] for entry in stack.resources.values()}
        for resource in stack.of_kind(kind)
    ]
    found = [each.finding for each in check_registry(resources, registry=here)]
    assert dangers(found) == (), template.read_text()


def check_effective(registry: RandomRegistry, template: Path) -> None:
    """What the template says is what the values said."""
    if registry.partly:
        return
    wanted = read_configuration(registry.taken)
    for name in NAMES:
        expected = effective(wanted, name)
        answer = effective_of(template, name).answer
        assert answer.scan == expected.scan
        assert answer.replicates_to == expected.replicates_to
        assert answer.signing_profiles == expected.signing_profiles


def test_the_validator_would_find_something(engine, tmp_path):
    resource = {"Type": "AWS::ECR::SigningConfiguration", "Properties": {"Rules": "none"}}
    template = tmp_path / "Bad.template.json"
    template.write_text(json.dumps({"Resources": {"Signing": resource}}))
    with pytest.raises(AssertionError, match="SigningConfiguration"):
        check_template(engine, template)
