"""An HTTP CONNECT proxy on loopback: AWS host names lead to the emulator, all others nowhere.

Clients that insist on real names (a registry client with the URI of a repository) come through
here, and nothing that is set to use it can reach the network.
"""

from __future__ import annotations

import asyncio
import contextlib

AWS_DOMAINS = (".amazonaws.com", ".on.aws", ".api.aws")
CHUNK = 64 * 1024
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def leads_to_aws(target: str) -> bool:
    """Whether `host:port` of a CONNECT request is a TLS endpoint of AWS."""
    host, _, port = target.rpartition(":")
    return port == "443" and host.lower().endswith(AWS_DOMAINS)


class ConnectProxy:
    """The proxy of one run."""

    def __init__(self, emulator_port: int) -> None:
        self._emulator_port = emulator_port

    async def start(self) -> asyncio.Server:
        """Listen on a free port of 127.0.0.1."""
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._connect(reader, writer)
        writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.decode("latin-1").partition(" ")
        target = rest.partition(" ")[0]
        if method != "CONNECT" or not leads_to_aws(target):
            writer.write(FORBIDDEN)
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._emulator_port)
        writer.write(ESTABLISHED)
        await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK):
                sink.write(chunk)
                await sink.drain()
        with contextlib.suppress(OSError):
            sink.close()
