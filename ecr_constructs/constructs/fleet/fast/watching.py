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

    from constructs import Construct, IConstruct, Node

__all__ = ["Listening", "listening", "listens", "notice", "watch"]

_Class = TypeVar("_Class", bound="Construct | Node")
_Hear = Callable[[str, "FrameType"], None]

_TYPE: Final = "__jsii_type__"
_PRIVATE: Final = frozenset(
    {_TYPE, "_cfn_properties", "_render_properties", "_updated_properites", "_updated_properties"}
)
_JSII: Final = "jsii"
_LIBRARIES: Final = frozenset({"aws_cdk", "constructs", _JSII, "typeguard"})
_ASSERTIONS: Final = "aws_cdk.assertions"
_OURS: Final = "ecr_constructs"


class Listening:
    """A construct that tells of each attribute that is read of it, and by which code.

    So does each ``Node`` that it gives away.
    """

    _hear: tuple[_Hear, ...] = ()
    _hear_node: tuple[_Hear, ...] = ()

    def __getattribute__(self, name: str) -> Any:
        """Tell it, and answer."""
        for hear in object.__getattribute__(self, "_hear"):
            hear(name, sys._getframe(1))  # noqa: SLF001 - the one way to say who it was
        answer = super().__getattribute__(name)
        if name == "node":
            hear_node = object.__getattribute__(self, "_hear_node")
            # Python makes another object of it for each who asks.
            if hear_node and listens(answer):
                object.__setattr__(answer, "_hear", hear_node)
        return answer


@cache
def listening(kind: type[_Class]) -> type[_Class]:
    """A class of CDK whose constructs tell who reads them; its name and module are the same."""
    named = {"__module__": kind.__module__, "__doc__": kind.__doc__}
    metaclass: Any = type(kind)
    made: type[_Class] = metaclass(kind.__name__, (Listening, kind), named)
    return made


def listens(construct: IConstruct | Node) -> bool:
    """Let a construct that stands, or a node, tell who reads it; whether it can."""
    if not isinstance(construct, Listening):
        try:
            # Past what a class of the app does with attributes.
            object.__setattr__(construct, "__class__", listening(type(construct)))
        except Exception:  # noqa: BLE001 - a class of the app says how it lets nobody inherit
            return False
    return True


def watch(construct: Construct, note: Callable[[Reading], None] | None) -> None:
    """Note the reading of what tells of a construct, and the calls of CDK that get it.

    :param construct: a resource; one that does not tell is passed over.
    :param note: what is done from now on. None: nothing.
    """

    def hear(name: str, code: FrameType) -> None:
        if not name.startswith("_") or name in _PRIVATE:
            cast("Callable[[Reading], None]", note)(_reading(name, code))

    if isinstance(construct, Listening):
        object.__setattr__(construct, "_hear", () if note is None else (hear,))


def notice(construct: IConstruct, act: Callable[[Reading], None], *, itself: bool) -> None:
    """Act when code of the app goes down from a construct.

    :param construct: a fleet or one of its stacks; or the app or a Stage around it.
    :param act: what is done, before the code has its answer.
    :param itself: whether also whoever gives it to CDK may mean what is below it.
    """

    def hear(name: str, code: FrameType) -> None:
        if _is_told(name) and _is_of_cdk(construct, name) and _is_of_app(code):
            reading = _reading(name, code)
            if (itself and reading.given) or leads_down(reading):
                act(reading)

    def hear_node(name: str, code: FrameType) -> None:
        if not name.startswith("_") and _is_of_app(code):
            reading = _read(f"node.{name}", code)
            if leads_down(reading):
                act(reading)

    if isinstance(construct, Listening):
        for told, one in (("_hear", hear), ("_hear_node", hear_node)):
            before = object.__getattribute__(construct, told)
            object.__setattr__(construct, told, (*before, one))


def _is_of_cdk(construct: IConstruct, name: str) -> bool:
    """Whether an attribute may be answered by Node; other code is heard where it asks for such."""
    return any(name in vars(each) for each in type(construct).__mro__ if _TYPE in vars(each))


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
    return Reading(attribute=name, place=_place(code), called=_is_called(code))


def _given(code: FrameType) -> Reading:
    """The construct is an argument: of which method, and who called it."""
    caller, method = _caller(code)
    asked = method.f_locals.get("cls", type(method.f_locals.get("self")))
    # A subclass of ours is what CDK and the app take it for.
    owner = next((each for each in asked.__mro__ if not _is_ours(each)), asked)
    name = f"{owner.__name__}.{method.f_code.co_name}"
    by = caller or method
    return Reading(attribute=name, place=_place(by), given=True, called=_is_called(by))


def _is_called(code: FrameType) -> bool:
    """Whether it is Node that runs this code of the app."""
    caller: FrameType | None = code
    while caller is not None and _package(caller) != _JSII:
        caller = caller.f_back
    return caller is not None


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
