"""Services that pull by the repository's own policy: for whom they may, as values.

Such a service acts for whoever asked it to, so each statement says for which resources of which
account (the confused deputy problem):
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from ...deferred import is_deferred
from ...findings import Finding
from ...iam.statement import Conditions
from ..home import Home

__all__ = ["Party", "ServiceConsumer", "check_names", "more_than_pulling"]


@dataclass(frozen=True, kw_only=True)
class Party:
    """One principal that the repository policy lets in, and under which conditions."""

    principal: Mapping[str, str]
    conditions: Conditions = field(default_factory=dict)


class ServiceConsumer(ABC):
    """Resources of a service that pulls for them. Give one to ``repository.grant_pull``."""

    service: ClassVar[str]
    """The service principal that a statement names."""
    pull_actions: ClassVar[tuple[str, ...]]
    """The actions that the service's page has."""
    docs: ClassVar[str]
    """The AWS page that the statements follow."""

    @abstractmethod
    def parties(self, repository: Home) -> tuple[Party, ...]:
        """Whom the policy of a repository of this home must let in."""


def more_than_pulling(consumer: ServiceConsumer, actions: Sequence[str]) -> Finding:
    """A grant to a service of what it never does."""
    return Finding(
        code="grant-service-only-pulls",
        property="grantee",
        message=f"is {consumer.service}, which pulls images and does nothing else",
        given=list(actions),
        allowed="grant_pull",
        fix="grant it to the role of what it pulls for: what the code does, it does as that",
        docs=consumer.docs,
    )


def check_names(
    option: str, names: object, *, shape: str, allowed: str, kind: str, docs: str
) -> tuple[Finding, ...]:
    """What is wrong with the names of resources; ``*`` in one stands for any run of characters."""
    if isinstance(names, str) or not isinstance(names, Sequence) or not names:
        wrong: list[object] = [names]
    else:
        wrong = [
            name
            for name in names
            if not (isinstance(name, str) and (is_deferred(name) or re.fullmatch(shape, name)))
        ]
    return tuple(
        Finding(
            code="consumer-name-invalid",
            property=option,
            message=f"is not the name of a {kind}",
            given=name,
            allowed=f"a list of names: {allowed}",
            fix=f"write {option}=['resize'], say: the name alone, no ARN",
            docs=docs,
        )
        for name in wrong
    )
