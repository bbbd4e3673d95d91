"""The paths of the registry protocol (OCI distribution 1.1, `/v2/...`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOST = re.compile(
    r"(?P<account>\d{12})\.dkr(?:\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com"
    r"|-ecr\.(?P<dual>[a-z0-9-]+)\.on\.aws)(?::\d+)?"
)
_PATHS = (
    ("ping", re.compile(r"/v2/?")),
    ("catalog", re.compile(r"/v2/_catalog")),
    ("tags", re.compile(r"/v2/(?P<name>.+)/tags/list")),
    ("upload", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<reference>[^/]+)")),
    ("uploads", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/?")),
    ("blob", re.compile(r"/v2/(?P<name>.+)/blobs/(?P<reference>sha256:[0-9a-f]{64})")),
    ("manifest", re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)")),
    ("referrers", re.compile(r"/v2/(?P<name>.+)/referrers/(?P<reference>[^/]+)")),
)


@dataclass(frozen=True)
class RegistryPath:
    """What a path asks for: the kind of thing, of which repository, which one."""

    kind: str
    name: str = ""
    reference: str = ""


def registry_path(path: str) -> RegistryPath | None:
    """The meaning of a path of the registry protocol, or None for any other path."""
    for kind, pattern in _PATHS:
        match = pattern.fullmatch(path)
        if match:
            found = match.groupdict()
            return RegistryPath(kind, found.get("name") or "", found.get("reference") or "")
    return None


def registry_of_host(host: str) -> tuple[str, str] | None:
    """The account and Region that a registry's host name says."""
    match = _HOST.fullmatch(host.lower())
    if match is None:
        return None
    return match["account"], match["region"] or match["dual"]
