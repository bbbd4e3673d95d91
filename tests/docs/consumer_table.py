"""The table of ``docs/consumers.md``: AWS's managed policies beside what the library gives.

``python -m tests.docs.consumer_table`` renews it. It is made from the texts of the policies and the
plans of the roles; only the reasons are written by hand, and one that is missing is an error.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ecr_constructs.model.consumers.by_policy import codebuild
from ecr_constructs.model.consumers.by_role import app_runner, batch, eks, sagemaker
from ecr_constructs.model.consumers.by_role.role_plan import RolePlan
from ecr_constructs.model.consumers.home import Home
from ecr_constructs.model.iam.actions import (
    ACCOUNT_ACTIONS,
    GET_AUTHORIZATION_TOKEN,
    REPOSITORY_ACTIONS,
    TASK_EXECUTION_PULL,
    Access,
)
from ecr_constructs.report.access.managed import find_aws_managed

PAGE = Path(__file__).parents[2] / "docs" / "consumers.md"
BEGIN, END = "<!-- managed policies: begin -->", "<!-- managed policies: end -->"
EVERY = ACCOUNT_ACTIONS | REPOSITORY_ACTIONS
HOME = Home(partition="aws", region="eu-west-1", account="111111111111")
POLICIES = "arn:aws:iam::aws:policy/"

CACHE = "the first pull through a cache alone needs it: the rule of the cache grants it"
LOOKING = "a pull or push asks for the image by its name and looks nothing up"
MAKING = "your app makes the repository; what runs in it does not"
PUSHING = "it pulls and does not push"
DELETING = "nothing that runs or builds deletes images; the lifecycle does"
REASONS: Mapping[str, str] = {
    "BatchCheckLayerAvailability": "a client asks it before it uploads a layer, not before a pull",
    "BatchDeleteImage": DELETING,
    "BatchImportUpstreamImage": CACHE,
    "CompleteLayerUpload": PUSHING,
    "CreateRepository": MAKING,
    "DeleteRepository": MAKING,
    "DeleteRepositoryPolicy": MAKING,
    "InitiateLayerUpload": PUSHING,
    "PutImage": PUSHING,
    "SetRepositoryPolicy": MAKING,
    "StartImageScan": "the repository scans on push",
    "UploadLayerPart": PUSHING,
    **dict.fromkeys(
        (
            "DescribeImageReplicationStatus",
            "DescribeImageScanFindings",
            "DescribeImageSigningStatus",
            "DescribeImages",
            "DescribePullThroughCacheRules",
            "DescribeRegistry",
            "DescribeRepositories",
            "DescribeRepositoryCreationTemplates",
            "GetLifecyclePolicy",
            "GetLifecyclePolicyPreview",
            "GetRepositoryPolicy",
            "ListImages",
            "ListTagsForResource",
        ),
        LOOKING,
    ),
}


@dataclass(frozen=True)
class Row:
    """A consumer, the policy of AWS that its page attaches, and what ours gives."""

    consumer: str
    policy: str
    ours: tuple[str, ...]


def _plan(make: Callable[..., RolePlan], **options: object) -> tuple[str, ...]:
    return make(HOME, **options).pull


ROWS = (
    Row("TaskExecutionRole", "service-role/AmazonECSTaskExecutionRolePolicy", TASK_EXECUTION_PULL),
    Row(
        "EksNodeRole",
        "AmazonEC2ContainerRegistryPullOnly",
        _plan(eks.node_role, add_on_images=True, pod_network=True),
    ),
    Row(
        "EksNodeRole",
        "AmazonEC2ContainerRegistryReadOnly",
        _plan(eks.node_role, add_on_images=True, pod_network=True),
    ),
    Row(
        "EksAutoNodeRole",
        "AmazonEC2ContainerRegistryPullOnly",
        _plan(eks.auto_node_role, add_on_images=True),
    ),
    Row(
        "EksFargatePodRole",
        "AmazonEKSFargatePodExecutionRolePolicy",
        _plan(eks.fargate_pod_role, cluster_name="shop", add_on_images=True),
    ),
    Row(
        "EksHybridNodeRole",
        "AmazonEC2ContainerRegistryPullOnly",
        _plan(eks.hybrid_node_role, cluster_name="shop", trust_anchor_arn=None, add_on_images=True),
    ),
    Row(
        "BatchInstanceRole",
        "service-role/AmazonEC2ContainerServiceforEC2Role",
        _plan(batch.batch_instance_role),
    ),
    Row("SageMakerRole", "AmazonSageMakerFullAccess", _plan(sagemaker.sagemaker_role)),
    Row(
        "AppRunnerAccessRole",
        "service-role/AWSAppRunnerServicePolicyForECRAccess",
        app_runner.app_runner_access_role().pull,
    ),
    Row(
        "CodeBuildRole",
        "AmazonEC2ContainerRegistryPowerUser",
        (*_plan(codebuild.codebuild_role, project_names=("*",)), *Access.PUSH.actions),
    ),
)


def theirs(policy: str) -> frozenset[str]:
    """Every action of ECR that a managed policy allows."""
    text = find_aws_managed(POLICIES + policy)
    assert text is not None, policy
    found: set[str] = set()
    for _, statement in text.statements:
        assert statement["Effect"] == "Allow"
        listed = statement["Action"]
        for pattern in [listed] if isinstance(listed, str) else listed:
            found.update(name for name in EVERY if fnmatch.fnmatchcase(name, pattern))
    return frozenset(found)


def resources(policy: str) -> str:
    """On what a managed policy allows it."""
    text = find_aws_managed(POLICIES + policy)
    assert text is not None, policy
    found: dict[str, None] = {}
    for _, statement in text.statements:
        listed = statement["Resource"]
        found.update(dict.fromkeys([listed] if isinstance(listed, str) else listed))
    return " and ".join("every repository" if name == "*" else f"`{name}`" for name in found)


def left_out(row: Row) -> dict[str, list[str]]:
    """The actions that ours does without, by the reason why it still works."""
    beyond = theirs(row.policy) - {*row.ours, GET_AUTHORIZATION_TOKEN}
    found: dict[str, list[str]] = {}
    for action in sorted(beyond):
        name = action.removeprefix("ecr:")
        found.setdefault(REASONS[name], []).append(name)
    return found


def table() -> str:
    """The table as the page has it."""
    return "\n".join(
        (
            "| ours | AWS's policy | which allows | ours leaves out |",
            "|---|---|---|---|",
            *map(_line, ROWS),
        )
    )


def _line(row: Row) -> str:
    text = find_aws_managed(POLICIES + row.policy)
    assert text is not None
    name = row.policy.rpartition("/")[2]
    allows = f"{len(theirs(row.policy))} actions on {resources(row.policy)}"
    return f"| `{row.consumer}` | `{name}` {text.version} | {allows} | {'; '.join(_beyond(row))} |"


def _beyond(row: Row) -> Iterator[str]:
    yield "every repository that was not named"
    for reason, names in left_out(row).items():
        yield f"{', '.join(f'`{name}`' for name in names)} ({reason})"


def renewed(page: str) -> str:
    """The page with the table of today."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
