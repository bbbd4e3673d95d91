"""What a run of the embedded AWS can be told, and where its files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Regions whose host names the certificate covers. State exists in any Region that is asked for.
REGIONS = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
DEFAULT_REGION = "eu-west-1"
ISSUERS = ("https://token.actions.githubusercontent.com", "https://gitlab.com")
TOKEN_SECONDS = 12 * 60 * 60.0


@dataclass(frozen=True)
class Settings:
    """One run: its folder, its port (0 is a free one), and the switches of the tests.

    `variables` are for ministack, and win over those of :func:`process_environment`.
    """

    directory: Path
    port: int = 0
    registry_gate: bool = True
    token_seconds: float = TOKEN_SECONDS
    stop_on_eof: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def ca_file(self) -> Path:
        return self.directory / "ca.pem"

    @property
    def server_certificate(self) -> Path:
        return self.directory / "server.pem"

    @property
    def ready_file(self) -> Path:
        return self.directory / "ready.json"

    @property
    def issuers_directory(self) -> Path:
        return self.directory / "issuers"


def process_environment(port: int) -> dict[str, str]:
    """The variables that ministack reads when it is imported."""
    return {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": DEFAULT_REGION,
        "MINISTACK_ACCOUNT_ID": "000000000000",
        "USE_SSL": "1",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        # A container engine of the user is none of our business: no socket is found here.
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
    }
