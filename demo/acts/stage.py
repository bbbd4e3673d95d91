"""What every act needs: the ledger, who asks, what was deployed and what is pushed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from demo.cast import Actor, Cast
from demo.images import Artifact, Image, bill_of_materials, image
from demo.promises import Ledger
from demo.registry import Registry
from demo.shop import ACCOUNT, AUDIENCE, MAIN_BRANCH, REGION, Outputs

TAG = "v1"


@dataclass(frozen=True)
class Cargo:
    """What is pushed: built before anything is sent, so that every digest is known."""

    release: Image
    next_release: Image
    bill: Artifact
    intruder: Image

    @classmethod
    def build(cls) -> Cargo:
        """Builds the images, and the SBOM of the first one."""
        release = image("the shop, release 1\n")
        return cls(
            release=release,
            next_release=image("the shop, release 2\n"),
            bill=bill_of_materials(release.index),
            # Pushed by those who may not: no layer of it is in any repository, so that the first
            # thing that a push does is refused.
            intruder=image("not of the shop\n"),
        )


@dataclass(frozen=True)
class Stage:
    """Holds the players and the things that they act with."""

    ledger: Ledger
    cast: Cast
    outputs: Outputs
    cargo: Cargo

    @property
    def owner(self) -> Actor:
        """The shop's own account."""
        return self.cast.root(ACCOUNT)

    @property
    def ci(self) -> Actor:
        """A workflow of the main branch, in the CI role."""
        return self.workflow(MAIN_BRANCH)

    def workflow(self, subject: str, *, audience: str = AUDIENCE, forged: bool = False) -> Actor:
        """A GitHub workflow that takes the CI role."""
        return self.cast.workflow(
            self.outputs.ci_role, subject=subject, audience=audience, forged=forged
        )

    @property
    def execution(self) -> Actor:
        """ECS, in the execution role, for a task of the shop's own account."""
        return self.ecs(ACCOUNT)

    def ecs(self, account: str) -> Actor:
        """ECS, in the execution role, for a task of some account."""
        return self.cast.service(
            self.outputs.execution_role,
            service="ecs-tasks.amazonaws.com",
            source_account=account,
            source_arn=f"arn:aws:ecs:{REGION}:{account}:cluster/default",
        )

    @contextmanager
    def registry_of(self, actor: Actor, repository: str) -> Iterator[tuple[Registry, str]]:
        """Connects an actor to the registry that a repository's URI names."""
        host, name = self.outputs.place(repository)
        with closing(self.cast.registry(host, actor.login())) as registry:
            yield registry, name

    def push(self, actor: Actor, repository: str, image: Image, *tags: str) -> str:
        """Pushes as an actor; tells the digest that the registry answered."""
        with self.registry_of(actor, repository) as (registry, name):
            return registry.push_image(name, image, *tags)

    def pull(self, actor: Actor, repository: str, reference: str) -> str:
        """Pulls as an actor; tells digest and bytes of what arrived."""
        with self.registry_of(actor, repository) as (registry, name):
            return told(registry.pull_image(name, reference))


def told(image: Image) -> str:
    """An image as the acts speak of it."""
    return f"{image.digest}, {image.size} bytes"
