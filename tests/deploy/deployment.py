"""The app as it stands in the embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from embedded_aws import Credentials
from embedded_aws.account import Account
from embedded_aws.registry_client import RegistryClient
from embedded_aws.stack import Stack

from .accounts import OWNER, REGION, World
from .callers import Principal, Service
from .estate import ELSEWHERE, Estate, Key
from .operations import Target
from .roads import Stock

SECONDS = 120.0


@dataclass(frozen=True)
class Deployment:
    """Deployed stacks, by what the app noted of them."""

    world: World
    physical_ids: Mapping[Key, str]
    _stocks: dict[Target, Stock] = field(default_factory=dict)

    @classmethod
    def of(cls, estate: Estate, world: World) -> Deployment:
        """Deploy every stack of the app."""
        found: dict[tuple[str, str], str] = {}
        for account, name, template in estate.templates():
            stack = Stack(Account(world.aws, account, REGION), name, seconds=SECONDS)
            status = stack.deploy(template)
            assert status == "CREATE_COMPLETE", stack.reasons("CREATE_FAILED")
            found.update({(name, logical): made for logical, made in stack.resources().items()})
        return cls(world, {key: found[place] for key, place in estate.noted.items()})

    @property
    def owner(self) -> Account:
        """The account of the repositories."""
        return self.world.owner

    @property
    def elsewhere(self) -> Target:
        """The repository where nobody of the tests was granted anything."""
        return self.target(ELSEWHERE)

    def target(self, *key: str) -> Target:
        """The repository that was noted under *key*."""
        return Target(OWNER, REGION, self.physical_ids[key])

    def stock(self, target: Target) -> Stock:
        """The images that the owner keeps in a repository."""
        if target not in self._stocks:
            registry = replace(self._owners_registry, repository=target.name)
            self._stocks[target] = Stock(registry, target)
        return self._stocks[target]

    @contextmanager
    def policy_kept(self, target: Target) -> Iterator[None]:
        """Put the repository's policy back in the end: who administers it can remove it."""
        ecr = self.owner.client("ecr")
        before = _policy(ecr, target)
        yield
        if _policy(ecr, target) != before:
            ecr.set_repository_policy(repositoryName=target.name, policyText=before)

    # --- callers ----------------------------------------------------------------------------

    def role(self, *key: str, account: Account | None = None) -> Principal:
        """A session of a deployed role, as its account's root may assume it."""
        home = account or self.owner
        name = self.physical_ids[key]
        credentials = home.aws.assume_role(home.role_arn(name), home.root)
        return Principal.of(home, name, credentials)

    def service_role(self, *key: str, service: str) -> Principal:
        """A session of a deployed role, as an AWS service gets it."""
        name = self.physical_ids[key]
        credentials = self.world.aws.assume_role_as_service(
            self.owner.role_arn(name), service, source_account=OWNER
        )
        return Principal.of(self.owner, name, credentials)

    def user(self, name: str, *, account: Account | None = None) -> Principal:
        """A user with a new access key."""
        home = account or self.owner
        key = home.client("iam").create_access_key(UserName=name)["AccessKey"]
        credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
        return Principal.of(home, name, credentials)

    def service(
        self, name: str, *, source_account: str | None = None, source_arn: str | None = None
    ) -> Service:
        """An AWS service that calls for a resource."""
        label = f"{name} for {source_arn or source_account or 'nobody'}"
        return Service(self.world.aws, label, OWNER, REGION, name, source_account, source_arn)

    @cached_property
    def _owners_registry(self) -> RegistryClient:
        return self.world.aws.registry(OWNER, "", credentials=self.owner.root, region=REGION)


def _policy(ecr: Any, target: Target) -> str | None:
    try:
        answer = ecr.get_repository_policy(repositoryName=target.name)
    except ecr.exceptions.RepositoryPolicyNotFoundException:
        return None
    return str(answer["policyText"])
