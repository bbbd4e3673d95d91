"""Which images a rule identifies: its tagging requirements and its storage class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.reference.lifecycle.images import Image
from tests.reference.lifecycle.readings import Reading


def wildcard_matches(pattern: str, tag: str) -> bool:
    """LP: "if a filter of `prod*` is applied, it would match image-tags whose name begins with
    `prod` such as `prod`", and `*prod*` those "whose name contains `prod`": a star stands for any
    characters or none, and everything else for itself.
    """
    if pattern == "":
        return tag == ""
    if pattern[0] == "*":
        return any(wildcard_matches(pattern[1:], tag[skipped:]) for skipped in range(len(tag) + 1))
    return tag != "" and tag[0] == pattern[0] and wildcard_matches(pattern[1:], tag[1:])


def prefix_matches(prefix: str, tag: str) -> bool:
    """PROP: for images "tagged as `prod`, `prod1`, `prod2`, and so on, you would use the tag prefix
    `prod` to specify all of them".
    """
    return tag[: len(prefix)] == prefix


def meets_tagging_requirements(selection: Mapping[str, Any], tags: Sequence[str]) -> bool:
    # In PROP: "If you specify `any`, then all images have the rule evaluated against them."
    if selection["tagStatus"] == "any":
        return True
    # EX, all images, example B: "Rule 2 identifies untagged images. It identifies images B and E",
    # whose tag lists are empty.
    if selection["tagStatus"] == "untagged":
        return len(tags) == 0
    # LP: "An image is successfully matched if all of the tags in the `tagPatternList` or
    # `tagPrefixList` value are matched against any of the image's tags." One tag may match several
    # entries of the list: nothing says that each needs a tag of its own.
    if "tagPatternList" in selection:
        return all(
            any(wildcard_matches(pattern, tag) for tag in tags)
            for pattern in selection["tagPatternList"]
        )
    return all(
        any(prefix_matches(prefix, tag) for tag in tags) for prefix in selection["tagPrefixList"]
    )


def is_identified(selection: Mapping[str, Any], image: Image, reading: Reading) -> bool:
    # PROP: "The rule will only select images of this storage class. [...] If you omit this, the
    # value of `standard` will be used."
    if selection.get("storageClass", "standard") not in image.storage_classes(reading):
        return False
    if image.subject is not None and not reading.referrers_are_images:
        return False
    return meets_tagging_requirements(selection, image.tags)
