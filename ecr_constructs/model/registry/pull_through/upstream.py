"""The registries that a pull-through cache fills from.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...account.identifiers import check_account_id
from ...deferred import is_deferred
from ...errors import raise_dangers
from ...findings import Finding

__all__ = ["REGISTRIES", "Authentication", "Upstream"]

DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html"
)
_AZURE_SUFFIX = ".azurecr.io"
# A registry's name, and with a label behind a '-' where Azure adds one.
_AZURE_NAME = re.compile(r"[a-zA-Z0-9]{5,50}(?:-[a-zA-Z0-9]{1,20})?")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


class Authentication(enum.Enum):
    """What ECR shows to an upstream registry."""

    NONE = "none"
    """Nothing: the registry is open."""
    SECRET = "secret"  # noqa: S105 - a kind
    """A user name and an access token out of Secrets Manager."""
    ROLE = "role"
    """An IAM role, where the registry is of another account."""


_ADDRESSES: Final[Mapping[str, tuple[str, Authentication]]] = {
    "azure-container-registry": (r".+\.azurecr\.io", Authentication.SECRET),
    "chainguard": (r"cgr\.dev", Authentication.SECRET),
    "docker-hub": (r"registry-1\.docker\.io", Authentication.SECRET),
    "ecr": (r".+\.dkr\.ecr\..+\.amazonaws\.com", Authentication.ROLE),
    "ecr-public": (r"public\.ecr\.aws", Authentication.NONE),
    "github-container-registry": (r"ghcr\.io", Authentication.SECRET),
    "gitlab-container-registry": (r"registry\.gitlab\.com", Authentication.SECRET),
    "k8s": (r"registry\.k8s\.io", Authentication.NONE),
    "quay": (r"quay\.io", Authentication.NONE),
}
REGISTRIES: Final = tuple(_ADDRESSES)
"""Each ``UpstreamRegistry`` that there is."""


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """A registry to cache images from: made by one of the class methods.

    Each knows its address, the prefix that AWS's pages use for it, and what ECR needs to read it.

    :raises InvalidInputError: where the parts are of different registries.
    """

    registry: str
    """The ``UpstreamRegistry`` of the template: ``docker-hub``, say."""
    url: str
    """The ``UpstreamRegistryUrl`` of the template, without ``https://``."""
    usual_prefix: str
    """The prefix of the cached repositories, where none is given."""
    authentication: Authentication
    """What ECR shows to the registry."""
    account: str | None = None
    """The account of an ECR registry; None for every other registry."""
    region: str | None = None
    """The Region of an ECR registry; None for every other registry."""

    def __post_init__(self) -> None:
        raise_dangers(_check_parts(self.registry, self.url, self.authentication))

    @classmethod
    def ecr_public(cls) -> Upstream:
        """Amazon ECR Public: ``public.ecr.aws``, under ``ecr-public/``. It is open."""
        return cls._open("ecr-public", "public.ecr.aws", "ecr-public")

    @classmethod
    def k8s(cls) -> Upstream:
        """The Kubernetes registry: ``registry.k8s.io``, under ``kubernetes/``. It is open."""
        return cls._open("k8s", "registry.k8s.io", "kubernetes")

    @classmethod
    def quay(cls) -> Upstream:
        """Quay: ``quay.io``, under ``quay/``. It is open."""
        return cls._open("quay", "quay.io", "quay")

    @classmethod
    def docker_hub(cls) -> Upstream:
        """Docker Hub: ``registry-1.docker.io``, under ``docker-hub/``, with an access token.

        Official images have ``library/`` in their names here: ``library/nginx``.
        """
        return cls._with_secret("docker-hub", "registry-1.docker.io", "docker-hub")

    @classmethod
    def github(cls) -> Upstream:
        """GitHub Container Registry: ``ghcr.io``, under ``github/``, with an access token."""
        return cls._with_secret("github-container-registry", "ghcr.io", "github")

    @classmethod
    def gitlab(cls) -> Upstream:
        """GitLab.com, no other GitLab: ``registry.gitlab.com``, under ``gitlab/``, with a token."""
        return cls._with_secret("gitlab-container-registry", "registry.gitlab.com", "gitlab")

    @classmethod
    def chainguard(cls) -> Upstream:
        """Chainguard: ``cgr.dev``, under ``chainguard/``, with a pull token."""
        return cls._with_secret("chainguard", "cgr.dev", "chainguard")

    @classmethod
    def azure(cls, registry_name: str) -> Upstream:
        """A Microsoft Azure registry: ``NAME.azurecr.io``, under ``azure/``, with an access token.

        :param registry_name: the name of the registry, without ``.azurecr.io``.
        :raises InvalidInputError: where no registry of Azure can have such a name.
        """
        raise_dangers(_check_azure(registry_name))
        return cls._with_secret(
            "azure-container-registry", f"{registry_name}{_AZURE_SUFFIX}", "azure"
        )

    @classmethod
    def ecr(cls, *, account: str, region: str) -> Upstream:
        """A private ECR registry of another Region or account, under ``ecr/``.

        Over accounts ECR reads it with a role, which the rule makes.

        :param account: the account of the registry.
        :param region: its Region.
        :raises InvalidInputError: where there can be no such account or Region.
        """
        raise_dangers([*check_account_id(account), *_check_region(region)])
        return cls(
            registry="ecr",
            # No rule can be made in the Regions whose registries have another suffix.
            url=f"{account}.dkr.ecr.{region}.amazonaws.com",
            usual_prefix="ecr",
            authentication=Authentication.ROLE,
            account=account,
            region=region,
        )

    @classmethod
    def _open(cls, registry: str, url: str, prefix: str) -> Upstream:
        return cls(
            registry=registry, url=url, usual_prefix=prefix, authentication=Authentication.NONE
        )

    @classmethod
    def _with_secret(cls, registry: str, url: str, prefix: str) -> Upstream:
        return cls(
            registry=registry, url=url, usual_prefix=prefix, authentication=Authentication.SECRET
        )


