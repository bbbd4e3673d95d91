"""What our own constructs and CDK's write: clean, but for what an example loosens by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.report.check.collector import check_app
from ecr_constructs.report.check.pulls import check_pulls
from ecr_constructs.report.reading.source import Source
from ecr_constructs.report.template.app import App

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "examples" / "golden"
EXAMPLES = sorted({file.parent for file in GOLDEN.rglob("*.template.json")})
LOOSENED = {
    # The development stage of the fleet deletes its images, and one repository is scanned by
    # nobody in any stage.
    "fleet/environments": {"empty-on-delete", "scan-off"},
    "fleet/one_environment": {"scan-off"},
    # A golden template alone does not say its Region.
    "registry/public_repository": {"public-repository-region"},
    "repositories/mutable_tags": {"tags-mutable"},
    "repositories/preview_environment": {
        "empty-on-delete",
        "lifecycle-can-empty",
        "repository-not-retained",
        "tags-mutable",
    },
}


def severe(sources):
    return {
        reported.finding.code
        for reported in check_app(App(sources))
        if reported.finding.severity is not Severity.NOTE
    }


def template(file: Path):
    name = file.name.removesuffix(".template.json")
    return Source(
        template=json.loads(file.read_text()), stack=name, stack_name=name, file=file.name
    )


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: str(folder.relative_to(GOLDEN)))
def test_an_example_has_no_finding_but_what_it_loosens(folder):
    sources = [template(file) for file in sorted(folder.glob("*.template.json"))]
    name = str(folder.relative_to(GOLDEN))
    assert severe(sources) == LOOSENED.get(name, set())
    for source in sources:
        # Alone, a template knows less and must not guess.
        assert severe([source]) <= LOOSENED.get(name, set())


def test_what_cdk_grants_can_be_pulled():
    file = ROOT / "tests" / "constructs" / "golden" / "plain_l2_app.json"
    stacks = json.loads(file.read_text())
    app = App(
        Source(template=each, stack=name, stack_name=name, file=name)
        for name, each in stacks.items()
    )
    assert list(check_pulls(app)) == []
