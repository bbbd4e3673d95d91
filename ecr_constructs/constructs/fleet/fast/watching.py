"""Who looks at what fast mode is responsible for.

A construct that is given to CDK is asked for its type, by jsii and by nobody else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ....model.fleet.merging.readings import Reading

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["Noticed", "Watched"]

_TYPE: Final = "__jsii_type__"
_PRIVATE: Final = frozenset(
    {_TYPE, "_cfn_properties", "_render_properties", "_updated_properites", "_updated_properties"}
)
_LIBRARIES: Final = frozenset({"aws_cdk", "constructs", "jsii", "typeguard"})
_ASSERTIONS: Final = "aws_cdk.assertions"
_OURS: Final = "ecr_constructs"


class Watched:
    """A construct that notes who reads it, once it is watched."""

    _readings: list[Reading] | None = None

    def __getattribute__(self, name: str) -> Any:
        """Note the reading of what tells of it, and the calls of CDK that get the construct."""
        if not name.startswith("_") or name in _PRIVATE:
            readings = object.__getattribute__(self, "_readings")
            if readings is not None and name not in ("watch", "unwatch"):
                code = sys._getframe(1)  # noqa: SLF001 - the one way to say who it was
                readings.append(_given(code) if name == _TYPE else _read(name, code))
        return super().__getattribute__(name)

    def watch(self, readings: list[Reading]) -> None:
        """Note readings from now on, in this list."""
        self._readings = readings

    def unwatch(self) -> None:
        """Note no more readings."""
        self._readings = None


class Noticed:
    """A construct that says so when code of the app gets at what is in it, or gives it to CDK."""

    _notice: Callable[[], None] | None = None
    _of_use: frozenset[str] = frozenset()
    """What may be asked of it all the same: it leads no further."""

    def __getattribute__(self, name: str) -> Any:
        """Say that somebody is there, before it is answered."""
        if name == _TYPE or not name.startswith("_"):
            notice = object.__getattribute__(self, "_notice")
            if notice is not None and name not in self._of_use:
                caller, method = _caller(sys._getframe(1))  # noqa: SLF001 - as above
                reads_templates = method.f_globals.get("__name__") == _ASSERTIONS
                if not reads_templates and (caller is None or _package(caller) != _OURS):
                    notice()
        return super().__getattribute__(name)

    def notice(self, act: Callable[[], None]) -> None:
        """Say what is done then."""
        self._notice = act


def _read(name: str, code: FrameType) -> Reading:
    return Reading(attribute=name, place=_place(code))


def _given(code: FrameType) -> Reading:
    """The construct is an argument: of which method, and who called it."""
    caller, method = _caller(code)
    asked = method.f_locals.get("cls", type(method.f_locals.get("self")))
    # A subclass of ours is what CDK and the app take it for.
    owner = next((each for each in asked.__mro__ if not _is_ours(each)), asked)
    name = f"{owner.__name__}.{method.f_code.co_name}"
    return Reading(attribute=name, place=_place(caller or method), given=True)


def _caller(code: FrameType) -> tuple[FrameType | None, FrameType]:
    """Who called the libraries, and what of them was called."""
    method = code
    caller: FrameType | None = code
    while caller is not None and _package(caller) in _LIBRARIES:
        method, caller = caller, caller.f_back
    return caller, method


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == _OURS


def _package(code: FrameType) -> str:
    return str(code.f_globals.get("__name__", "")).partition(".")[0]


def _place(code: FrameType) -> str:
    return f"{code.f_code.co_filename}:{code.f_lineno}"
