"""What CDK's own template of a stack says until the resources of the fleet are in it.

It stands in the description, and where a template names its macros once somebody may write another
description. So the key under which the template is uploaded follows from every resource of the
stack, and CloudFormation refuses a template that was never completed: no description may be so
long, and nobody has such a macro.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-section-structure.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...errors import raise_dangers
from ...version import VERSION
from ..meaning.written import text_of
from .resources import Resource
from .templates import stamp_replaced

__all__ = ["LONG_PARTS", "stamp_of", "stamps_in", "without_stamp"]

LONG_PARTS: Final = tuple(
    f"Part {number} of a template without its resources. " + "CloudFormation must refuse it. " * 16
    for number in (1, 2)
)
"""Together longer than the 1,024 bytes that a description may have; CDK takes 512 at once."""

_PREFIX: Final = "EcrConstructs::Fleet::"
_STAMP: Final = re.compile(rf"{_PREFIX}[0-9a-f]{{64}}".encode())
_DESCRIPTION: Final = "Description"
_MACROS: Final = "Transform"


def stamp_of(path: str, resources: Iterable[Resource], *, with_paths: bool) -> str:
    """The stamp of a stack with these resources.

    :param path: the construct path of the stack: no other stack has the same stamp.
    :param resources: as the manifest means them, in the order of the template.
    :param with_paths: whether the template has the construct paths of resources.
    """
    # Another version of this library may write the same resources in another way.
    digest = hashlib.sha256(f"{VERSION} {path} {with_paths}".encode())
    digest.update("\0".join([text_of(resource) for resource in resources]).encode())
    return _PREFIX + digest.hexdigest()


def stamps_in(text: bytes) -> set[str]:
    """The stamps that stand in the text of a template."""
    return {found.decode() for found in _STAMP.findall(text)}


def without_stamp(template: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """The template without its stamp, with the description and the macros that somebody gave it.

    :param template: as CDK wrote it.
    :param stamp: what it was given.
    :raises InvalidInputError: where the stamp is not in it any more.
    """
    description = template.get(_DESCRIPTION)
    named = template.get(_MACROS, ())
    macros = [named] if isinstance(named, str) else list(named)
    described = isinstance(description, str) and description.endswith(stamp)
    if not described and stamp not in macros:
        raise_dangers([stamp_replaced({_DESCRIPTION: description, _MACROS: named})])
    rest = dict(template)
    if described:
        del rest[_DESCRIPTION]
    if stamp in macros:
        macros.remove(stamp)
        rest[_MACROS] = macros[0] if len(macros) == 1 else macros
        if not macros:
            del rest[_MACROS]
    return rest
