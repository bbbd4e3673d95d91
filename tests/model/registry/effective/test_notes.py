"""What AWS leaves open is said, and how it was taken; what it decides is not doubted."""

from __future__ import annotations

import json

import pytest

from ecr_constructs.model.registry.effective import (
    DeclaredRepository,
    ScanFrequency,
    Via,
    read_repository,
)

from .settings import cache_rule, holds, replication, scanning, signing, template

ON_PUSH = DeclaredRepository(scan_on_push=True)


class TestTheRepositorysOwnScanOnPush:
    def test_without_a_configuration_of_the_registry_it_counts(self):
        answer = holds("shop/api", repository=ON_PUSH)
        assert answer.scan.type == "BASIC"
        assert answer.scan.frequency is ScanFrequency.SCAN_ON_PUSH
        assert answer.notes == ()

    def test_as_little_without_rules(self):
        answer = holds("shop/api", scanning("BASIC"), repository=ON_PUSH)
        assert answer.scan.frequency is ScanFrequency.SCAN_ON_PUSH

    def test_beside_filters_that_do_not_match_it_is_open(self):
        answer = holds("shop/api", scanning("BASIC", on_push=["prod*"]), repository=ON_PUSH)
        assert answer.scan.frequency is ScanFrequency.MANUAL
        (said,) = answer.notes
        assert "AWS does not say whether ScanOnPush" in said

    def test_enhanced_scanning_does_not_ask_it(self):
        """Where none of its filters matches, scanning is off, says the page."""
        given = scanning("ENHANCED", on_push=["prod*"])
        answer = holds("shop/api", given, repository=ON_PUSH)
        assert answer.scan.frequency is ScanFrequency.OFF
        assert answer.notes == ()

    def test_a_repository_without_it(self):
        answer = holds("shop/api", repository=DeclaredRepository())
        assert answer.scan.frequency is ScanFrequency.MANUAL


@pytest.mark.parametrize("scan_type", ["BASIC", "ENHANCED"])
def test_a_scanning_rule_without_filters_is_open(scan_type):
    answer = holds("shop/api", scanning(scan_type, on_push=[]))
    expected = ScanFrequency.MANUAL if scan_type == "BASIC" else ScanFrequency.OFF
    assert answer.scan.frequency is expected
    (said,) = answer.notes
    assert "SCAN_ON_PUSH rule without filters" in said


def test_what_ecr_refuses_is_passed_over_and_said():
    answer = holds("shop/api", scanning("BASIC", continuous=["shop"]), signing(("one", [])))
    assert answer.scan.frequency is ScanFrequency.MANUAL
    assert answer.signing_profiles == ()
    scan, sign = answer.notes
    assert "ECR refuses CONTINUOUS_SCAN with BASIC scanning" in scan
    assert "ECR refuses an empty list of filters" in sign


def test_without_a_use_the_template_may_be_another():
    given = [template("shop", "REPLICATION"), template("shop/team", "PULL_THROUGH_CACHE")]
    answer = holds("shop/team/api", *given)
    assert answer.creation_template.prefix == "shop/team"
    (said,) = answer.notes
    told = "(replication: shop, pull-through-cache: shop/team, create-on-push: none)"
    assert told in said
    assert holds("shop/team/api", *given, via=Via.PULL_THROUGH_CACHE).notes == ()


def test_a_declared_repository_is_not_made_from_a_template():
    """Settings of a template are applied when ECR makes a repository, says the page."""
    declared = read_repository(
        {
            "LifecyclePolicy": {"LifecyclePolicyText": "{}"},
            "EncryptionConfiguration": {"EncryptionType": "KMS_DSSE"},
        }
    )
    given = template(
        "shop", LifecyclePolicy="{}", EncryptionConfiguration={"EncryptionType": "KMS"}
    )
    answer = holds("shop/api", given, repository=declared)
    assert (answer.lifecycle.value, answer.encryption) == ("repository", "KMS_DSSE")
    (said,) = answer.notes
    assert "creation template shop has an effect only where ECR makes" in said
    bare = holds("shop/api", given, repository=read_repository({}))
    assert (bare.lifecycle.value, bare.encryption) == ("none", "AES256")


def test_how_a_declared_repository_is_made_is_no_question():
    given = [template("shop", "REPLICATION"), template("shop/team", "PULL_THROUGH_CACHE")]
    (said,) = holds("shop/team/api", *given, repository=DeclaredRepository()).notes
    assert "shop/team has an effect only where ECR makes" in said


def test_official_images_of_docker_hub_have_a_longer_name():
    """pull-through-cache-working-pulling.html: "library/" for official images."""
    hub = cache_rule("hub", "registry-1.docker.io")
    (said,) = holds("hub/nginx", hub).notes
    assert "so nginx is hub/library/nginx here" in said
    assert holds("hub/library/nginx", hub).notes == ()
    assert holds("quay/nginx", cache_rule("quay", "quay.io")).notes == ()


def test_of_what_a_registry_has_once_the_last_counts():
    given = [scanning("BASIC", on_push=["shop"]), scanning("ENHANCED", continuous=["shop"])]
    assert holds("shop/api", *given).scan.type == "ENHANCED"
    assert holds("shop/api", *reversed(given)).scan.type == "BASIC"


@pytest.mark.parametrize(("written", "scans"), [(True, True), ("true", True), (False, False)])
def test_scan_on_push_as_templates_write_it(written, scans):
    properties = {"ImageScanningConfiguration": {"ScanOnPush": written}}
    assert read_repository(properties).scan_on_push is scans


def test_the_answer_as_scripts_read_it():
    answer = holds(
        "shop/api",
        scanning("BASIC", on_push=["shop"]),
        replication(([("222222222222", "eu-central-1")], None)),
        cache_rule("shop", "quay.io", "coreos"),
        template("shop"),
        signing(("one", None)),
    )
    assert json.loads(json.dumps(answer.as_json())) == {
        "repository": "shop/api",
        "scan": {
            "type": "BASIC",
            "frequency": "SCAN_ON_PUSH",
            "because": "the SCAN_ON_PUSH filter 'shop' is in the name",
        },
        "replicates_to": [{"region": "eu-central-1", "registry": "222222222222"}],
        "cache_rule": {
            "prefix": "shop",
            "upstream": "quay.io",
            "upstream_repository": "coreos/api",
        },
        "creation_template": {"prefix": "shop"},
        "signing_profiles": ["arn:aws:signer:eu-west-1:111111111111:/signing-profiles/one"],
        "lifecycle": "none",
        "encryption": "AES256",
        "notes": [],
    }


def test_nothing_is_set():
    assert holds("shop/api").as_json() == {
        "repository": "shop/api",
        "scan": {
            "type": "BASIC",
            "frequency": "MANUAL",
            "because": "no scanning configuration of the registry is declared, so scans are "
            "started by hand",
        },
        "replicates_to": [],
        "cache_rule": None,
        "creation_template": None,
        "signing_profiles": [],
        "lifecycle": "none",
        "encryption": "AES256",
        "notes": [],
    }
