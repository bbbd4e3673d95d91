"""What holds for the name of a repository, by the settings of its registry."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from .caching import CachedFrom, cached_from
from .configuration import RegistryConfiguration
from .replication import Destination, replicates_to
from .repository import DEFAULT_ENCRYPTION, DeclaredRepository
from .scanning import Scan, scan_of
from .signing import signing_profiles
from .templates import TemplateSetting, Via, creation_template_of

__all__ = ["Effective", "LifecycleSource", "effective"]


class LifecycleSource(str, enum.Enum):
    """Where the lifecycle policy of a repository comes from."""

    REPOSITORY = "repository"
    TEMPLATE = "template"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Effective:
    """The registry configuration that holds for one repository name."""

    repository: str
    """The name that was asked for."""
    scan: Scan
    """Which scanner looks at its images, when, and why."""
    replicates_to: tuple[Destination, ...]
    """Every destination once, in the order of the rules."""
    cache_rule: CachedFrom | None
    """The pull-through cache rule that the name falls under."""
    creation_template: TemplateSetting | None
    """The template that ECR takes where it makes the repository itself."""
    signing_profiles: tuple[str, ...]
    """The ARNs of the profiles that sign what is pushed."""
    lifecycle: LifecycleSource
    """Where its lifecycle policy comes from."""
    encryption: str
    """``AES256``, ``KMS`` or ``KMS_DSSE``."""
    notes: tuple[str, ...] = ()
    """What AWS, or the template, leaves open, and how it was taken: one sentence each."""

    def as_json(self) -> dict[str, object]:
        """The answer as the command line prints it."""
        rule, template = self.cache_rule, self.creation_template
        return {
            "repository": self.repository,
            "scan": {
                "type": self.scan.type,
                "frequency": self.scan.frequency.value,
                "because": self.scan.because,
            },
            "replicates_to": [
                {"region": each.region, "registry": each.registry} for each in self.replicates_to
            ],
            "cache_rule": rule
            and {
                "prefix": rule.prefix,
                "upstream": rule.upstream,
                "upstream_repository": rule.upstream_repository,
            },
            "creation_template": template and {"prefix": template.prefix},
            "signing_profiles": list(self.signing_profiles),
            "lifecycle": self.lifecycle.value,
            "encryption": self.encryption,
            "notes": list(self.notes),
        }


def effective(
    configuration: RegistryConfiguration,
    name: str,
    *,
    via: Via | None = None,
    repository: DeclaredRepository | None = None,
) -> Effective:
    """What the configuration means for a repository of this name.

    :param via: how ECR makes the repository, which decides about its creation template; by default
        the template with the longest prefix for any use.
    :param repository: the repository itself where a template declares it; by default it is one
        that ECR makes, or that somebody makes elsewhere.
    """
    scan = scan_of(configuration.scanning, name, repository)
    cache_rule = cached_from(configuration.cache_rules, name)
    template = creation_template_of(configuration.creation_templates, name, via)
    signing = signing_profiles(configuration.signing, name)
    destinations = replicates_to(configuration.replication, name)
    lifecycle, encryption = _from(repository, template.value)
    notes = (
        *scan.notes,
        *cache_rule.notes,
        *(template.notes if repository is None else ()),
        *signing.notes,
        *_told(via, repository, template.value, destinations),
    )
    return Effective(
        repository=name,
        scan=scan.value,
        replicates_to=destinations,
        cache_rule=cache_rule.value,
        creation_template=template.value,
        signing_profiles=signing.value,
        lifecycle=lifecycle,
        encryption=encryption,
        notes=tuple(dict.fromkeys(notes)),
    )


def _from(
    repository: DeclaredRepository | None, template: TemplateSetting | None
) -> tuple[LifecycleSource, str]:
    """Lifecycle and encryption: of the repository if it is declared, else of its template."""
    if repository is not None:
        own = LifecycleSource.REPOSITORY if repository.has_lifecycle else LifecycleSource.NONE
        return own, repository.encryption
    if template is not None:
        given = LifecycleSource.TEMPLATE if template.has_lifecycle else LifecycleSource.NONE
        return given, template.encryption
    return LifecycleSource.NONE, DEFAULT_ENCRYPTION


def _told(
    via: Via | None,
    repository: DeclaredRepository | None,
    template: TemplateSetting | None,
    destinations: tuple[Destination, ...],
) -> Iterator[str]:
    if repository is not None and template is not None:
        yield (
            f"the repository is declared, so the creation template {template.prefix} has an effect "
            "only where ECR makes a repository of that name before"
        )
    if via is Via.CREATE_ON_PUSH and repository is None and template is None:
        yield "no template is for create-on-push, so a push creates no repository of that name"
    if via is Via.REPLICATION and destinations:
        yield "ECR does not replicate again what came by replication, only what is pushed here"
