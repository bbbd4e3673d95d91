"""The errors of the library.

::

    ValueError
    └── EcrConstructsError             .code .message .given .allowed .fix .construct_path .findings
        ├── InvalidInputError          an argument that ECR, IAM or KMS would refuse
        ├── GrantError                 a grant without effect, or one that would reach too far
        ├── RepositoryReferenceError   a repository that cannot be written down where it is used
        └── TaskDefinitionError        a task that could not start with its execution role

An error that is raised while CDK's own code calls back into Python (``add_container``, say)
reaches the caller as ``RuntimeError``: jsii keeps the text and loses the type.
"""

from __future__ import annotations

from collections.abc import Iterable

from .findings import Finding, dangers

__all__ = [
    "EcrConstructsError",
    "GrantError",
    "InvalidInputError",
    "RepositoryReferenceError",
    "TaskDefinitionError",
    "raise_dangers",
]


class EcrConstructsError(ValueError):
    """What is wrong, the value, what is allowed, the fix and the construct at fault."""

    findings: tuple[Finding, ...]
    """Everything that is wrong; what follows is about the first."""
    code: str
    """The stable name of the rule, in kebab case."""
    given: object
    """The value as it was given."""
    allowed: str
    """What would be taken instead."""
    fix: str
    """The change to make."""
    construct_path: str | None
    """The construct at fault, where there is one."""
    message: str
    """All findings in sentences, with the construct path: what ``str()`` gives."""

    def __init__(self, findings: Iterable[Finding], *, construct_path: str | None = None) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        self.code = first.code
        self.given = first.given
        self.allowed = first.allowed
        self.fix = first.fix
        self.construct_path = construct_path
        where = f"[{construct_path}] " if construct_path else ""
        self.message = where + "; ".join(finding.sentence() for finding in self.findings)
        super().__init__(self.message)


class InvalidInputError(EcrConstructsError):
    """An argument that ECR, IAM or KMS would refuse."""


class GrantError(EcrConstructsError):
    """A grant that could not take effect, or that would reach further than it says."""


class RepositoryReferenceError(EcrConstructsError):
    """A repository that cannot be written down where it is used: it needs a name."""


class TaskDefinitionError(EcrConstructsError):
    """A task that could not start: its execution role was not told of what it uses."""


def raise_dangers(
    findings: Iterable[Finding],
    *,
    construct_path: str | None = None,
    error: type[EcrConstructsError] = InvalidInputError,
) -> None:
    """Raise one error that carries every danger among the findings, or return."""
    found = dangers(findings)
    if found:
        raise error(found, construct_path=construct_path)
