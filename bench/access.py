"""How many access decisions a second: 200 principals against 200 repositories on one core.

Run: python bench/access.py [principals] [repositories]

The principals are what a fleet of services has: execution roles that pull from a few named
repositories, CI roles that push to a prefix, readers under an organization condition, tag-based
access, administrators behind a permissions boundary and SCPs, other accounts and services. Every
repository has its own policy; the registry has one; RCPs keep strangers out.
"""

from __future__ import annotations

import collections
import sys
import time

from ecr_constructs.model.iam.evaluator import (
    LEVELS,
    Matrix,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    Subject,
    Target,
    compile_policy,
    evaluate,
)

ACCOUNT = "111111111111"
REGION = "eu-west-1"
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]
TOKEN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


def arn(number: int) -> str:
    """A repository of one of eight teams."""
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team-{number % 8}/service-{number}"


def policy(kind: PolicyKind, name: str, *statements: dict[str, object]) -> Policy:
    """A compiled policy of these statements."""
    return compile_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind, name=name)


def identity_statements(number: int, repositories: int) -> list[dict[str, object]]:
    """What the role of this number may do, one of six shapes in turn."""
    team = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team-{number % 8}/*"
    everything = f"arn:aws:ecr:*:{ACCOUNT}:repository/*"
    shapes: list[list[dict[str, object]]] = [
        [
            {"Sid": "Pull", "Effect": "Allow", "Action": PULL,
             "Resource": [arn((number * 7 + step) % repositories) for step in range(4)]},
        ],
        [{"Sid": "Push", "Effect": "Allow", "Action": PULL + PUSH, "Resource": team}],
        [
            {"Sid": "Read", "Effect": "Allow", "Action": ["ecr:Describe*", "ecr:List*"],
             "Resource": everything,
             "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-shop"}}},
        ],
        [
            {"Sid": "Tagged", "Effect": "Allow", "Action": PULL, "Resource": "*",
             "Condition": {"StringEquals": {
                 "aws:ResourceTag/team": "${aws:PrincipalTag/team, 'none'}"}}},
        ],
        [
            {"Sid": "Admin", "Effect": "Allow", "Action": "ecr:*", "Resource": "*"},
            {"Sid": "KeepImages", "Effect": "Deny",
             "Action": ["ecr:BatchDeleteImage", "ecr:DeleteRepository"], "Resource": "*",
             "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
        ],
        [
            {"Sid": "AllButSettings", "Effect": "Allow",
             "NotAction": ["ecr:Put*", "ecr:Set*", "ecr:Delete*"], "Resource": team},
        ],
    ]  # fmt: skip
    return [TOKEN, *shapes[number % len(shapes)]]


def subjects(count: int, repositories: int) -> list[Subject]:
    """Roles of our account, and every tenth from outside."""
    boundary = policy(
        PolicyKind.BOUNDARY,
        "boundary",
        {"Effect": "Allow", "Action": ["ecr:*", "logs:*"], "Resource": "*"},
    )
    full = policy(PolicyKind.SCP, "full", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    guard = policy(
        PolicyKind.SCP,
        "guard",
        {"Effect": "Deny", "NotAction": ["ecr:*", "sts:*"], "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:RequestedRegion": [REGION, "us-east-1"]}}},
    )  # fmt: skip
    made: list[Subject] = []
    for number in range(count):
        if number % 10 == 9:
            text = "lambda.amazonaws.com" if number % 20 == 9 else f"{number % 9 + 222222222222}"
            made.append(Subject(principal=_parsed(text), identity_assumed=True))
            continue
        made.append(
            Subject(
                principal=_parsed(f"arn:aws:iam::{ACCOUNT}:role/service-{number}"),
                identity=(
                    policy(
                        PolicyKind.IDENTITY,
                        f"service-{number}",
                        *identity_statements(number, repositories),
                    ),
                ),
                boundary=boundary if number % 3 == 0 else None,
                scps=((full, guard), (full,)),
                context={"aws:PrincipalTag/team": f"team-{number % 8}"},
            )
        )
    return made


def _parsed(text: str) -> Principal:
    principal = Principal.parse(text)
    if principal is None:
        raise ValueError(text)
    return principal


def targets(count: int) -> list[Target]:
    """Repositories, each with a policy of its own."""
    registry = policy(
        PolicyKind.REGISTRY,
        "registry",
        {"Sid": "Replicate", "Effect": "Allow", "Principal": {"AWS": "222222222222"},
         "Action": "ecr:ReplicateImage",
         "Resource": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"},
    )  # fmt: skip
    strangers = policy(
        PolicyKind.RCP,
        "strangers",
        {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Resource": "*",
         "Condition": {
             "StringNotEqualsIfExists": {
                 "aws:PrincipalOrgID": "o-shop",
                 "aws:PrincipalAccount": [ACCOUNT, "222222222222"]},
             "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}},
    )  # fmt: skip
    made: list[Target] = []
    for number in range(count):
        statements: list[dict[str, object]] = [
            {"Sid": "Lambda", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
             "Action": PULL,
             "Condition": {"ArnLike": {
                 "aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}}},
            {"Sid": "Share", "Effect": "Allow", "Principal": {"AWS": [
                f"arn:aws:iam::{222222222222 + number % 9}:root",
                f"arn:aws:iam::{ACCOUNT}:role/service-{number % 200}"]},
             "Action": PULL},
            {"Sid": "Keep", "Effect": "Deny", "Principal": "*", "Action": "ecr:DeleteRepository"},
        ]  # fmt: skip
        made.append(
            Target(
                arn=arn(number),
                policy=policy(PolicyKind.REPOSITORY, f"repository-{number}", *statements),
                registry=registry,
                rcps=((strangers,),),
                tags={"team": f"team-{number % 8}"},
            )
        )
    return made


def main() -> None:
    """Print the figures."""
    principals = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    repositories = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    begun = time.perf_counter()
    people, places = subjects(principals, repositories), targets(repositories)
    compiled = time.perf_counter() - begun
    print(f"{principals} principals, {repositories} repositories: compiled in {compiled:.3f} s")

    begun = time.process_time()
    verdicts: collections.Counter[str] = collections.Counter()
    rows = 0
    for row in Matrix(people, places, context={"aws:SecureTransport": True}).decisions():
        rows += 1
        for level in row.levels.values():
            verdicts[level.verdict.value] += 1
    spent = time.process_time() - begun
    actions = len({action for level in LEVELS for action in level.actions}) + 1
    levels = sum(verdicts.values())
    print(f"matrix: {rows} pairs in {spent:.3f} s of one core; verdicts {dict(verdicts)}")
    print(f"  {levels / spent:>12,.0f} verdicts a second (a level of access for a pair)")
    print(f"  {rows * actions / spent:>12,.0f} decisions a second (an action for a pair)")

    single = [
        (
            Request(principal=subject.principal, action="ecr:BatchGetImage", resource=place.arn),
            PolicySet(
                identity=subject.identity,
                boundary=subject.boundary,
                scps=subject.scps,
                rcps=place.rcps,
                repository=place.policy,
                registry=place.registry,
            ),
        )
        for subject in people[:50]
        for place in places[:40]
    ]
    begun = time.process_time()
    for request, policies in single:
        evaluate(request, policies)
    spent = time.process_time() - begun
    print(f"one by one: {len(single) / spent:,.0f} decisions a second, nothing shared")


if __name__ == "__main__":
    main()
