"""What a resource of ECR has by a wrong name, or with a value that it cannot have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...model.findings import Finding
from ...model.registry.written.spelling import check_attributes, check_names
from ..template.app import App
from ..template.stack import Resource
from .in_worlds import There, found_in_worlds
from .located import Located
from .registries import ECR_TYPES

__all__ = ["check_spelling"]

_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


def check_spelling(app: App) -> Iterator[Located]:
    """Names and values that CloudFormation does not know, in every resource of ECR.

    Where a macro may write the template anew, nobody knows what it makes of them.
    """
    for stack in app.stacks:
        if stack.has_macros:
            continue
        for resource in stack.of_kind(*ECR_TYPES):
            yield from found_in_worlds([resource], _names)
            for finding in check_attributes(resource.kind, _attributes(resource)):
                yield Located(finding=finding, resource=resource)


def _names(there: Sequence[There]) -> Iterator[tuple[Resource, Finding]]:
    for each in there:
        readable = each.resource.stack.marks.deferred(each.properties)
        for finding in check_names(each.resource.kind, readable):
            yield each.resource, finding


def _attributes(resource: Resource) -> Mapping[str, object]:
    """The attributes, those with a function in it, which some transforms take, carried out."""
    entry = resource.stack.resources[resource.logical_id]
    stack = resource.stack
    return {
        str(name): stack.marks.deferred(stack.resolve(value)) if name in _POLICIES else value
        for name, value in entry.items()
    }
