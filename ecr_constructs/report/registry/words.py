"""The parts of an answer in words, the same in the table and in what is left open."""

from __future__ import annotations

from typing import Final

from ...model.registry.effective import Effective, LifecycleSource

__all__ = ["PARTS", "in_words"]

PARTS: Final = (
    "scan",
    "replicates to",
    "cache rule",
    "creation template",
    "signing profiles",
    "lifecycle",
    "encryption",
)
_LIFECYCLES: Final = {
    LifecycleSource.REPOSITORY: "of the repository",
    LifecycleSource.TEMPLATE: "of the creation template",
    LifecycleSource.NONE: "none",
}


def in_words(answer: Effective) -> dict[str, str]:
    """Each of :data:`PARTS` in one line."""
    rule, template = answer.cache_rule, answer.creation_template
    cached = f"{rule.prefix}, from {rule.upstream}: {rule.upstream_repository}" if rule else "none"
    return dict(
        zip(
            PARTS,
            (
                f"{answer.scan.frequency.value}, {answer.scan.type}",
                ", ".join(f"{each.registry}/{each.region}" for each in answer.replicates_to)
                or "nowhere",
                cached,
                template.prefix if template else "none",
                ", ".join(answer.signing_profiles) or "none",
                _LIFECYCLES[answer.lifecycle],
                answer.encryption,
            ),
            strict=True,
        )
    )
