"""Where a construct belongs and something else comes, the error is ours, before Node is asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

import ecr_constructs as ours

from .public import Entry, entries

ROLE = "arn:aws:iam::111111111111:role/ci"
STRANGERS = [ROLE, None, 7, {"node": None}, cdk.Stack]
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"
PROFILE = "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/shop"
MANIFEST = """{
    "version": 1,
    "groups": {"shop": {}},
    "environments": {"prod": {"account": "111111111111", "region": "eu-west-1"}},
    "repositories": [{"name": "shop/api", "group": "shop"}]
}"""
every_stranger = pytest.mark.parametrize("stranger", STRANGERS, ids=repr)

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def door() -> SimpleNamespace:
    """An app with one of each thing that takes a construct."""
    stack = cdk.Stack(
        cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1")
    )
    api = ours.SecureRepository(stack, "Api", repository_name="shop/api")
    return SimpleNamespace(
        stack=stack,
        api=api,
        old=ours.SecureRepository.from_repository_name(stack, "Old", "shop/old"),
        cache=ours.PullThroughCacheRule(stack, "Cache", upstream=ours.Upstream.quay()),
        made=ours.RepositoryCreationTemplate(
            stack, "Template", prefix="made", applied_for=[ours.AppliedFor.CREATE_ON_PUSH]
        ),
        share=ours.RepositoryShare(stack, "Share", repositories=[api], accounts=["222222222222"]),
        published=ours.PublishedRepository(stack, "Published", repository=api),
        signing=ours.SigningConfiguration(
            stack, "Signing", rules=[ours.SigningRule(profile=PROFILE)]
        ),
        vpc=ec2.Vpc(stack, "Vpc", availability_zones=["eu-west-1a"]),
        queue=sqs.Queue(stack, "Queue"),
    )


# --- where something is made ------------------------------------------------------------------

# What is asked of an argument before the scope is.
SAID = {
    "repository_name": "shop/api",
    "repository_arn": ARN,
    "manifest": ours.Fleet.from_json(MANIFEST),
    "environment": "prod",
    "rules": [],
    "upstream": ours.Upstream.quay(),
    "repositories": [],
    "scanning": ours.BasicScanning(),
}
MADE_BY_A_FLEET = "MemberRepository"
SCOPED = [
    entry
    for entry in entries()
    if "scope" in inspect.signature(entry.target).parameters
    and not entry.name.startswith(MADE_BY_A_FLEET)
    and entry.name != "RepositoryShare.add_identity_policy"
]


@every_stranger
@pytest.mark.parametrize("entry", SCOPED, ids=str)
def test_nothing_is_made_in_what_is_no_construct(entry: Entry, stranger: object) -> None:
    parameters = inspect.signature(entry.target).parameters.values()
    words = {
        parameter.name: SAID.get(parameter.name)
        for parameter in parameters
        if parameter.default is inspect.Parameter.empty
        and parameter.name not in ("self", "cls", "scope", "id")
    }
    if any(parameter.name == "id" for parameter in parameters):
        words["id"] = "Made"
    name, _, method = entry.name.partition(".")
    call: Call = getattr(ours, name)
    if method and method != "__init__":
        call = getattr(call, method)
    with pytest.raises(ours.InvalidInputError, match=r"^scope: is a .+, not a construct") as caught:
        call(scope=stranger, **words)
    assert caught.value.given is stranger


def test_the_scopes_are_found() -> None:
    names = {entry.name for entry in SCOPED}
    constructs = {
        name
        for name in ours.__all__
        if inspect.isclass(getattr(ours, name)) and issubclass(getattr(ours, name), Construct)
    }
    assert {f"{name}.__init__" for name in constructs - {MADE_BY_A_FLEET}} <= names
    assert {"add_registry_statement", "SecureRepository.from_repository_arn"} <= names


# --- what something is done to ----------------------------------------------------------------

PUSHED = [ours.ImageEvent.PUSHED]
TAKEN: dict[str, Call] = {
    "asset": lambda door, given: ours.AssetRepository.of(given),
    "owner": lambda door, given: ours.add_registry_statement(
        door.stack, iam.PolicyStatement(), owner=given
    ),
    "statement": lambda door, given: ours.add_registry_statement(door.stack, given),
    "repository": lambda door, given: ours.PublishedRepository(
        door.stack, "Made", repository=given
    ),
    "repository of commands": lambda door, given: ours.ImageCommands(
        door.stack, "Made", repository=given
    ),
    "repository of an alarm": lambda door, given: ours.PullCountAlarm(
        door.stack, "Made", repository=given, more_than=1
    ),
    "repository of a quota": lambda door, given: ours.QuotaAlarm(
        door.stack, "Made", usage=ours.RegistryUsage.IMAGES, repository=given
    ),
    "repository of a source": lambda door, given: ours.ImageSourceAction(
        action_name="Image", repository=given, output=codepipeline.Artifact(), tag="v1"
    ),
    "source": lambda door, given: ours.ReplicatedRepository(door.stack, "Made", source=given),
    "repositories": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=door.vpc, repositories=[given]
    ),
    "repositories of a share": lambda door, given: ours.RepositoryShare(
        door.stack, "Made", repositories=[given], accounts=["222222222222"]
    ),
    "repositories of events": lambda door, given: ours.EventSubscription(
        door.stack, "Made", events=PUSHED, target=door.queue, repositories=[given]
    ),
    "pulls_from": lambda door, given: ours.TaskExecutionRole(
        door.stack, "Made", pulls_from=[given]
    ),
    "pushes_to": lambda door, given: ours.CodeBuildRole(door.stack, "Made", pushes_to=[given]),
    "target": lambda door, given: ours.EventSubscription(
        door.stack, "Made", events=PUSHED, target=given
    ),
    "topics": lambda door, given: ours.QuotaAlarm(
        door.stack, "Made", usage=ours.RegistryUsage.PULLS, topics=[given]
    ),
    "vpc": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=given, repositories=[door.api]
    ),
    "clients": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=door.vpc, repositories=[door.api], clients=[given]
    ),
    "log_groups": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=door.vpc, repositories=[door.api], log_groups=[given]
    ),
    "secrets": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=door.vpc, repositories=[door.api], secrets=[given]
    ),
    "secrets of a task": lambda door, given: ours.TaskExecutionRole(
        door.stack, "Made", secrets=[given]
    ),
    "parameters": lambda door, given: ours.TaskExecutionRole(
        door.stack, "Made", parameters=[given]
    ),
    "scope": lambda door, given: door.share.add_identity_policy(given, "Made"),
    "grantee": lambda door, given: door.api.grant_pull(given),
    "grantee of single actions": lambda door, given: door.api.grant(given, "ecr:ListImages"),
    "grantee of an adopted one": lambda door, given: door.old.grant_push(given),
    "grantee of a cache": lambda door, given: door.cache.grant_pull(given),
    "grantee of a template": lambda door, given: door.made.grant_push(given),
    "grantee of parameters": lambda door, given: door.published.grant_read(given),
    "grantee of a signature": lambda door, given: door.signing.grant_sign(given),
}
# None stands for an option that is left out.
OPTIONAL: dict[str, Call] = {
    "subnets": lambda door, given: ours.RegistryEndpoints(
        door.stack, "Made", vpc=door.vpc, repositories=[door.api], subnets=given
    ),
    "dead_letter_queue": lambda door, given: ours.EventSubscription(
        door.stack, "Made", events=PUSHED, target=door.queue, dead_letter_queue=given
    ),
    "encryption_key": lambda door, given: ours.SecureRepository(
        door.stack, "Made", encryption_key=given
    ),
    "encryption_key of a template": lambda door, given: ours.RepositoryCreationTemplate(
        door.stack, "Made", prefix="a", applied_for=[], encryption_key=given
    ),
    "role": lambda door, given: ours.PullThroughCacheRule(
        door.stack, "Made", upstream=ours.Upstream.k8s(), role=given
    ),
    "credential": lambda door, given: ours.PullThroughCacheRule(
        door.stack, "Made", upstream=ours.Upstream.docker_hub(), credential=given
    ),
}
# Arguments that None or a document is right for.
RIGHT: list[tuple[str, object]] = [
    ("owner", None),
    ("repository of a quota", None),
    ("statement", STRANGERS[3]),
]


CASES: list[tuple[str, object]] = [
    *((where, stranger) for where in TAKEN for stranger in STRANGERS),
    *((where, stranger) for where in OPTIONAL for stranger in STRANGERS if stranger is not None),
]


@pytest.mark.parametrize(
    ("where", "stranger"),
    [
        pytest.param(where, stranger, id=f"{where}, {stranger!r}")
        for where, stranger in CASES
        if (where, stranger) not in RIGHT
    ],
)
def test_what_is_no_such_construct_is_refused(
    door: SimpleNamespace, where: str, stranger: object
) -> None:
    call = {**TAKEN, **OPTIONAL}[where]
    with pytest.raises(ours.InvalidInputError) as caught:
        call(door, stranger)
    (finding, *_) = caught.value.findings
    assert finding.property == where.partition(" ")[0]
    assert finding.given is stranger
    assert finding.allowed
    assert finding.fix
    assert door.stack.node.try_find_child("Made") is None
