"""Blob mounting: a setting of the account in a Region.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html
"""

from __future__ import annotations

from typing import Final

__all__ = ["DISABLED", "ENABLED", "PUT_ACCOUNT_SETTING", "SETTING"]

SETTING: Final = "BLOB_MOUNTING"
"""The name of the setting."""
ENABLED: Final = "ENABLED"
DISABLED: Final = "DISABLED"
"""As it is where nobody has set it."""
PUT_ACCOUNT_SETTING: Final = "ecr:PutAccountSetting"
"""It knows no resource, so it is allowed on ``*``."""
