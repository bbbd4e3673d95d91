"""Runs the real `cdk` command line, in the environment that the embedded AWS hands out."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.stopped import DemoStoppedError

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FAILED = "CREATE_FAILED"
_QUIET = ("--no-notices", "--no-version-reporting", "--no-color")


@dataclass(frozen=True)
class Result:
    """How a command ended, and everything that it said."""

    command: str
    code: int
    output: str

    def line_with(self, text: str) -> str:
        """The first line of the output that holds a text, from there on, or its last line."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        found = next((line[line.index(text) :] for line in lines if text in line), None)
        return found or (lines[-1] if lines else "no output")

    @property
    def reason(self) -> str:
        """The lines of the output that say which resources failed and why, or its last line."""
        lines = [" ".join(line.split()) for line in self.output.splitlines() if line.strip()]
        failed = {line[line.index(_FAILED) :]: None for line in lines if _FAILED in line}
        return "; ".join(failed) or (lines[-1] if lines else "no output")


class CommandFailedError(DemoStoppedError):
    """A command did not work."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"`{result.command}` ended with {result.code}:\n{result.output}")
        self.result = result


@dataclass(frozen=True)
class Toolkit:
    """The `cdk` command for one app, account and Region.

    `environment` is all that a command sees: nothing of the user's own reaches it.
    """

    app_directory: Path
    directory: Path
    account: str
    region: str
    environment: Mapping[str, str]

    def synthesize(self, name: str, context: Mapping[str, str]) -> Path:
        """Runs the app; every other command then takes its assembly, so the app runs once."""
        assembly = self.directory / name
        pairs = [word for key, value in context.items() for word in ("-c", f"{key}={value}")]
        self._must("synth", "--quiet", "--output", str(assembly), *pairs)
        return assembly

    def bootstrap(self, assembly: Path) -> None:
        """Prepares account and Region, as everybody does once."""
        self._must("bootstrap", "-a", str(assembly), f"aws://{self.account}/{self.region}")

    def deploy(self, assembly: Path) -> dict[str, str]:
        """Deploys the app's stack; tells its outputs."""
        outputs = assembly.with_suffix(".outputs.json")
        words = ("-a", str(assembly), "--all", "--require-approval", "never")
        self._must("deploy", *words, "--outputs-file", str(outputs))
        return {
            name: str(value)
            for stack in json.loads(outputs.read_text()).values()
            for name, value in stack.items()
        }

    def diff(self, assembly: Path) -> Result:
        """Compares with what is deployed; the result's code is 1 where something differs."""
        return self._run("diff", "-a", str(assembly), "--all", "--fail")

    def destroy(self, assembly: Path) -> None:
        """Deletes the app's stack."""
        self._must("destroy", "-a", str(assembly), "--all", "--force")

    def take_in(self, assembly: Path, stack: str, mapping: Path) -> None:
        """Imports resources that are there into the stack, as a file maps them; asks nobody."""
        words = ("-a", str(assembly), stack, "--resource-mapping", str(mapping), "--force")
        self._must("import", *words)

    def _must(self, *words: str) -> Result:
        result = self._run(*words)
        if result.code != 0:
            raise CommandFailedError(result)
        return result

    def _run(self, *words: str) -> Result:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            ["cdk", *words, *_QUIET],  # noqa: S607 - found on the PATH that the set-up made
            cwd=self.app_directory,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        command = " ".join(["cdk", *words])
        return Result(command, done.returncode, _COLOURS.sub("", done.stdout))
