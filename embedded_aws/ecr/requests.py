"""A request of the ECR API, checked against ECR's own service model before anything acts on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from .errors import EcrError
from .model import Registry
from .tokens import IamCaller

Answer = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True)
class EcrRequest:
    """One call: what was asked, of which registry, by whom."""

    action: str
    data: Mapping[str, Any]
    registry: Registry
    caller: IamCaller


Operation = Callable[[EcrRequest], Answer]


def page(request: EcrRequest, items: Sequence[Item], size: int = 1000) -> tuple[list[Item], Answer]:
    """The part of *items* that the request's maxResults and nextToken select."""
    token = request.data.get("nextToken")
    if token is not None and not str(token).isdigit():
        raise EcrError("InvalidParameterException", "Invalid parameter: nextToken")
    start = int(token or 0)
    end = start + int(request.data.get("maxResults") or size)
    return list(items[start:end]), ({"nextToken": str(end)} if end < len(items) else {})


class EcrModel:
    """The operations and shapes of ECR, or of another service, as botocore knows them."""

    def __init__(self, service: str = "ecr") -> None:
        self._name = service

    @cached_property
    def _service(self) -> ServiceModel:
        return ServiceModel(Loader().load_service_model(self._name, "service-2"), self._name)

    def knows(self, action: str) -> bool:
        return action in self._service.operation_names

    def check(self, action: str, data: Mapping[str, Any]) -> None:
        """Raise ECR's InvalidParameterException for data that the model does not allow."""
        shape = self._service.operation_model(action).input_shape
        if shape is None:
            return
        report = ParamValidator().validate(dict(data), shape)
        if report.has_errors():
            raise EcrError("InvalidParameterException", report.generate_report())
        for path, complaint in _complaints(data, shape, ""):
            raise EcrError(
                "InvalidParameterException",
                f"Invalid parameter at '{path}' failed to satisfy constraint: '{complaint}'",
            )


def _complaints(value: Any, shape: Any, path: str) -> Iterator[tuple[str, str]]:
    """What enums, patterns and maximal lengths say (botocore's own validator does not look)."""
    if shape.type_name == "structure":
        for name, member in value.items():
            if name in shape.members:
                yield from _complaints(member, shape.members[name], f"{path}.{name}".lstrip("."))
    elif shape.type_name == "list":
        yield from _too_long(value, shape, path)
        for member in value:
            yield from _complaints(member, shape.member, path)
    elif shape.type_name == "string":
        yield from _too_long(value, shape, path)
        if shape.enum and value not in shape.enum:
            yield path, f"must satisfy enum value set: [{', '.join(shape.enum)}]"
        pattern = shape.metadata.get("pattern")
        if pattern and re.fullmatch(pattern, value) is None:
            yield path, f"must satisfy regular expression '{pattern}'"


def _too_long(value: Sequence[Any], shape: Any, path: str) -> Iterator[tuple[str, str]]:
    limit = shape.metadata.get("max")
    if limit is not None and len(value) > limit:
        yield path, f"must have length less than or equal to {limit}"
