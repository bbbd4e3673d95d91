"""The page of events says of each kind, and of the message, what is so."""

from __future__ import annotations

import json
import re

from ecr_constructs.model.events.messages import message_for, rendered
from ecr_constructs.model.events.selections import ImageEvent, ScanFindings, selections_of

from ..events.examples import event
from .pages import ROOT, blocks

PAGE = ROOT / "docs" / "events.md"


def test_each_event_is_in_the_table_with_its_kind() -> None:
    rows = re.findall(r"^\| (?:`(.+?)`)? ?\| .+ \| `([a-z-]+)` \|$", PAGE.read_text(), re.MULTILINE)
    kinds = {event.value for event in ImageEvent}
    kinds |= {selection.kind for selection in selections_of(ScanFindings())}
    assert {kind for _, kind in rows} == kinds
    named = {name: kind for name, kind in rows if name.startswith("ImageEvent.")}
    assert named == {f"ImageEvent.{event.name}": event.value for event in ImageEvent}


def test_the_message_is_what_arrives_of_the_recorded_event() -> None:
    (shown,) = [json.loads(block.body) for block in blocks(PAGE) if block.language == "json"]
    (selection,) = [one for one in selections_of(ScanFindings()) if one.kind == "finding"]
    message = message_for(selection, partition="aws")
    arrived = json.loads(rendered(message, event("enhanced_finding")))
    assert shown == {**arrived, "detail": {}}


def test_each_field_is_described() -> None:
    (shown,) = [json.loads(block.body) for block in blocks(PAGE) if block.language == "json"]
    table = PAGE.read_text().partition("| field | |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
    assert [name for cell in cells for name in re.findall(r"\w+", cell)] == list(shown)
