"""Values that are known only when CloudFormation deploys.

CDK writes such a value into a string as ``${Token[...]}``, into a list as ``#{Token[...]}`` and
into a number as a huge negative one; a template writes it as an intrinsic function, which
:func:`flatten` turns into text of the same shape (``${AWS::AccountId}``). A rule cannot judge what
it cannot read, so every rule asks here first and stays silent on a deferred value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["ARN_PART", "flatten", "has_deferred", "is_deferred", "masked"]

ARN_PART: Final = r"(?:\$\{[^}]*\}|[^:])+"
"""One part of an ARN, as a pattern: ``${AWS::Partition}`` is one part for all its colons."""

_STRING_MARK = "${"
_LIST_MARK = "#{Token["
# CDK encodes a number token as a double below this bound: no limit of ECR is anywhere near it.
_NUMBER_BOUND = -1e200
_DEFERRED = re.compile(r"\$\{[^}]*\}|#\{Token\[[^\]]*\]\}")


def is_deferred(value: object) -> bool:
    """Whether the value, or a part of it, is filled in by CloudFormation at deployment."""
    if isinstance(value, str):
        return _STRING_MARK in value or _LIST_MARK in value
    if isinstance(value, (int, float)):
        return value < _NUMBER_BOUND
    return False


def has_deferred(value: object) -> bool:
    """Whether a value, or an entry of a list, is deferred: nobody knows how many there are."""
    if isinstance(value, (list, tuple)):
        return any(is_deferred(entry) for entry in value)
    return is_deferred(value)


def masked(text: str) -> str:
    """The text with the letter x for each deferred part, so that what stands around it is read."""
    return _DEFERRED.sub("x", text)


def flatten(value: object) -> object:
    """The value with every intrinsic function written as text: ``{"Ref": "X"}`` as ``${X}``."""
    if isinstance(value, Mapping):
        if len(value) == 1:
            (name, argument), *_ = value.items()
            if name == "Ref" or str(name).startswith("Fn::"):
                return _intrinsic(str(name), argument)
        return {key: flatten(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [flatten(entry) for entry in value]
    return value


def _intrinsic(name: str, argument: object) -> str:
    match name, argument:
        case "Ref", _:
            return "${" + str(argument) + "}"
        case "Fn::GetAtt", [*parts]:
            return "${" + ".".join(str(part) for part in parts) + "}"
        case "Fn::GetAtt", _:
            return "${" + str(argument) + "}"
        case "Fn::Join", [str(separator), [*parts]]:
            return separator.join(str(flatten(part)) for part in parts)
        case "Fn::Sub", (str(text) | [str(text), *_]):
            return text
        case _:
            return "${" + name + "}"
