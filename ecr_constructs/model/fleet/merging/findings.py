"""What fast mode cannot carry, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterable

from ...findings import Finding
from ..checks.finding import nearest, one_of

__all__ = [
    "FULL_TREE",
    "annotated",
    "aspect_late",
    "aspect_of_library",
    "children_added",
    "decided_per_resource",
    "environment_unchosen",
    "environments_missing",
    "given_by_aspect",
    "logical_id_taken",
    "looked_between",
    "looked_late",
    "manifest_unusable",
    "name_unknown",
    "read_by_aspect",
    "reference_inside",
    "replaced_as_whole",
    "stack_too_big",
    "tokens_inside",
    "unknown_environment",
]

DOCS = "https://docs.aws.amazon.com/cdk/v2/guide/aspects.html"
LIMITS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
FULL_TREE = "use mode=FleetMode.FULL_TREE, in which every resource is a construct"


def decided_per_resource(part: str, between: Iterable[str]) -> Finding:
    """Two resources of one class came out differently."""
    return _finding(
        "fleet-decided-per-resource",
        f"{part.removeprefix('.')} was changed in another way for one resource than for another, "
        "and fast mode cannot ask for each of them",
        " and ".join(between),
        "tags, permissions boundaries, removal policies, and Aspects that do the same to each "
        "resource",
    )


def replaced_as_whole(part: str, witness: str) -> Finding:
    """An override made something of a part that cannot be done to others part by part."""
    return _finding(
        "fleet-replaced-as-whole",
        f"{part} was replaced by something else than its like, which fast mode cannot compare",
        witness,
        "overrides that leave properties, tags (each key once) and metadata what they are",
    )


def read_by_aspect(attribute: str, *, place: str, siblings: int) -> Finding:
    """Code of the app looked at what differs between resources, on one that stands for many."""
    return _finding(
        "fleet-read-per-resource",
        f"{place} reads {attribute!r} of a resource that stands for {siblings} others, "
        "of which it is different: it may decide per resource",
        attribute,
        "Aspects and Mixins that do the same to each resource, without looking at what differs",
    )


def given_by_aspect(method: str, *, place: str, siblings: int) -> Finding:
    """Code of the app gave a resource that stands for many to a method that may tell which."""
    return _finding(
        "fleet-read-per-resource",
        f"{place} gives {method} a resource that stands for {siblings} others, "
        "and may decide by what it says of this one",
        method,
        "Aspects and Mixins that do the same to each resource, without asking which it is",
    )


def aspect_of_library(name: str) -> Finding:
    """An Aspect of another library, whose code cannot be watched."""
    return _finding(
        "fleet-aspect-of-library",
        f"{name} looks at resources one by one, and in fast mode it would see a few of them",
        name,
        "Aspects of aws-cdk-lib and your own",
    )


def aspect_late() -> Finding:
    """An Aspect that was not there when CDK came to the fleet."""
    return _finding(
        "fleet-aspect-late",
        "was added by another Aspect, when CDK had passed the fleet, and would act on a few of its "
        "resources",
        "an Aspect",
        "Aspects that are there before the app is synthesized",
    )


def looked_between(attribute: str, place: str) -> Finding:
    """Code of the app looked for resources after a synthesis, before the next one."""
    return _finding(
        "fleet-looked-between",
        f"{place} reads {attribute!r} between two syntheses, and in fast mode there is no resource "
        "to be found then",
        attribute,
        "changes before the first app.synth()",
    )


def looked_late(attribute: str, place: str) -> Finding:
    """Code of the app, called by CDK, looked for resources when templates were written."""
    return _finding(
        "fleet-looked-late",
        f"{place} reads {attribute!r} when the templates of the fleet are written, and in fast "
        "mode there is no resource to be found then",
        attribute,
        "Aspects, validations and lazy values that look at resources in the Stage of the fleet, "
        "and before its templates are written",
    )


def annotated(path: str, text: str) -> Finding:
    """A warning or an error at a resource that stands for others."""
    return _finding(
        "fleet-annotated",
        "got a message of an Aspect, and the resources that it stands for did not",
        f"{path}: {text}",
        "Aspects that change resources, without a message",
    )


def children_added(path: str, children: Iterable[str]) -> Finding:
    """A construct below a resource that stands for others."""
    return _finding(
        "fleet-children-added",
        "got constructs below it, and the resources that it stands for did not",
        f"{path}: {', '.join(children)}",
        "resources as the manifest has them",
    )


def tokens_inside(entry: str, option: str, given: object) -> Finding:
    """A value of an entry that CDK fills in."""
    return Finding(
        code="fleet-token",
        property=option,
        message=f"{entry} is known only when CDK writes the template, and fast mode writes it",
        given=given,
        allowed="literal values",
        fix=f"write the value, or {FULL_TREE}",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/tokens.html",
    )


def reference_inside(reference: object, *, repository: str) -> Finding:
    """A statement for the policy of a repository refers to a resource by CDK's reference."""
    return Finding(
        code="fleet-reference",
        property="grantee",
        message=f"stands in the policy of {repository} by a reference that only CDK can write",
        given=reference,
        allowed="literal ARNs",
        fix=f"give the role or user a physical name, or {FULL_TREE}",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/resources.html",
    )


