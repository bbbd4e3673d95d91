"""Repository creation templates of a template.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...deferred import has_deferred
from ...findings import Finding
from ..address import RegistryAddress
from ..effective.properties import Properties, mapping_of, mappings_of, tags_of, text_of
from ..templates.role import check_creation_role, needs_creation_role
from ..templates.template import check_creation_template, check_policy_text, check_template_tags
from ..templates.uses import AppliedFor, check_uses
from .repository_settings import check_repository_settings

__all__ = ["check_template_properties"]

ROLE_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
    "repository-creation-templates-custom.html"
)


def check_template_properties(
    properties: Properties, *, registry: RegistryAddress
) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of an AWS::ECR::RepositoryCreationTemplate."""
    policy, uses = properties.get("RepositoryPolicy"), properties.get("AppliedFor")
    return (
        *check_creation_template(
            prefix=properties.get("Prefix"), description=properties.get("Description")
        ),
        *(check_uses(_uses(uses)) if not has_deferred(uses) else ()),
        *check_repository_settings(
            properties,
            policy=policy,
            lifecycle=text_of(properties, "LifecyclePolicy"),
            registry=registry,
        ),
        *check_template_tags(tags_of(properties, "ResourceTags")),
        *_check_role(properties, registry),
        *(check_policy_text(policy) if isinstance(policy, str) else ()),
    )


def _uses(listed: object) -> object:
    """The uses as the rule knows them; what is none of them stays as it is."""
    if not isinstance(listed, list):
        return listed
    known = {use.value: use for use in AppliedFor}
    return [known.get(entry, entry) if isinstance(entry, str) else entry for entry in listed]


def _check_role(properties: Properties, registry: RegistryAddress) -> Iterator[Finding]:
    role = text_of(properties, "CustomRoleArn")
    if role is not None:
        yield from check_creation_role(role, account=registry.account)
    encryption = text_of(mapping_of(properties, "EncryptionConfiguration"), "EncryptionType")
    has_tags = any(mappings_of(properties, "ResourceTags"))
    needed = needs_creation_role(encryption=encryption, has_tags=has_tags)
    if needed and "CustomRoleArn" not in properties:
        yield Finding(
            code="creation-template-role-missing",
            property="CustomRoleArn",
            message="is not given, and without it ECR makes no repository with a key or with tags",
            given=encryption if not has_tags else "ResourceTags",
            allowed="the ARN of a role that ecr.amazonaws.com may assume",
            fix="make such a role, and name it",
            docs=ROLE_DOCS,
        )
