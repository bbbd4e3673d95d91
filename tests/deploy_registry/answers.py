"""What holds for a name, asked of the API of a registry that is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ecr_constructs.model.registry.effective import (
    DeclaredRepository,
    Effective,
    effective,
    read_configuration,
    read_repository,
)


def answer_of_api(ecr: Any, name: str) -> Effective:
    """The same decision, by what the API describes."""
    configuration = read_configuration(_settings(ecr))
    return effective(configuration, name, repository=_repository(ecr, name))


def in_common(answer: Effective) -> tuple[object, ...]:
    """What a template and the API both know; the ARN of a profile is known when it is deployed."""
    return (
        (answer.scan.type, answer.scan.frequency),
        answer.replicates_to,
        answer.cache_rule,
        answer.creation_template,
        len(answer.signing_profiles),
        answer.lifecycle,
        answer.encryption,
    )


def _settings(ecr: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    yield "AWS::ECR::RegistryScanningConfiguration", _as_template(scanning)
    replication = ecr.describe_registry()["replicationConfiguration"]
    yield (
        "AWS::ECR::ReplicationConfiguration",
        {"ReplicationConfiguration": _as_template(replication)},
    )
    for rule in ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]:
        yield "AWS::ECR::PullThroughCacheRule", _as_template(rule)
    found = ecr.describe_repository_creation_templates()["repositoryCreationTemplates"]
    for template in found:
        yield "AWS::ECR::RepositoryCreationTemplate", _as_template(template)
    try:
        signing = ecr.get_signing_configuration()["signingConfiguration"]
    except ecr.exceptions.SigningConfigurationNotFoundException:
        return
    yield "AWS::ECR::SigningConfiguration", _as_template(signing)


def _repository(ecr: Any, name: str) -> DeclaredRepository | None:
    try:
        (found,) = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    except ecr.exceptions.RepositoryNotFoundException:
        return None
    properties = _as_template(found)
    try:
        lifecycle = ecr.get_lifecycle_policy(repositoryName=name)
    except ecr.exceptions.LifecyclePolicyNotFoundException:
        return read_repository(properties)
    return read_repository({**properties, "LifecyclePolicy": _as_template(lifecycle)})


def _as_template(value: Any) -> Any:
    """The API's answer with its keys spelled as a template spells them."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: _as_template(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_template(entry) for entry in value]
    return value
