"""Images that belong together: manifest lists with their children, subjects with artifacts.

The user guide's "Lifecycle policy evaluation rules" (LifecyclePolicies.html) says that

- an image that a manifest list references cannot be acted on before the list is deleted or
  archived: here a child goes with its lists when they all go in the same run (whether it must
  wait for the next run is not documented), and a list in the archive holds nothing;
- reference artifacts are expired or archived within 24 hours of their subject: here they are
  acted on with it. That rules act on an artifact by itself too, and that artifacts fill places
  among the newest images, is not excluded by the page: both are the readings that take more.

Where lists and artifacts depend on each other, as much goes as these two sentences allow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .images import Image, ImageStatus, parents_of
from .terms import RuleAction

__all__ = ["Fate", "settle"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an image, and through which other image."""

    action: RuleAction | None
    """Nothing when the image stays."""
    origin: str
    """The digest of the image whose rule acts: the image itself, or a subject it follows."""
    held_by: str | None = None
    """The manifest list that keeps it."""


def settle(
    images: Sequence[Image],
    marked: Mapping[str, RuleAction],
    manifests: Mapping[str, Iterable[str]],
) -> dict[str, Fate]:
    """The fate of every image that a rule marks or that follows one that is marked."""
    by_digest = {image.digest: image for image in images}
    parents = {
        child: [parent for parent in lists if _holds(by_digest.get(parent))]
        for child, lists in parents_of(manifests).items()
    }
    artifacts: dict[str, list[str]] = {}
    for image in images:
        if image.subject is not None and image.subject != image.digest:
            artifacts.setdefault(image.subject, []).append(image.digest)
    leaving = _reached(marked, artifacts)
    held = _held(leaving, marked, by_digest, parents, artifacts, manifests)
    fates = {digest: Fate(None, digest, held_by) for digest, held_by in held.items()}
    fates.update(_leaving(leaving, marked, by_digest, artifacts))
    return fates


def _holds(parent: Image | None) -> bool:
    return parent is not None and parent.status is not ImageStatus.ARCHIVED


def _reached(sources: Iterable[str], artifacts: Mapping[str, Sequence[str]]) -> set[str]:
    """These images and every artifact that follows them, over any number of steps."""
    reached = set(sources)
    waiting = deque(reached)
    while waiting:
        for artifact in artifacts.get(waiting.popleft(), ()):
            if artifact not in reached:
                reached.add(artifact)
                waiting.append(artifact)
    return reached


def _held(
    leaving: set[str],
    marked: Mapping[str, RuleAction],
    by_digest: Mapping[str, Image],
    parents: Mapping[str, Sequence[str]],
    artifacts: Mapping[str, Sequence[str]],
    manifests: Mapping[str, Iterable[str]],
) -> dict[str, str]:
    """Takes out of ``leaving`` whatever must stay; the lists that hold a marked image."""
    held: dict[str, str] = {}
    waiting = deque(sorted(leaving))
    while waiting:
        digest = waiting.popleft()
        if digest not in leaving:
            continue
        holder = next((each for each in parents.get(digest, ()) if each not in leaving), None)
        image = by_digest[digest]
        follows = image.subject is not None and image.subject in leaving
        if holder is None and (digest in marked or follows):
            continue
        leaving.discard(digest)
        if holder is not None:
            held[digest] = holder
        # What stays may be what its children or artifacts waited for.
        waiting.extend(child for child in manifests.get(digest, ()) if child in leaving)
        waiting.extend(artifacts.get(digest, ()))
    return held


def _leaving(
    leaving: set[str],
    marked: Mapping[str, RuleAction],
    by_digest: Mapping[str, Image],
    artifacts: Mapping[str, Sequence[str]],
) -> dict[str, Fate]:
    fates: dict[str, Fate] = {}
    # Deletion first: an artifact that would be archived goes when its subject is deleted.
    for action in (RuleAction.EXPIRE, RuleAction.TRANSITION):
        sources = [digest for digest in marked if marked[digest] is action and digest in leaving]
        waiting = deque((digest, digest) for digest in sources if digest not in fates)
        while waiting:
            digest, origin = waiting.popleft()
            archived = by_digest[digest].status is ImageStatus.ARCHIVED
            if digest in fates or (action is RuleAction.TRANSITION and archived):
                continue
            fates[digest] = Fate(action, origin)
            waiting.extend(
                (artifact, origin) for artifact in artifacts.get(digest, ()) if artifact in leaving
            )
    return fates
