"""Who can do more, or less, with the repositories that were there already.

Two versions are compared by what decides: policies of repositories and registries, identities
with theirs. Only what may differ is evaluated, so an app of thousands of repositories costs what
its change is about.
"""

from __future__ import annotations

from .changes import access_changes, changed_access

__all__ = ["access_changes", "changed_access"]
