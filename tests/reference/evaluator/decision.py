"""IAM/reference_policies_evaluation-logic_policy-eval-denyallow and _cross-account."""

from __future__ import annotations

from typing import Any

from tests.reference.evaluator.conditions import conditions_hold, keys_of
from tests.reference.evaluator.elements import (
    action_applies,
    as_list,
    naming_of,
    principal_applies,
    resource_applies,
)
from tests.reference.evaluator.request import Request, request_of


class Evaluation:
    """The policies of one question, each with what of it applies to the request."""

    def __init__(self, question: dict[str, Any], request: Request) -> None:
        self.request = request
        self.missing: set[str] = set()
        self.identity = self.read(self.identity_policies(question))
        self.boundary = self.read_one(question.get("boundary") if request.has_boundary else None)
        # "If the principal is not a session principal, the enforcement code returns a final
        # decision of Allow": only sessions have session policies.
        self.session = self.read_one(
            question.get("session_policy") if request.caller.is_session else None
        )
        self.scps = [self.read(level) for level in self.levels_of_scps(question)]
        self.rcps = [self.read(level) for level in self.levels_of_rcps(question)]
        self.registry = self.read_one(question.get("registry_policy"))
        # A registry's own actions name no repository, so there is no repository policy to ask;
        # ECR/repository-policies: users need ecr:GetAuthorizationToken "through an IAM policy".
        self.repository = self.read_one(
            question.get("repository_policy") if request.resource != "*" else None,
            in_repository=True,
        )

    def identity_policies(self, question: dict[str, Any]) -> list[Any]:
        """A service principal and an account's root user have no identity-based policies."""
        if self.request.caller.kind in ("service", "root"):
            return []
        return question.get("identity_policies") or []

    def levels_of_scps(self, question: dict[str, Any]) -> list[Any]:
        """ORG/orgs_manage_policies_scps, "SCP effects on permissions".

        "SCPs affect only IAM users and roles that are managed by accounts that are part of the
        organization ... including the root user", and "do not affect any service-linked role".
        """
        if self.request.caller.kind == "service" or self.request.caller.is_service_linked:
            return []
        return question.get("scps") or []

    def levels_of_rcps(self, question: dict[str, Any]) -> list[Any]:
        """ORG/orgs_manage_policies_rcps, "RCP effects on permissions".

        They hold "regardless of whether the principals belong to the same organizations or not.
        This includes root users. The exception is when principals are service-linked roles".
        """
        return [] if self.request.caller.is_service_linked else question.get("rcps") or []

    def read_one(self, policy: Any, *, in_repository: bool = False) -> list[dict[str, Any]] | None:
        """The statements of one policy that apply, or None where there is no policy."""
        return None if policy is None else self.read([policy], in_repository=in_repository)

    def read(self, policies: list[Any], *, in_repository: bool = False) -> list[dict[str, Any]]:
        """The statements that apply to the request.

        IAM/reference_policies_elements_statement: all elements of a statement must match. What
        its condition asks for and nobody gave is noted.
        """
        applying = []
        for policy in policies:
            for statement in as_list(policy["Statement"]):
                if not action_applies(statement, self.request):
                    continue
                if not resource_applies(
                    statement, policy, self.request, in_repository=in_repository
                ):
                    continue
                names_principals = "Principal" in statement or "NotPrincipal" in statement
                if names_principals and not principal_applies(statement, self.request):
                    continue
                self.missing |= {
                    key for key in keys_of(statement) if key.lower() not in self.request.context
                }
                if conditions_hold(statement, policy, self.request):
                    applying.append(statement)
        return applying

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
            self.repository or [],
            self.registry or [],
        ]
        return any(statement["Effect"] == "Deny" for policy in everything for statement in policy)

    def scps_allow(self) -> bool:
        """ORG/orgs_manage_policies_scps_evaluation, "How SCPs work with Allow".

        "there must be an explicit Allow statement at every level from the root through each OU in
        the direct path to the account". An RCP needs no such step: RCPFullAWSAccess "can't be
        detached, so there will always be an Allow statement".
        """
        return all(grants(level) for level in self.scps)

    def granted_by_resource(self) -> set[str]:
        """The ways in which resource-based policies allow the caller.

        ECR/repository-policies and ECR/registry-permissions: "Amazon ECR ... enforces the registry
        policy in all ECR requests".
        """
        ways = set()
        for statement in (self.repository or []) + (self.registry or []):
            if statement["Effect"] == "Allow":
                if "NotPrincipal" in statement:
                    # "Using it with Allow is not supported." Open: what it does where it was
                    # saved all the same. "all principals except" is everyone else.
                    ways.add("directly")
                else:
                    ways.add(naming_of(statement["Principal"], self.request.caller) or "")
        return ways

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
        return all(grants(policy) for policy in (self.boundary, self.session) if policy is not None)

    def allowed_within_account(self) -> bool:
        """ "Resource-based policies", within the same account.

        What grants "directly to the IAM user or the session principal" is not limited by an
        implicit deny elsewhere; a grant to the role is limited by boundary and session policy; a
        grant to the account is the account's to pass on, by an identity-based policy. `*`: "For
        IAM users and role principals within your account, no other permissions are required."
        """
        ways = self.granted_by_resource()
        if "directly" in ways:
            return True
        if "role" in ways and self.limits_allow():
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
        if caller.kind == "service":
            # A service principal acts in no account of the user's: it has what resource-based
            # policies give it.
            allowed = "directly" in self.granted_by_resource()
        elif caller.account == self.request.resource_account:
            allowed = self.allowed_within_account()
        else:
            allowed = self.allowed_across_accounts()
        return "allow" if allowed else "implicit-deny"


def grants(statements: list[dict[str, Any]] | None) -> bool:
    """Whether a policy that applies allows."""
    return any(statement["Effect"] == "Allow" for statement in statements or [])


def answer(
    question: dict[str, Any], *, account: str | None = None, region: str | None = None
) -> dict[str, Any]:
    """The answer to one question in the form of `access --ask`, without its reasons."""
    evaluation = Evaluation(question, request_of(question, account, region))
    return {"decision": evaluation.decide(), "missing_context": sorted(evaluation.missing)}
