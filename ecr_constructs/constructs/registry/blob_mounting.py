"""BlobMounting: layers that one repository has need not be pushed to another."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import custom_resources
from constructs import Construct

from ...model.registry.blob_mounting import (
    DISABLED,
    ENABLED,
    PUT_ACCOUNT_SETTING,
    SETTING,
)
from .._jsii import check_scope
from .singletons import claim

__all__ = ["BlobMounting"]


class BlobMounting(Construct):
    """Layers are shared by the repositories of the registry, instead of pushed and kept again.

    It is a setting of the account in the Region, off where nobody turns it on, and CloudFormation
    has no type for it: a small function of CDK calls ``ecr:PutAccountSetting``, which is all that
    it may do. When this construct leaves the stack, the setting is turned off again; layers that
    are shared stay shared.

    Clients mount a layer where they know that another repository has it; whoever pushes needs
    ``ecr:GetDownloadUrlForLayer`` on that repository (``grant_pull`` has it), and both repositories
    the same encryption. Images of a pull-through cache share no layers.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Turn blob mounting on for the account and Region of the stack.

        :raises InvalidInputError: where another construct of the app does so for the same registry.
        """
        check_scope(scope)
        super().__init__(scope, id)
        claim(self, SETTING)
        custom_resources.AwsCustomResource(
            self,
            "Resource",
            on_update=_put(ENABLED),
            on_delete=_put(DISABLED),
            install_latest_aws_sdk=False,
            policy=custom_resources.AwsCustomResourcePolicy.from_statements(
                [iam.PolicyStatement(actions=[PUT_ACCOUNT_SETTING], resources=["*"])]
            ),
        )


def _put(value: str) -> custom_resources.AwsSdkCall:
    return custom_resources.AwsSdkCall(
        service="ECR",
        action="putAccountSetting",
        parameters={"name": SETTING, "value": value},
        physical_resource_id=custom_resources.PhysicalResourceId.of(SETTING),
    )
