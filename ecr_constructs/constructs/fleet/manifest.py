"""The manifest as a construct takes it: a value, or the file of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias, Union

from ...model.collector import collector_at_rest
from ...model.fleet.merging.findings import manifest_unusable
from ...model.fleet.values import Fleet
from .._jsii import check, check_scope

if TYPE_CHECKING:
    from constructs import Construct

__all__ = ["Manifest", "fleet_of"]

Manifest: TypeAlias = Union[Fleet, str, os.PathLike[str]]
"""A manifest, or the path of its file."""


def fleet_of(manifest: Manifest, scope: Construct, construct_id: str) -> Fleet:
    """The manifest, read where it is a file."""
    check_scope(scope)
    if isinstance(manifest, Fleet):
        return manifest
    if not isinstance(manifest, (str, os.PathLike)):
        check([manifest_unusable(manifest)], scope, construct_id)
    with collector_at_rest():
        return Fleet.from_file(manifest)
