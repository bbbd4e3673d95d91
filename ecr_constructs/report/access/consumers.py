"""What of a template acts as a principal: tasks, jobs, models, nodes, functions, builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..template.alternatives import entries
from ..template.app import App
from ..template.stack import Resource
from .identities import Identities
from .model import Use

__all__ = ["Consumers", "RoleNeeded", "Started", "started_images"]

_FARGATE: Final = "FARGATE"
_ECS_DOCS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"
)
_BATCH_DOCS: Final = "https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html"
_APP_RUNNER_DOCS: Final = (
    "https://docs.aws.amazon.com/apprunner/latest/api/API_AuthenticationConfiguration.html"
)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Where resources of a type name a role that pulls their images, or that runs in them."""

    of: str
    at: tuple[str, ...]
    """The properties that lead to the role; the entries of a list are all followed."""
    kind: str
    images: tuple[tuple[str, ...], ...] = ()
    """Where the images are that it pulls. A role for the program in an image pulls none, and
    what nodes pull is written in Kubernetes."""
    runs_on: str | None = None
    """Where it says on what it runs: elsewhere than on Fargate the instance's role pulls."""
    needed: str | None = None
    """The page where AWS says that nothing is started without the role; None where it may be."""


_PARTS: Final = (
    _Part(
        of="AWS::ECS::TaskDefinition",
        at=("ExecutionRoleArn",),
        kind="task definition (execution role)",
        images=(("ContainerDefinitions", "Image"),),
        runs_on="RequiresCompatibilities",
        needed=_ECS_DOCS,
    ),
    _Part(
        of="AWS::ECS::TaskDefinition",
        at=("TaskRoleArn",),
        kind="task definition (task role)",
    ),
    _Part(
        of="AWS::Batch::JobDefinition",
        at=("ContainerProperties", "ExecutionRoleArn"),
        kind="Batch job (execution role)",
        images=(("ContainerProperties", "Image"),),
        runs_on="PlatformCapabilities",
        needed=_BATCH_DOCS,
    ),
    _Part(
        of="AWS::Batch::JobDefinition",
        at=("ContainerProperties", "JobRoleArn"),
        kind="Batch job (job role)",
    ),
    _Part(
        of="AWS::Batch::JobDefinition",
        at=("EcsProperties", "TaskProperties", "ExecutionRoleArn"),
        kind="Batch job (execution role)",
        images=(("EcsProperties", "TaskProperties", "Containers", "Image"),),
        runs_on="PlatformCapabilities",
        needed=_BATCH_DOCS,
    ),
    _Part(
        of="AWS::Batch::JobDefinition",
        at=("EcsProperties", "TaskProperties", "TaskRoleArn"),
        kind="Batch job (job role)",
    ),
    _Part(
        of="AWS::SageMaker::Model",
        at=("ExecutionRoleArn",),
        kind="SageMaker model",
        images=(("PrimaryContainer", "Image"), ("Containers", "Image")),
    ),
    _Part(
        of="AWS::AppRunner::Service",
        at=("SourceConfiguration", "AuthenticationConfiguration", "AccessRoleArn"),
        kind="App Runner service (access role)",
        images=(("SourceConfiguration", "ImageRepository", "ImageIdentifier"),),
        needed=_APP_RUNNER_DOCS,
    ),
    _Part(
        of="AWS::AppRunner::Service",
        at=("InstanceConfiguration", "InstanceRoleArn"),
        kind="App Runner service (instance role)",
    ),
    _Part(of="AWS::EKS::Nodegroup", at=("NodeRole",), kind="EKS node group"),
    _Part(of="AWS::EKS::Cluster", at=("ComputeConfig", "NodeRoleArn"), kind="EKS Auto Mode"),
    _Part(of="AWS::EKS::FargateProfile", at=("PodExecutionRoleArn",), kind="EKS Fargate profile"),
)


@dataclass(frozen=True)
class _Acting:
    """A consumer and the service that pulls for it by the repository policy."""

    service: str
    use: Use


