"""Takes one protection out of a synthesized app, wherever the app's template holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from demo.shop import API, READER_ACCOUNT, STACK

Template = dict[str, Any]
Edit = Callable[[Template], None]


def edit_template(assembly: Path, edit: Edit) -> None:
    """Edits the template of the app's stack; an edit that changes nothing is a fault."""
    path = assembly / f"{STACK}.template.json"
    before = path.read_text()
    template = json.loads(before)
    edit(template)
    assert template != json.loads(before), f"{edit.__name__} found nothing to take away"
    path.write_text(json.dumps(template))


def without_pull_grant(template: Template) -> None:
    """The execution role may not pull any more."""
    for document in _policies(template, _role_of_output(template, "ExecutionRoleArn")):
        document["Statement"] = [
            statement
            for statement in document["Statement"]
            if "ecr:BatchGetImage" not in _listed(statement["Action"])
        ]


def without_reader(template: Template) -> None:
    """The policy of shop/api does not name the reader any more."""
    policy = _repository(template, API)["RepositoryPolicyText"]
    policy["Statement"] = [
        statement
        for statement in policy["Statement"]
        if READER_ACCOUNT not in json.dumps(statement["Principal"])
    ]
    if not policy["Statement"]:
        del _repository(template, API)["RepositoryPolicyText"]


def without_immutability(template: Template) -> None:
    """Every tag of shop/api may be overwritten."""
    _repository(template, API)["ImageTagMutability"] = "MUTABLE"
    _repository(template, API).pop("ImageTagMutabilityExclusionFilters", None)


def without_subject(template: Template) -> None:
    """Every GitHub workflow may take the CI role."""
    role = template["Resources"][_role_of_output(template, "CiPushRoleArn")]
    for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
        for operands in statement["Condition"].values():
            for key in [key for key in operands if key.endswith(":sub")]:
                del operands[key]
        statement["Condition"] = {
            operator: operands for operator, operands in statement["Condition"].items() if operands
        }


def without_source(template: Template) -> None:
    """ECS may take the execution role for everybody's tasks."""
    role = template["Resources"][_role_of_output(template, "ExecutionRoleArn")]
    for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
        statement.pop("Condition", None)


def _repository(template: Template, name: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECR::Repository"
        and resource["Properties"].get("RepositoryName") == name
    )
    assert isinstance(found, dict)
    return found


def _role_of_output(template: Template, output: str) -> str:
    return str(template["Outputs"][output]["Value"]["Fn::GetAtt"][0])


def _policies(template: Template, role: str) -> Iterator[dict[str, Any]]:
    """The documents of a role's policies, written in the role or beside it."""
    for policy in template["Resources"][role]["Properties"].get("Policies", []):
        yield policy["PolicyDocument"]
    for resource in template["Resources"].values():
        if {"Ref": role} in resource.get("Properties", {}).get("Roles", []):
            yield resource["Properties"]["PolicyDocument"]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
