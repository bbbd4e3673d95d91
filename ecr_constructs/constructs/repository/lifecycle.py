"""The lifecycle policy of a repository in its template, and what the app refers to beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aws_cdk import aws_ecr as ecr

from ...model.findings import Finding
from ...model.lifecycle import LifecycleRule
from ...model.repository.lifecycle import check_lifecycle, check_references, lifecycle_text
from .._jsii import refuse, show

__all__ = ["RepositoryLifecycle"]


class RepositoryLifecycle:
    """The rules of one repository, held against every image that the app refers to."""

    def __init__(
        self,
        repository: ecr.Repository,
        resource: ecr.CfnRepository,
        rules: Sequence[LifecycleRule],
        *,
        mutable_tags: bool,
        may_expire: Sequence[str],
    ) -> None:
        """Write the rules, which are checked already."""
        self._repository = repository
        self._resource = resource
        self._rules = tuple(rules)
        self._mutable_tags = mutable_tags
        self._may_expire = tuple(may_expire)
        self._references: set[str] = set()
        self._write()

    def add(self, rule: LifecycleRule) -> None:
        """Add a rule behind the others, if it takes nothing that is referred to already."""
        rules = (*self._rules, rule)
        self._admit((*check_lifecycle(rules), *self._lost(rules, sorted(self._references))))
        self._rules = rules
        self._write()

    def refer_to(self, tag_or_digest: str) -> None:
        """Note that the app refers to an image, and refuse where the rules can take it."""
        if tag_or_digest not in self._references:
            self._admit(self._lost(self._rules, (tag_or_digest,)))
            self._references.add(tag_or_digest)

    def _lost(
        self, rules: tuple[LifecycleRule, ...], references: Iterable[str]
    ) -> tuple[Finding, ...]:
        return check_references(
            rules, references, mutable_tags=self._mutable_tags, may_expire=self._may_expire
        )

    def _admit(self, findings: tuple[Finding, ...]) -> None:
        refuse(findings, self._repository)
        show(findings, self._repository)

    def _write(self) -> None:
        text = lifecycle_text(self._rules)
        if text is not None:
            self._resource.lifecycle_policy = ecr.CfnRepository.LifecyclePolicyProperty(
                lifecycle_policy_text=text
            )
