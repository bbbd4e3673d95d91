"""What the random questions ask for, and who asks."""

from __future__ import annotations

OWN = "111111111111"
OTHER = "222222222222"
REGION = "eu-west-1"
REPOSITORIES = (
    f"arn:aws:ecr:{REGION}:{OWN}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:{OWN}:repository/red",
    f"arn:aws:ecr:us-east-1:{OTHER}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:{OTHER}:repository/tools/red/cli",
)
# ECR has no such repository, but colons behind the fifth are the only ones that show how far a
# wildcard reaches behind a variable.
WITH_COLONS = f"arn:aws:ecr:{REGION}:{OWN}:repository/red:blue"
ACTIONS = (
    "ecr:BatchGetImage",
    "ecr:BatchGetImage",
    "ecr:PutImage",
    "ecr:putimage",
    "ECR:DescribeRepositories",
    "ecr:CreateRepository",
    "ecr:GetAuthorizationToken",
    "ecr:getauthorizationtoken",
    "ecr:DescribeRegistry",
    "ecr:PutRegistryPolicy",
    "ecr-public:BatchGetImage",
)
ACTION_PATTERNS = (
    "*",
    "ecr:*",
    "ecr:Batch*",
    "ecr:BATCHGETIMAGE",
    "ecr:?utImage",
    "ecr:*Image",
    "ecr:*get*",
    "ecr:Get*Token",
    "ecr:Describe*",
    "ecr:Put*",
    "ecr*:BatchGet????e",
    "ecr:CreateRepository",
    "ecr:*Registry*",
    "s3:*",
)
RESOURCE_PATTERNS = (
    "*",
    "*",
    "arn:aws:ecr:*",
    "arn:aws:ecr:*:*:repository/*",
    f"arn:aws:ecr:*:{OWN}:repository/shop/*",
    f"arn:aws:ecr:{REGION}:{OWN}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:*:repository/*red*",
    "arn:aws:ecr:*:repository/shop/*",
    "arn:aws:ecr:*/api",
    "arn:aws:ecr:eu-*:repository/shop/???",
    "arn:aws:ecr:??-*-1:*:repository/*",
    "arn:aws:ecr:eu-west?1:1*1:repository/????/api",
    f"arn:aws:ecr:us-east-1?{OTHER}:repository/shop/api",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}",
    *("arn:aws:ecr:*:*:repository/${aws:username}",) * 3,
    "arn:aws:ecr:*:*:repository/*/${aws:PrincipalTag/team, 'red'}/*",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/none, 'shop'}/api",
    "arn:aws:ecr:*:${aws:PrincipalAccount}:repository/*",
    "arn:aws:ecr:*:*:repository/shop${*}",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}/*",
    "arn:aws:ecr:*:*:repository/r?d:*",
    "arn:aws:ecr:*:*:repository/*e:${aws:PrincipalTag/team}",
    "arn:aws:ecr:*:*:repository/r*${aws:PrincipalTag/team}",
    "arn:aws:ecr:*:*:repository/*:${aws:PrincipalTag/team}",
    "arn:aws:s3:::*",
)
SERVICES = (
    "codebuild.amazonaws.com",
    "codebuild.amazonaws.com",
    "codebuild.amazonaws.com.cn",
    "ecs.amazonaws.com",
)


def callers_of(account: str) -> tuple[str, ...]:
    """Every kind of principal in an account, sessions most often."""
    return (
        f"arn:aws:iam::{account}:role/deploy",
        f"arn:aws:iam::{account}:role/team/deploy",
        f"arn:aws:iam::{account}:role/aws-service-role/ecr.amazonaws.com/deploy",
        f"arn:aws:sts::{account}:assumed-role/deploy/ada",
        f"arn:aws:sts::{account}:assumed-role/deploy/ada",
        f"arn:aws:iam::{account}:user/ada",
        f"arn:aws:iam::{account}:user/team/red",
        f"arn:aws:sts::{account}:federated-user/ada",
        f"arn:aws:iam::{account}:root",
        account,
    )


def providers_of(account: str) -> tuple[str, ...]:
    """Identity providers, some of which look almost like services."""
    return (
        f"arn:aws:iam::{account}:saml-provider/office",
        f"arn:aws:iam::{account}:oidc-provider/token.example.com",
        "accounts.example.com",
        "codebuild.notamazonaws.com",
        "ecs.amazonaws.com.example",
    )


def entries_of(account: str) -> tuple[str, ...]:
    """Entries of Principal.AWS: the callers of an account, and others near them."""
    return (
        *callers_of(account),
        *callers_of(account),
        f"arn:aws:iam::{account}:role/team/other",
        f"arn:aws:sts::{account}:assumed-role/deploy/bob",
        f"arn:aws:iam::{account}:user/team/ada",
        f"arn:aws:iam::{account}:root",
        account,
        f"arn:aws:iam::{OTHER}:role/deploy",
        OTHER,
        "AIDAEXAMPLE",
    )
