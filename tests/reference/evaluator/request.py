"""What a question says about the request: who calls, what is asked, with which context."""

from __future__ import annotations

import re
from functools import lru_cache
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

FAMILIES_OF_TAGS = ("aws:resourcetag/", "ecr:resourcetag/")


class Caller(NamedTuple):
    """The principal of a request."""

    # "root", "user", "role", "session", "federated", "service", "provider" or "anonymous"
    kind: str
    name: str  # what was asked for: an ARN, the name of a service or provider, or "*"
    account: str | None
    entity: str  # the name of the user, role or federated user, without its path

    @property
    def partition(self) -> str:
        """IAM/reference-arns: the second part of an ARN."""
        return self.name.split(":")[1]

    @property
    def is_identity(self) -> bool:
        """IAM/id: users, roles, their sessions and the root user are identities of an account.

        A service acts in no account of the user's, and a provider only vouches for others.
        """
        return self.kind not in ("service", "provider", "anonymous")

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
    owner: str | None  # the account of the repository that the question speaks of
    context: dict[str, Any]  # keyed by the lower-cased name of the context key
    has_boundary: bool
    # The keys of which everybody knows the value, or that there is none; `families` begin such.
    settled: frozenset[str]
    families: tuple[str, ...]
    # Whether the question gives nothing else for these.
    is_usual: bool

    def is_settled(self, key: str) -> bool:
        """Whether no circumstance can change what a key holds."""
        return key.lower() in self.settled or key.lower().startswith(self.families)


# IAM/reference_identifiers, "IAM ARNs", and IAM/reference_policies_elements_principal.
NAME = r"([^/]+/)*[^/]+"
FORMS = {
    "anonymous": r"\*",
    "root": r"[0-9]{12}|arn:[^:]+:iam::[0-9]+:root",
    "user": rf"arn:[^:]+:iam::[0-9]+:user/{NAME}",
    "role": rf"arn:[^:]+:iam::[0-9]+:role/{NAME}",
    "provider": rf"arn:[^:]+:iam::[0-9]+:(saml|oidc)-provider/{NAME}",
    "group": rf"arn:[^:]+:iam::[0-9]+:group/{NAME}",
    "session": r"arn:[^:]+:sts::[0-9]+:assumed-role/[^/]+/[^/]+",
    # SAR/list_awsorganizations, "Resource types".
    "organization": rf"arn:[^:]+:organizations::[0-9]+:(organization|ou)/{NAME}",
    "federated": rf"arn:[^:]+:sts::[0-9]+:federated-user/{NAME}",
    # "service-name.amazonaws.com"; in China the domain is amazonaws.com.cn.
    "service": r"[^/:]+\.amazonaws\.com(\.cn)?",
}
# The domain of an identity provider, as in `"Federated": "accounts.google.com"`.
DOMAIN = re.compile(r"[^:]*\.[^:]*")


@lru_cache(maxsize=1_000)
def kind_of(principal: str) -> str | None:
    """The kind of principal that a text has the form of, if any."""
    for kind, form in FORMS.items():
        if re.fullmatch(form, principal):
            return kind
    return "provider" if DOMAIN.fullmatch(principal) else None


def caller_of(principal: str) -> Caller:
    """IAM/reference_policies_elements_principal: the forms of a principal."""
    kind = kind_of(principal)
    if kind is None:
        raise ValueError(principal)
    if principal.isdigit():
        # "the account ARN and the shortened account ID behave the same way".
        principal = f"arn:aws:iam::{principal}:root"
    if not principal.startswith("arn:"):
        return Caller(kind, principal, None, principal)
    _, _, _, _, account, resource = principal.split(":", 5)
    form, _, name = resource.partition("/")
    entity = name.split("/")[0] if form == "assumed-role" else name.split("/")[-1]
    return Caller(kind, principal, account, entity)


