"""Docker Hub, GitHub and an Azure registry: upstreams that ask for a user name and a token.

The template holds neither. A secret is made with a token that opens nothing, and yours is written
into it once, beside CloudFormation::

    aws secretsmanager put-secret-value --secret-id ecr-pullthroughcache/docker-hub \\
        --secret-string '{"username": "acme", "accessToken": "dckr_pat_..."}'
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager

from ecr_constructs import PullThroughCacheRule, RegistryPolicy, Upstream

AZURE = "ecr-pullthroughcache/azure"


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)

    hub = PullThroughCacheRule(stack, "Hub", upstream=Upstream.docker_hub(), username="acme")
    PullThroughCacheRule(stack, "GitHub", upstream=Upstream.github(), prefix="ghcr")

    # A secret that somebody keeps and rotates: its name begins with ecr-pullthroughcache/.
    token = secretsmanager.Secret(stack, "AzureToken", secret_name=AZURE)
    PullThroughCacheRule(stack, "Azure", upstream=Upstream.azure("acmeimages"), credential=token)

    nodes = iam.Role(stack, "Nodes", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    # Official images of Docker Hub have library/ in their names.
    hub.grant_pull(nodes, images=["library/nginx"])

    # Another account pulls through the same cache: its identity policies and this statement allow.
    RegistryPolicy(stack, "RegistryPolicy")
    hub.grant_pull(iam.AccountPrincipal("222222222222"), images=["library/nginx"])
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
