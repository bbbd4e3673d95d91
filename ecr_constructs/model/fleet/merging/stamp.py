"""What CDK's own template of a stack says until the resources of the fleet are in it.

It stands in the description as long as no code of the app reads or writes that; and, once resources
are constructs, in a section for which no code of the app asks a stack: that of hooks. So the key
under which the template is uploaded follows from every resource of the stack, and CloudFormation
refuses a template that was never completed: no description may be so long, and nobody has the macro
that the hook names.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from ...errors import raise_dangers
from ...version import VERSION
from ..meaning.written import text_of
from .resources import Resource
from .templates import hooks_beside, stamp_lost

__all__ = [
    "LONG_PARTS",
    "description_with",
    "refused_by",
    "stamp_after",
    "stamp_of",
    "stamps_in",
    "without_stamp",
]

LONG_PARTS: Final = tuple(
    f"Part {number} of a template without its resources. " + "CloudFormation must refuse it. " * 16
    for number in (1, 2)
)
"""Together longer than the 1,024 bytes that a description may have; CDK takes 512 at once."""

_PREFIX: Final = "EcrConstructs::Fleet::"
_STAMP: Final = re.compile(rf"{_PREFIX}[0-9a-f]{{64}}".encode())
_DESCRIPTION: Final = "Description"
_HOOKS: Final = "Hooks"


def stamp_of(path: str, resources: Mapping[str, Resource], *, with_paths: bool) -> str:
    """The stamp of a stack with these resources.

    :param path: the construct path of the stack: no other stack has the same stamp.
    :param resources: as the manifest means them, by logical id, in the order of the template.
    :param with_paths: whether the template has the construct paths of resources.
    """
    # Another version of this library may write the same resources in another way.
    digest = hashlib.sha256(f"{VERSION} {path} {with_paths}".encode())
    # The name of a role in the manifest stands in its logical id alone.
    digest.update("\0".join(resources).encode())
    digest.update("\0".join([text_of(resource) for resource in resources.values()]).encode())
    return _PREFIX + digest.hexdigest()


def stamp_after(stamp: str, logical_id: str, resource: Resource) -> str:
    """The stamp of a stack in which one resource has become another."""
    digest = hashlib.sha256(f"{stamp} {logical_id} {text_of(resource)}".encode())
    return _PREFIX + digest.hexdigest()


def description_with(stamp: str) -> str:
    """The description that is too long."""
    return "".join([*LONG_PARTS, stamp])


def stamps_in(text: bytes) -> set[str]:
    """The stamps that stand in the text of a template."""
    return {found.decode() for found in _STAMP.findall(text)}


def refused_by(stamp: str) -> dict[str, Any]:
    """The properties of a hook with which no template is taken: nobody has the macro."""
    return {"Resources": {"Fn::Transform": {"Name": stamp}}}


def without_stamp(template: Mapping[str, Any], stamp: str) -> tuple[dict[str, Any], bool]:
    """The template without its stamp, and whether witnesses were made before it was written.

    :param template: as CDK wrote it.
    :param stamp: what it was given.
    :raises InvalidInputError: where the stamp is not in it any more.
    """
    hooks = template.get(_HOOKS, {})
    others = {key: hook for key, hook in hooks.items() if hook.get("Type") != stamp}
    with_witnesses = len(others) < len(hooks)
    described = template.get(_DESCRIPTION) == description_with(stamp)
    if not described and not with_witnesses:
        raise_dangers([stamp_lost(sorted(template))])
    if with_witnesses and others:
        # Where the section would stand in the template without the stamp is not known.
        raise_dangers([hooks_beside(sorted(others))])
    gone = {_HOOKS: with_witnesses, _DESCRIPTION: described}
    rest = {name: section for name, section in template.items() if not gone.get(name)}
    return rest, with_witnesses
