"""The resources of ECR as a template has them, whoever wrote it: what ECR refuses of them.

CloudFormation's schema takes what stands here; the rules are those of the constructs.
"""

from __future__ import annotations

from .resources import (
    REGISTRY_POLICY,
    RegistryFinding,
    RegistryResource,
    check_registry,
    check_resource,
    check_together,
    holds_policy,
)

__all__ = [
    "REGISTRY_POLICY",
    "RegistryFinding",
    "RegistryResource",
    "check_registry",
    "check_resource",
    "check_together",
    "holds_policy",
]
