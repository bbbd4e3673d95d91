"""The verb ``effective``."""

from __future__ import annotations

import json

from ...model.registry.effective import Via
from ..registry.effective import effective_of
from ..registry.effective_table import render_effective
from ..terminal import Style
from .outcome import Outcome

__all__ = ["run_effective"]


def run_effective(
    path: str,
    name: str,
    *,
    via: str | None,
    account: str | None,
    region: str | None,
    form: str,
    style: Style,
) -> Outcome:
    """What the registry sets for a repository name."""
    report = effective_of(path, name, via=Via(via) if via else None, account=account, region=region)
    if form == "json":
        answer = {"version": 1, **report.answer.as_json()}
        return Outcome(json.dumps(answer, indent=2) + "\n", messages=report.notes)
    return Outcome(render_effective(report, style), messages=report.notes)
