"""What the API of ECR says about a resource that CloudFormation has made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .stacks import agrees

# The API has no word for what is about deleting.
_NOT_TOLD = {"EmptyOnDelete"}


def disagreement(kind: str, written: Any, client: Callable[[str], Any]) -> str | None:
    """What the API answers where that is not what the template says."""
    said = {name: value for name, value in written.items() if name not in _NOT_TOLD}
    if kind == "Custom::AWS":
        said = json.loads(said["Create"])["parameters"]
    service = "ecr-public" if kind.endswith("::PublicRepository") else "ecr"
    answered = _answer(kind.removeprefix("AWS::ECR::"), said, client(service))
    if agrees(said, answered):
        return None
    return f"{kind}: {json.dumps(said)} is {json.dumps(answered, default=str)}"


def _answer(kind: str, written: Any, ecr: Any) -> Any:
    read: Mapping[str, Callable[[Any, Any], Any]] = {
        "Repository": _repository,
        "RegistryPolicy": _policy,
        "RegistryScanningConfiguration": _scanning,
        "ReplicationConfiguration": _replication,
        "SigningConfiguration": _signing,
        "PullTimeUpdateExclusion": _exclusion,
        "PullThroughCacheRule": _cache_rule,
        "RepositoryCreationTemplate": _template,
        "PublicRepository": _public_repository,
        "Custom::AWS": _setting,
    }
    return read[kind](written, ecr)


def _policy(_: Any, ecr: Any) -> Any:
    return ecr.get_registry_policy()


def _scanning(_: Any, ecr: Any) -> Any:
    return ecr.get_registry_scanning_configuration()["scanningConfiguration"]


def _replication(_: Any, ecr: Any) -> Any:
    return ecr.describe_registry()


def _signing(_: Any, ecr: Any) -> Any:
    return ecr.get_signing_configuration()["signingConfiguration"]


def _exclusion(written: Any, ecr: Any) -> Any:
    listed = ecr.list_pull_time_update_exclusions()["pullTimeUpdateExclusions"]
    arn = written["PrincipalArn"]
    return {"principalArn": arn if arn in listed else listed}


def _cache_rule(written: Any, ecr: Any) -> Any:
    chosen = [written["EcrRepositoryPrefix"]]
    found = ecr.describe_pull_through_cache_rules(ecrRepositoryPrefixes=chosen)
    return found["pullThroughCacheRules"][0]


def _template(written: Any, ecr: Any) -> Any:
    found = ecr.describe_repository_creation_templates(prefixes=[written["Prefix"]])
    return found["repositoryCreationTemplates"][0]


def _setting(written: Any, ecr: Any) -> Any:
    return ecr.get_account_setting(name=written["name"])


def _public_repository(written: Any, ecr_public: Any) -> Any:
    name = {"repositoryName": written["RepositoryName"]}
    (found,) = ecr_public.describe_repositories(repositoryNames=[*name.values()])["repositories"]
    catalog = ecr_public.get_repository_catalog_data(**name)["catalogData"]
    tags = ecr_public.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]
    answer = {**found, "repositoryCatalogData": catalog, "Tags": tags}
    if "RepositoryPolicyText" in written:
        answer["repositoryPolicyText"] = ecr_public.get_repository_policy(**name)["policyText"]
    return answer


def _repository(written: Any, ecr: Any) -> Any:
    name = {"repositoryName": written["RepositoryName"]}
    (found,) = ecr.describe_repositories(repositoryNames=[name["repositoryName"]])["repositories"]
    answer = {
        **found,
        "Tags": ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"],
    }
    if "RepositoryPolicyText" in written:
        answer["repositoryPolicyText"] = ecr.get_repository_policy(**name)["policyText"]
    if "LifecyclePolicy" in written:
        answer["lifecyclePolicy"] = ecr.get_lifecycle_policy(**name)
    return answer
