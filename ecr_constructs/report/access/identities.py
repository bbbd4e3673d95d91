"""Roles, users and groups of an app, with the policies that are attached to them.

A policy may be attached in every way that CloudFormation has: inside the identity, by a resource
of its own that names identities, by a managed policy that names them or is named by them, and by
a user's groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...model.iam.evaluator import Policy, PolicyKind, Principal, Subject
from ..template.alternatives import NOTHING, World, entries, worlds
from ..template.app import App
from ..template.marks import is_open
from ..template.stack import Resource, Stack
from .documents import Compiled, Compiler
from .managed import AwsManagedPolicy, find_aws_managed
from .model import Use

__all__ = ["Attached", "Identities", "Identity"]

_KINDS: Final = {"AWS::IAM::Role": "role", "AWS::IAM::User": "user", "AWS::IAM::Group": "group"}
_LISTS: Final = (("Roles", "role"), ("Users", "user"), ("Groups", "group"))
_SINGLE: Final = {
    "AWS::IAM::RolePolicy": ("RoleName", "role"),
    "AWS::IAM::UserPolicy": ("UserName", "user"),
    "AWS::IAM::GroupPolicy": ("GroupName", "group"),
}
NOT_IN_TEMPLATE: Final = "its other policies: the template does not define it"
_NO_BOUNDARY: Final = "no permissions boundary"
OF_BOUNDARY: Final = " (permissions boundary)"
"""What ends the words for a boundary whose text is not in the template."""
_UNLIMITED: Final = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Attached:
    """A policy of an identity as it was compiled, with what it was compiled from."""

    policy: Policy
    document: Any = field(hash=False)
    """A document, or one of AWS's own policies."""
    world: World
    """What its attachment depends on."""


