"""Managed signing: ECR signs what is pushed, with the rights of who pushes.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutSigningConfiguration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, Union, cast

from ..deferred import ARN_PART, has_deferred, is_deferred
from ..findings import Finding, Severity
from ..iam.statement import Statement
from .filters import FilterGrammar, check_filters
from .regions import WITHOUT_SIGNING

__all__ = [
    "SigningProfileLike",
    "SigningRule",
    "check_profile_platform",
    "check_signing",
    "sign_statement",
    "signing_not_writable",
    "signing_properties",
    "verify_statement",
]

DOCS: Final = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html"
API_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutSigningConfiguration.html"
)
REGION_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-signingconfiguration.html"
)
_PROPERTY = "signing"
_MAX_RULES = 10
_LONGEST_ARN = 200
_PLATFORM = "Notation-OCI-SHA384-ECDSA"
_PROFILE = re.compile(
    rf"arn:{ARN_PART}:signer:(?P<region>{ARN_PART}):(?P<account>{ARN_PART}):"
    r"/signing-profiles/(?P<name>[a-zA-Z0-9_]{2,}|.*\$\{[^}]*\}.*)"
)
_GRAMMAR = FilterGrammar(
    kind="WILDCARD_MATCH",
    pattern=re.compile(r"(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*"),
    shortest=1,
    longest=256,
    allowed="1 to 256 characters of a repository name, with '*' for any run of characters",
    docs="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SigningRepositoryFilter.html",
)


class SigningProfileLike(Protocol):
    """A signing profile of CDK: ``aws_signer.SigningProfile`` and what it imports."""

    @property
    def signing_profile_arn(self) -> str:
        """Its ARN."""


@dataclass(frozen=True, kw_only=True)
class SigningRule:
    """Which images are signed, and with which profile.

    An image that several rules take gets a signature of each profile.
    """

    profile: Union[str, SigningProfileLike]
    """The signing profile, of the platform Notation-OCI-SHA384-ECDSA, or its ARN."""
    repositories: Sequence[str] | None = None
    """Filters of the names: ``*`` stands for any run of characters, and a filter without it is the
    whole name. Default: every repository."""

    @property
    def profile_arn(self) -> str:
        """The ARN of the profile, perhaps known only at deployment."""
        # Whatever else somebody gives is refused by check_signing, with its value.
        return cast("str", getattr(self.profile, "signing_profile_arn", self.profile))


def signing_properties(rules: Sequence[SigningRule]) -> dict[str, Any]:
    """The properties of AWS::ECR::SigningConfiguration."""
    return {"Rules": [_rule(rule) for rule in rules]}


def check_signing(properties: Mapping[str, Any], *, region: str) -> tuple[Finding, ...]:
    """What ECR refuses about the properties of AWS::ECR::SigningConfiguration of a Region.

    The schema takes all of it: no rules, more than 10 of them (50 by the schema), and a Region
    without the type.
    """
    listed = properties.get("Rules") or ()
    rules = [rule for rule in listed if isinstance(rule, Mapping)]
    return (
        *_check_region(region),
        *(_check_number(len(rules)) if not has_deferred(listed) else ()),
        *(
            finding
            for rule in rules
            for finding in (
                *_check_profile(rule.get("SigningProfileArn"), region),
                *check_filters(
                    rule.get("RepositoryFilters"),
                    _GRAMMAR,
                    code="signing-filters-invalid",
                    option=_PROPERTY,
                ),
            )
        ),
    )


def check_profile_platform(platform: object) -> tuple[Finding, ...]:
    """Whether a profile signs container images; those of Lambda have other platforms."""
    if not isinstance(platform, str) or is_deferred(platform) or platform == _PLATFORM:
        return ()
    return (
        _finding(
            "signing-profile-platform",
            "has a profile of a platform that does not sign container images",
            platform,
            _PLATFORM,
            "make the profile with signer.Platform.NOTATION_OCI_SHA384_ECDSA",
        ),
    )


def sign_statement(profiles: Sequence[str]) -> Statement:
    """What whoever pushes needs beside pushing: ECR signs with their rights."""
    return Statement(actions=("signer:SignPayload",), resources=tuple(profiles))


def verify_statement(profiles: Sequence[str], *, jobs: str) -> Statement:
    """What whoever verifies needs beside pulling: whether a signature has been revoked.

    Signer asks for the profile, in each of its versions, and for the signing job.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssigner.html

    :param jobs: the ARN of the signing jobs of an account and Region, for profiles whose own is
        known only at deployment.
    """
    resources = [
        resource
        for profile in profiles
        for resource in (profile, f"{profile}/*", _jobs_of(profile) or jobs)
    ]
    return Statement(
        actions=("signer:GetRevocationStatus",), resources=tuple(dict.fromkeys(resources))
    )


def signing_not_writable(grantee: object, statement: Statement) -> Finding:
    """Somebody who has no identity policy: a profile has one account for each permission."""
    return Finding(
        code="signing-grantee",
        property="grantee",
        message="has no identity policy that the permission could be written to",
        given=grantee,
        allowed="a role, user or group",
        fix=f"grant to the role that signs or verifies, which needs: {statement}",
        docs=DOCS,
    )


def _jobs_of(profile: str) -> str | None:
    known = _PROFILE.fullmatch(profile) is not None
    return profile.partition("/signing-profiles/")[0] + "/signing-jobs/*" if known else None


def _rule(rule: SigningRule) -> dict[str, Any]:
    written: dict[str, Any] = {"SigningProfileArn": rule.profile_arn}
    if rule.repositories is not None:
        # Without the list every image is signed: an empty one is written, and refused.
        written["RepositoryFilters"] = [
            {"Filter": text, "FilterType": _GRAMMAR.kind} for text in rule.repositories
        ]
    return written


def _check_region(region: str) -> Iterator[Finding]:
    if region in WITHOUT_SIGNING:
        yield _finding(
            "signing-region",
            "is not in the CloudFormation of this Region",
            region,
            "a Region with AWS::ECR::SigningConfiguration, eu-west-1 say",
            "sign by notation or cosign in your pipeline",
            docs=REGION_DOCS,
        )


def _check_number(number: int) -> Iterator[Finding]:
    if not 1 <= number <= _MAX_RULES:
        yield _finding(
            "signing-rules-number",
            f"has {number} rules",
            number,
            f"1 to {_MAX_RULES} rules",
            "put the filters of one profile into one rule" if number else "leave it out",
            docs=API_DOCS,
        )


def _check_profile(arn: object, region: str) -> Iterator[Finding]:
    text = arn if isinstance(arn, str) else ""
    parts = _PROFILE.fullmatch(text)
    if parts is None or (not is_deferred(text) and len(text) > _LONGEST_ARN):
        if not (is_deferred(text) and not text.startswith("arn:")):
            yield _finding(
                "signing-profile-invalid",
                "has a profile that is no signing profile",
                arn,
                "arn:PARTITION:signer:REGION:ACCOUNT:/signing-profiles/NAME, at most "
                f"{_LONGEST_ARN} characters",
                "give the profile itself, or its ARN",
                docs=API_DOCS,
            )
        return
    given = parts["region"]
    if not is_deferred(given) and not is_deferred(region) and given != region:
        yield replace(
            _finding(
                "signing-profile-region",
                f"has a profile of {given} in the registry of {region}, which AWS's page has not",
                arn,
                f"a profile of {region}",
                "make a profile in the Region of the registry",
            ),
            severity=Severity.WARNING,
        )


def _finding(
    code: str, message: str, given: object, allowed: str, fix: str, *, docs: str = DOCS
) -> Finding:
    return Finding(
        code=code,
        property=_PROPERTY,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=docs,
    )
