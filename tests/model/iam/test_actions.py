"""The actions against AWS's own list of them, which cfn-lint carries."""

import importlib.util
import json
from pathlib import Path

import pytest

from ecr_constructs.model.iam.actions import (
    ACCOUNT_ACTIONS,
    GET_AUTHORIZATION_TOKEN,
    REPOSITORY_ACTIONS,
    TASK_EXECUTION_PULL,
    Access,
)


@pytest.fixture(scope="module")
def reference():
    # Importing cfn-lint takes seconds, and only its data are asked for.
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        pytest.skip("cfn-lint is not installed")
    text = Path(spec.origin).parent / "data/AdditionalSpecs/Policies.json"
    return json.loads(text.read_text(encoding="utf-8"))["ecr"]["Actions"]


def test_every_action_of_the_service_authorization_reference_is_known(reference):
    on_repositories = {f"ecr:{name}" for name, facts in reference.items() if "Resources" in facts}
    on_accounts = {f"ecr:{name}" for name, facts in reference.items() if "Resources" not in facts}
    assert {action.lower() for action in REPOSITORY_ACTIONS} >= on_repositories
    assert {action.lower() for action in ACCOUNT_ACTIONS} == on_accounts
    assert {action.lower() for action in REPOSITORY_ACTIONS} == on_repositories


# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
PUSH = {
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
}
# AmazonEC2ContainerRegistryPullOnly, without what a pull-through cache needs beside it.
PULL = {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}


@pytest.mark.parametrize(
    ("access", "actions"),
    [
        (Access.PULL, PULL),
        (Access.PUSH, PUSH),
        (Access.PULL_PUSH, PULL | PUSH),
        (Access.DELETE, {"ecr:BatchDeleteImage"}),
    ],
)
def test_the_smallest_sets(access, actions):
    assert set(access.actions) == actions


@pytest.mark.parametrize("access", Access)
def test_every_access_is_sorted_and_of_repositories(access):
    assert list(access.actions) == sorted(set(access.actions))
    assert set(access.actions) <= REPOSITORY_ACTIONS
    assert GET_AUTHORIZATION_TOKEN not in access.actions
    assert access.needs_token is (access in {Access.PULL, Access.PUSH, Access.PULL_PUSH})


@pytest.mark.parametrize("access", [Access.READ, Access.PULL])
def test_reading_changes_nothing(access):
    verbs = ("ecr:BatchGet", "ecr:Describe", "ecr:Get", "ecr:List")
    assert all(action.startswith(verbs) for action in access.actions)


def test_reading_metadata_gives_no_content():
    assert not set(Access.READ.actions) & (PULL | PUSH)


def test_administration_is_neither_content_nor_deletion():
    deletes = {"ecr:DeleteRepository", "ecr:BatchDeleteImage"}
    assert not set(Access.ADMIN.actions) & (PULL | PUSH | deletes)


def test_what_ecs_documents_for_an_execution_role():
    assert set(TASK_EXECUTION_PULL) == PULL | {"ecr:BatchCheckLayerAvailability"}


def test_account_and_repository_actions_are_apart():
    assert not ACCOUNT_ACTIONS & REPOSITORY_ACTIONS
    assert GET_AUTHORIZATION_TOKEN in ACCOUNT_ACTIONS
