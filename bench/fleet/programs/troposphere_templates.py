"""troposphere, without CDK: ``python troposphere_templates.py COUNT OUTDIR``."""

from __future__ import annotations

import sys
from pathlib import Path

import documents
import workload
from troposphere import Template, ecr, iam

outdir = Path(sys.argv[2])
outdir.mkdir(parents=True, exist_ok=True)
for number, teams in workload.stacks(int(sys.argv[1])):
    template = Template()
    for team in teams:
        description = workload.team_name(team[0] // workload.PER_ROLE)
        template.add_resource(
            iam.Role(
                f"Role{team[0]}",
                Description=description,
                AssumeRolePolicyDocument=documents.TRUST,
                Policies=[
                    iam.Policy(
                        PolicyName="Repositories", PolicyDocument=documents.role_policy(team)
                    )
                ],
            )
        )
        for entry in team:
            template.add_resource(
                ecr.Repository(
                    f"Repository{entry}",
                    RepositoryName=workload.repository_name(entry),
                    ImageScanningConfiguration=ecr.ImageScanningConfiguration(ScanOnPush=True),
                    ImageTagMutability="IMMUTABLE",
                    LifecyclePolicy=ecr.LifecyclePolicy(LifecyclePolicyText=workload.LIFECYCLE),
                    RepositoryPolicyText=documents.REPOSITORY["RepositoryPolicyText"],
                    DeletionPolicy="Retain",
                    UpdateReplacePolicy="Retain",
                )
            )
    file = outdir / f"Fleet-{workload.group_name(number)}-1.template.json"
    file.write_text(template.to_json(indent=None), encoding="utf-8")
