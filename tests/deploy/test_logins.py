"""The registry's gate: granted or not, nobody pulls without a token that holds."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from aws_cdk import aws_iam as iam
from constructs import Construct

from embedded_aws.account import AUTHORIZATION_TOKEN, policy_document
from embedded_aws.registry_client import BuiltImage, RegistryClient, digest_of

from .accounts import World
from .deployment import Deployment
from .estate import Estate


@pytest.fixture(scope="module")
def deployment(world: World, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    estate = Estate("Logins", tmp_path_factory.mktemp("cdk.out"))
    scope = Construct(estate.owner, "Login")
    repository = estate.repository(scope, ("api",))
    for name in ("puller", "reader"):
        role = iam.Role(scope, name, assumed_by=iam.AccountRootPrincipal())
        estate.note((name,), role)
        grant = repository.grant_pull if name == "puller" else repository.grant_read
        grant(role)
    return Deployment.of(estate, world)


@pytest.fixture
def kept(deployment: Deployment) -> BuiltImage:
    return deployment.stock(deployment.target("api")).put("kept")


@pytest.fixture
def registry(deployment: Deployment) -> RegistryClient:
    client = deployment.role("puller").log_in(deployment.target("api"))
    assert client is not None
    return client


def test_with_a_token(registry: RegistryClient, kept: BuiltImage) -> None:
    assert registry.call("GET", "/v2/").status == 200
    assert registry.pull_image("kept") == kept


@pytest.mark.parametrize(
    "password",
    [
        None,
        base64.b64encode(b"AWS:made-up").decode(),
        base64.b64encode(b"AWS:").decode(),
        "nothing that base64 writes",
    ],
)
def test_without_a_token(registry: RegistryClient, kept: BuiltImage, password: str | None) -> None:
    anonymous = replace(registry, password=password)
    for method, path in (
        ("GET", "/v2/"),
        ("GET", "manifests/kept"),
        ("HEAD", f"manifests/{kept.digest}"),
        ("GET", f"blobs/{digest_of(kept.blobs[0])}"),
        ("GET", f"referrers/{kept.digest}"),
        ("GET", "tags/list"),
        ("POST", "blobs/uploads/"),
        ("PUT", "manifests/new"),
        ("DELETE", f"manifests/{kept.digest}"),
    ):
        answer = anonymous.call(method, path)
        assert answer.status == 401, f"{method} {path}"
        assert answer.headers["www-authenticate"].startswith("Basic ")


def test_a_token_under_another_name(registry: RegistryClient, kept: BuiltImage) -> None:
    assert registry.password is not None
    user, _, password = base64.b64decode(registry.password).decode().partition(":")
    assert user == "AWS"
    renamed = base64.b64encode(f"root:{password}".encode()).decode()
    assert replace(registry, password=renamed).call("GET", "manifests/kept").status == 401


def test_a_token_of_another_region(
    deployment: Deployment, registry: RegistryClient, kept: BuiltImage
) -> None:
    puller = deployment.role("puller")
    password = deployment.owner.aws.registry_password(puller.credentials, region="eu-west-2")
    assert replace(registry, password=password).call("GET", "manifests/kept").status == 401


def test_a_token_does_not_widen_what_its_holder_may(
    deployment: Deployment, kept: BuiltImage
) -> None:
    """Reading is granted without a login: a token from elsewhere opens what was granted alone."""
    target = deployment.target("api")
    reader = deployment.role("reader")
    assert reader.log_in(target) is None
    name = deployment.physical_ids["reader",]
    document = policy_document([AUTHORIZATION_TOKEN])
    deployment.owner.client("iam").put_role_policy(
        RoleName=name, PolicyName="login", PolicyDocument=document
    )
    registry = reader.log_in(target)
    assert registry is not None
    assert registry.call("GET", "tags/list").document["tags"] == ["kept"]
    assert registry.call("GET", "manifests/kept").code == "DENIED"
    assert registry.call("GET", f"blobs/{digest_of(kept.blobs[0])}").code == "DENIED"
