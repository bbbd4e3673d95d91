"""Where something stands: partition, Region and account, each perhaps known only at deployment."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Home"]


@dataclass(frozen=True, kw_only=True)
class Home:
    """An account and Region, as the parts of an ARN."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource here."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"
