"""What a question says about the request: who calls, what is asked, with which context."""

from __future__ import annotations

from typing import Any, NamedTuple

# SAR/list_amazonelasticcontainerregistry, the actions whose "Resource types" column is empty: "If
# there is no value for this column, you must specify all resources ("*")".
ACTIONS_WITHOUT_RESOURCE = frozenset(
    {
        "ecr:createpullthroughcacherule",
        "ecr:createrepositorycreationtemplate",
        "ecr:deletepullthroughcacherule",
        "ecr:deleteregistrypolicy",
        "ecr:deleterepositorycreationtemplate",
        "ecr:deletesigningconfiguration",
        "ecr:deregisterpulltimeupdateexclusion",
        "ecr:describepullthroughcacherules",
        "ecr:describeregistry",
        "ecr:describerepositorycreationtemplates",
        "ecr:getaccountsetting",
        "ecr:getauthorizationtoken",
        "ecr:getregistrypolicy",
        "ecr:getregistryscanningconfiguration",
        "ecr:getsigningconfiguration",
        "ecr:listpulltimeupdateexclusions",
        "ecr:putaccountsetting",
        "ecr:putregistrypolicy",
        "ecr:putregistryscanningconfiguration",
        "ecr:putreplicationconfiguration",
        "ecr:putsigningconfiguration",
        "ecr:registerpulltimeupdateexclusion",
        "ecr:updatepullthroughcacherule",
        "ecr:updaterepositorycreationtemplate",
        "ecr:validatepullthroughcacherule",
    }
)


class Caller(NamedTuple):
    """The principal of a request."""

    kind: str  # "root", "user", "role", "session", "federated" or "service"
    name: str  # what was asked for: an ARN, or a service's name
    account: str | None
    entity: str  # the name of the user, role or federated user, without its path

    @property
    def is_role(self) -> bool:
        """IAM/reference_policies_evaluation-logic_policy-eval-denyallow, IAM role session.

        "When you assume a role and make a request, the principal making the request is the IAM
        role session ARN": who asks for a role asks for a session of it.
        """
        return self.kind in ("role", "session")

    @property
    def is_session(self) -> bool:
        """The same page: "Session principals include an IAM role session or an AWS STS federated
        user session."
        """
        return self.is_role or self.kind == "federated"

    @property
    def can_have_boundary(self) -> bool:
        """IAM/access_policies_boundaries: "permissions boundaries for IAM entities (users or
        roles)"; sessions are bounded by the boundary of their entity.
        """
        return self.kind in ("user", "role", "session", "federated")

    @property
    def is_service_linked(self) -> bool:
        """IAM/id_roles_create-service-linked-role: their path is `/aws-service-role/`."""
        return self.kind == "role" and ":role/aws-service-role/" in self.name


class Request(NamedTuple):
    """One request to evaluate."""

    caller: Caller
    action: str
    resource: str
    resource_account: str | None
    context: dict[str, Any]  # keyed by the lower-cased name of the context key
    has_boundary: bool


def caller_of(principal: str) -> Caller:
    """IAM/reference_policies_elements_principal: the forms of a principal."""
    if not principal.startswith("arn:"):
        return Caller("service", principal, None, principal)
    _, _, service, _, account, resource = principal.split(":", 5)
    if resource == "root":
        return Caller("root", principal, account, "root")
    pieces = resource.split("/")
    if service == "sts" and pieces[0] == "assumed-role":
        return Caller("session", principal, account, pieces[1])
    if service == "sts" and pieces[0] == "federated-user":
        return Caller("federated", principal, account, pieces[1])
    if service == "iam" and pieces[0] in ("user", "role"):
        return Caller(pieces[0], principal, account, pieces[-1])
    raise ValueError(principal)


def request_of(question: dict[str, Any], account: str | None, region: str | None) -> Request:
    """A question in the form of `access --ask`."""
    caller = caller_of(question["principal"])
    own_account = caller.account or account
    repository = question.get("repository")
    resource, resource_account = "*", own_account
    if repository is not None and question["action"].lower() not in ACTIONS_WITHOUT_RESOURCE:
        if repository.startswith("arn:"):
            resource, resource_account = repository, repository.split(":")[4]
        else:
            # ECR's API: "If you do not specify a registry, the default registry is assumed",
            # the one of the caller's account, in the Region that is asked.
            resource = f"arn:aws:ecr:{region}:{own_account}:repository/{repository}"
    context = context_of_caller(caller)
    if resource_account is not None:
        context["aws:resourceaccount"] = resource_account
    if resource != "*":
        context["aws:requestedregion"] = resource.split(":")[3]
    elif region is not None:
        context["aws:requestedregion"] = region
    for key, value in (question.get("context") or {}).items():
        # IAM/reference_policies_elements_condition: "Condition key names are not case-sensitive."
        context[key.lower()] = value
    return Request(
        caller,
        question["action"],
        resource,
        resource_account,
        context,
        caller.can_have_boundary and question.get("boundary") is not None,
    )


def context_of_caller(caller: Caller) -> dict[str, Any]:
    """IAM/reference_policies_condition-keys: what the principal itself puts into the context.

    Only what follows from the principal's name; tags, unique ids and the organization do not.
    """
    # aws:PrincipalIsAWSService: "set to true when a service uses a service principal ... present
    # in the request context for all signed API requests".
    context: dict[str, Any] = {
        "aws:principalisawsservice": "true" if caller.kind == "service" else "false"
    }
    if caller.kind == "service":
        # aws:PrincipalServiceName: "contains the name of the service principal".
        context["aws:principalservicename"] = caller.name
        return context
    # aws:PrincipalAccount: "included in the request context for all requests".
    context["aws:principalaccount"] = caller.account
    # aws:PrincipalArn: "For IAM roles, the request context returns the ARN of the role".
    context["aws:principalarn"] = caller.name
    if caller.kind == "session":
        partition = caller.name.split(":")[1]
        context["aws:principalarn"] = f"arn:{partition}:iam::{caller.account}:role/{caller.entity}"
    # IAM/reference_policies_variables, "Principal key values".
    context["aws:principaltype"] = {
        "root": "Account",
        "user": "User",
        "federated": "FederatedUser",
        "role": "AssumedRole",
        "session": "AssumedRole",
    }[caller.kind]
    if caller.kind == "user":
        context["aws:username"] = caller.entity
    if caller.kind == "root":
        context["aws:userid"] = caller.account
    if caller.kind == "federated":
        context["aws:userid"] = f"{caller.account}:{caller.entity}"
    return context
