"""The floor: dictionaries and ``json.dumps``: ``python plain_json.py COUNT OUTDIR``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import documents
import workload

outdir = Path(sys.argv[2])
outdir.mkdir(parents=True, exist_ok=True)
for number, teams in workload.stacks(int(sys.argv[1])):
    resources: dict[str, object] = {}
    for team in teams:
        description = workload.team_name(team[0] // workload.PER_ROLE)
        resources[f"Role{team[0]}"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": documents.TRUST,
                "Description": description,
                "Policies": [
                    {"PolicyDocument": documents.role_policy(team), "PolicyName": "Repositories"}
                ],
            },
        }
        for entry in team:
            resources[f"Repository{entry}"] = {
                "Type": "AWS::ECR::Repository",
                "Properties": {
                    **documents.REPOSITORY,
                    "RepositoryName": workload.repository_name(entry),
                },
                "UpdateReplacePolicy": "Retain",
                "DeletionPolicy": "Retain",
            }
    file = outdir / f"Fleet-{workload.group_name(number)}-1.template.json"
    file.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
