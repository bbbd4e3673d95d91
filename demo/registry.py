"""A small client of the OCI distribution protocol: whole images in, whole images out.

It speaks to a registry by the registry's real name, through a proxy on loopback; the URIs that a
stack puts out are used as they are.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NoReturn

from demo.images import INDEX, MANIFEST, Artifact, Content, Image, digest_of
from demo.stopped import DemoStoppedError

_SECONDS = 30


class RegistryRefusedError(Exception):
    """The registry said no, in its own words."""

    def __init__(self, *, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class BrokenContentError(DemoStoppedError):
    """The registry sent bytes that are not those which the digest names."""


@dataclass(frozen=True)
class Login:
    """User and password of a registry, as an authorization token holds them."""

    user: str
    password: str

    @classmethod
    def from_token(cls, token: str) -> Login:
        """Reads an answer of GetAuthorizationToken."""
        user, _, password = base64.b64decode(token).decode().partition(":")
        return cls(user, password)

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Registry:
    """One connection to one registry, logged in as somebody or as nobody."""

    host: str
    proxy: tuple[str, int]
    ca_file: str
    login: Login | None
    _connection: http.client.HTTPSConnection | None = field(default=None, init=False, repr=False)

    def close(self) -> None:
        """Hangs up; the next request would connect again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def push_image(self, repository: str, image: Image, *tags: str) -> str:
        """Pushes every platform, then the index under each tag; tells the digest answered."""
        for platform in image.platforms:
            self.push_artifact(repository, platform)
        answered = image.digest
        for reference in tags or (image.digest,):
            answered = self.push_manifest(repository, image.index, reference)
        return answered

    def push_artifact(self, repository: str, artifact: Artifact) -> str:
        """Pushes blobs and manifest of an untagged artifact; tells the digest answered."""
        for blob in artifact.blobs:
            self.push_blob(repository, blob)
        return self.push_manifest(repository, artifact.manifest, artifact.digest)

    def push_blob(self, repository: str, blob: Content) -> None:
        """Uploads a blob unless the repository has it."""
        if self._has_blob(repository, blob):
            return
        started = self._request("POST", f"/v2/{repository}/blobs/uploads/", expect=(202,))
        sent = self._request(
            "PATCH",
            _path_of(started.headers["location"]),
            body=blob.data,
            headers={"Content-Type": "application/octet-stream"},
            expect=(202,),
        )
        place = _path_of(sent.headers.get("location", started.headers["location"]))
        mark = "&" if "?" in place else "?"
        query = urllib.parse.urlencode({"digest": blob.digest})
        self._request("PUT", f"{place}{mark}{query}", expect=(201,))

    def push_manifest(self, repository: str, manifest: Content, reference: str) -> str:
        """Puts a manifest under a tag or its digest; tells the digest that the registry answered.

        A registry that knows referrers says so in its answer; an artifact whose subject it passed
        over in silence would never be found again.
        """
        answer = self._request(
            "PUT",
            f"/v2/{repository}/manifests/{reference}",
            body=manifest.data,
            headers={"Content-Type": manifest.media_type},
            expect=(201,),
        )
        subject = json.loads(manifest.data).get("subject")
        if subject and answer.headers.get("oci-subject") != subject["digest"]:
            raise BrokenContentError(f"the registry took {manifest.digest} without its subject")
        return answer.headers.get("docker-content-digest", "")

    def pull_image(self, repository: str, reference: str) -> Image:
        """Pulls index, manifests and blobs, each compared with the digest that names it."""
        index = self.manifest(repository, reference)
        platforms = tuple(
            self._pull_artifact(repository, entry["digest"])
            for entry in json.loads(index.data)["manifests"]
        )
        return Image(index=index, platforms=platforms)

    def manifest(self, repository: str, reference: str) -> Content:
        """Gets one manifest by tag or digest."""
        answer = self._request(
            "GET",
            f"/v2/{repository}/manifests/{reference}",
            headers={"Accept": f"{INDEX}, {MANIFEST}"},
            expect=(200,),
        )
        if reference.startswith("sha256:"):
            _verify(answer.body, reference)
        return Content(answer.headers["content-type"].partition(";")[0], answer.body)

    def blob(self, repository: str, descriptor: Mapping[str, str]) -> Content:
        """Gets one blob."""
        digest = descriptor["digest"]
        answer = self._request("GET", f"/v2/{repository}/blobs/{digest}", expect=(200,))
        _verify(answer.body, digest)
        return Content(descriptor["mediaType"], answer.body)

    def referrers(self, repository: str, digest: str) -> list[str]:
        """The digests of all artifacts that are attached to a manifest."""
        answer = self._request("GET", f"/v2/{repository}/referrers/{digest}", expect=(200,))
        return [str(entry["digest"]) for entry in json.loads(answer.body)["manifests"]]

    def _pull_artifact(self, repository: str, digest: str) -> Artifact:
        manifest = self.manifest(repository, digest)
        named = json.loads(manifest.data)
        blobs = [self.blob(repository, entry) for entry in (named["config"], *named["layers"])]
        return Artifact(manifest=manifest, blobs=tuple(blobs))

    def _has_blob(self, repository: str, blob: Content) -> bool:
        path = f"/v2/{repository}/blobs/{blob.digest}"
        # A refusal of HEAD carries no words: the upload that follows is refused with them.
        return self._request("HEAD", path, expect=(200, 401, 403, 404)).status == HTTPStatus.OK

    def _request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...],
    ) -> Answer:
        authorization = {"Authorization": self.login.header} if self.login else {}
        connection = self._connected()
        try:
            connection.request(
                method, path, body=body, headers={**(headers or {}), **authorization}
            )
            response = connection.getresponse()
            answer = Answer(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                body=response.read(),
            )
        except BaseException:
            # Half an answer may still be on its way: nothing more can be asked on this connection.
            self.close()
            raise
        if answer.status not in expect:
            _refuse(answer)
        return answer

    def _connected(self) -> http.client.HTTPSConnection:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                *self.proxy,
                timeout=_SECONDS,
                context=ssl.create_default_context(cafile=self.ca_file),
            )
            self._connection.set_tunnel(self.host, 443)
        return self._connection


def _path_of(location: str) -> str:
    """Where an upload goes on: registries answer with a path or with a whole URL."""
    parts = urllib.parse.urlsplit(location)
    return urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))


def _verify(data: bytes, digest: str) -> None:
    if digest_of(data) != digest:
        raise BrokenContentError(f"asked for {digest}, got {digest_of(data)}")


def _refuse(answer: Answer) -> NoReturn:
    """Raises the registry's own words; an answer to HEAD has none but its status."""
    try:
        error = json.loads(answer.body)["errors"][0]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, IndexError, TypeError):
        code, message = (
            http.client.responses.get(answer.status, "UNKNOWN"),
            answer.body.decode(errors="replace"),
        )
    raise RegistryRefusedError(status=answer.status, code=code, message=message)
