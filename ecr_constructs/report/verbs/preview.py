"""The verb ``preview``."""

from __future__ import annotations

from ...model.collector import collector_at_rest
from ...model.findings import dangers
from ...model.lifecycle import simulate
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
        if form == "json":
            return Outcome(findings_json(given.findings), 1)
        return Outcome("\n".join(finding_lines(given.findings, style)) + "\n", 1)
    running = read_in_use(in_use)
    with collector_at_rest():
        preview = simulate(
            given.rules, read_images(images), at=moment, manifests=read_manifests(manifests)
        )
        lost = preview.in_use_lost(running) if running is not None else ()
        failed = bool(lost) or (fail_on_expire and bool(preview.expiring))
        json_wanted = form == "json"
        text = (
            preview.to_text(running) + "\n"
            if json_wanted
            else render_preview(preview, running, style)
        )
    messages = [finding.sentence() for finding in given.findings]
    missing = preview.in_use_missing(running) if running is not None else ()
    if missing:
        messages.append(
            f"{in_use}: {len(missing)} in use are none of these images, {missing[0][:200]} the "
            "first; they are gone already, or written otherwise"
        )
    return Outcome(text, int(failed), tuple(messages))
