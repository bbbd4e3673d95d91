"""An embedded AWS that keeps its state on disk, so that it can be killed and started again.

``python -m tests.deploy_fleet.lasting DIRECTORY`` is ``python -m embedded_aws`` that writes down
everything it knows whenever CloudFormation is done with a resource or a stack, in one step: there
is a whole state on disk at any moment, whenever the kill comes. Started again, it begins with that,
and CloudFormation goes on with the stacks that it was making, as the real one does, whose work
outlives its servers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedded_aws import EmbeddedAws, runtime
from embedded_aws.environment import kept
from embedded_aws.process import _wait_until_ready
from embedded_aws.settings import Settings

if TYPE_CHECKING:
    from embedded_aws.ecr.model import Registry, RegistryName
    from embedded_aws.extension import Extension

ROOT = Path(__file__).parents[2]
STATE = "state.pickle"
# How long each resource takes at least: there is a middle that a kill can meet.
SECONDS_EACH = 0.03
# Who makes a task has to keep it.
_TASKS: list[asyncio.Task[None]] = []


@contextlib.contextmanager
def lasting_aws(directory: Path) -> Iterator[tuple[EmbeddedAws, subprocess.Popen[bytes]]]:
    """A server with the state of the directory, and its process."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "ready.json").unlink(missing_ok=True)
    log = directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(directory)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**kept(), "HOME": str(directory), "PYTHONPATH": str(ROOT)},
        )
    try:
        facts = _wait_until_ready(process, directory, log)
        with contextlib.closing(EmbeddedAws._from_facts(directory, facts)) as aws:
            yield aws, process
    finally:
        process.kill()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()


def on_disk(directory: Path) -> dict[RegistryName, Registry]:
    """The registries as the state on disk has them, whatever the server is doing."""
    file = directory / STATE
    if not file.exists():
        return {}
    with file.open("rb") as state:
        registries: dict[RegistryName, Registry] = pickle.load(state)
    return registries


class _Keeper:
    """Writes down and reads everything that the server knows."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / STATE

    def begin(self, extension: Extension) -> None:
        """Take up what was written down, and write down what comes."""
        # Imported late: ministack reads the environment when it is imported.
        from ministack.services.cloudformation import stacks  # noqa: PLC0415

        self._registries = extension.api._registries._registries
        if self._file.exists():
            self._read()
        plain = stacks._add_event

        def add_event(
            stack_id: str,
            stack: str,
            logical_id: str,
            kind: str,
            status: str,
            *more: Any,
            **named: Any,
        ) -> None:
            plain(stack_id, stack, logical_id, kind, status, *more, **named)
            if status.endswith("_COMPLETE"):
                self._write()
                time.sleep(SECONDS_EACH)

        stacks._add_event = add_event
        _go_on()

    def _read(self) -> None:
        from ministack import app  # noqa: PLC0415

        with self._file.open("rb") as state:
            self._registries.update(pickle.load(state))
            services = pickle.load(state)
        for name, known in services.items():
            if known:
                app._get_module(app._state_map[name]).load_persisted_state(known)

    def _write(self) -> None:
        from ministack import app  # noqa: PLC0415

        services = {name: tell() for name, tell in app._build_persistence_save_dict().items()}
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_bytes(pickle.dumps(self._registries) + pickle.dumps(services))
        unfinished.replace(self._file)


def _go_on() -> None:
    """Make the rest of the stacks that were being made."""
    from ministack.core.responses import request_scope  # noqa: PLC0415
    from ministack.services.cloudformation import _change_sets, _stacks  # noqa: PLC0415
    from ministack.services.cloudformation.changesets import (  # noqa: PLC0415
        _track_change_set_execution,
    )

    for (account, region, _), change_set in _change_sets._data.items():
        if change_set["ExecutionStatus"] != "EXECUTE_IN_PROGRESS":
            continue
        stack = _stacks._data[account, region, change_set["StackName"]]
        if stack["StackStatus"] == "CREATE_IN_PROGRESS":
            making = _track_change_set_execution(change_set, stack, _rest_of(change_set, stack))
            with request_scope(account, region):
                # A task keeps the context that it is made in.
                _TASKS.append(asyncio.get_running_loop().create_task(making))


async def _rest_of(change_set: dict[str, Any], stack: dict[str, Any]) -> None:
    from ministack.services.cloudformation.stacks import _deploy_stack_async  # noqa: PLC0415

    template = change_set["_template"]
    rest = {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if logical_id not in stack["_resources"]
    }
    await _deploy_stack_async(
        stack["StackName"],
        stack["StackId"],
        {**template, "Resources": rest},
        change_set["_resolved_params"],
        disable_rollback=False,
        tags=stack["Tags"],
    )
    stack["_template"] = template


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    directory = Path(sys.argv[1]).resolve()
    # ministack writes the content of objects to disk as they come.
    variables = {"S3_PERSIST": "1", "S3_DATA_DIR": str(directory / "s3")}
    keeper = _Keeper(directory)
    runtime.run(Settings(directory, stop_on_eof=True, variables=variables), keeper.begin)


if __name__ == "__main__":
    main()
