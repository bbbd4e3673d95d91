"""An embedded AWS that keeps its state on disk, so that it can be killed and started again.

``python -m tests.deploy_fleet.lasting --directory DIR`` is ``python -m embedded_aws`` that saves
everything several times a second, whenever no stack is being changed, and begins with what was
saved. What AWS would have finished by itself after the kill is as if it had not begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embedded_aws import EmbeddedAws, runtime
from embedded_aws.environment import kept
from embedded_aws.process import _wait_until_ready
from embedded_aws.settings import Settings

ROOT = Path(__file__).parents[2]
SECONDS_BETWEEN = 0.2


@contextlib.contextmanager
def lasting_aws(directory: Path) -> Iterator[tuple[EmbeddedAws, subprocess.Popen[bytes]]]:
    """A server with the state of the directory, and its process."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "ready.json").unlink(missing_ok=True)
    log = directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, "--directory", str(directory), "--stop-on-eof"],
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


class _Keeper:
    """Saves and loads everything that the server knows."""

    def __init__(self, place: Path, registries: Any) -> None:
        self._file = place / "registries.pickle"
        self._registries = registries

    def load(self) -> None:
        from ministack import app  # noqa: PLC0415 - see main

        # What ministack does when it is started in its own way.
        app._load_persisted_state()
        if self._file.exists():
            self._registries._registries.update(pickle.loads(self._file.read_bytes()))

    async def save_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN)
            if not _changing():
                self._save()

    def _save(self) -> None:
        from ministack import app  # noqa: PLC0415 - see main
        from ministack.core.persistence import save_all  # noqa: PLC0415

        save_all(app._build_persistence_save_dict())
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_bytes(pickle.dumps(self._registries._registries))
        unfinished.replace(self._file)


def _changing() -> bool:
    from ministack.services.cloudformation import _stacks  # noqa: PLC0415

    return any("_IN_PROGRESS" in stack["StackStatus"] for stack in _stacks._data.values())


def main() -> None:
    place = Path(sys.argv[sys.argv.index("--directory") + 1]) / "state"
    place.mkdir(parents=True, exist_ok=True)
    plain_environment = runtime.process_environment
    plain_certificates = runtime.write_certificates

    def environment(port: int) -> dict[str, str]:
        kept_on_disk = {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(place),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(place / "s3"),
        }
        return {**plain_environment(port), **kept_on_disk}

    def certificates(settings: Settings) -> None:
        # The first step after ministack has read the environment, so that it can be imported.
        plain_certificates(settings)
        from embedded_aws import extension  # noqa: PLC0415

        plain_install = extension.install

        def install(*arguments: Any) -> Any:
            made = plain_install(*arguments)
            keeper = _Keeper(place, made.api._registries)
            keeper.load()
            tasks.append(asyncio.ensure_future(keeper.save_for_ever()))
            return made

        extension.install = install

    tasks: list[asyncio.Future[None]] = []
    runtime.process_environment = environment
    runtime.write_certificates = certificates
    from embedded_aws.__main__ import main as serve  # noqa: PLC0415

    sys.exit(serve())


if __name__ == "__main__":
    main()
