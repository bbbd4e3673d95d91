"""The environment of processes that may talk to the embedded AWS, and to nothing else.

It is built from an allow-list: what is not named here is not handed on, so that credentials,
profiles, roles, endpoints and proxies of the user cannot reach a process, whatever their names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from .credentials import Credentials

# Needed to run programs at all; none of them can lead to AWS.
KEPT = frozenset(
    {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TERM",
        "TMPDIR",
        "TZ",
        "PYTHONPATH",
        "PYTHONHASHSEED",
        "VIRTUAL_ENV",
        "JSII_RUNTIME_PACKAGE_CACHE",
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT",
        "NO_COLOR",
        "FORCE_COLOR",
    }
)


class Endpoint(Protocol):
    """Where an embedded AWS is reached."""

    @property
    def endpoint(self) -> str: ...

    @property
    def proxy(self) -> str: ...

    @property
    def ca_file(self) -> Path: ...

    @property
    def directory(self) -> Path: ...


def kept(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The part of an environment (by default our own) that may be handed on."""
    source = os.environ if environment is None else environment
    return {name: value for name, value in source.items() if name in KEPT}


def child_environment(
    aws: Endpoint,
    credentials: Credentials,
    region: str,
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The complete environment of a child process (`cdk`, Python, a registry client)."""
    home = aws.directory / "home"
    home.mkdir(exist_ok=True)
    empty = aws.directory / "empty"
    empty.touch()
    ca_file = str(aws.ca_file)
    environment = {
        **kept(),
        "HOME": str(home),
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": str(empty),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CA_BUNDLE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "SSL_CERT_FILE": ca_file,
        "NODE_EXTRA_CA_CERTS": ca_file,
        # Whatever does not honour the endpoint goes to the proxy, which knows only the emulator.
        "HTTPS_PROXY": aws.proxy,
        "HTTP_PROXY": aws.proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "CDK_HOME": str(aws.directory / "cdk-home"),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "CI": "1",
    }
    if credentials.session_token:
        environment["AWS_SESSION_TOKEN"] = credentials.session_token
    return {**environment, **(extra or {})}
