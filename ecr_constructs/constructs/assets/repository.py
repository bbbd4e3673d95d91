"""AssetRepository: grants on the repository that cdk bootstrap made for image assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from ...model.errors import raise_dangers
from ...model.iam.grants import repository_side_missing
from ...model.repository.options import check_construct
from .._jsii import show, stack_of
from ..repository.adopted.repository import AdoptedRepository

if TYPE_CHECKING:
    from aws_cdk import aws_ecr_assets as ecr_assets
    from constructs import Construct

    from ...model.iam.statement import Statement

__all__ = ["AssetRepository"]

ASSET_DOCS = "https://docs.aws.amazon.com/cdk/v2/guide/assets.html"
_ID = "AssetRepository"
_QUALIFIER_CONTEXT = "@aws-cdk/core:bootstrapQualifier"


class AssetRepository(AdoptedRepository):
    """The repository that ``cdk bootstrap`` made for image assets, for grants.

    ``asset.repository`` of CDK drops a grant over accounts, and gives more than a pull needs. Here
    a role of the account gets exactly the pull, and for one of another account the warning has the
    statement that the bootstrap template must have: ``hardened_bootstrap_template`` writes it.

    All assets of the account and Region are in this one repository: whoever may pull one asset may
    pull them all.
    """

    @classmethod
    def of(cls, asset: ecr_assets.DockerImageAsset) -> AssetRepository:
        """The repository that an image asset is pushed to, whatever the synthesizer says.

        :param asset: the asset. Its repository is made once.
        :raises InvalidInputError: where it is no such asset.

        https://docs.aws.amazon.com/cdk/v2/guide/assets.html
        """
        raise_dangers(
            check_construct(
                "asset",
                asset,
                "image_uri",
                noun="a DockerImageAsset",
                fix="give the asset itself: AssetRepository.of(image)",
                docs=ASSET_DOCS,
            )
        )
        made = asset.node.try_find_child(_ID)
        if isinstance(made, cls):
            return made
        stack = cdk.Stack.of(asset)
        name = asset.repository.repository_name
        return cls._in(stack, asset, _ID, name)

    @classmethod
    def from_bootstrap(
        cls, scope: Construct, id: str, *, qualifier: str | None = None
    ) -> AssetRepository:
        """The repository of the bootstrap stack in the account and Region of the stack.

        :param qualifier: what the environment was bootstrapped with; one that the stack's
            synthesizer was given must be given here as well. Default: the one of ``cdk.json``
            (``@aws-cdk/core:bootstrapQualifier``), else ``hnb659fds``.
        :raises InvalidInputError: where ECR could not have such a name.

        https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
        """
        stack = stack_of(scope)
        chosen = (
            qualifier
            or scope.node.try_get_context(_QUALIFIER_CONTEXT)
            or cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER
        )
        name = f"cdk-{chosen}-container-assets-{stack.account}-{stack.region}"
        return cls._in(stack, scope, id, name)

    @classmethod
    def _in(
        cls, stack: cdk.Stack, scope: Construct, construct_id: str, name: str
    ) -> AssetRepository:
        where = f"{stack.region}:{stack.account}"
        return cls(
            scope,
            construct_id,
            repository_arn=f"arn:{stack.partition}:ecr:{where}:repository/{name}",
            repository_name=name,
        )

    def _add_repository_side(self, statement: Statement) -> None:
        said = self._said(statement)
        reason = "it is of the bootstrap stack: hardened_bootstrap_template(..., pulled_by=[...])"
        show([repository_side_missing(said, reason=reason)], self)
