"""Starting an embedded AWS from a test or a demo, and talking to it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .connection import KeptConnection
from .credentials import DUMMY_SECRET, Credentials
from .environment import child_environment
from .process import EmbeddedAwsFailed, running_server
from .registry_client import RegistryClient, RegistryConnections
from .settings import DEFAULT_REGION
from .web_identity import Issuer

if TYPE_CHECKING:
    from botocore.session import Session

GITHUB = "https://token.actions.githubusercontent.com"
GITLAB = "https://gitlab.com"


class ServiceRefused(PermissionError):
    """A role's trust policy did not let an AWS service have it."""


@dataclass(frozen=True)
class EmbeddedAws:
    """A running embedded AWS."""

    directory: Path
    endpoint: str
    port: int
    proxy: str
    ca_file: Path
    pid: int
    issuers: Mapping[str, Path]

    @classmethod
    @contextlib.contextmanager
    def start(
        cls,
        directory: Path,
        *,
        registry_gate: bool = True,
        token_seconds: float | None = None,
    ) -> Iterator[EmbeddedAws]:
        """Start a server whose files are in *directory*, and stop it at the end of the block."""
        options = [] if registry_gate else ["--without-registry-gate"]
        if token_seconds is not None:
            options += ["--token-seconds", str(token_seconds)]
        directory = directory.resolve()
        with (
            running_server(directory, options) as facts,
            contextlib.closing(cls._from_facts(directory, facts)) as aws,
        ):
            yield aws

    @classmethod
    def _from_facts(cls, directory: Path, facts: Mapping[str, Any]) -> EmbeddedAws:
        return cls(
            directory=directory,
            endpoint=facts["endpoint"],
            port=facts["port"],
            proxy=facts["proxy"],
            ca_file=Path(facts["ca_file"]),
            pid=facts["pid"],
            issuers={url: Path(path) for url, path in facts["issuers"].items()},
        )

    def environment(
        self,
        *,
        access_key_id: str,
        secret: str = DUMMY_SECRET,
        session_token: str | None = None,
        region: str = DEFAULT_REGION,
        extra: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """The complete environment of a child process: it can reach this server and no other."""
        credentials = Credentials(access_key_id, secret, session_token)
        return child_environment(self, credentials, region, extra)

    def client(
        self, service: str, credentials: Credentials, *, region: str = DEFAULT_REGION
    ) -> Any:
        """A client of *service*, as boto3 has them, that is pinned to this server.

        No profile, file, variable or metadata service of the user takes part in it.
        """
        key = (service, credentials, region)
        if key not in self._clients:
            self._clients[key] = self._new_client(service, credentials, region)
        return self._clients[key]

    def _new_client(self, service: str, credentials: Credentials, region: str) -> Any:
        from botocore.config import Config

        client = self._session.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            verify=str(self.ca_file),
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=Config(
                proxies={},
                retries={"total_max_attempts": 1},
                use_fips_endpoint=False,
                use_dualstack_endpoint=False,
                s3={"addressing_style": "path"},
            ),
        )
        if client.meta.endpoint_url != self.endpoint:
            raise EmbeddedAwsFailed(f"the {service} client would call {client.meta.endpoint_url}")
        return client

    def close(self) -> None:
        """Close the connections of the clients that were handed out."""
        self._connections.close()
        self.connection.close()
        for client in self._clients.values():
            client.close()

    @cached_property
    def _connections(self) -> RegistryConnections:
        return RegistryConnections(self.proxy, self.ca_file)

    @cached_property
    def _clients(self) -> dict[tuple[str, Credentials, str], Any]:
        return {}

    @cached_property
    def _signers(self) -> dict[str, Issuer]:
        return {}

    @cached_property
    def _session(self) -> Session:
        # Imported late: the server process imports this package, and needs no client.
        from botocore.session import Session

        variables: dict[str, Any] = {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
        return Session(session_vars=variables)

    def assume_role(
        self, role_arn: str, credentials: Credentials, *, session_name: str = "session", **more: Any
    ) -> Credentials:
        """Credentials of a role, by AssumeRole as *credentials*."""
        answer = self.client("sts", credentials).assume_role(
            RoleArn=role_arn, RoleSessionName=session_name, **more
        )
        return Credentials.from_sts(answer)

    def assume_role_as_service(
        self,
        role_arn: str,
        service: str,
        *,
        source_account: str | None = None,
        source_arn: str | None = None,
        context: Mapping[str, str] | None = None,
        session_name: str = "service",
    ) -> Credentials:
        """Credentials of a role as an AWS service gets them (`ecs-tasks.amazonaws.com`).

        The role's trust policy decides, with aws:SourceAccount and aws:SourceArn in its
        context. Raises ServiceRefused with its sentence.
        """
        answer = self._control(
            "assume-role-as-service",
            {
                "role_arn": role_arn,
                "service": service,
                "context": _context(source_account, source_arn, context),
                "session_name": session_name,
            },
        )
        return Credentials.from_sts(answer)

    def web_identity_token(
        self,
        claims: Mapping[str, Any],
        *,
        issuer: str = GITHUB,
        signed_by: str | None = None,
        seconds: float = 300,
    ) -> str:
        """A token with *claims* of an issuer; *signed_by* another one makes it a forgery."""
        signer = signed_by or issuer
        if signer not in self._signers:
            self._signers[signer] = Issuer.load(signer, self.issuers[signer])
        return self._signers[signer].sign({"iss": issuer, **claims}, seconds=seconds)

    def assume_role_with_web_identity(
        self, role_arn: str, token: str, *, session_name: str = "session"
    ) -> Credentials:
        """Credentials of a role for the bearer of a web identity token."""
        client = self.client("sts", Credentials("unsigned"))
        answer = client.assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName=session_name, WebIdentityToken=token
        )
        return Credentials.from_sts(answer)

    def registry_password(self, credentials: Credentials, *, region: str = DEFAULT_REGION) -> str:
        """An authorization token as `Authorization: Basic` takes it (base64 of AWS:password)."""
        data = self.client("ecr", credentials, region=region).get_authorization_token()
        return str(data["authorizationData"][0]["authorizationToken"])

    def registry_password_for_service(
        self,
        service: str,
        account: str,
        *,
        region: str = DEFAULT_REGION,
        source_account: str | None = None,
        source_arn: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> str:
        """An authorization token of an AWS service itself (`lambda.amazonaws.com`)."""
        answer = self._control(
            "registry-token-for-service",
            {
                "service": service,
                "account": account,
                "region": region,
                "context": _context(source_account, source_arn, context),
            },
        )
        return str(answer["authorizationToken"])

    def ecr_as_service(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        account: str,
        region: str = DEFAULT_REGION,
        source_account: str | None = None,
        source_arn: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """What the ECR API of *account* answers an AWS service itself (`lambda.amazonaws.com`).

        The answer is as on the wire: that of a refusal has its exception's name in `__type`.
        """
        return self._control(
            "ecr-as-service",
            {
                "service": service,
                "operation": operation,
                "parameters": parameters,
                "account": account,
                "region": region,
                "context": _context(source_account, source_arn, context),
            },
        )

    def registry(
        self,
        account: str,
        repository: str,
        *,
        credentials: Credentials | None = None,
        password: str | None = None,
        region: str = DEFAULT_REGION,
    ) -> RegistryClient:
        """A client of a repository, logged in with *credentials* or with a given token."""
        if credentials is not None:
            password = self.registry_password(credentials, region=region)
        host = f"{account}.dkr.ecr.{region}.amazonaws.com"
        return RegistryClient(host, repository, self._connections, password)

    def set_organization(
        self, account: str, organization: str | None, paths: tuple[str, ...] = ()
    ) -> None:
        """Say which organization an account belongs to, and its aws:PrincipalOrgPaths."""
        document = {"account": account, "organization": organization, "paths": list(paths)}
        self._control("organization", document)

    def log(self) -> str:
        """What the server printed so far."""
        return (self.directory / "server.log").read_text(errors="replace")

    def _control(self, action: str, document: Mapping[str, Any]) -> dict[str, Any]:
        status, content = self.connection.post(f"/_embedded/{action}", json.dumps(document))
        answer: dict[str, Any] = json.loads(content)
        if status == 403:
            raise ServiceRefused(answer["message"])
        if status != 200:
            raise EmbeddedAwsFailed(f"{action}: {answer.get('message')}")
        return answer

    @cached_property
    def connection(self) -> KeptConnection:
        """The connection to the server that needs no name of AWS."""
        return KeptConnection(self.port, self.ca_file)


def _context(
    source_account: str | None, source_arn: str | None, more: Mapping[str, str] | None
) -> dict[str, str]:
    given = {"aws:SourceAccount": source_account, "aws:SourceArn": source_arn, **(more or {})}
    return {key: value for key, value in given.items() if value is not None}
