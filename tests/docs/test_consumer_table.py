"""AWS's managed policies beside ours: the table is that of today, and each gap has its reason."""

from __future__ import annotations

import pytest

from ecr_constructs.model.iam.actions import GET_AUTHORIZATION_TOKEN

from .consumer_table import BEGIN, END, PAGE, REASONS, ROWS, Row, left_out, renewed, theirs

RENEW = "python -m tests.docs.consumer_table"


def test_the_table_is_that_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
    assert page == renewed(page), RENEW


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.consumer}-{row.policy}")
def test_what_aws_allows_is_given_or_left_out_for_a_reason(row: Row) -> None:
    gone = {f"ecr:{name}" for names in left_out(row).values() for name in names}
    assert gone | {*row.ours, GET_AUTHORIZATION_TOKEN} >= theirs(row.policy)
    assert gone.isdisjoint(row.ours)


def test_ours_gives_nothing_that_aws_does_not() -> None:
    for row in ROWS:
        assert set(row.ours) <= theirs(row.policy), row


def test_no_reason_is_left_over() -> None:
    used = {name for row in ROWS for names in left_out(row).values() for name in names}
    assert used == set(REASONS)
