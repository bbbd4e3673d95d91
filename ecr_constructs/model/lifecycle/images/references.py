"""What something runs: a digest, a tag or the URI of an image."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .image import Image

__all__ = ["Reference", "read_references"]


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


def read_references(lines: Iterable[str]) -> tuple[Reference, ...]:
    """The references of a file, one a line; empty lines say nothing."""
    return tuple(Reference.of(line.strip()) for line in lines if line.strip())


def _path_of(uri: str) -> tuple[str | None, str | None]:
    """Repository and tag of an image URI."""
    host, slash, rest = uri.partition("/")
    # As in every container tool: a first part with a dot or a port is a registry.
    path = rest if slash and ("." in host or ":" in host or host == "localhost") else uri
    repository, _, tag = path.partition(":")
    return repository or None, tag or None
