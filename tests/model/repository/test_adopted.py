import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.repository.adopted import (
    RepositoryArn,
    check_repository_arn,
    check_whole_arn,
    parse_repository_arn,
)

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, only

ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"


@pytest.mark.parametrize(
    "arn",
    [
        ARN,
        "arn:aws-cn:ecr:cn-north-1:111111111111:repository/a--b",
        "arn:aws-us-gov:ecr:us-gov-west-1:111111111111:repository/ab",
        "arn:aws-iso-b:ecr:us-isob-east-1:111111111111:repository/ab",
        "arn:aws-eusc:ecr:eusc-de-east-1:111111111111:repository/ab",
        "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/ab",
        "arn:${Token[A.1]}:ecr:${Token[B.2]}:${Token[C.3]}:repository/${Token[D.4]}",
        *DEFERRED_TEXTS,
    ],
)
def test_arns_of_repositories(arn):
    assert check_repository_arn(arn) == ()


@pytest.mark.parametrize(
    ("arn", "message", "fix"),
    [
        ("shop/api", "is not the ARN of an ECR", "use from_repository_name with 'shop/api'"),
        ("", "is not the ARN of an ECR", "take it from 'aws ecr describe-repositories'"),
        ("arn:aws:s3:::ab", "is not the ARN of an ECR", "take it from"),
        ("arn:aws:ecr:eu-west-1:111111111111:ab", "is not the ARN of an ECR", "take it from"),
        (ARN.replace("111111111111", "1111"), "has an account id", "correct the id"),
        (ARN.replace("111111111111", "\u0661" * 12), "has an account id", "correct the id"),
        (ARN.replace("eu-west-1", "ireland"), "names no Region", "correct the Region"),
        (ARN.replace("eu-west-1", "eu-west-\u0661"), "names no Region", "correct the Region"),
        (ARN.replace("aws", "amazon"), "names no partition", "correct the partition"),
    ],
)
def test_what_is_no_arn_of_a_repository(arn, message, fix):
    finding = only(check_repository_arn(arn))
    assert finding.code == "repository-arn-invalid"
    assert finding.property == "repository_arn"
    assert finding.given == arn
    assert finding.message.startswith(message)
    assert finding.fix.startswith(fix)
    assert finding.allowed == "arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"


def test_a_bad_name_in_an_arn_is_a_bad_name():
    assert only(check_repository_arn(ARN + "/")).code == "repository-name-invalid"


@pytest.mark.parametrize("arn", NOT_TEXTS)
def test_an_arn_is_a_text(arn):
    assert "not a string" in only(check_repository_arn(arn)).message
    assert check_whole_arn(arn) == check_repository_arn(arn)


@pytest.mark.parametrize("arn", ["${Token[TOKEN.1]}", "${Repository.Arn}"])
def test_a_name_cannot_be_cut_out_of_a_deferred_arn(arn):
    finding = only(check_whole_arn(arn))
    assert finding.code == "repository-arn-invalid"
    assert "from_repository_attributes" in finding.fix
    assert check_whole_arn(ARN) == ()


TOKEN = st.sampled_from(["${Token[T.1]}", "${AWS::Region}"])


@given(
    st.sampled_from(["aws", "aws-cn"]) | TOKEN,
    st.sampled_from(["eu-west-1", "us-gov-west-1"]) | TOKEN,
    st.sampled_from(["111111111111"]) | TOKEN,
    st.sampled_from(["ab", "shop/api", "a--b/c"]) | TOKEN,
)
def test_an_arn_is_the_sum_of_its_parts(partition, region, account, name):
    arn = f"arn:{partition}:ecr:{region}:{account}:repository/{name}"
    parts = parse_repository_arn(arn)
    assert parts == RepositoryArn(partition=partition, region=region, account=account, name=name)
    assert check_whole_arn(arn) == ()
