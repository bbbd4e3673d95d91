"""The tables and examples of the Amazon ECR user guide, cell by cell."""

from __future__ import annotations

import pytest

from ecr_constructs.model.registry.effective import ScanFrequency, Via

from .settings import (
    cache_rule,
    holds,
    profile_arn,
    replication,
    scanning,
    signing,
    template,
)

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
# "Filter wildcards": repository names across, filters down.
NAMES = ("prod", "repo-prod", "prod-repo", "repo-prod-repo", "prodrepo")
TABLE = {
    "prod": (True, True, True, True, True),
    "*prod": (True, True, False, False, False),
    "prod*": (True, False, True, False, True),
    "*prod*": (True, True, True, True, True),
    "prod*repo": (False, False, True, False, True),
}
CELLS = [
    pytest.param(pattern, name, taken, id=f"{pattern}-{name}")
    for pattern, row in TABLE.items()
    for name, taken in zip(NAMES, row, strict=True)
]
PAIRS = [
    pytest.param(continuous, on_push, name, id=f"{continuous}-{on_push}-{name}")
    for continuous in TABLE
    for on_push in TABLE
    for name in NAMES
]


def taken(pattern, name):
    return TABLE[pattern][NAMES.index(name)]


class TestScanningFilters:
    """image-scanning-filters.html."""

    @pytest.mark.parametrize(("pattern", "name", "matches"), CELLS)
    def test_basic_scanning(self, pattern, name, matches):
        scan = holds(name, scanning("BASIC", on_push=[pattern])).scan
        expected = ScanFrequency.SCAN_ON_PUSH if matches else ScanFrequency.MANUAL
        assert (scan.type, scan.frequency) == ("BASIC", expected)

    @pytest.mark.parametrize(("pattern", "name", "matches"), CELLS)
    def test_enhanced_scanning_on_push(self, pattern, name, matches):
        scan = holds(name, scanning("ENHANCED", on_push=[pattern])).scan
        expected = ScanFrequency.SCAN_ON_PUSH if matches else ScanFrequency.OFF
        assert (scan.type, scan.frequency) == ("ENHANCED", expected)

    @pytest.mark.parametrize(("pattern", "name", "matches"), CELLS)
    def test_enhanced_scanning_all_the_time(self, pattern, name, matches):
        scan = holds(name, scanning("ENHANCED", continuous=[pattern])).scan
        expected = ScanFrequency.CONTINUOUS_SCAN if matches else ScanFrequency.OFF
        assert (scan.type, scan.frequency) == ("ENHANCED", expected)

    @pytest.mark.parametrize(("continuous", "on_push", "name"), PAIRS)
    def test_continuous_scanning_wins(self, continuous, on_push, name):
        """The page: the continuous filter is enforced over the one for scan on push."""
        both = scanning("ENHANCED", on_push=[on_push], continuous=[continuous])
        answer = holds(name, both)
        if taken(continuous, name):
            assert answer.scan.frequency is ScanFrequency.CONTINUOUS_SCAN
            assert repr(continuous) in answer.scan.because
            assert ("wins over" in answer.scan.because) is taken(on_push, name)
        elif taken(on_push, name):
            assert answer.scan.frequency is ScanFrequency.SCAN_ON_PUSH
            assert repr(on_push) in answer.scan.because
        else:
            assert answer.scan.frequency is ScanFrequency.OFF
        assert answer.notes == ()

    @pytest.mark.parametrize("name", NAMES)
    def test_one_of_several_filters_is_enough(self, name):
        row = scanning("BASIC", on_push=["*prod", "prod*repo"])
        expected = taken("*prod", name) or taken("prod*repo", name)
        frequency = holds(name, row).scan.frequency
        assert (frequency is ScanFrequency.SCAN_ON_PUSH) is expected


