import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.pull_through.access import (
    FIRST_PULL,
    cache_resources,
    check_consumer,
    role_statements,
    service_trust,
    upstream_statement,
)
from ecr_constructs.model.registry.pull_through.frozen import check_cached_repository
from ecr_constructs.model.registry.pull_through.images import (
    check_image,
    check_images,
    repository_name,
)
from ecr_constructs.model.registry.pull_through.rule import (
    check_cache_rule,
    check_nested,
    check_number,
    needs_role,
)
from ecr_constructs.model.registry.pull_through.upstream import Upstream
from ecr_constructs.model.registry.pull_through.upstream_policy import (
    account_unknown,
    upstream_policy_missing,
    upstream_unknown,
)
from ecr_constructs.model.repository.mutability import MutableTags

from ...answers import STRING_TOKEN, codes, complete, only

HUB, QUAY = Upstream.docker_hub(), Upstream.quay()
ACCOUNT, REGION = "111111111111", "eu-west-1"
OTHER = Upstream.ecr(account="222222222222", region=REGION)
SAME = Upstream.ecr(account=ACCOUNT, region="us-east-1")
OWN = Upstream.ecr(account=ACCOUNT, region=REGION)


def check(upstream, prefix="cache", **options):
    known = {"account": ACCOUNT, "region": REGION}
    return check_cache_rule(prefix=prefix, upstream=upstream, **(known | options))


@pytest.mark.parametrize(
    ("upstream", "options"),
    [
        (HUB, {}),
        (HUB, {"has_credential": True}),
        (HUB, {"has_username": True}),
        (QUAY, {}),
        (QUAY, {"prefix": "ROOT"}),
        (QUAY, {"prefix": "ROOT", "upstream_prefix": "ROOT"}),
        (QUAY, {"upstream_prefix": "prometheus"}),
        (QUAY, {"prefix": "ab", "upstream_prefix": "cd"}),
        (QUAY, {"prefix": "x" * 30, "upstream_prefix": "y" * 30}),
        (OTHER, {}),
        (OTHER, {"has_role": True}),
        (SAME, {}),
        (OWN, {"account": STRING_TOKEN}),
        (OWN, {"account": None, "region": None}),
        (QUAY, {"region": STRING_TOKEN}),
    ],
)
def test_rules_that_ecr_takes(upstream, options):
    assert check(upstream, **options) == ()


@pytest.mark.parametrize(
    ("upstream", "options", "expected"),
    [
        ("docker-hub", {}, "pull-through-upstream-invalid"),
        (None, {}, "pull-through-upstream-invalid"),
        (QUAY, {"prefix": "Quay"}, "pull-through-prefix-invalid"),
        (QUAY, {"prefix": "x" * 31}, "pull-through-prefix-invalid"),
        (QUAY, {"prefix": None}, "pull-through-prefix-invalid"),
        (QUAY, {"upstream_prefix": "a"}, "pull-through-upstream-prefix-invalid"),
        (
            QUAY,
            {"prefix": "ROOT", "upstream_prefix": "prometheus"},
            "pull-through-upstream-prefix-root",
        ),
        (QUAY, {"has_credential": True}, "pull-through-credential-unused"),
        (OTHER, {"has_credential": True}, "pull-through-credential-unused"),
        (QUAY, {"has_username": True}, "pull-through-username-unused"),
        (
            HUB,
            {"has_username": True, "has_credential": True},
            "pull-through-username-unused",
        ),
        (HUB, {"has_role": True}, "pull-through-role-unused"),
        (QUAY, {"has_role": True}, "pull-through-role-unused"),
        (OWN, {}, "pull-through-own-registry"),
        (QUAY, {"region": "cn-north-1"}, "pull-through-region-unsupported"),
        (HUB, {"region": "us-gov-west-1"}, "pull-through-region-unsupported"),
    ],
)
def test_rules_that_ecr_refuses(upstream, options, expected):
    finding = only(check(upstream, **options))
    assert finding.code == expected
    assert finding.severity is Severity.DANGER


@pytest.mark.parametrize(
    ("upstream", "account", "expected"),
    [
        (OTHER, ACCOUNT, True),
        (SAME, ACCOUNT, False),
        (HUB, ACCOUNT, False),
        (QUAY, ACCOUNT, False),
        # An account that is not known yet may be another one.
        (SAME, STRING_TOKEN, True),
        (Upstream.ecr(account=STRING_TOKEN, region=REGION), STRING_TOKEN, False),
        (Upstream.ecr(account="${Account}", region=REGION), ACCOUNT, True),
    ],
)
def test_who_needs_a_role(upstream, account, expected):
    assert needs_role(upstream, account=account) is expected


def test_a_prefix_inside_another():
    names = ("Shop/Outer", "Shop/Inner")
    finding = only(check_nested("acme", "acme/team", names=names))
    assert finding.code == "pull-through-prefix-nested"
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("Shop/Inner has a prefix inside that of Shop/Outer")
    turned = only(check_nested("acme/team", "acme", names=names[::-1]))
    assert turned == finding
    for one, another in (("acme", "acme2"), ("acme", "ROOT"), ("acme", "acme/")):
        assert check_nested(one, another, names=names) == ()


