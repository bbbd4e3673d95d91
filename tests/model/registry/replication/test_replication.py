import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.effective.replication import read_replication, replicates_to
from ecr_constructs.model.registry.prefix import ROOT
from ecr_constructs.model.registry.replication.checks import check_replication
from ecr_constructs.model.registry.replication.destination import (
    check_known,
    check_template_prefixes,
    destination_statement,
    not_replicated,
    own_registry,
    policy_elsewhere,
    source_unnamed,
    template_prefixes,
)
from ecr_constructs.model.registry.replication.rule import (
    ReplicaRepositories,
    ReplicationDestination,
    ReplicationRule,
    destinations_of,
    replication_properties,
    takes,
)

from ...answers import STRING_TOKEN, complete, only

HERE = RegistryAddress(account="111111111111", region="eu-west-1")
THERE = RegistryAddress(account="222222222222", region="eu-central-1")
OTHER = ReplicationDestination(account="222222222222", region="eu-central-1")
# As API_RepositoryFilter has it.
PATTERN = re.compile(r"^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$")


def found(*rules, registry=HERE):
    return check_replication(replication_properties(rules, registry), registry=registry)


def raw(*rules):
    properties = {"ReplicationConfiguration": {"Rules": list(rules)}}
    return check_replication(properties, registry=HERE)


def test_an_empty_list_is_not_every_repository():
    finding = only(found(ReplicationRule(to=["eu-central-1"], prefixes=[])))
    assert finding.code == "replication-filters-invalid"
    assert finding.given == 0
    assert not takes(ReplicationRule(to=["eu-central-1"], prefixes=[]), "prod/api")


def test_what_is_said_is_what_is_written():
    rule = ReplicationRule(to=["us-east-1", OTHER], prefixes=["prod/", "tools"])
    assert replication_properties([rule], HERE) == {
        "ReplicationConfiguration": {
            "Rules": [
                {
                    "Destinations": [
                        {"Region": "us-east-1", "RegistryId": "111111111111"},
                        {"Region": "eu-central-1", "RegistryId": "222222222222"},
                    ],
                    "RepositoryFilters": [
                        {"Filter": "prod/", "FilterType": "PREFIX_MATCH"},
                        {"Filter": "tools", "FilterType": "PREFIX_MATCH"},
                    ],
                }
            ]
        }
    }
    (written,) = replication_properties([ReplicationRule(to=["us-east-1"])], HERE)[
        "ReplicationConfiguration"
    ]["Rules"]
    assert "RepositoryFilters" not in written


@pytest.mark.parametrize(
    "rules",
    [
        [ReplicationRule(to=["us-east-1"])],
        [ReplicationRule(to=["us-east-1", OTHER], prefixes=["prod/", "a.b-c_d/e"])],
        [ReplicationRule(to=[ReplicationDestination(account=THERE.account, region=HERE.region)])],
        [ReplicationRule(to=[f"xx-test-{number}" for number in range(25)])],
        [ReplicationRule(to=["us-east-1"], prefixes=[f"p{number}" for number in range(100)])],
        [ReplicationRule(to=["us-east-1"])] * 25,
        [ReplicationRule(to=[STRING_TOKEN])],
        [ReplicationRule(to=[ReplicationDestination(account=STRING_TOKEN, region="us-east-1")])],
        [ReplicationRule(to=["us-east-1"], prefixes=[STRING_TOKEN])],
    ],
)
def test_what_ecr_takes(rules):
    assert found(*rules) == ()


