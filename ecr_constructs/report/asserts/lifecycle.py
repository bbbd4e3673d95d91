"""``assert_keeps``: which images stay, with the rule where one goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ...model.errors import InvalidInputError, raise_dangers
from ...model.lifecycle import Image, LifecycleRule, Outcome, Preview, parse_images, simulate
from ...model.lifecycle.images.references import Reference
from ..lifecycle.inputs import read_images
from ..lifecycle.policies import policy_of_text, read_policy

__all__ = ["lost_images"]

Policy = str | os.PathLike[str] | Mapping[str, Any] | Iterable[LifecycleRule]
Images = str | os.PathLike[str] | Mapping[str, Any] | Sequence[Mapping[str, Any]] | Sequence[Image]


def lost_images(
    policy: Policy,
    images: Images,
    *,
    keep: Sequence[str] | None,
    at: datetime | None,
    manifests: Mapping[str, Iterable[str]] | None,
) -> tuple[str, ...]:
    """What does not stay of what should, one sentence each."""
    preview = simulate(_rules(policy), _images(images), at=at, manifests=manifests)
    if keep is None:
        return tuple(_sentence(outcome) for outcome in _at_risk(preview))
    missing = [reference for reference in keep if not _is_there(preview, reference)]
    sentences = [f"{reference}: is none of the images" for reference in missing]
    sentences += [_sentence(outcome) for outcome in preview.in_use_lost(keep)]
    return tuple(sentences)


def _at_risk(preview: Preview) -> Iterable[Outcome]:
    return (outcome for outcome in (*preview.results, *preview.kept) if outcome.at_risk)


def _is_there(preview: Preview, reference: str) -> bool:
    wanted = Reference.of(reference)
    return any(wanted.names(outcome.image) for outcome in (*preview.results, *preview.kept))


def _sentence(outcome: Outcome) -> str:
    image = outcome.image
    tags = ", ".join(image.tags) or "untagged"
    return f"{image.digest[:19]} ({tags}): {outcome.reason}"


def _rules(policy: Policy) -> tuple[LifecycleRule, ...]:
    if isinstance(policy, str) and policy.lstrip().startswith("{"):
        given = policy_of_text(policy, place="policy")
    elif isinstance(policy, (str, os.PathLike)):
        given = read_policy(os.fspath(policy))
    elif isinstance(policy, Mapping):
        given = policy_of_text(json.dumps(policy), place="policy")
    else:
        return tuple(policy)
    raise_dangers(given.findings)
    return given.rules


def _images(images: Images) -> tuple[Image, ...]:
    if isinstance(images, str) and images.lstrip()[:1] in ("{", "["):
        return _parsed(images)
    if isinstance(images, (str, Path, os.PathLike)):
        return read_images(os.fspath(images))
    if isinstance(images, Mapping):
        return _parsed(json.dumps(images, default=str))
    described = [image for image in images if isinstance(image, Mapping)]
    if described:
        return _parsed(json.dumps(described, default=str))
    return tuple(image for image in images if isinstance(image, Image))


def _parsed(text: str) -> tuple[Image, ...]:
    found, findings = parse_images(text)
    if findings:
        raise InvalidInputError(findings)
    return found
