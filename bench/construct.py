"""What a SecureRepository costs beside the plain L2: ``python bench/construct.py [rounds]``.

Every number is of whole processes, run in turns so that a busy machine is busy for all of them.
A ratio is the median of the ratios of each turn. Before anything is timed, the two programs must
synthesize the same template.
"""

from __future__ import annotations

import compileall
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
CROSSINGS = Path(__file__).with_name("crossings.py")

_START = """
import sys
import aws_cdk as cdk
{imports}
app = cdk.App(outdir=sys.argv[1])
stack = cdk.Stack(app, "Shop")
for number in range({count}):
{repository}
app.synth()
"""
_PLAIN = """
    repository = ecr.Repository(
        stack,
        f"Repository{number}",
        repository_name=f"shop/service-{number}",
        image_scan_on_push=True,
        image_tag_mutability=ecr.TagMutability.IMMUTABLE,
        removal_policy=cdk.RemovalPolicy.RETAIN,
        lifecycle_rules=[
            ecr.LifecycleRule(
                description="Expire untagged images after 14 days",
                tag_status=ecr.TagStatus.UNTAGGED,
                max_image_age=cdk.Duration.days(14),
            )
        ],
    )
    # The L2 has no way to say AES256: it leaves the property out.
    repository.node.default_child.encryption_configuration = (
        ecr.CfnRepository.EncryptionConfigurationProperty(encryption_type="AES256")
    )
"""
_SECURE = """
    SecureRepository(
        stack, f"Repository{number}", repository_name=f"shop/service-{number}"
    )
"""


def plain(count: int) -> str:
    """The program with CDK's own class."""
    imports = "from aws_cdk import aws_ecr as ecr"
    return _START.format(imports=imports, count=count, repository=_PLAIN)


def secure(count: int) -> str:
    """The program with ours."""
    imports = "from ecr_constructs import SecureRepository"
    return _START.format(imports=imports, count=count, repository=_SECURE)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two programs, in one setting, and the ratio that ours may cost."""

    name: str
    base: str
    ours: str
    goal: str
    validation: bool = False
    rounds_share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds of one process, on the clock and of the processors, Node's included."""

    clock: float
    cpu: float


def run(program: str, outdir: Path, *, validation: bool = False) -> Spent:
    """Run a program in a process of its own."""
    before, began = processor_seconds(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, str(outdir)], env=environment(validation), check=True
    )
    return Spent(clock=time.perf_counter() - began, cpu=processor_seconds() - before)


def processor_seconds() -> float:
    """Of all processes that were run and have ended, Node's included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def environment(validation: bool) -> Mapping[str, str]:
    """The caller's, with the checkout importable and CDK's template validation on or off."""
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "CDK_VALIDATION": "true" if validation else "false",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }


def template_of(program: str, outdir: Path) -> object:
    """What the program synthesizes, with lifecycle policies read rather than as text."""
    run(program, outdir)
    template = json.loads((outdir / "Shop.template.json").read_text())
    for entry in template["Resources"].values():
        policy = entry.get("Properties", {}).get("LifecyclePolicy")
        if policy is not None:
            # CDK and we write the keys of a selection in another order.
            policy["LifecyclePolicyText"] = json.loads(policy["LifecyclePolicyText"])
    return template


def compare(pair: Pair, rounds: int, outdir: Path) -> str:
    """The medians of both and of their ratios, as a line of the table."""
    base: list[Spent] = []
    ours: list[Spent] = []
    for turn in range(max(3, round(rounds * pair.rounds_share))):
        # Who goes first changes, for the first of two finds other caches than the second.
        order = ((pair.base, base), (pair.ours, ours))
        for program, spent in order if turn % 2 else reversed(order):
            spent.append(run(program, outdir, validation=pair.validation))
    clock = Ratio([spent.clock for spent in base], [spent.clock for spent in ours])
    cpu = Ratio([spent.cpu for spent in base], [spent.cpu for spent in ours])
    return f"| {pair.name} | {clock} | {cpu} | {pair.goal} |"


class Ratio:
    """Cells of the table: both medians in ms, and the median of the ratios of each turn."""

    def __init__(self, base: Sequence[float], ours: Sequence[float]) -> None:
        self._base = median(base)
        self._ours = median(ours)
        self._ratio = median(mine / theirs for mine, theirs in zip(ours, base, strict=True))

    def __str__(self) -> str:
        return f"{self._base * 1000:.0f} | {self._ours * 1000:.0f} | {self._ratio:.3f}"


def pairs() -> Sequence[Pair]:
    """Everything that is timed."""
    one, thirty = "at most 1.05", "at most 1.10"
    return (
        Pair(
            name="`import ecr_constructs`",
            base="pass",
            ours="import ecr_constructs",
            goal="60 ms more",
        ),
        Pair(name="1 repository", base=plain(1), ours=secure(1), goal=one),
        Pair(name="30 repositories", base=plain(30), ours=secure(30), goal=thirty),
        Pair(
            name="1, CDK's validation on",
            base=plain(1),
            ours=secure(1),
            goal=one,
            validation=True,
            rounds_share=0.4,
        ),
        Pair(
            name="30, CDK's validation on",
            base=plain(30),
            ours=secure(30),
            goal=thirty,
            validation=True,
            rounds_share=0.4,
        ),
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    # As an installation does. Without it a checkout pays for its compilation in every process.
    compileall.compile_dir(ROOT / "ecr_constructs", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        outdir = Path(folder)
        for count in (1, 30):
            if template_of(plain(count), outdir) != template_of(secure(count), outdir):
                raise SystemExit(f"{count}: the templates differ, so no number means anything")
        print("Templates of 1 and of 30 repositories: equal.\n")
        print("| process | base, ms | ours | ratio | base, ms of CPU | ours | ratio | goal |")
        print("|---|---|---|---|---|---|---|---|")
        for pair in pairs():
            print(compare(pair, rounds, outdir), flush=True)
        print("\nCrossings to jsii:\n", flush=True)
        subprocess.run(
            [sys.executable, str(CROSSINGS)], env=environment(validation=False), check=True
        )


if __name__ == "__main__":
    main()
