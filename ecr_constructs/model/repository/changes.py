"""What a deploy does to a repository that was deployed before: replaces, deletes, moves it.

Which properties CloudFormation replaces a repository for, and what becomes of the old one:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding, Severity
from .posture import DOCS, REPLACEMENT_DOCS
from .removal import DOCS as DELETION_DOCS
from .removal import is_kept

__all__ = [
    "check_gone",
    "check_moved",
    "check_replaced",
    "check_retention",
    "check_retyped",
    "surely_differ",
]

REFACTORING_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html"
)
UPDATE_DOCS: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "using-cfn-updating-stacks-update-behaviors.html"
)
_DEFERRED: Final = re.compile(r"\$\{[^}]*\}|#\{Token\[[^\]]*\]\}")
_KEPT: Final = "Retain or RetainExceptOnCreate"


def surely_differ(old: object, new: object) -> bool | None:
    """Whether two values are different ones once they are deployed; None where nobody knows.

    What is known at deployment only is taken to be the same under the same name.
    """
    if old == new:
        return False
    if old is None or new is None:
        return True
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found = [surely_differ(old.get(key), new.get(key)) for key in {**old, **new}]
        return True if True in found else None if None in found else False
    if not (_open(old) or _open(new)):
        return True
    texts = isinstance(old, str) and isinstance(new, str)
    # The same parts that are known later, in the same order: what stands around them decides.
    alike = texts and _DEFERRED.findall(str(old)) == _DEFERRED.findall(str(new))
    return True if alike or (texts and _never_meet(str(old), str(new))) else None


def _never_meet(old: str, new: str) -> bool:
    """Whether one text is known, and the other is another one whatever it comes to."""
    written, pattern = (new, old) if _open(old) else (old, new)
    if _open(written):
        return False
    first, *between = _DEFERRED.split(pattern)
    if not between:
        return False
    *middle, last = between
    start, end = len(first), len(written) - len(last)
    if start > end or not (written.startswith(first) and written.endswith(last)):
        return True
    for part in middle:
        found = written.find(part, start, end)
        if found < 0:
            return True
        start = found + len(part)
    return False


def check_replaced(
    name: str,
    old: object,
    new: object,
    *,
    differ: bool | None,
    same_name: object,
    policies: tuple[object, object],
) -> Iterator[Finding]:
    """Whether a new value of a property replaces the repository.

    :param name: the property, which must be one that CloudFormation replaces the repository for.
    :param differ: whether the values differ, as :func:`surely_differ` says it.
    :param same_name: the name that somebody gave the repository and that stays; None where there
        is none, or it changes.
    :param policies: the ``UpdateReplacePolicy`` of the old template and of the new one.
    """
    if differ is False:
        return
    what = f"changes from {_said(old)} to {_said(new)}"
    if differ is None:
        told = f"{what}, which may replace the repository: whether it does is known at deployment"
    elif same_name is not None:
        told = (
            f"{what}, which replaces the repository, and CloudFormation fails to make a second one "
            f"named {same_name}"
        )
    else:
        told = f"{what}, which replaces the repository by an empty one; {_fate(policies)}"
    yield Finding(
        code="repository-replaced",
        property=name,
        message=told,
        given=new,
        allowed="the value with which the repository was made",
        fix=(
            "leave the property as it was, or declare a second repository and copy the images "
            "before the first one goes"
        ),
        docs=DOCS if differ is None or same_name is not None else REPLACEMENT_DOCS,
        severity=Severity.DANGER if differ else Severity.WARNING,
    )


def check_retyped(old: str, new: str) -> Finding:
    """A repository whose logical id another type of resource gets.

    :param old: the type that it has, and
    :param new: the one that the template has for it.
    """
    return Finding(
        code="repository-replaced",
        property="Type",
        message=(
            f"changes from {old} to {new}: CloudFormation refuses to change the type of a resource"
        ),
        given=new,
        allowed=old,
        fix="give the other resource a logical id of its own",
        docs=UPDATE_DOCS,
    )


def check_gone(
    *, deletion: object, empties: bool, because: str, whole_stack: bool = False
) -> Iterator[Finding]:
    """What becomes of a repository that leaves its template.

    :param deletion: the ``DeletionPolicy`` that was deployed; None is the default, ``Delete``.
    :param empties: whether its images are surely deleted with it.
    :param because: what makes it leave, for the message.
    :param whole_stack: whether it leaves with its stack, which somebody must delete.
    """
    kept = is_kept(deletion)
    if kept:
        yield Finding(
            code="repository-orphaned",
            property="DeletionPolicy",
            message=f"{because}: the repository stays in the account, and no stack manages it",
            given=deletion,
            allowed="a repository that a stack manages",
            fix="keep it in the template, or import it into the stack that manages it from now on",
            docs=DELETION_DOCS,
            severity=Severity.WARNING,
        )
        return
    deleted = "deleted with its stack" if whole_stack else "deleted"
    if kept is None:
        told = f"the repository may be {deleted}: its deletion policy is known at deployment"
    elif empties:
        told = f"the repository is {deleted}, with every image in it"
    else:
        told = f"the repository is {deleted}, unless it still holds images: then that fails"
    yield Finding(
        code="repository-deleted",
        property="DeletionPolicy",
        message=f"{because}: {told}",
        given=deletion,
        allowed=_KEPT,
        fix=(
            "keep it in the template; where it has to go, first deploy DeletionPolicy Retain, and "
            "delete the repository when nobody pulls from it"
        ),
        docs=DELETION_DOCS,
        severity=Severity.WARNING if kept is None else Severity.DANGER,
    )


def check_moved(
    *, name: str, before: str, other_stack: str | None, deletion: object, stays: bool
) -> Finding:
    """A repository that was declared elsewhere with the same physical name.

    :param before: the construct path or logical id that it had.
    :param other_stack: the stack that it was in, where that is another one.
    :param deletion: the ``DeletionPolicy`` that was deployed.
    :param stays: whether that resource stays, with another name.
    """
    at = before if other_stack is None else f"{before} in the stack {other_stack}"
    message = f"has the name of {at}: CloudFormation makes it before the old one goes, and fails"
    if stays:
        message = f"has the name that {at} gives up: it is taken until that one is replaced"
    elif other_stack is not None:
        message = f"has the name of {at}: making it fails while the old one is there"
        if is_kept(deletion) is False:
            message += ", and where that goes first its images are lost"
    return Finding(
        code="repository-moved",
        property="RepositoryName",
        message=message,
        given=name,
        allowed="the logical id and the stack that the repository was deployed with",
        fix=(
            "keep the logical id (override_logical_id), or move the resource by a stack "
            "refactoring (cdk refactor)"
        ),
        docs=REFACTORING_DOCS,
    )


def check_retention(name: str, old: object, new: object) -> Iterator[Finding]:
    """Whether a policy stops to keep the repository.

    :param name: ``DeletionPolicy`` or ``UpdateReplacePolicy``.
    """
    if is_kept(old) is True and is_kept(new) is False:
        when = "its stack goes" if name == "DeletionPolicy" else "an update replaces it"
        yield Finding(
            code="retention-removed",
            property=name,
            message=f"kept the repository where {when}, and no longer does",
            given=new,
            allowed=_KEPT if name == "DeletionPolicy" else "Retain",
            fix="write Retain, as it was",
            docs=DELETION_DOCS if name == "DeletionPolicy" else REPLACEMENT_DOCS,
        )


def _fate(policies: tuple[object, object]) -> str:
    old, new = (is_kept(policy) for policy in policies)
    if old is True and new is True:
        return "the old one stays in the account with its images, and no stack manages it"
    if old is False and new is False:
        return "the old one is deleted, unless it still holds images and is not emptied"
    return "whether the old one stays is open, as UpdateReplacePolicy changes or is known later"


def _open(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_open, value.values()))
    return is_deferred(value)


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {entry}" for key, entry in value.items())
    return str(value)
