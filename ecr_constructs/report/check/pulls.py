"""What of an app starts an image of the app's own repositories, and surely cannot pull it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...model.consumers.pulls import check_no_role, check_pull
from ...model.findings import Finding
from ...model.iam.actions import GET_AUTHORIZATION_TOKEN, Access
from ...model.iam.evaluator import (
    Level,
    LevelVerdict,
    Matrix,
    Principal,
    PrincipalKind,
    Subject,
    Target,
    Verdict,
)
from ..access.consumers import Started, started_images
from ..access.documents import Compiler
from ..access.identities import Identities
from ..access.model import ALWAYS
from ..access.open_names import open_names
from ..access.targets import Targets
from ..reading.faults import UnusableInputError
from ..template.app import App
from ..template.marks import marked
from ..template.stack import Resource
from .located import Located

__all__ = ["check_pulls"]

_REPOSITORY: Final = "AWS::ECR::Repository"
_LAMBDA: Final = "lambda.amazonaws.com"
_NEEDED: Final = (*Access.PULL.actions, GET_AUTHORIZATION_TOKEN)
# One level an action: what is missing is told by its name.
_LEVELS: Final = tuple(Level(action, (action,), needs_all=True) for action in _NEEDED)


def check_pulls(app: App) -> Iterator[Located]:
    """Everything that starts an image which it surely cannot pull, by the templates.

    Where a policy is not at hand, or a condition decides, nothing is said.
    """
    if _may_add_policies(app):
        return
    of_app = _Repositories(app)
    pulls = [
        (started, repository)
        for started in started_images(app)
        for repository in of_app.of_image(started.image)
    ]
    if not pulls:
        return
    try:
        decides = _Pulls(app)
    except UnusableInputError:
        # More statements than anybody looks through: nothing is certain then.
        return
    yield from decides.check(pulls)


class _Repositories:
    """The repositories of an app by the addresses of their images."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._by_name: dict[str, list[Resource]] | None = None

    def of_image(self, image: str) -> list[Resource]:
        """The one repository that an image is of; none where the app has none, or several."""
        host, slash, path = image.partition("/")
        if not slash or ".dkr.ecr." not in host:
            return []
        if self._by_name is None:
            self._by_name = {}
            for resource in self._app.of_kind(_REPOSITORY):
                self._by_name.setdefault(resource.name, []).append(resource)
        name = path.partition("@")[0].partition(":")[0]
        found = [
            each
            for each in self._by_name.get(name, ())
            if host.startswith(f"{each.stack.account}.dkr.ecr.{each.stack.region}.")
        ]
        return found if len(found) == 1 else []


class _Pulls:
    """Decides about pulls, with the identities of the app gathered once."""

    def __init__(self, app: App) -> None:
        self._marks = app.marks
        self._compiler = Compiler(app.marks, open_names(app))
        self._identities = Identities(app, self._compiler)
        self._identities.gather()
        self._anything = self._identities.anything_attached()
        self._targets = Targets(app, self._compiler)
        self._decided: dict[tuple[str, str], dict[str, LevelVerdict]] = {}

    def check(self, pulls: Sequence[tuple[Started, Resource]]) -> Iterator[Located]:
        """What cannot be pulled."""
        for started, repository in pulls:
            for finding in self._check(started, repository):
                yield Located(finding=finding, resource=started.consumer)

    def _check(self, started: Started, repository: Resource) -> tuple[Finding, ...]:
        if started.needs is not None:
            return check_no_role(
                at=started.needs.at,
                image=str(self._marks.readable(started.image)),
                repository=_named(repository),
                docs=started.needs.docs,
            )
        if _perhaps_one_account(started.consumer, repository):
            return ()
        subject = self._subject(started)
        read = self._targets.of(repository)
        if subject is None or not read.readable:
            return ()
        decided = self._decide(subject, read.target)
        if started.service is not None:
            decided.pop(GET_AUTHORIZATION_TOKEN)
        refused = {
            action: found
            for action, found in decided.items()
            if found.verdict in (Verdict.NONE, Verdict.DENIED)
        }
        denied = [found for found in refused.values() if found.verdict is Verdict.DENIED]
        # Lambda writes itself into the policy of a repository of the function's own account.
        adds_itself = started.service == _LAMBDA and _same_account(started, repository)
        if adds_itself and not denied:
            return ()
        return check_pull(
            at=started.at,
            image=str(self._marks.readable(started.image)),
            repository=_named(repository),
            puller=str(self._marks.readable(started.role or started.service)),
            by_role=started.role is not None,
            missing=[
                action
                for action, found in refused.items()
                if not denied or found.verdict is Verdict.DENIED
            ],
            denied=self._names(denied),
        )

    def _subject(self, started: Started) -> Subject | None:
        """Who pulls; None where something about it is not known."""
        if started.service is not None:
            return Subject(principal=Principal(kind=PrincipalKind.SERVICE, arn=started.service))
        identity = self._identities.role_at(started.role or "", started.consumer.stack)
        if identity is None or not identity.wholly_known or self._anything:
            return None
        return identity.subject(self._compiler)

    def _decide(self, subject: Subject, target: Target) -> dict[str, LevelVerdict]:
        key = (subject.principal.arn, target.arn)
        found = self._decided.get(key)
        if found is None:
            (row,) = Matrix([subject], [target], context=ALWAYS, levels=_LEVELS).decisions()
            found = self._decided[key] = dict(row.levels)
        return dict(found)

    def _names(self, denied: Sequence[LevelVerdict]) -> tuple[str, ...]:
        names = (str(reason.policy) for found in denied for reason in found.because)
        return tuple(dict.fromkeys(str(self._marks.readable(name)) for name in names))


def _same_account(started: Started, repository: Resource) -> bool:
    return started.consumer.stack.account == repository.stack.account


def _perhaps_one_account(one: Resource, other: Resource) -> bool:
    """Whether two accounts of which one is not known may be the same one."""
    accounts = (one.stack.account, other.stack.account)
    return accounts[0] != accounts[1] and any(map(marked, accounts))


def _named(resource: Resource) -> str:
    return resource.construct_path or resource.logical_id


def _may_add_policies(app: App) -> bool:
    """Whether a transform or a loop may add policies that nobody sees here."""
    for stack in app.stacks:
        if stack.has_macros or any(str(key).startswith("Fn::") for key in stack.resources):
            return True
    return False
