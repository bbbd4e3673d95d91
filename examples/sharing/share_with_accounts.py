"""Images shared with two accounts: one that this app deploys to, and one that it does not.

Over accounts both sides must allow. The repositories' policies name both accounts. In the account
of the app the other half is a managed policy for whatever roles pull there; for the account of
somebody else the output `IdentityPolicy` of the Images stack is the document to hand over.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from ecr_constructs import RepositoryShare, SecureRepository


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    production = cdk.Environment(account="222222222222", region="eu-west-1")

    images = cdk.Stack(app, "Images", env=tools)
    api = SecureRepository(images, "Api", repository_name="shop/api")
    web = SecureRepository(images, "Web", repository_name="shop/web")
    share = RepositoryShare(
        images,
        "Readers",
        repositories=[api, web],
        accounts=["222222222222", "333333333333"],
    )

    shop = cdk.Stack(app, "Shop", env=production)
    pull = share.add_identity_policy(shop, "PullImages")
    iam.Role(
        shop,
        "Hosts",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        managed_policies=[pull],
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
