"""Random policies."""

from __future__ import annotations

from typing import Any

from tests.reference.questions.conditions import Conditions
from tests.reference.questions.requests import (
    ACTION_PATTERNS,
    REPOSITORIES,
    RESOURCE_PATTERNS,
    SERVICES,
    WITH_COLONS,
    callers_of,
    entries_of,
    providers_of,
)


class Policies(Conditions):
    """Draws policies of every kind."""

    def begin(self, account: str) -> None:
        """Draw from now on for principals of this account."""
        self.account = account
        self.entries = entries_of(account)
        self.providers = providers_of(account)
        self.callers = tuple(arn for arn in callers_of(account) if arn.startswith("arn:"))
        self.asked = []
        self.tags = None

    def own_side(self) -> dict[str, Any]:
        """The policies on the side of the principal."""
        policies: dict[str, Any] = {}
        if self.happens(0.85):
            policies["identity_policies"] = [
                self.policy() for _ in range(self.random.choice((0, 1, 1, 1, 2)))
            ]
        if self.happens(0.25):
            policies["boundary"] = self.policy()
        if self.happens(0.2):
            policies["session_policy"] = self.policy()
        if self.happens(0.25):
            policies["scps"] = [
                [self.policy() for _ in range(self.random.choice((0, 1, 1, 1, 1, 1, 2)))]
                for _ in range(self.random.choice((0, 1, 1, 2)))
            ]
        return policies

    def resource_side(self) -> dict[str, Any]:
        """The policies on the side of the repository."""
        policies: dict[str, Any] = {}
        if self.happens(0.2):
            policies["rcps"] = [
                [self.policy(named="rcp") for _ in range(self.random.choice((0, 1, 1)))]
                for _ in range(self.random.choice((0, 1, 2)))
            ]
        if self.happens(0.6):
            policies["repository_policy"] = self.policy(named="repository")
        if self.happens(0.2):
            policies["registry_policy"] = self.policy(named="registry")
        return policies

    def principal_element(self) -> Any:
        """The value of a Principal or NotPrincipal element."""
        if self.happens(0.15):
            return "*"
        element: dict[str, Any] = {}
        if self.happens(0.85):
            entries = self.entries if self.happens(0.85) else (*self.entries, "*", "*", "*", "*")
            element["AWS"] = self.some_of(entries)
        if not element or self.happens(0.25):
            element["Service"] = self.some_of((*SERVICES, "*"))
        if self.happens(0.08):
            element["Federated"] = self.some_of(self.providers)
        return element

    def policy(self, named: str = "") -> dict[str, Any]:
        """A policy of one to three statements; many let everything pass, too."""
        statements = [self.statement(named) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        if named != "registry" and self.happens(0.75):
            place = self.random.randrange(len(statements) + 1)
            statements.insert(place, self.passing(named))
            if self.happens(0.2):
                del statements[0]
        policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": statements}
        if self.happens(0.06):
            policy["Version"] = "2008-10-17"
        elif self.happens(0.04):
            del policy["Version"]
        if len(statements) == 1 and self.happens(0.3):
            policy["Statement"] = statements[0]
        return policy

    def passing(self, named: str) -> dict[str, Any]:
        """A statement that allows everything, in a repository policy to somebody."""
        statement: dict[str, Any] = {"Effect": "Allow", "Action": "*"}
        if named != "repository":
            statement["Resource"] = "*"
        if named:
            statement["Principal"] = "*" if named == "rcp" else self.principal_element()
        return statement

    def statement(self, named: str) -> dict[str, Any]:
        """One statement."""
        effect = "Deny" if self.happens(0.45) else "Allow"
        statement: dict[str, Any] = {"Effect": effect}
        if self.happens(0.12):
            statement["NotAction"] = self.some_of(ACTION_PATTERNS[1:])
        else:
            statement["Action"] = self.some_of(ACTION_PATTERNS)
        if named != "repository" or self.happens(0.05):
            element = "NotResource" if self.happens(0.15) else "Resource"
            statement[element] = self.resources()
        if named == "rcp":
            statement["Principal"] = "*"
        elif named:
            excepting = effect == "Deny" and self.happens(0.3)
            statement["NotPrincipal" if excepting else "Principal"] = self.principal_element()
        if self.happens(0.5):
            statement["Condition"] = self.condition()
        return statement

    def resources(self) -> Any:
        """The value of a Resource or NotResource element."""
        chosen = self.patterns(RESOURCE_PATTERNS, (*REPOSITORIES, WITH_COLONS))
        entries = chosen if isinstance(chosen, list) else [chosen]
        # Nothing else can be a policy's resource.
        return chosen if all(text == "*" or text[:4] == "arn:" for text in entries) else "*"
