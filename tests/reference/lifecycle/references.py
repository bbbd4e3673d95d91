"""Images that hang on others: those of a manifest list, and artifacts that refer to a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.reference.lifecycle.images import Image
from tests.reference.lifecycle.readings import Reading

Action = tuple[str, int]
CLEANED_UP = 0
"""The priority under which an artifact goes whose subject went before this run: of no rule."""


class Repository:
    """The images of one repository, and which of them hang on which."""

    def __init__(
        self, images: Sequence[Image], manifests: Mapping[str, Sequence[str]], reading: Reading
    ) -> None:
        self.images = images
        self._reading = reading
        self._by_digest = {image.digest: image for image in images}
        self._lists_of: dict[str, list[str]] = {}
        for manifest_list, children in manifests.items():
            for child in children:
                self._lists_of.setdefault(child, []).append(manifest_list)

    def is_held(self, digest: str, done: Mapping[str, Action] | None = None) -> bool:
        """LP: "If an image is referenced by a manifest list, it cannot be expired or archived
        without the manifest list being deleted or archived first."
        """
        for manifest_list in self._lists_of.get(digest, []):
            # A list that the repository does not have is deleted.
            there = self._by_digest.get(manifest_list)
            if there is None or "archive" in there.storage_classes(self._reading):
                continue
            # Both actions take it away: "deleted or archived".
            if done is not None and manifest_list in done:
                continue
            return True
        return False

    def _followed(self, image: Image, done: Mapping[str, Action]) -> Action | None:
        """LP: "When reference artifacts are present in a repository, Amazon ECR lifecycle policies
        automatically expire or archive those artifacts within 24 hours of the deletion or archival
        of the subject image."
        """
        if image.subject is None:
            return None
        subject = self._by_digest.get(image.subject)
        if image.subject in done:
            action = done[image.subject]
        elif not self._reading.referrers_catch_up:
            return None
        elif subject is None:
            action = ("EXPIRE", CLEANED_UP)
        elif "archive" in subject.storage_classes(self._reading):
            action = ("TRANSITION", CLEANED_UP)
        else:
            return None
        # What is in the archive is archived already.
        if action[0] == "TRANSITION" and "standard" not in image.storage_classes(self._reading):
            return None
        return action

    def after(self, marks: Mapping[str, Action]) -> dict[str, Action]:
        """What is done in the end, where the rules alone would do `marks`.

        Nothing is held or followed in a circle, for a digest covers what its manifest names; so
        going over the images until nothing changes ends, and its end depends on no order.
        """
        same_run = self._reading.list_goes_first == "same run"
        done: dict[str, Action] = {}
        while True:
            before = dict(done)
            for image in self.images:
                if self.is_held(image.digest, before if same_run else None):
                    continue
                wanted = [
                    action
                    for action in (marks.get(image.digest), self._followed(image, before))
                    if action is not None
                ]
                # LP: "An image is expired or archived by exactly one or zero rules." Open: which,
                # where a rule archives an artifact and its subject is expired. Expiring loses
                # more; of two that do the same, the artifact's own rule is the one.
                wanted.sort(key=_loses_less)
                if wanted:
                    done[image.digest] = wanted[0]
            if done == before:
                return done


def _loses_less(action: Action) -> bool:
    return action[0] != "EXPIRE"
