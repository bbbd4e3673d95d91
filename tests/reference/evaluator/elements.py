"""Who and what a statement speaks of: Principal, Action, Resource and their opposites."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator import variables
from tests.reference.evaluator.request import Caller, Request
from tests.reference.evaluator.wildcards import (
    Letter,
    letters_of,
    letters_of_segment,
    literal_letters,
    matches,
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


def resource_applies(
    statement: dict[str, Any], policy: dict[str, Any], request: Request, *, in_repository: bool
) -> bool:
    """IAM/reference_policies_elements_resource and _notresource.

    A repository policy has no Resource (ECR/repository-policies: it is "scoped for ... individual
    Amazon ECR repositories"): it speaks of its repository.
    """
    if "NotResource" in statement:
        return not any(
            resource_matches(pattern, policy, request)
            for pattern in as_list(statement["NotResource"])
        )
    if "Resource" in statement:
        return any(
            resource_matches(pattern, policy, request) for pattern in as_list(statement["Resource"])
        )
    return in_repository


def resource_matches(text: str, policy: dict[str, Any], request: Request) -> bool:
    """One entry of Resource or NotResource.

    IAM/reference_policies_variables: a variable is known "only in the resource portion of the
    ARN ... after the fifth colon", and "the resource that includes a policy variable with no
    value will not match any resource".
    """
    segments = text.split(":", 5)
    pattern: list[Letter] = []
    for segment in segments[:5]:
        pattern += [*letters_of_segment(segment), *literal_letters(":")]
    if len(segments) < 6:
        pattern.pop()
    elif variables.are_known_to(policy):
        trailing = variables.replace_variables(segments[5], request.context)
        if trailing is None:
            return False
        pattern += trailing
    else:
        pattern += letters_of(segments[5])
    return matches(pattern, request.resource)


def principal_applies(statement: dict[str, Any], request: Request) -> bool:
    """IAM/reference_policies_elements_principal and _notprincipal.

    NotPrincipal: "deny access to all principals except the principal specified"; with a Deny it
    "will always deny any IAM principal that has a permissions boundary policy attached,
    regardless of the values specified in the NotPrincipal element".

    Open: whether an entry excepts a principal whose account is not named beside it ("you must
    also specify the account ARN ... Otherwise, the policy might deny access to the entire
    account"), and whether the account alone excepts all of its principals: both are taken to
    except, for the owner must not rely on the denial.
    """
    if "NotPrincipal" in statement:
        if statement["Effect"] == "Deny" and request.has_boundary:
            return True
        return naming_of(statement["NotPrincipal"], request.caller) is None
    return naming_of(statement["Principal"], request.caller) is not None


def naming_of(element: Any, caller: Caller) -> str | None:
    """How a Principal element names the caller, the most direct way first, or None.

    "directly": the very user, session, federated user or service, or everyone; "role": the role
    of a session; "account": its account.
    """
    if element == "*":
        return "directly"
    ways = set()
    for entry in as_list(element.get("AWS", [])):
        ways.add(naming_by_aws(entry, caller))
    for entry in as_list(element.get("Service", [])):
        if caller.kind == "service" and entry == caller.name:
            ways.add("directly")
    # "OIDC federated principals are not supported in policy types other than role trust
    # policies", and only Amazon S3 knows canonical users: neither ever names a caller of ECR.
    for way in ("directly", "role", "account"):
        if way in ways:
            return way
    return None


def naming_by_aws(entry: str, caller: Caller) -> str | None:
    """One entry of `AWS`.

    "All principals": `"*"` and `{"AWS": "*"}` are equivalent. Open: whether that takes in
    services; it is taken to.

    "AWS account principals": the account's id and its root ARN "behave the same way. Both delegate
    permissions to the account."
    """
    if entry == "*":
        return "directly"
    if caller.kind == "service":
        return None
    partition = caller.name.split(":")[1]
    if entry in (caller.account, f"arn:{partition}:iam::{caller.account}:root"):
        return "directly" if caller.kind == "root" else "account"
    # A question about a role is one about any session of it: a policy that names the role names
    # it as the role of that session.
    if entry == caller.name:
        return "role" if caller.kind == "role" else "directly"
    # "IAM role principals": a session is a principal of its role. The session's ARN does not have
    # the path of the role.
    if caller.kind == "session" and entry.startswith(
        f"arn:{partition}:iam::{caller.account}:role/"
    ):
        return "role" if entry.rpartition("/")[2] == caller.entity else None
    return None
