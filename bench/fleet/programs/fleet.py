"""Ours: ``python fleet.py MANIFEST OUTDIR MODE``."""

from __future__ import annotations

import sys

import aws_cdk as cdk

from ecr_constructs import FleetMode, RepositoryFleet

app = cdk.App(outdir=sys.argv[2])
RepositoryFleet(app, "Fleet", manifest=sys.argv[1], mode=FleetMode[sys.argv[3]])
app.synth()
