"""Issuers of tokens, their audiences, and the identity providers that stand for them in IAM.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ...account.identifiers import AccountMatch, compare_accounts
from ...deferred import ARN_PART, is_deferred
from ...findings import Finding, Severity
from ...registry.regions import partition_of

__all__ = [
    "MadeProvider",
    "check_audience",
    "check_issuer",
    "check_provider_arn",
    "check_second_provider",
    "issuer_name",
]

PROVIDER_DOCS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"
)
_CREATE_DOCS = (
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html"
)
_LONGEST = 255
_NAME = re.compile(
    r"(?=[^/]{1,253}(?:/|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
    r"(?:/[A-Za-z0-9._~-]+)*"
)
# AWS knows these itself: they have no provider in an account, and other claims.
_BUILT_IN = frozenset(
    {
        "accounts.google.com",
        "cognito-identity.amazonaws.com",
        "graph.facebook.com",
        "www.amazon.com",
    }
)


def issuer_name(issuer: str) -> str:
    """The issuer as IAM writes it in ARNs and condition keys."""
    return issuer.removeprefix("https://")


def check_issuer(issuer: object, *, option: str = "issuer") -> tuple[Finding, ...]:
    """What is wrong with the URL of an issuer, as its tokens say it in ``iss``."""
    if not isinstance(issuer, str):
        return (_issuer_finding(option, "is not a text", issuer, "give its URL"),)
    if is_deferred(issuer):
        fix = "write it out; it is no secret"
        return (
            _issuer_finding(
                option, "is known only at deployment, and is a key of the policy", issuer, fix
            ),
        )
    name = issuer_name(issuer)
    if name in _BUILT_IN:
        fix = f"make an iam.Role for iam.WebIdentityPrincipal({name!r}, ...) and grant to it"
        return (
            _issuer_finding(
                option, "is built in to AWS, and its tokens have other claims", issuer, fix
            ),
        )
    if issuer.startswith("https://") and _NAME.fullmatch(name) and len(issuer) <= _LONGEST:
        return ()
    return (_issuer_finding(option, "is not the URL of an issuer", issuer, _nearest(issuer)),)


def check_audience(audience: object) -> tuple[Finding, ...]:
    """What is wrong with the audience (``aud``) that tokens are made for."""
    if isinstance(audience, str) and (
        is_deferred(audience)
        or (0 < len(audience) <= _LONGEST and audience.isprintable() and "*" not in audience)
    ):
        return ()
    return (
        Finding(
            code="oidc-audience-invalid",
            property="audience",
            message="is not one audience",
            given=audience,
            allowed=f"1 to {_LONGEST} characters, no wildcard",
            fix="give the 'aud' that the CI job asks for: 'sts.amazonaws.com', say",
            docs=_CREATE_DOCS,
        ),
    )


def check_provider_arn(provider_arn: object, *, issuer: str) -> tuple[Finding, ...]:
    """What is wrong with the ARN of an identity provider for this issuer."""
    if isinstance(provider_arn, str):
        if is_deferred(provider_arn) and ":oidc-provider/" not in provider_arn:
            return ()
        parts = re.fullmatch(
            rf"arn:{ARN_PART}:iam::({ARN_PART}):oidc-provider/{re.escape(issuer)}", provider_arn
        )
        if parts and (is_deferred(parts[1]) or re.fullmatch(r"[0-9]{12}", parts[1])):
            return ()
    return (
        Finding(
            code="oidc-provider-invalid",
            property="provider_arn",
            message=f"is not the ARN of an identity provider for {issuer}",
            given=provider_arn,
            allowed=f"arn:PARTITION:iam::ACCOUNT:oidc-provider/{issuer}",
            fix="take it from 'aws iam list-open-id-connect-providers'",
            docs=PROVIDER_DOCS,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class MadeProvider:
    """An identity provider of an app: its construct path, and where its stack goes."""

    path: str
    account: str
    region: str


def check_second_provider(
    issuer: str, provider: MadeProvider, other: MadeProvider
) -> tuple[Finding, ...]:
    """What two providers for one issuer do: an account takes one, so a deploy of both fails.

    Where neither stack says its account, they may yet go to two.
    """
    partition, others = partition_of(provider.region), partition_of(other.region)
    if compare_accounts(provider.account, other.account) is not AccountMatch.SAME or (
        partition and others and partition != others
    ):
        return ()
    known = not is_deferred(provider.account)
    where = f"arn:{partition or 'aws'}:iam::{provider.account if known else 'ACCOUNT'}"
    return (
        Finding(
            code="oidc-provider-twice",
            property="provider_arn",
            message=f"is not given to the roles of {provider.path}, and {other.path} makes the "
            "provider as well",
            given=None,
            allowed=f"one provider for {issuer} in an account, whatever the stack and Region",
            fix="let one stack make it, and give the roles of the others "
            f"provider_arn='{where}:oidc-provider/{issuer}'",
            docs=_CREATE_DOCS,
            severity=Severity.DANGER if known else Severity.WARNING,
        ),
    )


def _nearest(issuer: str) -> str:
    host = re.sub(r"^[a-z]*:?/*", "", issuer.lower()) if "://" in issuer else issuer.lower()
    name = re.sub(r"[?#].*$", "", re.sub(r":[0-9]+(?=/|$)", "", host)).rstrip("/")
    if _NAME.fullmatch(name) and len(name) + len("https://") <= _LONGEST:
        return f"use 'https://{name}', if its tokens say so in 'iss'"
    return "take it from 'issuer' in its /.well-known/openid-configuration"


def _issuer_finding(option: str, message: str, given: object, fix: str) -> Finding:
    return Finding(
        code="oidc-issuer-invalid",
        property=option,
        message=message,
        given=given,
        allowed="https://HOST or https://HOST/PATH: no port, no query, no slash at the end",
        fix=fix,
        docs=_CREATE_DOCS,
    )
