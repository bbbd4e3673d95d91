"""A page of the reference as reStructuredText, which is what the docstrings are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import Final

import griffe

from ..navigation import NamePage
from .reading import HOME, Names, is_enum, members, target

__all__ = ["page_of_names", "page_of_types"]

_PAGE: Final = re.compile(r"^(?P<indent> *)(?P<url>https://\S+)$", re.MULTILINE)
_STEP: Final = "   "


def page_of_names(page: NamePage, names: Names) -> str:
    """A page of names that are imported from one module."""
    parts = [
        _heading(page.title),
        page.about,
        *_leads(page),
        f".. code-block:: python\n\n   from {page.module} import {page.names[0]}",
        f".. py:currentmodule:: {page.module}",
        _summary(page.names, page.module),
        *(_entry(name, target(f"{page.module}.{name}"), names) for name in page.names),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def page_of_types(names: Names) -> str:
    """What annotations name and nobody imports: what a class method returns, a union of types."""
    # What these name in turn is the library's matter, and so is how they are made.
    left = sorted(names.left.items())
    done = []
    for path, value in left:
        module, _, name = path.rpartition(".")
        entry = _entry(name, value, names, made_here=False)
        done.append(f".. py:currentmodule:: {module}\n\n{entry}")
    about = "What signatures name: results of the library, and unions of what an argument takes."
    parts = [_heading("Types in signatures"), about, *done]
    return "\n\n".join(parts) + "\n"


def _heading(title: str) -> str:
    return f"{title}\n{'=' * len(title)}"


def _leads(page: NamePage) -> Iterator[str]:
    if page.guides:
        links = ", ".join(f":doc:`/{guide}`" for guide in page.guides)
        yield f"{'Guide' if len(page.guides) == 1 else 'Guides'}: {links}."
    if page.examples:
        links = ", ".join(f":doc:`/examples/{example}`" for example in page.examples)
        yield f"{'Example' if len(page.examples) == 1 else 'Examples'}: {links}."


def _summary(names: Sequence[str], module: str) -> str:
    rows = [
        f"   * - :py:obj:`~{module}.{name}`\n     - {_first(target(f'{module}.{name}'))}"
        for name in names
    ]
    return "\n".join([".. list-table::", "   :class: summary", "   :widths: auto", "", *rows])


def _first(value: griffe.Object) -> str:
    """The first sentence of a docstring; it may go over lines."""
    text = value.docstring.value if value.docstring else ""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return re.split(r"(?<=[.:])\s+(?=[A-Z`*])", paragraph)[0].removesuffix("::")


def _entry(name: str, value: griffe.Object, names: Names, *, made_here: bool = True) -> str:
    if isinstance(value, griffe.Class):
        return _class(name, value, names, made_here=made_here)
    if isinstance(value, griffe.Function):
        return _function("function", name, value, names)
    return _attribute(name, value, names, kind="data")


def _class(name: str, value: griffe.Class, names: Names, *, made_here: bool) -> str:
    start = value.all_members.get("__init__")
    made = start.final_target if start is not None and start.is_alias else start
    chosen = is_enum(value)
    signature = ""
    # What CDK's base class takes is CDK's to say, and members of an enumeration are there already.
    wanted = made_here and not chosen
    if isinstance(made, griffe.Function) and wanted and _says_how(made, value):
        signature = f"({_parameters(made, names)})"
    else:
        made = None
    body = [_bases(value, names), _text(value)]
    if made is not None and made.docstring:
        # The first line says that it is made, which the class has said.
        body.append(_links(made.docstring.value.partition("\n")[2].strip("\n")))
    kinds = sorted(members(value, names), key=_rank)
    body.extend(_member(each, names, chosen=chosen) for each in kinds)
    return _directive("class", f"{name}{signature}", [], body)


def _says_how(made: griffe.Function, value: griffe.Class) -> bool:
    return bool(made.docstring) or "dataclass" in value.labels or made.parent is value


def _rank(member: griffe.Object) -> int:
    """Ways to make one come first, then what it has, then what it does."""
    if isinstance(member, griffe.Function):
        return 0 if {"classmethod", "staticmethod"} & member.labels else 2
    return 1


def _member(value: griffe.Object, names: Names, *, chosen: bool) -> str:
    if isinstance(value, griffe.Function):
        return _function("method", value.name, value, names)
    if isinstance(value, griffe.Attribute) and "property" in value.labels:
        names.take(value.annotation)
        options = [f":type: {_written(value.annotation)}"] if value.annotation else []
        return _directive("property", value.name, options, [_text(value)])
    return _attribute(value.name, value, names, kind="attribute", valued=chosen)


def _function(kind: str, name: str, value: griffe.Function, names: Names) -> str:
    names.take(value.returns)
    returns = f" -> {_written(value.returns)}" if value.returns is not None else ""
    options = [f":{label}:" for label in ("classmethod", "staticmethod") if label in value.labels]
    signature = f"{name}({_parameters(value, names)}){returns}"
    if "pytest.fixture" in {decorator.callable_path for decorator in value.decorators}:
        kind, signature, options = "data", name, [f":type: {_written(value.returns)}"]
    return _directive(kind, signature, options, [_text(value)])


def _attribute(
    name: str, value: griffe.Object, names: Names, *, kind: str, valued: bool = True
) -> str:
    if not isinstance(value, griffe.Attribute):
        raise TypeError(
            f"{value.path} is a {value.kind.value}, for which the reference has no form"
        )
    plain = value.annotation is not None and "Final" not in str(value.annotation)
    options = []
    if kind == "data" and _is_alias(value):
        names.take(value.value)
        return _directive("type", name, [f":canonical: {_written(value.value)}"], [_text(value)])
    if plain:
        names.take(value.annotation)
        options.append(f":type: {_written(value.annotation)}")
    if valued and value.value is not None:
        options.append(f":value: {_written(value.value)}")
    return _directive(kind, name, options, [_text(value)])


def _is_alias(value: griffe.Attribute) -> bool:
    return "TypeAlias" in str(value.annotation) or str(value.value).startswith("Union[")


def _bases(value: griffe.Class, names: Names) -> str:
    """What a reader knows of it already: a class of CDK's, or one of this library's."""
    shown = []
    for base in value.bases:
        if isinstance(base, str):
            continue
        canonical = base.canonical_path
        if canonical.startswith(f"{HOME}."):
            public = names.public(target(canonical).path)
            shown.extend([f":py:class:`~{public}`"] if public else [])
        elif canonical.split(".")[0] in ("aws_cdk", "constructs"):
            shown.append(f":py:class:`{canonical}`")
    return f".. rst-class:: bases\n\nIs a {', '.join(shown)}." if shown else ""


def _parameters(value: griffe.Function, names: Names) -> str:
    """The parameters as the source has them, but for the one that Python gives."""
    written: list[str] = []
    star = False
    for position, each in enumerate(value.parameters):
        if position == 0 and each.name in ("self", "cls"):
            continue
        if each.kind is griffe.ParameterKind.var_positional:
            star = True
        if each.kind is griffe.ParameterKind.keyword_only and not star:
            written.append("*")
            star = True
        names.take(each.annotation)
        mark = {
            griffe.ParameterKind.var_positional: "*",
            griffe.ParameterKind.var_keyword: "**",
        }.get(each.kind, "")
        text = f"{mark}{each.name}"
        if each.annotation is not None:
            text += f": {_written(each.annotation)}"
        if each.default is not None and not mark:
            text += f" = {_written(each.default)}"
        written.append(text)
    return ", ".join(written)


def _written(value: str | griffe.Expr | None) -> str:
    """An expression in one line."""
    return " ".join(str(value).split())


def _text(value: griffe.Object) -> str:
    return _links(value.docstring.value) if value.docstring else ""


def _links(text: str) -> str:
    """A docstring whose AWS pages are named by what they are about."""

    def named(match: re.Match[str]) -> str:
        url = match["url"]
        page, _, part = url.rstrip("/").rpartition("/")[2].partition("#")
        shown = part or re.sub(r"\.html$", "", page)
        space = match["indent"]
        return f"{space}.. rst-class:: aws-page\n\n{space}AWS: `{shown} <{url}>`__"

    return _PAGE.sub(named, text)


def _directive(kind: str, signature: str, options: list[str], body: Sequence[str]) -> str:
    head = [f".. py:{kind}:: {signature}", *(f"{_STEP}{option}" for option in options)]
    parts = [indent(part, _STEP) for part in body if part]
    return "\n\n".join(["\n".join(head), *parts])
