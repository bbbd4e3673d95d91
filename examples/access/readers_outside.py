"""Readers outside the account: an account, an organization, a unit of it, and one role.

For an account or an organization the repository's policy opens the door, and their own identity
policies decide who goes through. A role with a name is granted on both sides at once, though it
stands in another account and another stack.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from ecr_constructs import OrganizationalUnitPrincipal, SecureRepository, TaskExecutionRole


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    production = cdk.Environment(account="222222222222", region="eu-west-1")

    images = cdk.Stack(app, "Images", env=tools)
    api = SecureRepository(images, "Api", repository_name="shop/api")
    web = SecureRepository(images, "Web", repository_name="shop/web")
    base = SecureRepository(images, "Base", repository_name="shop/base")

    api.grant_pull(iam.AccountPrincipal("333333333333"))
    web.grant_pull(
        OrganizationalUnitPrincipal("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/*")
    )
    base.grant_pull(iam.OrganizationPrincipal("o-a1b2c3d4e5"))

    shop = cdk.Stack(app, "Shop", env=production)
    # Over accounts the role needs a name, so that the repository's policy can say it.
    runner = TaskExecutionRole(shop, "Runner", role_name="shop-runner", pulls_from=[api])
    task = ecs.FargateTaskDefinition(shop, "Task", execution_role=runner.role)
    task.add_container("api", image=ecs.ContainerImage.from_ecr_repository(api, "v1"))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
