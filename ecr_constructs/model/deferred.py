"""Values that are known only when CloudFormation deploys.

CDK writes such a value into a string as ``${Token[...]}``, into a list as ``#{Token[...]}`` and
into a number as a huge negative one. A rule cannot judge what it cannot read, so every rule asks
here first and stays silent on a deferred value.
"""

from __future__ import annotations

_STRING_MARK = "${Token["
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
