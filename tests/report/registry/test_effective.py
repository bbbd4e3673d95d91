"""Which registry is asked, and what its templates leave open."""

from __future__ import annotations

import json

import pytest

from ecr_constructs.model.registry.effective import ScanFrequency, Via
from ecr_constructs.report.reading.faults import UnusableInputError
from ecr_constructs.report.registry.effective import effective_of
from tests.model.registry.effective.settings import (
    cache_rule,
    replication,
    scanning,
    signing,
    template,
)

ACCOUNT, OTHER = "111111111111", "222222222222"
HOME, AWAY = "eu-west-1", "eu-central-1"
OPEN = {"Parameters": {"Stage": {"Type": "String"}}}
PROD = {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}


def resource(kind, properties, **more):
    return {"Type": kind, "Properties": properties, **more}


def repository(name, **properties):
    return resource("AWS::ECR::Repository", {"RepositoryName": name, **properties})


def construct(path, setting):
    return resource(*setting, Metadata={"aws:cdk:path": path})


@pytest.fixture
def shop(tmp_path):
    """A template of these resources."""

    def write(resources, **sections):
        place = tmp_path / "Shop.template.json"
        place.write_text(json.dumps({"Resources": resources, **sections}))
        return place

    return write


@pytest.fixture
def assembly(tmp_path):
    """An assembly: for each ``ACCOUNT/REGION`` the resources of its stack."""

    def write(**by_stack):
        artifacts = {}
        for name, (environment, resources) in by_stack.items():
            file = f"{name}.template.json"
            (tmp_path / file).write_text(json.dumps({"Resources": resources}))
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{environment}",
                "properties": {"templateFile": file},
            }
        manifest = {"version": "36.0.0", "artifacts": artifacts}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        return tmp_path

    return write


class TestATemplate:
    def test_every_setting_of_it(self, shop):
        place = shop(
            {
                "Scanning": resource(*scanning("ENHANCED", continuous=["shop"])),
                "Replication": resource(*replication(([(OTHER, AWAY)], ["shop/"]))),
                "Cache": resource(*cache_rule("ROOT", "quay.io")),
                "Template": resource(*template("shop", LifecyclePolicy="{}")),
                "Signing": resource(*signing(("shop", ["shop/*"]))),
            }
        )
        answer = effective_of(place, "shop/api", via=Via.REPLICATION).answer
        assert answer.scan.frequency is ScanFrequency.CONTINUOUS_SCAN
        assert [(each.registry, each.region) for each in answer.replicates_to] == [(OTHER, AWAY)]
        assert answer.cache_rule.upstream_repository == "shop/api"
        assert answer.creation_template.prefix == "shop"
        assert len(answer.signing_profiles) == 1
        assert answer.lifecycle.value == "template"

    def test_a_declared_repository(self, shop):
        place = shop(
            {
                "Api": repository(
                    "shop/api",
                    ImageScanningConfiguration={"ScanOnPush": True},
                    LifecyclePolicy={"LifecyclePolicyText": "{}"},
                    EncryptionConfiguration={"EncryptionType": "KMS"},
                ),
                "Web": repository("shop/web"),
            }
        )
        answer = effective_of(place, "shop/api").answer
        assert answer.scan.frequency is ScanFrequency.SCAN_ON_PUSH
        assert (answer.lifecycle.value, answer.encryption) == ("repository", "KMS")
        bare = effective_of(place, "shop/web").answer
        assert bare.scan.frequency is ScanFrequency.MANUAL
        assert (bare.lifecycle.value, bare.encryption) == ("none", "AES256")
        assert answer.notes == bare.notes == ()

    def test_intrinsic_functions_are_carried_out(self, shop):
        kind, properties = replication(([({"Ref": "AWS::AccountId"}, AWAY)], None))
        place = shop({"Replication": resource(kind, properties)})
        (destination,) = effective_of(place, "a/b").answer.replicates_to
        assert destination.registry == "${AWS::AccountId}"
        (destination,) = effective_of(place, "a/b", account=ACCOUNT).answer.replicates_to
        assert destination.registry == ACCOUNT

    def test_settings_whose_condition_does_not_hold_are_none(self, shop):
        never = {"Never": {"Fn::Equals": ["a", "b"]}}
        place = shop({"Cache": resource(*cache_rule("a"), Condition="Never")}, Conditions=never)
        assert effective_of(place, "a/b").answer.cache_rule is None