class TestCreationTemplates:
    """repository-creation-templates.html, and CreateRepositoryCreationTemplate."""

    # "a prefix of prod would apply to all repositories beginning with prod/. Similarly, a prefix
    # of prod/team would apply to all repositories beginning with prod/team/."
    @pytest.mark.parametrize(
        ("name", "prefix"),
        [
            ("prod/api", "prod"),
            ("prod/team/api", "prod/team"),
            ("prod/team/a/b", "prod/team"),
            ("prod/teams/api", "prod"),
            ("prod/team", "prod"),
            ("production/api", "ROOT"),
            ("prod", "ROOT"),
            ("dev/prod/api", "ROOT"),
        ],
    )
    @pytest.mark.parametrize("use", [None, *Via])
    @pytest.mark.parametrize("order", [1, -1], ids=["written", "reversed"])
    def test_nested_prefixes(self, name, prefix, use, order):
        given = [template("ROOT"), template("prod"), template("prod/team")][::order]
        answer = holds(name, *given, via=use)
        assert answer.creation_template.prefix == prefix
        assert answer.notes == ()

    def test_without_root_the_others_have_none(self):
        answer = holds("dev/api", template("prod"), template("prod/team"))
        assert answer.creation_template is None
        assert (answer.lifecycle.value, answer.encryption) == ("none", "AES256")

    def test_a_slash_at_the_end_is_there_anyway(self):
        assert holds("prod/api", template("prod/")).creation_template.prefix == "prod/"

    @pytest.mark.parametrize("use", Via)
    def test_it_is_for_the_uses_that_it_says(self, use):
        answer = holds("prod/api", template("prod", use.applied_for), via=use)
        assert answer.creation_template.prefix == "prod"
        others = [other for other in Via if other is not use]
        for other in others:
            alone = holds("prod/api", template("prod", use.applied_for), via=other)
            assert alone.creation_template is None

    def test_a_use_of_none_of_the_longer_ones_is_left_open(self):
        """The page speaks of prefixes and of uses, and not of both at once."""
        given = [template("ROOT"), template("prod", "REPLICATION")]
        answer = holds("prod/api", *given, via=Via.PULL_THROUGH_CACHE)
        assert answer.creation_template.prefix == "ROOT"
        (said,) = answer.notes
        assert "AWS does not say" in said
        assert "prod" in said

    def test_a_push_creates_nothing_without_a_template(self):
        answer = holds("dev/api", template("prod"), via=Via.CREATE_ON_PUSH)
        assert answer.creation_template is None
        assert any("creates no repository" in said for said in answer.notes)

    def test_what_it_gives_the_repository(self):
        encrypted = template(
            "prod", LifecyclePolicy="{}", EncryptionConfiguration={"EncryptionType": "KMS"}
        )
        answer = holds("prod/api", encrypted)
        assert (answer.lifecycle.value, answer.encryption) == ("template", "KMS")


class TestPullThroughCache:
    """pull-through-cache-private-wildcards.html."""

    # "The following table shows the mapping between cache repository names and upstream
    # repository names based on their prefix configurations."
    @pytest.mark.parametrize(
        ("prefix", "upstream_prefix", "name", "upstream_repository"),
        [
            ("ecr-public", None, "ecr-public/my-app/image1", "my-app/image1"),
            ("ecr-public", "ROOT", "ecr-public/my-app/image2", "my-app/image2"),
            ("ROOT", "ROOT", "my-app/image1", "my-app/image1"),
            ("team-a", "team-a", "team-a/myapp/image1", "team-a/myapp/image1"),
            ("my-app", "upstream-app", "my-app/image1", "upstream-app/image1"),
        ],
    )
    def test_the_mapping(self, prefix, upstream_prefix, name, upstream_repository):
        answer = holds(name, cache_rule(prefix, "quay.io", upstream_prefix))
        assert answer.cache_rule.prefix == prefix
        assert answer.cache_rule.upstream == "quay.io"
        assert answer.cache_rule.upstream_repository == upstream_repository
        assert answer.notes == ()

    # "There is always an assumed / applied to the end of the prefix."
    @pytest.mark.parametrize("name", ["ecr-publicity/x", "ecr-public", "x/ecr-public/y"])
    def test_the_slash_that_is_there_anyway(self, name):
        assert holds(name, cache_rule("ecr-public")).cache_rule is None

    def test_root_takes_what_no_other_rule_takes(self):
        rules = [cache_rule("ROOT", "public.ecr.aws"), cache_rule("quay", "quay.io")]
        answer = holds("quay/coreos/etcd", *rules)
        assert answer.cache_rule.upstream == "quay.io"
        assert answer.notes == ()
        assert holds("nginx/nginx", *rules).cache_rule.upstream == "public.ecr.aws"

    # pull-through-cache-creating-rule.html
    @pytest.mark.parametrize(
        ("registry", "url"),
        [
            ("ecr-public", "public.ecr.aws"),
            ("k8s", "registry.k8s.io"),
            ("quay", "quay.io"),
            ("docker-hub", "registry-1.docker.io"),
            ("github-container-registry", "ghcr.io"),
            ("gitlab-container-registry", "registry.gitlab.com"),
            ("chainguard", "cgr.dev"),
            ("azure-container-registry", "azure-container-registry"),
        ],
    )
    def test_an_upstream_by_its_name(self, registry, url):
        rule = {"EcrRepositoryPrefix": "cached", "UpstreamRegistry": registry}
        answer = holds("cached/a", ("AWS::ECR::PullThroughCacheRule", rule))
        assert answer.cache_rule.upstream == url

    def test_nesting_is_not_documented(self):
        rules = [cache_rule("hub", "registry-1.docker.io"), cache_rule("hub/quay", "quay.io")]
        answer = holds("hub/quay/coreos/etcd", *rules)
        assert answer.cache_rule.upstream_repository == "coreos/etcd"
        (said,) = answer.notes
        assert "AWS does not say which of nested cache rules" in said
        assert holds("hub/library/nginx", *rules).notes == ()


