"""Images of another account: shared repositories, and assets of a hardened bootstrap stack."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from ecr_constructs import (
    AssetRepository,
    PublishedRepository,
    RepositoryShare,
    SecureRepository,
    hardened_bootstrap_template,
)
from embedded_aws import EmbeddedAws
from embedded_aws.registry_client import PushRefused, RegistryClient, image
from embedded_aws.stack import Stack

from .estate import REGION, Estate

ROOT = Path(__file__).parents[2]
BOOTSTRAP = ROOT / "node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"
IMAGE = ROOT / "examples" / "images" / "worker"
OWNER, OTHER, STRANGER = "121212121212", "232323232323", "343434343434"
ASSETS = f"cdk-hnb659fds-container-assets-{OWNER}-{REGION}"
EVERYTHING = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}


class Deployed:
    """A bootstrap stack, a shared repository, an asset, and roles here and there."""

    def __init__(self, aws: EmbeddedAws, directory: Path) -> None:
        self.aws = aws
        self.estate = Estate(aws, directory)
        owner = self.estate.account(OWNER)
        template = yaml.safe_load(BOOTSTRAP.read_text(encoding="utf-8"))
        bootstrap = Stack(owner, "CDKToolkit", seconds=120.0)
        hardened = hardened_bootstrap_template(template, pulled_by=[OTHER])
        assert bootstrap.deploy(hardened) == "CREATE_COMPLETE"
        self.images = self.estate.stack("SharedImages", OWNER)
        self.hosts = self.estate.stack("SharedHosts", OTHER)
        api = SecureRepository(self.images, "Api", repository_name="shop/api")
        share = RepositoryShare(self.images, "Share", repositories=[api], accounts=[OTHER])
        pull = share.add_identity_policy(self.hosts, "Pull")
        self.sharing = self._role(self.hosts, "sharing", managed_policies=[pull])
        asset = ecr_assets.DockerImageAsset(self.images, "Image", directory=str(IMAGE))
        assets = AssetRepository.of(asset)
        self.here, self.there = self._role(self.images, "here"), self._role(self.hosts, "there")
        for role in (self.here, self.there):
            assets.grant_pull(role)
        PublishedRepository(
            self.images, "Published", repository=api, digests={"stable": image("shop/api").digest}
        ).grant_read(self.here)
        PublishedRepository(self.images, "Others", repository=api, path="/others")
        self.estate.deploy()
        for name in ("shop/api", ASSETS):
            aws.registry(OWNER, name, credentials=owner.root, region=REGION).push_image(
                image(name), "v1"
            )

    def _role(
        self,
        stack: cdk.Stack,
        name: str,
        *,
        managed_policies: list[iam.IManagedPolicy] | None = None,
    ) -> iam.Role:
        return iam.Role(
            stack,
            name.title(),
            role_name=name,
            assumed_by=iam.AccountRootPrincipal(),
            managed_policies=managed_policies,
        )

    def registry(self, account: str, role: str, repository: str) -> RegistryClient:
        """A client that is logged in to the owner's registry as a role."""
        home = self.estate.account(account)
        credentials = self.aws.assume_role(home.role_arn(role), home.root)
        return self.aws.registry(OWNER, repository, credentials=credentials, region=REGION)


@pytest.fixture(scope="module")
def deployed(embedded_aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return Deployed(embedded_aws, tmp_path_factory.mktemp("cdk.out"))


@pytest.mark.parametrize(
    ("account", "role", "repository"),
    [(OTHER, "sharing", "shop/api"), (OWNER, "here", ASSETS), (OTHER, "there", ASSETS)],
)
def test_both_halves_pull_and_do_nothing_more(
    deployed: Deployed, account: str, role: str, repository: str
) -> None:
    registry = deployed.registry(account, role, repository)
    assert registry.pull_image("v1").digest == image(repository).digest
    with pytest.raises(PushRefused):
        registry.push_image(image("pushed"), "v2")
    elsewhere = "shop/api" if repository == ASSETS else ASSETS
    other = deployed.registry(account, role, elsewhere)
    assert other.call("GET", "manifests/v1").status == 403


def test_one_half_alone_pulls_nothing(deployed: Deployed) -> None:
    """A stranger may do all of ECR at home; the owner's half is for somebody else."""
    stranger = deployed.estate.account(STRANGER)
    credentials = stranger.role("everything", [EVERYTHING])
    for repository in ("shop/api", ASSETS):
        registry = deployed.aws.registry(OWNER, repository, credentials=credentials, region=REGION)
        assert registry.call("GET", "manifests/v1").status == 403


def test_a_hardened_asset_repository_scans_and_keeps_its_tags(deployed: Deployed) -> None:
    ecr = deployed.estate.account(OWNER).client("ecr")
    (made,) = ecr.describe_repositories(repositoryNames=[ASSETS])["repositories"]
    assert made["imageScanningConfiguration"] == {"scanOnPush": True}
    assert made["imageTagMutability"] == "IMMUTABLE"


def test_whoever_may_reads_where_the_images_are(deployed: Deployed) -> None:
    owner = deployed.estate.account(OWNER)
    credentials = deployed.aws.assume_role(owner.role_arn("here"), owner.root)
    client = deployed.aws.client("ssm", credentials, region=REGION)

    def read(name: str) -> str:
        return str(client.get_parameter(Name=name)["Parameter"]["Value"])

    uri = f"{OWNER}.dkr.ecr.{REGION}.amazonaws.com/shop/api"
    digest = read("/images/shop/api/stable/digest")
    assert read("/images/shop/api/uri") == uri
    assert read("/images/shop/api/stable/uri") == f"{uri}@{digest}"
    pulled = deployed.registry(OTHER, "sharing", "shop/api").pull_image(digest)
    assert pulled.digest == image("shop/api").digest
    with pytest.raises(ClientError, match="not authorized to perform: ssm:GetParameter"):
        read("/others/uri")


def test_without_the_other_half_nothing_is_pulled(deployed: Deployed) -> None:
    """The last test: it takes the policies in the other account away."""
    deployed.estate.drop(deployed.hosts, "AWS::IAM::Policy")
    with pytest.raises(ClientError, match="not authorized to perform: ecr:GetAuthorizationToken"):
        deployed.registry(OTHER, "there", ASSETS)
    assert deployed.registry(OTHER, "sharing", "shop/api").pull_image("v1")
