"""Repositories of fleets, for what looks at every repository of an app.

In fast mode they are no constructs, or a few of them are, and these tell who reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...model.fleet.meaning.properties import REPOSITORY_TYPE
from .fast.stack import FastStack
from .fleet import RepositoryFleet

if TYPE_CHECKING:
    import aws_cdk as cdk
    from constructs import IConstruct

__all__ = ["fast_repositories", "without_witnesses"]


def fast_repositories(
    constructs: Iterable[IConstruct],
) -> Iterator[tuple[cdk.Stack, Mapping[str, Any]]]:
    """Each repository of the fleets in fast mode among constructs: its stack and its properties.

    They are as the manifest and grants have them, without what an Aspect may make of them.
    """
    for made in _fast_stacks(constructs):
        for resource in made.resources.values():
            if resource["Type"] == REPOSITORY_TYPE:
                yield made.stack, resource["Properties"]


def without_witnesses(constructs: Iterable[IConstruct]) -> Iterator[IConstruct]:
    """The constructs but for those that stand for others in fast mode."""
    every = list(constructs)
    # By their identity: whoever compares them may ask them for something.
    witnesses = {id(each) for made in _fast_stacks(every) for each in made.witnesses.values()}
    return (each for each in every if id(each) not in witnesses)


def _fast_stacks(constructs: Iterable[IConstruct]) -> Iterator[FastStack]:
    for construct in constructs:
        if isinstance(construct, RepositoryFleet):
            for made in construct._stacks.values():  # noqa: SLF001 - a fleet shows its stacks alone
                if isinstance(made, FastStack):
                    yield made
