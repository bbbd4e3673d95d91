"""The product beside the literal formulation, question by question.

The questions go to `evaluate` with policies that are compiled once, and some the whole way through
`ask`, as `access --ask` takes them. What a matrix says without any context must be so in every
context that is asked about.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from ecr_constructs.model.iam.evaluator import (
    Level,
    LevelVerdict,
    Matrix,
    Policy,
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Subject,
    Target,
    ask,
    compile_policy,
    evaluate,
    parse_policy,
)
from ecr_constructs.model.iam.evaluator.values.wildcards import Pattern, SegmentPattern, tokens_of
from tests.reference.answered import Matter, World
from tests.reference.evaluator.conditions import is_operator
from tests.reference.evaluator.elements import as_list
from tests.reference.evaluator.request import caller_of, kind_of
from tests.reference.evaluator.wildcards import (
    letters_of,
    matches,
    within_segments,
)
from tests.reference.questions import OTHER, OWN, REGION

STRANGER = Principal.of(f"arn:aws:iam::{OTHER}:user/red")
# What a verdict of the matrix lets single answers be.
POSSIBLE = {
    "allowed": ("allow",),
    "denied": ("explicit-deny",),
    "none": ("implicit-deny", "explicit-deny"),
    "conditional": ("allow", "implicit-deny", "explicit-deny"),
}
# What it must be where no circumstance could change the answer.
CERTAIN = {"allow": "allowed", "explicit-deny": "denied", "implicit-deny": "none"}


def compiled(question: dict[str, Any]) -> PolicySet:
    def one(field: str, kind: PolicyKind) -> Policy | None:
        document = question.get(field)
        return None if document is None else compile_policy(document, kind)

    def levels(field: str, kind: PolicyKind) -> tuple[tuple[Policy, ...], ...] | None:
        if question.get(field) is None:
            return None
        return tuple(
            tuple(compile_policy(document, kind) for document in level) for level in question[field]
        )

    session = one("session_policy", PolicyKind.SESSION)
    return PolicySet(
        identity=tuple(
            compile_policy(document, PolicyKind.IDENTITY)
            for document in question.get("identity_policies", ())
        ),
        boundary=one("boundary", PolicyKind.BOUNDARY),
        session=None if session is None else (session,),
        scps=levels("scps", PolicyKind.SCP),
        rcps=levels("rcps", PolicyKind.RCP),
        repository=one("repository_policy", PolicyKind.REPOSITORY),
        registry=one("registry_policy", PolicyKind.REGISTRY),
    )


def parsed(question: dict[str, Any]) -> Principal:
    return Principal.of(question["principal"])


def resource_of(question: dict[str, Any]) -> str:
    named = str(question.get("repository", "*"))
    if named == "*" or named.startswith("arn:"):
        return named
    return f"arn:aws:ecr:{REGION}:{OWN}:repository/{named}"


def product_answer(question: dict[str, Any], policies: PolicySet) -> dict[str, Any]:
    request = Request(
        principal=parsed(question),
        action=question["action"],
        resource=resource_of(question),
        context=question["context"],
    )
    return evaluate(request, policies).as_json()


def matrix_verdict(
    question: dict[str, Any], policies: PolicySet, principal: Principal, *, shared: bool
) -> LevelVerdict:
    """What a matrix says that knows no context."""
    subject = Subject(
        principal=principal,
        identity=policies.identity,
        boundary=policies.boundary,
        session=policies.session,
        scps=policies.scps,
    )
    # What it says of one repository must not be what it worked out for another.
    targets = [
        Target(
            arn=arn,
            policy=policies.repository,
            registry=policies.registry,
            rcps=policies.rcps,
            tags=tags,
        )
        for arn, tags in (
            (f"arn:aws:ecr:ap-south-1:{OWN}:repository/other", {"other": "red"}),
            (resource_of(question), question.get("tags")),
        )
    ]
    level = Level("asked", (question["action"],), needs_all=True)
    # And what it says of one principal not what it worked out for another.
    subjects = [subject]
    if shared:
        subjects.insert(0, replace(subject, principal=STRANGER))
    *_, row = Matrix(subjects, targets, levels=[level]).decisions()
    assert row.repository == targets[1].arn
    return row.levels["asked"]


def shown(value: object) -> str:
    """A question and what became of it, for whoever reads of a difference."""
    return json.dumps(value, indent=1, default=repr)


def is_json(context: dict[str, Any]) -> bool:
    """Whether no program is needed to give a context, as it is for bytes."""
    values = [each for given in context.values() for each in as_list(given)]
    return not any(isinstance(each, bytes) for each in values)


def policies_of(question: dict[str, Any]) -> str:
    """The text of the policies of a world."""
    others = ("principal", "action", "repository", "context", "tags")
    return json.dumps({key: value for key, value in question.items() if key not in others})


def spoken(found: dict[str, Any]) -> tuple[str, list[str]]:
    """What two answers must have in common: keys may be written in any case."""
    return found["decision"], [key.lower() for key in found["missing_context"]]


def is_reasoned(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether the reasons are the statements that deny, or those that grant."""
    given = Counter((each["source"], each["statement"]) for each in found["because"])
    return given == Counter(expected["because"])


