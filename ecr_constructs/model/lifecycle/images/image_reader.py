"""Reads the output of ``aws ecr describe-images`` and says where it is of another shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ...findings import Finding
from ..policies.json_reader import read_json
from .image import Image, ImageStatus
from .times import parse_time

__all__ = ["parse_images", "parse_manifests"]

_PAGE: Final = "https://docs.aws.amazon.com/cli/latest/reference/ecr/describe-images.html"
_MOST_FINDINGS: Final = 50
_STATUSES: Final = {status.value: status for status in ImageStatus}


def parse_images(text: str) -> tuple[tuple[Image, ...], tuple[Finding, ...]]:
    """The images of one repository, and everything that is not as ECR describes images.

    Takes the whole answer of ``describe-images`` or the list inside it, times in every format
    that the CLI prints. When there is a finding, the images are not complete.
    """
    # Of repeated keys the last counts, as for every program that reads the CLI's output.
    document, broken = read_json(text, what="images", keep_repeated=False)
    if broken is not None:
        return (), (broken,)
    entries = document.get("imageDetails") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        return (), (_wrong("images", "is no answer of describe-images", None, "imageDetails"),)
    reader = _ImageReader()
    images = tuple(reader.read(entries))
    return images, tuple(reader.findings[:_MOST_FINDINGS])


def parse_manifests(text: str) -> tuple[dict[str, tuple[str, ...]], tuple[Finding, ...]]:
    """For each manifest list the digests in it: ``{"sha256:...": ["sha256:...", ...]}``."""
    document, broken = read_json(text, what="manifests")
    if broken is not None:
        return {}, (broken,)
    if not isinstance(document, dict):
        return {}, (_wrong("manifests", "is no object", None, "{index digest: [digests]}"),)
    manifests: dict[str, tuple[str, ...]] = {}
    findings: list[Finding] = []
    for index, children in document.items():
        if isinstance(children, list) and all(isinstance(child, str) for child in children):
            manifests[index] = tuple(children)
        elif len(findings) < _MOST_FINDINGS:
            findings.append(
                _wrong(f"manifests[{index[:80]}]", "is no list", children, "a list of digests")
            )
    return manifests, tuple(findings)


class _ImageReader:
    """Reads images one after the other and remembers what only one of them may have."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._digests: set[str] = set()
        self._tags: set[str] = set()
        self._repository: str | None = None

    def read(self, entries: list[object]) -> Iterator[Image]:
        for number, entry in enumerate(entries):
            if len(self.findings) > _MOST_FINDINGS:
                return
            before = len(self.findings)
            image = self._image(entry, number)
            if image is not None and len(self.findings) == before:
                yield image

    def _image(self, entry: object, number: int) -> Image | None:
        if not isinstance(entry, dict):
            self._refuse(number, "", "is no image", entry, "an object")
            return None
        digest = entry.get("imageDigest")
        if not isinstance(digest, str) or not digest:
            self._refuse(number, "imageDigest", "is no digest", digest, "sha256:...")
            return None
        if digest in self._digests:
            self._refuse(number, "imageDigest", "is there twice", digest, "each once")
            return None
        self._digests.add(digest)
        pushed_at = self._time(entry, "imagePushedAt", number)
        if pushed_at is None:
            if entry.get("imagePushedAt") is None:
                self._refuse(number, "imagePushedAt", "is missing", None, "the time of the push")
            return None
        return Image(
            digest=digest,
            pushed_at=pushed_at,
            tags=self._own_tags(entry, number),
            size_in_bytes=self._size(entry, number),
            status=self._status(entry, number),
            last_pulled_at=self._time(entry, "lastRecordedPullTime", number),
            archived_at=self._time(entry, "lastArchivedAt", number),
            activated_at=self._time(entry, "lastActivatedAt", number),
            media_type=self._text(entry, "imageManifestMediaType", number),
            subject=self._text(entry, "subjectManifestDigest", number),
            repository=self._same_repository(entry, number),
        )

    def _same_repository(self, entry: dict[str, object], number: int) -> str | None:
        name = self._text(entry, "repositoryName", number)
        if name is not None:
            self._repository = self._repository or name
            if name != self._repository:
                self._refuse(
                    number, "repositoryName", "is another repository", name, self._repository
                )
        return name

    def _own_tags(self, entry: dict[str, object], number: int) -> tuple[str, ...]:
        given = entry.get("imageTags")
        if given is None:
            return ()
        if not isinstance(given, list) or not all(isinstance(tag, str) for tag in given):
            self._refuse(number, "imageTags", "is no list of tags", given, "a list of texts")
            return ()
        for tag in given:
            if tag in self._tags:
                self._refuse(number, "imageTags", "has a tag of another image", tag, "each once")
            self._tags.add(tag)
        return tuple(given)

    def _size(self, entry: dict[str, object], number: int) -> int:
        given = entry.get("imageSizeInBytes")
        if given is None:
            return 0
        if not isinstance(given, int) or isinstance(given, bool) or given < 0:
            self._refuse(number, "imageSizeInBytes", "is no size", given, "a number of bytes")
            return 0
        return given

    def _status(self, entry: dict[str, object], number: int) -> ImageStatus:
        given = entry.get("imageStatus")
        if given is None:
            return ImageStatus.ACTIVE
        status = _STATUSES.get(given) if isinstance(given, str) else None
        if status is None:
            self._refuse(number, "imageStatus", "is no status", given, ", ".join(_STATUSES))
            return ImageStatus.ACTIVE
        return status

    def _time(self, entry: dict[str, object], key: str, number: int) -> datetime | None:
        given = entry.get(key)
        if given is None:
            return None
        try:
            return parse_time(given)
        except ValueError as error:
            allowed = "2026-01-31T12:00:00+01:00, or seconds since 1970"
            self._refuse(number, key, str(error), given, allowed)
            return None

    def _text(self, entry: dict[str, object], key: str, number: int) -> str | None:
        given = entry.get(key)
        if given is not None and not isinstance(given, str):
            self._refuse(number, key, "is no text", given, "text")
            return None
        return given

    def _refuse(self, number: int, key: str, message: str, given: object, allowed: str) -> None:
        place = f"imageDetails[{number}]" + (f".{key}" if key else "")
        self.findings.append(_wrong(place, message, given, allowed))


def _wrong(place: str, message: str, given: object, allowed: str) -> Finding:
    shown = given if isinstance(given, (int, float, type(None))) else str(given)[:200]
    return Finding(
        code="images-shape",
        property=place,
        message=message,
        given=shown,
        allowed=allowed,
        fix="give the output of aws ecr describe-images for one repository, as it is",
        docs=_PAGE,
    )
