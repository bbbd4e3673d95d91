"""Grants on the repository of the bootstrap stack."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam

from ecr_constructs import AssetRepository, GrantError, InvalidInputError

from ..conftest import OTHER, SHOP, statements_of, templates

IMAGE = Path(__file__).parents[3] / "examples" / "images" / "worker"
NAME = f"container-assets-{SHOP[0]}-{SHOP[1]}"
PULL = {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}


def arn(name: str) -> str:
    return f"arn:aws:ecr:{SHOP[1]}:{SHOP[0]}:repository/{name}"


def role(scope, name="Role", **options):
    return iam.Role(scope, name, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), **options)


def pulled_by(template) -> dict[str, set[str]]:
    """Resource to actions, of every statement."""
    return {
        statement["Resource"]: set(
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
        for statement in statements_of(template)
    }


def test_an_asset_is_pulled_and_no_more(app, stack):
    asset = ecr_assets.DockerImageAsset(stack, "Image", directory=str(IMAGE))
    images = AssetRepository.of(asset)
    assert AssetRepository.of(asset) is images
    images.grant_pull(role(stack))
    assert pulled_by(templates(app)["Shop"]) == {
        arn(f"cdk-hnb659fds-{NAME}"): PULL,
        "*": {"ecr:GetAuthorizationToken"},
    }


@pytest.mark.parametrize(
    ("context", "qualifier", "name"),
    [
        (None, None, f"cdk-hnb659fds-{NAME}"),
        ("acme", None, f"cdk-acme-{NAME}"),
        ("acme", "shop", f"cdk-shop-{NAME}"),
    ],
)
def test_the_repository_of_the_environment(app, context, qualifier, name):
    if context is not None:
        app.node.set_context("@aws-cdk/core:bootstrapQualifier", context)
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account=SHOP[0], region=SHOP[1]))
    images = AssetRepository.from_bootstrap(stack, "Assets", qualifier=qualifier)
    assert images.repository_name == name
    images.grant_pull(role(stack))
    assert arn(name) in pulled_by(templates(app)["Shop"])


def test_a_repository_that_the_synthesizer_names_is_found(app):
    stack = cdk.Stack(
        app,
        "Shop",
        env=cdk.Environment(account=SHOP[0], region=SHOP[1]),
        synthesizer=cdk.DefaultStackSynthesizer(image_assets_repository_name="shop/assets"),
    )
    asset = ecr_assets.DockerImageAsset(stack, "Image", directory=str(IMAGE))
    AssetRepository.of(asset).grant_pull(role(stack))
    assert arn("shop/assets") in pulled_by(templates(app)["Shop"])


def test_over_accounts_the_other_half_is_named(app, stack):
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=OTHER[0], region=OTHER[1]))
    asset = ecr_assets.DockerImageAsset(stack, "Image", directory=str(IMAGE))
    images = AssetRepository.of(asset)
    images.grant_pull(role(other, role_name="hosts"))
    (warning,) = [entry.data for entry in images.node.metadata if entry.type == "aws:cdk:warning"]
    assert "hardened_bootstrap_template" in warning
    assert f"arn:aws:iam::{OTHER[0]}:role/hosts" in warning
    assert arn(f"cdk-hnb659fds-{NAME}") in pulled_by(templates(app)["Other"])
    with pytest.raises(GrantError, match="policy of a repository that this app does not own"):
        images.grant_pull(iam.AccountPrincipal(OTHER[0]))


@pytest.mark.parametrize("qualifier", ["Shop", "a b", "*"])
def test_a_qualifier_that_ecr_cannot_have_is_refused(stack, qualifier):
    with pytest.raises(InvalidInputError, match=r"^\[Shop/Assets\] "):
        AssetRepository.from_bootstrap(stack, "Assets", qualifier=qualifier)
