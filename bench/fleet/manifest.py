"""The manifest of the workload: a kind a team, an entry a repository, one group a stack."""

from __future__ import annotations

import json
from pathlib import Path

from bench.fleet.programs import SOURCES

__all__ = ["write_manifest"]
