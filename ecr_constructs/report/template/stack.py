"""One stack: its resources with every value resolved as far as the template decides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...model.registry.regions import partition_of
from ..reading.source import Source
from .alternatives import NOTHING, passes_on
from .conditions import Conditions
from .functions import PIECE, Functions
from .marks import Marks
from .references import ANYTHING, NAMED

if TYPE_CHECKING:
    from .app import App

__all__ = ["Resource", "Stack"]

_CROSS_REGION_READER: Final = "Custom::CrossRegionExportReader"
# Transforms that leave what is no resource of theirs as it is written.
_HARMLESS: Final = ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31")
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
_SUFFIXES: Final = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}


@dataclass(frozen=True)
class Resource:
    """One resource of a stack."""

    stack: Stack
    logical_id: str
    kind: str
    """Its type, ``AWS::ECR::Repository`` say."""
    properties: Mapping[str, Any] = field(hash=False)
    """Resolved."""
    condition: str | None = None
    """The condition that it depends on, where the template does not decide it."""
    construct_path: str | None = None

    @property
    def name(self) -> str:
        """Its physical name, or the stand-in for the one that CloudFormation makes up."""
        return self.stack.name_of(self.logical_id)

    @property
    def arn(self) -> str:
        """Its ARN, for the types whose ARN is known."""
        return str(self.stack.attribute(self.logical_id, NAMED[self.kind].arn_attribute))


class Stack:
    """A stack, or a nested one, of an app."""

    def __init__(
        self,
        source: Source,
        app: App,
        *,
        parent: Stack | None = None,
        made_by: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.source = source
        self.app = app
        self.parent = parent
        self._given = given
        self.marks: Marks = app.marks
        self.account = source.account or self.marks.closed("AWS::AccountId")
        self.region = source.region or self.marks.closed("AWS::Region")
        # A nested one is told by what makes it: its place among others may change.
        name = source.stack if parent is None else f"{parent.scope}.{made_by}"
        place = (source.account, source.region) if parent is None else (None, None)
        self.scope: str = app.scope_for(name, place)
        self._names: dict[str, str] = {}
        self._outputs: dict[str, Any] = {}
        self._pending: set[str] = set()
        self._functions = Functions(self)
        self.conditions = Conditions(self)
        self.nested = dict(self._nested_stacks())

    @property
    def partition(self) -> str:
        """The partition of the Region; the commercial one where the Region is not known."""
        return partition_of(self.source.region or "") or "aws"

    @property
    def resources(self) -> Mapping[str, Any]:
        """The resources as the template has them."""
        return _mapping(self.source.template.get("Resources"))

    @property
    def has_macros(self) -> bool:
        """Whether a macro may make something else of any resource."""
        given = self.source.template.get("Transform")
        listed = given if isinstance(given, list) else [given] if given is not None else []
        return any(each not in _HARMLESS for each in listed)

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function carried out as far as it can be."""
        return self._functions.resolve(value)

    def of_kind(self, *kinds: str) -> Iterator[Resource]:
        """The resources of some types, but for those whose condition does not hold."""
        for logical_id, entry in self.resources.items():
            if isinstance(entry, Mapping) and entry.get("Type") in kinds:
                resource = self.resource(logical_id)
                if resource is not None:
                    yield resource

    def resource(self, logical_id: str) -> Resource | None:
        """One resource; None where there is none, or its condition does not hold."""
        entry = self.resources.get(logical_id)
        if not isinstance(entry, Mapping):
            return None
        condition = entry.get("Condition")
        holds = self.conditions.holds(condition) if isinstance(condition, str) else True
        if holds is False:
            return None
        properties = self.resolve(_mapping(entry.get("Properties")))
        return Resource(
            stack=self,
            logical_id=logical_id,
            kind=str(entry.get("Type")),
            properties=_mapping(properties),
            condition=None if holds else self.conditions.label(str(condition)),
            construct_path=self._construct_path(logical_id, entry),
        )

    def name_of(self, logical_id: str) -> str:
        """The physical name of a resource, or its stand-in."""
        known = self._names.get(logical_id)
        if known is not None:
            return known
        made_up = self.marks.closed(logical_id, scope=self.scope)
        entry = _mapping(self.resources.get(logical_id))
        named = NAMED.get(str(entry.get("Type")))
        written = _mapping(entry.get("Properties")).get(named.name) if named else None
        if written is None or logical_id in self._pending:
            return made_up
        self._pending.add(logical_id)
        try:
            name = self.resolve(written)
        finally:
            self._pending.discard(logical_id)
        text = name if isinstance(name, str) and name else made_up
        self._names[logical_id] = text
        return text

    def reference(self, logical_id: str) -> Any:
        """What ``Ref`` of a parameter, a resource or a pseudo parameter gives."""
        if logical_id.startswith("AWS::"):
            return self._pseudo(logical_id)
        parameters = _mapping(self.source.template.get("Parameters"))
        if logical_id in parameters:
            return self._parameter(logical_id, _mapping(parameters[logical_id]))
        entry = self.resources.get(logical_id)
        if not isinstance(entry, Mapping):
            return self.marks.open(logical_id, scope=self.scope)
        named = NAMED.get(str(entry.get("Type")))
        if named is not None and named.ref_is_arn:
            return self.attribute(logical_id, named.arn_attribute)
        if str(entry.get("Type")).startswith(ANYTHING):
            return self.marks.open(logical_id, scope=self.scope)
        return self.name_of(logical_id)

    def attribute(self, logical_id: str, attribute: str) -> Any:
        """What ``Fn::GetAtt`` of a resource gives."""
        entry = _mapping(self.resources.get(logical_id))
        kind = str(entry.get("Type"))
        named = NAMED.get(kind)
        if named is not None and attribute == named.arn_attribute:
            arn = named.arn.format(
                partition=self.partition,
                region=self.region,
                account=self.account,
                path=self._path(entry),
                name=self.name_of(logical_id),
            )
            self.app.made(len(arn))
            return arn
        if kind == "AWS::ECR::Repository" and attribute == "RepositoryUri":
            suffix = self.reference("AWS::URLSuffix")
            return f"{self.account}.dkr.ecr.{self.region}.{suffix}/{self.name_of(logical_id)}"
        if kind == _NESTED_STACK and attribute.startswith("Outputs.") and logical_id in self.nested:
            return self.nested[logical_id].output(attribute.removeprefix("Outputs."))
        if kind == _CROSS_REGION_READER:
            found = self.app.cross_region(attribute)
            if found is not None:
                return found
        label = f"{logical_id}.{attribute}"
        if kind.startswith(ANYTHING) or not entry:
            return self.marks.open(label, scope=self.scope)
        return self.marks.closed(label, scope=self.scope)

    def output(self, name: str) -> Any:
        """The value of one of the stack's outputs."""
        if name not in self._outputs:
            unknown = self.marks.open(f"Outputs.{name}", scope=self.scope)
            # What stands there while the value is resolved ends a circle.
            self._outputs[name] = unknown
            entry = _mapping(_mapping(self.source.template.get("Outputs")).get(name))
            value = self.resolve(entry["Value"]) if "Value" in entry else unknown
            self._outputs[name] = value if passes_on(value) else unknown
        return self._outputs[name]

    def _parameter(self, name: str, parameter: Mapping[str, Any]) -> Any:
        kind = str(parameter.get("Type"))
        if self._given is not None and name in self._given:
            value = self._given[name]
        elif kind.startswith("AWS::SSM::Parameter::Value"):
            # The default is where the value is kept, not the value.
            return self.marks.open(name, scope=self.scope)
        else:
            value = parameter.get("Default")
        if value is None:
            return self.marks.open(name, scope=self.scope)
        if isinstance(value, str) and (kind == "CommaDelimitedList" or kind.startswith("List<")):
            pieces = value.split(",")
            self.app.made(len(value) + PIECE * len(pieces))
            return [entry.strip() for entry in pieces]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return value

    def _pseudo(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        known = {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": _SUFFIXES.get(self.partition, "amazonaws.com"),
            "AWS::StackName": self.source.stack_name,
        }
        return known.get(name) or self.marks.closed(name, scope=self.scope)

    def _path(self, entry: Mapping[str, Any]) -> str:
        path = self.resolve(_mapping(entry.get("Properties")).get("Path", "/"))
        if not isinstance(path, str) or not path.strip("/"):
            return "/"
        # A parameter without a default stands for a path with its slashes.
        return f"/{path.strip('/')}/"

    def _construct_path(self, logical_id: str, entry: Mapping[str, Any]) -> str | None:
        path = _mapping(entry.get("Metadata")).get("aws:cdk:path")
        return str(path) if path else self.source.paths.get(logical_id)

    def _nested_stacks(self) -> Iterator[tuple[str, Stack]]:
        for logical_id, source in self.source.nested.items():
            entry = _mapping(self.resources.get(logical_id))
            given = _mapping(_mapping(entry.get("Properties")).get("Parameters"))
            later = _Later(self, given)
            made = Stack(source, self.app, parent=self, made_by=logical_id, given=later)
            yield logical_id, made


class _Later(Mapping[str, Any]):
    """Parameters that a stack gives to a nested one, resolved when they are asked for."""

    def __init__(self, stack: Stack, written: Mapping[str, Any]) -> None:
        self._stack = stack
        self._written = written
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            value = self._stack.resolve(self._written[name])
            listed = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
            self._known[name] = value if listed or passes_on(value) else None
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
