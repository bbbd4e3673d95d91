"""A small client of the registry protocol, for tests: it uses a registry's real host name.

It is deliberately literal: one method, one call, and the answer as it came. `push_image` and
its like put those calls together as `docker push` does.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .ecr.manifests import OCI_INDEX, OCI_MANIFEST

OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True)
class RegistryAnswer:
    """What a registry answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def code(self) -> str:
        """The error code of a refusal."""
        return str(self.document["errors"][0]["code"])

    @property
    def message(self) -> str:
        """The sentence of a refusal."""
        return str(self.document["errors"][0]["message"])


class PushRefused(RuntimeError):
    """A step of a push was refused; `answer` says how."""

    def __init__(self, step: str, answer: RegistryAnswer) -> None:
        super().__init__(f"{step}: {answer.status} {answer.body.decode(errors='replace')}")
        self.step = step
        self.answer = answer


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def descriptor(content: bytes, media_type: str, **more: Any) -> dict[str, Any]:
    stated = {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}
    return {**stated, **more}


@dataclass(frozen=True)
class BuiltImage:
    """A manifest and the blobs it names."""

    manifest: bytes
    blobs: tuple[bytes, ...] = ()
    media_type: str = OCI_MANIFEST

    @property
    def digest(self) -> str:
        return digest_of(self.manifest)

    @property
    def descriptor(self) -> dict[str, Any]:
        return descriptor(self.manifest, self.media_type)


def image(content: str, *, subject: BuiltImage | None = None, **members: Any) -> BuiltImage:
    """An image with one layer, whose bytes are *content*; *members* go into its manifest."""
    layer = content.encode()
    config = json.dumps({"architecture": "amd64", "os": "linux", "about": content}).encode()
    manifest: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(config, OCI_CONFIG),
        "layers": [descriptor(layer, OCI_LAYER)],
        **({"subject": subject.descriptor} if subject else {}),
        **members,
    }
    return BuiltImage(json.dumps(manifest).encode(), (config, layer))


def index(children: Sequence[BuiltImage], **members: Any) -> BuiltImage:
    """An index over *children*."""
    document = {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [child.descriptor for child in children],
        **members,
    }
    return BuiltImage(json.dumps(document).encode(), (), OCI_INDEX)


class RegistryConnections:
    """Connections to registries by their real names, kept open between calls."""

    def __init__(self, proxy: str, ca_file: Path) -> None:
        self._proxy = urlsplit(proxy)
        self._ca_file = ca_file
        self._open: dict[str, http.client.HTTPSConnection] = {}
        self._lock = threading.Lock()

    def request(
        self, host: str, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> RegistryAnswer:
        with self._lock:
            try:
                return self._request(host, method, target, body, headers)
            except (ConnectionError, http.client.RemoteDisconnected):
                # The server may have closed a connection that was idle for long.
                self._open.pop(host).close()
                return self._request(host, method, target, body, headers)

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _request(
        self, host: str, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> RegistryAnswer:
        connection = self._open.get(host) or self._open.setdefault(host, self._connect(host))
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        content = response.read()
        lower = {name.lower(): value for name, value in response.getheaders()}
        return RegistryAnswer(response.status, lower, content)

    def _connect(self, host: str) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self._ca_file))
        connection = http.client.HTTPSConnection(
            self._proxy.hostname or "", self._proxy.port, context=context, timeout=30
        )
        connection.set_tunnel(host, 443)
        return connection


@dataclass
class RegistryClient:
    """Calls to one repository of one registry, with or without a login."""

    host: str
    repository: str
    connections: RegistryConnections
    password: str | None = None

    def call(
        self, method: str, path: str, body: bytes = b"", media_type: str | None = None
    ) -> RegistryAnswer:
        """One request to a path below the repository (or an absolute one)."""
        headers = {}
        if self.password is not None:
            headers["Authorization"] = f"Basic {self.password}"
        if media_type is not None:
            headers["Content-Type"] = media_type
        target = path if path.startswith("/") else f"/v2/{self.repository}/{path}"
        return self.connections.request(self.host, method, target, body, headers)

    def put_manifest(self, pushed: BuiltImage, reference: str | None = None) -> RegistryAnswer:
        path = f"manifests/{reference or pushed.digest}"
        return self.call("PUT", path, pushed.manifest, pushed.media_type)

    def push_blob(self, content: bytes) -> None:
        digest = digest_of(content)
        if self.call("HEAD", f"blobs/{digest}").status == 200:
            return
        begun = self._expect(202, "InitiateLayerUpload", self.call("POST", "blobs/uploads/"))
        location = begun.headers["location"]
        self._expect(202, "UploadLayerPart", self.call("PATCH", location, content))
        finished = self.call("PUT", f"{location}?digest={digest}")
        self._expect(201, "CompleteLayerUpload", finished)

    def push_image(self, pushed: BuiltImage, reference: str | None = None) -> RegistryAnswer:
        """Push blobs and manifest; PushRefused where a step is refused."""
        for blob in pushed.blobs:
            self.push_blob(blob)
        return self._expect(201, "PutImage", self.put_manifest(pushed, reference))

    def pull_image(self, reference: str) -> BuiltImage:
        """Pull a manifest and its blobs; PushRefused where a step is refused."""
        got = self._expect(200, "BatchGetImage", self.call("GET", f"manifests/{reference}"))
        document = got.document
        named = [document["config"], *document["layers"]] if "config" in document else []
        blobs = [
            self._expect(200, "GetDownloadUrlForLayer", self.call("GET", f"blobs/{one['digest']}"))
            for one in named
        ]
        return BuiltImage(got.body, tuple(blob.body for blob in blobs), got.headers["content-type"])

    def _expect(self, status: int, step: str, answer: RegistryAnswer) -> RegistryAnswer:
        if answer.status != status:
            raise PushRefused(step, answer)
        return answer
