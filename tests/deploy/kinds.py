"""A kind of principal: how it is granted something, and who it then is that calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

from constructs import Construct

from ecr_constructs import SecureRepository
from ecr_constructs.constructs.repository.types import Grantee
from embedded_aws.account import Account

from .accounts import World
from .deployment import Deployment
from .estate import Estate
from .grants import GRANTS, Grant
from .judgement import Expected


class Kind(ABC):
    """Each grant to it has a repository of its own, and principals of its own."""

    name: str
    named = False

    def prepare(self, owner: Account, grant: Grant) -> None:  # noqa: B027 - most need nothing
        """Make what is there before the app is deployed."""

    def build(self, estate: Estate, grant: Grant) -> None:
        """Add repository, principal and grant to the app."""
        scope = Construct(estate.owner, self.called(grant))
        name = self.called(grant).lower() if self.named else None
        repository = estate.repository(scope, (self.name, grant.method), name)
        grant.give(repository, self.grantee(estate, scope, grant))

    @abstractmethod
    def grantee(self, estate: Estate, scope: Construct, grant: Grant) -> Grantee:
        """What the grant is given to."""

    @abstractmethod
    def expected(self, deployment: Deployment, grant: Grant) -> Iterator[Expected]:
        """The callers: who was granted it, and who stands near."""

    def called(self, grant: Grant) -> str:
        """A name for what this kind and grant need."""
        return f"{self.name}-{grant.method}".replace(" ", "-").replace("_", "-")


def deployed(name: str, kinds: Sequence[Kind], world: World, directory: Path) -> Deployment:
    """Every grant to every kind, in one app."""
    estate = Estate(name, directory)
    for kind in kinds:
        for grant in GRANTS.values():
            kind.prepare(world.owner, grant)
            kind.build(estate, grant)
    return Deployment.of(estate, world)


class AdoptingKind(Kind):
    """A kind that is granted something on a repository that was adopted by its name."""

    named = True

    def build(self, estate: Estate, grant: Grant) -> None:
        scope = Construct(estate.owner, self.called(grant))
        estate.repository(scope, (self.name, grant.method), self.called(grant))
        adopted = SecureRepository.from_repository_name(
            estate.second, self.called(grant), self.called(grant)
        )
        grant.give(adopted, self.grantee(estate, scope, grant))
