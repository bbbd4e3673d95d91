import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.iam.services import (
    check_service,
    guarded,
    service_pull,
    source_conditions,
)

from ..answers import only

BY_ROLE = [
    "build.apprunner.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "ec2.amazonaws.com",
    "sagemaker.amazonaws.com",
]
EMR = "emr-serverless.amazonaws.com"
BY_POLICY = ["codebuild.amazonaws.com", EMR, "lambda.amazonaws.com"]
ACCOUNTS = st.sampled_from(["111111111111", "${Token[AWS.AccountId.4]}", "${AWS::AccountId}"])
REGIONS = st.sampled_from(["eu-west-1", "${Token[AWS.Region.5]}", "${AWS::Region}"])
PARTITIONS = st.sampled_from(["aws", "aws-cn", "${Token[AWS.Partition.3]}", "${AWS::Partition}"])


@pytest.mark.parametrize("service", BY_POLICY)
def test_services_that_read_the_policy(service):
    assert check_service(service, actions=service_pull(service)) == ()


def test_a_service_that_does_not_pull_without_an_action_more():
    finding = only(check_service(EMR, option="principal"))
    assert finding.code == "grant-service-asks-for-more"
    assert finding.severity is Severity.WARNING
    assert finding.property == "principal"
    assert "ecr:DescribeImages" in finding.message
    # Actions that are no pull, or every action, are what somebody wrote on purpose.
    assert check_service(EMR, actions=["ecr:DescribeImages"]) == ()
    assert check_service(EMR, actions=["ecr:*"]) == ()
    assert check_service("lambda.amazonaws.com") == ()
    assert service_pull("new.amazonaws.com") == service_pull("lambda.amazonaws.com")


@pytest.mark.parametrize("service", BY_ROLE)
def test_services_that_pull_by_role(service):
    finding = only(check_service(service))
    assert finding.code == "grant-service-pulls-by-role"
    assert finding.severity is Severity.DANGER
    assert finding.property == "grantee"
    assert finding.given == service
    assert "role" in finding.fix
    assert all(name in finding.allowed for name in BY_POLICY)


@pytest.mark.parametrize("service", ["s3.amazonaws.com", "lambda", "lambda.amazonaws.com.cn"])
def test_services_that_aws_says_nothing_of(service):
    finding = only(check_service(service, option="principal"))
    assert finding.code == "grant-service-unknown"
    assert finding.severity is Severity.WARNING
    assert finding.property == "principal"
    assert finding.given == service


def test_what_the_pages_have():
    # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    assert source_conditions(
        "lambda.amazonaws.com", partition="aws", region="us-east-1", account="123456789012"
    ) == {
        "StringLike": {"aws:SourceArn": "arn:aws:lambda:us-east-1:123456789012:function:*"},
    }
    # https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
    assert source_conditions(EMR, partition="aws", region="us-east-1", account="123456789012") == {
        "StringLike": {
            "aws:SourceArn": "arn:aws:emr-serverless:us-east-1:123456789012:/applications/*"
        },
    }
    # https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
    assert source_conditions(
        "codebuild.amazonaws.com", partition="aws-cn", region="cn-north-1", account="123456789012"
    ) == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws-cn:codebuild:cn-north-1:123456789012:project/*"},
    }


@given(st.sampled_from([*BY_POLICY, *BY_ROLE, "new.amazonaws.com"]), PARTITIONS, REGIONS, ACCOUNTS)
def test_our_own_conditions_guard(service, partition, region, account):
    conditions = source_conditions(service, partition=partition, region=region, account=account)
    assert guarded(conditions)
    assert account in str(conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"StringNotEquals": {"aws:SourceAccount": "111111111111"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}},
        {"StringLike": {"aws:SourceAccount": "*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:*"}},
        {"Null": {"aws:SourceArn": "false"}},
    ],
)
def test_what_guards_nothing(conditions):
    assert not guarded(conditions)