class Consumers:
    """The consumers of an app: they note their use at the roles that they act as."""

    def __init__(self, app: App, identities: Identities) -> None:
        self._app = app
        self._identities = identities

    def gather(self) -> dict[str, list[Use]]:
        """Note every use at its role; return the uses by services that need no role."""
        for resource in self._app.of_kind("AWS::IAM::InstanceProfile"):
            use = Use(kind="instance profile", name=_name(resource))
            roles = self._identities.role_of_profile(
                resource.stack, resource.properties.get("Roles")
            )
            for role in roles:
                role.uses.append(use)
        for part in _PARTS:
            for resource in self._app.of_kind(part.of):
                self._plays(resource, part)
        services: dict[str, list[Use]] = {}
        for acting in (*self._functions(), *self._builds(), *self._applications()):
            services.setdefault(acting.service, []).append(acting.use)
        return services

    def _plays(self, resource: Resource, part: _Part) -> None:
        images = dict.fromkeys(
            image for path in part.images for image in _texts_at(resource.properties, path)
        )
        use = Use(kind=part.kind, name=_name(resource), images=tuple(images))
        self._acts_as(resource, part.at, use)

    def _functions(self) -> Iterator[_Acting]:
        for resource in self._app.of_kind("AWS::Lambda::Function"):
            images = tuple(_texts_at(resource.properties, ("Code", "ImageUri")))
            use = Use(kind="Lambda function", name=_name(resource), images=images)
            # Its role is what its code acts as; Lambda itself pulls by the repository policy.
            self._acts_as(resource, ("Role",), Use(kind=use.kind, name=use.name))
            if images:
                yield _Acting("lambda.amazonaws.com", use)

    def _builds(self) -> Iterator[_Acting]:
        for resource in self._app.of_kind("AWS::CodeBuild::Project"):
            environment = resource.properties.get("Environment")
            given: Mapping[str, Any] = environment if isinstance(environment, Mapping) else {}
            images = tuple(_texts_at(given, ("Image",)))
            by_role = given.get("ImagePullCredentialsType") == "SERVICE_ROLE"
            use = Use(kind="CodeBuild project", name=_name(resource), images=images)
            own = use if by_role else Use(kind=use.kind, name=use.name)
            self._acts_as(resource, ("ServiceRole",), own)
            # CodeBuild's own images are pulled with its own credentials from its own registry.
            if not by_role and any(".dkr.ecr." in image for image in images):
                yield _Acting("codebuild.amazonaws.com", use)

    def _applications(self) -> Iterator[_Acting]:
        for resource in self._app.of_kind("AWS::EMRServerless::Application"):
            at = ("ImageConfiguration", "ImageUri")
            workers = resource.properties.get("WorkerTypeSpecifications")
            kinds = workers.values() if isinstance(workers, Mapping) else ()
            images = dict.fromkeys(
                image for given in (resource.properties, *kinds) for image in _texts_at(given, at)
            )
            if images:
                use = Use(
                    kind="EMR Serverless application", name=_name(resource), images=(*images,)
                )
                yield _Acting("emr-serverless.amazonaws.com", use)

    def _acts_as(self, resource: Resource, at: tuple[str, ...], use: Use) -> None:
        for role in _texts_at(resource.properties, at):
            if role.startswith("arn:"):
                self._identities.use(role, use, resource.stack)
                continue
            # CodeBuild and ECS take a role's name as well.
            for found in self._identities.role_of_profile(resource.stack, role):
                found.uses.append(use)


@dataclass(frozen=True)
class RoleNeeded:
    """A property without which nothing is started, and the page that says so."""

    at: str
    docs: str


@dataclass(frozen=True, kw_only=True)
class Started:
    """An image that something of the app surely starts, and who surely pulls it."""

    consumer: Resource
    image: str
    at: str
    """The property that holds the image."""
    role: str | None = None
    """The ARN or the name of the role that pulls it."""
    service: str | None = None
    """The service that pulls it by the repository policy, where no role does."""
    needs: RoleNeeded | None = None
    """The role that nobody gave, where neither a role nor a service pulls."""


