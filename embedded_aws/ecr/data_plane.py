"""The registry protocol behind ECR's gate: a token that holds, and IAM asked for each call."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from . import storage
from .access import Access, Denial
from .api import HttpAnswer
from .errors import EcrError, RegistryError
from .images import referrer_descriptor
from .manifests import OCI_INDEX, ManifestInvalid, content_digest, parse_manifest
from .model import Layer, Registries, Registry, Repository
from .paths import RegistryPath, registry_of_host, registry_path
from .tokens import AuthorizationToken, AuthorizationTokens, IamCaller

# What the registry protocol's calls need, as ECR's documentation maps them to its API.
NEEDED = {
    ("uploads", "POST"): "ecr:InitiateLayerUpload",
    ("upload", "PATCH"): "ecr:UploadLayerPart",
    ("upload", "PUT"): "ecr:CompleteLayerUpload",
    ("upload", "GET"): "ecr:UploadLayerPart",
    ("upload", "DELETE"): "ecr:UploadLayerPart",
    ("blob", "HEAD"): "ecr:BatchCheckLayerAvailability",
    ("blob", "GET"): "ecr:GetDownloadUrlForLayer",
    ("manifest", "HEAD"): "ecr:BatchGetImage",
    ("manifest", "GET"): "ecr:BatchGetImage",
    ("manifest", "PUT"): "ecr:PutImage",
    ("manifest", "DELETE"): "ecr:BatchDeleteImage",
    ("referrers", "GET"): "ecr:BatchGetImage",
    ("tags", "GET"): "ecr:ListImages",
    ("catalog", "GET"): "ecr:DescribeRepositories",
}
# How an exception of the API is spelled in the registry protocol.
SPELLED = {
    "RepositoryNotFoundException": (404, "NAME_UNKNOWN"),
    "ImageTagAlreadyExistsException": (400, "TAG_INVALID"),
    "LayersNotFoundException": (400, "MANIFEST_BLOB_UNKNOWN"),
    "ReferencedImagesNotFoundException": (400, "MANIFEST_BLOB_UNKNOWN"),
    "UploadNotFoundException": (404, "BLOB_UPLOAD_UNKNOWN"),
    "InvalidLayerException": (400, "DIGEST_INVALID"),
    "ImageReferencedByManifestList": (400, "DENIED"),
}


class DataPlane:
    """`/v2/` of every registry of this process."""

    def __init__(
        self,
        registries: Registries,
        tokens: AuthorizationTokens,
        access: Access,
        *,
        gate: bool = True,
    ) -> None:
        self._registries = registries
        self._tokens = tokens
        self._access = access
        self._gate = gate

    def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> HttpAnswer:
        """Answer one call of the registry protocol."""
        try:
            status, answer_headers, content = self._answer(method, path, headers, query, body)
        except EcrError as error:
            spelled_status, code = SPELLED.get(error.code, (error.status, "UNKNOWN"))
            refusal = RegistryError(spelled_status, code, error.message)
            status, answer_headers, content = _refused(refusal)
        except RegistryError as error:
            status, answer_headers, content = _refused(error)
        answer_headers.setdefault("Docker-Distribution-Api-Version", "registry/2.0")
        answer_headers.setdefault("Content-Length", str(len(content)))
        return status, answer_headers, b"" if method == "HEAD" else content

    def _answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> HttpAnswer:
        host = headers.get("host", "")
        target = registry_path(path)
        if target is None:
            raise RegistryError(404, "UNSUPPORTED", f"no such path: {path}")
        named = registry_of_host(host)
        token = self._token(host, headers.get("authorization", ""), named)
        account, region = named or (token.account, token.region)
        registry = self._registries.get(account, region)
        if target.kind == "ping":
            return 200, {"Content-Type": "application/json"}, b"{}"
        action = NEEDED.get((target.kind, method))
        if action is None:
            raise RegistryError(405, "UNSUPPORTED", f"{method} is not supported here")
        self._require(token, action, registry, target.name or "*")
        if target.kind == "catalog":
            return _json({"repositories": sorted(registry.repositories)})
        repository = registry.repository(target.name)
        call = _Call(self, token, registry, repository, target, query, headers, body)
        return call.answer(method)

    def _token(
        self, host: str, authorization: str, named: tuple[str, str] | None
    ) -> AuthorizationToken:
        token = self._tokens.find(authorization)
        if not self._gate:
            # Without the gate anybody is taken for the root of the registry that was asked.
            account, region = named or ("000000000000", "us-east-1")
            return token or AuthorizationToken(
                IamCaller(account, account), account, region, float("inf")
            )
        if token is None or (named is not None and named[1] != token.region):
            challenge = f'Basic realm="https://{host}/",service="ecr.amazonaws.com"'
            raise RegistryError(
                401, "UNAUTHORIZED", "Not Authorized", {"Www-Authenticate": challenge}
            )
        if token.expired:
            raise RegistryError(
                403,
                "DENIED",
                "Your authorization token has expired. Reauthenticate and try again.",
            )
        return token

    def _require(
        self, token: AuthorizationToken, action: str, registry: Registry, name: str
    ) -> None:
        denial = self.decide(token, action, registry, name)
        if denial is not None:
            raise RegistryError(403, "DENIED", denial.message)

    def decide(
        self, token: AuthorizationToken, action: str, registry: Registry, name: str
    ) -> Denial | None:
        """Whether the token's holder may do *action* on the repository *name*."""
        if not self._gate:
            return None
        arn = registry.name.repository_arn(name)
        return self._access.decide(token.caller, action, arn, registry.name.region)


