"""Random questions about access, all different and the same for a seed.

They are made so that every part of an evaluation decides often: what a policy says is drawn from
what the question could meet, and most layers of policies let everything pass while one or two say
something particular.
"""

from __future__ import annotations

import random
from typing import Any

OWN = "111111111111"
OTHER = "222222222222"
REGION = "eu-west-1"
REPOSITORIES = (
    f"arn:aws:ecr:{REGION}:{OWN}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:{OWN}:repository/red",
    f"arn:aws:ecr:us-east-1:{OTHER}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:{OTHER}:repository/tools/red/cli",
)
ACTIONS = (
    "ecr:BatchGetImage",
    "ecr:BatchGetImage",
    "ecr:PutImage",
    "ecr:putimage",
    "ECR:DescribeRepositories",
    "ecr:CreateRepository",
    "ecr:GetAuthorizationToken",
    "ecr:getauthorizationtoken",
    "ecr:DescribeRegistry",
    "ecr:PutRegistryPolicy",
    "ecr-public:BatchGetImage",
)
ACTION_PATTERNS = (
    "*",
    "ecr:*",
    "ecr:Batch*",
    "ecr:BATCHGETIMAGE",
    "ecr:?utImage",
    "ecr:*Image",
    "ecr:*get*",
    "ecr:Get*Token",
    "ecr:Describe*",
    "ecr:Put*",
    "ecr*:BatchGet????e",
    "ecr:CreateRepository",
    "ecr:*Registry*",
    "s3:*",
)
RESOURCE_PATTERNS = (
    "*",
    "*",
    "arn:aws:ecr:*",
    "arn:aws:ecr:*:*:repository/*",
    f"arn:aws:ecr:*:{OWN}:repository/shop/*",
    f"arn:aws:ecr:{REGION}:{OWN}:repository/shop/api",
    f"arn:aws:ecr:{REGION}:*:repository/*red*",
    "arn:aws:ecr:*:repository/shop/*",
    "arn:aws:ecr:*/api",
    "arn:aws:ecr:eu-*:repository/shop/???",
    "arn:aws:ecr:??-*-1:*:repository/*",
    "arn:aws:ecr:eu-west?1:1*1:repository/????/api",
    f"arn:aws:ecr:us-east-1?{OTHER}:repository/shop/api",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}",
    "arn:aws:ecr:*:*:repository/${aws:username}",
    "arn:aws:ecr:*:*:repository/*/${aws:PrincipalTag/team, 'red'}/*",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/none, 'shop'}/api",
    "arn:aws:ecr:*:${aws:PrincipalAccount}:repository/*",
    "arn:aws:ecr:*:*:repository/shop${*}",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::*",
)
TEXTS = ("red", "Red", "r*d", "", "blue", "shop", "ada", "e", "true", OWN, OTHER, "r?d")
VARIABLE_PATTERNS = (
    "R${aws:PrincipalTag/team}d",
    "r${aws:PrincipalTag/team}d",
    "${aws:PrincipalTag/team}d${aws:PrincipalTag/none, 'a'}",
    "${aws:PrincipalTag/none}",
    "${aws:username}",
    "${aws:PrincipalType}",
    "${aws:userid}",
    "${*}",
    "r${*}d",
    "?${*}*",
    "a$b${aws:PrincipalTag/team}$c",
    "$$${aws:username}",
    "r${AWS::Region}d",
    "${team}",
    "${aws:PrincipalTag/none, '}",
    "${aws:PrincipalTag/team,red}",
)
TEXT_PATTERNS = (
    *TEXTS,
    "*",
    "r*",
    "?ed",
    "??",
    "*l*e",
    "${aws:PrincipalTag/team}",
    "${AWS:principaltag/TEAM}",
    "${aws:username}",
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
    "ecr:ResourceTag/team",
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
    "arn:aws:sns:*:*:${aws:username}",
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
    "-5",
    "red",
)
DATE_KEYS = ("aws:CurrentTime", "aws:TokenIssueTime")
BOOLEANS = ("true", "false", "True", "FALSE", "yes", "x", "", True, False)
BOOLEAN_PATTERNS = (
    *BOOLEANS,
    *("${aws:PrincipalTag/flag}",) * 4,
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
BINARIES = ("cmVk", "cmVk", "red", "cm", "YmxpZQ==", "", "r\u20acd")
ADDRESSES = ("203.0.113.7", "198.51.100.1", "2001:db8::7", "red", "10.0.0.0", "fe80::1%1")
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
    "203.0.113.0/255.255.255.0",
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
    (("BinaryEquals",), ("x:Blob",), BINARIES, BINARIES),
    (("IpAddress", "NotIpAddress"), ("aws:SourceIp",), ADDRESSES, NETWORKS),
    (
        ("Null",),
        (*TEXT_KEYS, *ARN_KEYS, *NUMBER_KEYS, *BOOLEAN_KEYS, "aws:SourceIp"),
        TEXTS,
        ("true", "false", True, False, "TRUE"),
    ),
)
FAMILY_WEIGHTS = (7, 4, 2, 2, 3, 2, 2, 2)


