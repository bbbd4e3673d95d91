"""The URIs of a repository's images: what :class:`SecureRepository` and adopted ones share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from ...model.images.reference import check_digest, check_tag, check_tag_or_digest, suffix
from .._jsii import refuse

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

    _Base = ecr.RepositoryBase
else:
    _Base = object

__all__ = ["RepositoryUris"]


class RepositoryUris(_Base):
    """URIs, checked. CDK's own constructs ask the same methods for the images that they run."""

    def repository_uri_for_tag(self, tag: str | None = None) -> str:
        """The URI of the image with this tag (``...amazonaws.com/shop/api:v1``).

        :param tag: a tag as clients take it. Default: the URI of the repository itself.
        :raises InvalidInputError: where no client could push or pull such a tag, or a lifecycle
            rule can take its image and ``may_expire`` does not name it.
        """
        if tag is not None:
            refuse(check_tag(tag), self)
        return self._uri(tag)

    def repository_uri_for_digest(self, digest: str | None = None) -> str:
        """The URI of the image with this digest (``...amazonaws.com/shop/api@sha256:...``).

        :param digest: ``sha256:`` and 64 hexadecimal characters. Default: the repository's URI.
        :raises InvalidInputError: where it is not such a digest, or a lifecycle rule can take the
            image and ``may_expire`` does not name it.
        """
        if digest is not None:
            refuse(check_digest(digest), self)
        return self._uri(digest, digest=True)

    def repository_uri_for_tag_or_digest(self, tag_or_digest: str | None = None) -> str:
        """The URI by tag, or by digest where the text begins with ``sha256:``.

        :param tag_or_digest: either. Default: the URI of the repository itself.
        :raises InvalidInputError: where it is neither a tag nor a digest, or a lifecycle rule can
            take the image and ``may_expire`` does not name it.
        """
        if tag_or_digest is not None:
            refuse(check_tag_or_digest(tag_or_digest), self)
        return self._uri(tag_or_digest)

    def _uri(self, tag_or_digest: str | None, *, digest: bool = False) -> str:
        if tag_or_digest:
            self._refer_to(tag_or_digest)
        tail = f"@{tag_or_digest}" if digest and tag_or_digest else suffix(tag_or_digest)
        return self._uri_base() + tail

    def _refer_to(self, tag_or_digest: str) -> None:
        """Note that the app refers to an image; what a repository elsewhere keeps is not known."""

    @abstractmethod
    def _uri_base(self) -> str:
        """The URI without tag and digest."""
