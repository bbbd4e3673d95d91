"""The other side of a replication: what the destination must let in, and what it must have.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from ...findings import Finding, Severity
from ..address import RegistryAddress
from ..policy.statements import repository_resource
from ..prefix import ROOT
from .rule import ReplicaRepositories, ReplicationRule

__all__ = [
    "check_known",
    "check_template_prefixes",
    "destination_statement",
    "not_replicated",
    "own_registry",
    "policy_elsewhere",
    "source_unnamed",
    "template_prefixes",
]

DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
    "registry-permissions-create-replication.html"
)
TEMPLATE_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html"
)
REPLICATION_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"


def destination_statement(
    rule: ReplicationRule,
    *,
    source: RegistryAddress,
    destination: RegistryAddress,
    partition: str,
) -> dict[str, object]:
    """What the registry policy of another account needs, so that the copies get in.

    AWS's page names the account of the source: its service-linked role is who copies.
    """
    actions = ["ecr:ReplicateImage"]
    if rule.repositories is not ReplicaRepositories.DECLARED:
        actions.insert(0, "ecr:CreateRepository")
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{source.account}:root"},
        "Action": actions,
        "Resource": [
            repository_resource(destination, partition, f"{prefix}*")
            for prefix in rule.prefixes or ("",)
        ],
    }


def template_prefixes(rule: ReplicationRule) -> tuple[str, ...]:
    """The prefixes of the creation templates that make the replicas of a rule."""
    if rule.repositories is not ReplicaRepositories.FROM_TEMPLATE:
        return ()
    return tuple(prefix.rstrip("/") for prefix in rule.prefixes or ()) or (ROOT,)


def check_template_prefixes(rule: ReplicationRule) -> tuple[Finding, ...]:
    """Prefixes that no template covers: a filter is plain text, a template's a namespace."""
    if rule.repositories is not ReplicaRepositories.FROM_TEMPLATE:
        return ()
    return tuple(
        Finding(
            code="replication-prefix-without-template",
            property="replication",
            message=(
                f"takes names such as {prefix + 'x'!r}, and no creation template could be for "
                "exactly those: it is for a namespace"
            ),
            given=prefix,
            allowed="prefixes that end with '/'",
            fix=(
                f"write {prefix.rstrip('._-') + '/'!r}, or say how the repositories come to be: "
                "ReplicationRule(repositories=ReplicaRepositories.AS_ECR_MAKES_THEM)"
            ),
            docs=TEMPLATE_DOCS,
        )
        for prefix in rule.prefixes or ()
        if not prefix.endswith("/")
    )


def check_known(address: RegistryAddress, *, stack: str) -> tuple[Finding, ...]:
    """Whether a side of a replication is known: both are written from account and Region."""
    if address.known:
        return ()
    return (
        Finding(
            code="replication-environment-unknown",
            property="replication",
            message=f"needs the account and the Region of the stack {stack}, which it does not say",
            given=str(address),
            allowed="stacks with an env of account and Region",
            fix=f"give {stack} env=cdk.Environment(account=..., region=...)",
            docs=DOCS,
        ),
    )


def policy_elsewhere(statement: Mapping[str, object], *, destination: RegistryAddress) -> Finding:
    """A destination of another account that this app has no stack of."""
    return Finding(
        code="replication-policy-elsewhere",
        property="replication",
        message=f"copies nothing to {destination} until the policy of that registry lets it in",
        given=str(destination),
        allowed="a registry policy with the statement, or a stack of that account as destination",
        fix=f"make sure that the registry policy has this statement: {json.dumps(statement)}",
        docs=DOCS,
        severity=Severity.WARNING,
    )


def own_registry(address: RegistryAddress) -> Finding:
    """A replica beside its source."""
    return Finding(
        code="replica-own-registry",
        property="source",
        message="is a repository of the same account and Region",
        given=str(address),
        allowed="a repository of another account or Region",
        fix="make the replica in a stack of the destination",
        docs=REPLICATION_DOCS,
    )


def source_unnamed(source: str) -> Finding:
    """A replica has the name of its source, which CloudFormation would make up."""
    return Finding(
        code="replica-source-unnamed",
        property="source",
        message="has no name that its replica could have as well",
        given=source,
        allowed="a repository with a repository_name",
        fix="give the source a repository_name",
        docs=REPLICATION_DOCS,
    )


def not_replicated(
    *, replica: str, name: str, source: RegistryAddress, destination: RegistryAddress
) -> Finding:
    """A replica that nothing is copied to."""
    return Finding(
        code="replica-without-rule",
        property="source",
        message=(
            f"{replica} is a replica of {name!r} in {destination}, and no replication rule of "
            f"{source} copies it there"
        ),
        given=name,
        allowed="a repository that a ReplicationRule of the source's registry takes",
        fix=(
            f"add ReplicationRule(to=[...], prefixes=[{name!r}]) to the Replication of {source}, "
            f"with {destination} among its destinations"
        ),
        docs=REPLICATION_DOCS,
    )
