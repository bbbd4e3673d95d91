"""Where images are, for whoever does not import this app: scripts, Terraform, other teams.

`aws ssm get-parameter --name /images/shop/api/stable/uri` prints the image to run.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from ecr_constructs import PublishedRepository, SecureRepository, TaskExecutionRole, protect

STABLE = "sha256:7173b809ca12ec5dee4506cd86be934c4596dd234ee82c0662eac04a8c2c71dc"


def build(app: cdk.App) -> cdk.App:
    images = cdk.Stack(app, "Images")
    api = SecureRepository(
        images,
        "Api",
        repository_name="shop/api",
        lifecycle=[*protect("stable")],
        mutable_tags=["stable"],
    )
    published = PublishedRepository(images, "Published", repository=api, digests={"stable": STABLE})
    published.grant_read(iam.Role(images, "Deployer", assumed_by=iam.AccountRootPrincipal()))

    # Another app knows the path and the repository's name, and nothing of this one.
    shop = cdk.Stack(app, "Shop")
    adopted = SecureRepository.from_repository_name(shop, "Api", "shop/api")
    runner = TaskExecutionRole(shop, "Runner", pulls_from=[adopted])
    task = ecs.FargateTaskDefinition(shop, "Task", execution_role=runner.role)
    uri = ssm.StringParameter.value_for_string_parameter(shop, "/images/shop/api/stable/uri")
    task.add_container("api", image=ecs.ContainerImage.from_registry(uri))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
