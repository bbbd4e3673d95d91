"""The options that kinds, entries and environments share."""

from __future__ import annotations

from typing import Any, Final

from ...errors import InvalidInputError
from ...repository.encryption import Encryption
from ...repository.mutability import MutableTags, check_tag_patterns
from ...repository.removal import Removal
from ..faults import Fault, Path
from .access import read_accessors
from .rules import read_rules
from .shapes import Faults

__all__ = ["ENCRYPTION", "MUTABLE_WORDS", "OPTION_KEYS", "REMOVAL_FORMS", "Options"]

OPTION_KEYS: Final = (
    "lifecycle",
    "pull",
    "push",
    "tags",
    "encryption",
    "encryption_key",
    "mutable_tags",
    "scan_on_push",
    "removal",
)
ENCRYPTION: Final = {
    "AES256": Encryption.AES_256,
    "KMS": Encryption.KMS,
    "KMS_DSSE": Encryption.KMS_DSSE,
    "AS_DEPLOYED": Encryption.AS_DEPLOYED,
}
MUTABLE_WORDS: Final = ("none", "all")
REMOVAL_FORMS: Final = ("delete_when_empty", "delete_with_images")
_RETAIN: Final = "retain"
_LONGEST_KEY: Final = 2_000


class Options:
    """Reads options; what several entries say in the same words is read once."""

    def __init__(self, faults: Faults) -> None:
        """Remembers nothing yet.

        :param faults: where what is wrong is collected.
        """
        self._faults = faults
        self._known: dict[tuple[str, str], object] = {}

    def read(self, keys: dict[str, object], path: Path) -> dict[str, Any]:
        """The options among the keys of an object, as arguments; what is wrong is left out.

        :param keys: the known keys of the object.
        :param path: where the object stands.
        """
        options: dict[str, Any] = {}
        for name in OPTION_KEYS:
            if name in keys:
                option = self._remembered(name, keys[name], (*path, name))
                if option is not None:
                    options[name] = option
        return options

    def _remembered(self, name: str, value: object, path: Path) -> object:
        if not isinstance(value, list):
            return self._option(name, value, path)
        text = _said(value)
        if text is None:
            return self._option(name, value, path)
        key = (name, text)
        if key not in self._known:
            before = len(self._faults.found)
            option = self._option(name, value, path)
            if len(self._faults.found) > before:
                return option
            self._known[key] = option
        return self._known[key]

    def _option(self, name: str, value: object, path: Path) -> object:
        faults = self._faults
        option: object
        if name == "lifecycle":
            option = read_rules(value, path, faults)
        elif name in ("pull", "push"):
            option = read_accessors(value, path, faults)
        elif name == "tags":
            option = self._tags(value, path)
        elif name == "encryption":
            word = faults.member(value, path, tuple(ENCRYPTION))
            option = None if word is None else ENCRYPTION[word]
        elif name == "encryption_key":
            option = faults.text(value, path)
        elif name == "mutable_tags":
            option = self._mutable_tags(value, path)
        elif name == "scan_on_push":
            option = faults.flag(value, path)
        else:
            option = self._removal(value, path)
        return option

    def _tags(self, value: object, path: Path) -> dict[str, str] | None:
        before = len(self._faults.found)
        tags = {}
        for key, entry in self._faults.entries(value, path, "texts"):
            text = (
                entry
                if type(entry) is str and "${" not in entry
                else self._faults.text(entry, (*path, key))
            )
            if text is not None:
                tags[key] = text
        return tags if len(self._faults.found) == before else None

    def _mutable_tags(self, value: object, path: Path) -> MutableTags | None:
        faults = self._faults
        if isinstance(value, str):
            word = faults.member(value, path, MUTABLE_WORDS)
            words = {"all": MutableTags.all(), "none": MutableTags.none()}
            return None if word is None else words[word]
        excepted = isinstance(value, dict)
        if excepted:
            keys = faults.keys(value, path, ("all_except",), ("all_except",))
            if "all_except" not in keys:
                return None
            value, path = keys["all_except"], (*path, "all_except")
        patterns = self._patterns(value, path)
        if patterns is None:
            return None
        try:
            return MutableTags.all_except(*patterns) if excepted else MutableTags.of(patterns)
        except InvalidInputError as error:
            faults.found.extend(Fault.of(path, finding) for finding in error.findings)
            return None

    def _patterns(self, value: object, path: Path) -> list[str] | None:
        faults = self._faults
        before = len(faults.found)
        listed = faults.items(value, path, "tags and patterns, or 'none', 'all' or {'all_except'}")
        texts = [faults.text(entry, (*path, index)) for index, entry in enumerate(listed or [])]
        patterns = [text for text in texts if text is not None]
        for index, pattern in enumerate(patterns):
            found = check_tag_patterns([pattern])
            faults.found.extend(Fault.of((*path, index), finding) for finding in found)
        return patterns if len(faults.found) == before else None

    def _removal(self, value: object, path: Path) -> Removal | None:
        faults = self._faults
        if isinstance(value, str):
            word = faults.member(value, path, (_RETAIN,))
            return None if word is None else Removal.retain()
        keys = faults.keys(value, path, REMOVAL_FORMS)
        if len(keys) != 1:
            if isinstance(value, dict) and (len(keys) > 1 or not value):
                faults.wrong(
                    path,
                    "does not say one thing",
                    value,
                    "'retain', or a reason by 'delete_when_empty' or 'delete_with_images'",
                    "write {'delete_when_empty': 'why it may go'}, say",
                )
            return None
        (word, entry), *_ = keys.items()
        reason = faults.text(entry, (*path, word))
        if reason is None:
            return None
        try:
            if word == "delete_with_images":
                return Removal.delete_with_images(reason=reason)
            return Removal.delete_when_empty(reason=reason)
        except InvalidInputError as error:
            faults.found.extend(Fault.of((*path, word), finding) for finding in error.findings)
            return None


def _said(value: object, left: int = _LONGEST_KEY) -> str | None:
    """A short value in words, to find it again; None for one that is not worth it.

    A list that a YAML alias repeats in itself again and again has no end in words.
    """
    if isinstance(value, (list, dict)):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        text = "[" if isinstance(value, list) else "{"
        if len(value) > left:
            return None
        for key, entry in entries:
            part = _said(entry, left - len(text))
            if part is None or len(text) + len(part) > left:
                return None
            text += f"{key!r}:{part},"
        return text + "]"
    return repr(value) if not isinstance(value, str) or len(value) < left else None
