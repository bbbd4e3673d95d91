"""What the registry protocol does with a repository, once a call has passed the gate."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

from . import storage
from .api import HttpAnswer
from .errors import EcrError, RegistryError
from .images import referrer_descriptor
from .manifests import OCI_INDEX, ManifestInvalid, content_digest, parse_manifest
from .model import Layer, Registry, Repository
from .paths import RegistryPath


def json_answer(document: Mapping[str, object]) -> HttpAnswer:
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


class RepositoryCall:
    """One call that the gate let through, on a repository that exists."""

    def __init__(
        self,
        may: Callable[[str, str], bool],
        registry: Registry,
        repository: Repository,
        target: RegistryPath,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        self._may = may
        self._registry = registry
        self._repository = repository
        self._reference = target.reference
        self._answers = self._by_kind_and_method()
        self._kind = target.kind
        self._query = query
        self._headers = headers
        self._body = body

    def answer(self, method: str) -> HttpAnswer:
        """What the call gets; a HEAD gets what its GET would."""
        return self._answers[self._kind, "GET" if method == "HEAD" else method]()

    def _by_kind_and_method(self) -> dict[tuple[str, str], Callable[[], HttpAnswer]]:
        return {
            ("uploads", "POST"): self._begin_upload,
            ("upload", "PATCH"): self._receive_part,
            ("upload", "GET"): self._describe_upload,
            ("upload", "DELETE"): self._cancel_upload,
            ("upload", "PUT"): self._finish_upload,
            ("blob", "GET"): self._get_blob,
            ("manifest", "PUT"): self._put_manifest,
            ("manifest", "GET"): self._get_manifest,
            ("manifest", "DELETE"): self._delete_manifest,
            ("referrers", "GET"): self._list_referrers,
            ("tags", "GET"): self._list_tags,
        }

    def _begin_upload(self) -> HttpAnswer:
        mounted = self._mount()
        if mounted is not None:
            return self._created_blob(mounted)
        upload = self._repository.begin_upload()
        return 202, self._upload_headers(upload), b""

    def _mount(self) -> str | None:
        """The digest that was mounted from another repository, if it could be."""
        digest, source_name = self._query.get("mount"), self._query.get("from")
        enabled = self._registry.settings.get("BLOB_MOUNTING") == "ENABLED"
        if not (digest and source_name and enabled):
            return None
        source = self._registry.repositories.get(source_name)
        if source is None or digest not in source.layers:
            return None
        if not self._may("ecr:GetDownloadUrlForLayer", source_name):
            return None
        self._repository.layers[digest] = Layer(source.layers[digest].content)
        return digest

    def _receive_part(self) -> HttpAnswer:
        self._upload().extend(self._body)
        return 202, self._upload_headers(self._reference), b""

    def _describe_upload(self) -> HttpAnswer:
        self._upload()
        return 204, self._upload_headers(self._reference), b""

    def _cancel_upload(self) -> HttpAnswer:
        self._upload()
        del self._repository.uploads[self._reference]
        return 204, {}, b""

    def _finish_upload(self) -> HttpAnswer:
        self._upload().extend(self._body)
        digest = self._query.get("digest", "")
        storage.finish_upload(self._repository, self._reference, digest)
        return self._created_blob(digest)

    def _upload(self) -> bytearray:
        content = self._repository.uploads.get(self._reference)
        if content is None:
            raise RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "the upload does not exist")
        return content

    def _upload_headers(self, upload: str) -> dict[str, str]:
        received = len(self._repository.uploads[upload])
        return {
            "Location": f"/v2/{self._repository.name}/blobs/uploads/{upload}",
            "Range": f"0-{max(received - 1, 0)}",
            "Docker-Upload-Uuid": upload,
        }

    def _created_blob(self, digest: str) -> HttpAnswer:
        location = f"/v2/{self._repository.name}/blobs/{digest}"
        return 201, {"Location": location, "Docker-Content-Digest": digest}, b""

    def _get_blob(self) -> HttpAnswer:
        layer = self._repository.layers.get(self._reference)
        if layer is None:
            raise RegistryError(404, "BLOB_UNKNOWN", "blob unknown to registry")
        headers = {
            "Content-Type": layer.media_type,
            "Docker-Content-Digest": self._reference,
        }
        return 200, headers, layer.content

    def _put_manifest(self) -> HttpAnswer:
        named_by_digest = self._reference.startswith("sha256:")
        if named_by_digest and content_digest(self._body) != self._reference:
            raise RegistryError(400, "DIGEST_INVALID", "the manifest does not have that digest")
        try:
            manifest = parse_manifest(self._body, self._headers.get("content-type"))
        except ManifestInvalid as error:
            raise RegistryError(400, "MANIFEST_INVALID", str(error)) from error
        try:
            tag = None if named_by_digest else self._reference
            storage.put_manifest(self._repository, manifest, tag)
        except EcrError as error:
            # A client that repeats a push that had arrived is not told of an error.
            if error.code != "ImageAlreadyExistsException":
                raise
        headers = {
            "Location": f"/v2/{self._repository.name}/manifests/{manifest.digest}",
            "Docker-Content-Digest": manifest.digest,
        }
        if manifest.subject is not None:
            headers["OCI-Subject"] = manifest.subject.digest
        return 201, headers, b""

    def _get_manifest(self) -> HttpAnswer:
        image = self._repository.image_by_reference(self._reference)
        if image is None:
            raise RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found")
        image.last_pull = time.time()
        headers = {
            "Content-Type": image.manifest.media_type,
            "Docker-Content-Digest": image.digest,
        }
        return 200, headers, image.manifest.raw

    def _delete_manifest(self) -> HttpAnswer:
        image = self._repository.image_by_reference(self._reference)
        if image is None:
            raise RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found")
        if self._reference.startswith("sha256:"):
            storage.delete_image(self._repository, image)
        else:
            storage.untag_image(self._repository, image, self._reference)
        return 202, {}, b""

    def _list_referrers(self) -> HttpAnswer:
        wanted = self._query.get("artifactType")
        found = [
            referrer_descriptor(image)
            for image in self._repository.referrers_of(self._reference)
            if wanted is None or image.manifest.artifact_type == wanted
        ]
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": found}
        applied = {"OCI-Filters-Applied": "artifactType"} if wanted is not None else {}
        return 200, {"Content-Type": OCI_INDEX, **applied}, json.dumps(index).encode()

    def _list_tags(self) -> HttpAnswer:
        last, limit = self._query.get("last"), self._query.get("n", "")
        tags = sorted(tag for image in self._repository.images.values() for tag in image.tags)
        if last:
            tags = [tag for tag in tags if tag > last]
        if limit.isdigit():
            tags = tags[: int(limit)]
        return json_answer({"name": self._repository.name, "tags": tags})
