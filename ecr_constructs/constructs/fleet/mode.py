"""How the resources of a fleet get into its stacks."""

from __future__ import annotations

import enum

__all__ = ["FleetMode"]


class FleetMode(enum.Enum):
    """How the resources of a fleet get into its stacks; the templates are the same."""

    FAST = "fast"
    """A few resources of a stack are constructs; what becomes of them is done to the others.

    Tags, permissions boundaries, removal policies and Aspects that do the same to each resource
    work. What decides per resource is an error that says so.
    """
    FULL_TREE = "full tree"
    """Every resource is a construct, for Aspects and rule packs that look at each of them."""
