"""The workload of every program: N repositories, 250 a stack, one role for ten of them.

A repository has a name, scans on push, immutable tags, two lifecycle rules, a policy that lets
another account pull, Retain, and a role of its team that pulls it.
"""

from __future__ import annotations

from collections.abc import Iterator

PER_STACK = 250
PER_ROLE = 10
READER = "222222222222"
KEPT = 50
UNTAGGED_DAYS = 14
KEPT_TEXT = f"Keep the newest {KEPT} images tagged v*"
UNTAGGED_TEXT = f"Expire untagged images after {UNTAGGED_DAYS} days"
LIFECYCLE = (
    '{"rules":[{"rulePriority":1,"description":"' + KEPT_TEXT + '","selection":{"tagStatus":'
    '"tagged","tagPatternList":["v*"],"countType":"imageCountMoreThan","countNumber":50},"action":'
    '{"type":"expire"}},{"rulePriority":2,"description":"' + UNTAGGED_TEXT + '","selection":'
    '{"tagStatus":"untagged","countType":"sinceImagePushed","countNumber":14,"countUnit":"days"},'
    '"action":{"type":"expire"}}]}'
)
ECS_TASKS = "ecs-tasks.amazonaws.com"
READER_ACTIONS = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
TASK_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
)
LOG_IN = "ecr:GetAuthorizationToken"


def repository_name(number: int) -> str:
    return f"fleet/svc-{number:05d}"


def team_name(team: int) -> str:
    return f"team-{team:05d}"


def group_name(stack: int) -> str:
    return f"g{stack:03d}"


def stacks(count: int) -> Iterator[tuple[int, list[range]]]:
    """The number of each stack, and the repositories of each of its teams."""
    for stack, start in enumerate(range(0, count, PER_STACK)):
        end = min(count, start + PER_STACK)
        yield stack, [range(at, min(at + PER_ROLE, end)) for at in range(start, end, PER_ROLE)]
