"""Basic scanning: operating system packages, once, when an image is pushed.

A repository that no filter takes is scanned when somebody asks for it.
"""

import aws_cdk as cdk

from ecr_constructs import BasicScanning, RegistryScanning


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)
    # Whole names: without the '*' the filter would take every name that contains it.
    RegistryScanning(stack, "Scanning", scanning=BasicScanning(scan_on_push=["shop/*", "tools/*"]))
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
