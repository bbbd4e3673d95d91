"""Observes that nobody can do more than they were granted, and why they cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Any

from demo.acts.stage import TAG, Stage
from demo.cast import Actor
from demo.registry import Login
from demo.shop import (
    ACCOUNT,
    API,
    GITHUB,
    MAIN_BRANCH,
    READER_ACCOUNT,
    STRANGER_ACCOUNT,
    WEB,
    WORKER,
)

OUTSIDE = "other/secret"
LOGIN_ONLY = "demo-login-only"
MADE_UP = Login("AWS", "made-up")


def observe(stage: Stage) -> None:
    """Tries everything that must not work; what works all the same shows as granted."""
    _roles(stage)
    _registry(stage)
    _accounts(stage)
    _trust(stage)


def _roles(stage: Stage) -> None:
    refused, ci, execution = stage.ledger.refused, stage.ci, stage.execution
    intruder = stage.cargo.intruder
    refused("execution-push", partial(stage.push, execution, API, intruder, "intruder"))
    refused("execution-worker", partial(stage.pull, execution, WORKER, TAG))
    refused("ci-delete", partial(_delete, ci.client("ecr"), API, TAG))
    stage.owner.client("ecr").create_repository(repositoryName=OUTSIDE)
    refused("ci-elsewhere", partial(_push_outside, stage, ci))
    refused("token-only", partial(stage.pull, _login_only(stage), API, TAG))


def _registry(stage: Stage) -> None:
    stage.ledger.refused("made-up-token", partial(_pull_with, stage, MADE_UP))
    overwrite = partial(stage.push, stage.ci, API, stage.cargo.next_release, TAG)
    stage.ledger.refused("immutable-tag", overwrite)


def _accounts(stage: Stage) -> None:
    refused, intruder = stage.ledger.refused, stage.cargo.intruder
    stranger, reader = stage.cast.root(STRANGER_ACCOUNT), stage.cast.root(READER_ACCOUNT)
    refused("stranger", partial(stage.pull, stranger, API, TAG))
    refused("reader-web", partial(stage.pull, reader, WEB, TAG))
    refused("reader-push", partial(stage.push, reader, API, intruder, "from-reader"))


def _trust(stage: Stage) -> None:
    """Only taking the role is tried, so that what the role may do plays no part."""
    refused = stage.ledger.refused
    branch = stage.workflow(f"repo:{GITHUB}:ref:refs/heads/feature")
    refused("github-branch", branch.who_am_i)
    repository = stage.workflow("repo:acme/other:ref:refs/heads/main")
    refused("github-repository", repository.who_am_i)
    audience = stage.workflow(MAIN_BRANCH, audience="https://example.com")
    refused("github-audience", audience.who_am_i)
    forged = stage.workflow(MAIN_BRANCH, forged=True)
    refused("github-forged", forged.who_am_i)
    refused("ecs-other-account", stage.ecs(STRANGER_ACCOUNT).who_am_i)


def _delete(ecr: Any, repository: str, tag: str) -> str:
    answer = ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": tag}])
    return f"deleted {len(answer['imageIds'])} images"


def _push_outside(stage: Stage, actor: Actor) -> str:
    host, _ = stage.outputs.place(API)
    with closing(stage.cast.registry(host, actor.login())) as registry:
        return registry.push_image(OUTSIDE, stage.cargo.intruder, TAG)


def _pull_with(stage: Stage, login: Login) -> str:
    host, name = stage.outputs.place(API)
    with closing(stage.cast.registry(host, login)) as registry:
        return registry.pull_image(name, TAG).digest


def _login_only(stage: Stage) -> Actor:
    """A role that the shop knows nothing of: it may log in to the registry and nothing else."""
    iam = stage.owner.client("iam")
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    }
    grant = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    role = iam.create_role(RoleName=LOGIN_ONLY, AssumeRolePolicyDocument=_policy(trust))
    iam.put_role_policy(RoleName=LOGIN_ONLY, PolicyName="login", PolicyDocument=_policy(grant))
    return stage.cast.role(role["Role"]["Arn"], assumed_by=stage.owner)


def _policy(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
