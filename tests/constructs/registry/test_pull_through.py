"""Cache rules with what they bring along, and the grants that make the first pull work."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from ecr_constructs import (
    AppliedFor,
    GrantError,
    InvalidInputError,
    MutableTags,
    PullThroughCacheRule,
    RegistryPolicy,
    RepositoryCreationTemplate,
    SecureRepository,
    TaskExecutionRole,
    Upstream,
)
from tests.model.iam.evaluator.support import decide

from ..conftest import actions, resources, statements_of, templates

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
OTHER_ENV = cdk.Environment(account="222222222222", region="eu-west-1")
RULE = "AWS::ECR::PullThroughCacheRule"
REPOSITORIES = "arn:aws:ecr:eu-west-1:111111111111:repository"
FIRST_PULL = {
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
}
TOKEN = "ecr:GetAuthorizationToken"


def messages(app):
    return [entry.entry.data for stack in app.synth().stacks for entry in stack.messages]


def ec2_role(scope, construct_id="Nodes", **options):
    return iam.Role(
        scope, construct_id, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), **options
    )


def test_each_upstream_has_what_it_needs(app, stack):
    open_ones = (Upstream.ecr_public(), Upstream.k8s(), Upstream.quay())
    closed = (
        Upstream.docker_hub(),
        Upstream.github(),
        Upstream.gitlab(),
        Upstream.azure("acmeimages"),
        Upstream.chainguard(),
    )
    for upstream in (*open_ones, *closed):
        PullThroughCacheRule(stack, upstream.registry, upstream=upstream)
    template = templates(app)["Shop"]
    rules = {
        rule["Properties"]["UpstreamRegistry"]: rule["Properties"]
        for rule in resources(template, RULE).values()
    }
    assert {name: rule["UpstreamRegistryUrl"] for name, rule in rules.items()} == {
        upstream.registry: upstream.url for upstream in (*open_ones, *closed)
    }
    assert {name for name, rule in rules.items() if "CredentialArn" in rule} == {
        upstream.registry for upstream in closed
    }
    secrets = resources(template, "AWS::SecretsManager::Secret")
    names = {secret["Properties"]["Name"]: secret["Properties"] for secret in secrets.values()}
    assert set(names) == {f"ecr-pullthroughcache/{upstream.usual_prefix}" for upstream in closed}
    for rule in rules.values():
        if "CredentialArn" in rule:
            name = secrets[rule["CredentialArn"]["Ref"]]["Properties"]["Name"]
            assert name == f"ecr-pullthroughcache/{rule['EcrRepositoryPrefix']}"
    for secret in names.values():
        # The key that AWS manages, and no value: Secrets Manager makes one up.
        assert "KmsKeyId" not in secret
        assert "SecretString" not in secret
        assert secret["GenerateSecretString"]["GenerateStringKey"] == "accessToken"
        told = json.loads(secret["GenerateSecretString"]["SecretStringTemplate"])
        assert set(told) == {"username"}
    assert resources(template, "AWS::IAM::Role") == {}


def test_prefixes_names_and_uris(app, stack):
    rule = PullThroughCacheRule(
        stack,
        "Hub",
        upstream=Upstream.docker_hub(),
        prefix="acme/hub",
        upstream_prefix="library",
        username="acme",
    )
    every = PullThroughCacheRule(stack, "Every", upstream=Upstream.quay(), prefix="ROOT")
    assert rule.prefix == "acme/hub"
    assert rule.credential is not None
    assert every.credential is None
    repository = rule.repository("shop/nginx")
    assert rule.repository("shop/nginx") is repository
    assert repository.repository_name == "acme/hub/shop/nginx"
    assert repository.repository_arn == f"{REPOSITORIES}/acme/hub/shop/nginx"
    host = "111111111111.dkr.ecr.eu-west-1."
    uri = rule.image_uri("shop/nginx", tag="1.27")
    assert uri.startswith(host)
    assert uri.endswith("/acme/hub/shop/nginx:1.27")
    assert every.image_uri("a/b").endswith("/a/b")
    with pytest.raises(InvalidInputError, match=r"image: is an official image"):
        rule.image_uri("nginx")
    with pytest.raises(InvalidInputError, match=r"\[Shop/Hub/shop--nginx\] tag: is not a tag"):
        rule.image_uri("shop/nginx", tag="a b")
    template = templates(app)["Shop"]
    (hub,) = [
        entry["Properties"]
        for entry in resources(template, RULE).values()
        if entry["Properties"]["UpstreamRegistry"] == "docker-hub"
    ]
    assert hub["EcrRepositoryPrefix"] == "acme/hub"
    assert hub["UpstreamRepositoryPrefix"] == "library"
    (secret,) = resources(template, "AWS::SecretsManager::Secret").values()
    assert '"acme"' in secret["Properties"]["GenerateSecretString"]["SecretStringTemplate"]


REFUSED = {
    "no upstream": (lambda stack: {"upstream": "docker.io"}, "upstream: is a str"),
    "a prefix": (
        lambda stack: {"upstream": Upstream.quay(), "prefix": "Quay"},
        "prefix: is not a prefix",
    ),
    "an upstream prefix with ROOT": (
        lambda stack: {"upstream": Upstream.quay(), "prefix": "ROOT", "upstream_prefix": "acme"},
        "upstream_prefix: is given",
    ),
    "a secret for an open upstream": (
        lambda stack: {
            "upstream": Upstream.quay(),
            "credential": secretsmanager.Secret(
                stack, "Secret", secret_name="ecr-pullthroughcache/quay"
            ),
        },
        "credential: is given, and quay is read without a secret",
    ),
    "a secret of another name": (
        lambda stack: {
            "upstream": Upstream.docker_hub(),
            "credential": secretsmanager.Secret(stack, "Secret", secret_name="docker-hub"),
        },
        "name it 'ecr-pullthroughcache/docker-hub'",
    ),
    "a secret without a name": (
        lambda stack: {
            "upstream": Upstream.docker_hub(),
            "credential": secretsmanager.Secret(stack, "Secret"),
        },
        "credential: has no name of its own",
    ),
    "a secret under a customer key": (
        lambda stack: {
            "upstream": Upstream.docker_hub(),
            "credential": secretsmanager.Secret(
                stack,
                "Secret",
                secret_name="ecr-pullthroughcache/hub",
                encryption_key=kms.Key(stack, "Key"),
            ),
        },
        "credential: is encrypted with a customer key.*Shop/Key",
    ),
    "a secret of another account": (
        lambda stack: {
            "upstream": Upstream.docker_hub(),
            "credential": secretsmanager.Secret(
                cdk.Stack(stack.node.root, "Elsewhere", env=OTHER_ENV),
                "Secret",
                secret_name="ecr-pullthroughcache/hub",
            ),
        },
        "credential: is a secret of account 222222222222",
    ),
    "a secret by name": (
        lambda stack: {
            "upstream": Upstream.docker_hub(),
            "credential": secretsmanager.Secret.from_secret_name_v2(
                stack, "Secret", "ecr-pullthroughcache/hub"
            ),
        },
        "credential: is known by a part of its ARN",
    ),
    "the own registry": (
        lambda stack: {"upstream": stack},
        "upstream: is the registry that the rule is in",
    ),
    "a stack without account": (
        lambda stack: {"upstream": cdk.Stack(stack.node.root, "Agnostic")},
        "upstream: is the registry of Agnostic, which does not say",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_ecr_refuses(stack, case):
    options, expected = REFUSED[case]
    with pytest.raises(InvalidInputError, match=expected) as caught:
        PullThroughCacheRule(stack, "Rule", **options(stack))
    assert caught.value.construct_path == "Shop/Rule"
    assert stack.node.try_find_child("Rule") is None


def test_secrets_that_are_given(app, stack):
    tokens = cdk.Stack(app, "Tokens", env=ENV)
    named = secretsmanager.Secret(tokens, "Hub", secret_name="ecr-pullthroughcache/hub")
    PullThroughCacheRule(stack, "Hub", upstream=Upstream.docker_hub(), credential=named)
    arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:ecr-pullthroughcache/gh-a1b2c3"
    whole = secretsmanager.Secret.from_secret_complete_arn(stack, "GitHubToken", arn)
    PullThroughCacheRule(stack, "GitHub", upstream=Upstream.github(), credential=whole)
    template = templates(app)["Shop"]
    assert resources(template, "AWS::SecretsManager::Secret") == {}
    given = [rule["Properties"]["CredentialArn"] for rule in resources(template, RULE).values()]
    assert arn in given
    (reference,) = [entry for entry in given if entry != arn]
    assert isinstance(reference, dict)


def test_prefixes_beside_each_other(app, stack):
    PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay(), prefix="acme")
    again = cdk.Stack(app, "Again", env=ENV)
    with pytest.raises(InvalidInputError, match=r"Again/Quay and Shop/Quay both write"):
        PullThroughCacheRule(again, "Quay", upstream=Upstream.k8s(), prefix="acme/")
    PullThroughCacheRule(again, "Inner", upstream=Upstream.k8s(), prefix="acme/k8s")
    other = cdk.Stack(app, "Other", env=OTHER_ENV)
    PullThroughCacheRule(other, "Quay", upstream=Upstream.quay(), prefix="acme")
    (warning,) = [text for text in messages(app) if "pull-through-prefix-nested" in text]
    assert "Again/Inner has a prefix inside that of Shop/Quay" in warning


def test_the_fifty_first_rule(app, stack):
    for number in range(50):
        PullThroughCacheRule(stack, f"Rule{number}", upstream=Upstream.quay(), prefix=f"p{number}")
    with pytest.raises(InvalidInputError, match="is rule number 51 of one registry"):
        PullThroughCacheRule(stack, "Last", upstream=Upstream.quay(), prefix="last")


def test_an_identity_of_the_account_pulls_and_nothing_else(app, stack):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    nodes, group = ec2_role(stack), iam.Group(stack, "Group")
    rule.grant_pull(nodes)
    rule.grant_pull(group, images=["a/b", "c/d"])
    statements = statements_of(templates(app)["Shop"])
    assert actions(statements) == FIRST_PULL | {TOKEN}
    by_resource = {str(entry["Resource"]): actions([entry]) for entry in statements}
    assert by_resource == {
        f"{REPOSITORIES}/quay/*": FIRST_PULL,
        "*": {TOKEN},
        str([f"{REPOSITORIES}/quay/a/b", f"{REPOSITORIES}/quay/c/d"]): FIRST_PULL,
    }
    identity = {"Version": "2012-10-17", "Statement": [statements[0], statements[1]]}
    role = "arn:aws:iam::111111111111:role/nodes"
    for action in FIRST_PULL:
        for name, expected in (("quay/x/y", "allow"), ("shop/api", "implicit-deny")):
            found = decide(role, action, f"{REPOSITORIES}/{name}", identity=[identity])
            assert found.decision.value == expected, (action, name)
    found = decide(role, "ecr:PutImage", f"{REPOSITORIES}/quay/x", identity=[identity])
    assert found.decision.value == "implicit-deny"


def test_others_pull_by_the_registry_policy(app, stack):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    other = cdk.Stack(app, "Other", env=OTHER_ENV)
    rule.grant_pull(iam.AccountPrincipal("333333333333"))
    rule.grant_pull(iam.OrganizationPrincipal("o-a1b2c3d4e5"), images=["a/b"])
    rule.grant_pull(ec2_role(other, role_name="nodes"))
    RegistryPolicy(stack, "RegistryPolicy")
    found = templates(app)
    (policy,) = resources(found["Shop"], "AWS::ECR::RegistryPolicy").values()
    registry = policy["Properties"]["PolicyText"]
    assert len(registry["Statement"]) == 3
    nodes = {"Version": "2012-10-17", "Statement": statements_of(found["Other"])}
    full = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }

    def may(account, name, identity, *, role="nodes", image="a/b", context=None):
        return {
            decide(
                f"arn:aws:iam::{account}:role/{role}",
                action,
                f"{REPOSITORIES}/{name}/{image}",
                identity=[identity],
                registry=registry,
                context=context,
            ).decision.value
            for action in FIRST_PULL
        }

    assert may("222222222222", "quay", nodes) == {"allow"}
    assert may("222222222222", "shop", nodes) == {"implicit-deny"}
    # Nobody but that role, whatever it allows itself.
    assert may("222222222222", "quay", full, role="other") == {"implicit-deny"}
    assert may("333333333333", "quay", full) == {"allow"}
    member = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
    assert may("444444444444", "quay", full, context=member) == {"allow"}
    assert may("444444444444", "quay", full, context=member, image="c/d") == {"implicit-deny"}
    assert may("444444444444", "quay", full) == {"implicit-deny"}


def test_without_a_place_for_the_policy_it_is_an_error(app, stack):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    rule.grant_pull(iam.AccountPrincipal("333333333333"))
    with pytest.raises(RuntimeError, match="RegistryPolicy"):
        app.synth()


def test_whoever_cannot_pull_is_refused(app, stack):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    RegistryPolicy(stack, "RegistryPolicy")
    with pytest.raises(GrantError, match="Lambda, which does not pull through a cache"):
        rule.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
    with pytest.raises(GrantError, match=r"codebuild.amazonaws.com.*grant to the role"):
        rule.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com"))
    other = cdk.Stack(app, "Other", env=OTHER_ENV)
    with pytest.raises(GrantError, match="is a group"):
        rule.grant_pull(iam.Group(other, "Group"))
    with pytest.raises(GrantError, match="has no name"):
        rule.grant_pull(ec2_role(other))
    with pytest.raises(GrantError, match="every AWS account there is"):
        rule.grant_pull(iam.AnyPrincipal())
    with pytest.raises(InvalidInputError, match="images: is no list"):
        rule.grant_pull(ec2_role(stack), images=[])


@pytest.mark.parametrize("template_first", [True, False])
@pytest.mark.parametrize("prefix", ["quay", "quay/acme", "ROOT"])
def test_tagging_where_a_template_tags(app, stack, template_first, prefix):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    other_rule = PullThroughCacheRule(stack, "Kubernetes", upstream=Upstream.k8s())
    nodes = ec2_role(stack)

    def template():
        RepositoryCreationTemplate(
            stack,
            "Template",
            prefix=prefix,
            applied_for=[AppliedFor.PULL_THROUGH_CACHE],
            resource_tags={"team": "shop"},
        )

    def pull():
        rule.grant_pull(nodes)
        other_rule.grant_pull(nodes)

    for step in (template, pull) if template_first else (pull, template):
        step()
    statements = statements_of(templates(app)["Shop"])
    tagged = [
        resource
        for entry in statements
        if "ecr:TagResource" in actions([entry])
        for resource in (
            entry["Resource"] if isinstance(entry["Resource"], list) else [entry["Resource"]]
        )
    ]
    expected = [f"{REPOSITORIES}/quay/*"]
    expected += [f"{REPOSITORIES}/kubernetes/*"] if prefix == "ROOT" else []
    assert sorted(tagged) == sorted(expected)


def test_no_tagging_where_no_template_tags(app, stack):
    rule = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    rule.grant_pull(ec2_role(stack))
    for number, (prefix, use, tags) in enumerate(
        [
            ("quay", AppliedFor.PULL_THROUGH_CACHE, None),
            ("quay/push", AppliedFor.CREATE_ON_PUSH, {"team": "shop"}),
            ("shop", AppliedFor.PULL_THROUGH_CACHE, {"team": "shop"}),
        ]
    ):
        RepositoryCreationTemplate(
            stack, f"T{number}", prefix=prefix, applied_for=[use], resource_tags=tags
        )
    assert "ecr:TagResource" not in actions(statements_of(templates(app)["Shop"]))


def test_a_cached_image_in_a_task(app, stack):
    rule = PullThroughCacheRule(stack, "Hub", upstream=Upstream.docker_hub())
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container(
        "web",
        image=ecs.ContainerImage.from_ecr_repository(rule.repository("library/nginx"), "1.27"),
    )
    statements = statements_of(templates(app)["Shop"])
    (pull,) = [entry for entry in statements if entry["Resource"] != "*"]
    assert pull["Resource"] == f"{REPOSITORIES}/docker-hub/library/nginx"
    assert set(pull["Action"]) >= FIRST_PULL


@pytest.mark.parametrize("template_first", [True, False])
def test_an_execution_role_that_is_told_of_a_cached_image(app, stack, template_first):
    rule = PullThroughCacheRule(stack, "Hub", upstream=Upstream.docker_hub())
    image = rule.repository("library/nginx")

    def template():
        RepositoryCreationTemplate(
            stack,
            "Template",
            prefix=rule.prefix,
            applied_for=[AppliedFor.PULL_THROUGH_CACHE],
            resource_tags={"team": "shop"},
        )

    if template_first:
        template()
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[image])
    if not template_first:
        template()
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=runner.role)
    task.add_container("web", image=ecs.ContainerImage.from_ecr_repository(image, "1.27"))
    with pytest.raises(RuntimeError, match="was not told of"):
        rule.grant_pull(runner.role)
    arn = f"{REPOSITORIES}/docker-hub/library/nginx"
    by_resource: dict[str, set[str]] = {}
    for entry in statements_of(templates(app)["Shop"]):
        by_resource.setdefault(str(entry["Resource"]), set()).update(actions([entry]))
    assert by_resource == {
        arn: FIRST_PULL | {"ecr:BatchCheckLayerAvailability", "ecr:TagResource"},
        "*": {TOKEN},
    }


def test_an_execution_role_that_knows_the_repository_alone_does_not_fill_it(app, stack):
    rule = PullThroughCacheRule(stack, "Hub", upstream=Upstream.docker_hub())
    stands = SecureRepository.from_repository_name(stack, "Cached", "docker-hub/library/nginx")
    runner = TaskExecutionRole(stack, "Runner", pulls_from=[stands])
    with pytest.raises(RuntimeError, match="was not told of"):
        rule.repository("library/nginx").grant_pull(runner.role)


def test_a_declared_repository_whose_tags_cannot_follow(app, stack):
    PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())
    other = cdk.Stack(app, "Other", env=OTHER_ENV)
    for number, (scope, name, tags) in enumerate(
        [
            (stack, "quay/a", None),
            (stack, "quay/b", ["latest", "v*"]),
            (stack, "quay/c", MutableTags.all()),
            (stack, "quay/d", MutableTags.all_except("lat*")),
            (stack, "quays", None),
            (stack, None, None),
            (other, "quay/a", None),
        ]
    ):
        SecureRepository(scope, f"R{number}", repository_name=name, mutable_tags=tags)
    ecr.Repository(stack, "Plain", repository_name="quay/plain")
    # What ECR would refuse is somebody else's to say.
    ecr.CfnRepository(
        stack,
        "Raw",
        repository_name="quay/raw",
        image_tag_mutability="IMMUTABLE_WITH_EXCLUSION",
        image_tag_mutability_exclusion_filters=[
            ecr.CfnRepository.ImageTagMutabilityExclusionFilterProperty(
                image_tag_mutability_exclusion_filter_type="WILDCARD",
                image_tag_mutability_exclusion_filter_value="a*b*c*",
            )
        ],
    )
    found = [text for text in messages(app) if "pull-through-frozen-repository" in text]
    assert len(found) == 2
    assert any("Shop/Quay caches images in quay/a" in text for text in found)
    assert any("caches images in quay/d" in text for text in found)
