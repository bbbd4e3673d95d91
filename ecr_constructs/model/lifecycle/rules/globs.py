"""Does a tag match a pattern: ``*`` is any text, also none, and the whole tag must match.

See the user guide, "Lifecycle policy evaluation rules" (LifecyclePolicies.html): ``prod*`` takes
tags that begin with prod, ``*prod*`` tags that contain it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Glob"]


@dataclass(frozen=True)
class Glob:
    """A pattern taken apart at its wildcards, so that matching is linear for every input."""

    pattern: str
    head: str
    middles: tuple[str, ...]
    tail: str
    exact: bool

    @classmethod
    def of(cls, pattern: str) -> Glob:
        """The pattern, ready to match."""
        head, *rest = pattern.split("*")
        if not rest:
            return cls(pattern, head, (), "", True)
        *middles, tail = rest
        return cls(pattern, head, tuple(middle for middle in middles if middle), tail, False)

    @property
    def is_only_head(self) -> bool:
        """Whether every tag with this beginning matches (also with an empty one: every tag)."""
        return not self.exact and not self.middles and not self.tail

    @property
    def is_only_middle(self) -> bool:
        """Whether every tag that contains its one part matches."""
        return not self.exact and not self.head and not self.tail and len(self.middles) == 1

    def matches(self, tag: str) -> bool:
        """Whether the whole tag is of this form."""
        if self.exact:
            return tag == self.head
        begin, end = len(self.head), len(tag) - len(self.tail)
        if begin > end or not tag.startswith(self.head) or not tag.endswith(self.tail):
            return False
        # The leftmost place of each part leaves the most room for the next: no need to go back.
        for middle in self.middles:
            found = tag.find(middle, begin, end)
            if found < 0:
                return False
            begin = found + len(middle)
        return True
