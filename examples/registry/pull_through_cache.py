"""Images of open registries, cached in this one: the first pull fetches, the others stay inside.

A rule of a registry that asks for no login is one line. Whoever pulls needs the grant of the rule,
not of a repository: the first pull makes the repository and fetches the image.
"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from ecr_constructs import AppliedFor, PullThroughCacheRule, RepositoryCreationTemplate, Upstream


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)

    # Cached as ecr-public/..., kubernetes/... and quay/...
    public = PullThroughCacheRule(stack, "Public", upstream=Upstream.ecr_public())
    PullThroughCacheRule(stack, "Kubernetes", upstream=Upstream.k8s())
    quay = PullThroughCacheRule(stack, "Quay", upstream=Upstream.quay())

    # What the repositories of a cache have: tags follow the upstream, what they leave expires.
    RepositoryCreationTemplate(
        stack,
        "Cached",
        prefix=public.prefix,
        applied_for=[AppliedFor.PULL_THROUGH_CACHE],
        resource_tags={"source": "public.ecr.aws"},
    )

    nodes = iam.Role(stack, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    # Every image of Quay; the template above tags, so the second one may tag as well.
    quay.grant_pull(nodes)
    public.grant_pull(nodes, images=["docker/library/redis", "nginx/nginx"])

    # A cached image is an image like any other.
    task = ecs.Ec2TaskDefinition(stack, "Task")
    task.add_container(
        "cache",
        image=ecs.ContainerImage.from_ecr_repository(
            public.repository("docker/library/redis"), "7.4"
        ),
        memory_limit_mib=128,
    )
    cdk.CfnOutput(stack, "Image", value=quay.image_uri("prometheus/prometheus", tag="v3.1.0"))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
