"""What the options of the constructs are called in a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ...findings import Finding

__all__ = ["in_template"]

_SETTINGS: Final = {
    "encryption": "EncryptionConfiguration",
    "encryption_key": "EncryptionConfiguration",
    "mutable_tags": "ImageTagMutabilityExclusionFilters",
}
_IN_POLICY: Final = {
    "organization": ".Statement.Condition",
    "policy_statements": "",
    "principal": ".Statement.Principal",
    "statement": "",
}


def _of_policy(name: str) -> dict[str, str]:
    return {option: f"{name}{inside}" for option, inside in _IN_POLICY.items()}


_REPOSITORY: Final = {
    **_SETTINGS,
    **_of_policy("RepositoryPolicyText"),
    "lifecycle": "LifecyclePolicyText",
    "repository_name": "RepositoryName",
    "tags": "Tags",
}
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::ECR::Repository": _REPOSITORY,
    "AWS::ECR::PublicRepository": _REPOSITORY,
    "AWS::ECR::RepositoryCreationTemplate": {
        **_SETTINGS,
        **_of_policy("RepositoryPolicy"),
        "applied_for": "AppliedFor",
        "description": "Description",
        "lifecycle": "LifecyclePolicy",
        "policy": "RepositoryPolicy",
        "prefix": "Prefix",
        "resource_tags": "ResourceTags",
        "role": "CustomRoleArn",
        "tags": "ResourceTags",
    },
    "AWS::ECR::PullThroughCacheRule": {
        "credential": "CredentialArn",
        "prefix": "EcrRepositoryPrefix",
        "pull_through": "EcrRepositoryPrefix",
        "registry_name": "UpstreamRegistry",
        "role": "CustomRoleArn",
        "upstream": "UpstreamRegistryUrl",
        "upstream_prefix": "UpstreamRepositoryPrefix",
    },
    "AWS::ECR::PullTimeUpdateExclusion": {"role": "PrincipalArn"},
    "AWS::ECR::RegistryPolicy": _of_policy("PolicyText"),
    "AWS::ECR::RegistryScanningConfiguration": {"scanning": "Rules"},
    "AWS::ECR::ReplicationConfiguration": {"replication": "ReplicationConfiguration"},
    "AWS::ECR::SigningConfiguration": {"signing": "Rules"},
}
_IN_LIFECYCLE: Final = {
    "priority": ".rulePriority",
    "tag_patterns": ".tagPatternList",
    "tag_prefixes": ".tagPrefixList",
}


def in_template(finding: Finding, kind: str) -> Finding:
    """The finding with the property of a resource of this type in place of the option."""
    names = _NAMES.get(kind, {})
    option = finding.property
    if option in names:
        return replace(finding, property=names[option])
    if finding.code.startswith("lifecycle-") and "lifecycle" in names:
        inside = _IN_LIFECYCLE.get(option, f".{option}")
        # A text that is no JSON: "policy, line 1, column 2".
        text = option.removeprefix("policy") if option.startswith("policy") else inside
        return replace(finding, property=names["lifecycle"] + text)
    return finding
