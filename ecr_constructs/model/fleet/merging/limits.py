"""What CloudFormation takes in one stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

from typing import Final

__all__ = ["MAX_BYTES", "MAX_RESOURCES"]

MAX_RESOURCES: Final = 500
MAX_BYTES: Final = 1_000_000
