"""The ASGI application in front: the registry protocol and our own endpoint; ministack the rest."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from .control import PREFIX, Control
from .ecr.data_plane import DataPlane
from .ecr.paths import registry_of_host, registry_path

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
HttpAnswer = tuple[int, Mapping[str, str], bytes]

logger = logging.getLogger("embedded_aws")


class Front:
    """Sends each request where it belongs.

    ministack's own lifespan is left out on purpose: it would look for containers of an engine
    and open further ports. What it does that is needed here, the server does itself.
    """

    def __init__(self, ministack: Application, data_plane: DataPlane, control: Control) -> None:
        self._ministack = ministack
        self._data_plane = data_plane
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] == "http":
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in scope["headers"]
            }
            path = scope["path"]
            if path.startswith(PREFIX):
                body = await _body(receive)
                await _send(send, self._control.handle(path, body))
                return
            if registry_of_host(headers.get("host", "")) or registry_path(path):
                await self._registry(scope, headers, receive, send)
                return
        await self._ministack(scope, receive, send)

    async def _registry(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        query = dict(parse_qsl(scope.get("query_string", b"").decode(), keep_blank_values=True))
        body = await _body(receive)
        answer = self._data_plane.handle(scope["method"], scope["path"], headers, query, body)
        logger.info("%s %s %s", scope["method"], scope["path"], answer[0])
        await _send(send, answer)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


async def _body(receive: Receive) -> bytes:
    content = bytearray()
    while True:
        message = await receive()
        content += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(content)


async def _send(send: Send, answer: HttpAnswer) -> None:
    status, headers, content = answer
    fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    if not any(name == b"content-length" for name, _ in fields):
        fields.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": content})
