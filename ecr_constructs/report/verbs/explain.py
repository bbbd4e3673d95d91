"""The verb ``explain``."""

from __future__ import annotations

from ...model.findings import dangers
from ...model.lifecycle import explain
from ..lifecycle.explain_table import render_explanation
from ..lifecycle.policies import read_policy
from ..terminal import Style
from .outcome import Outcome

__all__ = ["run_explain"]


def run_explain(
    policy: str, *, repository: str | None, tag: str | None, form: str, style: Style
) -> Outcome:
    """What a policy can and cannot do to any image."""
    given = read_policy(policy, repository=repository)
    findings = (*given.findings, *given.referred)
    explanation = explain(given.rules, findings=findings, tag=tag)
    failed = int(bool(dangers(explanation.findings)))
    if form == "json":
        return Outcome(explanation.to_text() + "\n", failed)
    return Outcome(render_explanation(explanation, style), failed)