class TestReplication:
    """registry-settings-examples.html."""

    def test_every_repository_without_a_filter(self):
        """Example "Configuring cross-Region replication to multiple destination Regions"."""
        regions = [("111122223333", "us-west-1"), ("111122223333", "us-west-2")]
        answer = holds("any/name", replication((regions, None)))
        assert [each.region for each in answer.replicates_to] == ["us-west-1", "us-west-2"]

    # "Configuring cross-Region replication using a repository filter": a prefix of prod.
    @pytest.mark.parametrize(
        ("name", "copied"),
        [("prod", True), ("prod/api", True), ("production/api", True), ("dev/prod", False)],
    )
    def test_a_filter_is_a_plain_prefix(self, name, copied):
        answer = holds(name, replication(([("111122223333", "us-west-1")], ["prod"])))
        assert bool(answer.replicates_to) is copied

    def test_rules_add_up_and_each_destination_stands_once(self):
        """Example "Specifying different replication rules for different repositories"."""
        one, two = ("444455556666", "us-west-2"), ("777788889999", "us-east-1")
        given = replication(([one], ["prod"]), ([two], ["prod/api"]), ([one], None))
        found = [(each.registry, each.region) for each in holds("prod/api", given).replicates_to]
        assert found == [one, two]
        found = [(each.registry, each.region) for each in holds("prod/web", given).replicates_to]
        assert found == [one]

    def test_what_came_by_replication_goes_nowhere(self):
        """replication.html: "A replication action only occurs once per image push"."""
        given = replication(([("111122223333", "us-west-1")], None))
        (said,) = holds("prod", given, via=Via.REPLICATION).notes
        assert "does not replicate again" in said


class TestSigning:
    """API_SigningRepositoryFilter.html and managed-signing.html."""

    @pytest.mark.parametrize(
        ("pattern", "name", "signed"),
        [
            # "Matches all repositories starting with myapp/"
            ("myapp/*", "myapp/web", True),
            ("myapp/*", "myapp", False),
            ("myapp/*", "my/myapp/web", False),
            # "Matches all repositories ending with /production"
            ("*/production", "shop/production", True),
            ("*/production", "production", False),
            ("*/production", "shop/production/web", False),
            # "Matches all repositories containing prod"
            ("*prod*", "shop/production/web", True),
            ("*prod*", "prod", True),
            ("*prod*", "shop", False),
            # Unlike a scanning filter, one without a wildcard is the whole name.
            ("prod", "prod", True),
            ("prod", "prod/web", False),
            ("prod", "my-prod", False),
        ],
    )
    def test_a_filter_is_a_pattern_of_the_whole_name(self, pattern, name, signed):
        answer = holds(name, signing(("shop", [pattern])))
        assert answer.signing_profiles == ((profile_arn("shop"),) if signed else ())

    def test_every_repository_without_a_filter(self):
        assert holds("any/name", signing(("shop", None))).signing_profiles == (profile_arn("shop"),)

    def test_several_rules_give_several_signatures(self):
        given = signing(("one", ["shop/*"]), ("two", None), ("one", ["*api"]))
        expected = (profile_arn("one"), profile_arn("two"))
        assert holds("shop/api", given).signing_profiles == expected