class Bounds:
    """What a matrix says of a matter, whatever the circumstances are."""

    def __init__(self, matter: Matter, policies: PolicySet, text: str) -> None:
        question = matter[0][0]
        principal = parsed(question)
        # Variables are what principals could share by mistake.
        self.row = matrix_verdict(question, policies, principal, shared="${" in text)
        self.verdict = self.row.verdict.value
        # A matrix cannot know if a role's session is one that a policy names.
        self.settles = principal.kind is not PrincipalKind.ROLE or ":assumed-role/" not in text
        # Who asks for a role asks for some session of it, so for this one, too. Its name does not
        # say the path of the role.
        self.of_role: str | None = None
        if principal.kind is PrincipalKind.SESSION and not re.search(':role/[^"]+/deploy', text):
            role = Principal.of(str(principal.issuer_arn))
            verdict = matrix_verdict(question, policies, role, shared=False).verdict
            self.of_role = verdict.value
        self.usual = [expected for _, expected in matter if expected["usual"]]

    def contradict(self, expected: dict[str, Any]) -> bool:
        """Whether an answer cannot be, by the matrix."""
        decision = expected["decision"]
        if not expected["usual"]:
            return False
        if decision not in POSSIBLE[self.verdict]:
            return True
        if self.of_role is not None and decision not in POSSIBLE[self.of_role]:
            return True
        return self.settles and expected["certain"] and self.verdict != CERTAIN[decision]

    def leave_out(self) -> list[tuple[str, int]]:
        """The reasons that a matrix must give and does not.

        What grants or denies in some circumstances, and that by which a limit lets the request
        pass in some of them and not in others.
        """
        if self.verdict not in ("allowed", "conditional"):
            return []
        told = {(each.source.value, each.statement) for each in self.row.because}
        reasons = {reason for expected in self.usual for reason in expected["because"]}
        if self.verdict == "conditional":
            for name in {name for expected in self.usual for name in expected["passed_by"]}:
                passed = [expected["passed_by"][name] for expected in self.usual]
                if not all(passed):
                    reasons |= {reason for some in passed for reason in some}
        return sorted(reasons - told)


def first_difference(answered: Iterable[World]) -> tuple[str | None, Counter[str]]:
    """The first question to which the two answer differently, and how the others were decided."""
    decisions: Counter[str] = Counter()
    for number, world in enumerate(answered):
        policies, text = compiled(world[0][0][0]), policies_of(world[0][0][0])
        for place, matter in enumerate(world):
            bounds = None
            if len(matter) > 1 and "repository" in matter[0][0]:
                bounds = Bounds(matter, policies, text)
                if left_out := bounds.leave_out():
                    difference = {"questions": [each for each, _ in matter], "left out": left_out}
                    return shown({**difference, "matrix": bounds.verdict}), decisions
            for turn, (question, expected) in enumerate(matter):
                if place == turn == 0 and number % 8 == 0 and is_json(question["context"]):
                    asked = {key: value for key, value in question.items() if key != "tags"}
                    [found] = ask([asked], account=OWN, region=REGION)
                else:
                    found = product_answer(question, policies)
                if (
                    spoken(found) != spoken(expected)
                    or not is_reasoned(found, expected)
                    or (bounds is not None and bounds.contradict(expected))
                ):
                    verdicts = bounds and [bounds.verdict, bounds.of_role]
                    difference = {"question": question, "product": found, "pages": expected}
                    return shown({**difference, "matrix": verdicts}), decisions
                decisions[expected["decision"]] += 1
    return None, decisions