class TestWhatItLeavesOpen:
    def test_a_setting_under_a_condition(self, shop):
        place = shop(
            {"Cache": resource(*cache_rule("a", "quay.io"), Condition="IsProd")},
            Conditions=PROD,
            **OPEN,
        )
        answer = effective_of(place, "a/b").answer
        assert answer.cache_rule.upstream == "quay.io"
        (said,) = answer.notes
        assert said.startswith("cache rule depends on IsProd, which the template does not decide")
        assert said.endswith("it is none")
        assert effective_of(place, "other/b").answer.notes == ()

    def test_a_value_under_a_condition(self, shop):
        kind, properties = scanning("BASIC", on_push=["a"])
        one_of = {**properties, "ScanType": {"Fn::If": ["IsProd", "ENHANCED", "BASIC"]}}
        place = shop({"Scanning": resource(kind, one_of)}, Conditions=PROD, **OPEN)
        answer = effective_of(place, "a/b").answer
        assert answer.scan.type == "ENHANCED"
        (said,) = answer.notes
        assert said.endswith("it is SCAN_ON_PUSH, BASIC")
        said = effective_of(place, "b/c").answer.notes
        assert said[0].endswith("it is MANUAL, BASIC")

    def test_only_the_conditions_that_matter_are_named(self, shop):
        conditions = {**PROD, "Big": {"Fn::Equals": [{"Ref": "Stage"}, "big"]}}
        place = shop(
            {
                "Cache": resource(*cache_rule("a"), Condition="IsProd"),
                "Other": resource(*cache_rule("b"), Condition="Big"),
            },
            Conditions=conditions,
            **OPEN,
        )
        (said,) = effective_of(place, "a/x").answer.notes
        assert "depends on IsProd, which" in said

    def test_a_filter_that_is_a_parameter(self, shop):
        kind, properties = signing(("shop", [{"Fn::Sub": "${Stage}/*"}]))
        place = shop({"Signing": construct("Shop/Sign", (kind, properties))}, **OPEN)
        answer = effective_of(place, "prod/api").answer
        assert answer.signing_profiles == ()
        (said,) = answer.notes
        assert said.startswith("Shop/Sign: Filter is ${Stage}/*")
        decided = shop(
            {"Signing": resource(kind, properties)},
            Parameters={"Stage": {"Type": "String", "Default": "prod"}},
        )
        answer = effective_of(decided, "prod/api").answer
        assert len(answer.signing_profiles) == 1
        assert answer.notes == ()

    def test_all_rules_that_are_a_parameter(self, shop):
        properties = {"ScanType": "ENHANCED", "Rules": {"Ref": "Stage"}}
        place = shop({"S": resource("AWS::ECR::RegistryScanningConfiguration", properties)}, **OPEN)
        (said,) = effective_of(place, "a/b").answer.notes
        assert said.startswith("S: Rules is ${Stage}")

    def test_a_repository_of_any_name(self, shop):
        place = shop({"Api": repository({"Ref": "Stage"}), "Web": repository("a/web")}, **OPEN)
        (said,) = effective_of(place, "a/b").answer.notes
        assert said.startswith("Api: its name is ${Stage}")
        assert effective_of(place, "a/web").answer.notes == ()

    def test_a_repository_whose_name_is_made_up_is_another(self, shop):
        place = shop({"Api": {"Type": "AWS::ECR::Repository"}})
        assert effective_of(place, "a/b").answer.notes == ()

    def test_two_of_what_a_registry_has_once(self, shop):
        place = shop(
            {
                "One": construct("Shop/One", scanning("BASIC", on_push=["a"])),
                "Two": construct("Shop/Two", scanning("ENHANCED", continuous=["a"])),
            }
        )
        answer = effective_of(place, "a/b").answer
        assert answer.scan.type == "ENHANCED"
        (said,) = answer.notes
        assert "these are 2 scanning configurations (Shop/One, Shop/Two)" in said

    def test_one_of_two_is_one(self, shop):
        """Conditions of which exactly one holds."""
        conditions = {**PROD, "IsTest": {"Fn::Not": [{"Condition": "IsProd"}]}}
        place = shop(
            {
                "One": resource(*scanning("BASIC", on_push=["a"]), Condition="IsProd"),
                "Two": resource(*scanning("ENHANCED", continuous=["a"]), Condition="IsTest"),
            },
            Conditions=conditions,
            **OPEN,
        )
        said = effective_of(place, "a/b").answer.notes
        assert not any("ENHANCED, BASIC" in each for each in said)
        assert any("scan depends on" in each for each in said)


