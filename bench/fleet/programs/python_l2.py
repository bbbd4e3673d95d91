"""CDK's own classes from Python: ``python python_l2.py COUNT OUTDIR``."""

from __future__ import annotations

import sys

import aws_cdk as cdk
import workload
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

app = cdk.App(outdir=sys.argv[2])
for number, teams in workload.stacks(int(sys.argv[1])):
    stack = cdk.Stack(app, f"Fleet-{workload.group_name(number)}-1")
    for team in teams:
        description = workload.team_name(team[0] // workload.PER_ROLE)
        source = f"arn:{stack.partition}:ecs:{stack.region}:{stack.account}:*"
        role = iam.Role(
            stack,
            description,
            description=description,
            assumed_by=iam.ServicePrincipal(
                workload.ECS_TASKS,
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": source},
                },
            ),
        )
        for entry in team:
            repository = ecr.Repository(
                stack,
                f"Repository{entry}",
                repository_name=workload.repository_name(entry),
                image_scan_on_push=True,
                image_tag_mutability=ecr.TagMutability.IMMUTABLE,
                lifecycle_rules=[
                    ecr.LifecycleRule(
                        description=workload.KEPT_TEXT,
                        tag_pattern_list=["v*"],
                        max_image_count=workload.KEPT,
                    ),
                    ecr.LifecycleRule(
                        description=workload.UNTAGGED_TEXT,
                        tag_status=ecr.TagStatus.UNTAGGED,
                        max_image_age=cdk.Duration.days(workload.UNTAGGED_DAYS),
                    ),
                ],
            )
            repository.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.AccountPrincipal(workload.READER)],
                    actions=list(workload.READER_ACTIONS),
                )
            )
            repository.grant_pull(role)
app.synth()
