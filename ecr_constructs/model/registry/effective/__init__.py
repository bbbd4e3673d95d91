"""What the settings of a registry mean for the name of a repository.

Filters differ from feature to feature: a scanning filter takes what contains it, a replication
filter what begins with it, a signing filter whole names, and the prefix of a cache rule or of a
creation template is a namespace. Each module says which page of the user guide it follows.
"""

from __future__ import annotations

from .caching import CachedFrom, CacheSetting
from .configuration import REGISTRY_TYPES, RegistryConfiguration, read_configuration
from .decide import Effective, LifecycleSource, effective
from .replication import Destination, ReplicationSetting
from .repository import DeclaredRepository, read_repository
from .scanning import Scan, ScanFrequency, ScanningRule, ScanningSettings
from .signing import SigningSetting
from .templates import TemplateSetting, Via

__all__ = [
    "REGISTRY_TYPES",
    "CacheSetting",
    "CachedFrom",
    "DeclaredRepository",
    "Destination",
    "Effective",
    "LifecycleSource",
    "RegistryConfiguration",
    "ReplicationSetting",
    "Scan",
    "ScanFrequency",
    "ScanningRule",
    "ScanningSettings",
    "SigningSetting",
    "TemplateSetting",
    "Via",
    "effective",
    "read_configuration",
    "read_repository",
]
