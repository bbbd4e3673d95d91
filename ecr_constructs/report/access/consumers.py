"""What of a template acts as a principal: tasks, functions, builds, instance profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..template.alternatives import entries
from ..template.app import App
from ..template.stack import Resource
from .identities import Identities, Identity
from .model import Use

__all__ = ["Consumers"]


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
        for resource in self._app.of_kind("AWS::ECS::TaskDefinition"):
            self._task(resource)
        services: dict[str, list[Use]] = {}
        for acting in (*self._functions(), *self._builds()):
            services.setdefault(acting.service, []).append(acting.use)
        return services

    def _task(self, resource: Resource) -> None:
        containers = entries(resource.properties.get("ContainerDefinitions"))
        images = tuple(
            dict.fromkeys(
                image
                for container, _ in containers
                if isinstance(container, Mapping)
                for image, _ in entries(container.get("Image"))
                if isinstance(image, str)
            )
        )
        for option, kind in (
            ("ExecutionRoleArn", "task definition (execution role)"),
            ("TaskRoleArn", "task definition (task role)"),
        ):
            # The execution role pulls; the task role is what the program in the image acts as.
            pulls = images if option == "ExecutionRoleArn" else ()
            self._acts_as(resource, option, Use(kind=kind, name=_name(resource), images=pulls))

    def _functions(self) -> Iterator[_Acting]:
        for resource in self._app.of_kind("AWS::Lambda::Function"):
            code = resource.properties.get("Code")
            image = code.get("ImageUri") if isinstance(code, Mapping) else None
            images = tuple(each for each, _ in entries(image) if isinstance(each, str))
            use = Use(kind="Lambda function", name=_name(resource), images=images)
            # Its role is what its code acts as; Lambda itself pulls by the repository policy.
            self._acts_as(resource, "Role", Use(kind=use.kind, name=use.name))
            if images:
                yield _Acting("lambda.amazonaws.com", use)

    def _builds(self) -> Iterator[_Acting]:
        for resource in self._app.of_kind("AWS::CodeBuild::Project"):
            environment = resource.properties.get("Environment")
            given: Mapping[str, Any] = environment if isinstance(environment, Mapping) else {}
            images = tuple(each for each, _ in entries(given.get("Image")) if isinstance(each, str))
            by_role = given.get("ImagePullCredentialsType") == "SERVICE_ROLE"
            use = Use(kind="CodeBuild project", name=_name(resource), images=images)
            own = use if by_role else Use(kind=use.kind, name=use.name)
            self._acts_as(resource, "ServiceRole", own)
            # CodeBuild's own images are pulled with its own credentials from its own registry.
            if not by_role and any(".dkr.ecr." in image for image in images):
                yield _Acting("codebuild.amazonaws.com", use)

    def _acts_as(self, resource: Resource, option: str, use: Use) -> None:
        for role, _ in entries(resource.properties.get(option)):
            if isinstance(role, str):
                self._role(resource, role, use)

    def _role(self, resource: Resource, role: str, use: Use) -> Identity | None:
        if role.startswith("arn:"):
            return self._identities.use(role, use, resource.stack)
        # CodeBuild and ECS take a role's name as well.
        for found in self._identities.role_of_profile(resource.stack, role):
            found.uses.append(use)
            return found
        return None


def _name(resource: Resource) -> str:
    return resource.construct_path or resource.logical_id