@dataclass
class Identity:
    """One role, user or group while its policies are gathered."""

    kind: str
    arn: str
    account: str
    resource: Resource | None = None
    policies: list[Attached] = field(default_factory=list)
    boundary: Policy | None = None
    boundaries: list[Attached] = field(default_factory=list)
    """The boundary, or each of those of which conditions choose one."""
    groups: list[tuple[Identity, World]] = field(default_factory=list)
    """Groups of a user, each with what the membership depends on."""
    unresolved: dict[str, None] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    unread: bool = False
    """Whether one of its policies, or its list of them, could not be read."""

    @property
    def wholly_known(self) -> bool:
        """Whether everything that is attached to it is in the template, and was read."""
        groups = [group for group, _ in self.groups]
        return not any(each.unresolved or each.unread for each in (self, *groups))

    def every_policy(self, compiler: Compiler) -> Iterator[Policy]:
        """Its own policies and those of its groups."""
        yield from (attached.policy for attached in self.policies)
        for group, world in self.groups:
            for attached in group.policies:
                if world:
                    both = (*attached.world, *world)
                    yield _compiled(
                        compiler,
                        attached.document,
                        attached.policy.kind,
                        attached.policy.name,
                        both,
                    ).policy
                else:
                    yield attached.policy

    def every_unresolved(self) -> tuple[str, ...]:
        """What is not known of its policies, those of its groups included."""
        found = dict(self.unresolved)
        for group, _ in self.groups:
            found.update(group.unresolved)
        return tuple(found)

    def subject(self, compiler: Compiler) -> Subject:
        """The identity for the evaluator."""
        tags: dict[str, str] = {}
        if self.resource is not None:
            tags = dict(_tags(self.resource.properties.get("Tags")))
        return Subject(
            principal=Principal.of(self.arn),
            identity=tuple(self.every_policy(compiler)),
            boundary=self.boundary,
            context={f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
        )


class Identities:
    """Gathers the identities of an app."""

    def __init__(self, app: App, compiler: Compiler) -> None:
        self._app = app
        self._compiler = compiler
        self._by_name: dict[tuple[str, str, str], Identity] = {}
        self.by_arn: dict[str, Identity] = {}
        self._managed: dict[str, tuple[Resource, Any]] = {}
        self.notes: list[str] = []

    def gather(self) -> None:
        """Read every identity and attachment of the app."""
        for resource in self._app.of_kind("AWS::IAM::ManagedPolicy"):
            self._managed[resource.arn] = (resource, resource.properties.get("PolicyDocument"))
        found = list(self._app.of_kind(*_KINDS))
        for resource in found:
            identity = Identity(
                _KINDS[resource.kind], resource.arn, resource.stack.account, resource
            )
            self._by_name[identity.kind, identity.account, resource.name] = identity
            self.by_arn.setdefault(resource.arn, identity)
        for resource in found:
            self._own(self.by_arn[resource.arn], resource)
        for resource in self._app.of_kind("AWS::IAM::Policy"):
            self._attach_inline(resource, self._listed(resource))
        for resource in self._app.of_kind(*_SINGLE):
            option, kind = _SINGLE[resource.kind]
            names = entries(resource.properties.get(option))
            self._attach_inline(resource, self._named(resource.stack, kind, names))
        for arn, (resource, _) in self._managed.items():
            for identity, world in self._listed(resource):
                self._attach_managed(identity, arn, (*own_world(resource), *world))
        for resource in self._app.of_kind("AWS::IAM::UserToGroupAddition"):
            self._add_to_group(resource)

    def use(self, arn: str, use: Use, stack: Stack) -> None:
        """Note that something acts as a role; the role becomes known if it was not."""
        identity = self.by_arn.get(arn)
        if identity is None:
            principal = Principal.parse(arn)
            if principal is None or principal.kind.value != "role":
                return
            identity = Identity("role", arn, principal.account or stack.account)
            identity.unresolved[NOT_IN_TEMPLATE] = None
            self.by_arn[arn] = identity
        identity.uses.append(use)

    def role_at(self, text: str, stack: Stack) -> Identity | None:
        """The role that a text names by its ARN or its name, where the app has it."""
        if text.startswith("arn:"):
            found = self.by_arn.get(text)
        else:
            found = self._by_name.get(("role", stack.account, text.rpartition("/")[2]))
        return found if found is not None and found.resource is not None else None

    def anything_attached(self) -> bool:
        """Whether a policy is attached to what only the deployment names: to any role, perhaps."""
        return any(identity.policies for identity in self.by_arn.values() if is_open(identity.arn))

    def role_of_profile(self, stack: Stack, names: Any) -> Iterator[Identity]:
        """The roles that an instance profile names."""
        for identity, _ in self._named(stack, "role", entries(names)):
            yield identity

    def _own(self, identity: Identity, resource: Resource) -> None:
        properties = resource.properties
        for entry, world in entries(properties.get("Policies")):
            if isinstance(entry, Mapping):
                self._attach(
                    identity, entry.get("PolicyDocument"), str(entry.get("PolicyName")), world
                )
            else:
                identity.unread = True
        for arn, world in entries(properties.get("ManagedPolicyArns")):
            self._attach_managed(identity, str(arn), world)
        if properties.get("PermissionsBoundary") is not None:
            identity.boundary = self._boundary(identity, properties["PermissionsBoundary"])
        identity.groups += self._named(resource.stack, "group", entries(properties.get("Groups")))

    def _boundary(self, identity: Identity, written: Any) -> Policy | None:
        """The boundary, or those of which conditions choose one; None where nothing limits."""
        compiled = [self._boundary_in(identity, world, arn) for world, arn in worlds(written)]
        limits = [policy for policy, limited in compiled if limited]
        if not limits:
            return None
        statements = [statement for policy, _ in compiled for statement in policy.statements]
        return Policy(limits[0].name, PolicyKind.BOUNDARY, tuple(statements))

    def _boundary_in(self, identity: Identity, world: World, arn: Any) -> tuple[Policy, bool]:
        """The boundary where conditions hold so, and whether it limits anything."""
        kind = PolicyKind.BOUNDARY
        name, document = _NO_BOUNDARY, None
        if arn is not NOTHING:
            name = str(arn)
            managed = self._managed.get(name)
            document = managed[1] if managed is not None else find_aws_managed(name)
            if document is None:
                identity.unresolved[f"{name}{OF_BOUNDARY}"] = None
        limited = document is not None
        compiled = _compiled(self._compiler, document or _UNLIMITED, kind, name, world)
        identity.boundaries.append(Attached(compiled.policy, document or _UNLIMITED, world))
        identity.unread |= bool(compiled.notes)
        self.notes += compiled.notes
        return compiled.policy, limited

    def _attach_managed(self, identity: Identity, arn: str, world: World) -> None:
        if arn in self._managed:
            resource, document = self._managed[arn]
            world = tuple(dict.fromkeys((*own_world(resource), *world)))
        else:
            document = find_aws_managed(arn)
            if document is None:
                identity.unresolved[arn] = None
                return
        # Attached twice, it counts once, wherever one of both attachments is there.
        for other in identity.policies:
            if other.policy.name == arn and set(other.world) <= set(world):
                return
        self._attach(identity, document, arn, world)

    def _attach_inline(
        self, resource: Resource, identities: Iterable[tuple[Identity, World]]
    ) -> None:
        name = str(resource.properties.get("PolicyName", resource.logical_id))
        document = resource.properties.get("PolicyDocument")
        for identity, world in identities:
            self._attach(identity, document, name, (*own_world(resource), *world))

    def _attach(self, identity: Identity, document: Any, name: str, world: World) -> None:
        compiled = _compiled(self._compiler, document, PolicyKind.IDENTITY, name, world)
        identity.policies.append(Attached(compiled.policy, document, world))
        identity.unread |= bool(compiled.notes)
        self.notes += compiled.notes

    def _add_to_group(self, resource: Resource) -> None:
        named = entries(resource.properties.get("GroupName"))
        groups = self._named(resource.stack, "group", named)
        users = self._named(resource.stack, "user", entries(resource.properties.get("Users")))
        for user, of_user in users:
            user.groups += [
                (group, tuple(dict.fromkeys((*own_world(resource), *of_user, *of_group))))
                for group, of_group in groups
            ]

    def _listed(self, resource: Resource) -> list[tuple[Identity, World]]:
        """The identities that a policy names."""
        found: list[tuple[Identity, World]] = []
        for option, kind in _LISTS:
            names = entries(resource.properties.get(option))
            found += self._named(resource.stack, kind, names)
        return found

    def _named(
        self, stack: Stack, kind: str, names: Iterable[tuple[Any, World]]
    ) -> list[tuple[Identity, World]]:
        return [
            (self._identity(stack, kind, name), world)
            for name, world in names
            if isinstance(name, str) and name
        ]

    def _identity(self, stack: Stack, kind: str, name: str) -> Identity:
        # Names are without a path; some people write one all the same.
        key = (kind, stack.account, name.rpartition("/")[2])
        identity = self._by_name.get(key)
        if identity is None:
            arn = f"arn:{stack.partition}:iam::{stack.account}:{kind}/{name}"
            identity = self.by_arn.get(arn) or Identity(kind, arn, stack.account)
            identity.unresolved[NOT_IN_TEMPLATE] = None
            self._by_name[key] = identity
            self.by_arn[arn] = identity
        return identity


def own_world(resource: Resource) -> World:
    """What a resource itself depends on."""
    return ((resource.condition, True),) if resource.condition is not None else ()


def _compiled(
    compiler: Compiler, document: Any, kind: PolicyKind, name: str, world: World
) -> Compiled:
    if isinstance(document, AwsManagedPolicy):
        return compiler.compile_managed(document, kind, name=name, world=world)
    return compiler.compile(document, kind, name=name, world=world)


def _tags(tags: Any) -> Iterator[tuple[str, str]]:
    for tag, _ in entries(tags):
        if isinstance(tag, Mapping) and isinstance(tag.get("Key"), str):
            yield tag["Key"], str(tag.get("Value"))
