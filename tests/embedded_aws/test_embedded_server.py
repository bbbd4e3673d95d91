"""Starting, stopping, switches, and the walls around it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from embedded_aws import Credentials, EmbeddedAws, EmbeddedAwsFailed
from embedded_aws.__main__ import settings_from
from embedded_aws.account import Account
from embedded_aws.certificates import certificate_names
from embedded_aws.environment import child_environment, kept
from embedded_aws.proxy import leads_to_aws
from embedded_aws.registry_client import PushRefused, image
from embedded_aws.settings import Settings

USERS = {
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_CONFIG_FILE": "/home/me/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/me/.aws/credentials",
    "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/real",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "real",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://169.254.169.254",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "HTTPS_PROXY": "http://proxy.example.com:3128",
    "https_proxy": "http://proxy.example.com:3128",
    "ALL_PROXY": "socks5://proxy.example.com",
    "HOME": "/home/me",
    "CDK_HOME": "/home/me/.cdk",
    "CDK_DEFAULT_ACCOUNT": "123456789012",
    "NODE_OPTIONS": "--require /home/me/x.js",
    "SOMETHING_NEW": "real",
}


def test_it_is_there_when_it_says_so(embedded_aws: EmbeddedAws) -> None:
    facts = json.loads((embedded_aws.directory / "ready.json").read_text())
    assert facts["endpoint"] == embedded_aws.endpoint == f"https://127.0.0.1:{facts['port']}"
    assert facts["pid"] == embedded_aws.pid != os.getpid()
    assert Path(facts["ca_file"]).read_text().startswith("-----BEGIN CERTIFICATE")
    for key in embedded_aws.issuers.values():
        assert key.stat().st_mode & 0o077 == 0


def test_what_the_command_line_says(tmp_path: Path) -> None:
    given = ["--directory", str(tmp_path), "--port", "4567", "--without-registry-gate"]
    assert settings_from(given) == Settings(tmp_path, port=4567, registry_gate=False)
    assert settings_from(given[:2]) == Settings(tmp_path)


def test_the_certificate_covers_the_names_of_registries() -> None:
    names = certificate_names(["eu-west-1"])
    assert {"127.0.0.1", "localhost", "*.dkr.ecr.eu-west-1.amazonaws.com"} <= set(names)
    assert "*.dkr-ecr.eu-west-1.on.aws" in names
    assert len(certificate_names()) > len(names)


def listening(pid: int) -> set[str]:
    """The addresses at which a process listens (Linux only)."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            waits = fields[3] == "0A" or table.startswith("udp")
            if waits and fields[9] in inodes:
                found.add(f"{table}:{fields[1]}")
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="needs Linux's /proc")
def test_it_listens_on_loopback_only(embedded_aws: EmbeddedAws) -> None:
    ports = {embedded_aws.port, int(embedded_aws.proxy.rpartition(":")[2])}
    assert listening(embedded_aws.pid) == {f"tcp:0100007F:{port:04X}" for port in ports}


def test_two_run_side_by_side_and_share_nothing(
    embedded_aws: EmbeddedAws, account: Account, tmp_path: Path
) -> None:
    account.client("ecr").create_repository(repositoryName="shop/api")
    with EmbeddedAws.start(tmp_path / "second") as second:
        assert second.port != embedded_aws.port
        found = second.client("ecr", account.root).describe_repositories()["repositories"]
        assert found == []
        pid = second.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not (tmp_path / "second" / "ready.json").exists()
    os.kill(embedded_aws.pid, 0)


def test_it_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, signal; from pathlib import Path; from embedded_aws import EmbeddedAws\n"
        f"with EmbeddedAws.start(Path({str(tmp_path)!r})) as aws:\n"
        "    print(aws.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    pid = int(ended.stdout)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
        if b"embedded_aws" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        time.sleep(0.05)
    else:
        assert time.monotonic() < deadline, "the server is still there"


