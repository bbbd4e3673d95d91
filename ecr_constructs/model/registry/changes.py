"""What a registry no longer copies or fetches by new settings.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-pullthroughcacherule.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..findings import Finding, Severity
from ..repository.changes import surely_differ
from .effective.caching import CacheSetting, read_cache_rule
from .effective.properties import Properties
from .effective.replication import Destination, ReplicationSetting, replication_filter_matches

__all__ = [
    "check_cache_rule_change",
    "check_cache_rule_gone",
    "check_cache_rule_moved",
    "check_replication_change",
]

REPLICATION_DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"
CACHE_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-pullthroughcacherule.html"
)
_ALL: Final = ""
_PREFIX: Final = "EcrRepositoryPrefix"
_CACHE_PROPERTIES: Final = (
    _PREFIX,
    "UpstreamRegistryUrl",
    "UpstreamRegistry",
    "UpstreamRepositoryPrefix",
    "CredentialArn",
    "CustomRoleArn",
)
_FIXES: Final = {
    "CredentialArn": "keep the secret, and put the other login into it",
    "CustomRoleArn": "keep the role, and change its policies",
}
"""What serves as well, where there is something."""


def check_replication_change(
    old: Sequence[ReplicationSetting], new: Sequence[ReplicationSetting]
) -> Iterator[Finding]:
    """What was copied and no longer is: destinations and beginnings of names.

    What was copied stays where it is; what is pushed from now on is not copied there.
    """
    dropped: dict[str, list[Destination]] = {}
    for rule in old:
        for destination in rule.destinations:
            for prefix in rule.filters or (_ALL,):
                if not _covered(destination, prefix, new):
                    dropped.setdefault(prefix, []).append(destination)
    for prefix, destinations in dropped.items():
        names = ", ".join(dict.fromkeys(map(_said, destinations)))
        partly = _partly(prefix, destinations, new)
        yield Finding(
            code="replication-dropped",
            property="ReplicationConfiguration.Rules",
            message=f"no longer copies {_what(prefix, partly=partly)} to {names}, from the next "
            "push on",
            given=names,
            allowed="every destination and filter that was there",
            fix="keep the rule, or stop whoever pulls there first",
            docs=REPLICATION_DOCS,
            severity=Severity.WARNING,
        )


def check_cache_rule_change(old: Properties, new: Properties) -> Iterator[Finding]:
    """Whether CloudFormation replaces a pull-through cache rule, which it does for any property.

    :param old: the properties of the ``AWS::ECR::PullThroughCacheRule``, and
    :param new: those that it gets.
    """
    changed = [
        name for name in _CACHE_PROPERTIES if surely_differ(old.get(name), new.get(name)) is True
    ]
    if not changed:
        return
    name = changed[0]
    before, after = (_text_or_nothing(each.get(name)) for each in (old, new))
    if name == _PREFIX:
        told = f"what is pulled below {before} is no longer fetched"
    else:
        told = (
            f"the rule of {read_cache_rule(old).prefix} is replaced, and CloudFormation makes the "
            "new one first, which fails while the old one has the prefix"
        )
    yield _replaced(name, f"changes from {before} to {after}: {told}", after, _FIXES.get(name))


def check_cache_rule_moved(prefix: str, before: str, *, other_stack: str | None) -> Finding:
    """A pull-through cache rule that was declared elsewhere for the same prefix.

    :param before: the construct path or logical id that it had.
    :param other_stack: the stack that it was in, where that is another one.
    """
    told = f"has the prefix of {before}: CloudFormation makes it before the old one goes, and fails"
    if other_stack is not None:
        told = (
            f"has the prefix of {before} in the stack {other_stack}: making it fails while the old "
            "one is there"
        )
    fix = "keep the logical id (override_logical_id) and the stack that the rule was deployed with"
    return _replaced(_PREFIX, told, prefix, fix)


def check_cache_rule_gone(rule: CacheSetting, *, stays: bool | None) -> Iterator[Finding]:
    """What is no longer fetched where a pull-through cache rule leaves its template.

    :param stays: whether the rule stays in the account; None where nobody knows.
    """
    if stays:
        return
    may = "may go" if stays is None else "goes"
    yield Finding(
        code="cache-rule-removed",
        property=_PREFIX,
        message=(
            f"the rule for {rule.upstream} {may}: what was fetched below {rule.prefix} stays, and "
            "nothing more is fetched there"
        ),
        given=rule.prefix,
        allowed="a rule as long as somebody pulls below its prefix",
        fix="keep the rule, or let whoever pulls there pull from elsewhere first",
        docs=CACHE_DOCS,
        severity=Severity.WARNING,
    )


def _replaced(name: str, message: str, given: object, fix: str | None) -> Finding:
    return Finding(
        code="cache-rule-replaced",
        property=name,
        message=message,
        given=given,
        allowed="the value with which the rule was made",
        fix=fix
        or "declare a rule of another prefix beside it, and let the old one go when nobody pulls "
        "by it",
        docs=CACHE_DOCS,
        severity=Severity.WARNING,
    )


def _text_or_nothing(value: object) -> object:
    return "nothing" if value is None else value


def _covered(destination: Destination, prefix: str, rules: Sequence[ReplicationSetting]) -> bool:
    """Whether each name with this beginning is copied there."""
    return any(
        destination in rule.destinations
        and (
            not rule.filters
            or any(replication_filter_matches(each, prefix) for each in rule.filters)
        )
        for rule in rules
    )


def _partly(
    prefix: str, destinations: Sequence[Destination], rules: Sequence[ReplicationSetting]
) -> bool:
    return any(
        destination in rule.destinations and any(each.startswith(prefix) for each in rule.filters)
        for destination in destinations
        for rule in rules
    )


def _what(prefix: str, *, partly: bool) -> str:
    if not prefix:
        return "every repository" if partly else "any repository"
    return f"all that begins with {prefix}" if partly else f"what begins with {prefix}"


def _said(destination: Destination) -> str:
    return f"{destination.registry}/{destination.region}"
