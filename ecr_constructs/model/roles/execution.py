"""The ECS task execution role.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ..deferred import is_deferred
from ..findings import Finding
from ..iam.actions import GET_AUTHORIZATION_TOKEN, TASK_EXECUTION_PULL
from ..iam.statement import Conditions, Statement

__all__ = [
    "ECS_TASKS",
    "TAG_CACHED",
    "Whereabouts",
    "beyond_starting",
    "decrypt_statement",
    "image_not_named",
    "kinds_of_use",
    "more_than_starting",
    "narrowed",
    "not_named",
    "task_trust",
]

Whereabouts: TypeAlias = tuple[str, str, str]
"""Account, Region and name of a repository, each perhaps deferred."""


DOCS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"
ECS_TASKS = "ecs-tasks.amazonaws.com"
_OPTIONS = {
    "ecr": ("pulls_from", "an image"),
    "logs": ("log_groups", "a log group"),
    "secretsmanager": ("secrets", "a secret"),
    "ssm": ("parameters", "a parameter"),
    "kms": ("secrets", "a KMS key"),
}
# What ECS needs of what a CDK grant asks for: reading a secret's value, not its description.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "ecr": TASK_EXECUTION_PULL,
    "logs": ("logs:CreateLogStream", "logs:PutLogEvents"),
    "secretsmanager": ("secretsmanager:GetSecretValue",),
    "ssm": ("ssm:GetParameters",),
    "kms": ("kms:Decrypt",),
}
# What the first pull through a cache needs besides, on repositories of the cache alone:
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
_THROUGH_A_CACHE = frozenset({"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"})
TAG_CACHED = "ecr:TagResource"
"""And where a creation template tags those repositories."""
# What CDK's own constructs ask for beside it, though ECS does without.
_ASKED_BESIDE = frozenset(
    {
        GET_AUTHORIZATION_TOKEN,
        "secretsmanager:DescribeSecret",
        "ssm:DescribeParameters",
        "ssm:GetParameter",
        "ssm:GetParameterHistory",
    }
)
_ECR_IMAGE = re.compile(
    r"(?P<account>[0-9]{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z0-9.]+/(?P<name>[^:@]+)"
)


def task_trust(*, partition: str, region: str, account: str) -> Conditions:
    """The trust of ECS for tasks of one account and Region, so that ECS is no confused deputy."""
    return {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:{partition}:ecs:{region}:{account}:*"},
    }


def narrowed(statement: Mapping[str, object]) -> dict[str, object]:
    """A statement that a grant asks for, with the actions that ECS documents for it alone."""
    asked = statement["Action"]
    actions = list(asked) if isinstance(asked, (list, tuple)) else [asked]
    needed: dict[str, None] = {}
    for action in map(str, actions):
        service = action.split(":", 1)[0]
        alone = (
            action == GET_AUTHORIZATION_TOKEN
            or service not in _NEEDED
            or action in _THROUGH_A_CACHE
        )
        needed.update(dict.fromkeys((action,) if alone else _NEEDED[service]))
    return {**statement, "Action": list(needed)}


def beyond_starting(actions: Sequence[str]) -> tuple[str, ...]:
    """The actions asked for that no task definition needs, so that they would not be written."""
    return tuple(
        action
        for action in actions
        if action not in _NEEDED.get(action.split(":", 1)[0], ())
        and action not in _ASKED_BESIDE | _THROUGH_A_CACHE
    )


def kinds_of_use(actions: Sequence[str]) -> tuple[str, ...]:
    """What a statement is for: a service's resource, and that it is filled through a cache."""
    service = actions[0].split(":", 1)[0]
    return (service, "cache") if _THROUGH_A_CACHE & set(actions) else (service,)


def image_not_named(
    image: str, *, named: Sequence[Whereabouts], task_definition: str, role: str
) -> Iterator[Finding]:
    """An image of ECR, named by hand, whose repository the execution role was not told of."""
    parts = _ECR_IMAGE.match(image)
    if parts is None:
        return
    wanted = (parts["account"], parts["region"], parts["name"])
    for known in named:
        pairs = zip(known, wanted, strict=True)
        if all(is_deferred(one) or one == another for one, another in pairs):
            return
    yield not_named(
        actions=("ecr:BatchGetImage",),
        resources=(image,),
        task_definitions=(task_definition,),
        role=role,
    )


def decrypt_statement(key_arn: str, *, service: str, region: str) -> Statement:
    """Decryption under one key, through one service alone."""
    return Statement(
        actions=("kms:Decrypt",),
        resources=(key_arn,),
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
    )


def not_named(
    *, actions: Sequence[str], resources: Sequence[str], task_definitions: Sequence[str], role: str
) -> Finding:
    """A task definition that uses what its execution role was not told of."""
    service = actions[0].split(":", 1)[0] if actions else ""
    option, thing = _OPTIONS.get(service, ("", "something"))
    who = " or ".join(task_definitions) or "a task definition"
    what = ", ".join(resources)
    if option:
        fix = f"add {what} to {option} of {role}"
    else:
        fix = "give the task role the permission, or use an iam.Role as execution role"
    return Finding(
        code="task-execution-not-named",
        property=option or "execution_role",
        message=f"{who} uses {thing} that its execution role was not told of",
        given=what,
        allowed=f"what {role} names in pulls_from, log_groups, secrets and parameters",
        fix=fix,
        docs=DOCS,
    )


def more_than_starting(actions: Sequence[str], resources: Sequence[str], *, role: str) -> Finding:
    """A grant to an execution role of what ECS does not do with one."""
    return Finding(
        code="task-execution-more-than-starting",
        property="grantee",
        message=f"{role} starts tasks and would not get what is granted on {', '.join(resources)}",
        given=", ".join(actions),
        allowed="to pull images, write logs, and read secrets and parameters",
        fix="grant it to the task role, or to a role of its own",
        docs=DOCS,
    )
