"""The verb ``diff``."""

from __future__ import annotations

from ...model.findings import Severity
from ..diff.collector import diff_places
from ..terminal import Style
from .check import said, written
from .outcome import Outcome

__all__ = ["run_diff"]


def run_diff(
    old: str,
    new: str,
    *,
    fail_on: str,
    account: str | None,
    region: str | None,
    form: str,
    style: Style,
) -> Outcome:
    """What a deploy of the new would lose of the old; exit code 1 where it trips the gate."""
    found = diff_places(old, new, account=account, region=region)
    code = int(found.trips(Severity(fail_on)))
    text = written(found, new, form, style, title="ECR changes")
    return Outcome(text, code, said(found, text, form))
