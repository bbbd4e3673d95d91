"""The caches, templates and blob mounting of a Registry are the constructs themselves."""

import pytest
from aws_cdk import aws_iam as iam

from ecr_constructs import (
    AppliedFor,
    CacheRule,
    CreationTemplate,
    Encryption,
    InvalidInputError,
    Registry,
    Upstream,
    keep_last,
)

from ..conftest import actions, resources, statements_of, templates


def test_each_option_makes_its_construct(app, stack):
    registry = Registry(
        stack,
        "Registry",
        pull_through=[
            Upstream.quay(),
            CacheRule(upstream=Upstream.docker_hub(), prefix="hub", username="acme"),
            CacheRule(upstream=Upstream.k8s(), upstream_prefix="ingress-nginx"),
        ],
        templates=[
            CreationTemplate(prefix="hub", applied_for=[AppliedFor.PULL_THROUGH_CACHE]),
            CreationTemplate(
                prefix="team",
                applied_for=[AppliedFor.CREATE_ON_PUSH],
                description="Pushed by the team",
                encryption=Encryption.KMS,
                mutable_tags=["latest"],
                lifecycle=[keep_last(9)],
                resource_tags={"team": "shop"},
            ),
        ],
        blob_mounting=True,
    )
    quay, hub, kubernetes = registry.pull_through
    assert [rule.prefix for rule in (quay, hub, kubernetes)] == ["quay", "hub", "kubernetes"]
    assert [template.role is None for template in registry.templates] == [True, False]
    nodes = iam.Role(stack, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    quay.grant_pull(nodes)
    template = templates(app)["Shop"]
    rules = resources(template, "AWS::ECR::PullThroughCacheRule")
    assert {rule["Properties"]["EcrRepositoryPrefix"] for rule in rules.values()} == {
        "quay",
        "hub",
        "kubernetes",
    }
    (team,) = [
        entry["Properties"]
        for entry in resources(template, "AWS::ECR::RepositoryCreationTemplate").values()
        if entry["Properties"]["Prefix"] == "team"
    ]
    assert team["Description"] == "Pushed by the team"
    assert team["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert team["EncryptionConfiguration"] == {"EncryptionType": "KMS"}
    assert team["ResourceTags"] == [{"Key": "team", "Value": "shop"}]
    assert len(resources(template, "Custom::AWS")) == 1
    assert "ecr:BatchImportUpstreamImage" in actions(statements_of(template))
    with pytest.raises(InvalidInputError, match="Hub/nginx") as caught:
        registry.effective("Hub/nginx")
    assert caught.value.code == "repository-name-invalid"
    found = registry.effective("hub/library/nginx")
    assert found.cache_rule is not None
    assert found.cache_rule.upstream_repository == "library/nginx"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"pull_through": Upstream.quay()}, "pull_through: has a Upstream where a list"),
        ({"pull_through": ["quay.io"]}, "pull_through: has a str where a list"),
        ({"templates": ["prod"]}, "templates: has a str"),
        ({"blob_mounting": "ENABLED"}, "blob_mounting: is a str"),
    ],
)
def test_what_is_no_option(stack, options, expected):
    with pytest.raises(InvalidInputError, match=expected):
        Registry(stack, "Registry", **options)


def test_a_value_is_refused_where_it_is_made():
    with pytest.raises(InvalidInputError, match="prefix: is not a prefix"):
        CacheRule(upstream=Upstream.quay(), prefix="Quay")
    with pytest.raises(InvalidInputError, match="username: is given"):
        CacheRule(upstream=Upstream.quay(), username="acme")
    with pytest.raises(InvalidInputError, match="upstream: is a str"):
        CacheRule(upstream="quay.io")