def test_a_failure_to_start_shows_the_log(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").mkdir()
    with (
        pytest.raises(EmbeddedAwsFailed, match="ended with code 1") as failed,
        EmbeddedAws.start(tmp_path),
    ):
        pass
    assert "IsADirectoryError" in str(failed.value)


def test_tokens_expire(tmp_path: Path) -> None:
    with EmbeddedAws.start(tmp_path, token_seconds=0.5) as aws:
        account = Account(aws, "111111111111")
        account.client("ecr").create_repository(repositoryName="shop/api")
        registry = aws.registry(account.id, "shop/api", credentials=account.root)
        assert registry.call("GET", "tags/list").status == 200
        time.sleep(0.6)
        refused = registry.call("GET", "tags/list")
        assert (refused.status, refused.code) == (403, "DENIED")
        assert "token has expired" in refused.message


def test_without_the_gate_anybody_gets_in(tmp_path: Path) -> None:
    """The switch takes away this protection, and no other."""
    with EmbeddedAws.start(tmp_path, registry_gate=False) as aws:
        account = Account(aws, "111111111111")
        account.client("ecr").create_repository(
            repositoryName="shop/api", imageTagMutability="IMMUTABLE"
        )
        intruder = aws.registry(account.id, "shop/api", password="bWFkZTp1cA==")
        intruder.push_image(image("one"), "v1")
        nobody = aws.registry(account.id, "shop/api")
        assert nobody.pull_image("v1") == image("one")
        with pytest.raises(PushRefused, match="immutable"):
            intruder.push_image(image("two"), "v1")
        role = account.role("nothing")
        with pytest.raises(ClientError, match="not authorized"):
            aws.registry_password(role)


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def of_a_user(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in USERS.items():
            monkeypatch.setenv(name, value)

    def test_nothing_of_the_users_is_handed_on(self, embedded_aws: EmbeddedAws) -> None:
        environment = embedded_aws.environment(access_key_id="111111111111")
        assert not set(USERS.values()) & set(environment.values()) - {"true"}
        for name in set(USERS) & set(environment):
            assert environment[name] != USERS[name]
        assert environment["AWS_ACCESS_KEY_ID"] == "111111111111"
        assert "AWS_SESSION_TOKEN" not in environment
        assert environment["AWS_ENDPOINT_URL"] == embedded_aws.endpoint
        assert Path(environment["AWS_CONFIG_FILE"]).read_text() == ""
        assert Path(environment["AWS_SHARED_CREDENTIALS_FILE"]).read_text() == ""
        assert Path(environment["HOME"]).is_relative_to(embedded_aws.directory)

    def test_only_listed_names_are_kept(self) -> None:
        assert set(kept({**USERS, "PATH": "/bin", "TZ": "UTC"})) == {"PATH", "TZ"}

    def test_credentials_and_additions(self, embedded_aws: EmbeddedAws) -> None:
        credentials = Credentials("ASIA", "secret", "token")
        extra = {"CDK_DEFAULT_ACCOUNT": "111111111111"}
        environment = child_environment(embedded_aws, credentials, "us-east-1", extra)
        assert environment["AWS_SESSION_TOKEN"] == "token"
        assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
        assert environment["CDK_DEFAULT_ACCOUNT"] == "111111111111"

    def test_clients_are_pinned(self, account: Account) -> None:
        caller = account.client("sts").get_caller_identity()
        assert caller["Account"] == account.id

    def test_a_child_process_reaches_this_server_only(self, account: Account) -> None:
        program = (
            "import boto3, json, urllib.request, urllib.error\n"
            "arn = boto3.client('sts').get_caller_identity()['Arn']\n"
            "real = boto3.client('sts', endpoint_url='https://sts.eu-west-1.amazonaws.com')\n"
            "same = real.get_caller_identity()['Arn']\n"
            "try:\n"
            "    urllib.request.urlopen('https://example.com/', timeout=10); other = 'reached'\n"
            "except OSError as error:\n"
            "    other = str(error)\n"
            "try:\n"
            "    urllib.request.urlopen('http://169.254.169.254/', timeout=10); imds = 'reached'\n"
            "except urllib.error.HTTPError as error:\n"
            "    imds = error.code\n"
            "print(json.dumps([arn, same, other, imds]))\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", program],
            env=account.aws.environment(access_key_id=account.id),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert json.loads(ended.stdout) == [
            account.root_arn,
            account.root_arn,
            "<urlopen error Tunnel connection failed: 403 Forbidden>",
            403,
        ]


class TestProxy:
    @pytest.mark.parametrize(
        ("target", "leads"),
        [
            ("111111111111.dkr.ecr.eu-west-1.amazonaws.com:443", True),
            ("sts.amazonaws.com:443", True),
            ("111111111111.dkr-ecr.eu-west-1.on.aws:443", True),
            ("sts.amazonaws.com:80", False),
            ("example.com:443", False),
            ("amazonaws.com.example.com:443", False),
            ("169.254.169.254:80", False),
            ("notamazonaws.com:443", False),
            ("", False),
        ],
    )
    def test_only_names_of_aws(self, target: str, leads: bool) -> None:
        assert leads_to_aws(target) is leads

    @pytest.mark.parametrize(
        "line",
        [
            "CONNECT example.com:443 HTTP/1.1",
            "GET http://example.com/ HTTP/1.1",
            "GET http://sts.amazonaws.com/ HTTP/1.1",
        ],
    )
    def test_all_else_is_forbidden(self, embedded_aws: EmbeddedAws, line: str) -> None:
        port = int(embedded_aws.proxy.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(f"{line}\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 403 Forbidden")
