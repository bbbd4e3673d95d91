"""Random conditions, and contexts in which they may hold."""

from __future__ import annotations

from typing import Any

from tests.reference.questions.draws import Draws
from tests.reference.questions.values import (
    ARNS,
    FAMILIES,
    FAMILY_WEIGHTS,
    FOLLOWING,
    LIKELY,
    USED_BY_VARIABLES,
)

ON_WHAT_FOLLOWS = (
    *("StringEquals", "StringEquals", "StringNotEquals"),
    *("StringEqualsIgnoreCase", "StringLike", "StringNotLike"),
)
TAG_FAMILIES = ("aws:ResourceTag/", "ecr:ResourceTag/")


class Conditions(Draws):
    """Draws conditions and remembers what they ask for."""

    # Those whose ARNs a condition may compare with.
    callers: tuple[str, ...] = ()

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        # What the conditions ask for, so that the contexts can give it, or not.
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        # All tags of the repository; None where nobody says which it has.
        self.tags: dict[str, str] | None = None

    def condition(
        self, counts: tuple[int, ...] = (1, 1, 1, 2, 2, 3), on_what_follows: float = 0.1
    ) -> dict[str, Any]:
        """A Condition element of one to three tests.

        Some are all on keys that follow from the principal and the repository, of which often one
        is about the one and another about the other.
        """
        condition: dict[str, dict[str, Any]] = {}
        about_what_follows = self.happens(on_what_follows)
        count = self.random.choice((1, 2) if about_what_follows else counts)
        for _ in range(count):
            operators, keys, given, wanted = self.random.choices(FAMILIES, FAMILY_WEIGHTS)[0]
            if about_what_follows:
                operators, keys = ON_WHAT_FOLLOWS, tuple(LIKELY)
            operator = self.random.choice(operators)
            key = self.random.choice(keys)
            texts: tuple[str, ...] = (
                ARNS if operator.startswith("Arn") else ("abab", "aab", "red", "ba")
            )
            with_wildcards = operator.startswith(("Arn", "StringLike", "StringNotLike"))
            likely = self.callers if key == "aws:PrincipalArn" else LIKELY.get(key)
            if likely and operator != "Null" and self.happens(0.6):
                wanted = texts = likely
            values = self.patterns(wanted, texts) if with_wildcards else self.some_of(wanted)
            self.asked.append((key, self.values_to_give(key, given, values)))
            if "IgnoreCase" in operator:
                self.asked.append((key, self.in_other_case(self.asked.pop()[1])))
            if operator != "Null":
                operator += "IfExists" if self.happens(0.25) else ""
                operator = self.random.choice(("", "", "ForAllValues:", "ForAnyValue:")) + operator
            if self.happens(0.03):
                operator = operator.lower()
            key = key.upper() if self.happens(0.05) else key
            condition.setdefault(operator, {})[key] = values
        return condition

    def values_to_give(self, key: str, given: tuple[Any, ...], wanted: Any) -> tuple[Any, ...]:
        """What a context may hold for a key: half of it is near what the policy wants."""
        near = [
            # An old policy takes a variable for the text that it is.
            self.text_of(value) if isinstance(value, str) and not self.happens(0.1) else value
            for value in (wanted if isinstance(wanted, list) else [wanted])
        ]
        if key == "aws:SourceIp":
            # A request comes from an address, hardly ever from a range.
            near = [text.partition("/")[0] for text in near if isinstance(text, str)] or ["::1"]
        return (*given, *near * (1 + len(given) // (2 * len(near))))

    def in_other_case(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The same texts, half of them with their letters in the other case."""
        return tuple(
            value.swapcase() if isinstance(value, str) and self.happens(0.5) else value
            for value in values
        )

    def context(self) -> dict[str, Any]:
        """A context in which most of what was asked for is given."""
        context: dict[str, Any] = {}
        for key, values in self.asked:
            if self.happens(0.1 if key in FOLLOWING else 0.7):
                context[self.spelled(key)] = self.given(values)
        for key, values in USED_BY_VARIABLES.items():
            if self.happens(0.55):
                context[self.spelled(key)] = self.given(values)
        return context if self.tags is None else self.with_tags(context)

    def with_tags(self, context: dict[str, Any]) -> dict[str, Any]:
        """A context with the tags of the repository and no others."""
        families = tuple(family.lower() for family in TAG_FAMILIES)
        others = {
            key: value for key, value in context.items() if not key.lower().startswith(families)
        }
        tags = self.tags or {}
        given = {f"{family}{name}": tags[name] for family in TAG_FAMILIES for name in tags}
        return {**others, **given}

    def some_tags(self) -> dict[str, str] | None:
        """The tags of a repository, near what the conditions ask for, or nothing about them."""
        if self.happens(0.5):
            return None
        tags: dict[str, str] = {}
        for key, values in self.asked:
            texts = [value for value in values if isinstance(value, str)]
            if "ResourceTag/" in key and texts and self.happens(0.8):
                tags["team"] = self.random.choice(texts)
                if self.happens(0.3):
                    # Names of tags differ by case, names of keys do not.
                    tags["TEAM"] = self.random.choice(texts)
        return tags

    def spelled(self, key: str) -> str:
        """A key's name in one of its cases."""
        return key.lower() if self.happens(0.1) else key

    def given(self, values: tuple[Any, ...]) -> Any:
        """One value, or now and then a list of none to three."""
        if self.happens(0.75):
            return self.random.choice(values)
        return [self.random.choice(values) for _ in range(self.random.choice((0, 1, 2, 2, 3)))]
