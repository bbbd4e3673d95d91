"""Describes what stands in the account, from answers of ECR and of nobody else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

# What differs between two deploys that do the same: a time, and what a rule says of itself.
_IDLE = frozenset({"createdAt", "description"})
# A rule that expires what is beyond so many expires nothing, and keeps its images from the rest.
_MORE_THAN_FIT = 1_000_000


@dataclass(frozen=True)
class Standing:
    """One repository as ECR describes it."""

    repository: Mapping[str, Any]
    lifecycle: Mapping[str, Any]
    policy: Mapping[str, Any]

    @property
    def encryption(self) -> str:
        """Type and, where one is named, key."""
        held = self.repository.get("encryptionConfiguration", {})
        return " ".join([str(held.get("encryptionType")), *filter(None, [held.get("kmsKey")])])

    @property
    def scan_on_push(self) -> bool:
        """Whether each push is scanned."""
        return bool(self.repository.get("imageScanningConfiguration", {}).get("scanOnPush"))

    @property
    def mutability(self) -> str:
        """Whether tags may move, and which are an exception."""
        filters = self.repository.get("imageTagMutabilityExclusionFilters", [])
        names = ", ".join(str(entry["filter"]) for entry in filters)
        mode = str(self.repository.get("imageTagMutability"))
        return f"{mode} ({names})" if names else mode

    @property
    def expiry(self) -> list[str]:
        """What the lifecycle policy does, a line for each rule."""
        return [_rule(rule) for rule in self.lifecycle.get("rules", [])]

    @property
    def facts(self) -> dict[str, Any]:
        """Everything described that does something, by path."""
        return dict(
            _leaves(
                {
                    "repository": self.repository,
                    "lifecycle": self.lifecycle,
                    "policy": self.policy,
                }
            )
        )


def describe(ecr: Any, repositories: Iterable[str]) -> dict[str, Standing]:
    """Asks ECR for repositories, lifecycle and repository policies."""
    answer = ecr.describe_repositories(repositoryNames=list(repositories))
    return {
        str(found["repositoryName"]): Standing(
            repository=found,
            lifecycle=_document(
                ecr.get_lifecycle_policy, found["repositoryName"], "lifecyclePolicyText"
            ),
            policy=_document(ecr.get_repository_policy, found["repositoryName"], "policyText"),
        )
        for found in answer["repositories"]
    }


def with_untagged_days(standing: Mapping[str, Standing], days: int) -> dict[str, Standing]:
    """What a description would be if untagged images lived for so many days."""
    changed = copy.deepcopy(dict(standing))
    for repository in changed.values():
        for rule in repository.lifecycle.get("rules", []):
            if rule["selection"]["tagStatus"] == "untagged":
                rule["selection"]["countNumber"] = days
    return changed


def changes(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> list[str]:
    """What differs between two descriptions, a line for each value."""
    lines = []
    for name in sorted({*before, *after}):
        old = before[name].facts if name in before else {}
        new = after[name].facts if name in after else {}
        lines += [
            f"{name} {path}: {old.get(path, 'absent')} -> {new.get(path, 'absent')}"
            for path in sorted({*old, *new})
            if old.get(path) != new.get(path)
        ]
    return lines


@dataclass(frozen=True, order=True)
class Described:
    """One image as ECR describes it."""

    repository: str
    digest: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """Every image that ECR describes."""

    images: tuple[Described, ...]

    def __str__(self) -> str:
        named = [
            f"{image.repository}:{tag} {image.digest}"
            for image in self.images
            for tag in image.tags
        ]
        return f"{len(self.images)} images: {', '.join(named)} and what belongs to them"


def images(ecr: Any, repositories: Iterable[str]) -> Inventory:
    """Asks ECR for all images of some repositories."""
    found = []
    for repository in repositories:
        pages = ecr.get_paginator("describe_images").paginate(repositoryName=repository)
        found += [
            Described(repository, image["imageDigest"], tuple(sorted(image.get("imageTags", []))))
            for page in pages
            for image in page["imageDetails"]
        ]
    return Inventory(tuple(sorted(found)))


def describe_role(iam: Any, arn: str) -> dict[str, str]:
    """What the inline policies of a role say: actions, and what they are allowed on."""
    role = arn.rpartition("/")[2]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names
    ]
    statements = [statement for document in documents for statement in document["Statement"]]
    told: dict[str, list[str]] = {}
    for statement in statements:
        resources = told.setdefault(_joined(statement["Action"], "ecr:"), [])
        resources.append(_joined(statement["Resource"], "arn:aws:"))
    return {actions: " ".join(resources) for actions, resources in told.items()}


def _joined(words: str | list[str], prefix: str) -> str:
    """One word or many, without what they all begin with."""
    listed = [words] if isinstance(words, str) else words
    return " ".join(word.removeprefix(prefix) for word in listed)


def _document(ask: Any, repository: str, key: str) -> dict[str, Any]:
    """A policy's text, read; a repository may well have none."""
    try:
        return dict(json.loads(ask(repositoryName=repository)[key]))
    except ClientError as error:
        if error.response["Error"]["Code"].endswith("PolicyNotFoundException"):
            return {}
        raise


def _rule(rule: Mapping[str, Any]) -> str:
    selection = rule["selection"]
    tags = selection.get("tagPatternList", selection.get("tagPrefixList", []))
    images = " ".join([str(selection["tagStatus"]), *tags])
    if selection["countNumber"] >= _MORE_THAN_FIT:
        return f"keep {images}"
    reach = " ".join(
        str(selection[key]) for key in ("countType", "countNumber", "countUnit") if key in selection
    )
    return f"{rule['action']['type']} {images} {reach}"


def _leaves(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, held in value.items():
            if key not in _IDLE:
                yield from _leaves(held, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from _leaves(held, f"{path}[{place}]")
    else:
        yield path, value
