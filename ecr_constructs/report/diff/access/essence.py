"""Whether two versions say the same about access, as they are written.

A change of what has nothing to do with access is seen before anything is resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...reading.source import Source, Sources
from ...template.references import NAMED

__all__ = ["decides_the_same"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_OF_REPOSITORY: Final = ("RepositoryName", "RepositoryPolicyText", "Tags")
# Whose properties are policies, or pass values on.
_WHOLE: Final = (
    "AWS::IAM::",
    "AWS::ECR::RegistryPolicy",
    "AWS::CloudFormation::Stack",
    "Custom::",
)
_SECTIONS: Final = ("Parameters", "Conditions", "Mappings", "Rules", "Outputs", "Transform")


def decides_the_same(old: Sources, new: Sources) -> bool:
    """Whether nothing differs that could decide who reaches what."""
    if len(old.stacks) != len(new.stacks):
        return False
    return all(_same(one, other) for one, other in zip(old.stacks, new.stacks, strict=True))


def _same(old: Source, new: Source) -> bool:
    if (old.account, old.region, old.tags) != (new.account, new.region, new.tags):
        return False
    one, other = old.template, new.template
    if any(one.get(section) != other.get(section) for section in _SECTIONS):
        return False
    if dict(_essence(one)) != dict(_essence(other)) or old.nested.keys() != new.nested.keys():
        return False
    return all(_same(each, new.nested[key]) for key, each in old.nested.items())


def _essence(template: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The resources with what of each decides about access."""
    resources = template.get("Resources")
    for logical_id, entry in (resources if isinstance(resources, Mapping) else {}).items():
        if not isinstance(entry, Mapping) or str(entry.get("Type")).startswith(_WHOLE):
            yield logical_id, entry
            continue
        kind, properties = str(entry.get("Type")), entry.get("Properties")
        given = properties if isinstance(properties, Mapping) else {}
        named = NAMED.get(kind)
        names = _OF_REPOSITORY if kind == _REPOSITORY else (named.name,) if named else ()
        told = {name: given[name] for name in names if name in given}
        yield logical_id, (kind, entry.get("Condition"), told, "Fn::Transform" in given)
