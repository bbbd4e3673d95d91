"""The table of calls that the other tests try is complete, and each call says what it should."""

from __future__ import annotations

from ecr_constructs.model.iam.actions import REPOSITORY_ACTIONS
from embedded_aws.account import AUTHORIZATION_TOKEN, Account
from embedded_aws.registry_client import image

from .callers import Principal
from .grants import GRANTS
from .operations import OPERATIONS, Target
from .roads import ALL_ROADS, Roads, Stock, open_roads

ALL = frozenset(f"ecr:{operation}" for operation in OPERATIONS)


def stocked(account: Account) -> Stock:
    name = "shop/api"
    account.client("ecr").create_repository(repositoryName=name)
    registry = account.aws.registry(account.id, name, credentials=account.root)
    return Stock(registry, Target(account.id, account.region, name))


def test_every_action_on_a_repository_is_tried() -> None:
    assert ALL == REPOSITORY_ACTIONS
    for grant in GRANTS.values():
        assert grant.gives < ALL


def test_who_may_do_everything_is_let_in_everywhere(account: Account) -> None:
    stock = stocked(account)
    everything = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    caller = Principal.of(account, "all", account.role("all", [everything]))
    assert caller.gets_token()
    assert Roads(caller, stock).open_among(ALL_ROADS) == ALL_ROADS
    assert open_roads(ALL, token=True) == ALL_ROADS
    assert caller.may(stock.target) == ALL


def test_who_may_do_nothing_is_let_in_nowhere(account: Account) -> None:
    stock = stocked(account)
    stock.put("kept")
    for statements in ([], [AUTHORIZATION_TOKEN]):
        name = f"nothing-{len(statements)}"
        caller = Principal.of(account, name, account.role(name, statements))
        assert caller.gets_token() == bool(statements)
        assert Roads(caller, stock).open_among(ALL_ROADS) == frozenset()
        assert caller.may(stock.target) == frozenset()


def test_one_action_is_told_from_all_others(account: Account) -> None:
    stock = stocked(account)
    stock.put("kept")
    ordered = sorted(ALL)
    for action, neighbour in zip(ordered, [*ordered[1:], ordered[0]], strict=True):
        statement = {"Effect": "Allow", "Action": action, "Resource": stock.target.arn}
        name = action.removeprefix("ecr:")
        caller = Principal.of(account, name, account.role(name, [statement]))
        assert caller.may(stock.target, frozenset({action, neighbour})) == {action}


def test_what_was_pushed_and_deleted_is_seen(account: Account) -> None:
    stock = stocked(account)
    kept = stock.put("kept")
    assert stock.has(kept)
    assert not stock.has(image("never pushed"))
    ids = [{"imageDigest": kept.digest}]
    account.client("ecr").batch_delete_image(repositoryName=stock.target.name, imageIds=ids)
    assert not stock.has(kept)
    assert stock.put("kept") == kept
    assert stock.has(kept)
