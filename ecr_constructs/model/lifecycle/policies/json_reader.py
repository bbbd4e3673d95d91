"""JSON as people write it: read once, without a traceback, with repeated keys kept in sight."""

from __future__ import annotations

import json
from collections import Counter
from math import isfinite
from typing import NoReturn

from ...findings import Finding
from ..rules.terms import POLICY_TEXT_PAGE

__all__ = ["Repeated", "read_json"]


class Repeated(dict[str, object]):
    """An object of which some keys were given more than once; the last value counts."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs)
        self.repeated = tuple(name for name, amount in times.items() if amount > 1)


def read_json(
    text: str, *, what: str = "policy", keep_repeated: bool = True
) -> tuple[object, Finding | None]:
    """The value of a JSON text, or the finding that says where it is broken."""
    hook = _object if keep_repeated else None
    try:
        return json.loads(
            text, object_pairs_hook=hook, parse_constant=_refuse, parse_float=_finite
        ), None
    except json.JSONDecodeError as error:
        place = f"{what}, line {error.lineno}, column {error.colno}"
        return None, _broken(place, f"is no JSON ({error.msg})", _around(text, error.pos))
    except RecursionError:
        return None, _broken(what, "is nested too deep", None)
    except ValueError as error:
        return None, _broken(what, f"is no JSON ({error})", None)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    properties = dict(pairs)
    return properties if len(properties) == len(pairs) else Repeated(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    # A report repeats what was given, and JSON has no infinity.
    number = float(text)
    if not isfinite(number):
        _refuse(text[:30])
    return number


def _around(text: str, position: int) -> str:
    return text[max(0, position - 20) : position + 20]


def _broken(place: str, message: str, given: object) -> Finding:
    return Finding(
        code="lifecycle-not-json",
        property=place,
        message=message,
        given=given,
        allowed="a JSON document",
        fix="correct the text at this place",
        docs=POLICY_TEXT_PAGE,
    )
