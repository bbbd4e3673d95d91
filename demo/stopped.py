"""What ends the demo before its end."""

from __future__ import annotations


class DemoStoppedError(Exception):
    """A step that everything after it stands on did not work; the message says it to the reader."""
