"""Names of cached images.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-working-pulling.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...deferred import is_deferred
from ...findings import Finding
from ...repository.name import check_repository_name
from ..prefix import beginning
from .upstream import Upstream

__all__ = ["check_image", "check_images", "repository_name"]

DOCS = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-working-pulling.html"
)


def repository_name(prefix: str, image: str) -> str:
    """The repository that holds an image of the upstream."""
    return f"{beginning(prefix)}{image}"


def check_image(image: object, *, prefix: str, upstream: Upstream) -> tuple[Finding, ...]:
    """What ECR, or the upstream, does not know about the name of an image behind the prefix."""
    if not isinstance(image, str) or not image:
        return tuple(replace(finding, property="image") for finding in check_repository_name(image))
    if is_deferred(image):
        return ()
    found = [
        replace(finding, property="image")
        for finding in check_repository_name(repository_name(prefix, image))
    ]
    if upstream.registry == "docker-hub" and "/" not in image:
        found.append(
            Finding(
                code="pull-through-official-image",
                property="image",
                message="is an official image of Docker Hub, whose name is longer there",
                given=image,
                allowed="the name with its namespace: 'library/nginx', 'grafana/loki'",
                fix=f"use 'library/{image}'",
                docs=DOCS,
            )
        )
    return tuple(found)


def check_images(images: object) -> tuple[Finding, ...]:
    """Whether names of images are a list of at least one; None stands for every image."""
    if images is None or (
        isinstance(images, Sequence) and not isinstance(images, str) and len(images) > 0
    ):
        return ()
    return (
        Finding(
            code="pull-through-images-invalid",
            property="images",
            message="is no list of images",
            given=images,
            allowed="names of images: ['library/nginx']; without images the grant is for all",
            fix="write images=[...]",
            docs=DOCS,
        ),
    )
