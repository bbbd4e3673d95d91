"""A safe repository.

Without an option it scans on push, encrypts with AES256, keeps every tag where it is, expires
images without a tag after 14 days and nothing else, and stays when the stack is deleted. The
outputs are the commands of the ECR console: log in, tag, push, pull.
"""

import aws_cdk as cdk

from ecr_constructs import Client, ImageCommands, SecureRepository


def build(app: cdk.App) -> cdk.App:
    stack = cdk.Stack(app, "Shop")
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    ImageCommands(stack, "Commands", repository=api, clients=[Client.DOCKER, Client.HELM])

    # A name is needed only for use from another environment; it may hold `--` and `__`.
    SecureRepository(stack, "Scratch")
    SecureRepository(stack, "Legacy", repository_name="shop/legacy--api")
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
