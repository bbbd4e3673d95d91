"""The properties of the workload's resources, for the programs that write them by hand."""

from __future__ import annotations

import workload

REPOSITORY = {
    "ImageScanningConfiguration": {"ScanOnPush": True},
    "ImageTagMutability": "IMMUTABLE",
    "LifecyclePolicy": {"LifecyclePolicyText": workload.LIFECYCLE},
    "RepositoryPolicyText": {
        "Statement": [
            {
                "Action": list(workload.READER_ACTIONS),
                "Effect": "Allow",
                "Principal": {
                    "AWS": {
                        "Fn::Join": [
                            "",
                            [
                                "arn:",
                                {"Ref": "AWS::Partition"},
                                f":iam::{workload.READER}:root",
                            ],
                        ]
                    }
                },
            }
        ],
        "Version": "2012-10-17",
    },
}
TRUST = {
    "Statement": [
        {
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                "ArnLike": {
                    "aws:SourceArn": {
                        "Fn::Join": [
                            "",
                            [
                                "arn:",
                                {"Ref": "AWS::Partition"},
                                ":ecs:",
                                {"Ref": "AWS::Region"},
                                ":",
                                {"Ref": "AWS::AccountId"},
                                ":*",
                            ],
                        ]
                    }
                },
            },
            "Effect": "Allow",
            "Principal": {"Service": workload.ECS_TASKS},
        }
    ],
    "Version": "2012-10-17",
}


_REPOSITORIES = "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/"


def arn(number: int) -> dict[str, str]:
    return {"Fn::Sub": _REPOSITORIES + workload.repository_name(number)}


def role_policy(team: range) -> dict[str, object]:
    """What a team's role may do."""
    return {
        "Statement": [
            {
                "Action": list(workload.TASK_ACTIONS),
                "Effect": "Allow",
                "Resource": [arn(number) for number in team],
            },
            {"Action": workload.LOG_IN, "Effect": "Allow", "Resource": "*"},
        ],
        "Version": "2012-10-17",
    }
