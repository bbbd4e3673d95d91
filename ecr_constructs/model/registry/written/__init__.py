"""The resources of ECR as a template has them, whoever wrote it: what ECR refuses of them.

CloudFormation's schema takes what stands here; the rules are those of the constructs.
"""

from __future__ import annotations

from .resources import RegistryResource, check_registry

__all__ = ["RegistryResource", "check_registry"]
