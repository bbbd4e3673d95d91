import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.iam.callers import SOURCE_KEYS, names_caller

ORGANIZATION = "o-a1b2c3d4e5"
ROLE = "arn:aws:iam::111111111111:role/reader"
FUNCTIONS = "arn:aws:lambda:eu-west-1:111111111111:function:*"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"

NAMING = {
    "organization": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
    "key in any case": {"StringEquals": {"AWS:principalorgid": ORGANIZATION}},
    "several": {"StringEquals": {"aws:PrincipalOrgID": [ORGANIZATION, "o-0000000000"]}},
    "case aside": {"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": ORGANIZATION}},
    "account": {"StringEquals": {"aws:PrincipalAccount": "111111111111"}},
    "account as a number": {"StringEquals": {"aws:PrincipalAccount": 111111111111}},
    "role": {"ArnEquals": {"aws:PrincipalArn": ROLE}},
    "roles of an account": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::111111111111:role/*"}},
    "role as text": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:*"}},
    "unit": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [UNIT]}},
    "organization by path": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
    "source account": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
    "source functions": {"StringLike": {"aws:sourceArn": FUNCTIONS}},
    "any Region": {"StringLike": {"aws:SourceArn": "arn:aws:lambda:*:111111111111:function:*"}},
    "bucket": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::one-bucket"}},
    "network": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    "address": {"IpAddress": {"aws:SourceIp": "203.0.113.7"}},
    "networks": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}},
    "endpoint": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
    "deferred": {"StringEquals": {"aws:PrincipalAccount": "${Token[AWS.AccountId.4]}"}},
    "pseudo parameter": {"StringEquals": {"aws:PrincipalAccount": "${AWS::AccountId}"}},
    "deferred ARN": {"ArnLike": {"aws:SourceArn": "arn:${AWS::Partition}:ecs:*:${Id}:*"}},
    "own organization": {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
    "own organization, turned": {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
    "own account, turned": {"StringLike": {"aws:ResourceAccount": "${!aws:PrincipalAccount}"}},
    "sessions of a role": {"StringLike": {"aws:userid": "AROAABCDEFGHIJKLMNOPQ:*"}},
    "user by its id": {"StringEquals": {"aws:userid": "AIDAABCDEFGHIJKLMNOPQ"}},
    "service by name": {"StringEquals": {"aws:PrincipalServiceName": "lambda.amazonaws.com"}},
    "account of an endpoint": {"StringEquals": {"aws:VpceAccount": "111111111111"}},
    "endpoints of a unit": {"ForAnyValue:StringLike": {"aws:VpceOrgPaths": UNIT}},
    "must be there": {
        "Null": {"aws:PrincipalOrgID": "false"},
        "StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
    },
    "paths must be there": {
        "Null": {"aws:PrincipalOrgPaths": False},
        "ForAllValues:StringLike": {"aws:PrincipalOrgPaths": UNIT},
    },
    "one of two": {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION},
    },
}
OPEN = {
    "nothing": {},
    "no mapping": "aws:PrincipalOrgID",
    "block that is none": {"StringEquals": ORGANIZATION},
    "not this organization": {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
    "not like": {"StringNotLike": {"aws:PrincipalArn": ROLE}},
    "not this role": {"ArnNotEquals": {"aws:PrincipalArn": ROLE}},
    "not this network": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    "if it exists": {"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}},
    "all of none": {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": UNIT}},
    "must be missing": {
        "Null": {"aws:PrincipalOrgID": "true"},
        "StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
    },
    "another must be there": {
        "Null": {"aws:PrincipalArn": "false"},
        "StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
    },
    "only there": {"Null": {"aws:PrincipalOrgID": "false"}},
    "any organization": {"StringLike": {"aws:PrincipalOrgID": "*"}},
    "organizations of a letter": {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    "one character": {"StringLike": {"aws:PrincipalAccount": "11111111111?"}},
    "one of two is any": {"StringLike": {"aws:PrincipalOrgID": [ORGANIZATION, "*"]}},
    "paths of any": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-*/ou-*"}},
    "paths without a slash": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5*"}},
    "role of any account": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}},
    "role of any account as text": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}},
    "wildcard over colons": {"StringLike": {"aws:PrincipalArn": "arn:*:iam::111111111111:role/a"}},
    "Region of a role": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam:*:111111111111:role/a"}},
    "any partition": {"StringLike": {"aws:SourceArn": "arn:*:lambda:eu-west-1:111111111111:a"}},
    "any service": {"StringLike": {"aws:SourceArn": "arn:aws:*:eu-west-1:111111111111:a"}},
    "bare": {"ArnLike": {"aws:PrincipalArn": "*"}},
    "any bucket": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    "ARN operator on a text": {"ArnLike": {"aws:PrincipalOrgID": ORGANIZATION}},
    "whole internet": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    "half of it": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    "whole new internet": {"IpAddress": {"aws:SourceIp": "::/0"}},
    "no network": {"IpAddress": {"aws:SourceIp": "office"}},
    "addresses of every VPC": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
    "caller's own tag": {"StringEquals": {"aws:PrincipalTag/team": "shop"}},
    "encrypted": {"Bool": {"aws:SecureTransport": "true"}},
    "some service": {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    "session of any role": {"StringLike": {"aws:userid": "*:deploy"}},
    "roles of any id": {"StringLike": {"aws:userid": "AROA*:*"}},
    "any service by name": {"StringLike": {"aws:PrincipalServiceName": "*.amazonaws.com"}},
    "own account by its id": {"StringEquals": {"aws:ResourceAccount": "111111111111"}},
    "own organization, if any": {
        "StringEqualsIfExists": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}
    },
    "not of its organization": {"StringNotEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
    "itself": {"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}},
    "itself in Fn::Sub": {"StringEquals": {"aws:PrincipalArn": "${!aws:PrincipalArn}"}},
    "no value": {"StringEquals": {"aws:PrincipalOrgID": []}},
    "typing error": {"StringEqual": {"aws:PrincipalOrgID": ORGANIZATION}},
    "date": {"DateGreaterThan": {"aws:PrincipalArn": ROLE}},
}


@pytest.mark.parametrize("case", sorted(NAMING))
def test_conditions_that_say_who_calls(case):
    assert names_caller(NAMING[case])


@pytest.mark.parametrize("case", sorted(OPEN))
def test_conditions_that_strangers_pass(case):
    assert not names_caller(OPEN[case])


@pytest.mark.parametrize("case", ["organization", "account", "role", "network", "endpoint"])
def test_who_calls_is_not_for_whom(case):
    assert not names_caller(NAMING[case], SOURCE_KEYS)


@given(st.sampled_from(sorted(NAMING)), st.sampled_from(sorted(OPEN)))
def test_a_second_condition_never_opens(naming, other):
    """Conditions hold together: what only restricts further cannot let strangers in."""
    joined = {key: dict(block) for key, block in NAMING[naming].items()}
    more = OPEN[other]
    for operator, block in more.items() if isinstance(more, dict) else ():
        if isinstance(block, dict) and operator not in joined:
            joined[operator] = block
    assert names_caller(joined)


@given(st.sampled_from(sorted(NAMING)))
def test_a_negation_never_names(case):
    negated = {
        operator.replace("String", "StringNot")
        .replace("Arn", "ArnNot")
        .replace("IpA", "NotIpA"): block
        for operator, block in NAMING[case].items()
    }
    assert not names_caller(negated)
