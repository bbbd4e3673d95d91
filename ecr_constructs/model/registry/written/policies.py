"""The registry policy of a template, and the statements of any policy.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ...findings import Finding
from ..address import RegistryAddress
from ..effective.properties import Properties
from ..policy.merge import Contribution, check_merged, merge
from ..policy.statements import check_registry_statement

__all__ = ["check_policy_properties", "statements_of"]


def check_policy_properties(
    properties: Properties, *, registry: RegistryAddress, path: str
) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of an AWS::ECR::RegistryPolicy."""
    statements = statements_of(properties.get("PolicyText"))
    contributions = [Contribution(owner=path, statement=statement) for statement in statements]
    return (
        *(
            finding
            for statement in statements
            for finding in check_registry_statement(statement, registry=registry)
        ),
        *check_merged(merge(contributions)),
    )


def statements_of(document: object) -> list[Mapping[str, object]]:
    """The statements of a policy, which is written as an object or as text."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    listed = document.get("Statement") if isinstance(document, Mapping) else None
    entries = listed if isinstance(listed, list) else [listed]
    return [entry for entry in entries if isinstance(entry, Mapping)]
