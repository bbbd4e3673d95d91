"""SSM parameters that say where a repository is, and which images of it have a name.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..deferred import is_deferred
from ..findings import Finding
from ..images.reference import check_digest

__all__ = [
    "DIGEST_URI_PATTERN",
    "check_digests",
    "check_path",
    "default_path",
    "digest_name",
    "image_name",
    "uri_name",
]

NAME_DOCS: Final = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html"
)
DIGEST_URI_PATTERN: Final = "^.+@sha256:[0-9a-f]{64}$"
_ROOT = "/images"
_PATH = re.compile(r"(?:/[A-Za-z0-9_.-]+)+")
_IMAGE = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_RESERVED = re.compile(r"/(?:aws|ssm)", re.IGNORECASE)
# Of the fifteen levels of a name two are below the path.
_DEEPEST = 13
_ALLOWED = (
    f"'/' and parts of letters, digits, '_', '.' and '-', at most {_DEEPEST} of them, "
    "not beginning with aws or ssm"
)
_LONGEST = 800


def default_path(repository_name: str) -> str:
    """The path of a repository with this name."""
    return f"{_ROOT}/{repository_name}"


def uri_name(path: str) -> str:
    """The parameter with the URI of the repository, without a tag."""
    return f"{path}/uri"


def image_name(path: str, image: str) -> str:
    """The parameter with the URI of an image, by its digest."""
    return f"{path}/{image}/uri"


def digest_name(path: str, image: str) -> str:
    """The parameter with the digest of an image."""
    return f"{path}/{image}/digest"


def check_path(path: object) -> tuple[Finding, ...]:
    """What SSM would refuse about the path of the parameters; None stands for one left out."""
    if path is None:
        return (
            _finding(
                "parameter-path-missing",
                "path",
                "is not given, and CloudFormation makes up the repository's name",
                path,
                "write path='/images/api', say, or give the repository a repository_name",
            ),
        )
    if isinstance(path, str) and is_deferred(path):
        return ()
    if (
        isinstance(path, str)
        and _PATH.fullmatch(path)
        and not _RESERVED.match(path)
        and path.count("/") <= _DEEPEST
        and len(path) <= _LONGEST
    ):
        return ()
    fix = "write path='/images/api', say"
    if isinstance(path, str) and not path.startswith("/") and _PATH.fullmatch(f"/{path}"):
        fix = f"write path='/{path}'"
    return (_finding("parameter-path-invalid", "path", "is no path of parameters", path, fix),)


def check_digests(digests: object) -> tuple[Finding, ...]:
    """What is wrong with the images: their names are parts of paths, their values digests."""
    if not isinstance(digests, Mapping):
        return (
            _finding(
                "parameter-images-invalid",
                "digests",
                f"is a {type(digests).__name__}, not a mapping of names to digests",
                digests,
                "write digests={'stable': 'sha256:...'}",
                allowed="a mapping of names of images to their digests",
            ),
        )
    return (
        *(
            _finding(
                "parameter-images-invalid",
                "digests",
                "has a name that cannot be a part of a path",
                name,
                "name it with letters, digits, '_', '.' and '-'",
            )
            for name in digests
            if not (isinstance(name, str) and _IMAGE.fullmatch(name))
        ),
        *(found for digest in digests.values() for found in check_digest(digest)),
    )


def _finding(
    code: str, option: str, message: str, given: object, fix: str, *, allowed: str = _ALLOWED
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=NAME_DOCS,
    )
