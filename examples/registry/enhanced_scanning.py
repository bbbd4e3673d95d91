"""Enhanced scanning: Amazon Inspector, ever after for what runs, and once for the rest.

A repository that no filter takes is not scanned, and where both kinds take it the continuous one
wins. ``Registry.effective`` and the command ``ecr-constructs effective`` say what holds for a name.
"""

import aws_cdk as cdk

from ecr_constructs import EnhancedScanning, Registry


def build(app: cdk.App) -> cdk.App:
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=env)
    Registry(
        stack,
        "Registry",
        scanning=EnhancedScanning(continuous=["prod/*"], scan_on_push=["test/*", "tools/*"]),
    )
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
