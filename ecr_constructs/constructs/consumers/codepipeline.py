"""CodePipeline: an image as source, and what deploys it to ECS by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.consumers.by_role.codepipeline import (
    SOURCE_ACTIONS,
    check_action_name,
    check_container_name,
    check_pipeline_type,
    check_tag_moves,
    image_definitions_spec,
    other_home,
    push_pattern,
    revision_template,
    starter_trust,
)
from ...model.errors import raise_dangers
from ...model.images.reference import check_tag
from ...model.repository.options import check_repository
from .._jsii import check, refuse, show
from ..repository.tag_mutability import mutable_tags_of
from ..roles.task_images import whereabouts_of
from .role import home_of, principal_of_trust

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from ..repository.types import RepositoryLike

__all__ = ["EcsImageDefinitions", "ImageSourceAction"]


class ImageSourceAction(actions.EcrSourceAction):
    """A source action that starts its pipeline when a tag is pushed, with the image of that push.

    It is CDK's ``EcrSourceAction`` with a rule that says which tag it waits for, a role that
    EventBridge alone has for that rule, and the digest of the event handed on: two pushes in a row
    run with an image each. Its artifact has the digest in ``imageDetail.json``. That takes a
    pipeline of type V2: for one of V1, CDK's default without ``cdk.json``, a warning is shown.
    """

    def __init__(
        self,
        *,
        action_name: str,
        repository: RepositoryLike,
        output: codepipeline.Artifact,
        tag: str,
        variables_namespace: str | None = None,
        role: iam.IRole | None = None,
    ) -> None:
        """Make the action.

        :param action_name: the name of the action in its stage.
        :param repository: the repository, in the account and Region of the pipeline.
        :param output: the artifact that gets ``imageDetail.json``.
        :param tag: the tag whose pushes start the pipeline: one that moves (``mutable_tags``). For
            one that cannot, a warning is shown.
        :param variables_namespace: the namespace of ``variables``. Default: CodePipeline's own.
        :param role: the role of the action. Default: one that may describe the images and write
            the artifact.
        :raises InvalidInputError: where CodePipeline or ECR would refuse a name.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
        """
        raise_dangers(
            [
                *check_action_name(action_name),
                *check_repository("repository", repository),
                *check_tag(tag),
            ]
        )
        self._action_name = action_name
        self._repository = repository
        self._tag = tag
        super().__init__(
            action_name=action_name,
            repository=repository,
            image_tag=tag,
            output=output,
            variables_namespace=variables_namespace,
            role=role,
        )

    def _bound(
        self,
        scope: Construct,
        stage: codepipeline.IStage,
        *,
        bucket: s3.IBucket,
        role: iam.IRole,
    ) -> codepipeline.ActionConfig:
        pipeline = stage.pipeline
        self._require_same_home(pipeline)
        self._tell_if_pushed_once(scope)
        self._repository.grant(role, *SOURCE_ACTIONS)
        bucket.grant_write(role)
        self._start_on_push(scope, pipeline)
        return codepipeline.ActionConfig(
            configuration={
                "RepositoryName": self._repository.repository_name,
                "ImageTag": self._tag,
            }
        )

    def _require_same_home(self, pipeline: codepipeline.IPipeline) -> None:
        account, region, _ = whereabouts_of(self._repository)
        theirs = pipeline.env
        refuse(other_home((account, region), (theirs.account, theirs.region)), pipeline)

    def _tell_if_pushed_once(self, scope: Construct) -> None:
        resource = self._repository.node.default_child
        if isinstance(resource, ecr.CfnRepository):
            show(check_tag_moves(self._tag, mutable_tags_of(resource)), scope)

    def _start_on_push(self, scope: Construct, pipeline: codepipeline.IPipeline) -> None:
        starter = iam.Role(
            scope,
            "Starter",
            description="Starts a pipeline when an image is pushed",
            assumed_by=principal_of_trust(starter_trust(home_of(scope))),
        )
        starter.add_to_policy(
            iam.PolicyStatement(
                actions=["codepipeline:StartPipelineExecution"],
                resources=[pipeline.pipeline_arn],
            )
        )
        resource = cast("codepipeline.CfnPipeline", pipeline.node.default_child)
        show(check_pipeline_type(resource.pipeline_type), scope)
        told = revision_template(self._action_name) if resource.pipeline_type == "V2" else None
        events.CfnRule(
            scope,
            "OnPush",
            description=f"Starts a pipeline when {self._tag} is pushed",
            event_pattern=push_pattern(self._repository.repository_name, self._tag),
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="Pipeline",
                    arn=pipeline.pipeline_arn,
                    role_arn=starter.role_arn,
                    input_transformer=None
                    if told is None
                    else events.CfnRule.InputTransformerProperty(
                        input_paths_map={"digest": "$.detail.image-digest"}, input_template=told
                    ),
                )
            ],
        )


class EcsImageDefinitions(Construct):
    """The build between an image as source and CDK's ``EcsDeployAction``.

    The deploy action takes ``imagedefinitions.json`` and the source writes ``imageDetail.json``;
    this turns one into the other, digest and all. (CodeDeploy takes ``imageDetail.json`` as it is.)
    """

    def __init__(self, scope: Construct, id: str, *, container_name: str) -> None:
        """Make the project.

        :param container_name: the container of the task definition that gets the image.
        :raises InvalidInputError: where no container can have such a name.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
        """
        check(check_container_name(container_name), scope, id)
        super().__init__(scope, id)
        self._project = codebuild.PipelineProject(
            self,
            "Default",
            description="Tells ECS which image a pipeline runs with",
            build_spec=codebuild.BuildSpec.from_object(
                cast("Mapping[str, Any]", image_definitions_spec(container_name))
            ),
            environment=codebuild.BuildEnvironment(
                build_image=codebuild.LinuxBuildImage.STANDARD_7_0
            ),
        )

    @property
    def project(self) -> codebuild.IProject:
        """The project, for an action of your own."""
        return self._project

    def action(
        self,
        *,
        action_name: str,
        source: codepipeline.Artifact,
        output: codepipeline.Artifact,
    ) -> actions.CodeBuildAction:
        """The action that stands between source and deployment.

        :param action_name: the name of the action in its stage.
        :param source: the artifact of the :class:`ImageSourceAction`.
        :param output: the artifact for ``EcsDeployAction(input=...)``.
        :raises InvalidInputError: where CodePipeline would refuse the name.
        """
        refuse(check_action_name(action_name), self)
        return actions.CodeBuildAction(
            action_name=action_name, project=self._project, input=source, outputs=[output]
        )
