"""The repositories of an app with the policies on their side: their own and the registry's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...model.iam.evaluator import Policy, PolicyKind, Target
from ..template.alternatives import entries
from ..template.app import App
from ..template.stack import Resource
from .documents import Compiled, Compiler
from .identities import own_world

__all__ = ["Targets"]


@dataclass(frozen=True)
class _Read:
    """A repository for the evaluator, and whether each of its policies could be read."""

    target: Target
    readable: bool


class Targets:
    """Compiles the policies of registries at once, and of repositories as they are asked for."""

    def __init__(self, app: App, compiler: Compiler) -> None:
        self._compiler = compiler
        self.policies: list[tuple[str, Compiled]] = []
        """Every policy that was compiled, with the account that it is of."""
        self._registries: dict[tuple[str, str], Compiled] = {}
        for resource in app.of_kind("AWS::ECR::RegistryPolicy"):
            stack = resource.stack
            compiled = self._compiled(
                resource, "PolicyText", PolicyKind.REGISTRY, "registry policy"
            )
            if compiled is not None:
                self._registries[stack.account, stack.region] = compiled

    def of(self, repository: Resource) -> _Read:
        """A repository with its policies."""
        stack = repository.stack
        own = self._compiled(
            repository, "RepositoryPolicyText", PolicyKind.REPOSITORY, repository.name
        )
        registry = self._registries.get((stack.account, stack.region))
        target = Target(
            arn=repository.arn,
            policy=_policy(own),
            registry=_policy(registry),
            tags=_tags_of(repository),
        )
        return _Read(target, readable=not any(each and each.notes for each in (own, registry)))

    def _compiled(
        self, resource: Resource, option: str, kind: PolicyKind, name: str
    ) -> Compiled | None:
        document = resource.properties.get(option)
        if document is None:
            return None
        compiled = self._compiler.compile(document, kind, name=name, world=own_world(resource))
        self.policies.append((resource.stack.account, compiled))
        return compiled


def _policy(compiled: Compiled | None) -> Policy | None:
    return compiled.policy if compiled is not None else None


def _tags_of(resource: Resource) -> dict[str, str] | None:
    """The tags of a repository; None where others may be added that nobody knows here."""
    given = resource.properties.get("Tags")
    inherited = resource.stack.source.tags
    if given is None and inherited is None:
        return None
    tags = dict(inherited or {})
    for tag, _ in entries(given):
        if isinstance(tag, Mapping):
            tags[str(tag.get("Key"))] = str(tag.get("Value"))
    return tags
