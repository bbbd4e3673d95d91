"""The settings of one private registry: an account in a Region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .caching import CacheSetting, read_cache_rule
from .properties import Properties
from .replication import ReplicationSetting, read_replication
from .scanning import ScanningSettings, read_scanning
from .signing import SigningSetting, read_signing
from .templates import TemplateSetting, read_template

__all__ = ["REGISTRY_TYPES", "RegistryConfiguration", "read_configuration"]

_SCANNING: Final = "AWS::ECR::RegistryScanningConfiguration"
_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"
_CACHE_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_TEMPLATE: Final = "AWS::ECR::RepositoryCreationTemplate"
_SIGNING: Final = "AWS::ECR::SigningConfiguration"

REGISTRY_TYPES: Final = (_SCANNING, _REPLICATION, _CACHE_RULE, _TEMPLATE, _SIGNING)
"""The types of CloudFormation that decide about repositories by their names."""


@dataclass(frozen=True, kw_only=True)
class RegistryConfiguration:
    """What a registry has set. What is left out is as ECR has it where nobody sets it."""

    scanning: ScanningSettings | None = None
    replication: tuple[ReplicationSetting, ...] = ()
    cache_rules: tuple[CacheSetting, ...] = ()
    creation_templates: tuple[TemplateSetting, ...] = ()
    signing: tuple[SigningSetting, ...] = ()


def read_configuration(resources: Iterable[tuple[str, Properties]]) -> RegistryConfiguration:
    """The configuration of resources, each given as its type and its properties.

    Properties are spelled as CloudFormation spells them. Types that are none of
    :data:`REGISTRY_TYPES` are passed over, and of a setting that a registry has once the last one
    counts.
    """
    by_type: dict[str, list[Properties]] = {kind: [] for kind in REGISTRY_TYPES}
    for kind, properties in resources:
        if kind in by_type:
            by_type[kind].append(properties)
    last = {kind: found[-1] for kind, found in by_type.items() if found}
    return RegistryConfiguration(
        scanning=read_scanning(last[_SCANNING]) if _SCANNING in last else None,
        replication=read_replication(last.get(_REPLICATION, {})),
        cache_rules=tuple(read_cache_rule(each) for each in by_type[_CACHE_RULE]),
        creation_templates=tuple(read_template(each) for each in by_type[_TEMPLATE]),
        signing=read_signing(last.get(_SIGNING, {})),
    )
