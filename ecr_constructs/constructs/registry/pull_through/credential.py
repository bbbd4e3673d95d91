"""The secret of a rule: made, or checked where one is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Union

import aws_cdk as cdk

from ....model.deferred import flatten
from ....model.registry.pull_through.credential import (
    ACCESS_TOKEN,
    USERNAME,
    check_credential_arn,
    check_credential_key,
    check_credential_name,
    credential_name,
)

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from ....model.findings import Finding
    from ....model.registry.address import RegistryAddress

    Credential = Union[secretsmanager.ISecret, secretsmanager.Secret]

__all__ = ["check_given", "made"]

_PLACEHOLDER = "replace-me"


def check_given(credential: Credential, registry: RegistryAddress) -> tuple[Finding, ...]:
    """What ECR refuses about a secret of the app, or an imported one."""
    found = list(check_credential_key(_key_of(credential)))
    resource: Any = credential.node.default_child
    if resource is None:
        return (
            *found,
            *check_credential_arn(
                credential.secret_arn, account=registry.account, region=registry.region
            ),
        )
    name = cdk.Stack.of(credential).resolve(getattr(resource, "name", None))
    return (*found, *check_credential_name(flatten(name)), *_check_home(credential, registry))


def made(
    scope: Construct, *, prefix: str, upstream: str, username: str | None
) -> secretsmanager.Secret:
    """A secret with the keys that ECR reads, and a token in it that opens nothing.

    ECR asks for the secret's value when the rule is made, so there must be one; Secrets Manager
    makes it up, and the template holds none. CloudFormation does not touch it again.
    """
    # Imported when asked for: open upstreams need no secret.
    from aws_cdk import aws_secretsmanager as secretsmanager  # noqa: PLC0415

    return secretsmanager.Secret(
        scope,
        "Credential",
        secret_name=credential_name(prefix),
        description=f"User name and access token with which Amazon ECR reads {upstream}",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            secret_string_template=json.dumps({USERNAME: username or _PLACEHOLDER}),
            generate_string_key=ACCESS_TOKEN,
            exclude_punctuation=True,
        ),
    )


def _key_of(credential: Credential) -> str | None:
    key = credential.encryption_key
    return None if key is None else key.node.path


def _check_home(credential: Credential, registry: RegistryAddress) -> tuple[Finding, ...]:
    """A secret of this app: its ARN is not known yet, and its stack says where it is."""
    stack = cdk.Stack.of(credential)
    name = f"{credential_name('x')}-abcdef"
    arn = f"arn:aws:secretsmanager:{stack.region}:{stack.account}:secret:{name}"
    return check_credential_arn(arn, account=registry.account, region=registry.region)
