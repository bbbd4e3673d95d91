"""Which private registry: there is one in each account and Region.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..deferred import is_deferred

__all__ = ["RegistryAddress"]


@dataclass(frozen=True, kw_only=True, order=True)
class RegistryAddress:
    """The account and the Region of a registry, each perhaps known only at deployment."""

    account: str
    region: str

    @property
    def known(self) -> bool:
        """Whether both are known now."""
        return not (is_deferred(self.account) or is_deferred(self.region))

    @property
    def told(self) -> str:
        """The registry in a sentence: by its account and Region where one of them is known."""
        if is_deferred(self.account) and is_deferred(self.region):
            return "the registry of the stack"
        return f"the registry {self}"

    def may_be(self, other: RegistryAddress) -> bool:
        """Whether the two could turn out to be one registry at deployment."""
        return _may_be(self.account, other.account) and _may_be(self.region, other.region)

    def __str__(self) -> str:
        """``111111111111/eu-west-1``, with ``unknown`` for what is not known yet."""
        return "/".join(
            "unknown" if is_deferred(part) else part for part in (self.account, self.region)
        )


def _may_be(one: str, another: str) -> bool:
    return is_deferred(one) or is_deferred(another) or one == another