def request_of(question: dict[str, Any], account: str | None, region: str | None) -> Request:
    """A question in the form of `access --ask`.

    An action without a resource is asked of the caller's own account, in the Region that the
    question speaks of. ECR's API says of the others, too: "If you do not specify a registry, the
    default registry is assumed". Where a question gives aws:ResourceAccount and no ARN, that is
    the account of the resource.

    A question may say which tags its repository has, all of them; an account has none.
    """
    caller = caller_of(question["principal"])
    repository = question.get("repository")
    if repository is not None and not repository.startswith("arn:"):
        repository = f"arn:aws:ecr:{region}:{account}:repository/{repository}"
    on_account = question["action"].lower() in ACTIONS_WITHOUT_RESOURCE
    context = context_of_caller(caller)
    resource, resource_account, owner = "*", caller.account, None
    if repository is not None:
        context["aws:requestedregion"], owner = repository.split(":")[3:5]
        if not on_account:
            resource, resource_account = repository, owner
    if resource_account is not None:
        context["aws:resourceaccount"] = resource_account
    settled = frozenset({*context, *never_in_the_context_of(caller)})
    tags = {} if resource == "*" else question.get("tags")
    families = () if tags is None else FAMILIES_OF_TAGS
    given = context_of_question(question.get("context") or {})
    unusual = not settled.isdisjoint(given)
    if families:
        tag_keys = {f"{family}{name}".lower() for name in tags or () for family in families}
        unusual |= any(key.startswith(families) and key not in tag_keys for key in given)
    context.update(given)
    if repository is None:
        named = only_one(context.get("aws:resourceaccount"))
        owner = caller.account if named is None else named
        resource_account = resource_account if on_account else owner
    return Request(
        caller,
        question["action"],
        resource,
        resource_account,
        owner,
        context,
        caller.can_have_boundary and question.get("boundary") is not None,
        settled,
        families,
        not unusual,
    )


def only_one(value: Any) -> Any:
    """The value of a key that has one value."""
    values = value if isinstance(value, list) else [value]
    return values[0] if len(values) == 1 else None


def context_of_question(given: dict[str, Any]) -> dict[str, Any]:
    """IAM/reference_policies_elements_condition: "Condition key names are not case-sensitive."

    Tags whose names differ only by case are one key: "the key name matches both tags, but only one
    value matches".
    """
    context: dict[str, Any] = {}
    for key, value in given.items():
        name = key.lower()
        if name in context:
            several = [context[name], value]
            context[name] = [
                one for entry in several for one in (entry if isinstance(entry, list) else [entry])
            ]
        else:
            context[name] = value
    return context


def context_of_caller(caller: Caller) -> dict[str, Any]:
    """IAM/reference_policies_condition-keys: what the principal itself puts into the context.

    Only what follows from the principal's name; tags, unique ids and the organization do not.
    """
    # aws:PrincipalIsAWSService: "set to true when a service uses a service principal ... present
    # in the request context for all signed API requests".
    if caller.kind == "anonymous":
        # aws:PrincipalAccount: "For anonymous requests, the request context returns anonymous";
        # "Anonymous requests do not include" aws:PrincipalIsAWSService.
        return {
            "aws:principalaccount": "anonymous",
            "aws:principaltype": "Anonymous",
            "aws:userid": "anonymous",
        }
    if caller.kind == "provider":
        # STS/API_AssumeRoleWithSAML: it "does not require the use of AWS security credentials", so
        # what a provider asks for is not signed. Its ARN has an account.
        return {} if caller.account is None else {"aws:principalaccount": caller.account}
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
        home = f"arn:{caller.partition}:iam::{caller.account}"
        context["aws:principalarn"] = f"{home}:role/{caller.entity}"
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


def never_in_the_context_of(caller: Caller) -> list[str]:
    """The keys that the same pages say such a caller's requests do not have: nobody can give them.

    aws:username: "(not present)" but for IAM users. aws:PrincipalServiceName and its list: "not
    present in any other situation" than a call by a service principal. Those that "Anonymous
    requests do not include".
    """
    never = []
    if caller.kind != "user":
        never.append("aws:username")
    if caller.kind != "service":
        never += ["aws:principalservicename", "aws:principalservicenameslist"]
    if caller.kind == "anonymous":
        never += ["aws:principalarn", "aws:principalisawsservice"]
        never += ["aws:principalorgid", "aws:principalorgpaths"]
    return never
