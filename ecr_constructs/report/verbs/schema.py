"""``schema``: the JSON Schema of the fleet manifest, for editors."""

from __future__ import annotations

import json

from ...model.fleet.schema.manifest import manifest_schema
from .outcome import Outcome

__all__ = ["run_schema"]


def run_schema() -> Outcome:
    """The schema, indented."""
    return Outcome(text=json.dumps(manifest_schema(), indent=2) + "\n")
