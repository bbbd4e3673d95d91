"""A template with what is known of the stack that it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Source", "Sources"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One template. Nested stacks are sources of their own, below the one that makes them."""

    template: Mapping[str, Any] = field(hash=False)
    stack: str
    """The name of the stack where it is known, else of the file."""
    file: str
    """The template's file, for messages."""
    stack_name: str | None = None
    """The name with which CloudFormation knows the stack; None where nobody says it."""
    account: str | None = None
    region: str | None = None
    tags: Mapping[str, str] | None = field(default=None, hash=False)
    """The tags of the stack, which its resources inherit; None where nobody knows them."""
    paths: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Construct paths by logical id, for templates that do not have them as metadata."""
    acknowledged: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """By construct path: the ids of findings that are known there, each with the reason. The path
    of an app is empty."""
    traces: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """By construct path: the calls that made the construct, the innermost first."""
    place: str | None = None
    """The path of the template's file; None where it was not read from one."""
    nested: Mapping[str, Source] = field(default_factory=dict, hash=False)
    """Templates of nested stacks by the logical id of the resource that makes them."""


@dataclass(frozen=True)
class Sources:
    """Everything that was read, and what could not be."""

    stacks: tuple[Source, ...]
    notes: tuple[str, ...] = ()
