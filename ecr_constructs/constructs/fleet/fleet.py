"""RepositoryFleet: the repositories and roles of a manifest, in one stack a shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import aws_cdk as cdk
from constructs import Construct

from ...model.collector import collector_at_rest, rest_at_exit
from ...model.deferred import is_deferred
from ...model.fleet.merging.findings import environment_unchosen, name_unknown
from ...model.fleet.merging.stamp import LONG_PARTS, stamp_of
from ...model.fleet.merging.tokens import check_tokens
from ...model.fleet.placing import (
    group_of,
    repository_logical_id,
    role_logical_id,
    shard_of,
    shards_of,
    stack_id,
)
from ...model.fleet.values import Fleet, FleetEnvironment, FleetRepository
from ...model.repository.options import check_flag, check_instances
from .._jsii import check, refuse, show
from .fast.stack import FastStack
from .fast.stacks import FastStacks
from .fast.watching import Listening, listening
from .manifest import Manifest, fleet_of
from .mode import FleetMode
from .order import deploy_after
from .stacks import FleetStack, FullTreeStack, has_paths
from .synthesizer import check_synthesizer, synthesizers_of

if TYPE_CHECKING:
    from ...model.findings import Finding
    from ...model.fleet.merging.resources import Resource
    from ...model.fleet.placing import Shard
    from .member import MemberRepository

__all__ = ["RepositoryFleet"]

# Node started when aws_cdk was imported, and stays where it started.
_STARTED_IN: Final = Path.cwd()


class RepositoryFleet(Listening, Construct):
    """The repositories and roles of a manifest, one stack a shard of each group.

    Stacks and logical ids follow from the entries alone: another entry more or less, or another
    order, moves nothing. Each repository is what a ``SecureRepository`` with the same options is.

    The stacks are real: ``cdk ls``, ``diff`` and ``deploy`` know them, ``Template.from_stack``
    reads them, and tags, permissions boundaries, removal policies and Aspects work on everything in
    them (in :attr:`FleetMode.FAST` as long as they do the same to each resource; what does not is
    an error that says so).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        manifest: Manifest,
        environment: str | None = None,
        env: cdk.Environment | None = None,
        mode: FleetMode = FleetMode.FAST,
        synthesizer: type[cdk.StackSynthesizer] = cdk.DefaultStackSynthesizer,
        permissions_boundary: cdk.PermissionsBoundary | None = None,
        termination_protection: bool = False,
    ) -> None:
        """Make the stacks.

        :param manifest: the manifest, or the path of its file (JSON, YAML or TOML).
        :param environment: the name of an environment of the manifest, whose account, Region and
            overrides hold. Default: none, which a manifest with environments takes with ``env``
            alone.
        :param env: account and Region of the stacks. Default: those of the environment, else of
            the Stage, else whatever the app is deployed with.
        :param mode: how the resources get into the templates, which are the same in both modes.
            Default: the fast one.
        :param synthesizer: a class of synthesizers that takes no arguments, one of your own say:
            each stack gets one. Default: ``cdk.DefaultStackSynthesizer``. An app with a
            ``default_stack_synthesizer`` must name it here again, as a class.
        :param permissions_boundary: for the roles of the fleet. Default: that of the Stage or app.
        :param termination_protection: whether CloudFormation refuses to delete the stacks.
            Default: False; repositories and their images stay anyway.
        :raises InvalidInputError: where the manifest is wrong, with everything that is; or where
            the mode cannot carry what an entry holds.

        https://docs.aws.amazon.com/cdk/v2/guide/stacks.html
        """
        rest_at_exit()
        fleet = fleet_of(manifest, scope, id)
        check(
            [
                *check_instances("mode", [mode], FleetMode),
                *check_flag("termination_protection", termination_protection),
                *_check_environment(fleet, environment, env),
                *check_synthesizer(synthesizer, scope, fast=mode is FleetMode.FAST),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        show([fault.finding for fault in fleet.warnings], self)
        self._fleet = fleet
        self._entries: dict[str, FleetRepository] = {}
        self._members: dict[str, MemberRepository] = {}
        stage = scope if isinstance(scope, cdk.Stage) else cast("cdk.Stage", cdk.Stage.of(self))
        self._environment = _environment_of(stage, fleet, environment, env)
        shards = shards_of(fleet)
        with collector_at_rest():
            resources = dict(self._resources(shards))
            if mode is FleetMode.FAST and manifest is fleet:
                for of_shard in resources.values():
                    refuse(check_tokens(of_shard), self)
            node = self.node
            path, paths = node.path, has_paths(node)
            fast: FastStacks | None = None
            stamps: dict[str, str] = {}
            if mode is FleetMode.FAST:
                fast = FastStacks(self, node, Path(_STARTED_IN, stage.outdir))
                stamps = {
                    name: stamp_of(f"{path}/{name}", of_shard, with_paths=paths)
                    for name, of_shard in resources.items()
                }
            stacks = self._make_stacks(
                path,
                listening(cdk.Stack) if fast else cdk.Stack,
                synthesizers_of(
                    synthesizer, len(resources), completing=fast.complete if fast else None
                ),
                resources,
                stamps,
                permissions_boundary=permissions_boundary,
                termination_protection=termination_protection,
            )
            self._stacks: Mapping[str, FleetStack]
            if fast is None:
                self._stacks = {
                    name: FullTreeStack(stack, resources[name]) for name, stack in stacks
                }
            else:
                made = {
                    name: FastStack(
                        stack, f"{path}/{name}", resources[name], stamps[name], with_paths=paths
                    )
                    for name, stack in stacks
                }
                fast.begin(made.values())
                self._stacks = made

    @property
    def stacks(self) -> Mapping[str, cdk.Stack]:
        """The stacks by group and shard: ``shop-1`` is the first shard of the group ``shop``."""
        return {name: made.stack for name, made in self._stacks.items()}

    def repository(self, name: str) -> MemberRepository:
        """A repository of the fleet, for grants and for whatever takes a repository.

        A stack that is granted something is deployed after the stack of the repository. What a
        grant needs in the repository's own policy is written there.

        :param name: its name in the manifest.
        :raises InvalidInputError: where the fleet has no such repository.
        """
        if name not in self._members:
            self._members[name] = self._member(name)
        return self._members[name]

    def add_stack_dependency(self, stack: cdk.Stack) -> None:
        """Deploy a stack before every stack of the fleet.

        For roles that entries name by their ARNs: ECR refuses a policy that names a role of the own
        account which does not exist. (``fleet.node.add_dependency`` does not reach the stacks.)

        :param stack: a stack of the same Stage.

        https://docs.aws.amazon.com/cdk/v2/guide/stacks.html
        """
        for made in self._stacks.values():
            deploy_after(made.stack, stack, reason="the fleet names roles that are in it")

    def _make_stacks(
        self,
        path: str,
        kind: type[cdk.Stack],
        synthesizers: Iterator[cdk.StackSynthesizer | None],
        names: Iterable[str],
        stamps: Mapping[str, str],
        *,
        permissions_boundary: cdk.PermissionsBoundary | None,
        termination_protection: bool,
    ) -> Iterator[tuple[str, cdk.Stack]]:
        prefix = path.replace("/", "-")
        too_long = cdk.Fn.join("", [*LONG_PARTS]) if stamps else ""
        home = cdk.Environment(account=self._environment.account, region=self._environment.region)
        for name in names:
            yield (
                name,
                kind(
                    self,
                    name,
                    stack_name=f"{prefix}-{name}",
                    description=f"{too_long}{stamps[name]}" if stamps else None,
                    env=home,
                    synthesizer=next(synthesizers),
                    suppress_template_indentation=True,
                    permissions_boundary=permissions_boundary,
                    termination_protection=termination_protection or None,
                ),
            )

    def _member(self, name: str) -> MemberRepository:
        # Imported here: it loads the modules of ECR and IAM, and many apps only declare the fleet.
        from .member import MemberRepository  # noqa: PLC0415

        if not self._entries:
            self._entries = {entry.name: entry for entry in self._fleet.repositories}
        if name not in self._entries:
            refuse([name_unknown("repository", name, self._entries)], self)
        group = group_of(self._fleet, self._entries[name])
        made = self._stacks[stack_id(group, shard_of(name, self._fleet.groups[group].shards))]
        logical_id = repository_logical_id(name)
        return MemberRepository(
            made.members, logical_id, name=name, policy=made.policy(logical_id), home=made.stack
        )

    def _resources(self, shards: Mapping[str, Shard]) -> Iterator[tuple[str, dict[str, Resource]]]:
        """The resources of each stack by logical id, as the manifest means them."""
        meaning = self._fleet.meanings.of(self._environment)
        of_repositories, of_roles = meaning.repositories, meaning.roles
        for name, shard in shards.items():
            resources: dict[str, Resource] = {
                repository_logical_id(entry.name): of_repositories.resource(entry)
                for entry in shard.repositories
            }
            resources.update(
                (role_logical_id(each), of_roles.resource(each)) for each in shard.roles
            )
            yield name, resources


def _environment_of(
    stage: cdk.Stage, fleet: Fleet, name: str | None, env: cdk.Environment | None
) -> FleetEnvironment:
    """The environment of the manifest, with account and Region as far as anybody says them."""
    named = fleet.environments[name] if name is not None else FleetEnvironment()
    account = named.account if env is None else env.account or named.account
    region = named.region if env is None else env.region or named.region
    if account is None or region is None:
        account, region = account or stage.account, region or stage.region
    return FleetEnvironment(
        account=None if is_deferred(account) else account,
        region=None if is_deferred(region) else region,
        overrides=named.overrides,
    )


def _check_environment(fleet: Fleet, name: object, env: object) -> Iterator[Finding]:
    if name is not None:
        if not isinstance(name, str) or name not in fleet.environments:
            yield name_unknown("environment", name, fleet.environments)
    elif fleet.environments and env is None:
        yield environment_unchosen(fleet.environments)
