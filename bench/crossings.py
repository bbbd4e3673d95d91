"""How often Python asks Node, for ours and for the plain L2: ``python bench/crossings.py``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from jsii._kernel.providers import process

from ecr_constructs import SecureRepository


class Counter:
    """Counts the requests that the process sends to jsii's kernel."""

    def __init__(self) -> None:
        self.sent = 0
        node_process: Any = process._NodeProcess  # noqa: SLF001 - there is no public place
        send = node_process.send

        def counted(node: object, request: object, response_type: object) -> object:
            self.sent += 1
            answer: object = send(node, request, response_type)
            return answer

        node_process.send = counted

    def of(self, work: Callable[[], object]) -> int:
        """The crossings of a piece of work."""
        before = self.sent
        work()
        return self.sent - before


class Subjects:
    """Repositories and roles of one stack, made one at a time."""

    def __init__(self, folder: str) -> None:
        self.app = cdk.App(outdir=folder)
        self.stack = cdk.Stack(self.app, "Shop")
        self._made = 0

    def plain(self) -> ecr.Repository:
        """The plain L2 with the properties that ours has without an option."""
        repository = ecr.Repository(
            self.stack,
            self._next_id(),
            repository_name=f"shop/service-{self._made}",
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            removal_policy=cdk.RemovalPolicy.RETAIN,
            lifecycle_rules=[
                ecr.LifecycleRule(
                    description="Expire untagged images after 14 days",
                    tag_status=ecr.TagStatus.UNTAGGED,
                    max_image_age=cdk.Duration.days(14),
                )
            ],
        )
        resource: Any = repository.node.default_child
        resource.encryption_configuration = ecr.CfnRepository.EncryptionConfigurationProperty(
            encryption_type="AES256"
        )
        return repository

    def secure(self) -> SecureRepository:
        """Ours."""
        return SecureRepository(
            self.stack, self._next_id(), repository_name=f"shop/service-{self._made}"
        )

    def role(self) -> iam.Role:
        """A role of the same stack."""
        return iam.Role(
            self.stack, self._next_id(), assumed_by=iam.AccountRootPrincipal().grant_principal
        )

    def _next_id(self) -> str:
        self._made += 1
        return f"Made{self._made}"


def main() -> None:
    counter = Counter()
    with tempfile.TemporaryDirectory() as folder:
        subjects = Subjects(folder)
        print("| work | plain L2 | ours |")
        print("|---|---|---|")
        made = (subjects.plain, subjects.secure)
        for make in made:
            make()  # the first of a class also loads what the others share
        line("a repository", *(counter.of(make) for make in made))
        subject = subjects.plain(), subjects.secure()
        for name in ("the first grant of a repository", "each further grant"):
            roles = subjects.role(), subjects.role()
            counts = [
                counter.of(Grant(repository, role))
                for repository, role in zip(subject, roles, strict=True)
            ]
            line(name, *counts)
        for name in ("its first URI", "each further URI"):
            line(name, *(counter.of(Uri(repository)) for repository in subject))


def line(name: str, plain: int, ours: int) -> None:
    """One row of the table."""
    print(f"| {name} | {plain} | {ours} |")


class Grant:
    """A pull grant, to be made when it is called."""

    def __init__(self, repository: ecr.Repository, role: iam.Role) -> None:
        self._repository = repository
        self._role = role

    def __call__(self) -> object:
        return self._repository.grant_pull(self._role)


class Uri:
    """A URI, to be asked for when it is called."""

    def __init__(self, repository: ecr.Repository) -> None:
        self._repository = repository

    def __call__(self) -> object:
        return self._repository.repository_uri_for_tag("v1")


if __name__ == "__main__":
    main()
