"""Values that are known only when CloudFormation deploys.

CDK writes such a value into a string as ``${Token[...]}``, into a list as ``#{Token[...]}`` and
into a number as a huge negative one; a template writes it as an intrinsic function, which
:func:`flatten` turns into text of the same shape (``${AWS::AccountId}``). A rule cannot judge what
it cannot read, so every rule asks here first and stays silent on a deferred value.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["flatten", "is_deferred"]

_STRING_MARK = "${"
_LIST_MARK = "#{Token["
# CDK encodes a number token as a double below this bound: no limit of ECR is anywhere near it.
_NUMBER_BOUND = -1e200


def is_deferred(value: object) -> bool:
    """Whether the value, or a part of it, is filled in by CloudFormation at deployment."""
    if isinstance(value, str):
        return _STRING_MARK in value or _LIST_MARK in value
    if isinstance(value, (int, float)):
        return value < _NUMBER_BOUND
    return False


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
    if name == "Ref":
        return "${" + str(argument) + "}"
    if name == "Fn::GetAtt":
        parts = argument if isinstance(argument, (list, tuple)) else [argument]
        return "${" + ".".join(str(part) for part in parts) + "}"
    if name == "Fn::Join" and isinstance(argument, (list, tuple)) and len(argument) == 2:
        separator, parts = argument
        if isinstance(separator, str) and isinstance(parts, (list, tuple)):
            return separator.join(str(flatten(part)) for part in parts)
    if name == "Fn::Sub":
        return str(argument[0] if isinstance(argument, (list, tuple)) else argument)
    return "${" + name + "}"
