"""One manifest in all of its environments: a stage each, deployed side by side or by a pipeline."""

from pathlib import Path

import aws_cdk as cdk

from ecr_constructs import FleetStage

MANIFEST = Path(__file__).with_name("shop.json")


def build(app: cdk.App) -> cdk.App:
    # With CDK Pipelines: `for stage in stages: wave.add_stage(stage)`.
    FleetStage.for_environments(app, manifest=MANIFEST)
    return app


if __name__ == "__main__":
    build(cdk.App()).synth()
