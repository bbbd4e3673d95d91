"""Cases of AWS's pages about elements, conditions and variables; each names its page."""

import base64
from dataclasses import dataclass, field

import pytest

from .support import ACCOUNT, ROLE, SESSION, USER, decide, document, grant, holds, statement

OPERATORS = "reference_policies_elements_condition_operators"
CONDITION = "reference_policies_elements_condition"
MULTIPLE = "reference_policies_condition-logic-multiple-context-keys-or-values"
SETS = "reference_policies_condition-single-vs-multi-valued-context-keys"
VARIABLES = "reference_policies_variables"
VERSION = "reference_policies_elements_version"
KEYS = "reference_policies_condition-keys"
ACTION = "reference_policies_elements_action"
NOT_ACTION = "reference_policies_elements_notaction"
RESOURCE = "reference_policies_elements_resource"
NOT_RESOURCE = "reference_policies_elements_notresource"

SOURCE_ARN = (
    "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
)
FINANCE = {
    "StringEqualsIgnoreCase": {
        "aws:PrincipalTag/department": ["finance", "hr", "legal"],
        "aws:PrincipalTag/role": ["audit", "security"],
    },
    "StringEquals": {"aws:PrincipalAccount": ACCOUNT},
}
THREAD = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["ID", "Message", "Tags"]}}
FORBIDDEN = {"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}
HOME = {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/"]}}


@dataclass(frozen=True)
class Met:
    """A condition, a context, and whether the page says that it is met."""

    page: str
    name: str
    condition: dict
    context: dict
    expected: bool
    who: str = USER
    version: str = "2012-10-17"
    elements: dict = field(default_factory=dict)

    def __str__(self):
        return f"{self.page}: {self.name}"


CONDITIONS = [
    Met(OPERATORS, "StringEquals matches", {"StringEquals": {"aws:PrincipalTag/job": "admin"}},
        {"aws:PrincipalTag/job": "admin"}, True),
    Met(OPERATORS, "StringEquals is case-sensitive",
        {"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {"aws:PrincipalTag/job": "Admin"},
        False),
    Met(OPERATORS, "StringEquals knows no wildcards",
        {"StringEquals": {"aws:PrincipalTag/job": "adm*"}}, {"aws:PrincipalTag/job": "admin"},
        False),
    Met(OPERATORS, "StringEquals: the key is absent",
        {"StringEquals": {"aws:PrincipalTag/job": "admin"}}, {}, False),
    Met(OPERATORS, "StringNotEquals: the key is absent",
        {"StringNotEquals": {"aws:PrincipalTag/job": "admin"}}, {}, True),
    Met(OPERATORS, "StringNotLike: the key is absent",
        {"StringNotLike": {"aws:PrincipalTag/job": "admin*"}}, {}, True),
    Met(OPERATORS, "ArnNotLike: the key is absent",
        {"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, {}, True),
    Met(OPERATORS, "StringEqualsIgnoreCase", {"StringEqualsIgnoreCase": {"aws:username": "JOHN"}},
        {"aws:username": "john"}, True),
    Met(OPERATORS, "StringNotEqualsIgnoreCase",
        {"StringNotEqualsIgnoreCase": {"aws:username": "JOHN"}}, {"aws:username": "john"}, False),
    Met(OPERATORS, "StringLike matches by wildcards",
        {"StringLike": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {"ec2:InstanceType": "t2.micro"},
        True),
    Met(OPERATORS, "StringLike: ? is one character",
        {"StringLike": {"ec2:InstanceType": "t?.micro"}}, {"ec2:InstanceType": "t10.micro"}, False),
    Met(OPERATORS, "StringLike: the home directory", HOME, {"s3:prefix": "home/exampleuser/"},
        True),
    Met(OPERATORS, "StringLike: another's home directory", HOME, {"s3:prefix": "home/other/"},
        False),
    Met(OPERATORS, "StringLike: the empty prefix", HOME, {"s3:prefix": ""}, True),
    Met(OPERATORS, "NumericLessThanEquals at the bound",
        {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": 10}, True),
    Met(OPERATORS, "NumericLessThanEquals over it",
        {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "11"}, False),
    Met(OPERATORS, "NumericGreaterThan by decimals",
        {"NumericGreaterThan": {"s3:max-keys": 9.5}}, {"s3:max-keys": "9.75"}, True),
    Met(OPERATORS, "NumericEquals compares numbers, not text",
        {"NumericEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10.0"}, True),
    Met(OPERATORS, "NumericNotEquals", {"NumericNotEquals": {"s3:max-keys": ["1", "2"]}},
        {"s3:max-keys": "2"}, False),
    Met(OPERATORS, "DateGreaterThan: issued after",
        {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}},
        {"aws:TokenIssueTime": "2020-01-01T00:00:02Z"}, True),
    Met(OPERATORS, "DateGreaterThan: a user's access key has no issue time",
        {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}, {}, False),
    Met(OPERATORS, "dates may be in epoch time",
        {"DateLessThan": {"aws:CurrentTime": "1577836801"}},
        {"aws:CurrentTime": "2020-01-01T00:00:00Z"}, True),
    Met(OPERATORS, "epoch time may have any number of digits",
        {"DateLessThan": {"aws:CurrentTime": "99999999999999999999"}},
        {"aws:CurrentTime": "2020-01-01T00:00:00Z"}, True),
    Met(OPERATORS, "dates of different zones compare as moments",
        {"DateEquals": {"aws:CurrentTime": "2020-01-01T01:00:00+01:00"}},
        {"aws:CurrentTime": "2020-01-01T00:00Z"}, True),
    Met(OPERATORS, "a date may be a day", {"DateGreaterThanEquals": {"aws:CurrentTime": "2020-01"}},
        {"aws:CurrentTime": "2020-01-01"}, True),
    Met(OPERATORS, "Bool", {"Bool": {"aws:SecureTransport": "false"}},
        {"aws:SecureTransport": False}, True),
    Met(OPERATORS, "Bool: the other", {"Bool": {"aws:SecureTransport": "false"}},
        {"aws:SecureTransport": "true"}, False),
    Met(OPERATORS, "BinaryEquals", {"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}},
        {"key": base64.b64encode(b"BinaryValueInBase64").decode()}, True),
    Met(OPERATORS, "BinaryEquals against the bytes themselves",
        {"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}},
        {"key": b"BinaryValueInBase64"}, True),
    Met(OPERATORS, "BinaryEquals: bytes that happen to be the letters of base64",
        {"BinaryEquals": {"key": "cmVk"}}, {"key": b"cmVk"}, False),
    Met(OPERATORS, "BinaryEquals: other bytes", {"BinaryEquals": {"key": "QmluYXJ5"}},
        {"key": "QmluYXJ6"}, False),
    Met(OPERATORS, "IpAddress inside the range", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"aws:SourceIp": "203.0.113.255"}, True),
    Met(OPERATORS, "IpAddress outside it", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"aws:SourceIp": "203.0.114.0"}, False),
    Met(OPERATORS, "IpAddress: IPv6 beside IPv4",
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]}},
        {"aws:SourceIp": "2001:db8:1234:5678::1"}, True),
    Met(OPERATORS, "IpAddress without a prefix is one address",
        {"IpAddress": {"aws:SourceIp": "203.0.113.7"}}, {"aws:SourceIp": "203.0.113.8"}, False),
    Met(OPERATORS, "NotIpAddress", {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"aws:SourceIp": "203.0.113.9"}, False),
    Met(KEYS, "aws:SourceIp is an address, never a range",
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.0/25"},
        False),
    Met(OPERATORS, "aws:SourceIp is absent over a VPC endpoint",
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}, False),
    Met(OPERATORS, "where StringLike matches over colons",
        {"StringLike": {"aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*"}},
        {"aws:SourceArn": SOURCE_ARN}, True),
    Met(OPERATORS, "ArnLike does not",
        {"ArnLike": {"aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*"}},
        {"aws:SourceArn": SOURCE_ARN}, False),
    Met(OPERATORS, "ArnEquals takes wildcards as ArnLike does",
        {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:123456789012:TOPIC-??"}},
        {"aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:TOPIC-ID"}, True),
    Met(OPERATORS, "ArnNotEquals takes them too",
        {"ArnNotEquals": {"aws:SourceArn": "arn:aws:sns:*:123456789012:TOPIC-??"}},
        {"aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:TOPIC-ID"}, False),
    Met(OPERATORS, "IfExists: present and matching",
        {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}},
        {"ec2:InstanceType": "t1.micro"}, True),
    Met(OPERATORS, "IfExists: present and not matching",
        {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}},
        {"ec2:InstanceType": "m5.large"}, False),
    Met(OPERATORS, "IfExists: absent",
        {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {}, True),
    Met(OPERATORS, "IfExists with a negated operator: absent",
        {"StringNotEqualsIfExists": {"aws:PrincipalTag/job": "admin"}}, {}, True),
    Met(OPERATORS, "Null true: the key does not exist",
        {"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
    Met(OPERATORS, "Null true: it exists", {"Null": {"aws:TokenIssueTime": "true"}},
        {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}, False),
    Met(OPERATORS, "Null false: it exists and is not null",
        {"Null": {"aws:TokenIssueTime": False}}, {"aws:TokenIssueTime": "2020-01-01"}, True),
    Met(CONDITION, "an empty value is null", {"Null": {"aws:TagKeys": "false"}},
        {"aws:TagKeys": [""]}, False),
    Met(CONDITION, "key names are not case-sensitive",
        {"StringEquals": {"AWS:SourceVPCE": "vpce-1"}}, {"aws:sourceVpce": "vpce-1"}, True),
    Met(CONDITION, "nor are tag keys", {"StringEquals": {"aws:ResourceTag/TagKey1": "Value1"}},
        {"aws:ResourceTag/tagkey1": "Value1"}, True),
    Met(CONDITION, "values are, by the operator", {"StringEquals": {"aws:username": "johndoe"}},
        {"aws:username": "JohnDoe"}, False),
    Met(CONDITION, "MFA in the last hour",
        {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"}},
        {"aws:MultiFactorAuthAge": 300}, True),
    Met(CONDITION, "MFA without an age",
        {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"}}, {}, False),
    Met(MULTIPLE, "every operator and key by AND, values by OR", FINANCE,
        {"aws:PrincipalTag/department": "HR", "aws:PrincipalTag/role": "audit"}, True),
    Met(MULTIPLE, "one key that does not match", FINANCE,
        {"aws:PrincipalTag/department": "HR", "aws:PrincipalTag/role": "sales"}, False),
    Met(MULTIPLE, "one key that is absent", FINANCE, {"aws:PrincipalTag/role": "audit"}, False),
    Met(MULTIPLE, "negated: the values are joined by NOR",
        {"StringNotEquals": {"aws:PrincipalAccount": ["111111111111", ACCOUNT]}}, {}, False),
    Met(MULTIPLE, "negated: none of the values matches",
        {"StringNotEquals": {"aws:PrincipalAccount": ["111111111111", "222222222222"]}}, {}, True),
    Met(SETS, "ForAllValues: all are listed", THREAD,
        {"dynamodb:Attributes": ["Message", "Tags"]}, True),
    Met(SETS, "ForAllValues: one is not", THREAD,
        {"dynamodb:Attributes": ["Message", "UserName"]}, False),
    Met(SETS, "ForAllValues: no key in the request", THREAD, {}, True),
    Met(SETS, "ForAllValues: an empty set", THREAD, {"dynamodb:Attributes": []}, True),
    Met(SETS, "ForAllValues: an empty string", THREAD, {"dynamodb:Attributes": ""}, True),
    Met(SETS, "ForAnyValue: one is listed", FORBIDDEN,
        {"dynamodb:Attributes": ["PostDateTime", "Message"]}, True),
    Met(SETS, "ForAnyValue: none is", FORBIDDEN, {"dynamodb:Attributes": ["UserName"]}, False),
    Met(SETS, "ForAnyValue: no key in the request", FORBIDDEN, {}, False),
    Met(SETS, "ForAnyValue: an empty set", FORBIDDEN, {"dynamodb:Attributes": []}, False),
    Met(SETS, "ForAnyValue with StringLike",
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-*/*"}},
        {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"]}, True),
    Met(VARIABLES, "the user's name", {"StringLike": {"s3:prefix": "${aws:username}/*"}},
        {"s3:prefix": "exampleuser/file"}, True),
    Met(VARIABLES, "a role has no user name", {"StringLike": {"s3:prefix": "${aws:username}/*"}},
        {"s3:prefix": "examplerole/file"}, False, who=ROLE),
    Met(VARIABLES, "key names of variables are case-insensitive",
        {"StringEquals": {"s3:prefix": "${AWS:UserName}"}}, {"s3:prefix": "exampleuser"}, True),
    Met(VARIABLES, "in the operators that ignore case",
        {"StringEqualsIgnoreCase": {"s3:prefix": "${aws:username}"}}, {"s3:prefix": "ExampleUser"},
        True),
    Met(VARIABLES, "in those that negate",
        {"StringNotEqualsIgnoreCase": {"s3:prefix": "${aws:username}"}},
        {"s3:prefix": "ExampleUser"}, False),
    Met(VARIABLES, "in the ARN operators",
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:username}-*"}},
        {"aws:SourceArn": "arn:aws:s3:::exampleuser-logs"}, True),
    Met(VARIABLES, "in ArnNotLike",
        {"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:::${aws:username}-*"}},
        {"aws:SourceArn": "arn:aws:s3:::exampleuser-logs"}, False),
    Met(VARIABLES, "${*} is an asterisk", {"StringLike": {"s3:prefix": "a${*}b"}},
        {"s3:prefix": "a*b"}, True),
    Met(VARIABLES, "${*} is nothing else", {"StringLike": {"s3:prefix": "a${*}b"}},
        {"s3:prefix": "axb"}, False),
    Met(VARIABLES, "${?} is a question mark", {"StringLike": {"s3:prefix": "a${?}b"}},
        {"s3:prefix": "axb"}, False),
    Met(VARIABLES, "${$} is a dollar sign",
        {"StringEquals": {"s3:prefix": "${$}{aws:username}"}}, {"s3:prefix": "${aws:username}"},
        True),
    Met(VARIABLES, "no variables in Numeric operators",
        {"NumericEquals": {"s3:max-keys": "${aws:PrincipalTag/most}"}},
        {"s3:max-keys": "5", "aws:PrincipalTag/most": "5"}, False),
    Met(VARIABLES, "a multivalued key is no variable",
        {"StringEquals": {"s3:prefix": "${aws:TagKeys}"}},
        {"s3:prefix": "a", "aws:TagKeys": ["a", "b"]}, False),
    Met(VERSION, "2008-10-17: the variable is literal text",
        {"StringEquals": {"s3:prefix": "${aws:username}"}}, {"s3:prefix": "${aws:username}"}, True,
        version="2008-10-17"),
    Met(VERSION, "2008-10-17: it is not replaced",
        {"StringEquals": {"s3:prefix": "${aws:username}"}}, {"s3:prefix": "exampleuser"}, False,
        version="2008-10-17"),
    Met(KEYS, "aws:PrincipalArn of a session is its role's",
        {"ArnEquals": {"aws:PrincipalArn": ROLE}}, {}, True, who=SESSION),
    Met(KEYS, "aws:PrincipalType", {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, {}, True,
        who=SESSION),
    Met(KEYS, "aws:PrincipalIsAWSService of a user",
        {"Bool": {"aws:PrincipalIsAWSService": "false"}}, {}, True),
    Met(KEYS, "aws:ResourceAccount", {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}, {}, True),
    Met(KEYS, "aws:RequestedRegion", {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, {},
        True),
]  # fmt: skip


@pytest.mark.parametrize("case", CONDITIONS, ids=str)
def test_a_page_and_a_condition_agree(case):
    found = holds(case.condition, case.context, who=case.who, version=case.version)
    assert found is case.expected


BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket"


def allowed(action, resource, **elements):
    policy = document(statement(**elements))
    decision = decide(USER, action, resource, identity=[policy])
    return decision.decision.value == "allow"


@pytest.mark.parametrize(
    ("page", "action", "resource", "elements", "expected"),
    [
        (ACTION, "IAM:listaccesskeys", "*", {"Action": "iam:ListAccessKeys"}, True),
        (ACTION, "iam:UpdateAccessKey", "*", {"Action": "iam:*AccessKey*"}, True),
        (ACTION, "iam:UpdateUser", "*", {"Action": "iam:*AccessKey*"}, False),
        (ACTION, "s3:GetObject", BUCKET, {"Action": "s3:*"}, True),
        (ACTION, "sqs:SendMessage", "*", {"Action": ["sqs:SendMessage", "s3:GetObject"]}, True),
        (NOT_ACTION, "s3:DeleteBucket", BUCKET,
         {"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}, False),
        (NOT_ACTION, "s3:GetObject", BUCKET,
         {"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}, True),
        (NOT_ACTION, "s3:ListAllMyBuckets", "*",
         {"NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}, False),
        (NOT_ACTION, "ec2:RunInstances", "*", {"NotAction": "iam:*"}, True),
        (NOT_ACTION, "iam:CreateUser", "*", {"NotAction": "iam:*"}, False),
        (RESOURCE, "iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/accounting/bob",
         {"Resource": f"arn:aws:iam::{ACCOUNT}:user/accounting/*"}, True),
        (RESOURCE, "iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/bob",
         {"Resource": f"arn:aws:iam::{ACCOUNT}:user/Bob"}, False),
        *[(RESOURCE, "s3:GetObject", f"{BUCKET}/{key}", {"Resource": f"{BUCKET}/*/test/*"}, True)
          for key in ("1/test/object.jpg", "1/2/test/object.jpg", "1/2/test/3/object.jpg",
                      "1/2/3/test/4/object.jpg", "1///test///object.jpg", "1/test/.jpg",
                      "/test/object.jpg", "1/test/")],
        *[(RESOURCE, "s3:GetObject", f"{BUCKET}/{key}", {"Resource": f"{BUCKET}/*/test/*"}, False)
          for key in ("1-test/object.jpg", "test/object.jpg", "1/2/test.jpg")],
        (RESOURCE, "ecr:ListImages", f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/a",
         {"Resource": "arn:aws:ecr:*"}, True),
        (NOT_RESOURCE, "s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/a",
         {"NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"]},
         False),
        (NOT_RESOURCE, "s3:GetObject", "arn:aws:s3:::HRBucket/Other",
         {"NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"]},
         True),
    ],
)  # fmt: skip
def test_a_page_and_an_element_agree(page, action, resource, elements, expected):
    assert allowed(action, resource, **elements) is expected, page


@pytest.mark.parametrize(
    ("context", "bucket", "expected"),
    [
        ({"aws:PrincipalTag/team": "yellow"}, "yellow", True),
        ({"aws:PrincipalTag/team": "yellow"}, "company-wide", False),
        ({}, "company-wide", True),
        ({}, "yellow", False),
    ],
)
def test_the_default_of_a_variable(context, bucket, expected):
    """reference_policies_variables: specifying default values."""
    policy = document(
        statement(Resource="arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}")
    )
    decision = decide(USER, "s3:GetObject", f"arn:aws:s3:::bucket-{bucket}", context,
                      identity=[policy])  # fmt: skip
    assert (decision.decision.value == "allow") is expected


def test_a_variable_in_the_resource():
    """reference_policies_variables: Resource element."""
    policy = document(
        statement(Resource="arn:aws:sqs:us-east-2:*:${aws:username}-queue", Action="sqs:*")
    )
    mine = f"arn:aws:sqs:us-east-2:{ACCOUNT}:exampleuser-queue"
    assert decide(USER, "sqs:SendMessage", mine, identity=[policy]).decision.value == "allow"
    other = f"arn:aws:sqs:us-east-2:{ACCOUNT}:other-queue"
    assert decide(USER, "sqs:SendMessage", other, identity=[policy]).decision.value != "allow"
    assert decide(ROLE, "sqs:SendMessage", mine, identity=[policy]).decision.value != "allow"


class TestOpenCases:
    """What AWS's pages leave open is answered so that it warns of access."""

    SEVERAL = {"StringEquals": {"aws:TagKeys": "team"}}  # noqa: RUF012

    def test_several_values_without_a_set_operator(self):
        context = {"aws:TagKeys": ["team", "other"]}
        assert holds(self.SEVERAL, context)
        deny = [document(statement(), statement("Deny", Condition=self.SEVERAL))]
        assert decide(USER, context=context, identity=deny).decision.value == "allow"
        assert not holds(self.SEVERAL, {"aws:TagKeys": ["other", "third"]})

    def test_two_tag_keys_that_differ_by_case(self):
        context = {"aws:ResourceTag/ec2": "test1", "aws:ResourceTag/EC2": "test2"}
        assert holds({"StringEquals": {"aws:ResourceTag/EC2": "test1"}}, context)
        assert not holds({"StringEquals": {"aws:ResourceTag/EC2": "test3"}}, context)

    def test_a_wildcard_inside_a_segment_may_or_may_not_cross_a_colon(self):
        inner = "arn:aws:sqs:eu-*-queue"
        resource = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:my-queue"
        assert allowed("sqs:SendMessage", resource, Resource=inner)
        deny = [document(statement(), statement("Deny", Resource=inner))]
        decision = decide(USER, "sqs:SendMessage", resource, identity=deny)
        assert decision.decision.value == "allow"

    def test_a_test_that_holds_beside_a_variable_without_a_value(self):
        condition = {"StringNotEquals": {"s3:prefix": "${aws:username}"}}
        context = {"s3:prefix": "a"}
        assert holds(condition, context, who=ROLE)
        deny = [document(statement(), statement("Deny", Condition=condition))]
        assert decide(ROLE, context=context, identity=deny).decision.value == "allow"
        assert decide(USER, context=context, identity=deny).decision.value == "explicit-deny"

    def test_an_arn_pattern_of_fewer_than_six_parts(self):
        condition = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam*"}}
        assert holds(condition)
        deny = [document(statement(), statement("Deny", Condition=condition))]
        assert decide(USER, identity=deny).decision.value == "allow"

    def test_services_under_a_wildcard_of_aws(self):
        for principal, effect, expected in [
            ({"AWS": "*"}, "Allow", "allow"),
            ("*", "Allow", "allow"),
            ({"AWS": "*"}, "Deny", "allow"),
            ("*", "Deny", "explicit-deny"),
        ]:
            policy = document(
                grant(principal={"Service": "ecs.amazonaws.com"}),
                grant(effect, principal=principal),
            )
            found = decide("ecs.amazonaws.com", repository=policy).decision.value
            assert found == expected, (principal, effect)

    def test_a_not_principal_that_lists_only_the_account(self):
        policy = document(
            {"Effect": "Deny", "Action": "*",
             "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})  # fmt: skip
        found = decide(USER, identity=[document(statement())], repository=policy)
        assert found.decision.value == "allow"


class TestMissingContext:
    def test_keys_that_nobody_gave_are_named_as_written(self):
        condition = {
            "StringEquals": {"aws:PrincipalOrgID": "o-1", "AWS:SourceVpce": "vpce-1"},
            "StringLike": {"s3:prefix": "${aws:PrincipalTag/team}/*"},
        }
        decision = decide(USER, identity=[document(statement(Condition=condition))],
                          context={"aws:sourcevpce": "vpce-1"})  # fmt: skip
        assert decision.missing_context == (
            "aws:PrincipalOrgID", "aws:PrincipalTag/team", "s3:prefix",
        )  # fmt: skip

    def test_statements_that_do_not_apply_ask_for_nothing(self):
        condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
        elsewhere = [
            document(statement(Action="s3:*", Condition=condition)),
            document(statement(Resource="arn:aws:s3:::a", Condition=condition)),
        ]
        decision = decide(USER, identity=elsewhere, repository=document(
            grant(principal={"AWS": ROLE}, Condition=condition)))  # fmt: skip
        assert decision.missing_context == ()

    def test_what_follows_from_the_request_is_not_missing(self):
        condition = {
            "StringEquals": {"aws:ResourceAccount": ACCOUNT, "aws:PrincipalAccount": ACCOUNT},
            "StringNotEquals": {"aws:username": "other"},
        }
        decision = decide(ROLE, identity=[document(statement(Condition=condition))])
        assert decision.decision.value == "allow"
        assert decision.missing_context == ()
