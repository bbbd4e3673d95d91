"""One lifecycle rule, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...errors import raise_dangers
from .rule_checks import check_rule
from .terms import CountType, RuleAction, StorageClass, TagStatus

__all__ = ["LifecycleRule"]


@dataclass(frozen=True, kw_only=True)
class LifecycleRule:
    """A rule of an ECR lifecycle policy: which images, counted how, and what happens to them.

    Everything that ECR's documentation says of a single rule is checked here, so a rule that
    exists is one that ECR takes; :func:`check_policy` judges what several rules do together.
    The sentences (:func:`keep_last`, :func:`expire_untagged` and the like) are the short way.

    See the user guide, "Lifecycle policy properties" (lifecycle_policy_parameters.html).

    :raises InvalidInputError: with one finding for each thing that ECR would refuse.
    """

    action: RuleAction
    """Delete the images, or move them to the archive."""
    tag_status: TagStatus
    """Tagged images (then by pattern or prefix), untagged ones, or any."""
    count_type: CountType
    """What is counted: images, or days since a push, a pull or the move to the archive."""
    count: int
    """How many images stay, or how many days pass: at least 1."""
    tag_patterns: tuple[str, ...] = ()
    """Only images that have a tag for EACH of these patterns; ``*`` stands for any text."""
    tag_prefixes: tuple[str, ...] = ()
    """Only images that have a tag for EACH of these beginnings."""
    storage_class: StorageClass = StorageClass.STANDARD
    """The class of the images looked at; the archive with days since the move, and only then."""
    description: str | None = None
    """Shown in the console; by default nothing."""
    priority: int | None = None
    """Lower numbers come first; by default numbered in the order written."""

    def __post_init__(self) -> None:
        # A list is what people write; a tuple keeps the value hashable.
        object.__setattr__(self, "tag_patterns", _frozen(self.tag_patterns))
        object.__setattr__(self, "tag_prefixes", _frozen(self.tag_prefixes))
        raise_dangers(check_rule(self))

    @property
    def selection(self) -> tuple[str, ...]:
        """What the tags must match, as patterns: a prefix is that text and then anything."""
        return self.tag_patterns or tuple(prefix + "*" for prefix in self.tag_prefixes)

    @property
    def class_name(self) -> str:
        """The images looked at, in words: ``tagged v*``, ``untagged`` or ``any``."""
        if self.tag_status is TagStatus.TAGGED:
            return "tagged " + " and ".join(self.tag_patterns or self.selection)
        return str(self.tag_status.value)

    def with_priority(self, priority: int) -> LifecycleRule:
        """The same rule at another place.

        :param priority: its new number: lower ones come first.
        """
        return self if priority == self.priority else replace(self, priority=priority)


def _frozen(entries: object) -> object:
    # A string alone would fall apart into its letters: the check must see it as it was given.
    return tuple(entries) if isinstance(entries, list) else entries
