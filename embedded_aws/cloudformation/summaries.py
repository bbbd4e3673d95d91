"""GetTemplateSummary with what `cdk import` asks it for: how each resource is identified."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

HttpAnswer = tuple[int, dict[str, str], bytes]
END = b"</GetTemplateSummaryResult>"


class TemplateSummaries:
    """ministack's answer, with ResourceIdentifierSummaries put in."""

    def __init__(
        self,
        plain: Callable[[Mapping[str, Any]], HttpAnswer],
        template_given: Callable[[Mapping[str, Any]], tuple[str | None, HttpAnswer | None]],
        stack_named: Callable[[str], Mapping[str, Any] | None],
        parse: Callable[[str], dict[str, Any]],
        lookups: Mapping[str, tuple[tuple[str, ...], Any]],
    ) -> None:
        self._plain = plain
        self._template_given = template_given
        self._stack_named = stack_named
        self._parse = parse
        self._lookups = lookups

    def answer(self, params: Mapping[str, Any]) -> HttpAnswer:
        status, headers, body = self._plain(params)
        template = self._template(params)
        if status != 200 or not template:
            return status, headers, body
        summaries = self._summaries(self._parse(template)).encode()
        content = body if isinstance(body, bytes) else str(body).encode()
        return status, headers, content.replace(END, summaries + END)

    def _template(self, params: Mapping[str, Any]) -> str | None:
        given, _ = self._template_given(params)
        if given or "StackName" not in params:
            return given
        name = params["StackName"]
        stack = self._stack_named(name[0] if isinstance(name, list) else name) or {}
        body = stack.get("_template_body")
        return str(body) if body else None

    def _summaries(self, template: Mapping[str, Any]) -> str:
        by_type: dict[str, list[str]] = {}
        for logical_id, resource in template.get("Resources", {}).items():
            by_type.setdefault(resource.get("Type", ""), []).append(logical_id)
        members = [
            f"<member><ResourceType>{escape(kind)}</ResourceType>"
            f"<LogicalResourceIds>{_members(logical_ids)}</LogicalResourceIds>"
            f"<ResourceIdentifiers>{_members(self._lookups[kind][0])}</ResourceIdentifiers>"
            "</member>"
            for kind, logical_ids in by_type.items()
            if kind in self._lookups
        ]
        return f"<ResourceIdentifierSummaries>{''.join(members)}</ResourceIdentifierSummaries>"


def _members(values: list[str] | tuple[str, ...]) -> str:
    return "".join(f"<member>{escape(value)}</member>" for value in values)
