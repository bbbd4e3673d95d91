"""A creation template as a value, for the options of a registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...lifecycle import LifecycleRule
from ...repository.encryption import Encryption
from ...repository.mutability import MutableTags
from .uses import AppliedFor

__all__ = ["CreationTemplate"]


@dataclass(frozen=True, kw_only=True, eq=False)
class CreationTemplate:
    """The settings of repositories that ECR makes: what a ``Registry`` makes a template of.

    It is checked when the template is made. A key, statements of a policy and a role of yours are
    said to the construct ``RepositoryCreationTemplate`` itself.
    """

    prefix: str
    """The names that it is for: ``prod`` is every name that begins with ``prod/``; or ``ROOT``."""
    applied_for: Sequence[AppliedFor]
    """When it applies."""
    description: str | None = None
    """At most 256 characters. By default none."""
    encryption: Encryption | None = None
    """By default AES256."""
    mutable_tags: MutableTags | Sequence[str] | None = None
    """By default all tags for a cache and for replicas, else none."""
    lifecycle: Sequence[LifecycleRule] | None = None
    """By default untagged images expire 14 days after they were pushed; ``[]`` for none."""
    resource_tags: Mapping[str, str] | None = None
    """By default none."""
