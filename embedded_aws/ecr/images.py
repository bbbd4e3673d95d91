"""The operations on images: put, get, list, describe, delete, referrers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from . import storage
from .errors import EcrError
from .manifests import ManifestInvalid, parse_manifest
from .model import Image, Repository
from .requests import Answer, EcrRequest, Operation, page

ImageId = Mapping[str, str]


def referrer_descriptor(image: Image) -> Answer:
    """A referrer as a descriptor of the referrers API of OCI 1.1."""
    manifest = image.manifest
    descriptor: Answer = {
        "mediaType": manifest.media_type,
        "digest": manifest.digest,
        "size": len(manifest.raw),
    }
    if manifest.artifact_type:
        descriptor["artifactType"] = manifest.artifact_type
    if manifest.annotations:
        descriptor["annotations"] = dict(manifest.annotations)
    return descriptor


def describe_image(repository: Repository, image: Image) -> Answer:
    """An image as DescribeImages describes it."""
    manifest = image.manifest
    detail: Answer = {
        "registryId": repository.registry.account,
        "repositoryName": repository.name,
        "imageDigest": image.digest,
        "imageSizeInBytes": storage.image_size(repository, manifest),
        "imagePushedAt": image.pushed_at,
        "imageManifestMediaType": manifest.media_type,
        "imageStatus": "ACTIVE",
    }
    if image.tags:
        detail["imageTags"] = list(image.tags)
    if manifest.artifact_type:
        detail["artifactMediaType"] = manifest.artifact_type
    if manifest.subject:
        detail["subjectManifestDigest"] = manifest.subject.digest
    if image.last_pull is not None:
        detail["lastRecordedPullTime"] = image.last_pull
    return detail


class ImageOperations:
    """The part of the API that is about images."""

    def operations(self) -> dict[str, Operation]:
        return {
            "PutImage": self.put,
            "BatchGetImage": self.batch_get,
            "BatchDeleteImage": self.batch_delete,
            "ListImages": self.list_images,
            "DescribeImages": self.describe_images,
            "ListImageReferrers": self.list_referrers,
            "DescribeImageScanFindings": self.scan_findings,
        }

    def put(self, request: EcrRequest) -> Answer:
        repository, data = self._repository(request), request.data
        raw = str(data["imageManifest"]).encode()
        try:
            manifest = parse_manifest(raw, data.get("imageManifestMediaType"))
        except ManifestInvalid as error:
            raise EcrError(
                "InvalidParameterException",
                f"Invalid parameter at 'ImageManifest' failed to satisfy constraint: '{error}'",
            ) from error
        if data.get("imageDigest") not in (None, manifest.digest):
            raise EcrError(
                "ImageDigestDoesNotMatchException",
                f"The digest '{data['imageDigest']}' does not match the manifest, whose digest "
                f"is '{manifest.digest}'",
            )
        tag = data.get("imageTag")
        image = storage.put_manifest(repository, manifest, tag)
        return {"image": self._shown(repository, image, tag)}

    def batch_get(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        images, failures = [], []
        for image_id in request.data["imageIds"]:
            try:
                image = self._find(repository, image_id)
            except EcrError as error:
                failures.append(_failure(image_id, error))
                continue
            image.last_pull = time.time()
            images.append(self._shown(repository, image, image_id.get("imageTag")))
        return {"images": images, "failures": failures}

    def batch_delete(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        deleted: list[Answer] = []
        failures: list[Answer] = []
        for image_id in request.data["imageIds"]:
            try:
                image = self._find(repository, image_id)
                gone = self._delete(repository, image, image_id)
            except EcrError as error:
                failures.append(_failure(image_id, error))
                continue
            deleted.extend(gone)
        return {"imageIds": deleted, "failures": failures}

    def _delete(self, repository: Repository, image: Image, image_id: ImageId) -> list[Answer]:
        tag = image_id.get("imageTag")
        if tag and not image_id.get("imageDigest"):
            storage.untag_image(repository, image, tag)
            return [{"imageDigest": image.digest, "imageTag": tag}]
        storage.delete_image(repository, image)
        return _ids(image)

    def list_images(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        ids = [
            image_id
            for image in repository.images.values()
            if _selected(request, image)
            for image_id in _ids(image)
        ]
        found, more = page(request, ids)
        return {"imageIds": found, **more}

    def describe_images(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        asked = request.data.get("imageIds")
        if asked:
            chosen = [self._described(repository, image_id) for image_id in asked]
        else:
            chosen = [image for image in repository.images.values() if _selected(request, image)]
        found, more = page(request, chosen)
        return {"imageDetails": [describe_image(repository, image) for image in found], **more}

    def list_referrers(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        wanted = (request.data.get("filter") or {}).get("artifactTypes")
        referrers = [
            {**referrer_descriptor(image), "artifactStatus": "ACTIVE"}
            for image in repository.referrers_of(request.data["subjectId"]["imageDigest"])
            if not wanted or image.manifest.artifact_type in wanted
        ]
        found, more = page(request, referrers)
        return {"referrers": found, **more}

    def scan_findings(self, request: EcrRequest) -> Answer:
        """Nothing is scanned here, so that there is never a finding to describe."""
        repository = self._repository(request)
        image = self._described(repository, request.data["imageId"])
        raise EcrError(
            "ScanNotFoundException",
            f"Image scan does not exist for the image with '{{imageDigest:'{image.digest}'}}' in "
            f"the repository with name '{repository.name}' in the registry with id "
            f"'{repository.registry.account}'",
        )

    def _repository(self, request: EcrRequest) -> Repository:
        return request.registry.repository(str(request.data["repositoryName"]))

    def _shown(self, repository: Repository, image: Image, tag: str | None) -> Answer:
        image_id = {"imageDigest": image.digest, **({"imageTag": tag} if tag else {})}
        return {
            "registryId": repository.registry.account,
            "repositoryName": repository.name,
            "imageId": image_id,
            "imageManifest": image.manifest.raw.decode(),
            "imageManifestMediaType": image.manifest.media_type,
        }

    def _find(self, repository: Repository, image_id: ImageId) -> Image:
        digest, tag = image_id.get("imageDigest"), image_id.get("imageTag")
        reference = digest or tag
        if not reference:
            raise EcrError(
                "MissingDigestAndTag",
                "Invalid request parameters: both tag and digest are missing",
            )
        image = repository.image_by_reference(reference)
        if image is None:
            raise EcrError("ImageNotFound", "Requested image not found")
        if digest and tag and tag not in image.tags:
            raise EcrError("ImageTagDoesNotMatchDigest", "Requested tag does not match digest")
        return image

    def _described(self, repository: Repository, image_id: ImageId) -> Image:
        try:
            return self._find(repository, image_id)
        except EcrError as error:
            asked = ", ".join(
                f"{key}:'{image_id.get(key, 'null')}'" for key in ("imageDigest", "imageTag")
            )
            raise EcrError(
                "ImageNotFoundException",
                f"The image with imageId {{{asked}}} does not exist within the repository with "
                f"name '{repository.name}' in the registry with id "
                f"'{repository.registry.account}'",
            ) from error


def _failure(image_id: Mapping[str, Any], error: EcrError) -> Answer:
    return {
        "imageId": dict(image_id),
        "failureCode": error.code,
        "failureReason": error.message,
    }


def _ids(image: Image) -> list[Answer]:
    if not image.tags:
        return [{"imageDigest": image.digest}]
    return [{"imageDigest": image.digest, "imageTag": tag} for tag in image.tags]


def _selected(request: EcrRequest, image: Image) -> bool:
    wanted = request.data.get("filter") or {}
    if wanted.get("imageStatus", "ANY") not in ("ANY", "ACTIVE"):
        return False
    status = wanted.get("tagStatus", "ANY")
    return bool(status == "ANY" or (status == "TAGGED") == bool(image.tags))
