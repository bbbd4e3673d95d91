"""From an app's templates to the model of who can reach what."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from ...model.iam.evaluator import Principal, PrincipalKind, Subject
from ..reading.faults import unusable
from ..reading.source import Sources
from ..reading.sources import read_sources
from ..template.app import App
from ..template.marks import Marks
from ..template.stack import Resource
from .consumers import Consumers
from .documents import Compiler
from .identities import Identities, Identity
from .model import AccessReport, PrincipalRow, RepositoryRow, Use
from .open_names import open_names, reaches_every_repository
from .outsiders import Outsider, allowed_principals
from .targets import Targets

__all__ = ["build_report", "identity_row", "outside_row", "report_of", "subject_of"]

_RANKS: Final = {
    "public": 0,
    "organization": 1,
    "account": 2,
    "federated": 3,
    "service": 5,
    "group": 6,
    "user": 7,
    "role": 8,
}
_MOST_PAIRS: Final = 250_000
_OUTSIDE: Final = 4
_WILDCARD: Final = 4
_NOT_AT_HAND: Final = "its identity policies: they are not in the template"


def report_of(
    place: str | os.PathLike[str], *, account: str | None = None, region: str | None = None
) -> AccessReport:
    """Who can reach what, by a template, an assembly or standard input (``-``)."""
    return build_report(read_sources(place, account=account, region=region))


def build_report(sources: Sources) -> AccessReport:
    """Who can reach what, by templates that were read."""
    return _Builder(sources).build()


class _Builder:
    """Builds one report."""

    def __init__(self, sources: Sources) -> None:
        self._app = App(sources.stacks)
        self._marks = self._app.marks
        self._compiler = Compiler(self._marks, open_names(self._app))
        self._identities = Identities(self._app, self._compiler)
        self._targets = Targets(self._app, self._compiler)
        self._notes = list(sources.notes)
        self._outsiders: dict[str, Outsider] = {}
        self._places = {
            f"arn:{stack.partition}:ecr:{stack.region}:{stack.account}:repository/"
            for stack in self._app.stacks
        }

    def build(self) -> AccessReport:
        """The report."""
        self._identities.gather()
        services = Consumers(self._app, self._identities).gather()
        repositories = tuple(
            self._repository(resource) for resource in self._app.of_kind("AWS::ECR::Repository")
        )
        self._note_policies()
        principals = sorted(self._principals(services), key=self._rank)
        self._note_unseen(repositories)
        if len(principals) * len(repositories) > _MOST_PAIRS:
            raise unusable(
                self._app.top[0].source.file,
                f"has {len(principals)} principals and {len(repositories)} repositories, more "
                f"pairs than {_MOST_PAIRS}",
                "ask about one stack at a time",
            )
        notes = (*self._notes, *self._identities.notes)
        readable = (str(self._marks.readable(note)) for note in notes)
        return AccessReport(
            repositories, tuple(principals), tuple(dict.fromkeys(readable)), self._marks
        )

    def _repository(self, resource: Resource) -> RepositoryRow:
        stack = resource.stack
        return RepositoryRow(
            arn=str(self._marks.readable(resource.arn)),
            name=str(self._marks.readable(resource.name)),
            stack=stack.source.stack,
            logical_id=resource.logical_id,
            construct_path=resource.construct_path,
            target=self._targets.of(resource).target,
        )

    def _note_policies(self) -> None:
        for account, compiled in self._targets.policies:
            self._notes += compiled.notes
            for written in compiled.written:
                if isinstance(written.statement, Mapping):
                    for outsider in allowed_principals(written.statement, account):
                        self._outsiders.setdefault(outsider.text, outsider)

    def _principals(self, services: Mapping[str, list[Use]]) -> Iterable[PrincipalRow]:
        accounts = {stack.account for stack in self._app.stacks}
        for service in services:
            principal = Principal(kind=PrincipalKind.SERVICE, arn=service)
            plain = Outsider(
                text=service, kind="service", account=None, subject=Subject(principal=principal)
            )
            self._outsiders.setdefault(service, plain)
        for outsider in self._outsiders.values():
            if outsider.text not in self._identities.by_arn:
                yield outside_row(
                    outsider, accounts, self._marks, uses=services.get(outsider.text, ())
                )
        for identity in self._identities.by_arn.values():
            subject = subject_of(identity, accounts, self._compiler)
            wildcard = reaches_every_repository(subject, self._places)
            yield identity_row(identity, accounts, self._marks, subject, wildcard=wildcard)

    def _rank(self, row: PrincipalRow) -> int:
        rank = _RANKS[row.kind]
        if row.wildcard:
            return _WILDCARD
        return min(rank, _OUTSIDE) if row.external else max(rank, _OUTSIDE + 1)

    def _note_unseen(self, repositories: Iterable[RepositoryRow]) -> None:
        if not repositories:
            self._notes.append("no AWS::ECR::Repository in what was read")
        for stack in self._app.stacks:
            if any(key.startswith("Fn::ForEach") for key in map(str, stack.resources)):
                self._notes.append(
                    f"{stack.source.file}: Fn::ForEach is not carried out, so what it makes is not "
                    "seen"
                )
            if "Transform" in stack.source.template:
                self._notes.append(
                    f"{stack.source.file}: the Transform is not carried out, so what it adds is "
                    "not seen"
                )


def outside_row(
    outsider: Outsider, accounts: set[str], marks: Marks, *, uses: Iterable[Use] = ()
) -> PrincipalRow:
    """The row of a principal that only policies name; ``accounts`` are those of the app."""
    inside = outsider.kind == "service" or outsider.account in accounts
    hidden = outsider.kind in ("role", "user", "group")
    return PrincipalRow(
        arn=str(marks.readable(outsider.text)),
        kind=outsider.kind,
        external=not inside,
        construct_path=None,
        unresolved=(_NOT_AT_HAND,) if hidden else (),
        uses=_readable_uses(uses, marks),
        subject=outsider.subject,
    )


def identity_row(
    identity: Identity,
    accounts: set[str],
    marks: Marks,
    subject: Subject,
    *,
    wildcard: bool = False,
) -> PrincipalRow:
    """The row of a role, user or group with the policies of ``subject``."""
    resource = identity.resource
    return PrincipalRow(
        arn=str(marks.readable(identity.arn)),
        kind=identity.kind,
        external=identity.account not in accounts,
        construct_path=resource.construct_path if resource else None,
        logical_id=resource.logical_id if resource else None,
        unresolved=tuple(str(marks.readable(entry)) for entry in identity.every_unresolved()),
        wildcard=wildcard,
        uses=_readable_uses(identity.uses, marks),
        subject=subject,
    )


def subject_of(identity: Identity, accounts: set[str], compiler: Compiler) -> Subject:
    """A role, user or group for the evaluator."""
    subject = identity.subject(compiler)
    if identity.account in accounts:
        return subject
    # Another account's role that something here acts as: its policies are not at hand.
    return replace(subject, identity_assumed=not subject.identity)


def _readable_uses(uses: Iterable[Use], marks: Marks) -> tuple[Use, ...]:
    return tuple(
        replace(use, images=tuple(str(marks.readable(image)) for image in use.images))
        for use in uses
    )