def started_images(app: App) -> Iterator[Started]:
    """Every image of which the templates say who pulls it, whatever conditions decide."""
    for part in _PARTS:
        for resource in app.of_kind(part.of) if part.images else ():
            if _pulls_by_role(resource, part):
                yield from _started_by_role(resource, part)
    yield from _started_by_services(app)


def _pulls_by_role(resource: Resource, part: _Part) -> bool:
    if part.runs_on is None:
        return True
    # Whatever conditions decide, it must be nowhere else.
    path = (part.runs_on,)
    surely = any(_surely_at(resource.properties, path))
    return surely and set(_texts_at(resource.properties, path)) == {_FARGATE}


def _started_by_role(resource: Resource, part: _Part) -> Iterator[Started]:
    roles = list(_surely_at(resource.properties, part.at))
    needs = None
    if part.needed is not None and not _is_there(resource.properties, part.at):
        needs = RoleNeeded(".".join(part.at), part.needed)
    if needs is None and len(roles) != 1:
        return
    role = roles[0] if needs is None else None
    for path in part.images:
        for image in _surely_at(resource.properties, path):
            at = ".".join(path)
            yield Started(consumer=resource, image=image, at=at, role=role, needs=needs)


def _started_by_services(app: App) -> Iterator[Started]:
    for resource in app.of_kind("AWS::Lambda::Function"):
        for image in _surely_at(resource.properties, ("Code", "ImageUri")):
            yield Started(
                consumer=resource, image=image, at="Code.ImageUri", service="lambda.amazonaws.com"
            )
    for resource in app.of_kind("AWS::CodeBuild::Project"):
        yield from _started_by_build(resource)
    for resource in app.of_kind("AWS::EMRServerless::Application"):
        for image in _surely_at(resource.properties, ("ImageConfiguration", "ImageUri")):
            yield Started(
                consumer=resource,
                image=image,
                at="ImageConfiguration.ImageUri",
                service="emr-serverless.amazonaws.com",
            )


def _started_by_build(resource: Resource) -> Iterator[Started]:
    environment = resource.properties.get("Environment")
    given: Mapping[str, Any] = environment if isinstance(environment, Mapping) else {}
    by = given.get("ImagePullCredentialsType")
    roles = list(_surely_at(resource.properties, ("ServiceRole",)))
    for image in _surely_at(given, ("Image",)):
        if by == "SERVICE_ROLE" and len(roles) == 1:
            yield Started(consumer=resource, image=image, at="Environment.Image", role=roles[0])
        elif by in (None, "CODEBUILD"):
            yield Started(
                consumer=resource,
                image=image,
                at="Environment.Image",
                service="codebuild.amazonaws.com",
            )


def _surely_at(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """The texts at the end of a path that no condition decides about."""
    for entry, world in entries(value):
        if world:
            continue
        if not path:
            if isinstance(entry, str):
                yield entry
        elif isinstance(entry, Mapping):
            yield from _surely_at(entry.get(path[0]), path[1:])


def _is_there(value: Any, path: tuple[str, ...]) -> bool:
    """Whether anything may stand at the end of a path."""
    if not path:
        return True
    found = [entry for entry, _ in entries(value) if isinstance(entry, Mapping)]
    return any(
        any(str(key).startswith("Fn::") for key in entry)
        or (path[0] in entry and _is_there(entry[path[0]], path[1:]))
        for entry in found
    )


def _texts_at(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Every text that stands at the end of a path, whatever conditions decide."""
    for entry, _ in entries(value):
        if not path:
            if isinstance(entry, str):
                yield entry
        elif isinstance(entry, Mapping):
            yield from _texts_at(entry.get(path[0]), path[1:])


def _name(resource: Resource) -> str:
    return resource.construct_path or resource.logical_id
