"""What a policy can and cannot do, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model.lifecycle import Answer, Explanation, Image, Proof
from ..terminal import Style, wrapped
from .findings import finding_lines

__all__ = ["render_explanation"]

_MOST_EXAMPLES = 6
_CAN = {Answer.TRUE: "can act", Answer.FALSE: "can never act", Answer.UNDECIDED: "undecided"}


def render_explanation(explanation: Explanation, style: Style) -> str:
    """The explanation in 100 columns."""
    lines = list(finding_lines(explanation.findings, style))
    for title, section in (
        ("Rules", list(_rules(explanation))),
        ("Never expires", list(_never(explanation))),
        ("Always kept", list(_kept(explanation))),
        ("The tag", list(_tag(explanation))),
    ):
        if section:
            lines += [""] * bool(lines) + [style.bold(title), *section]
    return "\n".join(lines or ["nothing to say"]) + "\n"


def _rules(explanation: Explanation) -> Iterator[str]:
    for rule, proof in explanation.rules:
        text = f"{rule.priority}: {_CAN[proof.answer]}: {proof.because}"
        yield from wrapped(text, indent="  ", hanging="     ")


def _never(explanation: Explanation) -> Iterator[str]:
    for pattern, proof in explanation.never_expires:
        yield from wrapped(f"{pattern}: {proof.because}", indent="  ", hanging="     ")


def _kept(explanation: Explanation) -> Iterator[str]:
    for kept in explanation.newest_kept:
        yield from wrapped(f"the newest {kept.count} that are {kept.class_name}", indent="  ")


def _tag(explanation: Explanation) -> Iterator[str]:
    if explanation.tag is None:
        return
    name, proof = explanation.tag
    words = {
        Answer.TRUE: "can expire",
        Answer.FALSE: "can never expire",
        Answer.UNDECIDED: "undecided whether it can expire",
    }
    text = f"{name}: {words[proof.answer]}: {proof.because}"
    yield from wrapped(text, indent="  ", hanging="     ")
    yield from _example(proof)


def _example(proof: Proof) -> Iterator[str]:
    if not proof.example:
        return
    yield "     in a repository such as this:"
    shown: Sequence[Image] = proof.example[:_MOST_EXAMPLES]
    for image in shown:
        tags = ", ".join(image.tags) or "(untagged)"
        yield from wrapped(f"{tags}, pushed {image.pushed_at:%Y-%m-%d %H:%M:%S}", indent=" " * 7)
    if len(proof.example) > _MOST_EXAMPLES:
        yield f"       and {len(proof.example) - _MOST_EXAMPLES} more"
