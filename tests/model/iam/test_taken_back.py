"""A Deny that takes back what a statement gives: said where it is certain, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.iam.taken_back import check_taken_back
from ecr_constructs.model.registry.perimeter.value import Perimeter

from ..answers import only
from .evaluator.support import ALLOW, decide

OWN, PARTNER, STRANGER = "111111111111", "222222222222", "333333333333"
REPOSITORY = f"arn:aws:ecr:eu-west-1:{OWN}:repository/shop/api"
EVERY = f"arn:aws:ecr:eu-west-1:{OWN}:repository/*"
PULL = "ecr:BatchGetImage"
PERIMETER = Perimeter(accounts=[PARTNER])
DENIES = PERIMETER.statements(partition="aws", account=OWN)


def allow(principal, **elements):
    return {"Effect": "Allow", "Principal": principal, "Action": PULL, **elements}


def root(account, partition="aws"):
    return {"AWS": f"arn:{partition}:iam::{account}:root"}


def function_of(account):
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    return allow({"Service": "lambda.amazonaws.com"}, Condition=condition)


@pytest.mark.parametrize(
    "statement",
    [
        allow(root(STRANGER)),
        allow(root(STRANGER, "${AWS::Partition}")),
        allow({"AWS": STRANGER}),
        allow({"AWS": [f"arn:aws:iam::{STRANGER}:role/ci", f"arn:aws:iam::{PARTNER}:role/ci"]}),
        allow(root(STRANGER), Action=[PULL, "ecr:GetDownloadUrlForLayer"]),
        function_of(STRANGER),
    ],
)
def test_who_is_outside_a_perimeter_is_not_let_in(statement):
    finding = only(check_taken_back([statement], DENIES))
    assert finding.code == "policy-taken-back"
    assert finding.severity.value == "warning"
    assert STRANGER in finding.message
    assert "PerimeterIdentities" in finding.message or "PerimeterServices" in finding.message


@pytest.mark.parametrize(
    ("statement", "denies"),
    [
        (allow(root(PARTNER)), DENIES),
        (allow(root(OWN)), DENIES),
        (function_of(PARTNER), DENIES),
        (allow("*"), DENIES),
        (allow({"AWS": "*"}), DENIES),
        (allow({"AWS": "${Role.Arn}"}), DENIES),
        (allow({"AWS": "not an ARN"}), DENIES),
        (allow({"Service": "lambda.amazonaws.com"}), DENIES),
        ({**allow(root(STRANGER)), "Effect": "Deny"}, DENIES),
        ({**allow(root(STRANGER)), "NotAction": PULL, "Action": None}, DENIES),
        # The account may be of the organization, or in the network.
        (
            allow(root(STRANGER)),
            Perimeter(organizations=["o-a1b2c3d4e5"]).statements(partition="aws", account=OWN),
        ),
        (
            allow(root(STRANGER)),
            Perimeter(vpc_endpoints=["vpce-0123456789abcdef0"]).statements(
                partition="aws", account=OWN
            ),
        ),
        # The account may be any.
        (
            allow(root(STRANGER)),
            PERIMETER.statements(partition="aws", account="${AWS::AccountId}"),
        ),
        # A Deny of one role is not one of its account, and one of something else is no matter.
        (
            allow(root(STRANGER)),
            [{**allow("*"), "Effect": "Deny", "Condition": {"ArnLike": {"aws:PrincipalArn": "*"}}}],
        ),
        (allow(root(STRANGER)), [{**DENIES[0], "Action": "ecr:DeleteRepository"}]),
    ],
)
def test_what_is_not_certain_is_not_said(statement, denies):
    assert check_taken_back([statement], denies) == ()


def test_a_role_is_known_by_its_arn():
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "ecr:*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{STRANGER}:role/ci-*"}},
    }
    let_in = allow({"AWS": f"arn:aws:iam::{STRANGER}:role/ci-main"})
    assert "another statement" in only(check_taken_back([let_in], [deny])).message
    assert check_taken_back([allow({"AWS": f"arn:aws:iam::{STRANGER}:role/dev"})], [deny]) == ()


def test_the_registry_denies_for_the_repositories_that_it_names():
    partition = "${AWS::Partition}"
    of_registry = PERIMETER.statements(
        partition=partition, account=OWN, resources=(EVERY.replace("aws", partition, 1),)
    )
    let_in = allow(root(STRANGER))
    assert only(check_taken_back([let_in], of_registry, resource=REPOSITORY))
    elsewhere = REPOSITORY.replace("eu-west-1", "eu-central-1")
    assert check_taken_back([let_in], of_registry, resource=elsewhere) == ()
    in_registry = {**let_in, "Resource": EVERY}
    assert only(check_taken_back([in_registry], of_registry))


@given(
    accounts=st.sets(st.sampled_from([OWN, PARTNER, STRANGER, "4" * 12]), min_size=1),
    who=st.sampled_from([OWN, PARTNER, STRANGER, "4" * 12]),
    role=st.booleans(),
    network=st.booleans(),
    organization=st.booleans(),
)
def test_what_is_said_is_what_the_evaluation_says(accounts, who, role, network, organization):
    """Nobody who is let in under some circumstances is said to be shut out, and the reverse."""
    perimeter = Perimeter(
        accounts=sorted(accounts),
        organizations=["o-a1b2c3d4e5"] if organization else [],
        vpc_endpoints=["vpce-0123456789abcdef0"] if network else [],
    )
    denies = perimeter.statements(partition="aws", account=OWN)
    statement = allow({"AWS": f"arn:aws:iam::{who}:role/ci"} if role else root(who))
    document = {"Version": "2012-10-17", "Statement": [statement, *denies]}
    best = {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceVpce": "vpce-0123456789abcdef0"}
    identity = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}],
    }
    decision = decide(
        f"arn:aws:iam::{who}:role/ci",
        PULL,
        REPOSITORY,
        context=best,
        identity=(identity,),
        repository=document,
    )
    said = check_taken_back([statement], denies) != ()
    assert said is (decision.decision.value != ALLOW)
