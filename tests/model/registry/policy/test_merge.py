"""Merged policies mean what their parts mean, in any order, and say who made them long."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.registry.policy.merge import (
    MAX_POLICY,
    Contribution,
    check_merged,
    document_of,
    merge,
)
from tests.model.iam.evaluator.support import decide

from ...answers import codes, only

ACCOUNT = "111111111111"
REGISTRY = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository"
PRINCIPALS = [f"arn:aws:iam::{number * 12}:role/{name}" for number in "123" for name in ("a", "b")]
ACTIONS = ["ecr:BatchGetImage", "ecr:PutImage", "ecr:ReplicateImage"]
NAMES = ["prod/api", "prod/web", "test/api"]
ORGANIZATIONS = ["o-aaaaaaaaaa", "o-bbbbbbbbbb"]


def some_of(values, chance):
    """One value alone, or a list of some in any order, perhaps with one twice."""
    if chance.random() < 0.5:
        return chance.choice(values)
    return chance.choices(values, k=chance.randint(1, 4))


def conditions(chance):
    operators = chance.sample(
        [
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIfExists",
            "ForAnyValue:StringEquals",
        ],
        k=chance.choice([0, 0, 1, 2]),
    )
    keys = ["aws:PrincipalOrgID", "aws:SourceOrgID"]
    return {
        operator: {
            key: some_of(ORGANIZATIONS, chance)
            for key in chance.sample(keys, k=chance.randint(1, 2))
        }
        for operator in operators
    }


def random_statement(chance):
    effect = chance.choice(["Allow", "Deny"])
    deny = effect == "Deny"
    resources = ["*", f"{REGISTRY}/prod/*", f"{REGISTRY}/test/api", f"{REGISTRY}/*"]
    made = {
        "Effect": effect,
        "Principal": chance.choice(["*", {"AWS": some_of(PRINCIPALS, chance)}]),
        chance.choice(["Action", "NotAction"]) if deny else "Action": some_of(
            [*ACTIONS, "ecr:*"], chance
        ),
        chance.choice(["Resource", "NotResource"]) if deny else "Resource": some_of(
            resources, chance
        ),
    }
    condition = conditions(chance)
    if condition:
        made["Condition"] = condition
    elements = list(made)
    chance.shuffle(elements)
    return {element: made[element] for element in elements}


def random_contributions(chance):
    return [
        Contribution(owner=chance.choice(["A", "B/C", "D"]), statement=random_statement(chance))
        for _ in range(chance.randint(1, 5))
    ]


def random_request(chance):
    context = {
        key: chance.choice(ORGANIZATIONS)
        for key in ("aws:PrincipalOrgID", "aws:SourceOrgID")
        if chance.random() < 0.5
    }
    return chance.choice(PRINCIPALS), chance.choice(ACTIONS), chance.choice(NAMES), context


# Statements drawn piece by piece would take a minute: one seed draws them all.
CHANCES = st.integers(min_value=0, max_value=2**32).map(random.Random)
FULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def outcome(policy, request):
    who, action, name, context = request
    answer = decide(who, action, f"{REGISTRY}/{name}", context, identity=[FULL], registry=policy)
    return answer.decision


@given(CHANCES)
def test_a_merged_policy_means_what_its_parts_mean(chance):
    contributions = random_contributions(chance)
    parts = {
        "Version": "2012-10-17",
        "Statement": [dict(entry.statement) for entry in contributions],
    }
    merged = document_of(merge(contributions))
    for request in (random_request(chance) for _ in range(4)):
        assert outcome(merged, request) == outcome(parts, request), request


@given(CHANCES)
def test_the_order_of_declaration_is_nothing(chance):
    contributions = random_contributions(chance)
    shuffled = list(contributions)
    chance.shuffle(shuffled)
    assert json.dumps(document_of(merge(shuffled))) == json.dumps(document_of(merge(contributions)))
    assert merge(shuffled) == merge(contributions)


@given(CHANCES)
def test_what_is_merged_again_stays_as_it_is(chance):
    once = merge(random_contributions(chance))
    again = merge(Contribution(owner=entry.owners[0], statement=entry.statement) for entry in once)
    assert document_of(again) == document_of(once)


@given(CHANCES)
def test_a_sid_stays_when_others_come(chance):
    contributions = random_contributions(chance)
    alone = {str(entry.statement) for entry in merge(contributions)}
    together = merge([*contributions, *random_contributions(chance)])
    assert alone <= {str(entry.statement) for entry in together}


@given(CHANCES)
def test_every_statement_has_its_sid_and_its_owners(chance):
    contributions = random_contributions(chance)
    merged = merge(contributions)
    sids = [entry.statement["Sid"] for entry in merged]
    assert all(sid.isalnum() for sid in sids)
    assert sids == sorted(set(sids))
    assert {owner for entry in merged for owner in entry.owners} == {
        entry.owner for entry in contributions
    }
    assert check_merged(merged) == ()


def statement(**elements):
    base = {
        "Effect": "Allow",
        "Principal": {"AWS": PRINCIPALS[0]},
        "Action": "ecr:ReplicateImage",
        "Resource": "*",
    }
    return {**base, **elements}


def test_equal_statements_are_one():
    same = [
        statement(),
        statement(Action=["ecr:ReplicateImage"]),
        statement(Principal={"AWS": [PRINCIPALS[0], PRINCIPALS[0]]}),
        statement(Sid="Replication"),
    ]
    (merged,) = merge(
        Contribution(owner=f"Owner{place}", statement=entry) for place, entry in enumerate(same)
    )
    assert merged.owners == ("Owner0", "Owner1", "Owner2", "Owner3")
    assert merged.statement == {"Sid": "Replication", **statement()}
    assert next(iter(merged.statement)) == "Sid"


def test_intrinsic_functions_are_values():
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":b"]]}
    (merged,) = merge([Contribution(owner="A", statement=statement(Resource=[arn, arn]))])
    assert merged.statement["Resource"] == arn


def test_one_sid_of_two_statements_names_both_owners():
    contributions = [
        Contribution(owner="Shop/A", statement=statement(Sid="Same")),
        Contribution(owner="Shop/B", statement=statement(Sid="Same", Resource=f"{REGISTRY}/x")),
    ]
    finding = only(check_merged(merge(contributions)))
    assert (finding.code, finding.given) == ("registry-policy-sid-twice", "Same")
    assert "Shop/A" in finding.message
    assert "Shop/B" in finding.message


def sized(owner, length):
    """A statement that makes its document this long when it is alone in it."""
    empty = Contribution(owner=owner, statement=statement(Sid=owner, Resource="x"))
    (merged,) = merge([empty])
    around = len(json.dumps(document_of([merged]), separators=(",", ":"))) - 1
    return Contribution(
        owner=owner, statement=statement(Sid=owner, Resource="x" * (length - around))
    )


def test_the_limit_is_the_api_s():
    assert MAX_POLICY == 10_240
    assert check_merged(merge([sized("A", MAX_POLICY)])) == ()
    finding = only(check_merged(merge([sized("A", MAX_POLICY + 1)])))
    assert (finding.code, finding.given) == ("registry-policy-too-long", 10_241)


def test_bytes_count_and_not_letters():
    short = sized("A", MAX_POLICY)
    text = short.statement["Resource"]
    longer = Contribution(owner="A", statement={**short.statement, "Resource": text[:-1] + "é"})
    assert only(check_merged(merge([longer]))).given == MAX_POLICY + 1


def test_the_largest_parts_are_named_first():
    lengths = {
        "Shop/Small": 2,
        "Shop/Large": 30,
        "Shop/Middle": 20,
        **{f"Rest/{n}": 1 for n in "abcdef"},
    }
    contributions = [
        Contribution(owner=owner, statement=statement(Resource=f"{owner}{place}" + "x" * 200))
        for owner, number in lengths.items()
        for place in range(number)
    ]
    finding = only(check_merged(merge(contributions)))
    said = finding.message
    assert said.index("Shop/Large") < said.index("Shop/Middle") < said.index("Shop/Small")
    assert "Rest/f" not in said
    (large,) = [part for part in said.split(", ") if "Shop/Large" in part]
    share = int(large.rpartition("(")[2].split()[0])
    assert 30 * 200 < share < 30 * 500


def test_a_deferred_part_is_never_too_long():
    deferred = "${Token[" + "x" * 20_000 + "]}"
    (merged,) = merge([Contribution(owner="A", statement=statement(Resource=deferred))])
    assert merged.size < 300
    assert codes(check_merged([merged])) == []


@pytest.mark.parametrize(
    ("action", "beginning"),
    [
        ("ecr:ReplicateImage", "AllowReplicateImage"),
        (["ecr:B", "ecr:A"], "AllowA"),
        ("ecr:*", "Allow"),
    ],
)
def test_a_sid_says_what_its_statement_does(action, beginning):
    (merged,) = merge([Contribution(owner="A", statement=statement(Action=action))])
    sid = str(merged.statement["Sid"])
    assert sid.startswith(beginning)
    assert len(sid) == len(beginning) + 8
