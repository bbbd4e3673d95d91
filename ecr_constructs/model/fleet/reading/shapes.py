"""Walks the value of a manifest and collects everything that has the wrong shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ...deferred import is_deferred
from ..checks.finding import DOCS, finding_of, nearest, one_of
from ..faults import Fault, ManifestError, Path
from .document import KEY_TWICE, Repeated

__all__ = ["Faults", "shown"]

_LONGEST: Final = 80
_KINDS: Final[Mapping[type, str]] = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}


class Faults:
    """What is wrong so far, and the questions about shapes that add to it."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.found: list[Fault] = []

    def adopt(self, error: ManifestError, path: Path) -> None:
        """Take the faults of a value that stands at a path.

        :param error: what the value raised.
        :param path: where it stands.
        """
        self.found.extend(problem.below(path) for problem in error.problems)

    def wrong(
        self,
        path: Path,
        message: str,
        given: object,
        allowed: str,
        fix: str,
        *,
        code: str = "manifest-shape",
        at_key: bool = False,
        docs: str = DOCS,
    ) -> None:
        """Add a fault.

        :param path: where it is.
        :param message: what is wrong.
        :param given: the value, shortened where it is long.
        :param allowed: what would be taken.
        :param fix: the change to make.
        :param code: the name of the rule. Default: that of a wrong shape.
        :param at_key: whether the key is wrong. Default: the value.
        :param docs: the page of the rule. Default: that of a repository's properties.
        """
        finding = finding_of(code, message, shown(given), allowed, fix, docs=docs)
        self.found.append(Fault.of(path, finding, at_key=at_key))

    def keys(
        self, value: object, path: Path, known: Sequence[str], needed: Iterable[str] = ()
    ) -> dict[str, object]:
        """The known keys of an object; others, nulls and missing ones are faults.

        :param value: what should be an object.
        :param path: where it stands.
        :param known: the keys that it may have.
        :param needed: those that it must have. Default: none.
        """
        if not isinstance(value, dict):
            self.kind(value, path, dict, f"an object with {one_of(known)}")
            return {}
        self.twice(value, path)
        for key in needed:
            if key not in value:
                self.wrong(
                    path, f"lacks {key!r}", list(value), one_of(known), f"add {key!r}",
                    code="manifest-key-missing",
                )  # fmt: skip
        found = {}
        for key, entry in value.items():
            if key not in known:
                meant = nearest(key, known)
                self.wrong(
                    (*path, key),
                    "is no key that is known here",
                    key,
                    one_of(known),
                    f"write {meant!r}" if meant else "take it out",
                    code="manifest-key-unknown",
                    at_key=True,
                )
            elif entry is None:
                self.wrong((*path, key), "is null", None, "a value", "take the key out")
            else:
                found[key] = entry
        return found

    def entries(self, value: object, path: Path, what: str) -> Iterator[tuple[str, object]]:
        """The keys and values of an object whose keys the user chooses.

        :param value: what should be an object.
        :param path: where it stands.
        :param what: what it holds, in words.
        """
        if not isinstance(value, dict):
            self.kind(value, path, dict, f"an object of {what} by name")
            return
        self.twice(value, path)
        yield from value.items()

    def items(self, value: object, path: Path, what: str) -> list[object] | None:
        """A list, or None.

        :param value: what should be one.
        :param path: where it stands.
        :param what: what it holds, in words.
        """
        if isinstance(value, list):
            return value
        self.kind(value, path, list, f"a list of {what}")
        return None

    def text(self, value: object, path: Path) -> str | None:
        """A text that is known now, or None.

        :param value: what should be one.
        :param path: where it stands.
        """
        if not isinstance(value, str):
            self.kind(value, path, str, "a text")
            return None
        if is_deferred(value):
            self.wrong(
                path,
                "is known only at deployment, and a manifest is read before it",
                value,
                "a literal text",
                "write it out, or make the manifest in Python",
                code="manifest-deferred",
            )
            return None
        return value

    def whole(self, value: object, path: Path) -> int | None:
        """A whole number, or None.

        :param value: what should be one.
        :param path: where it stands.
        """
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.kind(value, path, int, "a whole number")
        return None

    def flag(self, value: object, path: Path) -> bool | None:
        """True or false, or None.

        :param value: what should be one.
        :param path: where it stands.
        """
        if isinstance(value, bool):
            return value
        self.kind(value, path, bool, "true or false")
        return None

    def member(self, value: object, path: Path, known: Sequence[str]) -> str | None:
        """One of these words, or None.

        :param value: what should be one.
        :param path: where it stands.
        :param known: the words.
        """
        if isinstance(value, str) and value in known:
            return value
        meant = nearest(value, known)
        self.wrong(
            path,
            "is none of the values that are known here",
            value,
            one_of(known),
            f"write {meant!r}" if meant else f"write {known[0]!r}, say",
        )
        return None

    def twice(self, value: Mapping[str, object], path: Path) -> None:
        """Keys that stand twice in one object.

        :param value: the object.
        :param path: where it stands.
        """
        if isinstance(value, Repeated):
            for key in value.repeated:
                self.wrong(
                    (*path, key),
                    "stands twice in one object",
                    key,
                    "each key once",
                    "take one of them out",
                    code=KEY_TWICE,
                    at_key=True,
                )

    def kind(self, value: object, path: Path, wanted: type, allowed: str) -> None:
        """A value of the wrong kind.

        :param value: the value.
        :param path: where it stands.
        :param wanted: what it should be.
        :param allowed: the same in words.
        """
        fix = f"write {allowed}"
        if wanted is str and isinstance(value, bool):
            # YAML reads yes, no, on and off so, too.
            fix = "write it in quotes"
        elif wanted is str and isinstance(value, (int, float)):
            fix = f'write it in quotes: "{value}"'
        elif wanted is list and isinstance(value, str):
            fix = f'write ["{value[:_LONGEST]}"]'
        message = f"is {_word(value)}, not {_KINDS[wanted]}"
        self.wrong(path, message, value, allowed, fix, code="manifest-type")


def shown(value: object) -> object:
    """A value that fits a message: what was given may be as large as the manifest."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "..."
    if isinstance(value, dict):
        return f"an object of {len(value)}"
    if isinstance(value, (list, tuple)):
        plain = [entry for entry in value if isinstance(entry, str)]
        if len(plain) == len(value) and sum(map(len, plain)) <= _LONGEST:
            return value
        return f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return "a huge number"
    return value


def _word(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), f"a {type(value).__name__}")
