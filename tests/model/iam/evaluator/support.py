"""Requests and policies in few words, for the tests of the evaluator."""

from dataclasses import dataclass, field

from ecr_constructs.model.iam.evaluator import (
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
)

ACCOUNT = "111122223333"
OTHER = "444455556666"
REPOSITORY = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop/api"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/examplerole"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/examplerole/examplerolesessionname"
USER = f"arn:aws:iam::{ACCOUNT}:user/exampleuser"
FEDERATED_USER = f"arn:aws:sts::{ACCOUNT}:federated-user/exampleuser"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OTHER_ROLE = f"arn:aws:iam::{OTHER}:role/reader"
PULL = "ecr:BatchGetImage"

ALLOW, EXPLICIT, IMPLICIT = "allow", "explicit-deny", "implicit-deny"


def statement(effect="Allow", **elements):
    """A statement about every action and resource, but for what is given."""
    made = {"Effect": effect}
    if "NotAction" not in elements:
        made["Action"] = "*"
    if "NotResource" not in elements and elements.get("Resource", "") is not None:
        made["Resource"] = "*"
    made.update({key: value for key, value in elements.items() if value is not None})
    return made


def document(*statements, version="2012-10-17"):
    """A policy document of these statements."""
    return {"Version": version, "Statement": list(statements)}


def grant(effect="Allow", principal="*", **elements):
    """A statement of a repository policy."""
    return statement(effect, Principal=principal, Resource=None, **elements)


FULL = document(statement())
NOTHING = document(statement(Action="s3:ListAllMyBuckets"))


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request with its policies, and what the page says of it."""

    page: str
    name: str
    expected: str
    principal: str = ROLE
    action: str = PULL
    resource: str = REPOSITORY
    context: dict = field(default_factory=dict)
    identity: tuple = ()
    boundary: dict | None = None
    session: dict | None = None
    scps: tuple | None = None
    rcps: tuple | None = None
    repository: dict | None = None
    registry: dict | None = None

    def __str__(self):
        return f"{self.page}: {self.name}"

    def decide(self):
        """The evaluator's decision."""
        return decide(
            self.principal,
            self.action,
            self.resource,
            self.context,
            identity=self.identity,
            boundary=self.boundary,
            session=self.session,
            scps=self.scps,
            rcps=self.rcps,
            repository=self.repository,
            registry=self.registry,
        )


def principal(text):
    """The principal that a text names."""
    return Principal.of(text)


def policies(
    *,
    identity=(),
    boundary=None,
    session=None,
    scps=None,
    rcps=None,
    repository=None,
    registry=None,
):
    """The documents, compiled."""

    def one(document, kind):
        return None if document is None else compile_policy(document, kind)

    def levels(documents, kind):
        if documents is None:
            return None
        return tuple(tuple(one(entry, kind) for entry in level) for level in documents)

    return PolicySet(
        identity=tuple(
            compile_policy(entry, PolicyKind.IDENTITY, name=f"identity-{number}")
            for number, entry in enumerate(identity)
        ),
        boundary=one(boundary, PolicyKind.BOUNDARY),
        session=None if session is None else (compile_policy(session, PolicyKind.SESSION),),
        scps=levels(scps, PolicyKind.SCP),
        rcps=levels(rcps, PolicyKind.RCP),
        repository=one(repository, PolicyKind.REPOSITORY),
        registry=one(registry, PolicyKind.REGISTRY),
    )


def decide(who, action=PULL, resource=REPOSITORY, context=None, **documents):
    """The decision on one request."""
    request = Request(
        principal=principal(who), action=action, resource=resource, context=context or {}
    )
    return evaluate(request, policies(**documents))


def holds(condition, context=None, *, who=USER, version="2012-10-17", **elements):
    """Whether an Allow under this condition applies to a request with this context."""
    allowed = statement(Condition=condition, **elements)
    decision = decide(who, context=context, identity=[document(allowed, version=version)])
    return decision.decision.value == ALLOW