def _check_parts(registry: object, url: object, authentication: object) -> tuple[Finding, ...]:
    address, needs = _ADDRESSES.get(str(registry), (None, None))
    if address is not None and needs is authentication and re.fullmatch(address, str(url)):
        return ()
    return (
        Finding(
            code="pull-through-upstream-mismatch",
            property="upstream",
            message="has an address, or a way to log in, that is not of that registry",
            given=f"{registry} {url}",
            allowed=", ".join(sorted(_ADDRESSES)) + ", each with its own address",
            fix="use a class method of Upstream, docker_hub() say",
            docs=DOCS,
        ),
    )


def _check_azure(name: object) -> tuple[Finding, ...]:
    if isinstance(name, str) and (is_deferred(name) or _AZURE_NAME.fullmatch(name)):
        return ()
    fix = "take the name from 'az acr list'"
    if isinstance(name, str):
        bare = name.removeprefix("https://").rstrip("/").removesuffix(_AZURE_SUFFIX)
        if _AZURE_NAME.fullmatch(bare):
            fix = f"use {bare!r}"
    return (
        Finding(
            code="pull-through-azure-name-invalid",
            property="registry_name",
            message="is not the name of a registry of Azure",
            given=name,
            allowed=f"5 to 50 letters and digits, without {_AZURE_SUFFIX!r}",
            fix=fix,
            docs=DOCS,
        ),
    )


def _check_region(region: object) -> tuple[Finding, ...]:
    if isinstance(region, str) and (is_deferred(region) or _REGION.fullmatch(region)):
        return ()
    return (
        Finding(
            code="pull-through-upstream-region-invalid",
            property="region",
            message="names no Region",
            given=region,
            allowed="the Region of the upstream registry: 'eu-west-1', say",
            fix="correct the Region",
            docs=DOCS,
        ),
    )
