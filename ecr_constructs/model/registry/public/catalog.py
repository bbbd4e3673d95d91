"""What the Amazon ECR Public Gallery shows of a repository.

https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-catalog-data.html
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...deferred import is_deferred
from ...errors import raise_dangers
from ...findings import Finding

__all__ = [
    "GalleryArchitecture",
    "GalleryOperatingSystem",
    "RepositoryCatalogData",
    "check_catalog_data",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-catalog-data.html"
_LONGEST = {"description": 1024, "about_text": 10_240, "usage_text": 10_240}
_MOST_BADGES = 50


class GalleryArchitecture(str, enum.Enum):
    """An architecture that the gallery shows as a badge and filters by."""

    ARM = "ARM"
    ARM_64 = "ARM 64"
    X86 = "x86"
    X86_64 = "x86-64"


class GalleryOperatingSystem(str, enum.Enum):
    """An operating system that the gallery shows as a badge and filters by."""

    LINUX = "Linux"
    WINDOWS = "Windows"


@dataclass(frozen=True, kw_only=True)
class RepositoryCatalogData:
    """What the gallery shows of a public repository, checked when it is made.

    The logo is not among it: CloudFormation has no property for it.

    :raises InvalidInputError: where ECR would refuse a text or a badge.
    """

    description: str | None = None
    """A sentence, shown in searches: at most 1024 characters. By default none."""
    about_text: str | None = None
    """Markdown about what the images are: at most 10240 characters. By default none."""
    usage_text: str | None = None
    """Markdown about how they are used: at most 10240 characters. By default none."""
    architectures: Sequence[GalleryArchitecture] = ()
    """Badges of architectures. By default none."""
    operating_systems: Sequence[GalleryOperatingSystem] = ()
    """Badges of operating systems. By default none."""

    def __post_init__(self) -> None:
        # Lists are what people write; tuples keep the value hashable.
        for option in ("architectures", "operating_systems"):
            given = getattr(self, option)
            object.__setattr__(self, option, tuple(given) if isinstance(given, list) else given)
        raise_dangers(check_catalog_data(self))

    def to_json(self) -> dict[str, object]:
        """The ``RepositoryCatalogData`` of the template, without what was not said."""
        said: dict[str, object] = {
            "RepositoryDescription": self.description,
            "AboutText": self.about_text,
            "UsageText": self.usage_text,
            "Architectures": [badge.value for badge in self.architectures],
            "OperatingSystems": [badge.value for badge in self.operating_systems],
        }
        return {name: value for name, value in said.items() if value}


def check_catalog_data(data: RepositoryCatalogData) -> tuple[Finding, ...]:
    """What ECR refuses about the texts and badges, or does not show."""
    return (
        *_check_texts(data),
        *_check_badges("architectures", data.architectures, GalleryArchitecture),
        *_check_badges("operating_systems", data.operating_systems, GalleryOperatingSystem),
    )


def _check_texts(data: RepositoryCatalogData) -> Iterator[Finding]:
    for option, longest in _LONGEST.items():
        text: object = getattr(data, option)
        if text is None or is_deferred(text):
            continue
        if not isinstance(text, str) or len(text) > longest:
            size = f"{len(text)} characters" if isinstance(text, str) else type(text).__name__
            yield _finding(
                option,
                f"is a {size} long text",
                size,
                f"at most {longest} characters",
                "shorten it",
            )


def _check_badges(option: str, badges: object, kind: type[enum.Enum]) -> Iterator[Finding]:
    allowed = ", ".join(f"{kind.__name__}.{badge.name}" for badge in kind)
    if not isinstance(badges, tuple):
        yield _finding(option, "is no list", badges, allowed, f"write {option}=[...]")
        return
    strangers = [badge for badge in badges if not isinstance(badge, kind)]
    if strangers:
        yield _finding(
            option, "has a badge that the gallery does not show", strangers[0], allowed, "use those"
        )
    twice = [badge.name for badge in kind if badges.count(badge) > 1]
    if twice:
        yield _finding(option, "has a badge twice", twice, "each badge once", "leave one out")


def _finding(option: str, message: str, given: object, allowed: str, fix: str) -> Finding:
    return Finding(
        code="public-catalog-data-invalid",
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=DOCS,
    )
