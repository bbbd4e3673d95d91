"""A promise is kept by the answer that was promised, and by nothing else."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from rich.console import Console

from demo.promises import NEVER, Chapter, Ledger, Promise, Row
from demo.registry import RegistryRefusedError
from demo.screen import Screen, abridged
from demo.toolkit import CommandFailedError, Result

WORKS = Promise("works", "it works")
DENIED = Promise("denied", "it is denied", ("AccessDenied", "ecr:PutImage"))
CHAPTER = Chapter("Both", (WORKS, DENIED))


def answer(value: object) -> object:
    return value


def fail(error: Exception) -> object:
    raise error


def client_error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutImage")


class Announcer:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def __call__(self, row: Row) -> None:
        self.rows.append(row)


@pytest.fixture
def announcer() -> Announcer:
    return Announcer()


@pytest.fixture
def ledger(announcer: Announcer) -> Ledger:
    return Ledger([CHAPTER], announcer)


def test_the_expected_answer_keeps_a_promise(ledger: Ledger, announcer: Announcer) -> None:
    assert ledger.same("works", partial(answer, {"a": ["x", "y"]}), {"a": ["x", "y"]})
    assert announcer.rows == [Row("Both", WORKS, "a: x, y", kept=True)]


def test_names_with_the_same_answer_are_told_together(ledger: Ledger) -> None:
    value = {"shop/api": "on", "shop/web": "off", "shop/worker": "on"}
    ledger.same("works", partial(answer, value), value)
    assert ledger.rows()[0].observed == "shop/api, shop/worker: on; shop/web: off"


def test_another_answer_breaks_it(ledger: Ledger) -> None:
    assert not ledger.same("works", partial(answer, "one"), "two")
    assert ledger.rows()[0].observed == "one, expected two"


def test_a_refusal_of_what_must_work_breaks_it(ledger: Ledger) -> None:
    assert not ledger.same("works", partial(fail, client_error("Denied", "no")), "one")
    assert ledger.rows()[0].observed == "refused: Denied: no"


def test_the_promised_refusal_keeps_a_promise(ledger: Ledger) -> None:
    error = client_error("AccessDeniedException", "not authorized to perform: ecr:PutImage")
    assert ledger.refused("denied", partial(fail, error))


def test_a_refusal_for_another_reason_breaks_it(ledger: Ledger) -> None:
    error = client_error("RepositoryNotFoundException", "ecr:PutImage")
    assert not ledger.refused("denied", partial(fail, error))


def test_a_grant_of_what_must_be_refused_breaks_it(ledger: Ledger) -> None:
    assert not ledger.refused("denied", partial(answer, "sha256:1"))
    assert ledger.rows()[1].observed == "granted: sha256:1"


def test_the_words_of_registry_and_command_line_are_answers(ledger: Ledger) -> None:
    registry = RegistryRefusedError(status=403, code="AccessDenied", message="not for ecr:PutImage")
    assert ledger.refused("denied", partial(fail, registry))
    command = CommandFailedError(
        Result("cdk deploy", 1, "starts\nCREATE_FAILED Api already exists\nends")
    )
    assert not ledger.same("works", partial(fail, command), "")
    assert (
        ledger.rows()[0].observed == "refused: cdk exited with 1: CREATE_FAILED Api already exists"
    )


def test_a_broken_connection_is_no_answer(ledger: Ledger) -> None:
    error = EndpointConnectionError(endpoint_url="https://127.0.0.1:1")
    with pytest.raises(EndpointConnectionError):
        ledger.refused("denied", partial(fail, error))
    assert ledger.rows()[1].observed == NEVER


def test_what_nobody_observed_is_broken(ledger: Ledger) -> None:
    ledger.same("works", partial(answer, "one"), "one")
    assert [row.kept for row in ledger.rows()] == [True, False]
    assert not ledger.all_kept


def test_all_observed_as_promised_is_kept(ledger: Ledger) -> None:
    ledger.same("works", partial(answer, "one"), "one")
    ledger.refused("denied", partial(fail, client_error("AccessDenied", "ecr:PutImage")))
    assert ledger.all_kept


def test_a_promise_is_observed_once(ledger: Ledger) -> None:
    ledger.same("works", partial(answer, "one"), "one")
    with pytest.raises(ValueError, match="observed already"):
        ledger.same("works", partial(answer, "one"), "one")


def test_only_a_promised_refusal_can_be_observed(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="does not promise a refusal"):
        ledger.refused("works", partial(answer, "one"))


def test_the_table_leaves_out_only_what_every_row_repeats() -> None:
    told = abridged(
        "403 DENIED: User: arn:aws:sts::111111111111:assumed-role/Shop-Ci/session is not "
        "authorized to perform: ecr:PutImage on resource: "
        "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api because no identity-based policy "
        "allows the ecr:PutImage action"
    )
    assert told == (
        "403 DENIED: … not authorized to perform: ecr:PutImage on resource: …/shop/api because no "
        "identity-based policy allows …"
    )


def test_the_table_says_each_verdict_in_a_word(ledger: Ledger, tmp_path: Path) -> None:
    ledger.same("works", partial(answer, "one"), "one")
    paper = io.StringIO()
    picture = tmp_path / "docs" / "screen.svg"
    Screen(Console(file=paper, width=100)).finish(ledger.rows(), picture)

    lines = paper.getvalue().splitlines()
    assert any("it works" in line and "kept" in line for line in lines)
    assert any("it is denied" in line and NEVER in line and "BROKEN" in line for line in lines)
    assert "1 of 2 promises kept" in paper.getvalue()
    assert picture.read_text().startswith("<svg")
    assert "BROKEN" in picture.read_text()
    assert "url(http" not in picture.read_text().replace('"', "")
