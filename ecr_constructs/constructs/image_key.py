"""ImageKey: a customer key for the images of repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from ..model.account.identifiers import check_account_id
from ..model.encryption_key import (
    administration_statement,
    check_alias,
    check_pending_window,
    check_rotation_period,
    use_statement,
)
from ..model.errors import raise_dangers
from ..model.repository.options import check_flag
from ..model.repository.removal import METADATA_KEY, Removal, check_key_removal
from ._jsii import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model.iam.statement import Statement

__all__ = ["ImageKey"]


class ImageKey(Construct):
    """A KMS key made for ECR: rotated, retained, and used by ECR alone.

    The account administers the key by its own identity policies. Whoever makes repositories in
    this account and Region may let ECR use it (CreateGrant, RetireGrant, DescribeKey through ECR).
    Nobody gets Encrypt, Decrypt or GenerateDataKey: ECR works by the grants it makes, and who pulls
    or pushes needs no KMS permission.

    A key of another account works as well: pass ``kms.Key.from_key_arn(...)`` as
    ``encryption_key``, and let the account of the key add the statements that
    :meth:`statements_for` prints to the key's policy.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alias: str | None = None,
        description: str | None = None,
        rotation_period_days: int = 365,
        pending_window_days: int = 30,
        multi_region: bool = False,
        removal: Removal | None = None,
    ) -> None:
        """Make the key.

        :param alias: ``alias/NAME``. Default: no alias.
        :param description: shown in the console. Default: "Images in Amazon ECR".
        :param rotation_period_days: days between two rotations, 90 to 2560. Default: 365.
        :param pending_window_days: days between the order to delete the key and its deletion, 7 to
            30. Default: 30. Images under a deleted key are lost.
        :param multi_region: whether the key can have replicas in other Regions. Default: False.
        :param removal: what happens when the key leaves the stack: ``Removal.retain()`` or
            ``Removal.delete_with_images(reason=...)``. Default: the key stays.
        :raises InvalidInputError: where KMS would refuse an argument.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
        """
        check(
            [
                *(check_alias(alias) if alias is not None else ()),
                *check_rotation_period(rotation_period_days),
                *check_pending_window(pending_window_days),
                *check_flag("multi_region", multi_region),
                *check_key_removal(removal),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        stack = cdk.Stack.of(self)
        account, region, partition = stack.account, stack.region, stack.partition
        kept = removal or Removal.retain()
        self._key = kms.Key(
            self,
            "Default",
            alias=alias,
            description=description or "Images in Amazon ECR",
            enable_key_rotation=True,
            rotation_period=cdk.Duration.days(rotation_period_days),
            pending_window=cdk.Duration.days(pending_window_days),
            multi_region=multi_region or None,
            removal_policy=(
                cdk.RemovalPolicy.DESTROY if kept.deletes else cdk.RemovalPolicy.RETAIN
            ),
            policy=_document(
                [
                    administration_statement(partition=partition, account=account),
                    use_statement(partition=partition, account=account, region=region),
                ]
            ),
        )
        if kept.reason is not None:
            resource = self._key.node.default_child
            if isinstance(resource, kms.CfnKey):
                resource.add_metadata(METADATA_KEY, {"reason": kept.reason})

    @staticmethod
    def statements_for(
        *, account: str, region: str, partition: str = "aws"
    ) -> list[dict[str, object]]:
        """What the policy of a key needs so that another account can make repositories with it.

        :param account: the account that makes the repositories.
        :param region: its Region, which is the key's own.
        :param partition: ``aws``, ``aws-cn`` or ``aws-us-gov``. Default: ``aws``.
        :raises InvalidInputError: where it is not an account id.
        """
        raise_dangers(check_account_id(account))
        use = use_statement(partition=partition, account=account, region=region)
        return [use.to_json()]

    @property
    def key(self) -> kms.IKey:
        """The key itself, for whatever else takes one."""
        return self._key

    @property
    def key_arn(self) -> str:
        """The ARN of the key."""
        return self._key.key_arn


def _document(statements: Sequence[Statement]) -> iam.PolicyDocument:
    return iam.PolicyDocument.from_json(
        {"Version": "2012-10-17", "Statement": [entry.to_json() for entry in statements]}
    )