class TestAnAssembly:
    @pytest.fixture
    def two(self, assembly):
        return assembly(
            Home=(
                f"{ACCOUNT}/{HOME}",
                {
                    "Replication": resource(*replication(([(OTHER, AWAY)], None))),
                    "Api": repository("shop/api"),
                },
            ),
            Away=(f"{OTHER}/{AWAY}", {"Template": resource(*template("shop", "REPLICATION"))}),
            Empty=(f"{ACCOUNT}/us-east-1", {}),
        )

    def test_the_registry_that_declares_the_repository(self, two):
        report = effective_of(two, "shop/api")
        assert (report.account, report.region) == (ACCOUNT, HOME)
        assert report.answer.creation_template is None

    def test_the_registry_that_is_said(self, two):
        report = effective_of(two, "shop/api", account=OTHER, via=Via.REPLICATION)
        assert (report.account, report.region) == (OTHER, AWAY)
        assert report.answer.creation_template.prefix == "shop"
        assert report.answer.replicates_to == ()
        assert effective_of(two, "shop/api", region="us-east-1").answer.notes == ()

    def test_which_of_several_must_be_said(self, two):
        with pytest.raises(UnusableInputError) as caught:
            effective_of(two, "shop/web")
        assert f"{ACCOUNT}/{HOME}, {OTHER}/{AWAY}" in str(caught.value)
        assert "--account and --region" in str(caught.value)

    def test_there_is_none_such(self, two):
        with pytest.raises(UnusableInputError) as caught:
            effective_of(two, "shop/api", account="999999999999")
        assert "no stack in 999999999999/any Region" in str(caught.value)
        assert f"{ACCOUNT}/us-east-1" in str(caught.value)

    def test_settings_of_several_stacks_are_of_one_registry(self, assembly):
        place = assembly(
            One=(f"{ACCOUNT}/{HOME}", {"Cache": resource(*cache_rule("a"))}),
            Two=(f"{ACCOUNT}/{HOME}", {"Template": resource(*template("a"))}),
        )
        answer = effective_of(place, "a/b").answer
        assert answer.cache_rule.prefix == answer.creation_template.prefix == "a"

    def test_open_environments_are_one(self, assembly):
        unknown = "unknown-account/unknown-region"
        place = assembly(
            One=(unknown, {"Cache": resource(*cache_rule("a"))}),
            Two=(unknown, {"Template": resource(*template("a"))}),
        )
        report = effective_of(place, "a/b")
        assert report.answer.creation_template is not None
        assert (report.account, report.region) == ("${AWS::AccountId}", "${AWS::Region}")


@pytest.mark.parametrize("name", ["Shop/Api", "x", "", "shop//api", "${Api}", "a" * 300])
def test_what_is_no_name_is_refused(shop, name):
    with pytest.raises(UnusableInputError) as caught:
        effective_of(shop({}), name)
    assert "is no repository name" in str(caught.value)
