"""An account of the embedded AWS, for tests: its root's clients, and principals with policies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .credentials import Credentials
from .server import EmbeddedAws
from .settings import DEFAULT_REGION

Statement = Mapping[str, Any]
AUTHORIZATION_TOKEN: Statement = {
    "Effect": "Allow",
    "Action": "ecr:GetAuthorizationToken",
    "Resource": "*",
}


def policy_document(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass(frozen=True)
class Account:
    """One account, seen by its root."""

    aws: EmbeddedAws
    id: str
    region: str = DEFAULT_REGION

    @property
    def root(self) -> Credentials:
        return Credentials.root(self.id)

    @property
    def root_arn(self) -> str:
        return f"arn:aws:iam::{self.id}:root"

    def client(self, service: str) -> Any:
        return self.aws.client(service, self.root, region=self.region)

    def role_arn(self, name: str) -> str:
        return f"arn:aws:iam::{self.id}:role/{name}"

    def repository_arn(self, name: str) -> str:
        return f"arn:aws:ecr:{self.region}:{self.id}:repository/{name}"

    def create_role(
        self,
        name: str,
        statements: Sequence[Statement] = (),
        *,
        trust: Sequence[Statement] | None = None,
    ) -> str:
        """A role with an inline policy; by default its own account may assume it."""
        iam = self.client("iam")
        own = {
            "Effect": "Allow",
            "Principal": {"AWS": self.root_arn},
            "Action": "sts:AssumeRole",
        }
        trusted = policy_document(trust if trust is not None else [own])
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)
        if statements:
            document = policy_document(statements)
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
        return self.role_arn(name)

    def role(self, name: str, statements: Sequence[Statement] = ()) -> Credentials:
        """Credentials of a new role that holds *statements*."""
        return self.aws.assume_role(self.create_role(name, statements), self.root)

    def user(self, name: str, statements: Sequence[Statement] = ()) -> Credentials:
        """An access key of a new user that holds *statements*."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = policy_document(statements)
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])
