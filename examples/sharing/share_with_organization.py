"""Base images for a whole organization, and a unit of it whose build accounts push them.

`aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` let accounts in that join later, and nobody else.
"""

import aws_cdk as cdk

from ecr_constructs import Access, RepositoryShare, SecureRepository

ORGANIZATION = "o-a1b2c3d4e5"


def build(app: cdk.App) -> cdk.App:
    tools = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Images", env=tools)
    base = SecureRepository(stack, "Base", repository_name="base/python")

    RepositoryShare(stack, "Readers", repositories=[base], organizations=[ORGANIZATION])
    RepositoryShare(
        stack,
        "Builders",
        repositories=[base],
        organizational_units=[f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"],
        access=Access.PUSH,
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
