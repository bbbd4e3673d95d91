"""A repository that is declared, as far as the settings of its registry ask about it."""

from __future__ import annotations

from dataclasses import dataclass

from .properties import Properties, mapping_of, text_of

__all__ = ["DEFAULT_ENCRYPTION", "DeclaredRepository", "read_repository"]

DEFAULT_ENCRYPTION = "AES256"
"""How ECR encrypts where nobody says it."""


@dataclass(frozen=True, kw_only=True)
class DeclaredRepository:
    """A repository that a template makes."""

    scan_on_push: bool = False
    """Its own setting, which ECR keeps for registries without a scanning configuration."""
    has_lifecycle: bool = False
    encryption: str = DEFAULT_ENCRYPTION


def read_repository(properties: Properties) -> DeclaredRepository:
    """The repository of the properties of an ``AWS::ECR::Repository``."""
    scanning = mapping_of(properties, "ImageScanningConfiguration")
    encryption = mapping_of(properties, "EncryptionConfiguration")
    lifecycle = mapping_of(properties, "LifecyclePolicy")
    return DeclaredRepository(
        scan_on_push=scanning.get("ScanOnPush") in (True, "true"),
        has_lifecycle=bool(text_of(lifecycle, "LifecyclePolicyText")),
        encryption=text_of(encryption, "EncryptionType") or DEFAULT_ENCRYPTION,
    )