KINDS = {
    PrincipalKind.USER: "user",
    PrincipalKind.ROLE: "role",
    PrincipalKind.SESSION: "session",
    PrincipalKind.FEDERATED_USER: "federated",
    PrincipalKind.ACCOUNT: "root",
    PrincipalKind.SERVICE: "service",
    PrincipalKind.FEDERATED: "provider",
    PrincipalKind.ANONYMOUS: "anonymous",
    PrincipalKind.GROUP: "group",
    PrincipalKind.ORGANIZATION: "organization",
}


def names() -> Iterator[str]:
    """Texts that name a principal, and texts that almost do."""
    entities = (
        "user",
        "role",
        "group",
        "organization",
        "ou",
        "saml-provider",
        "oidc-provider",
        "policy",
        "federated-user",
    )
    resources = [f"{entity}{rest}" for entity in entities for rest in ("", "/", "/x", "/a/x")]
    resources += ["root", "root/x", "x", "assumed-role", "assumed-role/", "assumed-role/x"]
    resources += ["assumed-role/x/", "assumed-role//y", "assumed-role/x/y", ""]
    for service, account, resource in product(
        ("iam", "sts", "s3", "organizations"), (OWN, ""), resources
    ):
        # A report may not know which account keeps an organization.
        if account or service != "organizations":
            yield f"arn:aws:{service}::{account}:{resource}"
    yield from ("*", "", "red", "red/x", "arn:aws:iam", "arn:")
    yield from (OWN, OWN[1:], f"{OWN}1", "\u0661" * len(OWN))
    yield from ("x.amazonaws.com", "x.amazonaws.com.cn", "x.y.amazonaws.com", ".amazonaws.com")
    yield from ("x.amazonaws.comx", "x.amazonaws.com.cnx", "xamazonaws.com", "x.example.com")


def first_name_that_differs() -> str | None:
    """The first text that the two hold for different principals, or only one for any."""
    for text in names():
        try:
            principal = Principal.of(text)
            account = principal.account or ""
            found = (KINDS[principal.kind], principal.arn, account)
        except ValueError:
            found = None
        kind = kind_of(text)
        expected = None
        if kind is not None:
            caller = caller_of(text)
            # Everybody in an organization is in some account of it, whichever keeps it.
            account = "" if kind == "organization" else caller.account or ""
            expected = (kind, caller.name, account)
        if found != expected:
            return f"{text!r}: {found}, {expected}"
    return None


def operators() -> Iterator[str]:
    """Names of condition operators, and names that almost are."""
    known = ("StringEquals", "ArnNotLike", "NumericLessThan", "Bool", "binaryequals", "NULL")
    near = ("StringEqual", "Strings", "BinaryNotEquals", "NumericLike", "NotBool", "Nulls", "")
    for name, suffix in product((*known, *near), ("", "IfExists", "ifexists", "IfExist")):
        yield f"{name}{suffix}"
    for before, name in product(("ForAllValues:", "foranyvalue:", "ForSome:"), known[:-1]):
        yield f"{before}{name}"


def first_operator_that_differs() -> str | None:
    """The first name that only one of the two takes for a condition operator."""
    for name in operators():
        statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document = {
            "Version": "2012-10-17",
            "Statement": [{**statement, "Condition": {name: {"x:Key": "true"}}}],
        }
        taken = parse_policy(document, PolicyKind.IDENTITY, name="asked").valid
        if taken != is_operator(name):
            return name
    return None


def words(letters: str, longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, product(letters, repeat=length))


def first_pattern_that_differs() -> str | None:
    """Every short pattern against every short text, as plain patterns and as ARN segments."""
    texts = list(words("ab", 4))
    for written in (*words("ab*?", 5), *words("ax*?", 3)):
        pattern, letters = Pattern.of(written), letters_of(written)
        for text in texts:
            if pattern.matches(text) != matches(letters, text):
                return f"{written} against {text}"
    texts = list(words("a:", 4))
    for written in words("a:*?", 5):
        narrow = SegmentPattern(tokens_of(written))
        letters = within_segments(letters_of(written))
        for text in texts:
            if narrow.matches(text) != matches(letters, text):
                return f"{written} against {text}, in segments"
    return None
