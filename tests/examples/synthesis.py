"""Synthesizes every example, with nothing but aws-cdk-lib: the oldest version runs this too.

``python -m tests.examples.synthesis`` renews ``examples/golden``.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
import tempfile
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr

from ecr_constructs import EcrValidator
from ecr_constructs._snapshot import text_of

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GOLDENS = EXAMPLES / "golden"


def files() -> list[Path]:
    """Every example: ``TOPIC/STORY.py``."""
    return sorted(EXAMPLES.glob("*/*.py"))


def name_of(example: Path) -> str:
    """``TOPIC/STORY``."""
    return example.relative_to(EXAMPLES).with_suffix("").as_posix()


def synthesize(example: Path, outdir: Path) -> Path:
    """The assembly of one example, made with the flags of this project."""
    spec = importlib.util.spec_from_file_location(f"example_{example.stem}", example)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    # Validation has a test of its own, and the oldest CDK has neither it nor the option.
    quick = {"builtin_cloud_formation_validation": False}
    known = inspect.signature(cdk.App.__init__).parameters
    options = {option: value for option, value in quick.items() if option in known}
    app = module.build(cdk.App(context=context, outdir=str(outdir), **options))
    return Path(app.synth().directory)


def write_goldens(assemblies: Path, goldens: Path) -> None:
    """One file a stack: ``TOPIC/STORY/NAME_OF_TEMPLATE``."""
    for example in files():
        assembly = synthesize(example, assemblies / name_of(example))
        for template in assembly.rglob("*.template.json"):
            golden = goldens / name_of(example) / template.name
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(
                text_of(json.loads(template.read_text(encoding="utf-8"))), encoding="utf-8"
            )


def validate(outdir: Path) -> None:
    """The validator as CDK took it before ``Validations``: what it finds is printed."""
    if hasattr(cdk, "Validations"):
        return
    app = cdk.App(outdir=str(outdir), policy_validation_beta1=[EcrValidator()])
    stage = cdk.Stage(app, "Dev")
    ecr.CfnRepository(cdk.Stack(stage, "Shop"), "Api", image_tag_mutability="Mutable")
    app.synth()


def main() -> None:
    if len(sys.argv) > 1:
        place = Path(sys.argv[1])
        write_goldens(place / "assemblies", place / "golden")
        validate(place / "validated")
        return
    for golden in GOLDENS.rglob("*.template.json"):
        golden.unlink()
    with tempfile.TemporaryDirectory() as place:
        write_goldens(Path(place), GOLDENS)


if __name__ == "__main__":
    main()
