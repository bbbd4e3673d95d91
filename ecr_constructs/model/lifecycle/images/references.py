"""What something runs: a digest, a tag or the URI of an image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .image import Image

__all__ = ["Reference", "References"]


@dataclass(frozen=True)
class Reference:
    """One image that is in use, by digest or by tag."""

    repository: str | None
    """The repository where the reference names one."""
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def of(cls, text: str) -> Reference:
        """Reads ``sha256:...``, ``v1``, ``shop/api:v1`` or ``HOST/shop/api@sha256:...``."""
        name, at_sign, digest = text.rpartition("@")
        if at_sign:
            # Where both are given, the digest decides what is pulled.
            return cls(_path_of(name)[0], digest=digest)
        if text.startswith("sha256:"):
            return cls(None, digest=text)
        if "/" not in text and ":" not in text:
            return cls(None, tag=text)
        repository, tag = _path_of(text)
        return cls(repository, tag=tag or "latest")

    def names(self, image: Image) -> bool:
        """Whether this is the image; one whose repository nobody knows may be it."""
        if None not in (self.repository, image.repository) and self.repository != image.repository:
            return False
        return image.digest == self.digest if self.digest else self.tag in image.tags


class References:
    """What runs, laid out by digest and by tag: a cluster runs thousands of images.

    :param lines: references, one a line; empty lines say nothing.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._of_image: dict[str, list[Reference]] = {}
        self._written: dict[Reference, str] = {}
        for line in map(str.strip, lines):
            reference = Reference.of(line) if line else None
            if reference is not None and reference not in self._written:
                self._written[reference] = line
                key = reference.digest or reference.tag or ""
                self._of_image.setdefault(key, []).append(reference)

    def name(self, image: Image) -> bool:
        """Whether one of them is the image, or may be it."""
        return any(True for _ in self._naming(image))

    def missing(self, images: Iterable[Image]) -> tuple[str, ...]:
        """Those that are of the repository of these images, or of none, and name none of them."""
        found: set[Reference] = set()
        repositories: set[str | None] = {None}
        for image in images:
            repositories.add(image.repository)
            found.update(self._naming(image))
        return tuple(
            line
            for reference, line in self._written.items()
            if reference not in found and reference.repository in repositories
        )

    def _naming(self, image: Image) -> Iterator[Reference]:
        for key in (image.digest, *image.tags):
            for reference in self._of_image.get(key, ()):
                if reference.names(image):
                    yield reference


def _path_of(uri: str) -> tuple[str | None, str | None]:
    """Repository and tag of an image URI."""
    host, slash, rest = uri.partition("/")
    # As in every container tool: a first part with a dot or a port is a registry.
    path = rest if slash and ("." in host or ":" in host or host == "localhost") else uri
    repository, _, tag = path.partition(":")
    return repository or None, tag or None
