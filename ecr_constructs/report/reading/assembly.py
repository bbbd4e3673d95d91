"""CDK's cloud assembly: the directory that ``cdk synth`` writes.

Its format is that of the package ``@aws-cdk/cloud-assembly-schema``: ``manifest.json`` lists the
artifacts, of which stacks, nested assemblies (a Stage) and asset manifests matter here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from .construct_metadata import ConstructMetadata, metadata_in
from .documents import read_document, template_in
from .faults import unusable
from .source import Source
from .text import SourceText

__all__ = ["Assembly"]

_STACK: Final = "aws:cloudformation:stack"
_NESTED_ASSEMBLY: Final = "cdk:cloud-assembly"
_ASSETS: Final = "cdk:asset-manifest"
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
_DEEPEST: Final = 10
# Deep nesting multiplies: ten stacks that hold each other are ten thousand million.
_MOST_STACKS: Final = 10_000
_MOST_MEGABYTES: Final = 100
_MEGABYTE: Final = 1_000_000
_UNKNOWN: Final = ("unknown-account", "unknown-region")


class _Amount:
    """How much was read of an assembly and those inside it."""

    def __init__(self) -> None:
        self._stacks = 0
        self._characters = 0

    def add(self, source: SourceText) -> None:
        """Count a stack; refuse what no app has, before it takes all memory and time."""
        self._stacks += 1
        self._characters += len(source.text)
        if self._stacks > _MOST_STACKS:
            said = f"{_MOST_STACKS} stacks"
        elif self._characters > _MOST_MEGABYTES * _MEGABYTE:
            said = f"{_MOST_MEGABYTES} MB of templates"
        else:
            return
        raise unusable(
            source.name,
            f"is of an assembly with more than {said}, nested ones counted wherever they are used",
            "give one stack's template at a time",
        )


class Assembly:
    """The stacks of one directory and of the assemblies inside it."""

    def __init__(self, directory: Path, *, depth: int = 0, amount: _Amount | None = None) -> None:
        self._directory = directory
        self._depth = depth
        self._amount = amount or _Amount()
        self._assets: dict[str, str] = {}
        self.notes: list[str] = []

    def stacks(self) -> Iterator[Source]:
        """Every stack, in the order of the manifest, inner assemblies after those around them."""
        artifacts = self._artifacts()
        for artifact in artifacts.values():
            if artifact.get("type") == _ASSETS:
                self._note_assets(_properties(artifact))
        for name, artifact in artifacts.items():
            if artifact.get("type") == _STACK:
                yield self._stack(name, artifact)
        for artifact in artifacts.values():
            if artifact.get("type") == _NESTED_ASSEMBLY:
                yield from self._inner(_properties(artifact))

    def _artifacts(self) -> dict[str, Mapping[str, Any]]:
        path = self._directory / "manifest.json"
        if not path.is_file():
            raise unusable(
                str(self._directory),
                "is a directory without manifest.json",
                "give a template, or the directory that cdk synth wrote (cdk.out)",
            )
        manifest = self._json(path.name)
        artifacts = manifest.get("artifacts", {}) if isinstance(manifest, dict) else None
        if not isinstance(artifacts, dict) or not isinstance(manifest.get("version"), str):
            raise unusable(str(path), "is no manifest of a CDK assembly", "run cdk synth again")
        return {name: entry for name, entry in artifacts.items() if isinstance(entry, dict)}

    def _inner(self, properties: Mapping[str, Any]) -> Iterator[Source]:
        directory = self._inside(properties.get("directoryName"))
        if self._depth >= _DEEPEST:
            raise unusable(str(directory), "is an assembly nested too deep", "run cdk synth again")
        inner = Assembly(directory, depth=self._depth + 1, amount=self._amount)
        yield from inner.stacks()
        self.notes += inner.notes

    def _stack(self, name: str, artifact: Mapping[str, Any]) -> Source:
        properties = _properties(artifact)
        file = properties.get("templateFile")
        account, region = _environment(artifact.get("environment"))
        given = properties.get("stackName")
        stack_name = given if isinstance(given, str) and given else name
        tags = properties.get("tags")
        known = self._metadata(artifact)
        return self._source(
            file,
            stack=stack_name,
            stack_name=stack_name,
            account=account,
            region=region,
            tags=_texts(tags),
            paths=known.paths,
            acknowledged=known.acknowledged,
            traces=known.traces,
        )

    def _source(self, file: object, *, depth: int = 0, **known: Any) -> Source:
        path = self._inside(file)
        source, value = read_document(path)
        self._amount.add(source)
        if isinstance(value, dict) and "Resources" not in value:
            # A stack in which nothing is: CDK writes its template all the same.
            value = {**value, "Resources": {}}
        template = template_in(source, value)
        nested: dict[str, Source] = {}
        for logical_id, resource in template["Resources"].items():
            if not isinstance(resource, dict) or resource.get("Type") != _NESTED_STACK:
                continue
            child = self._nested_file(resource)
            if child is None or depth >= _DEEPEST:
                self.notes.append(
                    f"{file}: the template of the nested stack {logical_id} is not in the assembly"
                )
                continue
            nested[logical_id] = self._source(
                child, depth=depth + 1, **{**known, "stack_name": None}
            )
        return Source(template=template, file=str(file), place=str(path), nested=nested, **known)

    def _nested_file(self, resource: Mapping[str, Any]) -> str | None:
        metadata = resource.get("Metadata")
        if isinstance(metadata, dict) and isinstance(metadata.get("aws:asset:path"), str):
            return str(metadata["aws:asset:path"])
        # Without metadata the address of the template still ends with the hash of the asset.
        properties = resource.get("Properties")
        address = str(properties.get("TemplateURL")) if isinstance(properties, dict) else ""
        return next((path for hash_, path in self._assets.items() if hash_ in address), None)

    def _note_assets(self, properties: Mapping[str, Any]) -> None:
        listed = self._json(str(properties.get("file")))
        files = listed.get("files") if isinstance(listed, dict) else None
        for hash_, entry in (files if isinstance(files, dict) else {}).items():
            source = entry.get("source") if isinstance(entry, dict) else None
            path = source.get("path") if isinstance(source, dict) else None
            if isinstance(path, str) and path.endswith(".template.json"):
                self._assets[hash_] = path

    def _metadata(self, artifact: Mapping[str, Any]) -> ConstructMetadata:
        """What is said of constructs, which newer CDK keeps in a file of its own."""
        metadata = artifact.get("metadata")
        file = artifact.get("additionalMetadataFile")
        if isinstance(file, str):
            metadata = self._json(file)
        return metadata_in(metadata)

    def _json(self, file: str) -> Any:
        _, value = read_document(self._inside(file))
        return value

    def _inside(self, file: object) -> Path:
        path = self._directory / str(file)
        try:
            inside = path.resolve().is_relative_to(self._directory.resolve())
        except (OSError, ValueError, RuntimeError):  # a null character, a circle of links
            inside = False
        if not isinstance(file, str) or not inside:
            raise unusable(
                str(self._directory / "manifest.json"),
                f"names no file inside of the assembly ({file})",
                "run cdk synth again",
            )
        return path


def _properties(artifact: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = artifact.get("properties")
    return properties if isinstance(properties, dict) else {}


def _texts(value: object) -> dict[str, str]:
    given = value.items() if isinstance(value, dict) else ()
    return {key: entry for key, entry in given if isinstance(entry, str)}


def _environment(text: object) -> tuple[str | None, str | None]:
    """Account and Region of ``aws://111111111111/eu-west-1``; None for what is open."""
    if not isinstance(text, str) or not text.startswith("aws://"):
        return None, None
    account, _, region = text.removeprefix("aws://").partition("/")
    known = [None if part in _UNKNOWN or not part else part for part in (account, region)]
    return known[0], known[1]
