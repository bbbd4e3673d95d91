"""What ECR refuses about a pull-through cache rule, alone and beside the others of its registry.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...account.identifiers import AccountMatch, compare_accounts
from ...deferred import is_deferred
from ...findings import Finding, Severity
from ..prefix import ROOT, check_prefix, is_inside
from .upstream import Authentication, Upstream

__all__ = ["check_cache_rule", "check_nested", "check_number", "needs_role"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html"
PREFIX_DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
    "pull-through-cache-private-wildcards.html"
)
QUOTA_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"
MAX_RULES: Final = 50
_SHORTEST = 2
_LONGEST = 30
# "Creating pull through cache rules isn't supported in the following Regions."
_WITHOUT_RULES = frozenset({"cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"})


def check_cache_rule(
    *,
    prefix: object,
    upstream: object,
    upstream_prefix: object = None,
    has_credential: bool = False,
    has_username: bool = False,
    has_role: bool = False,
    account: str | None = None,
    region: str | None = None,
) -> tuple[Finding, ...]:
    """What ECR refuses about one rule of a registry (account and Region None: not known)."""
    if not isinstance(upstream, Upstream):
        return (_not_upstream(upstream),)
    return (
        *check_prefix(
            prefix,
            code="pull-through-prefix-invalid",
            option="prefix",
            shortest=_SHORTEST,
            longest=_LONGEST,
            docs=PREFIX_DOCS,
        ),
        *_check_upstream_prefix(upstream_prefix, prefix),
        *_check_region(region),
        *_check_own_registry(upstream, account, region),
        *_check_unused(upstream, has_credential=has_credential, has_role=has_role),
        *_check_username_unused(upstream, has_credential, has_username),
    )


def needs_role(upstream: Upstream, *, account: str | None) -> bool:
    """Whether ECR reads the upstream with a role: not within one account, as far as is known."""
    if upstream.authentication is not Authentication.ROLE:
        return False
    # Two accounts that are both filled in at deployment may be two: the role does no harm then.
    if account is None or is_deferred(account) or is_deferred(upstream.account):
        return account != upstream.account
    return compare_accounts(upstream.account, account) is not AccountMatch.SAME


def check_nested(outer: str, inner: str, *, names: tuple[str, str]) -> tuple[Finding, ...]:
    """Two cache prefixes of one registry of which one may lie inside the other.

    ``names`` say which construct or resource each rule is.
    """
    return tuple(
        Finding(
            code="pull-through-prefix-nested",
            property="prefix",
            message=(
                f"{inside} has a prefix inside that of {outside}, and AWS does not say which of "
                "them fills a repository that both take"
            ),
            given=prefix,
            allowed=f"a prefix outside {around.rstrip('/')}/",
            fix="give one of them another prefix",
            docs=PREFIX_DOCS,
            severity=Severity.WARNING,
        )
        for around, prefix, (outside, inside) in (
            (outer, inner, names),
            (inner, outer, names[::-1]),
        )
        if is_inside(prefix, around)
    )


def check_number(rules: int) -> tuple[Finding, ...]:
    """Whether there are more rules in one registry than ECR takes."""
    if rules <= MAX_RULES:
        return ()
    return (
        Finding(
            code="pull-through-too-many",
            property="pull_through",
            message=f"is rule number {rules} of one registry",
            given=rules,
            allowed=f"at most {MAX_RULES} rules in a registry",
            fix="cache fewer registries, or spread the rules over Regions or accounts",
            docs=QUOTA_DOCS,
        ),
    )


def _check_upstream_prefix(upstream_prefix: object, prefix: object) -> Iterator[Finding]:
    if upstream_prefix is None:
        return
    yield from check_prefix(
        upstream_prefix,
        code="pull-through-upstream-prefix-invalid",
        option="upstream_prefix",
        shortest=_SHORTEST,
        longest=_LONGEST,
        docs=PREFIX_DOCS,
    )
    if prefix == ROOT and upstream_prefix != ROOT:
        yield Finding(
            code="pull-through-upstream-prefix-root",
            property="upstream_prefix",
            message="is given, and the cache prefix is ROOT",
            given=upstream_prefix,
            allowed="an upstream prefix with a cache prefix other than ROOT",
            fix="give a prefix, or leave upstream_prefix out",
            docs=PREFIX_DOCS,
        )


def _check_region(region: str | None) -> Iterator[Finding]:
    if region in _WITHOUT_RULES:
        yield Finding(
            code="pull-through-region-unsupported",
            property="upstream",
            message="is to be cached in a Region where ECR has no pull-through cache",
            given=region,
            allowed="every Region but " + ", ".join(sorted(_WITHOUT_RULES)),
            fix="deploy the stack elsewhere, or copy the images",
            docs=DOCS,
        )


def _check_own_registry(
    upstream: Upstream, account: str | None, region: str | None
) -> Iterator[Finding]:
    if upstream.account is None or is_deferred(account) or is_deferred(region):
        return
    if (upstream.account, upstream.region) == (account, region):
        yield Finding(
            code="pull-through-own-registry",
            property="upstream",
            message="is the registry that the rule is in",
            given=upstream.url,
            allowed="a registry of another Region or account",
            fix="name the account and Region that the images come from",
            docs=DOCS,
        )


def _check_unused(upstream: Upstream, *, has_credential: bool, has_role: bool) -> Iterator[Finding]:
    if has_credential and upstream.authentication is not Authentication.SECRET:
        yield Finding(
            code="pull-through-credential-unused",
            property="credential",
            message=f"is given, and {upstream.registry} is read without a secret",
            given=upstream.url,
            allowed="a secret for docker_hub, github, gitlab, azure and chainguard",
            fix="leave credential out",
            docs=DOCS,
        )
    if has_role and upstream.authentication is not Authentication.ROLE:
        yield Finding(
            code="pull-through-role-unused",
            property="role",
            message=f"is given, and {upstream.registry} is read without a role",
            given=upstream.url,
            allowed="a role for an upstream of Upstream.ecr",
            fix="leave role out",
            docs=DOCS,
        )


def _check_username_unused(
    upstream: Upstream, has_credential: bool, has_username: bool
) -> Iterator[Finding]:
    if has_username and (has_credential or upstream.authentication is not Authentication.SECRET):
        yield Finding(
            code="pull-through-username-unused",
            property="username",
            message="is given, and no secret is made that it could stand in",
            given=upstream.url,
            allowed="a user name for an upstream with a secret that is made here",
            fix="leave username out",
            docs=DOCS,
        )


def _not_upstream(upstream: object) -> Finding:
    return Finding(
        code="pull-through-upstream-invalid",
        property="upstream",
        message=f"is a {type(upstream).__name__}, not an Upstream",
        given=upstream,
        allowed="Upstream.docker_hub(), Upstream.ecr_public() and the like",
        fix="use a class method of ecr_constructs.Upstream",
        docs=DOCS,
    )