def callers_of(account: str) -> tuple[str, ...]:
    """Every kind of principal in an account, sessions most often."""
    return (
        f"arn:aws:iam::{account}:role/deploy",
        f"arn:aws:iam::{account}:role/team/deploy",
        f"arn:aws:iam::{account}:role/aws-service-role/ecr.amazonaws.com/deploy",
        f"arn:aws:sts::{account}:assumed-role/deploy/ada",
        f"arn:aws:sts::{account}:assumed-role/deploy/ada",
        f"arn:aws:iam::{account}:user/ada",
        f"arn:aws:iam::{account}:user/team/red",
        f"arn:aws:sts::{account}:federated-user/ada",
        f"arn:aws:iam::{account}:root",
        account,
    )


def entries_of(account: str) -> tuple[str, ...]:
    """Entries of Principal.AWS: the callers of an account, and others near them."""
    return (
        *callers_of(account),
        *callers_of(account),
        f"arn:aws:iam::{account}:role/team/other",
        f"arn:aws:sts::{account}:assumed-role/deploy/bob",
        f"arn:aws:iam::{account}:user/team/ada",
        f"arn:aws:iam::{account}:root",
        account,
        f"arn:aws:iam::{OTHER}:role/deploy",
        OTHER,
        "AIDAEXAMPLE",
    )


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
    "aws:PrincipalIsAWSService": ("true", "false"),
    "aws:PrincipalAccount": (OWN, OTHER, "anonymous"),
    "aws:PrincipalType": ("User", "AssumedRole", "Account", "FederatedUser", "Anonymous"),
    "aws:userid": (OWN, f"{OWN}:ada", "anonymous", "anonymous"),
}
VALUES_OF_VARIABLES = {
    "${aws:PrincipalTag/team}": ("e", "red", ""),
    "${aws:PrincipalTag/none, 'a'}": ("a",),
    "${aws:PrincipalTag/none, 'u'}": ("u",),
    "${aws:username}": ("ada", "red"),
    "${aws:PrincipalAccount}": (OWN, OTHER),
    "${*}": ("*", "e"),
    "${?}": ("?", "e"),
    "${$}": ("$",),
}
USED_BY_VARIABLES = {
    "aws:PrincipalTag/team": (*TEXTS, "e", "e", "e"),
    "aws:PrincipalTag/flag": ("true", "false", "true", "false", *BOOLEANS),
    "aws:PrincipalTag/service": ("iam", f"iam::{OWN}", "sns:eu-west-1"),
}


