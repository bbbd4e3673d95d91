"""Observes that the repositories stand as the app wrote them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from demo.acts.stage import TAG, Stage
from demo.shop import API, KEPT_RELEASES, REPOSITORIES, UNTAGGED_DAYS, WEB, WORKER
from demo.standing import Standing, describe


def observe(stage: Stage) -> None:
    """Describes the repositories once for each promise, so that each row has its own answer."""
    look = partial(_each, stage)
    ledger = stage.ledger
    ledger.same(
        "encryption",
        partial(look, _encryption),
        {API: f"KMS {stage.outputs.key}", WEB: "AES256", WORKER: "AES256"},
    )
    ledger.same("scanning", partial(look, _scanning), dict.fromkeys(REPOSITORIES, "on push"))
    ledger.same(
        "mutability",
        partial(look, _mutability),
        {API: "IMMUTABLE", WEB: "IMMUTABLE_WITH_EXCLUSION (latest)", WORKER: "IMMUTABLE"},
    )
    untagged = f"expire untagged sinceImagePushed {UNTAGGED_DAYS} days"
    ledger.same(
        "lifecycle",
        partial(look, _expiry),
        {
            API: (
                f"keep tagged {TAG} and "
                f"expire tagged v* imageCountMoreThan {KEPT_RELEASES} and {untagged}"
            ),
            WEB: untagged,
            WORKER: untagged,
        },
    )


def _each(stage: Stage, tell: Callable[[Standing], str]) -> dict[str, str]:
    described = describe(stage.owner.client("ecr"), REPOSITORIES)
    return {name: tell(described[name]) for name in REPOSITORIES}


def _encryption(repository: Standing) -> str:
    return repository.encryption


def _scanning(repository: Standing) -> str:
    return "on push" if repository.scan_on_push else "off"


def _mutability(repository: Standing) -> str:
    return repository.mutability


def _expiry(repository: Standing) -> str:
    return " and ".join(repository.expiry) or "nothing expires"
