"""How public callables are called, and that their documentation says all of it."""

from __future__ import annotations

import inspect
import re

import pytest
from constructs import Construct

import ecr_constructs

from .public import Entry, entries

ENTRIES = list(entries())
CONSTRUCTS = [
    getattr(ecr_constructs, name)
    for name in ecr_constructs.__all__
    if inspect.isclass(getattr(ecr_constructs, name))
    and issubclass(getattr(ecr_constructs, name), Construct)
]
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=str)


def test_the_surface_is_found() -> None:
    names = {entry.name for entry in ENTRIES}
    assert {
        "SecureRepository.__init__",
        "SecureRepository.grant_pull",
        "AdoptedRepository.from_repository_arn",
        "MutableTags.only",
        "keep_last",
    } <= names
    assert len(CONSTRUCTS) >= 6


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda kind: kind.__name__)
def test_a_construct_takes_scope_and_id_and_then_only_keywords(construct: type) -> None:
    parameters = list(inspect.signature(construct.__init__).parameters.values())
    assert [parameter.name for parameter in parameters[:3]] == ["self", "scope", "id"]
    assert {parameter.kind for parameter in parameters[3:]} <= {inspect.Parameter.KEYWORD_ONLY}


@every_entry
def test_no_option_is_hidden_in_kwargs(entry: Entry) -> None:
    kinds = {parameter.kind for parameter in entry.parameters}
    assert inspect.Parameter.VAR_KEYWORD not in kinds


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.overrides], ids=str)
def test_an_option_is_given_by_name(entry: Entry) -> None:
    assert [
        parameter.name
        for parameter in entry.parameters
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        and parameter.default is not inspect.Parameter.empty
    ] == []


@every_entry
def test_an_option_is_typed_and_is_no_bag(entry: Entry) -> None:
    for parameter in entry.parameters:
        annotation = str(parameter.annotation)
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
        assert not re.search(r"\b(dict|Dict|TypedDict)\b", annotation), parameter.name
        # What CDK itself types as Any (a number that may be a token) stays what it is.
        assert "Any" not in annotation or entry.overrides, parameter.name


@every_entry
def test_the_documentation_names_every_parameter(entry: Entry) -> None:
    assert [parameter.name for parameter in entry.parameters if not _named(entry, parameter)] == []


@every_entry
def test_the_documentation_says_what_happens_without_an_option(entry: Entry) -> None:
    assert [
        parameter.name
        for parameter in entry.parameters
        if parameter.default is not inspect.Parameter.empty
        and "default" not in _text_of(entry, parameter).lower()
    ] == []


@every_entry
def test_the_documentation_names_no_parameter_that_is_gone(entry: Entry) -> None:
    said = re.findall(r"^:param (\w+):", entry.docstring, re.MULTILINE)
    assert set(said) <= {parameter.name for parameter in entry.parameters}


def _named(entry: Entry, parameter: inspect.Parameter) -> bool:
    return bool(_text_of(entry, parameter))


def _text_of(entry: Entry, parameter: inspect.Parameter) -> str:
    """The entry of a parameter, else the sentence that names it."""
    name = re.escape(parameter.name)
    field = re.search(
        rf"^:param {name}:(.*?)(?=^:\w|^\S|\Z)", entry.docstring, re.MULTILINE | re.DOTALL
    )
    if field is not None:
        return field.group(1)
    sentence = re.search(rf"[^.]*``{name}``[^.]*\.", entry.docstring)
    return sentence.group() if sentence is not None else ""
