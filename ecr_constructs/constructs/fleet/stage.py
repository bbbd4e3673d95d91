"""FleetStage: a fleet in one environment of its manifest, or in each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from ...model.fleet.merging.findings import environments_missing, name_unknown
from .._jsii import check, refuse
from .fleet import RepositoryFleet
from .manifest import Manifest, fleet_of
from .mode import FleetMode

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["FleetStage"]


class FleetStage(cdk.Stage):
    """A fleet in one environment of its manifest, as a Stage of the app or of a pipeline.

    Its stacks stand below it as ``ENVIRONMENT/Fleet/GROUP-SHARD``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        manifest: Manifest,
        environment: str,
        mode: FleetMode = FleetMode.FAST,
        synthesizer: type[cdk.StackSynthesizer] = cdk.DefaultStackSynthesizer,
        permissions_boundary: cdk.PermissionsBoundary | None = None,
        termination_protection: bool = False,
    ) -> None:
        """Make the stage and the fleet in it.

        :param manifest: the manifest, or the path of its file (JSON, YAML or TOML).
        :param environment: the name of an environment of the manifest.
        :param mode: as at :class:`RepositoryFleet`. Default: the fast one.
        :param synthesizer: as at :class:`RepositoryFleet`. Default:
            ``cdk.DefaultStackSynthesizer``.
        :param permissions_boundary: for the roles of everything in the stage. Default: that of the
            app.
        :param termination_protection: whether CloudFormation refuses to delete the stacks.
            Default: False.
        :raises InvalidInputError: as :class:`RepositoryFleet`.

        https://docs.aws.amazon.com/cdk/v2/guide/stages.html
        """
        fleet = fleet_of(manifest, scope, id)
        known = fleet.environments
        if not isinstance(environment, str) or environment not in known:
            check([name_unknown("environment", environment, known)], scope, id)
        place = known[environment]
        super().__init__(
            scope,
            id,
            env=cdk.Environment(account=place.account, region=place.region),
            permissions_boundary=permissions_boundary,
        )
        self._fleet = RepositoryFleet(
            self,
            "Fleet",
            manifest=fleet,
            environment=environment,
            mode=mode,
            synthesizer=synthesizer,
            termination_protection=termination_protection,
        )

    @classmethod
    def for_environments(
        cls,
        scope: Construct,
        *,
        manifest: Manifest,
        mode: FleetMode = FleetMode.FAST,
        synthesizer: type[cdk.StackSynthesizer] = cdk.DefaultStackSynthesizer,
        permissions_boundary: cdk.PermissionsBoundary | None = None,
        termination_protection: bool = False,
    ) -> tuple[FleetStage, ...]:
        """One stage for each environment of the manifest, called as it is, in its order.

        ``cdk deploy '**' --concurrency 8`` deploys all of them side by side (``--all`` means the
        stacks outside of stages); a pipeline of ``aws_cdk.pipelines`` takes them by ``add_stage``
        or, in a wave, side by side.

        :param manifest: the manifest, or the path of its file, which is read once.
        :param mode: as at :class:`RepositoryFleet`. Default: the fast one.
        :param synthesizer: as at :class:`RepositoryFleet`. Default:
            ``cdk.DefaultStackSynthesizer``.
        :param permissions_boundary: for the roles of everything in the stages. Default: that of
            the app.
        :param termination_protection: whether CloudFormation refuses to delete the stacks.
            Default: False.
        :raises InvalidInputError: where the manifest is wrong or names no environment.

        https://docs.aws.amazon.com/cdk/v2/guide/cdk-pipeline.html
        """
        fleet = fleet_of(manifest, scope, "Fleet")
        if not fleet.environments:
            refuse([environments_missing()], scope)
        return tuple(
            cls(
                scope,
                name,
                manifest=fleet,
                environment=name,
                mode=mode,
                synthesizer=synthesizer,
                permissions_boundary=permissions_boundary,
                termination_protection=termination_protection,
            )
            for name in fleet.environments
        )

    @property
    def fleet(self) -> RepositoryFleet:
        """The fleet of the stage."""
        return self._fleet
