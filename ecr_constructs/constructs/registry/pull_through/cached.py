"""The repositories of a cache: one of them, or all under the prefix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ....model.iam.actions import Access, Wanted
from ....model.registry.pull_through.access import FIRST_PULL, check_consumer
from ..coming import ComingRepository
from ..singletons import kept_by_app
from .neighbours import CacheNeighbours

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from ....model.findings import Finding
    from ...repository.types import Grantee

__all__ = ["CachedRepository"]


class CachedRepository(ComingRepository):
    """A repository that ECR makes at the first pull, or (``*``) all of one cache.

    Its grants to pull are those that make the first pull work.
    """

    is_cached: ClassVar[bool] = True
    """That a pull may have to fetch its images first, for policies that are no grants."""

    def _grant_access(self, grantee: Grantee, access: Access) -> iam.Grant:
        if access not in (Access.PULL, Access.PULL_PUSH):
            return super()._grant_access(grantee, access)
        more = getattr(grantee, "pull_actions", ()) if access is Access.PULL else access.actions
        actions = tuple(sorted({*FIRST_PULL, *more}))
        return self._grant(grantee, Wanted(actions=actions, needs_token=True))

    def _grant_identity(self, identity: Any, wanted: Wanted, *, own: bool) -> iam.Grant:
        grant = super()._grant_identity(identity, wanted, own=own)
        if set(FIRST_PULL) <= set(wanted.actions):
            neighbours = kept_by_app(self, CacheNeighbours)
            neighbours.add_pulls(self._registry, self._prefix, identity, self._arn)
        return grant

    def _refused_services(self, services: Sequence[str]) -> tuple[Finding, ...]:
        return check_consumer(services)
