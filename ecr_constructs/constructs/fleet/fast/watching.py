"""Who looks at what fast mode is responsible for.

A construct that is given to CDK is asked for its type, by jsii and by nobody else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from ....model.fleet.merging.readings import Reading, leads_down

if TYPE_CHECKING:
    from types import FrameType

    from constructs import Construct, IConstruct

__all__ = ["Listening", "listening", "listens", "notice", "notice_around", "watch"]

_Class = TypeVar("_Class", bound="Construct")
_Hear = Callable[[str, "FrameType"], None]

_TYPE: Final = "__jsii_type__"
_PRIVATE: Final = frozenset(
    {_TYPE, "_cfn_properties", "_render_properties", "_updated_properites", "_updated_properties"}
)
_LIBRARIES: Final = frozenset({"aws_cdk", "constructs", "jsii", "typeguard"})
_ASSERTIONS: Final = "aws_cdk.assertions"
_OURS: Final = "ecr_constructs"


class Listening:
    """A construct that tells of each attribute that is read of it, and by which code."""

    _hear: tuple[_Hear, ...] = ()

    def __getattribute__(self, name: str) -> Any:
        """Tell it, and answer."""
        for hear in object.__getattribute__(self, "_hear"):
            hear(name, sys._getframe(1))  # noqa: SLF001 - the one way to say who it was
        return super().__getattribute__(name)


@cache
def listening(kind: type[_Class]) -> type[_Class]:
    """A class of CDK whose constructs tell who reads them; its name and module are the same."""
    named = {"__module__": kind.__module__, "__doc__": kind.__doc__}
    metaclass: Any = type(kind)
    made: type[_Class] = metaclass(kind.__name__, (Listening, kind), named)
    return made


def listens(construct: IConstruct) -> bool:
    """Let a construct that stands tell who reads it; whether it can."""
    if not isinstance(construct, Listening):
        try:
            construct.__class__ = listening(type(construct))
        except TypeError:
            # A class of the app that lets nobody inherit from it, say.
            return False
    return True


def watch(construct: Construct, readings: list[Reading] | None) -> None:
    """Note the reading of what tells of a construct, and the calls of CDK that get it.

    :param construct: a resource; one that does not tell is passed over.
    :param readings: where it is noted from now on. None: nowhere.
    """

    def hear(name: str, code: FrameType) -> None:
        if not name.startswith("_") or name in _PRIVATE:
            cast("list[Reading]", readings).append(_reading(name, code))

    if isinstance(construct, Listening):
        object.__setattr__(construct, "_hear", () if readings is None else (hear,))


def notice(
    construct: Construct, act: Callable[[Reading], None], *, of_use: frozenset[str] = frozenset()
) -> None:
    """Act when code of the app gets at what is in a construct, or gives it to CDK.

    :param construct: a fleet or a stack.
    :param act: what is done, before the code has its answer.
    :param of_use: what may be asked of it all the same: it leads no further.
    """

    def hear(name: str, code: FrameType) -> None:
        if _is_told(name) and name not in of_use and _is_of_app(code):
            reading = _reading(name, code)
            if reading.given or leads_down(reading):
                act(reading)

    _also(construct, hear)


def notice_around(construct: IConstruct, act: Callable[[Reading], None]) -> None:
    """Act when code of the app goes down from a construct that is around a fleet.

    :param construct: the app, or a Stage.
    :param act: what is done, before the code has its answer.
    """

    def hear(name: str, code: FrameType) -> None:
        if _is_told(name) and _is_of_app(code):
            reading = _reading(name, code)
            if leads_down(reading):
                act(reading)

    _also(construct, hear)


def _also(construct: object, hear: _Hear) -> None:
    if isinstance(construct, Listening):
        before = object.__getattribute__(construct, "_hear")
        object.__setattr__(construct, "_hear", (*before, hear))


def _is_told(name: str) -> bool:
    return name == _TYPE or not name.startswith("_")


def _is_of_app(code: FrameType) -> bool:
    """Whether code of the app reads, by whatever library; its assertions read what is written."""
    caller, method = _caller(code)
    reads_templates = method.f_globals.get("__name__") == _ASSERTIONS
    return not reads_templates and (caller is None or _package(caller) != _OURS)


def _reading(name: str, code: FrameType) -> Reading:
    return _given(code) if name == _TYPE else _read(name, code)


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
