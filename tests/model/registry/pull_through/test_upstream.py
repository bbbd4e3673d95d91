import pytest

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.registry.pull_through.upstream import Authentication, Upstream

from ...answers import STRING_TOKEN, codes

NONE, SECRET, ROLE = Authentication.NONE, Authentication.SECRET, Authentication.ROLE


@pytest.mark.parametrize(
    ("upstream", "registry", "url", "prefix", "authentication"),
    [
        (Upstream.ecr_public(), "ecr-public", "public.ecr.aws", "ecr-public", NONE),
        (Upstream.k8s(), "k8s", "registry.k8s.io", "kubernetes", NONE),
        (Upstream.quay(), "quay", "quay.io", "quay", NONE),
        (Upstream.docker_hub(), "docker-hub", "registry-1.docker.io", "docker-hub", SECRET),
        (Upstream.github(), "github-container-registry", "ghcr.io", "github", SECRET),
        (
            Upstream.gitlab(),
            "gitlab-container-registry",
            "registry.gitlab.com",
            "gitlab",
            SECRET,
        ),
        (
            Upstream.azure("acmeimages"),
            "azure-container-registry",
            "acmeimages.azurecr.io",
            "azure",
            SECRET,
        ),
        (Upstream.chainguard(), "chainguard", "cgr.dev", "chainguard", SECRET),
        (
            Upstream.ecr(account="111111111111", region="eu-west-1"),
            "ecr",
            "111111111111.dkr.ecr.eu-west-1.amazonaws.com",
            "ecr",
            ROLE,
        ),
    ],
    ids=lambda value: getattr(value, "registry", None),
)
def test_every_upstream_of_the_page(upstream, registry, url, prefix, authentication):
    assert upstream.registry == registry
    assert upstream.url == url
    assert upstream.usual_prefix == prefix
    assert upstream.authentication is authentication
    assert 2 <= len(upstream.usual_prefix) <= 30


@pytest.mark.parametrize("name", ["acmeimages", "AcmeImages1", "acme0-x1y2z3", STRING_TOKEN])
def test_names_of_azure(name):
    assert Upstream.azure(name).url == f"{name}.azurecr.io"


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("acmeimages.azurecr.io", "use 'acmeimages'"),
        ("https://acmeimages.azurecr.io/", "use 'acmeimages'"),
        ("acme", "take the name from 'az acr list'"),
        ("acme_images", "take the name from 'az acr list'"),
        (None, "take the name from 'az acr list'"),
    ],
)
def test_what_is_no_name_of_azure(name, fix):
    with pytest.raises(InvalidInputError) as caught:
        Upstream.azure(name)
    assert caught.value.code == "pull-through-azure-name-invalid"
    assert caught.value.fix == fix


@pytest.mark.parametrize(
    ("account", "region", "expected"),
    [
        ("1", "eu-west-1", ["account-id-invalid"]),
        ("111111111111", "Ireland", ["pull-through-upstream-region-invalid"]),
        (111111111111, 1, ["account-id-invalid", "pull-through-upstream-region-invalid"]),
    ],
)
def test_what_is_no_registry_of_ecr(account, region, expected):
    with pytest.raises(InvalidInputError) as caught:
        Upstream.ecr(account=account, region=region)
    assert codes(caught.value.findings) == expected


@pytest.mark.parametrize(
    "parts",
    [
        {"registry": "quay", "url": "registry-1.docker.io", "authentication": NONE},
        {"registry": "quay", "url": "https://quay.io", "authentication": NONE},
        {"registry": "docker-hub", "url": "registry-1.docker.io", "authentication": NONE},
        {"registry": "artifactory", "url": "acme.jfrog.io", "authentication": SECRET},
    ],
)
def test_an_address_of_another_registry(parts):
    with pytest.raises(InvalidInputError) as caught:
        Upstream(usual_prefix="x", **parts)
    assert codes(caught.value.findings) == ["pull-through-upstream-mismatch"]