def unknown_environment(repository: str, user: str) -> Finding:
    """A fleet that does not say where it stands is used by a stack that stands elsewhere."""
    return Finding(
        code="fleet-environment-unknown",
        property="env",
        message=f"{user} uses {repository}, whose fleet does not say its account and Region",
        given=None,
        allowed="a fleet with an account and a Region, or one environment for both",
        fix="give the fleet env=cdk.Environment(account=..., region=...)",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/environments.html",
    )


def name_unknown(kind: str, name: object, known: Iterable[str]) -> Finding:
    """The manifest has nothing of this name."""
    names = list(known)
    near = nearest(name, names)
    return Finding(
        code="fleet-name-unknown",
        property=kind,
        message=f"is no {kind} of the manifest",
        given=name,
        allowed=one_of(names),
        fix=f"write {near!r}" if near else f"add the {kind} to the manifest",
        docs=DOCS,
    )


def environment_unchosen(known: Iterable[str]) -> Finding:
    """The manifest says where its fleet stands, and the app chooses none of that."""
    names = list(known)
    return Finding(
        code="fleet-environment-unchosen",
        property="environment",
        message="is not given, and the environments of the manifest, with their accounts, Regions "
        "and overrides, would be left out",
        given=None,
        allowed=one_of(names),
        fix=f"write environment={names[0]!r}, or env=cdk.Environment(...) for a place of its own; "
        "FleetStage.for_environments makes a stage for each",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/environments.html",
    )


def manifest_unusable(given: object) -> Finding:
    """Neither a manifest nor the path of one."""
    return Finding(
        code="fleet-manifest",
        property="manifest",
        message=f"is a {type(given).__name__}, and neither a manifest nor the path of its file",
        given=given,
        allowed="a Fleet, or the path of a file of JSON, YAML or TOML",
        fix="write manifest='fleet.json', say",
        docs=DOCS,
    )


def environments_missing() -> Finding:
    """Stages for each environment of a manifest that has none."""
    return Finding(
        code="fleet-environments-missing",
        property="manifest",
        message="names no environment, so there is nothing to make a stage for",
        given=None,
        allowed="one environment or more",
        fix="add an environment with its account and Region, or use RepositoryFleet in a stage of "
        "your own",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/environments.html",
    )


def logical_id_taken(logical_ids: Iterable[str]) -> Finding:
    """Another construct of the stack has the logical id of a resource of the fleet."""
    return Finding(
        code="fleet-logical-id-taken",
        property="manifest",
        message="has resources whose logical ids another construct of the stack has, too",
        given=", ".join(logical_ids),
        allowed="one resource a logical id",
        fix="give the other construct another id, or put it into a stack of its own",
        docs=LIMITS,
    )


def stack_too_big(given: str, allowed: str) -> Finding:
    """A stack that CloudFormation would refuse, once everything is in it."""
    return Finding(
        code="fleet-stack-too-big",
        property="manifest",
        message="fills a stack, with what Aspects, grants and other constructs added to it",
        given=given,
        allowed=allowed,
        fix="take other constructs out of the stack, or give new entries a new group",
        docs=LIMITS,
    )


def _finding(code: str, message: str, given: object, allowed: str) -> Finding:
    return Finding(
        code=code,
        property="mode",
        message=message,
        given=given,
        allowed=allowed,
        fix=FULL_TREE,
        docs=DOCS,
    )
