"""Who and what a statement speaks of: Principal, Action, Resource and their opposites."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator import variables
from tests.reference.evaluator.certainty import NO, OPEN, YES, every, opposite, some
from tests.reference.evaluator.request import Caller, Request
from tests.reference.evaluator.wildcards import (
    letters_of,
    matches,
    within_segments,
)


def as_list(value: Any) -> list[Any]:
    """IAM/reference_policies_grammar: one value may stand without its brackets."""
    return value if isinstance(value, list) else [value]


def action_applies(statement: dict[str, Any], request: Request) -> bool:
    """IAM/reference_policies_elements_action and _notaction.

    "The prefix and the action name are case insensitive." NotAction "explicitly matches
    everything except the specified list of actions".
    """
    wanted = request.action.lower()
    if "NotAction" in statement:
        return not any(
            matches(letters_of(pattern.lower()), wanted)
            for pattern in as_list(statement["NotAction"])
        )
    return any(
        matches(letters_of(pattern.lower()), wanted) for pattern in as_list(statement["Action"])
    )


def resource_applies(statement: dict[str, Any], policy: dict[str, Any], request: Request) -> str:
    """IAM/reference_policies_elements_resource and _notresource.

    A repository policy has no Resource (ECR/repository-policies: it is "scoped for ... individual
    Amazon ECR repositories"): it speaks of its repository.

    Open: NotResource with a variable that has no value. "the resource that includes a policy
    variable with no value will not match any resource" can mean that entry or the whole element.
    """
    if "Resource" not in statement and "NotResource" not in statement:
        return YES
    listed = as_list(statement.get("Resource") or statement["NotResource"])
    covered = some(resource_matches(text, policy, request) for text in listed)
    valueless = [
        name for text in listed for name in variables.without_value(text, policy, request.context)
    ]
    if "NotResource" in statement:
        return every([opposite(covered), OPEN]) if valueless else opposite(covered)
    return every([covered, variables.may_invalidate(valueless)])


def resource_matches(text: str, policy: dict[str, Any], request: Request) -> str:
    """One entry of Resource or NotResource.

    IAM/reference_policies_variables: a variable is known "only in the resource portion of the
    ARN ... after the fifth colon", and "the resource that includes a policy variable with no
    value will not match any resource".

    Open: what a variable before the fifth colon does, where its value would match. And whether a
    wildcard inside a segment takes colons ("within the individual segments"), where only that
    would match.
    """
    wide = variables.replace_variables(text, policy, request.context)
    if wide is None or not matches(wide, request.resource):
        return NO
    place = text.find("${") if variables.are_known_to(policy) else -1
    if place >= 0 and text[:place].count(":") < 5:
        return OPEN
    return YES if matches(within_segments(wide), request.resource) else OPEN


def principal_applies(statement: dict[str, Any], request: Request) -> str:
    """IAM/reference_policies_elements_principal and _notprincipal.

    NotPrincipal: "deny access to all principals except the principal specified"; with a Deny it
    "will always deny any IAM principal that has a permissions boundary policy attached,
    regardless of the values specified in the NotPrincipal element".
    """
    if "NotPrincipal" in statement:
        if request.has_boundary:
            return YES
        return opposite(excepted(statement["NotPrincipal"], request.caller))
    if "Principal" in statement:
        return some(ways_of_naming(statement["Principal"], request.caller).values())
    return YES


def excepted(element: Any, caller: Caller) -> str:
    """Whether a NotPrincipal element excepts the caller.

    "When you use NotPrincipal, you must also specify the account ARN of the not-denied principal
    ... AWS might validate the account first, then the role, and then the assumed-role user."

    Open: a caller of whom some of these are listed and some are not.
    """
    ways = ways_of_naming(element, caller)
    if not caller.is_identity or element == "*" or "*" in as_list(element.get("AWS", [])):
        return some(ways.values())
    links = ["directly" in ways]
    if caller.kind != "root":
        links.append("account" in ways)
    if caller.kind in ("session", "federated", "role"):
        links.append("issuer" in ways)
    if caller.kind == "role":
        links[0] = names_a_session(element, caller)
    return YES if all(links) else OPEN if any(links) else NO


def ways_of_naming(element: Any, caller: Caller) -> dict[str, str]:
    """The ways in which a Principal element names the caller, each with how surely it does.

    "directly": the very user, session, federated user or service, or everyone; "issuer": the role
    of a session or the user who federated; "account": its account.
    """
    if element == "*":
        return {"directly": YES}
    ways: dict[str, list[str]] = {}
    for entry in as_list(element.get("AWS", [])):
        for way, answer in ways_by_aws(entry, caller).items():
            ways.setdefault(way, []).append(answer)
    for entry in as_list(element.get("Service", [])):
        if caller.kind == "service" and entry in (caller.name, "*"):
            # "The service principal in an IAM policy can't be "Service": "*"". Open: what it
            # does where it was saved all the same.
            ways.setdefault("directly", []).append(OPEN if entry == "*" else YES)
    if caller.kind == "provider" and caller.name in as_list(element.get("Federated", [])):
        # "OIDC federated principals are not supported in policy types other than role trust
        # policies". Open: what one does where it was saved all the same.
        ways.setdefault("directly", []).append(OPEN)
    # Only Amazon S3 knows canonical users: they never name a caller of ECR.
    return {way: some(answers) for way, answers in ways.items()}


def ways_by_aws(entry: str, caller: Caller) -> dict[str, str]:
    """One entry of `AWS`.

    "All principals": `"*"` and `{"AWS": "*"}` are equivalent "for anonymous users". Open: whether
    the latter takes in services and identity providers.

    "AWS account principals": the account's id and its root ARN "behave the same way. Both delegate
    permissions to the account."
    """
    if entry == "*":
        return {"directly": OPEN if caller.kind in ("service", "provider") else YES}
    if not caller.is_identity:
        return {}
    if entry in (caller.account, f"arn:{caller.partition}:iam::{caller.account}:root"):
        return {"directly" if caller.kind == "root" else "account": YES}
    # A question about a role is one about any session of it: a policy that names the role names
    # it as the role of that session.
    if entry == caller.name:
        return {"issuer" if caller.kind == "role" else "directly": YES}
    return {"issuer": YES} if is_issuer(entry, caller) else {}


def is_issuer(entry: str, caller: Caller) -> bool:
    """Whether an entry names the role of a session, or the user who federated.

    "IAM role principals": a session is a principal of its role. The session's ARN has the role's
    name without its path, which is enough: names are "unique within the account"
    (IAM/reference_iam-quotas). "AWS STS federated user principals": "This session's ARN is based
    on the original identity that was federated".
    """
    kind = {"session": "role", "federated": "user"}.get(caller.kind)
    home = f"arn:{caller.partition}:iam::{caller.account}:{kind}/"
    return kind is not None and entry.startswith(home) and entry.rpartition("/")[2] == caller.entity


def names_a_session(element: Any, caller: Caller) -> bool:
    """Whether an element names a session of the role that is asked about."""
    if caller.kind != "role":
        return False
    sessions = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.entity}/"
    return any(entry.startswith(sessions) for entry in as_list(element.get("AWS", [])))
