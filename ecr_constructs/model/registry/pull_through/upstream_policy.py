"""The upstream account's side of an ECR-to-ECR cache, where this app cannot write it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
"""

from __future__ import annotations

from ...findings import Finding, Severity
from ...iam.statement import Statement

__all__ = ["account_unknown", "upstream_policy_missing", "upstream_unknown"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html"


def upstream_policy_missing(upstream: str, statement: Statement) -> Finding:
    """The upstream registry is not of this app: its owner writes the statement."""
    return Finding(
        code="pull-through-upstream-policy-missing",
        property="upstream",
        message=f"is {upstream}, whose registry policy must let this account in",
        given=upstream,
        allowed="both halves of a cache over accounts",
        fix=(
            "give the stack of that registry as upstream if it is of this app, or add this "
            f"statement to its registry policy: {statement}"
        ),
        docs=DOCS,
        severity=Severity.WARNING,
    )


def account_unknown(upstream: str, statement: Statement) -> Finding:
    """The stack of the rule does not say its account, so the upstream cannot name it."""
    return Finding(
        code="pull-through-account-unknown",
        property="upstream",
        message=f"is {upstream}, which cannot let in an account that is not known yet",
        given=upstream,
        allowed="a rule in a stack with an account",
        fix=(
            "give the stack of the rule an env with account and Region, or add this statement to "
            f"the registry policy there: {statement}"
        ),
        docs=DOCS,
        severity=Severity.WARNING,
    )


def upstream_unknown(stack: str) -> Finding:
    """A stack without account and Region has no registry that could be named."""
    return Finding(
        code="pull-through-upstream-unknown",
        property="upstream",
        message=f"is the registry of {stack}, which does not say its account and Region",
        given=stack,
        allowed="a stack with account and Region, or Upstream.ecr(account=..., region=...)",
        fix="give the upstream's stack an env",
        docs=DOCS,
    )
