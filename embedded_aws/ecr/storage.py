"""Putting manifests and layers into a repository, and taking them out.

The API and the registry protocol both come through here, so that a protection cannot hold on
one road only.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from .errors import EcrError
from .manifests import Manifest, content_digest
from .model import Image, Layer, Repository


def put_manifest(repository: Repository, manifest: Manifest, tag: str | None) -> Image:
    """Store *manifest* and let *tag* name it.

    Raises ImageAlreadyExistsException where nothing would change,
    ImageTagAlreadyExistsException where an immutable tag names another image, and
    LayersNotFoundException or ReferencedImagesNotFoundException where a part is missing.
    """
    _require_parts(repository, manifest)
    existing = repository.images.get(manifest.digest)
    holder = repository.image_by_tag(tag) if tag else None
    if existing is not None and (tag is None or tag in existing.tags):
        named = f" and tag '{tag}'" if tag else ""
        raise EcrError(
            "ImageAlreadyExistsException",
            f"Image with digest '{manifest.digest}'{named} already exists in the repository "
            f"with name '{repository.name}' in registry with id '{repository.registry.account}'",
        )
    if tag and holder is not None:
        if not repository.mutability.allows_overwriting(tag):
            raise EcrError(
                "ImageTagAlreadyExistsException",
                f"The image tag '{tag}' already exists in the '{repository.name}' repository and "
                "cannot be overwritten because the tag is immutable.",
            )
        holder.tags.remove(tag)
    image = existing
    if image is None:
        image = repository.images[manifest.digest] = Image(manifest, time.time())
    if tag:
        image.tags.append(tag)
    return image


def _require_parts(repository: Repository, manifest: Manifest) -> None:
    layers = [blob.digest for blob in manifest.blobs if blob.digest not in repository.layers]
    if layers:
        raise EcrError("LayersNotFoundException", _missing("Layers", layers, repository))
    children = [
        child.digest for child in manifest.children if child.digest not in repository.images
    ]
    if children:
        raise EcrError(
            "ReferencedImagesNotFoundException", _missing("Images", children, repository)
        )


def _missing(kind: str, digests: Sequence[str], repository: Repository) -> str:
    return (
        f"{kind} with digests '[{', '.join(digests)}]' required for pushing image into repository "
        f"with name '{repository.name}' in the registry with id '{repository.registry.account}' "
        "do not exist"
    )


def finish_upload(repository: Repository, upload: str, digest: str) -> Layer:
    """Turn the bytes of an upload into a layer, if they are what *digest* says."""
    content = repository.uploads.get(upload)
    if content is None:
        raise EcrError(
            "UploadNotFoundException",
            f"The upload with id '{upload}' does not exist in the repository with name "
            f"'{repository.name}'",
        )
    if content_digest(bytes(content)) != digest:
        raise EcrError(
            "InvalidLayerException",
            f"Layer digest '{digest}' does not match the uploaded content, whose digest is "
            f"'{content_digest(bytes(content))}'",
        )
    del repository.uploads[upload]
    layer = repository.layers[digest] = Layer(bytes(content))
    return layer


def delete_image(repository: Repository, image: Image) -> None:
    """Take an image out, unless an index in the repository still names it."""
    indexes = repository.indexes_with(image.digest)
    if indexes:
        raise EcrError(
            "ImageReferencedByManifestList",
            f"Requested image referenced by manifest list: [{', '.join(indexes)}]",
        )
    del repository.images[image.digest]


def untag_image(repository: Repository, image: Image, tag: str) -> None:
    """Take a tag off an image; an image that loses its last tag goes with it."""
    if image.tags == [tag]:
        delete_image(repository, image)
    else:
        image.tags.remove(tag)


def image_size(repository: Repository, manifest: Manifest) -> int:
    """An image's size as ECR counts it: of an index, the size of its largest child."""
    if not manifest.is_index:
        return manifest.own_size
    sizes = [
        image_size(repository, repository.images[child.digest].manifest)
        for child in manifest.children
        if child.digest in repository.images
    ]
    return max(sizes, default=0)
