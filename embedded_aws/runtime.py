"""The server process: checks the hooks, puts the parts together, serves, says when it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import hooks
from .certificates import write_certificates
from .proxy import ConnectProxy
from .settings import ISSUERS, Settings, process_environment
from .web_identity import Issuer

if TYPE_CHECKING:
    from .extension import Extension

Prepare = Callable[["Extension"], None]


def run(settings: Settings, prepare: Prepare | None = None) -> None:
    """Serve until SIGTERM, SIGINT, or the end of standard input where that is asked for.

    *prepare* is called on the serving loop when everything is in place, before the first request.
    """
    settings.directory.mkdir(parents=True, exist_ok=True)
    settings.ready_file.unlink(missing_ok=True)
    listener = socket.create_server(("127.0.0.1", settings.port))
    port = int(listener.getsockname()[1])
    # ministack reads its settings from the environment when it is imported, so before that.
    os.environ.update({**process_environment(port), **settings.variables})
    hooks.check()
    write_certificates(settings)
    asyncio.run(_serve(settings, listener, port, prepare))


async def _serve(
    settings: Settings, listener: socket.socket, port: int, prepare: Prepare | None
) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack import app

    from .control import Control
    from .extension import install
    from .front import Front

    issuers = {url: Issuer.create(url) for url in ISSUERS}
    extension = install(settings, issuers)
    app._MAIN_LOOP = asyncio.get_running_loop()
    if prepare is not None:
        prepare(extension)
    proxy = await ConnectProxy(port).start()
    stop = asyncio.Event()
    await _stop_with(stop, settings)
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.certfile = config.keyfile = str(settings.server_certificate)
    config.alpn_protocols = ["http/1.1"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    front: Any = Front(app.app, extension.data_plane, Control(extension))
    serving = asyncio.create_task(serve(front, config, shutdown_trigger=asyncio.Event().wait))
    announcement = asyncio.create_task(
        _announce(settings, issuers, port, proxy.sockets[0].getsockname()[1])
    )
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    announcement.cancel()
    settings.ready_file.unlink(missing_ok=True)
    if serving.done():
        serving.result()
    # All state is in memory, so that there is nothing to finish, and an orderly end would wait
    # for the connections that clients keep open.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def _stop_with(stop: asyncio.Event, settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if settings.stop_on_eof:
        # The other end is held by whoever started us: it closes with them, however they end.
        loop.add_reader(sys.stdin.fileno(), _on_standard_input, stop)


def _on_standard_input(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stop.set()


async def _announce(
    settings: Settings, issuers: dict[str, Issuer], port: int, proxy_port: int
) -> None:
    """Wait until the server answers over TLS, then write the ready file in one step."""
    context = ssl.create_default_context(cafile=str(settings.ca_file))
    while not await _healthy(port, context):  # noqa: ASYNC110 - nobody tells, it has to be asked
        await asyncio.sleep(0.01)
    settings.issuers_directory.mkdir(exist_ok=True)
    facts: dict[str, Any] = {
        "endpoint": f"https://127.0.0.1:{port}",
        "port": port,
        "proxy": f"http://127.0.0.1:{proxy_port}",
        "ca_file": str(settings.ca_file),
        "pid": os.getpid(),
        "issuers": {
            url: str(issuer.save(settings.issuers_directory)) for url, issuer in issuers.items()
        },
        "registry_gate": settings.registry_gate,
    }
    unfinished = settings.ready_file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(facts, indent=2))
    unfinished.replace(settings.ready_file)


async def _healthy(port: int, context: ssl.SSLContext) -> bool:
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(
            b"GET /_embedded/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        )
        answer = await reader.read()
        writer.close()
        return b"serving" in answer
    return False
