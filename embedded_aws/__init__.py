"""An AWS in one process, for the demo and the tests of this library: nothing leaves the machine."""

from .credentials import Credentials
from .process import EmbeddedAwsFailed
from .server import GITHUB, GITLAB, EmbeddedAws, ServiceRefused

__all__ = [
    "GITHUB",
    "GITLAB",
    "Credentials",
    "EmbeddedAws",
    "EmbeddedAwsFailed",
    "ServiceRefused",
]
