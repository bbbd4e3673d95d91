"""What ``Ref`` and ``Fn::GetAtt`` of a resource give, for the types that access is about.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["ANYTHING", "NAMED", "Named"]


@dataclass(frozen=True, kw_only=True)
class Named:
    """How resources of a type are named."""

    name: str
    """The property that holds the name."""
    arn: str
    """The ARN with ``{partition} {region} {account} {path} {name}``."""
    arn_attribute: str = "Arn"
    ref_is_arn: bool = False


NAMED: Final = {
    "AWS::ECR::Repository": Named(
        name="RepositoryName", arn="arn:{partition}:ecr:{region}:{account}:repository/{name}"
    ),
    "AWS::IAM::Role": Named(name="RoleName", arn="arn:{partition}:iam::{account}:role{path}{name}"),
    "AWS::IAM::User": Named(name="UserName", arn="arn:{partition}:iam::{account}:user{path}{name}"),
    "AWS::IAM::Group": Named(
        name="GroupName", arn="arn:{partition}:iam::{account}:group{path}{name}"
    ),
    "AWS::IAM::InstanceProfile": Named(
        name="InstanceProfileName",
        arn="arn:{partition}:iam::{account}:instance-profile{path}{name}",
    ),
    "AWS::IAM::ManagedPolicy": Named(
        name="ManagedPolicyName",
        arn="arn:{partition}:iam::{account}:policy{path}{name}",
        arn_attribute="PolicyArn",
        ref_is_arn=True,
    ),
    "AWS::Lambda::Function": Named(
        name="FunctionName", arn="arn:{partition}:lambda:{region}:{account}:function:{name}"
    ),
    "AWS::CodeBuild::Project": Named(
        name="Name", arn="arn:{partition}:codebuild:{region}:{account}:project/{name}"
    ),
}

# Their attributes are whatever somebody's code answers: an ARN of a repository, perhaps.
ANYTHING: Final = ("Custom::", "AWS::CloudFormation::")
