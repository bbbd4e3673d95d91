"""Roles whose pulls do not count as pulls."""

from __future__ import annotations

from typing import Any, Union

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.deferred import flatten
from ...model.registry.exclusions import check_excluded_role
from .._jsii import check, path_of, stack_of
from .singletons import claim

__all__ = ["PullTimeUpdateExclusion", "id_of_exclusion"]

_TYPE = "AWS::ECR::PullTimeUpdateExclusion"
_QUOTA = 100


class PullTimeUpdateExclusion(Construct):
    """A role whose pulls leave the time of an image's last pull as it is.

    Scanners, backups and tests pull every image there is; lifecycle rules that keep what is pulled
    (``archive_unpulled``) would keep all of it for them.

    ECR refuses, and so does this construct, what CloudFormation's schema takes: the ARN of a user,
    the same role twice, and more than 100 roles. The session of a role (``assumed-role``) is
    refused by both.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        role: Union[iam.IRole, iam.Role, str],
    ) -> None:
        """Exclude a role.

        :param role: a role, or its ARN. Changing it replaces the exclusion.
        :raises InvalidInputError: where it is not a role, or the role is excluded already.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
        """
        arn = role if isinstance(role, str) else getattr(role, "role_arn", role)
        stack = stack_of(scope)
        said: Any = flatten(stack.resolve(arn)) if isinstance(arn, str) else arn
        check(check_excluded_role(said), scope, id)
        super().__init__(scope, id)
        claim(self, _TYPE, key=said, at_most=_QUOTA)
        # The oldest CDK that is supported has no class for the type.
        cdk.CfnResource(self, "Resource", type=_TYPE, properties={"PrincipalArn": arn})


def id_of_exclusion(role: Union[iam.IRole, iam.Role, str]) -> str:
    """An id that stays while others come and go: of the path of the role, or of its construct."""
    path = role.partition(":role/")[2] if isinstance(role, str) else path_of(role)
    return f"PullTimeUpdateExclusion-{path.replace('/', '-')}"
