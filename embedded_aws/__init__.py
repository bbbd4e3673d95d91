"""An AWS in one process, for the demo and the tests of this library: nothing leaves the machine."""

from .credentials import Credentials
from .server import (
    GITHUB,
    GITLAB,
    EmbeddedAws,
    EmbeddedAwsFailed,
    ServiceRefused,
)

__all__ = [
    "GITHUB",
    "GITLAB",
    "Credentials",
    "EmbeddedAws",
    "EmbeddedAwsFailed",
    "ServiceRefused",
]
