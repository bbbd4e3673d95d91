"""The CDK app of these tests: the fleet of the manifest that the context names."""

import aws_cdk as cdk

from ecr_constructs import FleetStage

app = cdk.App()
FleetStage.for_environments(app, manifest=app.node.get_context("manifest"))
app.synth()
