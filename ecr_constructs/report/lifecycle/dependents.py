"""What the rules of a repository can take of the images that the same app runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...model.findings import Finding, Severity
from ...model.lifecycle import LifecycleRule, check_dependents
from ...model.lifecycle.images.references import Reference
from ..template.alternatives import entries
from ..template.app import App
from ..template.marks import marked
from ..template.stack import Resource

__all__ = ["Dependents", "lost_references"]


def lost_references(
    app: App, repository: Resource, rules: Sequence[LifecycleRule]
) -> tuple[Finding, ...]:
    """What tasks, functions and builds of the app refer to, and the rules can take.

    A template does not say whether the loss is meant, so nothing of it is more than a warning.
    """
    return Dependents(app).lost_by(repository, rules)


class Dependents:
    """What tasks, functions and builds of an app refer to, repository by repository."""

    def __init__(self, app: App) -> None:
        self._by_path: dict[str, list[str]] = {}
        for image in _images(app):
            self._by_path.setdefault(_path_of(image), []).append(image)

    def lost_by(self, repository: Resource, rules: Sequence[LifecycleRule]) -> tuple[Finding, ...]:
        """What the rules of a repository can take of it."""
        home = repository.stack
        host = f"{home.account}.dkr.ecr.{home.region}."
        named = self._by_path.get(repository.name, ())
        asked = [Reference.of(image) for image in named if image.startswith(host)]
        known = [each for each in asked if not marked(each.digest or each.tag or "")]
        found = check_dependents(
            rules,
            tags=[each.tag for each in known if each.tag is not None and each.digest is None],
            digests=[each.digest for each in known if each.digest is not None],
            mutable_tags=repository.properties.get("ImageTagMutability", "MUTABLE") != "IMMUTABLE",
            known_later=len(known) < len(asked),
        )
        return tuple(
            replace(each, severity=Severity.WARNING) if each.severity is Severity.DANGER else each
            for each in found
        )


def _images(app: App) -> Iterator[str]:
    """The image URIs of everything in the app that starts one."""
    for task in app.of_kind("AWS::ECS::TaskDefinition"):
        for container, _ in entries(task.properties.get("ContainerDefinitions")):
            yield from _texts(container, "Image")
    for function in app.of_kind("AWS::Lambda::Function"):
        yield from _texts(function.properties.get("Code"), "ImageUri")
    for project in app.of_kind("AWS::CodeBuild::Project"):
        yield from _texts(project.properties.get("Environment"), "Image")


def _texts(holder: Any, option: str) -> Iterator[str]:
    if isinstance(holder, Mapping):
        for image, _ in entries(holder.get(option)):
            if isinstance(image, str):
                yield image


def _path_of(image: str) -> str:
    """The repository of an image URI, stand-ins included."""
    path = image.partition("/")[2]
    return path.partition("@")[0].partition(":")[0]
