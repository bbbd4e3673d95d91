"""Nothing that the demo starts or signs can reach an account of the user."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from demo.__main__ import forget_aws_settings
from demo.cast import Actor, EndpointNotPinnedError
from demo.shop import ACCOUNT, REGION
from demo.toolkit import CommandFailedError, Toolkit
from embedded_aws import EmbeddedAws
from embedded_aws.credentials import Credentials

# What a user's shell may hold, each a way to a real account.
HOSTILE = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ENDPOINT_URL_ECR": "https://real.example.com",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/real/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/real",
    "CDK_DEFAULT_ACCOUNT": "999999999999",
    "HTTPS_PROXY": "http://real.example.com",
    "NODE_OPTIONS": "--require /real.js",
}


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)


@dataclass(frozen=True)
class LooseAws(EmbeddedAws):
    """An embedded AWS whose clients would go out to the real one."""

    def client(self, service: str, credentials: Credentials, *, region: str = REGION) -> Any:
        return Session().create_client(
            service,
            region_name=region,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key="worthless",
        )


def program(directory: Path, text: str) -> Path:
    """A program called `cdk` in a folder of its own."""
    folder = directory / "programs"
    folder.mkdir()
    (folder / "cdk").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "cdk").chmod(0o755)
    return folder


def toolkit(directory: Path, environment: dict[str, str]) -> Toolkit:
    return Toolkit(directory, directory, ACCOUNT, REGION, environment)


@pytest.mark.usefixtures("hostile")
def test_cdk_sees_nothing_of_the_user(
    embedded_aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = program(tmp_path, f"env > {tmp_path}/seen")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    environment = embedded_aws.environment(access_key_id=ACCOUNT, region=REGION)

    toolkit(tmp_path, environment).bootstrap(tmp_path)

    seen = (tmp_path / "seen").read_text()
    assert f"AWS_ENDPOINT_URL={embedded_aws.endpoint}" in seen
    assert f"AWS_ACCESS_KEY_ID={ACCOUNT}" in seen
    assert [value for value in HOSTILE.values() if value in seen] == []


@pytest.mark.usefixtures("hostile")
def test_the_demo_itself_forgets_the_settings_of_the_user() -> None:
    forget_aws_settings()
    assert [name for name in os.environ if name.startswith("AWS_")] == []


@pytest.mark.usefixtures("hostile")
def test_a_client_of_the_demo_asks_the_embedded_aws(embedded_aws: EmbeddedAws) -> None:
    actor = Actor(embedded_aws, partial(Credentials.root, ACCOUNT))
    assert actor.who_am_i() == f"arn:aws:iam::{ACCOUNT}:root"


def test_a_client_that_could_go_elsewhere_is_not_handed_out(embedded_aws: EmbeddedAws) -> None:
    given = {
        part.name: getattr(embedded_aws, part.name) for part in fields(embedded_aws) if part.init
    }
    loose = LooseAws(**given)
    with pytest.raises(EndpointNotPinnedError, match=r"amazonaws\.com"):
        Actor(loose, partial(Credentials.root, ACCOUNT)).client("sts")


def test_a_command_that_fails_tells_its_output(tmp_path: Path) -> None:
    folder = program(
        tmp_path,
        "echo '1 | CREATE_FAILED | Api already   exists.'; echo; echo over; exit 3",
    )
    failing = toolkit(tmp_path, {"PATH": f"{folder}:{os.environ['PATH']}"})
    with pytest.raises(CommandFailedError, match=r"`cdk destroy .*` ended with 3") as raised:
        failing.destroy(tmp_path)
    assert raised.value.result.reason == "CREATE_FAILED | Api already exists."
    assert raised.value.result.line_with("absent") == "over"