def test_fifty_rules():
    assert check_number(50) == ()
    assert only(check_number(51)).code == "pull-through-too-many"


@pytest.mark.parametrize(
    ("prefix", "image", "expected"),
    [
        ("docker-hub", "library/nginx", "docker-hub/library/nginx"),
        ("docker-hub/", "library/nginx", "docker-hub/library/nginx"),
        ("ROOT", "shop/api", "shop/api"),
    ],
)
def test_the_repository_of_an_image(prefix, image, expected):
    assert repository_name(prefix, image) == expected
    assert check_image(image, prefix=prefix, upstream=HUB) == ()


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx", "pull-through-official-image"),
        ("library/nginx:1.27", "repository-name-invalid"),
        ("library/Nginx", "repository-name-invalid"),
        ("x/" + "y" * 250, "repository-name-invalid"),
        ("", "repository-name-invalid"),
        (None, "repository-name-invalid"),
    ],
)
def test_what_is_no_image(image, expected):
    finding = only(check_image(image, prefix="docker-hub", upstream=HUB))
    assert finding.code == expected
    assert finding.property == "image"


def test_an_image_of_one_part_elsewhere_and_a_deferred_one():
    assert check_image("etcd", prefix="kubernetes", upstream=Upstream.k8s()) == ()
    assert check_image(STRING_TOKEN, prefix="docker-hub", upstream=HUB) == ()


@pytest.mark.parametrize("images", [None, ["library/nginx"], ("a/b", "c/d")])
def test_lists_of_images(images):
    assert check_images(images) == ()


@pytest.mark.parametrize("images", [[], "library/nginx", 7])
def test_what_is_no_list_of_images(images):
    assert only(check_images(images)).code == "pull-through-images-invalid"


def test_services_do_not_pull():
    assert (
        codes(check_consumer(["lambda.amazonaws.com", "codebuild.amazonaws.com"]))
        == ["pull-through-service"] * 2
    )
    finding = only(check_consumer(["lambda.amazonaws.com"]))
    assert "copy the image" in finding.fix
    assert check_consumer([]) == ()


def test_what_each_side_gets():
    # From the pages pull-through-cache-iam and pull-through-cache-private.
    assert set(FIRST_PULL) == {
        "ecr:BatchGetImage",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:GetDownloadUrlForLayer",
    }
    resources = cache_resources(
        partition="aws", region=REGION, account=ACCOUNT, prefix="cache/", images=["a/b"]
    )
    assert resources == (f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/cache/a/b",)
    (every,) = cache_resources(partition="aws", region=REGION, account=ACCOUNT, prefix="ROOT")
    assert every.endswith(":repository/*")
    statements = role_statements(upstream=["there"], cache=["here"])
    allowed = {action for statement in statements for action in statement.actions}
    assert allowed == {
        "ecr:GetDownloadUrlForLayer",
        "ecr:GetAuthorizationToken",
        "ecr:BatchImportUpstreamImage",
        "ecr:BatchGetImage",
        "ecr:GetImageCopyStatus",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
    }
    assert all(
        "there" not in statement.resources
        for statement in statements
        if "ecr:PutImage" in statement.actions
    )
    statement = upstream_statement(partition="aws", account=ACCOUNT, resources=["there"])
    assert set(statement.actions) == {
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchImportUpstreamImage",
        "ecr:GetImageCopyStatus",
    }
    assert statement.principal == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert service_trust(ACCOUNT) == {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}


def test_what_is_missing_upstream_is_said():
    statement = upstream_statement(partition="aws", account=ACCOUNT, resources=["there"])
    for finding in (
        upstream_policy_missing(OTHER.url, statement),
        account_unknown(OTHER.url, statement),
    ):
        complete(finding)
        assert finding.severity is Severity.WARNING
        assert str(statement) in finding.fix
    complete(upstream_unknown("Shop/Images"))


@pytest.mark.parametrize(
    ("name", "prefix", "mutable", "expected"),
    [
        ("quay/a", "quay", MutableTags.none(), True),
        ("quay/a", "quay/", MutableTags.only("v*"), True),
        ("quay/a", "quay", MutableTags.only("lat*"), False),
        ("quay/a", "quay", MutableTags.all(), False),
        ("quay/a", "quay", MutableTags.all_except("latest"), True),
        ("quays/a", "quay", MutableTags.none(), False),
        ("quay", "quay", MutableTags.none(), False),
        ("quay/a", "ROOT", MutableTags.none(), False),
        (STRING_TOKEN, "quay", MutableTags.none(), False),
        (None, "quay", MutableTags.none(), False),
        ("quay/a", STRING_TOKEN, MutableTags.none(), False),
    ],
)
def test_a_repository_of_the_cache_that_cannot_follow(name, prefix, mutable, expected):
    found = check_cached_repository(name, mutable, prefix=prefix, rule="Shop/Quay")
    assert codes(found) == (["pull-through-frozen-repository"] if expected else [])
    for finding in found:
        complete(finding)
        assert finding.severity is Severity.WARNING
