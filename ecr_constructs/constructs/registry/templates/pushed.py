"""The repositories that a creation template makes on push."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....model.iam.actions import Access, Wanted
from ....model.registry.templates.access import check_pusher, first_push
from ..coming import ComingRepository

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from ....model.findings import Finding
    from ...repository.types import Grantee

__all__ = ["PushedRepositories"]


class PushedRepositories(ComingRepository):
    """All repositories under the prefix of a template, those that a push makes included."""

    has_tags = False
    """Whether the template tags them."""

    def _grant_access(self, grantee: Grantee, access: Access) -> iam.Grant:
        if access is not Access.PUSH:
            return super()._grant_access(grantee, access)
        actions = first_push(has_tags=self.has_tags)
        return self._grant(grantee, Wanted(actions=actions, needs_token=True))

    def _refused_services(self, services: Sequence[str]) -> tuple[Finding, ...]:
        return check_pusher(services)
