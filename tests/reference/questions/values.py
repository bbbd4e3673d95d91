"""What the conditions of the random questions compare: keys, values of requests, of policies."""

from __future__ import annotations

from typing import Any

from tests.reference.questions.requests import OTHER, OWN, REGION

TEXTS = ("red", "Red", "r*d", "", "blue", "shop", "ada", "e", "true", OWN, OTHER, "r?d")
VARIABLE_PATTERNS = (
    "R${aws:PrincipalTag/team}d",
    "r${aws:PrincipalTag/team}d",
    "${aws:PrincipalTag/team}d${aws:PrincipalTag/none, 'a'}",
    "${aws:PrincipalTag/none}",
    "${aws:username}",
    "${aws:PrincipalType}",
    "${aws:userid}",
    *("${*}", "${?}", "r${*}d", "r${?}d") * 2,
    "*e:${aws:PrincipalTag/team}",
    "?${*}*",
    "a$b${aws:PrincipalTag/team}$c",
    "$$${aws:username}",
    *("r${AWS::Region}d", "red${Api}") * 2,
    "${AWS::Region}r${aws:PrincipalTag/team}d",
    "r$e${AWS::Region}${aws:PrincipalTag/team}${Api}",
    "r${$}${aws:PrincipalTag/team}d",
    "${$}",
    "r${*}${aws:PrincipalTag/team}${?}",
    "${team}",
    "${aws:PrincipalTag/none, '}",
    "${aws:PrincipalTag/none, ''}",
    "${}${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team,red}",
)
TEXT_PATTERNS = (
    *TEXTS,
    "*",
    "r*",
    "?ed",
    "??",
    "*l*e",
    *("${aws:PrincipalTag/team}",) * 4,
    "${AWS:principaltag/TEAM}",
    *("${aws:username}",) * 3,
    "${aws:PrincipalTag/none}",
    "${aws:PrincipalTag/none, 'red'}",
    "${aws:PrincipalTag/team, 'blue'}",
    "${aws:TagKeys}",
    "${aws:userid}",
    "${aws:PrincipalType}",
    "r${*}d",
    "r${?}d",
    "${$}",
    "${aws:PrincipalAccount}",
    "r${aws:PrincipalTag/empty}d",
    *VARIABLE_PATTERNS,
    *VARIABLE_PATTERNS,
)
TEXT_KEYS = (
    "aws:PrincipalTag/team",
    "aws:PrincipalTag/team",
    "aws:PrincipalTag/empty",
    "aws:PrincipalTag/none",
    "aws:username",
    "aws:userid",
    "aws:PrincipalType",
    "aws:PrincipalAccount",
    "aws:ResourceAccount",
    "aws:RequestedRegion",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:TagKeys",
    *("aws:ResourceTag/team", "ecr:ResourceTag/team") * 2,
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
)
DERIVED_TEXTS = (
    "User",
    "AssumedRole",
    "Account",
    "FederatedUser",
    "Anonymous",
    "anonymous",
    REGION,
    "us-*",
    "codebuild.amazonaws.com",
    f"{OWN}:ada",
    "arn:aws:iam::*:role/*",
    "o-red",
)
ARNS = (
    f"arn:aws:sns:{REGION}:{OWN}:red",
    f"arn:aws:lambda:{REGION}:{OWN}:function:red:1",
    f"arn:aws:iam::{OWN}:role/deploy",
    f"arn:aws:iam::{OWN}:root",
    "red",
    "arn:aws:s3:::red",
)
ARN_PATTERNS = (
    *ARNS,
    f"arn:aws:*:*:{OWN}:*",
    f"arn:aws:sns:*:{OTHER}:*",
    f"arn:aws:lambda:{REGION}:{OWN}:function:*",
    "arn:aws:iam::*:role/*",
    f"arn:aws:iam::{OWN}:user/a?a",
    "arn:aws:*",
    "*",
    "arn:*:*red",
    "arn:aws:sns:*:*:${aws:PrincipalTag/team}",
    *("arn:aws:sns:*:*:${aws:username}",) * 3,
    "arn:aws:iam::${aws:PrincipalAccount}:*",
    "arn:aws:sns:*:*:red${aws:PrincipalTag/team}",
    *("arn:aws:s3:::${aws:PrincipalTag/none}red",) * 3,
    "${aws:PrincipalArn}",
    "arn:aws:${aws:PrincipalTag/service}:role/deploy",
    "${aws:PrincipalTag/none, 'arn:aws:s3:::red'}",
)
ARN_KEYS = ("aws:SourceArn", "aws:SourceArn", "aws:PrincipalArn", "aws:PrincipalTag/team")
NUMBERS = ("10", "10.0", "-3", "9.5", "0", "+10", "x", "", "1e1", ".5")
NUMBER_KEYS = ("aws:MultiFactorAuthAge", "aws:PrincipalTag/team")
DATES = (
    "2026",
    "2026-01",
    "2026-01-01",
    "2026-01-01T00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T01:00:00+01:00",
    "2025-12-31T23:30:00-00:30",
    "2026-01-01T00:00:00.5Z",
    "2026-01-01T00:00:00+24:00",
    "2025-02-30",
    "1767225600",
    "1767225600.5",
    "1767225600.",
    "99999999999999999999",
    ".5",
    "-5",
    "red",
)
DATE_KEYS = ("aws:CurrentTime", "aws:TokenIssueTime")
BOOLEANS = ("true", "false", "True", "FALSE", "yes", "x", "", True, False)
BOOLEAN_PATTERNS = (
    *BOOLEANS,
    "true*",
    "true${aws:username}",
    "?false",
    *("${aws:PrincipalTag/flag}",) * 8,
    "${aws:username}",
    "${aws:username}",
    "${aws:userid}",
    "tr${aws:PrincipalTag/none, 'u'}e",
)
BOOLEAN_KEYS = (
    "aws:SecureTransport",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalIsAWSService",
    "aws:ViaAWSService",
)
BINARIES = ("cmVk", "cmVk", "red", "cm", "cm!Vk", "YmxpZQ==", "", "r\u20acd")
ADDRESSES = (
    "203.0.113.7",
    "198.51.100.1",
    "2001:db8::7",
    "red",
    "10.0.0.0",
    "fe80::1%1",
    # Ranges, which no request comes from: inside a network of a policy, and across its end.
    "203.0.113.0/25",
    "203.0.112.0/23",
)
NETWORKS = (
    *ADDRESSES,
    "203.0.113.0/24",
    "203.0.113.9/24",
    "203.0.113.7/32",
    "0.0.0.0/0",
    "2001:DB8::/32",
    "2001:db8::8/128",
    "::/0",
    "10.0.0.0/33",
    *("203.0.113.0/255.255.255.0",) * 2,
    "fe80::/64",
)
# Operators of one family, the keys they are asked with, values of the request and of the policy.
FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[Any, ...], tuple[Any, ...]], ...] = (
    (
        (
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ),
        TEXT_KEYS,
        (*TEXTS, *DERIVED_TEXTS),
        (*TEXT_PATTERNS, *DERIVED_TEXTS),
    ),
    (("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"), ARN_KEYS, ARNS, ARN_PATTERNS),
    (
        (
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ),
        NUMBER_KEYS,
        (*NUMBERS, 10, 9.5),
        (*NUMBERS, 10, 9.5, "${aws:MultiFactorAuthAge}"),
    ),
    (
        (
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ),
        DATE_KEYS,
        DATES,
        DATES,
    ),
    (("Bool",), BOOLEAN_KEYS, BOOLEANS, BOOLEAN_PATTERNS),
    (("BinaryEquals",), ("x:Blob",), (*BINARIES, b"red", b"cmVk", b"blue"), BINARIES),
    (("IpAddress", "NotIpAddress"), ("aws:SourceIp",), ADDRESSES, NETWORKS),
    (
        ("Null",),
        (*TEXT_KEYS, *ARN_KEYS, *NUMBER_KEYS, *BOOLEAN_KEYS, "aws:SourceIp"),
        TEXTS,
        ("true", "false", True, False, "TRUE"),
    ),
)
FAMILY_WEIGHTS = (7, 4, 2, 2, 4, 2, 3, 2)

