"""ECS and Fargate: what the program in a task may do. Starting the task is another role's.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from __future__ import annotations

from ...roles.execution import ECS_TASKS, task_trust
from ..home import Home
from .role_plan import RolePlan, service_trust

__all__ = ["task_role"]


def task_role(home: Home) -> RolePlan:
    """The role of the program: ECS hands it to tasks of this account and Region alone."""
    trust = task_trust(partition=home.partition, region=home.region, account=home.account)
    return RolePlan(
        description="What the program in an ECS task may do",
        trust=(service_trust(ECS_TASKS, trust),),
    )
