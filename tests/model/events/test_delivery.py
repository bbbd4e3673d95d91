"""What keeps EventBridge from delivering, and what lets it."""

import pytest

from ecr_constructs.model.events.delivery import (
    Kind,
    Sources,
    check_account,
    check_reachable,
    key_statement,
    queue_statement,
)

from ..answers import codes, only

REACHED = {"option": "target", "fifo": False, "key_alias": None, "region": None, "home": None}


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"key_alias": "alias/ours"},
        {"region": "eu-west-1"},
        {"home": "eu-west-1"},
        {"region": "eu-west-1", "home": "eu-west-1"},
    ],
)
def test_what_is_reached_as_far_as_is_known(words):
    for kind in Kind:
        assert check_reachable(kind, **{**REACHED, **words}) == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"fifo": True}, "event-target-fifo"),
        ({"key_alias": "alias/aws/sqs"}, "event-target-managed-key"),
        ({"region": "us-east-1", "home": "eu-west-1"}, "event-target-elsewhere"),
    ],
)
def test_what_is_not_reached(words, code):
    for kind in (Kind.TOPIC, Kind.QUEUE):
        assert only(check_reachable(kind, **{**REACHED, **words})).code == code
    everything = {"fifo": True, "key_alias": "alias/aws/sns", "region": "a", "home": "b"}
    assert len(codes(check_reachable(Kind.TOPIC, **{**REACHED, **everything}))) == 3


@pytest.mark.parametrize("kind", Kind)
def test_another_account_takes_a_role(kind):
    ours, theirs = "111111111111", "222222222222"
    found = check_account(kind, account=theirs, home=ours)
    assert codes(found) == ([] if kind is Kind.OTHER else ["event-target-account"])
    for finding in found:
        assert only([finding]).given == theirs
        assert "topic" in finding.fix
        assert "this account" in finding.fix
    for account, home in ((ours, ours), (None, ours), (theirs, None), (None, None)):
        assert check_account(kind, account=account, home=home) == ()


def test_senders_are_named_or_are_those_of_the_account():
    place = {"partition": "aws-cn", "region": "cn-north-1", "account": "111111111111"}
    one, two = ("arn:aws-cn:events:cn-north-1:111111111111:rule/" + name for name in "ab")
    asked = {
        (one,): {"ArnEquals": {"aws:SourceArn": one}},
        (one, two): {"ArnEquals": {"aws:SourceArn": [one, two]}},
        (): {
            "StringEquals": {"aws:SourceAccount": "111111111111"},
            "ArnLike": {"aws:SourceArn": one[:-1] + "*"},
        },
    }
    for arns, conditions in asked.items():
        statement = queue_statement("arn:queue", Sources(arns=arns, **place))
        assert statement.conditions == conditions
    key = key_statement(Kind.TOPIC, Sources(arns=(one,), **place))
    context = "kms:EncryptionContext:aws:sns:topicArn"
    assert key.conditions == {"ArnLike": {context: "arn:aws-cn:sns:cn-north-1:111111111111:*"}}