class Questions:
    """An endless list of questions; the same seed makes the same list."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of all cases happens now."""
        return self.random.random() < share

    def some_of(self, pool: tuple[Any, ...], most: int = 3) -> Any:
        """One entry of a pool, or a list of some."""
        count = self.random.choice((1, 1, 1, *range(1, most + 1)))
        chosen = [self.random.choice(pool) for _ in range(count)]
        return chosen[0] if count == 1 and self.happens(0.6) else chosen

    def pattern_of(self, text: str) -> str:
        """A pattern that may match a text: some of its letters are replaced by wildcards."""
        if set(text) <= {"a", "b"}:
            return "".join(self.random.choices("aab**?", k=self.random.randrange(1, 7)))
        letters = list(text)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            start = self.random.randrange(len(letters) + 1)
            length = self.random.choice((0, 1, 1, 2, 4, 12))
            letters[start : start + length] = [self.random.choice("**?")]
        return "".join(letters)

    def text_of(self, pattern: str) -> str:
        """A text that a pattern may match: letters for its wildcards, values for its variables."""
        for variable, values in VALUES_OF_VARIABLES.items():
            pattern = pattern.replace(variable, self.random.choice(values))
        letters = {"*": ("", "", "a", "ab", ":"), "?": ("b", "a")}
        return "".join(self.random.choice(letters.get(sign, (sign,))) for sign in pattern)

    def patterns(self, pool: tuple[Any, ...], texts: tuple[str, ...]) -> Any:
        """Some entries of a pool of patterns, now and then with one made from a text."""
        chosen = self.some_of(pool)
        if not self.happens(0.2):
            return chosen
        made = self.pattern_of(self.random.choice(texts))
        return [made, *chosen] if isinstance(chosen, list) else made

    def about_the_same_policies(self, count: int) -> list[dict[str, Any]]:
        """Questions that differ in who asks, for what, where and in which circumstances."""
        account = self.random.choice((OWN, OWN, OTHER))
        self.entries = entries_of(account)
        self.callers = tuple(arn for arn in callers_of(account) if arn.startswith("arn:"))
        # What the conditions ask for, so that the contexts can give it, or not.
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        policies = {**self.own_side(), **self.resource_side()}
        services = ("codebuild.amazonaws.com", "codebuild.amazonaws.com")
        callers = (*callers_of(account), *services, "*", "*")
        actions = [self.random.choice(ACTIONS) for _ in range(2)]
        return [self.question(policies, callers, actions) for _ in range(count)]

    def in_other_circumstances(self, question: dict[str, Any], count: int) -> list[dict[str, Any]]:
        """The same question with other contexts."""
        return [{**question, "context": self.context()} for _ in range(count)]

    def question(
        self, policies: dict[str, Any], callers: tuple[str, ...], actions: list[str]
    ) -> dict[str, Any]:
        """One question about these policies."""
        question = {
            "principal": self.random.choice(callers),
            "action": self.random.choice((*actions, self.random.choice(ACTIONS))),
            "context": self.context(),
            **policies,
        }
        if self.happens(0.9):
            question["repository"] = self.random.choice((*REPOSITORIES, *REPOSITORIES, "shop/api"))
        return question

    def own_side(self) -> dict[str, Any]:
        """The policies on the side of the principal."""
        policies: dict[str, Any] = {}
        if self.happens(0.85):
            policies["identity_policies"] = [
                self.policy() for _ in range(self.random.choice((0, 1, 1, 1, 2)))
            ]
        if self.happens(0.25):
            policies["boundary"] = self.policy()
        if self.happens(0.2):
            policies["session_policy"] = self.policy()
        if self.happens(0.25):
            policies["scps"] = [
                [self.policy() for _ in range(self.random.choice((0, 1, 1, 1, 1, 1, 2)))]
                for _ in range(self.random.choice((0, 1, 1, 2)))
            ]
        return policies

    def resource_side(self) -> dict[str, Any]:
        """The policies on the side of the repository."""
        policies: dict[str, Any] = {}
        if self.happens(0.2):
            policies["rcps"] = [
                [self.policy(named="rcp") for _ in range(self.random.choice((0, 1, 1)))]
                for _ in range(self.random.choice((0, 1, 2)))
            ]
        if self.happens(0.6):
            policies["repository_policy"] = self.policy(named="repository")
        if self.happens(0.2):
            policies["registry_policy"] = self.policy(named="registry")
        return policies

    def principal_element(self) -> Any:
        """The value of a Principal or NotPrincipal element."""
        if self.happens(0.15):
            return "*"
        element: dict[str, Any] = {}
        if self.happens(0.85):
            entries = self.entries if self.happens(0.85) else (*self.entries, "*", "*", "*", "*")
            element["AWS"] = self.some_of(entries)
        if not element or self.happens(0.25):
            element["Service"] = self.some_of(
                ("codebuild.amazonaws.com", "codebuild.amazonaws.com", "ecs.amazonaws.com", "*")
            )
        if self.happens(0.05):
            element["Federated"] = "cognito-identity.amazonaws.com"
        return element

    def policy(self, named: str = "") -> dict[str, Any]:
        """A policy of one to three statements; many let everything pass, too."""
        statements = [self.statement(named) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        if named != "registry" and self.happens(0.75):
            place = self.random.randrange(len(statements) + 1)
            statements.insert(place, self.passing(named))
            if self.happens(0.2):
                del statements[0]
        policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": statements}
        if self.happens(0.06):
            policy["Version"] = "2008-10-17"
        elif self.happens(0.04):
            del policy["Version"]
        if len(statements) == 1 and self.happens(0.3):
            policy["Statement"] = statements[0]
        return policy

    def passing(self, named: str) -> dict[str, Any]:
        """A statement that allows everything, in a repository policy to somebody."""
        statement: dict[str, Any] = {"Effect": "Allow", "Action": "*"}
        if named != "repository":
            statement["Resource"] = "*"
        if named:
            statement["Principal"] = "*" if named == "rcp" else self.principal_element()
        return statement

    def statement(self, named: str) -> dict[str, Any]:
        """One statement."""
        effect = "Deny" if self.happens(0.45) else "Allow"
        statement: dict[str, Any] = {"Effect": effect}
        if self.happens(0.12):
            statement["NotAction"] = self.some_of(ACTION_PATTERNS[1:])
        else:
            statement["Action"] = self.some_of(ACTION_PATTERNS)
        if named != "repository" or self.happens(0.05):
            element = "NotResource" if self.happens(0.15) else "Resource"
            statement[element] = self.resources()
        if named == "rcp":
            statement["Principal"] = "*"
        elif named:
            excepting = effect == "Deny" and self.happens(0.3)
            statement["NotPrincipal" if excepting else "Principal"] = self.principal_element()
        if self.happens(0.5):
            statement["Condition"] = self.condition()
        return statement

    def resources(self) -> Any:
        """The value of a Resource or NotResource element."""
        chosen = self.patterns(RESOURCE_PATTERNS, REPOSITORIES)
        entries = chosen if isinstance(chosen, list) else [chosen]
        # Nothing else can be a policy's resource.
        return chosen if all(text == "*" or text[:4] == "arn:" for text in entries) else "*"

    def condition(self) -> dict[str, Any]:
        """A Condition element of one to three tests."""
        condition: dict[str, dict[str, Any]] = {}
        about_the_principal = self.happens(0.1)
        count = 1 if about_the_principal else self.random.choice((1, 1, 1, 2, 2, 3))
        for _ in range(count):
            operators, keys, given, wanted = self.random.choices(FAMILIES, FAMILY_WEIGHTS)[0]
            if about_the_principal:
                operators, keys = ("StringEquals", "StringNotEquals"), tuple(LIKELY)
            operator = self.random.choice(operators)
            key = self.random.choice(keys)
            texts: tuple[str, ...] = (
                ARNS if operator.startswith("Arn") else ("abab", "aab", "red", "ba")
            )
            with_wildcards = operator.startswith(("Arn", "StringLike", "StringNotLike"))
            likely = self.callers if key == "aws:PrincipalArn" else LIKELY.get(key)
            if likely and operator != "Null" and self.happens(0.6):
                wanted = texts = likely
            values = self.patterns(wanted, texts) if with_wildcards else self.some_of(wanted)
            self.asked.append((key, self.values_to_give(key, given, values)))
            if operator != "Null":
                operator += "IfExists" if self.happens(0.25) else ""
                operator = self.random.choice(("", "", "ForAllValues:", "ForAnyValue:")) + operator
            if self.happens(0.03):
                operator = operator.lower()
            key = key.upper() if self.happens(0.05) else key
            condition.setdefault(operator, {})[key] = values
        return condition

    def values_to_give(self, key: str, given: tuple[Any, ...], wanted: Any) -> tuple[Any, ...]:
        """What a context may hold for a key: half of it is near what the policy wants."""
        near = [
            self.text_of(value) if isinstance(value, str) else value
            for value in (wanted if isinstance(wanted, list) else [wanted])
        ]
        if key == "aws:SourceIp":
            # A request comes from an address, never from a range.
            near = [text.partition("/")[0] for text in near if isinstance(text, str)] or ["::1"]
        return (*given, *near * (1 + len(given) // (2 * len(near))))

    def context(self) -> dict[str, Any]:
        """A context in which most of what was asked for is given."""
        context: dict[str, Any] = {}
        for key, values in self.asked:
            if self.happens(0.1 if key in FOLLOWING else 0.7):
                context[self.spelled(key)] = self.given(values)
        for key, values in USED_BY_VARIABLES.items():
            if self.happens(0.4):
                context[self.spelled(key)] = self.given(values)
        return context

    def spelled(self, key: str) -> str:
        """A key's name in one of its cases."""
        return key.lower() if self.happens(0.1) else key

    def given(self, values: tuple[Any, ...]) -> Any:
        """One value, or now and then a list of none to three."""
        if self.happens(0.75):
            return self.random.choice(values)
        return [self.random.choice(values) for _ in range(self.random.choice((0, 1, 2, 2, 3)))]
