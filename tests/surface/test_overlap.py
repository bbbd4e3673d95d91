"""Which names of CDK's classes ours carry: those that were meant, and no other.

In Python a method with the name of a jsii member becomes its override, called by CDK's own code; an
attribute with the name of a jsii property is sent to Node. Neither may happen by accident, nor when
a new CDK adds a member.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator

import jsii
import pytest
from aws_cdk import aws_ecr as ecr

import ecr_constructs.constructs
from ecr_constructs import AdoptedRepository, SecureRepository
from ecr_constructs.constructs.registry.pull_through.cached import CachedRepository

from .public import foreign, ours

CHECKED_AS_CDK_CALLS_THEM = {
    "add_to_resource_policy",
    "grant",
    "grant_pull",
    "grant_pull_push",
    "grant_push",
    "grant_read",
    "repository_uri_for_digest",
    "repository_uri_for_tag",
    "repository_uri_for_tag_or_digest",
}
ALLOWED = {
    "SecureRepository": CHECKED_AS_CDK_CALLS_THEM
    | {
        # It gives the name that CDK's own pattern refuses.
        "_generate_physical_name",
        # It writes through the same checks as `lifecycle`.
        "add_lifecycle_rule",
        # They give an AdoptedRepository.
        "from_repository_arn",
        "from_repository_attributes",
        "from_repository_name",
    },
    "AdoptedRepository": CHECKED_AS_CDK_CALLS_THEM | {"repository_arn", "repository_name"},
    # As one that stands already: ECR makes it when it is first needed.
    **dict.fromkeys(
        ("CachedRepository", "ComingRepository", "PushedRepositories"),
        CHECKED_AS_CDK_CALLS_THEM | {"repository_arn", "repository_name"},
    ),
    # One of a fleet: its properties are written with those of all others.
    "MemberRepository": CHECKED_AS_CDK_CALLS_THEM | {"repository_arn", "repository_name"},
    # The one of the bootstrap stack.
    "AssetRepository": CHECKED_AS_CDK_CALLS_THEM | {"repository_arn", "repository_name"},
    "RepositoryGrants": set(),
    "NamedOnlyRole": {"add_to_principal_policy"},
    # The pipeline asks for it when the action is added to a stage.
    "ImageSourceAction": {"_bound"},
    # A rule asks its input for the transformer.
    "ImageEventMessage": {"bind"},
    "_ReferenceFinder": {"resolve_token"},
}
ALLOWED["ReplicatedRepository"] = ALLOWED["SecureRepository"]
# CDK has a facade of such a name on many resources, and may get one on repositories.
RESERVED = {"env", "events", "grants", "metrics", "policy", "role", "stack", "tags"}
REPOSITORIES = (SecureRepository, AdoptedRepository, CachedRepository)


def _our_classes() -> Iterator[type]:
    package = ecr_constructs.constructs
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(found.name)).values():
            if inspect.isclass(value) and value.__module__ == found.name:
                yield value


CLASSES = sorted(set(_our_classes()), key=lambda kind: kind.__name__)


def _names_of(kinds: list[type]) -> set[str]:
    """What the classes define, save what Python and jsii put into every class."""
    return {
        name
        for kind in kinds
        for name in vars(kind)
        if not name.startswith("__") and name != "_abc_impl"
    }


def _attributes_of(kind: type) -> set[str]:
    """What its methods set on ``self``."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def _jsii_members(kind: type) -> set[str]:
    """The names under which a class has members of jsii, protected ones included."""
    found = set()
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        target = member.fget if isinstance(member, property) else member
        if hasattr(target, "__jsii_name__") or hasattr(
            getattr(target, "__func__", None), "__jsii_name__"
        ):
            found.add(name)
    return found


def test_the_members_of_a_repository_are_found() -> None:
    members = _jsii_members(ecr.Repository)
    assert len(members) >= 26
    assert {"grant_pull", "repository_arn", "_generate_physical_name", "env"} <= members


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_only_what_was_meant_has_the_name_of_a_member(kind: type) -> None:
    theirs = {name for other in foreign(kind) for name in dir(other)}
    overlap = (_names_of(ours(kind)) & theirs) - {"__init__"}
    assert overlap == ALLOWED.get(kind.__name__, set())


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_no_attribute_has_the_name_of_a_member(kind: type) -> None:
    theirs = {name for other in foreign(kind) for name in dir(other)}
    attributes = {name for base in ours(kind) for name in _attributes_of(base)}
    assert attributes & theirs == set()


@pytest.mark.parametrize("kind", REPOSITORIES, ids=lambda kind: kind.__name__)
def test_an_override_is_one_that_jsii_sees(kind: type) -> None:
    (base,) = {
        other for other in foreign(kind) if other in (ecr.Repository, ecr.RepositoryBase)
    } - ({ecr.RepositoryBase} if issubclass(kind, ecr.Repository) else set())
    assert ALLOWED[kind.__name__] <= _jsii_members(base)


@pytest.mark.parametrize("kind", REPOSITORIES, ids=lambda kind: kind.__name__)
def test_names_that_cdk_may_take_are_left_to_it(kind: type) -> None:
    attributes = {name for base in ours(kind) for name in _attributes_of(base)}
    assert (_names_of(ours(kind)) | attributes) & RESERVED == set()


@pytest.mark.parametrize("kind", REPOSITORIES, ids=lambda kind: kind.__name__)
def test_an_override_takes_what_the_member_takes(kind: type) -> None:
    for name in ALLOWED[kind.__name__]:
        mine = inspect.getattr_static(kind, name)
        if isinstance(mine, property):
            continue
        theirs = next(vars(other)[name] for other in foreign(kind) if name in vars(other))
        wanted = inspect.signature(getattr(theirs, "__func__", theirs)).parameters
        given = inspect.signature(getattr(mine, "__func__", mine)).parameters
        assert list(given) == list(wanted), name
        assert [one.kind for one in given.values()] == [one.kind for one in wanted.values()], name


def test_every_class_that_is_allowed_something_exists() -> None:
    assert set(ALLOWED) <= {kind.__name__ for kind in CLASSES}


def test_jsii_looks_for_overrides_by_name() -> None:
    # The premise of this file: should jsii change it, these tests would prove nothing.
    kernel = importlib.import_module(f"{jsii.__name__}._kernel")
    assert "__jsii_name__" in inspect.getsource(kernel._get_overides)
