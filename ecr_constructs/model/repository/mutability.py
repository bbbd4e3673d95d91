"""Which tags may be moved to another image.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..deferred import is_deferred
from ..errors import raise_dangers
from ..findings import Finding

__all__ = [
    "BUILDKIT_CACHE_TAGS",
    "COSIGN_TAGS",
    "LATEST_TAG",
    "MODES",
    "MutableTags",
    "check_tag_mode",
    "check_tag_patterns",
    "is_tag_pattern",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"
MAX_PATTERNS = 5
MAX_WILDCARDS = 2
MODES: Final = ("MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")
"""Each ``ImageTagMutability`` that there is."""
_PATTERN = re.compile(r"[0-9a-zA-Z._*-]{1,128}")

COSIGN_TAGS: Final = ("sha256-*.sig", "sha256-*.att", "sha256-*.sbom")
"""Tags that cosign moves when it adds a signature, an attestation or an SBOM to an image."""
BUILDKIT_CACHE_TAGS: Final = ("buildcache*",)
"""Tags that BuildKit moves with ``--cache-to type=registry,ref=...:buildcache``."""
LATEST_TAG: Final = ("latest",)
"""The tag that many tools move to the newest image."""


@dataclass(frozen=True, kw_only=True)
class MutableTags:
    """Which tags of a repository may be moved: made by one of the four class methods.

    A pattern is a tag in which ``*`` stands for any run of characters: 1 to 128 characters of
    letters, digits, ``.``, ``_``, ``-`` and at most two ``*``; at most five patterns.
    """

    patterns: tuple[str, ...] = ()
    """The tags that are excepted from what holds for the rest."""
    rest_is_mutable: bool = False
    """Whether every other tag can be moved."""

    def __post_init__(self) -> None:
        """Refuse what ECR refuses, at once."""
        raise_dangers(check_tag_patterns(self.patterns))

    @classmethod
    def none(cls) -> MutableTags:
        """No tag can be moved (``IMMUTABLE``): the default of a ``SecureRepository``."""
        return cls()

    @classmethod
    def only(cls, *patterns: str) -> MutableTags:
        """Only these tags can be moved (``IMMUTABLE_WITH_EXCLUSION``).

        :param patterns: one to five tags or patterns.
        """
        return cls(patterns=_at_least_one(patterns, "only"))

    @classmethod
    def all(cls) -> MutableTags:
        """Every tag can be moved (``MUTABLE``): what a tag names today it may not name tomorrow."""
        return cls(rest_is_mutable=True)

    @classmethod
    def all_except(cls, *patterns: str) -> MutableTags:
        """Every tag but these can be moved (``MUTABLE_WITH_EXCLUSION``).

        :param patterns: one to five tags or patterns.
        """
        return cls(patterns=_at_least_one(patterns, "all_except"), rest_is_mutable=True)

    @classmethod
    def of(cls, value: MutableTags | Sequence[str] | None) -> MutableTags:
        """The value of an option.

        :param value: None is :meth:`none`, a list of patterns is :meth:`only`.
        """
        if value is None:
            return cls.none()
        if isinstance(value, MutableTags):
            return value
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise_dangers([_not_a_list(value)])
        return cls(patterns=tuple(value))

    @property
    def mode(self) -> str:
        """The ``ImageTagMutability`` of the template."""
        mode = "MUTABLE" if self.rest_is_mutable else "IMMUTABLE"
        return f"{mode}_WITH_EXCLUSION" if self.patterns else mode

    def can_move(self, tag: str) -> bool:
        """Whether ECR lets the tag be moved to another image.

        :param tag: a tag, not a pattern.
        """
        excluded = any(_matches(pattern, tag) for pattern in self.patterns)
        return excluded is not self.rest_is_mutable


def check_tag_patterns(patterns: Iterable[object]) -> tuple[Finding, ...]:
    """What ECR refuses about the patterns of tags that differ from the rest."""
    if isinstance(patterns, str):
        return (_not_a_list(patterns),)
    listed = tuple(patterns)
    found = [
        finding
        for pattern in listed
        if not is_deferred(pattern)
        for finding in _check_pattern(pattern)
    ]
    if len(listed) > MAX_PATTERNS:
        found.append(
            _finding(
                f"has {len(listed)} patterns",
                list(listed),
                f"at most {MAX_PATTERNS} patterns",
                "say several tags by one pattern with '*'",
            )
        )
    twice = sorted({str(pattern) for pattern in listed if listed.count(pattern) > 1})
    if twice:
        found.append(
            _finding(
                "names a pattern twice",
                twice,
                "each pattern once",
                "leave the second one out",
            )
        )
    return tuple(found)


def check_tag_mode(mode: object, *, has_patterns: bool) -> tuple[Finding, ...]:
    """What ECR refuses about an ``ImageTagMutability``: patterns and ``_WITH_EXCLUSION`` go along.

    A :class:`MutableTags` has the right mode by itself; a template may have any. A mode that is not
    said is ``MUTABLE``, and what is no mode at all is of another rule.
    """
    said = "MUTABLE" if mode is None else str(mode)
    if said not in MODES or said.endswith("_WITH_EXCLUSION") is has_patterns:
        return ()
    other = f"{said}_WITH_EXCLUSION" if has_patterns else said.removesuffix("_WITH_EXCLUSION")
    return (
        Finding(
            code="mutable-tags-mode",
            property="mutable_tags",
            message="has patterns that its mode does not take"
            if has_patterns
            else "has a mode that needs patterns, and none",
            given=said,
            allowed="patterns beside a mode with _WITH_EXCLUSION, and beside no other",
            fix=f"write {other}",
            docs=DOCS,
        ),
    )


def is_tag_pattern(pattern: object) -> bool:
    """Whether ECR takes the text as a tag with at most two ``*`` for any run of characters."""
    return not _check_pattern(pattern)


def _check_pattern(pattern: object) -> tuple[Finding, ...]:
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
        return (
            _finding(
                "has a pattern that no tag can have",
                pattern,
                "1 to 128 characters of letters, digits, '.', '_', '-' and '*'",
                "write the tag, with '*' for any run of characters",
            ),
        )
    if pattern.count("*") > MAX_WILDCARDS:
        return (
            _finding(
                f"has a pattern with {pattern.count('*')} wildcards",
                pattern,
                f"at most {MAX_WILDCARDS} '*' in a pattern",
                "use fewer wildcards, or several patterns",
            ),
        )
    return ()


def _at_least_one(patterns: tuple[str, ...], method: str) -> tuple[str, ...]:
    if not patterns:
        other = "none" if method == "only" else "all"
        raise_dangers(
            [
                _finding(
                    f"names no pattern in MutableTags.{method}",
                    [],
                    f"1 to {MAX_PATTERNS} patterns",
                    f"name the tags, or use MutableTags.{other}()",
                )
            ]
        )
    return patterns


def _matches(pattern: str, tag: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), tag) is not None


def _not_a_list(value: object) -> Finding:
    return _finding(
        f"is a {type(value).__name__}, not a list of tags",
        value,
        "a list of tags or patterns, or a MutableTags",
        f"write [{value!r}]" if isinstance(value, str) else "give a list",
    )


def _finding(message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code="mutable-tags-invalid",
        property="mutable_tags",
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
