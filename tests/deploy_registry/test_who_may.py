"""Who may do what once an example is deployed, as the embedded AWS decides it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from embedded_aws import EmbeddedAws, ServiceRefused
from embedded_aws.account import Account, Statement
from tests.deploy.callers import Principal
from tests.deploy.operations import Target

from .deployment import Deployed, deployed
from .stacks import ExampleStack

Made = Mapping[str, list[ExampleStack]]
EVERYTHING: Statement = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
STRANGER = "999999999999"
ORGANIZATION = "o-a1b2c3d4e5"
READS = {
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetImageCopyStatus",
}
FILLS = {
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
}


def everything(aws: EmbeddedAws, account: str, region: str) -> Principal:
    """A role whose own half of any grant is there."""
    home = Account(aws, account, region)
    return Principal.of(home, "everything", home.role("everything", [EVERYTHING]))


class TestPullThroughOverAccounts:
    """pull_through_ecr_accounts: the service may do what it must, a third account nothing."""

    @pytest.fixture
    def stacks(self, embedded_aws: EmbeddedAws, made: Made):
        with deployed(embedded_aws, made["pull_through_ecr_accounts"]) as stacks:
            yield stacks

    def test_both_sides(self, embedded_aws: EmbeddedAws, stacks: dict[str, Deployed]) -> None:
        images, shop = stacks["Images"], stacks["Shop"]
        upstream = Target(images.account.id, images.account.region, "shop/api")
        images.ecr.create_repository(repositoryName="other/api")
        other = Target(upstream.account, upstream.region, "other/api")
        shop.ecr.create_repository(repositoryName="prod/api")
        cache = Target(shop.account.id, shop.account.region, "prod/api")
        role = shop.account.role_arn(shop.name_of("CacheRole"))

        def service(region: str) -> Principal:
            session = embedded_aws.assume_role_as_service(
                role, "pullthroughcache.ecr.amazonaws.com", source_account=shop.account.id
            )
            return Principal.of(Account(embedded_aws, shop.account.id, region), "ECR", session)

        assert service(upstream.region).may(upstream) == READS
        assert service(upstream.region).may(other) == set()
        assert service(cache.region).may(cache) == READS | FILLS
        stranger = everything(embedded_aws, STRANGER, upstream.region)
        assert stranger.may(upstream) == set()

    def test_the_role_is_not_for_another_account(
        self, embedded_aws: EmbeddedAws, stacks: dict[str, Deployed]
    ) -> None:
        shop = stacks["Shop"]
        role = shop.account.role_arn(shop.name_of("CacheRole"))
        service = "pullthroughcache.ecr.amazonaws.com"
        with pytest.raises(ServiceRefused):
            embedded_aws.assume_role_as_service(role, service, source_account=STRANGER)


class TestReplicationOverAccounts:
    """replication_accounts: the source may replicate what was declared, a third account nothing."""

    @pytest.fixture
    def stacks(self, embedded_aws: EmbeddedAws, made: Made):
        with deployed(embedded_aws, made["replication_accounts"]) as stacks:
            yield stacks

    def test_the_destination_lets_the_source_in(
        self, embedded_aws: EmbeddedAws, stacks: dict[str, Deployed]
    ) -> None:
        images, shop = stacks["Images"].account, stacks["Shop"].account
        replica = Target(shop.id, shop.region, "prod/api")
        stacks["Shop"].ecr.create_repository(repositoryName="shop/api")
        other = Target(shop.id, shop.region, "shop/api")
        # The service acts for the account, which is whom the registry policy lets in.
        source = Principal.of(images, "root", images.root)
        assert source.may(replica) == {"ecr:ReplicateImage"}
        assert source.may(other) == set()
        stranger = Account(embedded_aws, STRANGER, shop.region)
        assert Principal.of(stranger, "root", stranger.root).may(replica) == set()


class TestPublicRepository:
    """public_repository: the release pushes, and does nothing else."""

    PUSHES = (
        "BatchCheckLayerAvailability",
        "CompleteLayerUpload",
        "InitiateLayerUpload",
        "PutImage",
        "UploadLayerPart",
    )
    OTHERS = ("BatchDeleteImage", "DeleteRepository", "DescribeImages", "SetRepositoryPolicy")

    def test_who_may_push(self, embedded_aws: EmbeddedAws, made: Made) -> None:
        with deployed(embedded_aws, made["public_repository"]) as stacks:
            gallery = stacks["Gallery"]
            gallery.account.client("ecr-public").create_repository(repositoryName="other")
            role = gallery.account.role_arn(gallery.name_of("Release6"))
            session = embedded_aws.assume_role_as_service(role, "codebuild.amazonaws.com")
            release = Principal.of(gallery.account, "release", session)
            for name, may in (("shop-agent", True), ("other", False)):
                for operation in (*self.PUSHES, *self.OTHERS):
                    answer = public_answer(release, operation, name)
                    let_in = "AccessDenied" not in answer["__type"]
                    assert let_in is (may and operation in self.PUSHES), (name, operation)


def public_answer(caller: Principal, operation: str, repository: str) -> dict[str, str]:
    """What ECR Public says to a call without its details, which IAM does not ask for."""
    body = json.dumps({"repositoryName": repository})
    request = AWSRequest(
        "POST",
        f"{caller.aws.endpoint}/",
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"SpencerFrontendService.{operation}",
        },
        data=body,
    )
    credentials = caller.credentials
    signing = Credentials(
        credentials.access_key_id, credentials.secret_access_key, credentials.session_token
    )
    SigV4Auth(signing, "ecr-public", caller.region).add_auth(request)
    _, content = caller.aws.connection.post("/", body, dict(request.headers.items()))
    answer: dict[str, str] = json.loads(content)
    return answer


class TestDataPerimeter:
    """data_perimeter: whatever else lets them in, those outside stay there."""

    @pytest.fixture
    def stacks(self, embedded_aws: EmbeddedAws, made: Made):
        with deployed(embedded_aws, made["data_perimeter"]) as stacks:
            yield stacks

    def test_open_to_everybody_it_is_open_to_those_inside(
        self, embedded_aws: EmbeddedAws, stacks: dict[str, Deployed]
    ) -> None:
        shop = stacks["Shop"]
        open_to_all = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}],
        }
        shop.ecr.set_repository_policy(
            repositoryName="shop/api", policyText=json.dumps(open_to_all), force=True
        )
        target = Target(shop.account.id, shop.account.region, "shop/api")
        inside, partner = "444444444444", "333333333333"
        for account in (shop.account.id, inside):
            embedded_aws.set_organization(account, ORGANIZATION, (f"{ORGANIZATION}/r-ab12/",))
        pulls = {"ecr:BatchGetImage"}
        assert everything(embedded_aws, inside, target.region).may(target) == pulls
        assert everything(embedded_aws, partner, target.region).may(target) == pulls
        assert everything(embedded_aws, "888888888888", target.region).may(target) == set()