class _Call:
    """One call that the gate let through, on a repository that exists."""

    def __init__(
        self,
        plane: DataPlane,
        token: AuthorizationToken,
        registry: Registry,
        repository: Repository,
        target: RegistryPath,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        self._plane = plane
        self._token = token
        self._registry = registry
        self._repository = repository
        self._reference = target.reference
        self._kind = target.kind
        self._query = query
        self._headers = headers
        self._body = body

    def answer(self, method: str) -> HttpAnswer:
        verb = "get" if method == "HEAD" else method.lower()
        answered: HttpAnswer = getattr(self, f"{verb}_{self._kind}")()
        return answered

    def post_uploads(self) -> HttpAnswer:
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
        action = "ecr:GetDownloadUrlForLayer"
        if self._plane.decide(self._token, action, self._registry, source_name) is not None:
            return None
        self._repository.layers[digest] = Layer(source.layers[digest].content)
        return digest

    def patch_upload(self) -> HttpAnswer:
        self._upload().extend(self._body)
        return 202, self._upload_headers(self._reference), b""

    def get_upload(self) -> HttpAnswer:
        self._upload()
        return 204, self._upload_headers(self._reference), b""

    def delete_upload(self) -> HttpAnswer:
        self._upload()
        del self._repository.uploads[self._reference]
        return 204, {}, b""

    def put_upload(self) -> HttpAnswer:
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

    def get_blob(self) -> HttpAnswer:
        layer = self._repository.layers.get(self._reference)
        if layer is None:
            raise RegistryError(404, "BLOB_UNKNOWN", "blob unknown to registry")
        headers = {
            "Content-Type": layer.media_type,
            "Docker-Content-Digest": self._reference,
        }
        return 200, headers, layer.content

    def put_manifest(self) -> HttpAnswer:
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

    def get_manifest(self) -> HttpAnswer:
        image = self._repository.image_by_reference(self._reference)
        if image is None:
            raise RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found")
        image.last_pull = time.time()
        headers = {
            "Content-Type": image.manifest.media_type,
            "Docker-Content-Digest": image.digest,
        }
        return 200, headers, image.manifest.raw

    def delete_manifest(self) -> HttpAnswer:
        image = self._repository.image_by_reference(self._reference)
        if image is None:
            raise RegistryError(404, "MANIFEST_UNKNOWN", "Requested image not found")
        if self._reference.startswith("sha256:"):
            storage.delete_image(self._repository, image)
        else:
            storage.untag_image(self._repository, image, self._reference)
        return 202, {}, b""

    def get_referrers(self) -> HttpAnswer:
        wanted = self._query.get("artifactType")
        found = [
            referrer_descriptor(image)
            for image in self._repository.referrers_of(self._reference)
            if wanted is None or image.manifest.artifact_type == wanted
        ]
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": found}
        applied = {"OCI-Filters-Applied": "artifactType"} if wanted is not None else {}
        return 200, {"Content-Type": OCI_INDEX, **applied}, json.dumps(index).encode()

    def get_tags(self) -> HttpAnswer:
        last, limit = self._query.get("last"), self._query.get("n", "")
        tags = sorted(tag for image in self._repository.images.values() for tag in image.tags)
        if last:
            tags = [tag for tag in tags if tag > last]
        if limit.isdigit():
            tags = tags[: int(limit)]
        return _json({"name": self._repository.name, "tags": tags})


def _json(document: Mapping[str, object]) -> HttpAnswer:
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _refused(error: RegistryError) -> HttpAnswer:
    document = {"errors": [{"code": error.code, "message": error.message}]}
    headers = {"Content-Type": "application/json", **error.headers}
    return error.status, headers, json.dumps(document).encode()
