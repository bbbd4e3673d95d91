"""EMR Serverless: whom the repository policy lets in, in the same account and over accounts."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_emrserverless as emrserverless
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match

from ecr_constructs import (
    EmrServerlessApplications,
    GrantError,
    InvalidInputError,
    SecureRepository,
)

from ..conftest import templates
from .conftest import Stories
from .support import ACCOUNT, DESCRIBING_PULL, OTHER, REGION, STRANGER, Role, Stack, service_may

EMR = "emr-serverless.amazonaws.com"
KNOWN = "00f1abcdexample"
MAKER = f"arn:aws:iam::{OTHER}:role/cdk-hnb659fds-cfn-exec-role-{OTHER}-{REGION}"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def application(one: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:emr-serverless:{region}:{account}:/applications/{one}"


@pytest.fixture
def spark(stack) -> SecureRepository:
    return SecureRepository(stack, "Spark", repository_name="data/spark")


def policy_of(app: cdk.App, name: str = "data/spark"):
    return Stack(ACCOUNT, templates(app)["Shop"]["Resources"]).repository_policy(name)


class TestInTheSameAccount:
    @pytest.fixture
    def data(self, stories: Stories) -> Stack:
        return stories("emr_serverless")["Data"]

    def test_every_application_of_the_account_by_default(self, data: Stack) -> None:
        policy = data.repository_policy("data/spark")
        right = application("any")
        assert service_may(policy, EMR, "data/spark", SourceArn=right) == DESCRIBING_PULL
        for wrong in (
            application("any", OTHER),
            application("any", region="us-east-1"),
            right.replace("/applications/", "/jobs/"),
            right.replace("emr-serverless", "lambda"),
        ):
            assert service_may(policy, EMR, "data/spark", SourceArn=wrong) == set()
        assert service_may(policy, EMR, "data/spark", SourceAccount=ACCOUNT) == set()

    def test_only_the_application_that_was_named(self, data: Stack) -> None:
        policy = data.repository_policy("data/hive")
        right = application(KNOWN)
        assert service_may(policy, EMR, "data/hive", SourceArn=right) == DESCRIBING_PULL
        for wrong in (application(KNOWN + "2"), application("any"), application(KNOWN, OTHER)):
            assert service_may(policy, EMR, "data/hive", SourceArn=wrong) == set()
        for other in ("lambda.amazonaws.com", "elasticmapreduce.amazonaws.com"):
            assert service_may(policy, other, "data/hive", SourceArn=right) == set()

    def test_the_application_is_made_after_the_repository(self, data: Stack) -> None:
        ((_, made),) = data.of_kind("AWS::EMRServerless::Application")
        (spark,) = [
            name
            for name, repository in data.of_kind("AWS::ECR::Repository")
            if repository["Properties"]["RepositoryName"] == "data/spark"
        ]
        image = made["Properties"]["ImageConfiguration"]["ImageUri"]
        assert {"Ref": spark} in image["Fn::Join"][1]


class TestOverAccounts:
    def test_the_service_and_whoever_makes_the_application_are_let_in(self, app, spark) -> None:
        spark.grant_pull(
            EmrServerlessApplications(account=OTHER, application_ids=[KNOWN], made_by=[MAKER])
        )
        policy = policy_of(app)

        def may(source: str) -> set[str]:
            return service_may(policy, EMR, "data/spark", SourceArn=source)

        assert may(application(KNOWN, OTHER)) == DESCRIBING_PULL
        assert may(application(KNOWN)) == may(application("any", OTHER)) == set()
        assert may(application(KNOWN, STRANGER)) == set()
        maker = Role(MAKER, {}, [EVERYTHING], [])
        assert maker.ecr("data/spark", policy=policy) == DESCRIBING_PULL
        for other in (MAKER + "2", MAKER.replace(OTHER, STRANGER)):
            assert Role(other, {}, [EVERYTHING], []).ecr("data/spark", policy=policy) == set()
        assert Role(MAKER, {}, [], []).ecr("data/spark", policy=policy) == set()

    def test_without_makers_the_account_decides(self, app, spark) -> None:
        spark.grant_pull(EmrServerlessApplications(account=OTHER))
        policy = policy_of(app)
        anybody = Role(f"arn:aws:iam::{OTHER}:role/any", {}, [EVERYTHING], [])
        assert anybody.ecr("data/spark", policy=policy) == DESCRIBING_PULL
        source = application("any", OTHER)
        assert service_may(policy, EMR, "data/spark", SourceArn=source) == DESCRIBING_PULL
        assert service_may(policy, EMR, "data/spark", SourceArn=application("any")) == set()


def test_the_service_by_its_name_pulls_for_the_applications_of_the_account(app, spark) -> None:
    spark.grant_pull(iam.ServicePrincipal(EMR))
    policy = policy_of(app)
    source = application("any")
    assert service_may(policy, EMR, "data/spark", SourceArn=source) == DESCRIBING_PULL
    assert service_may(policy, EMR, "data/spark", SourceArn=application("any", OTHER)) == set()
    assert not Annotations.from_stack(spark.stack).find_warning("*", Match.any_value())


def test_a_statement_with_which_it_does_not_pull_is_a_warning(spark) -> None:
    spark.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            principals=[iam.ServicePrincipal(EMR)],
        )
    )
    said = Match.string_like_regexp("does not pull without ecr:DescribeImages")
    assert Annotations.from_stack(spark.stack).find_warning("*", said)


def test_an_application_that_is_yet_to_be_made_is_refused(stack, spark) -> None:
    made = emrserverless.CfnApplication(
        stack,
        "Application",
        type="SPARK",
        release_label="emr-7.9.0",
        image_configuration=emrserverless.CfnApplication.ImageConfigurationInputProperty(
            image_uri=spark.repository_uri_for_tag("v1")
        ),
    )
    # CloudFormation would refuse the two as circular.
    with pytest.raises(InvalidInputError, match="leave application_ids out"):
        EmrServerlessApplications(application_ids=[made.attr_application_id])


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"application_ids": KNOWN}, "application_ids"),
        ({"application_ids": []}, "application_ids"),
        ({"application_ids": ["Reports"]}, "application_ids"),
        ({"application_ids": ["00f*"]}, "application_ids"),
        ({"application_ids": [application(KNOWN)]}, "application_ids"),
        ({"application_ids": ["0" * 65]}, "application_ids"),
        ({"application_ids": [None]}, "application_ids"),
        ({"account": "1"}, "account"),
        ({"made_by": [MAKER]}, "made_by"),
        ({"made_by": MAKER, "account": OTHER}, "made_by"),
        ({"made_by": [MAKER], "account": STRANGER}, "made_by"),
        ({"made_by": ["deployer"], "account": OTHER}, "made_by"),
    ],
)
def test_what_emr_serverless_could_not_have_is_refused(options, option) -> None:
    with pytest.raises(InvalidInputError) as caught:
        EmrServerlessApplications(**options)
    (finding,) = caught.value.findings
    assert finding.property == option
    assert finding.fix
    assert finding.docs.startswith("https://docs.aws.amazon.com/")


def test_it_pushes_nothing(spark) -> None:
    with pytest.raises(GrantError, match="to the role of what it pulls for"):
        spark.grant_push(EmrServerlessApplications())
