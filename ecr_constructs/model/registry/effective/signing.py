"""The signing profiles that sign the images of a repository.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SigningRepositoryFilter.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...lifecycle.rules.globs import Glob
from .answered import Answered
from .properties import Properties, filters_of, mappings_of, text_of

__all__ = ["SigningSetting", "read_signing", "signing_filter_matches", "signing_profiles"]


@dataclass(frozen=True, kw_only=True)
class SigningSetting:
    """A signing rule."""

    profile: str
    """The ARN of its signing profile."""
    filters: tuple[str, ...] | None = None
    """Patterns of whole names. None: every repository is signed."""


def read_signing(properties: Properties) -> tuple[SigningSetting, ...]:
    """The rules of the properties of an ``AWS::ECR::SigningConfiguration``."""
    return tuple(
        SigningSetting(profile=text_of(rule, "SigningProfileArn") or "", filters=filters_of(rule))
        for rule in mappings_of(properties, "Rules")
    )


def signing_filter_matches(pattern: str, name: str) -> bool:
    """Whether the pattern is the whole name, each ``*`` standing for any characters."""
    return Glob.of(pattern).matches(name)


def signing_profiles(rules: Iterable[SigningSetting], name: str) -> Answered[tuple[str, ...]]:
    """The profiles of all rules that take the name, each once: several give several signatures."""
    given = tuple(rules)
    matching = (
        rule.profile
        for rule in given
        if rule.filters is None
        or any(signing_filter_matches(pattern, name) for pattern in rule.filters)
    )
    refused = tuple(
        f"ECR refuses an empty list of filters for {rule.profile}; taken to match nothing"
        for rule in given
        if rule.filters == ()
    )
    return Answered(tuple(dict.fromkeys(matching)), refused)
