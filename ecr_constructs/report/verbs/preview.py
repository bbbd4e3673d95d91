"""The verb ``preview``."""

# ruff: noqa: PLC0415 - a table is printed without what draws
from __future__ import annotations

from collections.abc import Sequence

from ...model.collector import collector_at_rest
from ...model.findings import Finding, dangers
from ...model.lifecycle import Preview, simulate
from ..lifecycle.findings import finding_lines, findings_json
from ..lifecycle.inputs import read_images, read_in_use, read_manifests, read_time
from ..lifecycle.policies import read_policy
from ..lifecycle.preview_table import render_preview
from ..reading.faults import unusable
from ..reading.text import STANDARD_INPUT
from ..terminal import Style
from .outcome import Outcome

__all__ = ["run_preview"]


def run_preview(
    policy: str,
    images: str,
    *,
    repository: str | None,
    at: str | None,
    manifests: str | None,
    in_use: str | None,
    fail_on_expire: bool,
    form: str,
    style: Style,
) -> Outcome:
    """What a policy does to the images of a repository."""
    if [policy, images, manifests, in_use].count(STANDARD_INPUT) > 1:
        raise unusable("-", "stands for standard input, which is read once", "give a file")
    moment = read_time(at)
    given = read_policy(policy, repository=repository)
    if dangers(given.findings):
        return Outcome(_refused(given.findings, form, style), 1)
    running = read_in_use(in_use)
    with collector_at_rest():
        preview = simulate(
            given.rules, read_images(images), at=moment, manifests=read_manifests(manifests)
        )
        lost = preview.in_use_lost(running) if running is not None else ()
        failed = bool(lost) or (fail_on_expire and bool(preview.expiring))
        text = _written(preview, running, form, style)
    messages = [finding.sentence() for finding in given.findings]
    missing = preview.in_use_missing(running) if running is not None else ()
    if missing:
        messages.append(
            f"{in_use}: {len(missing)} in use are none of these images, {missing[0][:200]} the "
            "first; they are gone already, or written otherwise"
        )
    return Outcome(text, int(failed), tuple(messages))


def _refused(findings: Sequence[Finding], form: str, style: Style) -> str:
    """What is wrong with the policy, in the form that was asked for."""
    if form == "json":
        return findings_json(findings)
    if form in ("svg", "html"):
        from ..lifecycle.drawn.refused import draw_refused, render_refused

        return draw_refused(findings).svg() if form == "svg" else render_refused(findings)
    return "\n".join(finding_lines(findings, style)) + "\n"


def _written(preview: Preview, in_use: Sequence[str] | None, form: str, style: Style) -> str:
    """The preview in its form; what draws is loaded only where something is drawn."""
    if form == "json":
        return preview.to_text(in_use) + "\n"
    if form == "svg":
        from ..lifecycle.drawn.picture import draw_preview

        return draw_preview(preview, in_use).svg()
    if form == "html":
        from ..lifecycle.drawn.page import render_page

        return render_page(preview, in_use)
    return render_preview(preview, in_use, style)
