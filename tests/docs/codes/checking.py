"""What the check finds in an example, and how it prints it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from ecr_constructs.report.check.collector import Checked, check_place
from ecr_constructs.report.check.formats.table import render_table
from ecr_constructs.report.diff.collector import diff_places
from ecr_constructs.report.terminal import Style

from .sources import ACCOUNT, Code

FILE: Final = "shop.yaml"
ASSEMBLY: Final = "cdk.out"
OLD: Final = "old.yaml"
NEW: Final = "new.yaml"
_BETWEEN: Final = "---\n# "


def of_assembly(template: str) -> bool:
    """Whether an example is the templates of several stacks."""
    return _BETWEEN in template


def command(code: Code, template: str) -> str:
    """What a reader types."""
    place = ASSEMBLY if of_assembly(template) else FILE
    told = f" --account {ACCOUNT} --region {code.region}" if code.region else ""
    if code.before is not None:
        return f"ecr-constructs diff {OLD} {NEW}{told}"
    return f"ecr-constructs check {place}{told}"


def check_example(code: Code) -> Checked:
    """Everything about the example."""
    return check_template(code.template(code.example).whole, code.region, before(code))


def check_fixed(code: Code) -> Checked:
    """Everything about the example as it is put right."""
    return check_template(code.template(code.fixed).whole, code.fixed_region, before(code))


def before(code: Code) -> str | None:
    """The template that is deployed, where the code is about a change."""
    return None if code.before is None else code.template(code.before).whole


def printed(code: Code) -> str:
    """What the check prints of the code."""
    checked = check_example(code)
    own = tuple(each for each in checked.findings if each.finding.code == code.code)
    return render_table(replace(checked, findings=own), Style()).rpartition("\n\n")[0] + "\n"


@cache
def check_template(template: str, region: str | None, deployed: str | None = None) -> Checked:
    """Everything about a template, or those of an assembly; a Region comes with an account.

    ``deployed``: the template that it changes.
    """
    account = ACCOUNT if region else None
    with tempfile.TemporaryDirectory() as folder:
        place = write_example(Path(folder), template, deployed)
        if deployed is not None:
            old = str(place.with_name(OLD))
            return diff_places(old, str(place), account=account, region=region)
        return check_place(place, account=account, region=region)


def write_example(folder: Path, template: str, deployed: str | None = None) -> Path:
    """Put an example where its page says that it is."""
    if deployed is not None:
        (folder / OLD).write_text(deployed, encoding="utf-8")
        (folder / NEW).write_text(template, encoding="utf-8")
        return folder / NEW
    if not of_assembly(template):
        (folder / FILE).write_text(template, encoding="utf-8")
        return folder / FILE
    stacks = dict(part.split("\n", 1) for part in template.removeprefix("# ").split(_BETWEEN))
    assembly = folder / ASSEMBLY
    assembly.mkdir()
    for name, text in stacks.items():
        (assembly / f"{name}.template.yaml").write_text(text, encoding="utf-8")
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": f"{name}.template.yaml"},
        }
        for name in stacks
    }
    manifest = {"version": "36.0.0", "artifacts": artifacts}
    (assembly / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return assembly
