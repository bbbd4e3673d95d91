"""Checks of an option's type, for callers whose type checker is off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..findings import Finding
from ..iam.actions import Access
from ..registry.regions import partition_of

__all__ = [
    "check_access",
    "check_construct",
    "check_each",
    "check_flag",
    "check_grantee",
    "check_instances",
    "check_listed",
    "check_repository",
    "check_repository_list",
    "check_selection",
    "offers",
]

DOCS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-repository.html"
)
_IMAGE_URI = re.compile(r"([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.]+/([^:@]+)")


def check_flag(option: str, value: object) -> tuple[Finding, ...]:
    """Whether the value is True or False; ``"false"`` is neither."""
    if isinstance(value, bool):
        return ()
    return (
        Finding(
            code="option-type",
            property=option,
            message=f"is a {type(value).__name__}, not a bool",
            given=value,
            allowed="True or False",
            fix=f"write {option}=True or {option}=False",
            docs=DOCS,
        ),
    )


def check_instances(option: str, values: object, kind: type) -> tuple[Finding, ...]:
    """Whether the value is a list of such values; None stands for an option left out."""
    if values is None:
        return ()
    if isinstance(values, str) or not isinstance(values, Sequence):
        wrong: object = values
    else:
        strangers = [value for value in values if not isinstance(value, kind)]
        if not strangers:
            return ()
        wrong = strangers[0]
    return (
        Finding(
            code="option-type",
            property=option,
            message=f"has a {type(wrong).__name__} where a {kind.__name__} belongs",
            given=wrong,
            allowed=f"a list of {kind.__name__}",
            fix=f"make a {kind.__name__} of it"
            if not isinstance(wrong, kind)
            else f"write [{kind.__name__}(...)]",
            docs=DOCS,
        ),
    )


def check_listed(option: str, values: object) -> tuple[Finding, ...]:
    """Whether the value is a list: one thing alone is the usual slip."""
    if isinstance(values, Sequence) and not isinstance(values, str):
        return ()
    return (
        Finding(
            code="option-type",
            property=option,
            message=f"is a {type(values).__name__}, not a list",
            given=values,
            allowed="a list",
            fix=f"write {option}=[...]",
            docs=DOCS,
        ),
    )


def offers(value: object, attribute: str) -> bool:
    """Whether an object, and not a class, has an attribute.

    Its class is asked first: an instance of CDK would ask Node. What CDK imports may be a proxy
    whose class has nothing.
    """
    if isinstance(value, type):
        return False
    return hasattr(type(value), attribute) or hasattr(value, attribute)


def check_construct(
    option: str,
    value: object,
    attribute: str,
    *,
    noun: str,
    fix: str,
    docs: str = DOCS,
) -> tuple[Finding, ...]:
    """Whether the value is a construct of some kind, by the attribute that the kind has.

    :param noun: what the kind is called, with its article.
    """
    if offers(value, attribute):
        return ()
    return (
        Finding(
            code="option-type",
            property=option,
            message=f"is a {type(value).__name__}, not {noun}",
            given=value,
            allowed=noun,
            fix=fix,
            docs=docs,
        ),
    )


def check_each(
    option: str, values: object, attribute: str, *, noun: str, docs: str = DOCS
) -> tuple[Finding, ...]:
    """Whether the value is a list of constructs of some kind; see :func:`check_construct`."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        return check_listed(option, values)
    fix = f"give {noun} itself"
    return tuple(
        finding
        for value in values
        for finding in check_construct(option, value, attribute, noun=noun, fix=fix, docs=docs)
    )


def check_grantee(value: object) -> tuple[Finding, ...]:
    """Whether the value is somebody whom CDK can give rights; an ARN is the usual slip."""
    if offers(value, "grant_principal"):
        return ()
    given = value if isinstance(value, str) else ""
    fix = "give the role itself, or the construct that has it"
    if ":role/" in given:
        fix = f"write iam.Role.from_role_arn(self, 'Role', {given!r})"
    elif given.isdigit():
        fix = f"write iam.AccountPrincipal({given!r})"
    return check_construct(
        "grantee",
        value,
        "grant_principal",
        noun="a role, user, group, principal, or a construct that has a role",
        fix=fix,
        docs="https://docs.aws.amazon.com/cdk/v2/guide/permissions.html",
    )


def check_repository(option: str, value: object) -> tuple[Finding, ...]:
    """Whether the value is a private repository, and not its name."""
    if isinstance(value, str):
        return (
            Finding(
                code="repository-by-name",
                property=option,
                message="has the name of a repository where a repository belongs",
                given=value,
                allowed="repositories of this app, and those that stand already",
                fix=f"write SecureRepository.{_call_for(value)}",
                docs=DOCS,
            ),
        )
    fix = "give a SecureRepository, or one of SecureRepository.from_repository_name"
    if offers(value, "grant_push") and not offers(value, "grant_pull"):
        fix = "leave a public repository out: everybody pulls from it, and it grants pushes itself"
    return check_construct(option, value, "grant_pull", noun="a private repository", fix=fix)


def _call_for(text: str) -> str:
    """How a repository is had by its name, its ARN or the URI of an image."""
    uri = _IMAGE_URI.match(text)
    if uri is not None:
        account, region, name = uri.groups()
        text = f"arn:{partition_of(region)}:ecr:{region}:{account}:repository/{name}"
    kind = "arn" if text.startswith("arn:") else "name"
    return f"from_repository_{kind}(self, 'Api', {text!r})"


def check_repository_list(option: str, values: object) -> tuple[Finding, ...]:
    """Whether the value is a list of repositories, and not of their names."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        return check_listed(option, values)
    return tuple(finding for value in values for finding in check_repository(option, value))


def check_selection(repositories: object, *, verb: str) -> tuple[Finding, ...]:
    """Whether there is a repository at all; ``verb`` says what would be done to it."""
    if isinstance(repositories, (list, tuple)) and repositories:
        return check_repository_list("repositories", repositories)
    return (
        Finding(
            code="repositories-missing",
            property="repositories",
            message=f"names no repository to {verb}",
            given=repositories,
            allowed="a list of repositories",
            fix="write repositories=[api], say",
            docs=DOCS,
        ),
    )


def check_access(access: object) -> tuple[Finding, ...]:
    """Whether the value is a kind of access."""
    if isinstance(access, Access):
        return ()
    meant = access.upper() if isinstance(access, str) else ""
    return (
        Finding(
            code="option-type",
            property="access",
            message=f"is a {type(access).__name__}, not an Access",
            given=access,
            allowed=", ".join(f"Access.{member.name}" for member in Access),
            fix=f"write access=Access.{meant if meant in Access.__members__ else 'PULL'}",
            docs=DOCS,
        ),
    )
