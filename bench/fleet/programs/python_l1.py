"""CDK's L1 classes from Python: ``python python_l1.py COUNT OUTDIR``."""

from __future__ import annotations

import sys

import aws_cdk as cdk
import documents
import workload
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

app = cdk.App(outdir=sys.argv[2])
for number, teams in workload.stacks(int(sys.argv[1])):
    stack = cdk.Stack(app, f"Fleet-{workload.group_name(number)}-1")
    for team in teams:
        description = workload.team_name(team[0] // workload.PER_ROLE)
        iam.CfnRole(
            stack,
            description,
            description=description,
            assume_role_policy_document=documents.TRUST,
            policies=[
                iam.CfnRole.PolicyProperty(
                    policy_name="Repositories", policy_document=documents.role_policy(team)
                )
            ],
        )
        for entry in team:
            repository = ecr.CfnRepository(
                stack,
                f"Repository{entry}",
                repository_name=workload.repository_name(entry),
                image_scanning_configuration=ecr.CfnRepository.ImageScanningConfigurationProperty(
                    scan_on_push=True
                ),
                image_tag_mutability="IMMUTABLE",
                lifecycle_policy=ecr.CfnRepository.LifecyclePolicyProperty(
                    lifecycle_policy_text=workload.LIFECYCLE
                ),
                repository_policy_text=documents.REPOSITORY["RepositoryPolicyText"],
            )
            repository.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
app.synth()
