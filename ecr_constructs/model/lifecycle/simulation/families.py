"""Images that belong together: manifest lists with their children, subjects with artifacts.

The user guide's "Lifecycle policy evaluation rules" (LifecyclePolicies.html) says that

- an image that a manifest list references cannot be acted on before the list is deleted or
  archived: here a child goes with its lists when they all go in the same run (whether it must
  wait for the next run is not documented), and a list in the archive holds nothing, also
  while it is restored: it "remains in the archived state" (restore-image.html);
- reference artifacts are expired or archived within 24 hours of their subject: here they are
  acted on with it, and those whose subject went before are acted on now. That rules act on an
  artifact by itself too, and that artifacts fill places among the newest images, is not excluded
  by the page: both are the readings that take more.

Where lists and artifacts depend on each other, as much goes as these two sentences allow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..images.image import Image, ImageStatus, parents_of
from ..rules.terms import RuleAction

__all__ = ["Fate", "settle"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an image, and through which other image."""

    action: RuleAction | None
    """Nothing when the image stays."""
    origin: str
    """The digest of the image whose rule acts: the image itself, or a subject it follows."""
    went_before: bool = False
    """Whether that subject was deleted or archived before this run, so that no rule acts."""
    held_by: str | None = None
    """The manifest list that keeps it."""


def settle(
    images: Sequence[Image],
    marked: Mapping[str, RuleAction],
    manifests: Mapping[str, Iterable[str]],
) -> dict[str, Fate]:
    """The fate of every image that a rule marks, or whose subject goes or went."""
    by_digest = {image.digest: image for image in images}
    parents = {
        child: [parent for parent in lists if _holds(by_digest.get(parent))]
        for child, lists in parents_of(manifests).items()
    }
    artifacts: dict[str, list[str]] = {}
    for image in images:
        if image.subject is not None and image.subject != image.digest:
            artifacts.setdefault(image.subject, []).append(image.digest)
    owed = _owed(images, by_digest)
    sources = {*marked, *owed}
    leaving = _reached(sources, artifacts)
    held = _held(leaving, sources, by_digest, parents, artifacts, manifests)
    fates: dict[str, Fate] = {}
    if held:
        # An archived artifact of a subject that would be archived is held from nothing.
        otherwise = _leaving(_reached(sources, artifacts), marked, owed, by_digest, artifacts)
        fates = {
            digest: Fate(None, digest, held_by=holder)
            for digest, holder in held.items()
            if digest in otherwise
        }
    fates.update(_leaving(leaving, marked, owed, by_digest, artifacts))
    return fates


def _holds(parent: Image | None) -> bool:
    return parent is not None and parent.status is ImageStatus.ACTIVE


def _owed(images: Iterable[Image], by_digest: Mapping[str, Image]) -> dict[str, RuleAction]:
    """What is done to artifacts because their subject was deleted or archived before."""
    owed: dict[str, RuleAction] = {}
    for image in images:
        if image.subject is None or image.subject == image.digest:
            continue
        subject = by_digest.get(image.subject)
        if subject is None:
            owed[image.digest] = RuleAction.EXPIRE
        elif subject.status is not ImageStatus.ACTIVE and image.status is not ImageStatus.ARCHIVED:
            owed[image.digest] = RuleAction.TRANSITION
    return owed


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
    sources: Collection[str],
    by_digest: Mapping[str, Image],
    parents: Mapping[str, Sequence[str]],
    artifacts: Mapping[str, Sequence[str]],
    manifests: Mapping[str, Iterable[str]],
) -> dict[str, str]:
    """Takes out of ``leaving`` whatever must stay; the lists that hold what would go."""
    held: dict[str, str] = {}
    waiting = deque(sorted(leaving))
    while waiting:
        digest = waiting.popleft()
        if digest not in leaving:
            continue
        holder = next((each for each in parents.get(digest, ()) if each not in leaving), None)
        image = by_digest[digest]
        follows = image.subject is not None and image.subject in leaving
        if holder is None and (digest in sources or follows):
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
    owed: Mapping[str, RuleAction],
    by_digest: Mapping[str, Image],
    artifacts: Mapping[str, Sequence[str]],
) -> dict[str, Fate]:
    fates: dict[str, Fate] = {}
    # Deletion first: an artifact that would be archived goes when its subject is deleted. Of two
    # reasons to do the same a rule comes first, as ECR's preview names rules.
    for action in (RuleAction.EXPIRE, RuleAction.TRANSITION):
        ruled = [(digest, Fate(action, digest)) for digest in marked if marked[digest] is action]
        late = [
            (digest, Fate(action, by_digest[digest].subject or "", went_before=True))
            for digest in owed
            if owed[digest] is action
        ]
        for sources in (ruled, late):
            waiting = deque(sources)
            while waiting:
                digest, fate = waiting.popleft()
                archived = by_digest[digest].status is ImageStatus.ARCHIVED
                if digest in fates or digest not in leaving:
                    continue
                if action is RuleAction.TRANSITION and archived:
                    continue
                fates[digest] = fate
                waiting.extend((artifact, fate) for artifact in artifacts.get(digest, ()))
    return fates