REFUSED = {
    "nothing": ([], "replication-rules-number"),
    "26 rules": ([ReplicationRule(to=["us-east-1"])] * 26, "replication-rules-number"),
    "26 destinations": (
        [
            ReplicationRule(to=[f"xx-test-{number}" for number in range(13)]),
            ReplicationRule(to=[f"xx-test-{number}" for number in range(13, 26)]),
        ],
        "replication-destinations-number",
    ),
    "no destination": ([ReplicationRule(to=[])], "replication-destinations-missing"),
    "itself": ([ReplicationRule(to=["eu-west-1"])], "replication-own-registry"),
    "itself by its account": (
        [ReplicationRule(to=[ReplicationDestination(account=HERE.account, region=HERE.region)])],
        "replication-own-registry",
    ),
    "twice": ([ReplicationRule(to=["us-east-1"] * 2)], "replication-destination-twice"),
    "twice in two ways": (
        [
            ReplicationRule(
                to=["us-east-1", ReplicationDestination(account=HERE.account, region="us-east-1")]
            )
        ],
        "replication-destination-twice",
    ),
    "another partition": ([ReplicationRule(to=["cn-north-1"])], "replication-partition"),
    "no Region": ([ReplicationRule(to=["Frankfurt"])], "replication-region-invalid"),
    "an account as a Region": (
        [ReplicationRule(to=["222222222222"])],
        "replication-region-invalid",
    ),
    "no account": (
        [ReplicationRule(to=[ReplicationDestination(account="22", region="us-east-1")])],
        "account-id-invalid",
    ),
    "a wildcard": (
        [ReplicationRule(to=["us-east-1"], prefixes=["prod/*"])],
        "replication-filters-invalid",
    ),
    "one letter": (
        [ReplicationRule(to=["us-east-1"], prefixes=["p"])],
        "replication-filters-invalid",
    ),
    "a prefix twice": (
        [ReplicationRule(to=["us-east-1"], prefixes=["prod", "prod"])],
        "replication-filters-invalid",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_ecr_refuses_or_would_not_do(case):
    rules, code = REFUSED[case]
    assert only(found(*rules)).code == code


def test_pairs_of_a_template_that_cannot_be_said():
    there = {"Region": "us-east-1", "RegistryId": "111111111111"}
    assert only(raw({"Destinations": [there], "RepositoryFilters": []})).code == (
        "replication-filters-invalid"
    )
    assert raw({"Destinations": [there]}, "strange") == ()
    assert only(check_replication({}, registry=HERE)).code == "replication-rules-number"


def test_the_fix_of_a_wildcard_is_the_prefix():
    finding = only(found(ReplicationRule(to=["us-east-1"], prefixes=["prod/*"])))
    assert "'prod/'" in finding.fix


def test_another_partition_is_any_but_the_own():
    china = replace(HERE, region="cn-north-1")
    assert found(ReplicationRule(to=["cn-northwest-1"]), registry=china) == ()
    deferred = replace(HERE, region=STRING_TOKEN)
    assert found(ReplicationRule(to=["cn-northwest-1"]), registry=deferred) == ()


@given(st.text(alphabet="a0*._-/A", min_size=2, max_size=8))
def test_a_prefix_is_taken_where_the_api_takes_it(text):
    answer = found(ReplicationRule(to=["us-east-1"], prefixes=[text]))
    assert (answer == ()) == (PATTERN.fullmatch(text) is not None)


NAMES = st.text(alphabet="ab/", min_size=2, max_size=6)
RULES = st.builds(
    ReplicationRule,
    to=st.lists(st.sampled_from(["us-east-1", "us-east-2", OTHER]), min_size=1, max_size=2),
    prefixes=st.none() | st.lists(NAMES, min_size=1, max_size=2),
)


@given(st.lists(RULES, min_size=1, max_size=3), NAMES)
def test_what_a_rule_takes_is_what_the_template_says(rules, name):
    settings = read_replication(replication_properties(rules, HERE))
    said = {(each.registry, each.region) for each in replicates_to(settings, name)}
    ours = {
        (address.account, address.region)
        for rule in rules
        if takes(rule, name)
        for address in destinations_of(rule, HERE)
    }
    assert said == ours


# --- the other side -----------------------------------------------------------------------------


def statement(rule):
    return destination_statement(rule, source=HERE, destination=THERE, partition="aws")


def test_the_statement_of_the_destination():
    # registry-permissions-create-replication
    rule = ReplicationRule(to=[OTHER], prefixes=["prod/", "tools"])
    assert statement(rule) == {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
        "Resource": [
            "arn:aws:ecr:eu-central-1:222222222222:repository/prod/*",
            "arn:aws:ecr:eu-central-1:222222222222:repository/tools*",
        ],
    }
    every = statement(ReplicationRule(to=[OTHER]))
    assert every["Resource"] == ["arn:aws:ecr:eu-central-1:222222222222:repository/*"]
    declared = replace(rule, repositories=ReplicaRepositories.DECLARED)
    assert statement(declared)["Action"] == ["ecr:ReplicateImage"]


@pytest.mark.parametrize(
    ("prefixes", "repositories", "expected"),
    [
        (None, ReplicaRepositories.FROM_TEMPLATE, (ROOT,)),
        (("prod/", "a/b/"), ReplicaRepositories.FROM_TEMPLATE, ("prod", "a/b")),
        (("prod/",), ReplicaRepositories.AS_ECR_MAKES_THEM, ()),
        (("prod/",), ReplicaRepositories.DECLARED, ()),
    ],
)
def test_the_templates_of_the_destination(prefixes, repositories, expected):
    rule = ReplicationRule(to=[OTHER], prefixes=prefixes, repositories=repositories)
    assert template_prefixes(rule) == expected
    assert check_template_prefixes(rule) == ()


def test_a_prefix_that_is_no_namespace_has_no_template():
    rule = ReplicationRule(to=[OTHER], prefixes=["prod-", "tools/"])
    finding = only(check_template_prefixes(rule))
    assert (finding.code, finding.given) == ("replication-prefix-without-template", "prod-")
    assert "'prod/'" in finding.fix
    bare = replace(rule, repositories=ReplicaRepositories.AS_ECR_MAKES_THEM)
    assert check_template_prefixes(bare) == ()


def test_findings_about_sides_and_replicas_are_complete():
    assert check_known(HERE, stack="Shop") == ()
    unknown = replace(HERE, account=STRING_TOKEN)
    assert only(check_known(unknown, stack="Shop")).given == "unknown/eu-west-1"
    elsewhere = policy_elsewhere({"Effect": "Allow"}, destination=THERE)
    assert elsewhere.severity is Severity.WARNING
    missing = not_replicated(replica="A/B", name="prod/api", source=HERE, destination=THERE)
    for finding in (elsewhere, own_registry(HERE), source_unnamed("A/B"), missing):
        complete(finding)
