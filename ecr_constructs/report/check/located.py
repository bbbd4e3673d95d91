"""A finding with the resource that it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ...model.findings import Finding
from ..template.app import App
from ..template.stack import Resource

__all__ = ["Located", "Rules"]


@dataclass(frozen=True, kw_only=True)
class Located:
    """One finding, and where it was made."""

    finding: Finding
    resource: Resource


Rules: TypeAlias = Callable[[App], Iterator[Located]]
"""The rules of one topic, on all stacks of an app."""
