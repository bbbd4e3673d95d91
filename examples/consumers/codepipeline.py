"""A pipeline that starts when ``stable`` is pushed, and deploys that very image to ECS.

The tag moves; what is deployed is the digest of the push that started the pipeline.
"""

import aws_cdk as cdk
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3 as s3

from ecr_constructs import EcsImageDefinitions, ImageSourceAction, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    api = SecureRepository(stack, "Api", repository_name="shop/api", mutable_tags=["stable"])
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0a1b2c3d4e5f60718", availability_zones=["eu-west-1a"]
    )
    cluster = ecs.Cluster.from_cluster_attributes(stack, "Cluster", cluster_name="shop", vpc=vpc)
    service = ecs.FargateService.from_fargate_service_attributes(
        stack, "Service", cluster=cluster, service_name="api"
    )

    image, definitions = codepipeline.Artifact("Image"), codepipeline.Artifact("Definitions")
    to_definitions = EcsImageDefinitions(stack, "Definitions", container_name="api")
    codepipeline.Pipeline(
        stack,
        "Pipeline",
        pipeline_type=codepipeline.PipelineType.V2,
        artifact_bucket=s3.Bucket(stack, "Artifacts", enforce_ssl=True),
        stages=[
            codepipeline.StageProps(
                stage_name="Source",
                actions=[
                    ImageSourceAction(
                        action_name="Image", repository=api, tag="stable", output=image
                    )
                ],
            ),
            codepipeline.StageProps(
                stage_name="Definitions",
                actions=[
                    to_definitions.action(
                        action_name="Definitions", source=image, output=definitions
                    )
                ],
            ),
            codepipeline.StageProps(
                stage_name="Deploy",
                actions=[
                    actions.EcsDeployAction(
                        action_name="Deploy", service=service, input=definitions
                    )
                ],
            ),
        ],
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
