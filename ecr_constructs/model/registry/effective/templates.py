"""The creation template of a name: what ECR gives a repository that it makes itself.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from .answered import Answered
from .namespaces import nearest_first
from .properties import Properties, mapping_of, text_of, texts_of
from .repository import DEFAULT_ENCRYPTION

__all__ = ["TemplateSetting", "Via", "creation_template_of", "read_template"]


class Via(str, enum.Enum):
    """How a repository comes to be, where ECR makes it."""

    REPLICATION = "replication"
    """For images that are copied here."""
    PULL_THROUGH_CACHE = "pull-through-cache"
    """For images of an upstream registry, at their first pull."""
    CREATE_ON_PUSH = "create-on-push"
    """For a push to a name that is not there."""

    @property
    def applied_for(self) -> str:
        """The value of ``AppliedFor``."""
        return self.value.upper().replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class TemplateSetting:
    """A repository creation template."""

    prefix: str
    """The namespace, or ``ROOT``."""
    applied_for: tuple[str, ...] = ()
    has_lifecycle: bool = False
    encryption: str = DEFAULT_ENCRYPTION


def read_template(properties: Properties) -> TemplateSetting:
    """The template of the properties of an ``AWS::ECR::RepositoryCreationTemplate``."""
    encryption = mapping_of(properties, "EncryptionConfiguration")
    return TemplateSetting(
        prefix=text_of(properties, "Prefix") or "",
        applied_for=texts_of(properties, "AppliedFor"),
        has_lifecycle=bool(text_of(properties, "LifecyclePolicy")),
        encryption=text_of(encryption, "EncryptionType") or DEFAULT_ENCRYPTION,
    )


def creation_template_of(
    templates: Iterable[TemplateSetting], name: str, via: Via | None
) -> Answered[TemplateSetting | None]:
    """The template with the longest prefix, of those for this use; None without one.

    Without a use, the one with the longest prefix of all, and what else it may be is told.
    """
    matching = nearest_first(name, templates)
    if via is not None:
        return _for_use(matching, via)
    if not matching:
        return Answered(None)
    by_use = {use: _for_use(matching, use).value for use in Via}
    if set(by_use.values()) == {matching[0]}:
        return Answered(matching[0])
    told = ", ".join(
        f"{use.value}: {template.prefix if template else 'none'}"
        for use, template in by_use.items()
    )
    return Answered(
        matching[0], (f"which template is taken depends on how ECR makes the repository ({told})",)
    )


def _for_use(matching: tuple[TemplateSetting, ...], use: Via) -> Answered[TemplateSetting | None]:
    chosen = next((each for each in matching if use.applied_for in each.applied_for), None)
    if chosen is None:
        return Answered(None)
    passed = matching[: matching.index(chosen)]
    if not passed:
        return Answered(chosen)
    told = (
        f"AWS does not say whether the template {chosen.prefix} is taken where one with a longer "
        f"prefix is not for {use.value} ({', '.join(each.prefix for each in passed)}); taken to be"
    )
    return Answered(chosen, (told,))
