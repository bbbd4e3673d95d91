"""A connection to the server that stays open from one call to the next."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path


class KeptConnection:
    """Posts to the server; a connection for each call would cost more than the call."""

    def __init__(self, port: int, ca_file: Path) -> None:
        self._port = port
        self._ca_file = ca_file
        self._lock = threading.Lock()
        self._open: http.client.HTTPSConnection | None = None

    def post(
        self, path: str, body: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and content of the answer."""
        with self._lock:
            try:
                return self._post(path, body, headers or {})
            except (OSError, http.client.HTTPException):
                # The server closes a connection that was idle for long; over TLS that is no
                # ConnectionError, and what was half asked must not be asked upon.
                self._close()
                return self._post(path, body, headers or {})

    def close(self) -> None:
        """Close it; a further call opens it again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _post(self, path: str, body: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if self._open is None:
            context = ssl.create_default_context(cafile=str(self._ca_file))
            self._open = http.client.HTTPSConnection("127.0.0.1", self._port, context=context)
        self._open.request("POST", path, body, dict(headers))
        response = self._open.getresponse()
        return response.status, response.read()
