"""Checks of an option's type, for callers whose type checker is off."""

from __future__ import annotations

from collections.abc import Sequence

from ..findings import Finding
from ..iam.actions import Access

__all__ = [
    "check_access",
    "check_flag",
    "check_instances",
    "check_listed",
    "check_repository_list",
    "check_selection",
]

DOCS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-resource-ecr-repository.html"
)


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


def check_repository_list(option: str, values: object) -> tuple[Finding, ...]:
    """Whether the value is a list of repositories, and not of their names."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        return check_listed(option, values)
    return tuple(
        Finding(
            code="repository-by-name",
            property=option,
            message="has the name of a repository where a repository belongs",
            given=value,
            allowed="repositories of this app, and those that stand already",
            fix=f"write SecureRepository.from_repository_name(self, 'Api', {value!r})",
            docs=DOCS,
        )
        for value in values
        if isinstance(value, str)
    )


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
    return check_instances("access", [access], Access)
