"""What ECR refuses about a repository creation template.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ...deferred import is_deferred, masked
from ...findings import Finding
from ...repository.tags import check_resource_tags
from ..prefix import check_prefix

__all__ = [
    "check_creation_template",
    "check_policy_text",
    "check_template_tags",
]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html"
API_DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/"
    "API_CreateRepositoryCreationTemplate.html"
)
_LONGEST_PREFIX = 256
_LONGEST_DESCRIPTION = 256
MAX_POLICY: Final = 10_240


def check_creation_template(*, prefix: object, description: object) -> tuple[Finding, ...]:
    """What ECR refuses about the prefix and the description of a template."""
    return (
        *check_prefix(
            prefix,
            code="creation-template-prefix-invalid",
            option="prefix",
            shortest=1,
            longest=_LONGEST_PREFIX,
            docs=DOCS,
        ),
        *_check_description(description),
    )


def check_template_tags(tags: Mapping[str, str]) -> tuple[Finding, ...]:
    """What ECR refuses about the tags that a template gives."""
    return tuple(replace(finding, property="resource_tags") for finding in _tag_findings(tags))


def check_policy_text(text: str) -> tuple[Finding, ...]:
    """Whether the repository policy of a template is over its limit."""
    size = len(masked(text))
    if size <= MAX_POLICY:
        return ()
    return (
        Finding(
            code="creation-template-policy-too-long",
            property="policy_statements",
            message=f"are {size} characters long as a policy",
            given=size,
            allowed=f"at most {MAX_POLICY} characters",
            fix="name an organization or an account instead of many roles",
            docs=API_DOCS,
        ),
    )


def _tag_findings(tags: Mapping[str, str]) -> Iterator[Finding]:
    # A template, unlike a repository, may give a tag without a value.
    yield from check_resource_tags(
        {key: value or "-" if isinstance(value, str) else value for key, value in tags.items()}
        if isinstance(tags, Mapping)
        else tags
    )


def _check_description(description: object) -> Iterator[Finding]:
    if description is None or is_deferred(description):
        return
    if not isinstance(description, str) or len(description) > _LONGEST_DESCRIPTION:
        yield Finding(
            code="creation-template-description-invalid",
            property="description",
            message="is not a description that ECR takes",
            given=description,
            allowed=f"a text of at most {_LONGEST_DESCRIPTION} characters",
            fix="shorten it",
            docs=API_DOCS,
        )
