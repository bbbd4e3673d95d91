"""What AWS's pages leave open, each as a choice whose default warns of more loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reading:
    """One way to read the sentences that can be read in several ways."""

    restored_age: Literal["pushed", "activated"] = "pushed"
    """The age of a restored image under sinceImagePushed. LP: "all images whose `pushed_at_time`
    is older" names the push; STORE: "Restored images behave like newly pushed images" and LP's
    sentence on ordering speak for the restore. The push is never later, so it loses more."""

    activating: Literal["both", "archive", "standard"] = "both"
    """The class of an image that is being restored. RESTORE: "During the restore process, the
    image remains in the archived state"; but that takes 20 minutes and a policy 24 hours, so it
    may well be a standard image when its turn comes. Under `both` the rules of each class see it,
    the harder of two actions is done, and it is archived for what hangs on it."""

    archived_at_missing: Literal["pushed", "never"] = "pushed"
    """The age of an archived image that is described without `lastArchivedAt`. The page names no
    other time; before its push it was not archived."""

    list_goes_first: Literal["same run", "earlier run"] = "same run"
    """LP: an image of a manifest list "cannot be expired or archived without the manifest list
    being deleted or archived first". First may mean in the same run, or in a run before."""

    children_fill_places: bool = True
    """Whether an image that a manifest list protects is one of the newest N of a rule. LP: "images
    are sorted from youngest to oldest", and an image of a list is an image."""

    referrers_are_images: bool = True
    """Whether rules look at reference artifacts at all. LP says only that they follow their
    subject; SIGN counts them as images."""

    referrers_catch_up: bool = True
    """Whether an artifact goes whose subject is gone, or archived, already before this run. LP:
    "within 24 hours of the deletion or archival of the subject image" sets no beginning."""
