"""Runs the demo from an empty account to the last promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from demo import chapters, shop
from demo.acts import allowed, refused, stands
from demo.acts.later import Later
from demo.acts.stage import Cargo, Stage
from demo.cast import Cast
from demo.promises import Chapter, Ledger
from demo.screen import Screen
from demo.standing import describe_role
from demo.stopped import DemoStoppedError
from demo.toolkit import Toolkit
from demo.validation import validate
from embedded_aws.server import EmbeddedAws


def synthesize(toolkit: Toolkit) -> Path:
    """Runs the app as it is."""
    return toolkit.synthesize("deployed", shop.context(shop.UNTAGGED_DAYS))


@dataclass(frozen=True)
class Plan:
    """What is run.

    The rest is for tests which take one protection away and look whether the demo notices:
    `synthesize` takes the place of `cdk synth` for the first deploy, without `validated` its
    template is taken as it is, and without `registry_gate` the registry is open to everybody.
    """

    app_directory: Path
    directory: Path
    chapters: tuple[Chapter, ...] = chapters.ALL
    synthesize: Callable[[Toolkit], Path] = synthesize
    validated: bool = True
    registry_gate: bool = True


class Demo:
    """One run: it fills a ledger that can be read at any time, also after a step that failed."""

    def __init__(self, plan: Plan, screen: Screen) -> None:
        self.ledger = Ledger(plan.chapters, screen.row)
        self._plan = plan
        self._screen = screen

    def run(self) -> None:
        """Deploys the app and observes every promise of the plan's chapters."""
        starting = EmbeddedAws.start(
            self._plan.directory / "aws", registry_gate=self._plan.registry_gate
        )
        with ExitStack() as running:
            with self._screen.step("embedded AWS"):
                aws = running.enter_context(starting)
            pool = running.enter_context(ThreadPoolExecutor())
            toolkit = Toolkit(
                app_directory=self._plan.app_directory,
                directory=self._plan.directory,
                account=shop.ACCOUNT,
                region=shop.REGION,
                environment=aws.environment(
                    access_key_id=shop.ACCOUNT,
                    region=shop.REGION,
                    # We validate ourselves, and stop at what we find.
                    extra={"CDK_VALIDATION": "false"},
                ),
            )
            with self._screen.step("cdk synth, of the app and of an update"):
                assemblies = self._synthesize(toolkit, pool)
            outputs = self._deploy(toolkit, assemblies, pool)
            stage = Stage(self.ledger, Cast(aws), outputs, Cargo.build())
            self._observe(stage, toolkit, assemblies)

    def _synthesize(self, toolkit: Toolkit, pool: ThreadPoolExecutor) -> list[Path]:
        """Both assemblies at once, for each of them keeps one core busy."""
        synthesized = [pool.submit(self._plan.synthesize, toolkit)]
        if chapters.LATER in self._plan.chapters:
            context = shop.context(shop.UPDATED_UNTAGGED_DAYS)
            synthesized.append(pool.submit(toolkit.synthesize, "updated", context))
        return [future.result() for future in synthesized]

    def _deploy(
        self, toolkit: Toolkit, assemblies: Sequence[Path], pool: ThreadPoolExecutor
    ) -> shop.Outputs:
        validating = pool.submit(self._validate, toolkit, assemblies)
        with self._screen.step("cdk bootstrap"):
            toolkit.bootstrap(assemblies[0])
        with self._screen.step("templates validated, beside the bootstrap"):
            names = validating.result()
        self._screen.note(f"valid: {', '.join(names) or 'nothing was looked at'}")
        with self._screen.step("cdk deploy"):
            told = toolkit.deploy(assemblies[0])
        outputs = shop.Outputs.read(told)
        self._screen.facts("outputs", {name: told[name] for name in shop.SHOWN})
        return outputs

    def _validate(self, toolkit: Toolkit, assemblies: Sequence[Path]) -> list[str]:
        if not self._plan.validated:
            return []
        return validate(assemblies, region=shop.REGION, environment=toolkit.environment)

    def _observe(self, stage: Stage, toolkit: Toolkit, assemblies: Sequence[Path]) -> None:
        wanted = self._plan.chapters
        step = self._screen.step
        if chapters.STANDS in wanted:
            with step("described what stands there"):
                stands.observe(stage)
            self._show_roles(stage)
        if chapters.IMAGES in wanted:
            with step("images pushed and pulled"):
                allowed.observe(stage)
        if chapters.REFUSALS in wanted:
            with step("refusals"):
                refused.observe(stage)
        if chapters.LATER in wanted:
            deployed, updated = assemblies
            Later(stage, toolkit, self._screen, deployed, updated).observe()

    def _show_roles(self, stage: Stage) -> None:
        iam = stage.owner.client("iam")
        for arn in (stage.outputs.execution_role, stage.outputs.ci_role):
            self._screen.facts(f"role {arn}", describe_role(iam, arn))


def play(plan: Plan, screen: Screen, *, picture: Path | None = None) -> int:
    """Runs the demo and shows its table, come what may; 0 when every promise was kept."""
    demo = Demo(plan, screen)
    try:
        demo.run()
    except DemoStoppedError as error:
        screen.note(str(error))
    finally:
        screen.finish(demo.ledger.rows(), picture)
    return 0 if demo.ledger.all_kept else 1
