"""The ARN of any repository, as a policy that is no grant writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .grants import RepositoryGrants

if TYPE_CHECKING:
    import aws_cdk as cdk

    from .types import RepositoryLike

__all__ = ["arn_in"]


def arn_in(repository: RepositoryLike, stack: cdk.Stack, user: cdk.IResource) -> str:
    """The ARN of a repository in a stack, which may be another one than the repository's.

    :param user: what uses it, for the error where the ARN cannot be written there.
    """
    if isinstance(repository, RepositoryGrants):
        return repository._arn_seen_from(stack, user)  # noqa: SLF001 - as grants write it
    return repository.repository_arn
