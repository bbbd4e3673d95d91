"""What an app refers to cannot expire by its own rules, unless it says so; traps are shown."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_lambda as lambda_

from ecr_constructs import (
    InvalidInputError,
    SecureRepository,
    archive_unpulled,
    expire_after,
    expire_archived,
    keep_last,
    protect,
)
from ecr_constructs.model.lifecycle import LifecycleRule, all_tags, keep_last_untagged

from .conftest import resources, templates

DIGEST = "sha256:" + "5" * 64
RELEASES = keep_last(30, tags="v*")


def told(construct) -> list[str]:
    """What `cdk synth` prints at a construct."""
    printed = {"aws:cdk:warning", "aws:cdk:info"}
    return [str(entry.data) for entry in construct.node.metadata if entry.type in printed]


def rules_in(app) -> list[dict]:
    (template,) = templates(app).values()
    (found,) = resources(template, "AWS::ECR::Repository").values()
    return json.loads(found["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]


def ecs_task(repository):
    task = ecs.FargateTaskDefinition(repository.stack, "Task")
    task.add_container("api", image=ecs.ContainerImage.from_ecr_repository(repository, "v1"))


def lambda_function(repository):
    code = lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="v1")
    lambda_.DockerImageFunction(repository.stack, "Function", code=code)


def codebuild_project(repository):
    image = codebuild.LinuxBuildImage.from_ecr_repository(repository, "v1")
    codebuild.Project(
        repository.stack,
        "Build",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        environment=codebuild.BuildEnvironment(build_image=image),
    )


@pytest.mark.parametrize(
    ("method", "reference"),
    [
        ("repository_uri_for_tag", "v1"),
        ("repository_uri_for_digest", DIGEST),
        ("repository_uri_for_tag_or_digest", "v1"),
        ("repository_uri_for_tag_or_digest", DIGEST),
    ],
)
def test_an_image_that_is_referred_to_is_not_left_to_the_rules(stack, method, reference):
    repository = SecureRepository(stack, "Api", lifecycle=[RELEASES])
    with pytest.raises(InvalidInputError) as caught:
        getattr(repository, method)(reference)
    error = caught.value
    assert (error.construct_path, error.given) == ("Shop/Api", reference)
    assert "rule 1 expires an image with" in error.message
    assert "behind 30 younger ones" in error.message
    assert "protect(" in error.fix
    assert f'may_expire=["{reference}"]' in error.fix
    # What was refused is not remembered: it is refused again.
    with pytest.raises(InvalidInputError):
        getattr(repository, method)(reference)
    allowed = SecureRepository(stack, "Allowed", lifecycle=[RELEASES], may_expire=[reference])
    assert getattr(allowed, method)(reference).endswith(reference)


@pytest.mark.parametrize("use", [ecs_task, lambda_function, codebuild_project])
def test_what_the_constructs_of_cdk_run_is_referred_to(stack, use):
    repository = SecureRepository(stack, "Api", lifecycle=[RELEASES])
    # CDK asks from the other side of jsii, which keeps the text and loses the type.
    with pytest.raises(RuntimeError, match=r"Shop/Api.*tag v1 can go.*protect.*may_expire"):
        use(repository)


@pytest.mark.parametrize("use", [ecs_task, lambda_function, codebuild_project])
def test_what_is_protected_or_given_up_is_run(app, stack, use):
    use(SecureRepository(stack, "Api", lifecycle=[*protect("v1"), RELEASES]))
    assert [rule["selection"]["countNumber"] for rule in rules_in(app)] == [1_000_000, 30]


@pytest.mark.parametrize("entry", ["v1", "v*", "*", "*1"])
def test_a_pattern_gives_up_what_it_matches(stack, entry):
    repository = SecureRepository(
        stack, "Api", lifecycle=[expire_after(days=90)], may_expire=[entry]
    )
    assert repository.repository_uri_for_tag("v1").endswith(":v1")
    assert told(repository) == []
    if entry != "*":
        with pytest.raises(InvalidInputError, match="w2"):
            repository.repository_uri_for_tag("w2")


def test_a_rule_that_comes_after_the_reference(app, stack):
    repository = SecureRepository(stack, "Api")
    repository.repository_uri_for_tag("v1")
    with pytest.raises(InvalidInputError, match=r"tag v1 can go: rule 2 expires"):
        repository.add_lifecycle_rule(max_image_count=9)
    # An image that was built for a change and then released carries both tags.
    with pytest.raises(InvalidInputError, match="an image with v1 and pr- after 9 days"):
        repository.add_lifecycle_rule(tag_pattern_list=["pr-*"], max_image_age=cdk.Duration.days(9))
    assert [rule["selection"]["tagStatus"] for rule in rules_in(app)] == ["untagged"]


def test_an_archived_image_is_lost_as_well(stack):
    rules = [archive_unpulled(after_days=30), expire_archived(after_days=200)]
    repository = SecureRepository(stack, "Api", lifecycle=rules)
    with pytest.raises(InvalidInputError, match="tag v1 can go: rule"):
        repository.repository_uri_for_tag("v1")
    shield = protect("v1")
    shielded = SecureRepository(stack, "Shielded", lifecycle=[*shield, *rules])
    with pytest.raises(InvalidInputError, match=r'protect\("v1", archived=True\)'):
        shielded.repository_uri_for_tag("v1")
    twice = SecureRepository(stack, "Both", lifecycle=[*protect("v1", archived=True), *rules])
    assert twice.repository_uri_for_tag("v1").endswith(":v1")


def test_what_nobody_can_decide_is_shown(stack):
    repository = SecureRepository(stack, "Api", lifecycle=[keep_last(500_000, tags="v*")])
    assert repository.repository_uri_for_tag("v1").endswith(":v1")
    (warning,) = told(repository)
    assert "can go, perhaps" in warning
    assert "lifecycle-takes-referenced-tag" in warning


def test_a_tag_that_is_known_at_deployment_is_a_note(stack):
    tag = cdk.CfnParameter(stack, "Release").value_as_string
    repository = SecureRepository(stack, "Api", lifecycle=[RELEASES])
    for _ in range(2):
        repository.repository_uri_for_tag(tag)
    (note,) = told(repository)
    assert "known only when CloudFormation deploys" in note
    for made in (
        SecureRepository(stack, "Given up", lifecycle=[RELEASES], may_expire=["*"]),
        SecureRepository(stack, "Default"),
    ):
        made.repository_uri_for_tag(tag)
        assert told(made) == []


def test_digests_beside_tags_that_move(stack):
    repository = SecureRepository(stack, "Api", mutable_tags=["latest"])
    repository.repository_uri_for_tag("latest")
    assert told(repository) == []
    repository.repository_uri_for_digest(DIGEST)
    (warning,) = told(repository)
    assert "lifecycle-untagged-but-pinned" in warning
    still = SecureRepository(stack, "Still")
    still.repository_uri_for_digest(DIGEST)
    assert told(still) == []


TRAPS: dict[str, list[LifecycleRule]] = {
    "lifecycle-tag-list-is-and": [keep_last(9, tags=all_tags("v*", "prod*"))],
    "lifecycle-places-taken": [keep_last(9, tags="v*"), keep_last(20)],
    "lifecycle-pattern-like-regex": [keep_last(9, tags="v.*")],
    "lifecycle-pattern-without-wildcard": [keep_last(9, tags="prod")],
    "lifecycle-description-differs": [keep_last(9, tags="v*", description="Keep 5 images")],
    "lifecycle-one-kept": [keep_last(1, tags="v*")],
    "lifecycle-archive-not-protected": [*protect("v*"), expire_archived(after_days=200)],
}


def test_traps_are_shown_where_the_repository_is_made(stack):
    for number, (code, rules) in enumerate(TRAPS.items()):
        repository = SecureRepository(stack, f"Trap{number}", lifecycle=rules)
        (warning,) = told(repository)
        assert f"[ack: ecr_constructs:{code}]" in warning
        assert "fix: " in warning
    fine = SecureRepository(
        stack, "Fine", lifecycle=[keep_last(9, tags="v*"), keep_last_untagged(1)]
    )
    assert told(fine) == []


def test_a_trap_that_is_added_is_shown_once(stack):
    repository = SecureRepository(stack, "Api", lifecycle=[keep_last(9, tags="v.*")])
    repository.add_lifecycle_rule(
        tag_status=ecr.TagStatus.UNTAGGED, max_image_age=cdk.Duration.days(9)
    )
    repository.add_lifecycle_rule(tag_prefix_list=["a", "b"], max_image_count=3)
    assert [text.rpartition(":")[2] for text in told(repository)] == [
        "lifecycle-pattern-like-regex]",
        "lifecycle-tag-list-is-and]",
    ]


def test_another_app_keeps_its_own_rules(stack):
    adopted = SecureRepository.from_repository_name(stack, "Old", "shop/old")
    assert adopted.repository_uri_for_tag("v1").endswith("shop/old:v1")
