"""Worlds: policies, with questions that they decide."""

from __future__ import annotations

from typing import Any

from tests.reference.questions.policies import Policies
from tests.reference.questions.requests import (
    ACTIONS,
    OTHER,
    OWN,
    REPOSITORIES,
    SERVICES,
    WITH_COLONS,
    callers_of,
)

Question = dict[str, Any]
NARROW = 0.5
# So many questions each: who asks, for what and where is the same in one matter, and what is
# known of the circumstances differs.
BROAD_MATTERS = (*[1] * 9, 5)
NARROW_MATTERS = (7, 7)
# In which kind of policy a narrow world's statement stands.
PLACES = ("identity", "repository", "registry", "boundary", "session", "scp", "rcp")
PLACE_WEIGHTS = (6, 5, 2, 1, 1, 1, 1)
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Questions(Policies):
    """An endless list of worlds; the same seed makes the same list."""

    def world(self) -> list[list[Question]]:
        """Questions about the same policies, those of one matter together."""
        self.begin(self.random.choice((OWN, OWN, OTHER)))
        return self.narrow_world() if self.happens(NARROW) else self.broad_world()

    def broad_world(self) -> list[list[Question]]:
        """Many policies, and questions that differ in everything."""
        policies = {**self.own_side(), **self.resource_side()}
        self.tags = self.some_tags()
        actions = (*[self.random.choice(ACTIONS) for _ in range(2)], self.random.choice(ACTIONS))
        callers = self.everybody()
        return [
            self.matter(policies, callers, actions, REPOSITORIES, count) for count in BROAD_MATTERS
        ]

    def everybody(self) -> tuple[str, ...]:
        """Who may ask, those in the account most often."""
        return (*callers_of(self.account), *SERVICES[:2], self.random.choice(self.providers), "*")

    def matter(
        self,
        policies: dict[str, Any],
        callers: tuple[str, ...],
        actions: tuple[str, ...],
        repositories: tuple[str, ...],
        count: int,
    ) -> list[Question]:
        """One question in so many circumstances."""
        question = {
            "principal": self.random.choice(callers),
            "action": self.random.choice(actions),
            **policies,
        }
        if self.happens(0.9):
            others = ("shop/api", WITH_COLONS)
            question["repository"] = self.random.choice((*repositories, *repositories, *others))
        if self.tags is not None:
            question["tags"] = self.tags
        return [{**question, "context": self.circumstances(question)} for _ in range(count)]

    def circumstances(self, question: Question) -> dict[str, Any]:
        """A context for a question; of a resource that is not named it may say the account."""
        context = self.context()
        if "repository" not in question and self.happens(0.4):
            accounts = (OWN, OWN, OTHER, OTHER, [OWN], [OWN, OTHER], [])
            context["aws:ResourceAccount"] = self.random.choice(accounts)
        return context

    def narrow_world(self) -> list[list[Question]]:
        """One statement that decides, and questions that come near it."""
        place = self.random.choices(PLACES, PLACE_WEIGHTS)[0]
        statement = self.deciding(place)
        policies = self.around(place, statement)
        self.tags = self.some_tags()
        callers = callers_of(self.account)
        if place in ("repository", "registry", "rcp"):
            named = statement.get("Principal") or statement.get("NotPrincipal")
            near = self.near(named) if isinstance(named, dict) else ()
            callers = (*self.everybody(), *near * 4, *SERVICES, *self.providers, *"*" * 4)
        home = [arn for arn in REPOSITORIES if f":{self.account}:" in arn]
        repositories = (*home, *home, *REPOSITORIES)
        actions = (*ACTIONS[:2] * 4, *ACTIONS)
        return [
            self.matter(policies, callers, actions, repositories, count) for count in NARROW_MATTERS
        ]

    def near(self, element: dict[str, Any]) -> tuple[str, ...]:
        """Whom a Principal element lists, and who has to do with somebody listed."""
        listed = [
            entry
            for entries in element.values()
            for entry in (entries if isinstance(entries, list) else [entries])
        ]
        callers = callers_of(self.account)
        role, session = callers[0], callers[3]
        everybody = (*callers, *SERVICES, *self.providers)
        near = [entry for entry in everybody if entry in listed]
        near += [session] if role in listed else []
        near += [role] if session in listed else []
        near += SERVICES[:2] if "*" in listed else []
        return tuple(near)

    def deciding(self, place: str) -> dict[str, Any]:
        """A statement for a kind of policy of which one element is particular."""
        effect = "Deny" if place == "rcp" or self.happens(0.4) else "Allow"
        statement: dict[str, Any] = {"Effect": effect, "Action": "*"}
        names_principals = place in ("repository", "registry", "rcp")
        if names_principals:
            statement["Principal"] = self.random.choice(("*", "*", {"AWS": "*"}))
        if place == "rcp":
            statement["Principal"] = "*"
        if place != "repository":
            statement["Resource"] = "*"
        topic = self.random.random()
        if place in ("repository", "registry") and topic < 0.35:
            element = "NotPrincipal" if effect == "Deny" and self.happens(0.6) else "Principal"
            statement.pop("Principal")
            statement[element] = self.principal_element()
            if self.happens(0.4):
                statement["Condition"] = self.condition((1,))
            if place == "registry" and self.happens(0.4):
                statement["Resource"] = self.resources()
        elif place != "repository" and topic < 0.2:
            statement.pop("Resource")
            element = "NotResource" if self.happens(0.25) else "Resource"
            statement[element] = self.resources()
        else:
            statement["Condition"] = self.condition((1, 1, 1, 2), on_what_follows=0.35)
        return statement

    def around(self, place: str, statement: dict[str, Any]) -> dict[str, Any]:
        """Policies that let everything pass but for what this statement says."""
        names_principals = place in ("repository", "registry", "rcp")
        passing = {**EVERYTHING, "Principal": "*"} if names_principals else EVERYTHING
        if place == "repository":
            passing = {key: value for key, value in passing.items() if key != "Resource"}
        statements = [passing, statement] if statement["Effect"] == "Deny" else [statement]
        version = "2008-10-17" if self.happens(0.1) else "2012-10-17"
        policy = {"Version": version, "Statement": statements}
        everything = {"Version": "2012-10-17", "Statement": [EVERYTHING]}
        policies: dict[str, Any] = {}
        if place not in ("identity", "repository", "registry") or self.happens(0.4):
            policies["identity_policies"] = [everything]
        if self.happens(0.5):
            policies["session_policy"] = everything
        fields = {
            "identity": ("identity_policies", [policy]),
            "boundary": ("boundary", policy),
            "session": ("session_policy", policy),
            "scp": ("scps", self.random.choice(([[policy]], [[everything], [policy]]))),
            "rcp": ("rcps", [[policy]]),
            "repository": ("repository_policy", policy),
            "registry": ("registry_policy", policy),
        }
        field, value = fields[place]
        return {**policies, field: value}
