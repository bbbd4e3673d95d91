"""The values of a fleet manifest: repositories, the kinds they follow, and where they stand.

What an option means is what the option of the same name means in ``SecureRepository``. ``None``
says nothing: then the kind decides, and where that says nothing either, the default of a
``SecureRepository``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from ..lifecycle import LifecycleRule
from ..repository.encryption import Encryption
from ..repository.mutability import MutableTags
from ..repository.removal import Removal
from .checks.options import (
    check_environment,
    check_group,
    check_kind,
    check_options,
    check_repository,
    check_role_value,
    says_names_alone,
)
from .faults import Fault, nothing_wrong
from .principals import FleetPrincipal, FleetTrust

if TYPE_CHECKING:
    from .meaning.meanings import Meanings

__all__ = [
    "VERSION",
    "Accessor",
    "Fleet",
    "FleetEnvironment",
    "FleetGroup",
    "FleetKind",
    "FleetOptions",
    "FleetRepository",
    "FleetRole",
]

VERSION: Final = 1
"""The version of the manifest's form."""

Accessor: TypeAlias = Union[str, FleetPrincipal]
"""Who pulls or pushes: the name of a principal or role of the fleet, or a principal itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetOptions:
    """Options that a kind sets for all its repositories, and that an entry may override.

    An option of the entry replaces the kind's. Only ``tags`` are merged, key by key.
    """

    lifecycle: Sequence[LifecycleRule] | None = None
    """Which images expire or are archived; ``[]`` for none. Default: untagged ones, 14 days."""
    pull: Sequence[Accessor] | None = None
    """Who pulls; ``[]`` for nobody. Default: nobody."""
    push: Sequence[Accessor] | None = None
    """Who pushes; ``[]`` for nobody. Default: nobody."""
    tags: Mapping[str, str] | None = None
    """Resource tags. Default: none but those of the stack and the app."""
    encryption: Encryption | None = None
    """How images are encrypted; no change without a replacement. Default: AES256, or KMS where
    an ``encryption_key`` is given."""
    encryption_key: str | None = None
    """The ARN of a KMS key in the Region of the repository. Default: no customer key."""
    mutable_tags: MutableTags | Sequence[str] | None = None
    """The image tags that may be moved: a list of tags and patterns is ``MutableTags.only``.
    Default: none."""
    scan_on_push: bool | None = None
    """Whether each pushed image is scanned. Default: True."""
    removal: Removal | None = None
    """What happens when the entry leaves the manifest. Default: repository and images stay."""

    def __post_init__(self) -> None:
        _freeze_lists(self)
        nothing_wrong(check_options(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetKind(FleetOptions):
    """A named set of defaults that repositories follow and may override."""

    group: str | None = None
    """The group of its repositories. Default: each entry says its own."""

    def __post_init__(self) -> None:
        _freeze_lists(self)
        nothing_wrong(check_kind(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetRepository(FleetOptions):
    """One repository of the fleet: its name, the kind it follows, and what differs from it."""

    name: str
    """2 to 256 characters as ECR takes them."""
    kind: str | None = None
    """The kind it follows. Default: none."""
    group: str | None = None
    """The group whose stacks it may stand in. Default: that of its kind."""

    def __post_init__(self) -> None:
        if says_names_alone(self):
            return
        _freeze_lists(self)
        nothing_wrong(check_repository(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetRole:
    """A role that the fleet makes; entries name it in ``pull`` and ``push``.

    It may do what these entries grant, and log in, and nothing else. It stands in a stack of its
    group, chosen by the hash of its name in the manifest.
    """

    group: str
    """The group in whose stacks it stands."""
    trust: FleetTrust
    """Who may assume it."""
    role_name: str | None = None
    """Its physical name. Default: CloudFormation makes one up."""
    description: str | None = None
    """Shown in the console. Default: none."""

    def __post_init__(self) -> None:
        nothing_wrong(check_role_value(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetGroup:
    """One stack or several that share repositories between them by the hash of their names.

    The number of shards stands in the manifest and never changes: another number would move
    repositories between stacks. A group that is full stays as it is, and new entries name a new
    group.
    """

    shards: int = 1
    """How many stacks, 1 to 1,000. A stack holds 499 repositories and roles at most."""

    def __post_init__(self) -> None:
        nothing_wrong(check_group(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetEnvironment:
    """An account and Region that the whole fleet is deployed to."""

    account: str | None = None
    """Twelve digits. Default: the account that the app is deployed with."""
    region: str | None = None
    """``eu-west-1``, say. Default: the Region that the app is deployed with."""
    overrides: FleetOptions | None = None
    """Options that hold in this environment, whatever entries and kinds say. Default: none."""

    def __post_init__(self) -> None:
        nothing_wrong(check_environment(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class Fleet:
    """The manifest: repositories in the order written, and everything that they name."""

    repositories: Sequence[FleetRepository]
    """The repositories."""
    groups: Mapping[str, FleetGroup]
    """The groups by name."""
    kinds: Mapping[str, FleetKind] = field(default_factory=dict)
    """The kinds by name. Default: none."""
    principals: Mapping[str, FleetPrincipal] = field(default_factory=dict)
    """Principals by the names that entries and kinds use for them. Default: none."""
    roles: Mapping[str, FleetRole] = field(default_factory=dict)
    """Roles that the fleet makes, by name. A name is a role's or a principal's. Default: none."""
    environments: Mapping[str, FleetEnvironment] = field(default_factory=dict)
    """Environments by name. Default: none; the fleet goes where its stack or app goes."""
    warnings: tuple[Fault, ...] = field(init=False, default=(), repr=False, compare=False)
    """What is legal and rarely meant: a kind that nobody follows, a role that may do nothing, a
    lifecycle with a trap in it, an account that has access by itself."""
    meanings: Meanings = field(init=False, repr=False, compare=False)
    """The resources that the entries stand for."""

    def __post_init__(self) -> None:
        if _is_loose(self.repositories):
            object.__setattr__(self, "repositories", tuple(self.repositories))
        # Imported late: the checks ask what entries mean, which is said of these values.
        from .checks.fleet import check_fleet  # noqa: PLC0415
        from .meaning.meanings import Meanings  # noqa: PLC0415

        object.__setattr__(self, "meanings", Meanings(self))

        found = check_fleet(self, unknown_place=FleetEnvironment())
        nothing_wrong(found)
        object.__setattr__(self, "warnings", found)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Fleet:
        """The fleet of a manifest file.

        :param path: a file ``*.json``, ``*.yaml`` or ``*.yml`` (with the extra
            ``ecr-constructs[yaml]``), or ``*.toml`` (from Python 3.11), of 50 MB at most.
        :raises ManifestError: with everything that is wrong, each at its line and column.
        """
        from .reading.manifest import read_manifest  # noqa: PLC0415
        from .reading.source import read_file  # noqa: PLC0415

        return read_manifest(read_file(path))

    @classmethod
    def from_json(cls, text: str, *, source: str = "manifest") -> Fleet:
        """The fleet of a manifest in JSON.

        :param text: the JSON.
        :param source: what messages call it. Default: ``manifest``.
        :raises ManifestError: with everything that is wrong, each at its line and column.
        """
        from .reading.json_form import parse_json  # noqa: PLC0415
        from .reading.manifest import read_manifest  # noqa: PLC0415

        return read_manifest(parse_json(text, source))

    @classmethod
    def from_yaml(cls, text: str, *, source: str = "manifest") -> Fleet:
        """The fleet of a manifest in YAML; needs the extra ``ecr-constructs[yaml]``.

        :param text: the YAML.
        :param source: what messages call it. Default: ``manifest``.
        :raises ManifestError: with everything that is wrong, each at its line and column.
        """
        from .reading.manifest import read_manifest  # noqa: PLC0415
        from .reading.yaml_form import parse_yaml  # noqa: PLC0415

        return read_manifest(parse_yaml(text, source))

    @classmethod
    def from_toml(cls, text: str, *, source: str = "manifest") -> Fleet:
        """The fleet of a manifest in TOML; needs Python 3.11.

        :param text: the TOML.
        :param source: what messages call it. Default: ``manifest``.
        :raises ManifestError: with everything that is wrong, each at its line and column.
        """
        from .reading.manifest import read_manifest  # noqa: PLC0415
        from .reading.toml_form import parse_toml  # noqa: PLC0415

        return read_manifest(parse_toml(text, source))

    def to_json(self) -> str:
        """The manifest as JSON that :meth:`from_json` reads to an equal fleet."""
        from .writing import manifest_text  # noqa: PLC0415

        return manifest_text(self)


def _freeze_lists(options: FleetOptions) -> None:
    """Lists are what people write; tuples keep the value as it was checked."""
    # Written out: it is asked of every entry.
    if _is_loose(options.lifecycle):
        object.__setattr__(options, "lifecycle", tuple(options.lifecycle or ()))
    if _is_loose(options.pull):
        object.__setattr__(options, "pull", tuple(options.pull or ()))
    if _is_loose(options.push):
        object.__setattr__(options, "push", tuple(options.push or ()))
    if isinstance(options.mutable_tags, (list, tuple)):
        object.__setattr__(options, "mutable_tags", MutableTags.of(options.mutable_tags))


def _is_loose(value: object) -> bool:
    if value is None or isinstance(value, (tuple, str)):
        return False
    return isinstance(value, Sequence)
