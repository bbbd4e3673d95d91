"""What CDK's own template of a stack says until the resources of the fleet are in it.

It stands where a template names its macros. So the key under which the template is uploaded follows
from every resource of the stack, and CloudFormation refuses a template that was never completed.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-section-structure.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...errors import raise_dangers
from ...version import VERSION
from ..meaning.written import text_of
from .resources import Resource
from .templates import stamp_replaced

__all__ = ["stamp_of", "without_stamp"]

_PREFIX: Final = "EcrConstructs::Fleet::"
_SECTION: Final = "Transform"


def stamp_of(resources: Iterable[Resource], within: str | None = None) -> str:
    """The stamp of a stack with these resources.

    :param resources: as the manifest means them, in the order of the template.
    :param within: what construct paths begin with, where templates have them.
    """
    # Another version of this library may write the same resources in another way.
    digest = hashlib.sha256(f"{VERSION} {within}".encode())
    digest.update("\0".join([text_of(resource) for resource in resources]).encode())
    return _PREFIX + digest.hexdigest()


def without_stamp(template: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """The template without its stamp, and with the macros that somebody else named.

    :param template: as CDK wrote it.
    :param stamp: what it was given.
    :raises InvalidInputError: where the stamp is not in it any more.
    """
    named = template.get(_SECTION, ())
    listed = [named] if isinstance(named, str) else list(named)
    if stamp not in listed:
        raise_dangers([stamp_replaced(named)])
    listed.remove(stamp)
    rest = {name: value for name, value in template.items() if name != _SECTION}
    if not listed:
        return rest
    left = listed[0] if len(listed) == 1 else listed
    return {name: left if name == _SECTION else rest[name] for name in template}
