"""ECR's, IAM's and CloudFormation's limits, and which entry is the first that is beyond them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from ...findings import Finding
from ...lifecycle import LifecycleRule
from ...repository.encryption import check_encryption
from ...repository.lifecycle.rules import check_lifecycle
from ...repository.policy.document import MAX_POLICY
from ..faults import Fault, Path
from ..meaning.properties import RepositoryResources, Shared
from ..meaning.roles import MAX_ROLE_POLICY, RoleResources
from ..placing import group_of, shard_of, stack_id
from .finding import finding_of

if TYPE_CHECKING:
    from ..values import Fleet, FleetEnvironment, FleetOptions, FleetRepository

__all__ = ["MAX_RESOURCES", "MAX_TEMPLATE", "check_lifecycles", "check_limits"]

MAX_RESOURCES: Final = 500
"""Resources in one stack."""
MAX_TEMPLATE: Final = 1_000_000
"""Bytes of one template, as CloudFormation takes it from Amazon S3."""
# CDK adds AWS::CDK::Metadata where analytics are on.
_RESERVED: Final = 1
_AROUND: Final = 2_000
# What stands around a tag, {"Key":"","Value":""}, and the rest of a logical id but for the name.
_TAG: Final = 22
_LOGICAL_ID: Final = 30
_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
)
_POLICY_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"
_ROLE_DOCS: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"


_Distinct: TypeAlias = "tuple[int, FleetRepository, Shared]"


def check_lifecycles(fleet: Fleet) -> Iterator[Fault]:
    """What ECR refuses about the rules of each kind, entry and environment; each set once."""
    judged: dict[tuple[LifecycleRule, ...], tuple[Finding, ...]] = {}
    for path, options in _said(fleet):
        rules = tuple(options.lifecycle or ())
        if not rules:
            continue
        if rules not in judged:
            judged[rules] = check_lifecycle(rules)
        for found in judged[rules]:
            yield Fault.of((*path, "lifecycle"), found)


def check_limits(fleet: Fleet, name: str | None, environment: FleetEnvironment) -> Iterator[Fault]:
    """What is too large in one environment; the manifest must name nothing that it has not.

    :param name: the environment's name; None where the manifest has no environments.
    """
    where = _where(name)
    meaning = fleet.meanings.of(environment)
    resources, roles = meaning.repositories, meaning.roles
    distinct = list(_distinct(fleet, resources))
    yield from _keys(distinct, environment, name)
    yield from _policies(fleet, distinct, environment, name)
    yield from _roles(fleet, roles, environment, where)
    yield from _stacks(fleet, resources, roles, where)


def _said(fleet: Fleet) -> Iterator[tuple[Path, FleetOptions]]:
    for name, kind in fleet.kinds.items():
        yield ("kinds", name), kind
    for index, entry in enumerate(fleet.repositories):
        yield ("repositories", index), entry
    for name, environment in fleet.environments.items():
        if environment.overrides is not None:
            yield ("environments", name, "overrides"), environment.overrides


def _where(name: str | None) -> str:
    return f" in environment {name!r}" if name is not None else ""


def _origin(
    entry: FleetRepository, index: int, option: str, environment: FleetEnvironment, name: str | None
) -> Path:
    """Where the option that holds for an entry is said."""
    over = environment.overrides
    if name is not None and over is not None and getattr(over, option) is not None:
        return ("environments", name, "overrides", option)
    if getattr(entry, option) is not None or entry.kind is None:
        return ("repositories", index, option)
    return ("kinds", entry.kind, option)


def _distinct(fleet: Fleet, resources: RepositoryResources) -> Iterator[_Distinct]:
    """The first entry of each set of options."""
    seen: set[int] = set()
    for index, shared in enumerate(resources.shared_of_all()):
        if id(shared) not in seen:
            seen.add(id(shared))
            yield index, fleet.repositories[index], shared


def _keys(
    distinct: Sequence[_Distinct], environment: FleetEnvironment, name: str | None
) -> Iterator[Fault]:
    if environment.region is None:
        return
    told: set[Path] = set()
    where = _where(name)
    for index, entry, shared in distinct:
        options = shared.options
        if options.encryption_key is None and options.encryption is None:
            continue
        for found in check_encryption(
            options.encryption,
            has_key=options.encryption_key is not None,
            key_arn=options.encryption_key,
            region=environment.region,
        ):
            path = _origin(entry, index, found.property, environment, name)
            if path not in told:
                told.add(path)
                yield Fault.of(path, replace(found, message=found.message + where))


def _policies(
    fleet: Fleet, distinct: Sequence[_Distinct], environment: FleetEnvironment, name: str | None
) -> Iterator[Fault]:
    told: set[Path] = set()
    where = _where(name)
    for index, entry, shared in distinct:
        if shared.policy_size <= MAX_POLICY:
            continue
        option, place = _tipping(fleet, entry, shared.options, environment)
        origin = _origin(entry, index, option, environment, name)
        if origin in told:
            continue
        told.add(origin)
        yield Fault.of(
            (*origin, place),
            finding_of(
                "fleet-policy-too-long",
                f"is the first that makes the policy of {entry.name!r} too long{where}",
                f"{shared.policy_size} characters",
                f"at most {MAX_POLICY} characters",
                "name an organization or a unit of it instead of many accounts and roles",
                docs=_POLICY_DOCS,
            ),
        )


def _tipping(
    fleet: Fleet, entry: FleetRepository, options: FleetOptions, environment: FleetEnvironment
) -> tuple[str, int]:
    """The option and index of the first accessor with which a policy is too long."""
    pull, push = options.pull or (), options.push or ()
    bare = replace(environment, overrides=None)
    least, most = 1, len(pull) + len(push)
    while least < most:
        middle = (least + most) // 2
        shorter = replace(entry, pull=pull[:middle], push=push[: max(0, middle - len(pull))])
        if RepositoryResources(fleet, bare).shared(shorter).policy_size > MAX_POLICY:
            most = middle
        else:
            least = middle + 1
    return ("pull", least - 1) if least <= len(pull) else ("push", least - 1 - len(pull))


def _roles(
    fleet: Fleet, roles: RoleResources, environment: FleetEnvironment, where: str
) -> Iterator[Fault]:
    for name in fleet.roles:
        # The whole resource is longer than its policy, and its text is made anyway.
        if roles.size(name) <= MAX_ROLE_POLICY:
            continue
        size = roles.policy_size(name)
        if size <= MAX_ROLE_POLICY:
            continue
        index = _tipping_entry(fleet, name, environment)
        yield Fault.of(
            ("repositories", index),
            finding_of(
                "fleet-role-policy-too-long",
                f"is the first that makes the policy of role {name!r} too long{where}: "
                f"it has {size} characters",
                fleet.repositories[index].name,
                f"at most {MAX_ROLE_POLICY} characters in the inline policies of a role",
                "share the repositories between several roles",
                docs=_ROLE_DOCS,
            ),
        )


def _tipping_entry(fleet: Fleet, role: str, environment: FleetEnvironment) -> int:
    least, most = 0, len(fleet.repositories) - 1
    while least < most:
        middle = (least + most) // 2
        roles = RoleResources(fleet, environment, repositories=fleet.repositories[: middle + 1])
        if roles.policy_size(role) > MAX_ROLE_POLICY:
            most = middle
        else:
            least = middle + 1
    return least


def _stacks(
    fleet: Fleet, resources: RepositoryResources, roles: RoleResources, where: str
) -> Iterator[Fault]:
    count: dict[str, int] = {}
    size: dict[str, int] = {}
    full: set[str] = set()
    for name, role in fleet.roles.items():
        stack = stack_id(role.group, shard_of(name, fleet.groups[role.group].shards))
        count[stack] = count.get(stack, 0) + 1
        size[stack] = size.get(stack, _AROUND) + roles.size(name)
    shared_of_all = resources.shared_of_all()
    for index, entry in enumerate(fleet.repositories):
        group = group_of(fleet, entry)
        stack = stack_id(group, shard_of(entry.name, fleet.groups[group].shards))
        count[stack] = number = count.get(stack, 0) + 1
        size[stack] = characters = (
            size.get(stack, _AROUND)
            + shared_of_all[index].size
            + _own_size(entry.name, resources.tags(entry))
        )
        if stack in full:
            continue
        if number > MAX_RESOURCES - _RESERVED:
            full.add(stack)
            yield _full(
                index,
                entry.name,
                group,
                f"resource {number} of stack {stack!r}{where}",
                f"at most {MAX_RESOURCES - _RESERVED} repositories and roles in a stack",
            )
        elif characters > MAX_TEMPLATE:
            full.add(stack)
            yield _full(
                index,
                entry.name,
                group,
                f"the first that makes the template of stack {stack!r} too long{where}",
                f"at most {MAX_TEMPLATE} bytes in a template",
            )


def _own_size(name: str, tags: Mapping[str, str]) -> int:
    """The characters of what no other repository shares: names, the logical id and tags."""
    size = 2 * len(name) + _LOGICAL_ID
    for key, value in tags.items():
        text = key + value
        # json.dumps writes a character beyond ASCII as six or twelve.
        size += _TAG + (len(text) if text.isascii() else len(json.dumps(text)))
    return size


def _full(index: int, name: str, group: str, what: str, allowed: str) -> Fault:
    return Fault.of(
        ("repositories", index),
        finding_of(
            "fleet-stack-full",
            f"is {what}",
            name,
            allowed,
            f"declare a new group, {_next(group)!r} say, and give it to this entry and to those "
            "that come after it; a kind that they follow keeps its group, for what follows it "
            f"already must stay. Leave the shards of {group!r} as they are: another number would "
            "move its repositories to other stacks",
            docs=_DOCS,
        ),
    )


def _next(group: str) -> str:
    stem, dash, number = group.rpartition("-")
    return f"{stem}-{int(number) + 1}" if dash and number.isdigit() else f"{group}-2"