# Keys that follow from the principal and the resource: given now and then, they take their place.
FOLLOWING = (
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalType",
    "aws:ResourceAccount",
    "aws:RequestedRegion",
)
# What a condition on these keys must say to decide anything.
LIKELY: dict[str, tuple[str, ...]] = {
    "aws:RequestedRegion": (REGION, "us-east-1"),
    "aws:PrincipalIsAWSService": (
        *("true", "false", "${aws:PrincipalTag/flag}", "${aws:PrincipalType}"),
    ),
    "aws:PrincipalAccount": (OWN, OTHER, "anonymous", "${aws:PrincipalTag/account}"),
    "aws:ResourceAccount": (OWN, OTHER),
    "aws:PrincipalType": (
        *("User", "AssumedRole", "Account", "FederatedUser", "Anonymous"),
        *("${aws:PrincipalTag/type}", "${aws:PrincipalTag/type}", "${aws:username}"),
    ),
    "aws:userid": (OWN, f"{OWN}:ada", "anonymous", "anonymous"),
}
VALUES_OF_VARIABLES = {
    "${aws:PrincipalTag/team}": ("e", "red", "blue", ""),
    "${aws:PrincipalTag/none, 'a'}": ("a",),
    "${aws:PrincipalTag/none, ''}": ("",),
    "${aws:PrincipalTag/none, 'u'}": ("u",),
    "${aws:username}": ("ada", "red"),
    "${aws:PrincipalAccount}": (OWN, OTHER),
    "${*}": ("*", "e"),
    "${?}": ("?", "e"),
    "${$}": ("$",),
}
USED_BY_VARIABLES = {
    "aws:PrincipalTag/type": ("User", "AssumedRole", "assumedrole"),
    "aws:PrincipalTag/account": (OWN, OTHER),
    "aws:PrincipalTag/team": (*TEXTS, "e", "e", "e", "red", "blue"),
    "aws:PrincipalTag/flag": ("true", "false", "true", "false", *BOOLEANS),
    "aws:PrincipalTag/service": ("iam", f"iam::{OWN}", "sns:eu-west-1"),
}
