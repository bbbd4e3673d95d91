"""Snapshot files of templates: syrupy's JSON files, one a comparison, of normalised templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syrupy.extensions.json import JSONSnapshotExtension

from ._snapshot import Templated, normalised, template_of

if TYPE_CHECKING:
    from syrupy.types import PropertyFilter, PropertyMatcher, SerializedData

__all__ = ["TemplateSnapshotExtension"]


class TemplateSnapshotExtension(JSONSnapshotExtension):
    """Takes whatever has a template and keeps it normalised."""

    def serialize(
        self,
        data: Templated,
        *,
        exclude: PropertyFilter | None = None,
        include: PropertyFilter | None = None,
        matcher: PropertyMatcher | None = None,
    ) -> SerializedData:
        """The text of the snapshot file."""
        return super().serialize(
            normalised(template_of(data)), exclude=exclude, include=include, matcher=matcher
        )
