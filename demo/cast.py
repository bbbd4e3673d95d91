"""Who asks: principals of the embedded AWS, each with credentials of its own."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from demo.registry import Login, Registry
from demo.shop import REGION
from embedded_aws.credentials import Credentials
from embedded_aws.server import GITLAB, EmbeddedAws


class EndpointNotPinnedError(Exception):
    """A client that could reach something else than the embedded AWS."""


class Actor:
    """A principal. Its credentials are asked for when they are first needed, by whoever needs them.

    So a refusal to hand them out is an answer to the one who asked, not a fault of the demo.
    """

    def __init__(self, aws: EmbeddedAws, obtain: Callable[[], Credentials]) -> None:
        self._aws = aws
        self._obtain = obtain
        self._clients: dict[str, Any] = {}

    @cached_property
    def credentials(self) -> Credentials:
        """What this principal signs its calls with."""
        return self._obtain()

    def client(self, service: str) -> Any:
        """A boto3 client of this principal that can reach the embedded AWS only."""
        if service in self._clients:
            return self._clients[service]
        client = self._aws.client(service, self.credentials, region=REGION)
        if client.meta.endpoint_url != self._aws.endpoint:
            raise EndpointNotPinnedError(
                f"{service} would be reached at {client.meta.endpoint_url}"
            )
        self._clients[service] = client
        return client

    def login(self) -> Login:
        """Logs in to the registry of the principal's account, as `docker login` does."""
        answer = self.client("ecr").get_authorization_token()
        return Login.from_token(answer["authorizationData"][0]["authorizationToken"])

    def who_am_i(self) -> str:
        """The principal as AWS sees it."""
        return str(self.client("sts").get_caller_identity()["Arn"])


class Cast:
    """Hands out the actors of one embedded AWS."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws

    def root(self, account: str) -> Actor:
        """The root of an account: the account itself, with all that it may do."""
        return Actor(self._aws, partial(Credentials.root, account))

    def role(self, arn: str, *, assumed_by: Actor) -> Actor:
        """A role that a principal assumes."""
        return Actor(self._aws, partial(self._assume, arn, assumed_by))

    def service(self, arn: str, *, service: str, source_account: str, source_arn: str) -> Actor:
        """A role that an AWS service takes for a resource of some account."""
        obtain = partial(
            self._aws.assume_role_as_service,
            arn,
            service,
            source_account=source_account,
            source_arn=source_arn,
        )
        return Actor(self._aws, obtain)

    def workflow(self, arn: str, *, subject: str, audience: str, forged: bool) -> Actor:
        """A role that a GitHub workflow takes; a forged token is signed with another key."""
        token = self._aws.web_identity_token(
            {"sub": subject, "aud": audience}, signed_by=GITLAB if forged else None
        )
        return Actor(self._aws, partial(self._aws.assume_role_with_web_identity, arn, token))

    def registry(self, host: str, login: Login) -> Registry:
        """A connection to a registry by its real name, which only the proxy on loopback knows."""
        proxy = urllib.parse.urlsplit(self._aws.proxy)
        if proxy.hostname is None or proxy.port is None:
            raise EndpointNotPinnedError(f"no proxy to reach {host} through: {self._aws.proxy!r}")
        return Registry(
            host=host,
            proxy=(proxy.hostname, proxy.port),
            ca_file=str(self._aws.ca_file),
            login=login,
        )

    def _assume(self, arn: str, principal: Actor) -> Credentials:
        return self._aws.assume_role(arn, principal.credentials)
