"""Images, manifest lists and what is in use, from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from ...model.findings import Finding
from ...model.lifecycle import Image, parse_images, parse_manifests
from ...model.lifecycle.images.times import parse_time
from ..reading.faults import UnusableInputError, unusable
from ..reading.text import read_text

__all__ = ["read_images", "read_in_use", "read_manifests", "read_time"]

# Somewhat more than the 100,000 images that a repository holds by default take.
_MOST_MEGABYTES: Final = 100
_MOST_SAID: Final = 3


def read_images(place: str) -> tuple[Image, ...]:
    """The images of an answer of ``aws ecr describe-images``."""
    source = read_text(place, megabytes=_MOST_MEGABYTES)
    images, findings = parse_images(source.text)
    if findings:
        raise _of_findings(source.name, "images", findings)
    return images


def read_manifests(place: str | None) -> Mapping[str, Sequence[str]] | None:
    """For each manifest list the digests in it; None where nobody says."""
    if place is None:
        return None
    source = read_text(place)
    manifests, findings = parse_manifests(source.text)
    if findings:
        raise _of_findings(source.name, "manifests", findings)
    return manifests


def read_in_use(place: str | None) -> tuple[str, ...] | None:
    """What runs, one a line; None where nobody says."""
    if place is None:
        return None
    lines = (line.strip() for line in read_text(place).text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def read_time(text: str | None) -> datetime | None:
    """A moment with its zone; None for now."""
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise unusable(
            f"--at {text}", str(error), "write it with its zone, as in 2026-01-31T12:00:00Z"
        ) from error


def _of_findings(name: str, what: str, findings: Sequence[Finding]) -> UnusableInputError:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    where = first.property.removeprefix(what).lstrip(", ")
    place = f"{name}, {where}" if where else name
    given = "" if first.given is None else f" ({str(first.given)[:60]!r}; allowed: {first.allowed})"
    return unusable(place, f"{first.message}{given}{more}", first.fix, code=first.code)
