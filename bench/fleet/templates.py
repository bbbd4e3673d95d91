"""Whether two programs wrote the same: a comparison that holds before a number counts.

Compared is what would be deployed: every property of every resource, stack by stack. Free are the
logical ids, and the form of two things that CDK's L2 classes write in their own way: the ARN of a
repository of the stack as a reference or as its name, and the statements of a role as an attached
or as an inline policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["meaning_of", "same"]

Template = Mapping[str, Any]


def meaning_of(outdir: Path) -> dict[str, dict[str, object]]:
    """Repositories by their names and roles by their descriptions, of each stack."""
    found: dict[str, dict[str, object]] = {}
    for file in sorted(outdir.rglob("*.template.json")):
        template = json.loads(file.read_text(encoding="utf-8"))
        found[_group_of(file.name)] = dict(_entries(template["Resources"]))
    return found


def same(one: Path, another: Path) -> str | None:
    """None where both would deploy the same; else the first difference."""
    first, second = meaning_of(one), meaning_of(another)
    if first.keys() != second.keys():
        return f"stacks: {sorted(first)} and {sorted(second)}"
    for stack, entries in first.items():
        others = second[stack]
        for name in sorted(entries.keys() | others.keys()):
            if entries.get(name) != others.get(name):
                return f"{stack} {name}: {entries.get(name)} and {others.get(name)}"
    return None


def _group_of(file: str) -> str:
    """``g003``: stacks below a construct have another file name than stacks of the app."""
    return file[file.index("g") :][:4]


def _entries(resources: Template) -> Iterator[tuple[str, object]]:
    names = {
        logical_id: entry["Properties"]["RepositoryName"]
        for logical_id, entry in resources.items()
        if entry["Type"] == "AWS::ECR::Repository"
    }
    attached: dict[str, list[Any]] = {}
    for entry in resources.values():
        if entry["Type"] == "AWS::IAM::Policy":
            document = entry["Properties"]["PolicyDocument"]
            for role in entry["Properties"]["Roles"]:
                attached.setdefault(role["Ref"], []).extend(document["Statement"])
    for logical_id, entry in resources.items():
        properties = dict(entry["Properties"])
        rest = {key: value for key, value in entry.items() if key not in ("Properties", "Metadata")}
        if entry["Type"] == "AWS::ECR::Repository":
            yield properties["RepositoryName"], [_ordered(properties), rest]
        elif entry["Type"] == "AWS::IAM::Role":
            policies = properties.pop("Policies", [])
            statements = [
                *attached.get(logical_id, []),
                *(each for policy in policies for each in policy["PolicyDocument"]["Statement"]),
            ]
            yield (
                properties["Description"],
                [
                    _ordered(properties),
                    sorted(set(_rights(statements, names))),
                    rest,
                ],
            )
        elif entry["Type"] != "AWS::IAM::Policy":
            yield logical_id, entry


def _rights(statements: list[Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each action on each resource."""
    for statement in statements:
        actions, resources = statement["Action"], statement["Resource"]
        for action in actions if isinstance(actions, list) else [actions]:
            for resource in resources if isinstance(resources, list) else [resources]:
                yield action, _named(resource, names)


def _named(resource: Any, names: Mapping[str, str]) -> str:
    match resource:
        case {"Fn::GetAtt": [logical_id, "Arn"]}:
            return names[logical_id]
        case {"Fn::Sub": str(arn)}:
            return arn.partition(":repository/")[2]
        case _:
            return str(resource)


def _ordered(properties: Mapping[str, Any]) -> str:
    """The properties as text; the lifecycle text as the document that it is."""
    given = dict(properties)
    if "LifecyclePolicy" in given:
        given["LifecyclePolicy"] = json.loads(given["LifecyclePolicy"]["LifecyclePolicyText"])
    return json.dumps(given, sort_keys=True)
