"""A manifest in an app: its stacks, what the app says of them all, and a stack that uses them."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import RepositoryFleet

MANIFEST = Path(__file__).with_name("shop.json")


def build(app: cdk.App) -> cdk.App:
    fleet = RepositoryFleet(app, "Fleet", manifest=MANIFEST, environment="production")

    # As with any construct: tags for everything, a boundary for the roles.
    cdk.Tags.of(fleet).add("owner", "platform")
    for stack in fleet.stacks.values():
        iam.PermissionsBoundary.of(stack).apply(
            iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess")
        )

    # Another stack uses a repository by its name. It is deployed after the repository's stack.
    audit = cdk.Stack(
        app, "Audit", env=cdk.Environment(account="333333333333", region="eu-central-1")
    )
    auditor = iam.Role(audit, "Auditor", assumed_by=iam.AccountRootPrincipal())
    fleet.repository("shop/api").grant_pull(auditor)
    # What must stand in the repository's own policy is written there.
    fleet.repository("shop/api").grant_pull(iam.AccountPrincipal("444444444444"))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
