"""The identity providers of issuers, of which an account has one each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import IValidation

from ...model.findings import dangers
from ...model.roles.oidc import (
    GITHUB_ISSUER,
    GITLAB_HOST,
    MadeProvider,
    TokenTrust,
    check_second_provider,
)
from .._jsii import path_of, show

if TYPE_CHECKING:
    from constructs import IConstruct

__all__ = ["provider_of"]

# Ids are API: these two are names that templates have.
_PROVIDER_IDS: Final = {
    GITHUB_ISSUER: "GitHubIdentityProvider",
    GITLAB_HOST: "GitLabIdentityProvider",
}


def provider_of(stack: cdk.Stack, trust: TokenTrust) -> str:
    """The identity provider of the issuer: one a stack, which knows the audiences of all roles."""
    url = f"https://{trust.issuer}"
    construct_id = _id_of(stack, trust.issuer, url)
    provider = stack.node.try_find_child(construct_id)
    if not isinstance(provider, iam.CfnOIDCProvider):
        # Without a thumbprint IAM fetches that of the issuer, or trusts the issuer's authority.
        provider = iam.CfnOIDCProvider(
            stack, construct_id, url=url, client_id_list=[trust.audience]
        )
        provider.node.add_validation(cast("IValidation", OneOfItsIssuer(provider, trust.issuer)))
    audiences = provider.client_id_list or []
    if trust.audience not in audiences:
        provider.client_id_list = [*audiences, trust.audience]
    return provider.attr_arn


def _id_of(stack: cdk.Stack, issuer: str, url: str) -> str:
    """The id of the provider; that of another issuer may look the same in a template."""
    usual = _PROVIDER_IDS.get(issuer, f"IdentityProvider-{issuer.replace('/', '-')}")
    for child in stack.node.children:
        if isinstance(child, iam.CfnOIDCProvider) and _logical(child.node.id) == _logical(usual):
            if child.url == url:
                return child.node.id
            return f"{usual}-{hashlib.sha256(issuer.encode()).hexdigest()[:8]}"
    return usual


def _logical(construct_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", construct_id)


@jsii.implements(IValidation)
class OneOfItsIssuer:
    """Checks, at synthesis, that no other stack makes a provider of the issuer in the account."""

    def __init__(self, provider: iam.CfnOIDCProvider, issuer: str) -> None:
        self._provider = provider
        self._issuer = issuer

    def validate(self) -> list[str]:
        """One message for each other provider, told by the later of two roles' alone."""
        messages = []
        for other in self._others():
            findings = check_second_provider(self._issuer, _made(self._provider), _made(other))
            messages += [finding.sentence() for finding in dangers(findings)]
            show(findings, self._provider)
        return messages

    def _others(self) -> Iterator[IConstruct]:
        url = f"https://{self._issuer}"
        before = True
        for construct in self._provider.node.root.node.find_all():
            if construct is self._provider:
                before = False
            elif isinstance(construct, iam.CfnOIDCProvider):
                # Of two that are made by roles the later one tells.
                if construct.url == url and (before or not _is_made_here(construct)):
                    yield construct
            elif isinstance(construct, iam.OpenIdConnectProvider) and self._is_cdks(construct):
                yield construct

    def _is_cdks(self, provider: iam.OpenIdConnectProvider) -> bool:
        """Whether a provider that CDK makes by a function is of the issuer."""
        resource = provider.node.try_find_child("Resource")
        made = None if resource is None else resource.node.default_child
        if not isinstance(made, cdk.CfnResource):
            return False
        properties = cdk.Stack.of(made).resolve(
            made._cfn_properties  # noqa: SLF001 - protected: what it will write
        )
        return str(properties.get("Url")).removeprefix("https://") == self._issuer


def _made(provider: IConstruct) -> MadeProvider:
    stack = cdk.Stack.of(provider)
    return MadeProvider(path=path_of(provider), account=stack.account, region=stack.region)


def _is_made_here(provider: iam.CfnOIDCProvider) -> bool:
    return provider.node.id in _PROVIDER_IDS.values() or provider.node.id.startswith(
        "IdentityProvider-"
    )
