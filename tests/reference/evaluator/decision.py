"""IAM/reference_policies_evaluation-logic_policy-eval-denyallow and _cross-account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.reference.evaluator import variables
from tests.reference.evaluator.certainty import NO, OPEN, every, takes_effect
from tests.reference.evaluator.conditions import conditions_hold, keys_of
from tests.reference.evaluator.elements import (
    action_applies,
    as_list,
    principal_applies,
    resource_applies,
    ways_of_naming,
)
from tests.reference.evaluator.request import (
    ACTIONS_WITHOUT_RESOURCE,
    Request,
    never_in_the_context_of,
    request_of,
)

Statements = list[dict[str, Any]]


class Evaluation:
    """The policies of one question, each with what of it takes effect on the request."""

    def __init__(self, question: dict[str, Any], request: Request) -> None:
        self.request = request
        self.asked: list[str] = []
        # What is asked for, or would be if a resource's variable had another value.
        self.looked_at: list[str] = []
        self.left_open = False
        # What takes effect, with the kind of its policy and its place there.
        self.effects: list[tuple[dict[str, Any], str, int]] = []
        boundary = question.get("boundary") if request.has_boundary else None
        self.identity = self.read(self.identity_policies(question), "identity")
        self.boundary = self.read_one(boundary, "boundary")
        self.session = self.read_one(self.session_policy(question), "session")
        self.scps = [self.read(level, "scp") for level in self.levels_of_scps(question)]
        self.rcps = [self.read(level, "rcp") for level in self.levels_of_rcps(question)]
        self.repository = self.read_one(self.repository_policy(question), "repository") or []
        self.registry = self.read_one(self.registry_policy(question), "registry") or []

    def identity_policies(self, question: dict[str, Any]) -> list[Any]:
        """Who is no identity has no identity-based policies, and neither has the root user."""
        if self.request.caller.kind == "root" or not self.request.caller.is_identity:
            return []
        return question.get("identity_policies") or []

    def session_policy(self, question: dict[str, Any]) -> Any:
        """ "Session policies": "If the principal is not a session principal, the enforcement code
        returns a final decision of Allow": only sessions have them.
        """
        return question.get("session_policy") if self.request.caller.is_session else None

    def levels_of_scps(self, question: dict[str, Any]) -> list[Any]:
        """ORG/orgs_manage_policies_scps, "SCP effects on permissions".

        "SCPs affect only IAM users and roles that are managed by accounts that are part of the
        organization ... including the root user", and "do not affect any service-linked role".
        """
        caller = self.request.caller
        if not caller.is_identity or caller.is_service_linked:
            return []
        return question.get("scps") or []

    def levels_of_rcps(self, question: dict[str, Any]) -> list[Any]:
        """ORG/orgs_manage_policies_rcps, "RCP effects on permissions".

        They hold "regardless of whether the principals belong to the same organizations or not.
        This includes root users. The exception is when principals are service-linked roles". An
        action on another account than the repository's meets that account's RCPs, which are not
        the question's.
        """
        if self.request.caller.is_service_linked or self.is_about_another_account():
            return []
        return question.get("rcps") or []

    def is_about_another_account(self) -> bool:
        """Whether the action is on the caller's account while the repository is in another."""
        caller, owner = self.request.caller, self.request.owner
        foreign = owner is not None and owner != caller.account
        return self.is_on_account() and caller.is_identity and foreign

    def is_on_account(self) -> bool:
        """SAR: whether the action knows no resource."""
        return self.request.action.lower() in ACTIONS_WITHOUT_RESOURCE

    def repository_policy(self, question: dict[str, Any]) -> Any:
        """A registry's own actions name no repository, and one that is to be created has no policy
        yet.
        """
        if self.request.resource == "*" or self.request.action.lower() == "ecr:createrepository":
            return None
        return question.get("repository_policy")

    def registry_policy(self, question: dict[str, Any]) -> Any:
        """ECR/registry-permissions: "enforces the registry policy in all ECR requests".

        ECR/repository-policies: users need ecr:GetAuthorizationToken "through an IAM policy". Open:
        what a Deny of it in a registry policy does; it is taken to do nothing.
        """
        if self.request.action.lower() == "ecr:getauthorizationtoken":
            return None
        return None if self.is_about_another_account() else question.get("registry_policy")

    def read_one(self, policy: Any, kind: str) -> Statements | None:
        """The statements of one policy that take effect, or None where there is no policy."""
        return None if policy is None else self.read([policy], kind)

    def read(self, policies: Iterable[Any], kind: str) -> Statements:
        """The statements that take effect on the request.

        IAM/reference_policies_elements_statement: all elements of a statement must match. What an
        applicable statement asks for is noted; one whose resource has a variable without a value
        may be applicable.
        """
        effective = []
        for policy in policies:
            for place, statement in enumerate(as_list(policy["Statement"])):
                if not action_applies(statement, self.request):
                    continue
                principal = principal_applies(statement, self.request)
                if principal == NO:
                    continue
                resource = resource_applies(statement, policy, self.request)
                texts = as_list(statement.get("Resource") or statement.get("NotResource") or [])
                texts = [text for text in texts if "${" in text]
                valueless = any(
                    variables.without_value(text, policy, self.request.context) for text in texts
                )
                in_resources = [key for text in texts for key in variables.keys_in(text, policy)]
                self.looked_at += in_resources
                if resource == NO and not valueless:
                    continue
                asked = keys_of(statement, policy)
                self.asked += in_resources + asked
                self.looked_at += asked
                condition = conditions_hold(statement, policy, self.request)
                applies = every([principal, resource, condition])
                self.left_open = self.left_open or applies == OPEN
                if takes_effect(statement["Effect"], applies):
                    effective.append(statement)
                    self.effects.append((statement, kind, place))
        return effective

    def explicitly_denied(self) -> bool:
        """ "Deny evaluation": "If the enforcement code finds even one explicit deny that applies,
        the enforcement code returns a final decision of Deny."
        """
        everything = [
            self.identity,
            self.boundary or [],
            self.session or [],
            *self.scps,
            *self.rcps,
            self.repository,
            self.registry,
        ]
        return any(
            statement["Effect"] == "Deny" for statements in everything for statement in statements
        )

    def scps_allow(self) -> bool:
        """ORG/orgs_manage_policies_scps_evaluation, "How SCPs work with Allow".

        "there must be an explicit Allow statement at every level from the root through each OU in
        the direct path to the account". An RCP needs no such step: RCPFullAWSAccess "can't be
        detached, so there will always be an Allow statement".
        """
        return all(grants(level) for level in self.scps)

    def granted_by_resource(self) -> set[str]:
        """The ways in which resource-based policies allow the caller: in either is enough."""
        return {
            way
            for statement in self.repository + self.registry
            if statement["Effect"] == "Allow"
            for way in ways_of_naming(statement["Principal"], self.request.caller)
        }

    def identity_allows(self) -> bool:
        """ "Identity-based policies", "IAM permissions boundaries", "Session policies"."""
        if self.request.caller.kind == "root":
            # "... with the exception of the AWS account root user, which has full access."
            return True
        return grants(self.identity) and self.limits_allow()

    def limits_allow(self) -> bool:
        """The boundary and the session policy: what is not allowed by them is implicitly denied.

        STS/API_GetFederationToken: "if you do not pass any session policies, then the resulting
        federated user session has no permissions" ("Otherwise, the request is implicitly denied"
        is the evaluation page's last step).
        """
        if self.request.caller.kind == "federated" and self.session is None:
            return False
        limits = [limit for limit in (self.boundary, self.session) if limit is not None]
        return all(grants(limit) for limit in limits)

    def allowed_within_account(self) -> bool:
        """ "Resource-based policies", within the same account.

        What grants "directly to the IAM user or the session principal" is not limited by an
        implicit deny elsewhere; a grant to the role, or to the user who federated, is limited by
        boundary and session policy; a grant to the account is the account's to pass on, by an
        identity-based policy. `*`: "For IAM users and role principals within your account, no
        other permissions are required."
        """
        ways = self.granted_by_resource()
        if "directly" in ways:
            return True
        if "issuer" in ways and self.limits_allow():
            return True
        return self.identity_allows()

    def allowed_across_accounts(self) -> bool:
        """ "The request is allowed only if both evaluations return a decision of Allow." """
        return bool(self.granted_by_resource()) and self.identity_allows()

    def decide(self) -> str:
        """The order of the page."""
        if self.explicitly_denied():
            return "explicit-deny"
        if not self.scps_allow():
            return "implicit-deny"
        caller = self.request.caller
        if not caller.is_identity:
            # A service acts in no account of the user's: it has what resource-based policies give
            # it; so have anonymous users.
            allowed = "directly" in self.granted_by_resource()
        elif caller.account == self.request.resource_account:
            allowed = self.allowed_within_account()
        else:
            allowed = self.allowed_across_accounts()
        return "allow" if allowed else "implicit-deny"

    def reasons(self, decision: str) -> list[tuple[str, int]]:
        """ "The statements that apply": every Deny of a denial; of an Allow those that grant."""
        if decision == "implicit-deny":
            return []
        if decision == "explicit-deny":
            return [
                (kind, place) for entry, kind, place in self.effects if entry["Effect"] == "Deny"
            ]
        return [
            (kind, place)
            for entry, kind, place in self.effects
            if entry["Effect"] == "Allow" and self.is_granting(entry, kind)
        ]

    def is_granting(self, statement: dict[str, Any], kind: str) -> bool:
        """Identity-based and resource-based policies grant, the others only limit.

        Within an account what is not granted directly counts where the limits allow it, and what
        names the account only passes it on; over accounts, both sides are needed.
        """
        if kind not in ("identity", "repository", "registry"):
            return False
        caller = self.request.caller
        if not caller.is_identity or caller.account != self.request.resource_account:
            return True
        if kind == "identity":
            return self.limits_allow()
        ways = ways_of_naming(statement["Principal"], caller)
        return "directly" in ways or ("issuer" in ways and self.limits_allow())

    def passed_by(self) -> dict[str, list[tuple[str, int]]]:
        """Each policy that limits, with the statements by which it lets the request pass."""
        if self.boundary is self.session is None and not self.scps:
            return {}
        limits = {"boundary": self.boundary, "session": self.session}
        limits |= {f"scp {number}": level for number, level in enumerate(self.scps)}
        return {
            name: [
                (kind, place)
                for entry, kind, place in self.effects
                if entry["Effect"] == "Allow" and any(entry is each for each in statements)
            ]
            for name, statements in limits.items()
            if statements is not None
        }

    def is_certain(self) -> bool:
        """Whether the pages leave nothing open and no circumstance could change the answer."""
        request = self.request
        known = all(request.is_settled(key) for key in self.looked_at)
        return known and request.is_usual and not self.left_open

    def missing_context(self) -> list[str]:
        """What applicable statements ask for and nobody gave, but for what nobody could give."""
        known = {*self.request.context, *never_in_the_context_of(self.request.caller)}
        first_written: dict[str, str] = {}
        for key in self.asked:
            if key.lower() not in known:
                first_written.setdefault(key.lower(), key)
        return [first_written[name] for name in sorted(first_written)]


def grants(statements: Statements) -> bool:
    """Whether a policy allows."""
    return any(statement["Effect"] == "Allow" for statement in statements)


def answer(
    question: dict[str, Any], *, account: str | None = None, region: str | None = None
) -> dict[str, Any]:
    """The answer to one question in the form of `access --ask`, its reasons by kind and place."""
    evaluation = Evaluation(question, request_of(question, account, region))
    decision = evaluation.decide()
    return {
        "decision": decision,
        "because": evaluation.reasons(decision),
        "missing_context": evaluation.missing_context(),
        "certain": evaluation.is_certain(),
        "usual": evaluation.request.is_usual,
        "passed_by": evaluation.passed_by(),
    }
