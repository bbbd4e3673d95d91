"""The same stacks with nothing in them, the floor of any CDK app in Python."""

from __future__ import annotations

import sys

import aws_cdk as cdk
import workload

app = cdk.App(outdir=sys.argv[2])
for number, _ in workload.stacks(int(sys.argv[1])):
    cdk.Stack(app, f"Fleet-{workload.group_name(number)}-1")
app.synth()
