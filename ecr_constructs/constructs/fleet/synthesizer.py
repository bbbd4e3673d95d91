"""The synthesizers of a fleet. In fast mode that of the last stack completes what CDK has written.

It stands before any synthesizer of CDK or of the app, so roles, buckets and qualifiers are theirs.
https://docs.aws.amazon.com/cdk/v2/guide/customize-synth.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from constructs import Node

from ...model.fleet.merging.templates import (
    synthesizer_apart,
    synthesizer_of_app,
    synthesizer_unusable,
)

if TYPE_CHECKING:
    from constructs import Construct

    from ...model.findings import Finding

    _Base = cdk.DefaultStackSynthesizer
else:
    _Base = object

__all__ = ["Completing", "check_synthesizer", "synthesizers_of"]

# The oldest constructs have no such method.
_CONTEXT: Final = "get_all_context"
_APP_SYNTHESIZER: Final = ":core/defaultStackSynthesizer"


class Completing(_Base):
    """Completes the templates of a fleet, when CDK has written the last of them."""

    _complete: Callable[[], None]

    def completes(self, complete: Callable[[], None]) -> None:
        """Say what to do once the template of this stack and those of all before it are written."""
        self._complete = complete

    def reusable_bind(self, stack: cdk.Stack) -> cdk.IBoundStackSynthesizer:
        """Bind this very object: CDK would bind a copy, whose calls Python never gets."""
        self.bind(stack)
        return self

    def synthesize(self, session: cdk.ISynthesisSession) -> None:
        """Synthesize the stack as ever, and complete all of the fleet."""
        super().synthesize(session)
        self._complete()


def check_synthesizer(synthesizer: object, scope: Construct, *, fast: bool) -> Iterator[Finding]:
    """Whether each stack of a fleet can get one of the class.

    :param synthesizer: what is given as the class.
    :param scope: where the fleet will be.
    :param fast: whether templates are completed.
    """
    if not (isinstance(synthesizer, type) and issubclass(synthesizer, cdk.StackSynthesizer)):
        yield synthesizer_unusable(synthesizer)
    elif fast and not _leaves_alone(synthesizer):
        yield synthesizer_apart(synthesizer.__name__)
    elif synthesizer is cdk.DefaultStackSynthesizer and hasattr(Node, _CONTEXT):
        # The key begins with a random number.
        for key, value in getattr(scope.node, _CONTEXT)().items():
            if key.endswith(_APP_SYNTHESIZER):
                yield synthesizer_of_app(type(value).__name__)


def synthesizers_of(
    base: type[cdk.StackSynthesizer], count: int, *, completing: Callable[[], None] | None
) -> Iterator[cdk.StackSynthesizer | None]:
    """A synthesizer for each stack; None where CDK makes the same by itself.

    :param base: a checked class, which takes no arguments.
    :param count: how many stacks there are.
    :param completing: what is done once the template of the last stack is written. None: nothing.
    """
    # Checked was that the app has no other, as far as its constructs can be asked.
    makes_the_same = base is cdk.DefaultStackSynthesizer and hasattr(Node, _CONTEXT)
    for number in range(1, count + 1):
        if completing is not None and number == count:
            last = _completing(base)()
            last.completes(completing)
            yield last
        else:
            yield None if makes_the_same else base()


@cache
def _completing(base: type[cdk.StackSynthesizer]) -> type[Completing]:
    return type(f"Completing{base.__name__}", (Completing, base), {})


def _leaves_alone(synthesizer: type[cdk.StackSynthesizer]) -> bool:
    """Whether a class leaves its template alone once it is written.

    Those of CDK do; one of another library, or that synthesizes by itself, may not.
    """
    for each in synthesizer.__mro__:
        name = each.__dict__.get("__jsii_type__")
        if isinstance(name, str):
            return name.startswith("aws-cdk-lib.") and each is not cdk.StackSynthesizer
        if "synthesize" in each.__dict__:
            return False
    return False
