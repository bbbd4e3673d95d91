"""Faults that can be put into an entry: what changes, the code and what the error points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A change to an entry that is right, and the error that must come of it."""

    code: str
    change: dict[str, Any]
    """Keys that the entry gets."""
    drops: str | None = None
    """A key that it loses."""
    points_at: str | None = None
    """The text that the column is at; None for the entry itself."""
    says: str = ""
    """What the message must say."""

    def of(self, entry):
        """The entry with the fault."""
        kept = {key: value for key, value in entry.items() if key != self.drops}
        return {**kept, **self.change}


MUTATIONS = (
    Mutation(
        code="manifest-key-unknown",
        change={"lifecyle": []},
        points_at='"lifecyle"',
        says="write 'lifecycle'",
    ),
    Mutation(
        code="fleet-kind-unknown",
        change={"kind": "servce"},
        points_at='"servce"',
        says="write 'service'",
    ),
    Mutation(
        code="fleet-group-unknown",
        change={"group": "shopp"},
        points_at='"shopp"',
        says="write 'shop'",
    ),
    Mutation(
        code="repository-name-invalid",
        change={"name": "Upper/Case"},
        points_at='"Upper/Case"',
        says="use 'upper/case'",
    ),
    Mutation(code="manifest-type", change={"name": 17}, points_at="17", says='"17"'),
    Mutation(code="manifest-key-missing", change={}, drops="name", says="'name'"),
    Mutation(
        code="manifest-type",
        change={"scan_on_push": "yes"},
        points_at='"yes"',
        says="true or false",
    ),
    Mutation(
        code="fleet-principal-or-role-unknown",
        change={"pull": ["partner", "partnr"]},
        points_at='"partnr"',
        says="write 'partner'",
    ),
    Mutation(
        code="account-id-invalid",
        change={"push": [{"account": "1234"}]},
        points_at='"1234"',
        says="12 digits",
    ),
    Mutation(
        code="manifest-key-unknown",
        change={"push": [{"acount": "222222222222"}]},
        points_at='"acount"',
        says="write 'account'",
    ),
    Mutation(
        code="lifecycle-count-not-positive",
        change={"lifecycle": [{"keep_last": 0}]},
        points_at="0",
        says="at least 1",
    ),
    Mutation(
        code="manifest-key-unknown",
        change={"lifecycle": [{"keep_lst": 3}]},
        points_at='"keep_lst"',
        says="write 'keep_last'",
    ),
    Mutation(
        code="lifecycle-several-untagged",
        change={"lifecycle": [{"expire_untagged": 3}, {"keep_last_untagged": 5}]},
        points_at='[{"expire_untagged"',
        says="one rule for untagged",
    ),
    Mutation(
        code="resource-tags-invalid",
        change={"tags": {"fine": "yes", "aws:mine": "no"}},
        points_at='"no"',
        says="'aws:'",
    ),
    Mutation(code="manifest-type", change={"tags": {"count": 3}}, points_at="3", says="in quotes"),
    Mutation(
        code="mutable-tags-invalid",
        change={"mutable_tags": ["latest", "a*b*c*"]},
        points_at='"a*b*c*"',
        says="at most 2",
    ),
    Mutation(
        code="manifest-shape",
        change={"encryption": "AES-256"},
        points_at='"AES-256"',
        says="write 'AES256'",
    ),
    Mutation(
        code="encryption-key-invalid",
        change={"encryption_key": "alias/mine"},
        points_at='"alias/mine"',
        says="arn:PARTITION:kms",
    ),
    Mutation(
        code="removal-reason-missing",
        change={"removal": {"delete_with_images": "short"}},
        points_at='"short"',
        says="10 characters",
    ),
    Mutation(
        code="manifest-deferred",
        change={"tags": {"owner": "${Token[TOKEN.1]}"}},
        points_at='"${Token[TOKEN.1]}"',
        says="only at deployment",
    ),
    Mutation(code="fleet-group-missing", change={}, drops="kind", says="its kind a group"),
)
"""One of each way to be wrong by oneself."""
