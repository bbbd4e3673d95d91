"""Tokens of any issuer: the subject is whatever that issuer says.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...deferred import is_deferred, masked
from ...findings import Finding
from .issuer import check_audience, check_issuer, issuer_name
from .trust import TRUST_DOCS, TokenTrust

__all__ = ["OidcTokens"]

_WILDCARD = re.compile(r"[*?]")
# A kind and then a whole name ('repo:acme/', 'org/123/', 'sc://acme/'): 'repo:' alone is
# everybody's, and 'repo:acme' the beginning of other names too. Behind 'https://' the first name is
# a host's, which many may share. A UUID is a whole name by itself (Bitbucket's repositories):
# https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/
_SOMEBODY = re.compile(
    r"https?://[^:/]+/[^:/]+[:/]"
    r"|(?!https?://)[^:/]*(?:://|[:/])[^:/]+[:/]"
    r"|\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?[:/]"
)


@dataclass(frozen=True, kw_only=True)
class OidcTokens:
    """Tokens of an issuer with one subject, or with one that matches a pattern."""

    issuer: str
    audience: str
    subject: str | None = None
    subject_pattern: str | None = None

    @property
    def trust(self) -> TokenTrust:
        """What these tokens say."""
        return TokenTrust(
            issuer=issuer_name(self.issuer),
            audience=self.audience,
            subject=self.subject or self.subject_pattern or "",
            is_pattern=self.subject_pattern is not None,
        )

    def findings(self) -> tuple[Finding, ...]:
        """What IAM would refuse, and what would let strangers in."""
        return (
            *check_issuer(self.issuer),
            *check_audience(self.audience),
            *self._check_subject(),
        )

    def _check_subject(self) -> tuple[Finding, ...]:
        subject, pattern = self.subject, self.subject_pattern
        if (subject is None) is (pattern is None):
            given = None if subject is None else {"subject": subject, "subject_pattern": pattern}
            message = "is not given: every token would do" if given is None else "is one of two"
            return (_finding("subject", message, given, "give the subject in full"),)
        if subject is not None:
            return _check_exact(subject)
        return _check_pattern(pattern)


def _check_exact(subject: object) -> tuple[Finding, ...]:
    if not isinstance(subject, str) or not subject or not subject.isprintable():
        return (_finding("subject", "is not a subject", subject, "give the text of 'sub'"),)
    if not _WILDCARD.search(masked(subject)):
        return ()
    fix = f"write subject_pattern={subject!r}, if all that match may get in"
    return (_finding("subject", "has a wildcard, and means one subject", subject, fix),)


def _check_pattern(pattern: object) -> tuple[Finding, ...]:
    option = "subject_pattern"
    if not isinstance(pattern, str) or not pattern or not pattern.isprintable():
        return (_finding(option, "is not a pattern", pattern, "give a text with '*' in it"),)
    if not _WILDCARD.search(masked(pattern)):
        if is_deferred(pattern):
            return ()
        return (_finding(option, "has no wildcard", pattern, f"write subject={pattern!r}"),)
    head = _WILDCARD.split(pattern, maxsplit=1)[0]
    if not is_deferred(head) and not _SOMEBODY.match(head):
        fix = "begin with whose tokens they are: 'repo:acme/shop:*', say"
        return (_finding(option, "matches tokens of others than you", pattern, fix),)
    return ()


def _finding(option: str, message: str, given: object, fix: str) -> Finding:
    return Finding(
        code="oidc-subject-invalid",
        property=option,
        message=message,
        given=given,
        allowed="one subject without a wildcard, or a subject_pattern that begins with its owner",
        fix=fix,
        docs=TRUST_DOCS,
    )
