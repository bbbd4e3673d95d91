"""The commands that the ECR console shows, for every client.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/getting-started-cli.html
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Client", "Commands", "commands"]


class Client(enum.Enum):
    """A program that moves images or other OCI artifacts."""

    DOCKER = "docker"
    PODMAN = "podman"
    SKOPEO = "skopeo"
    HELM = "helm"
    ORAS = "oras"


@dataclass(frozen=True, kw_only=True)
class Commands:
    """One line of shell for each step; None where the client has no such step."""

    log_in: str
    tag: str | None
    push: str
    pull: str


def commands(client: Client, *, registry: str, repository: str, region: str, tag: str) -> Commands:
    """The commands for one image, ``registry`` being the host (``123.dkr.ecr...``).

    ``docker`` and ``podman`` push a local image of the repository's name; ``skopeo`` copies an OCI
    layout, ``helm`` a packaged chart and ``oras`` a file, each named like the repository's last
    part. Helm keeps the chart's own name and version, so its chart's version must be the tag.
    """
    uri = f"{registry}/{repository}"
    name = repository.rsplit("/", 1)[-1]
    parent = f"{registry}/{repository.rsplit('/', 1)[0]}" if "/" in repository else registry
    password = f"aws ecr get-login-password --region {region}"
    host = f"--username AWS --password-stdin {registry}"
    if client in (Client.DOCKER, Client.PODMAN):
        program = client.value
        return Commands(
            log_in=f"{password} | {program} login {host}",
            tag=f"{program} tag {repository}:{tag} {uri}:{tag}",
            push=f"{program} push {uri}:{tag}",
            pull=f"{program} pull {uri}:{tag}",
        )
    if client is Client.SKOPEO:
        return Commands(
            log_in=f"{password} | skopeo login {host}",
            tag=None,
            push=f"skopeo copy --all oci:{name}:{tag} docker://{uri}:{tag}",
            pull=f"skopeo copy --all docker://{uri}:{tag} oci:{name}:{tag}",
        )
    if client is Client.HELM:
        return Commands(
            log_in=f"{password} | helm registry login {host}",
            tag=None,
            push=f"helm push {name}-{tag}.tgz oci://{parent}",
            pull=f"helm pull oci://{uri} --version {tag}",
        )
    return Commands(
        log_in=f"{password} | oras login {host}",
        tag=None,
        push=f"oras push {uri}:{tag} {name}",
        pull=f"oras pull {uri}:{tag}",
    )
