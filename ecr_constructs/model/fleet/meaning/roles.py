"""The CloudFormation resource of a role of the fleet: what entries grant it, and nothing else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ...iam.actions import GET_AUTHORIZATION_TOKEN, TASK_EXECUTION_PULL, Access
from ...roles.execution import ECS_TASKS
from ..placing import role_logical_id
from ..values import Fleet, FleetEnvironment, FleetOptions, FleetRepository, FleetRole
from .place import Place, document_size, written_before
from .properties import RepositoryResources
from .trust import trust_document
from .written import WrittenResource, compact, size_of

__all__ = ["MAX_ROLE_POLICY", "POLICY_NAME", "ROLE_TYPE", "RoleResources"]

ROLE_TYPE: Final = "AWS::IAM::Role"
POLICY_NAME: Final = "Repositories"
_VERSION: Final = "2012-10-17"
MAX_ROLE_POLICY: Final = 10_240
"""The characters of all inline policies of a role, without white space.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


class RoleResources:
    """The resources of a fleet's roles in one environment."""

    def __init__(
        self,
        fleet: Fleet,
        environment: FleetEnvironment,
        *,
        repositories: Sequence[FleetRepository] | None = None,
        resources: RepositoryResources | None = None,
    ) -> None:
        """Looks once who is granted what.

        :param fleet: the manifest.
        :param environment: where the roles stand; ``FleetEnvironment()`` where that is open.
        :param repositories: the entries that are looked at. Default: all of the manifest.
        :param resources: the resources of the repositories, where they are made already. Default:
            they are looked at anew.
        """
        self._fleet = fleet
        self._place = Place.of(environment)
        entries = fleet.repositories if repositories is None else repositories
        known = resources or RepositoryResources(fleet, environment)
        self._granted = _granted(fleet, entries, known)
        self._statements: dict[str, list[dict[str, object]]] = {}
        self._resources: dict[str, WrittenResource] = {}
        self._trusts: dict[str, dict[str, object]] = {}
        place = self._place
        self._arn = written_before(
            f"arn:{place.partition}:ecr:{place.region}:{place.account}:repository/"
        )

    def repositories(self, name: str) -> Mapping[str, Access]:
        """The repositories that a role may use, and how, by their names in order.

        :param name: the name of the role in the manifest.
        """
        return self._granted[name]

    def resource(self, name: str) -> WrittenResource:
        """The whole resource as a template has it.

        :param name: the name of the role in the manifest.
        """
        known = self._resources.get(name)
        if known is None:
            resource = self._resource(name)
            # Its properties are the last that it has.
            text = compact(resource)
            known = self._resources[name] = WrittenResource(resource, (text[:-2],), "}}")
        return known

    def _resource(self, name: str) -> dict[str, object]:
        role = self._fleet.roles[name]
        properties: dict[str, object] = {"AssumeRolePolicyDocument": self._trust(role)}
        if role.description is not None:
            properties["Description"] = role.description
        statements = self.statements(name)
        if statements:
            properties["Policies"] = [
                {
                    "PolicyDocument": {"Statement": statements, "Version": _VERSION},
                    "PolicyName": POLICY_NAME,
                }
            ]
        if role.role_name is not None:
            properties["RoleName"] = role.role_name
        return {"Type": ROLE_TYPE, "Properties": properties}

    def _trust(self, role: FleetRole) -> dict[str, object]:
        service = role.trust.service
        if service is None:
            return trust_document(role.trust, self._place)
        # Most roles of a fleet are for one service or another.
        if service not in self._trusts:
            self._trusts[service] = trust_document(role.trust, self._place)
        return self._trusts[service]

    def statements(self, name: str) -> list[dict[str, object]]:
        """The statements of its policy, each repository by its literal name.

        A reference to the resource would tie the stacks of the fleet to each other.

        :param name: the name of the role in the manifest.
        """
        known = self._statements.get(name)
        if known is None:
            known = self._statements[name] = self._made(name)
        return known

    def _made(self, name: str) -> list[dict[str, object]]:
        granted = self._granted[name]
        role = self._fleet.roles[name]
        found = [
            _statement(
                _actions(access, role),
                [self._arn(each) for each, held in granted.items() if held is access],
            )
            for access in (Access.PULL, Access.PUSH, Access.PULL_PUSH)
            if access in granted.values()
        ]
        return [*found, _statement((GET_AUTHORIZATION_TOKEN,), ["*"])] if found else []

    def policy_size(self, name: str) -> int:
        """The characters of its policy as IAM counts them; a reference counts as one.

        :param name: the name of the role in the manifest.
        """
        statements = self.statements(name)
        return document_size({"Statement": statements, "Version": _VERSION}) if statements else 0

    def size(self, name: str) -> int:
        """The characters of its resource and logical id in a template without white space.

        :param name: the name of the role in the manifest.
        """
        return size_of(self.resource(name).text()) + len(role_logical_id(name)) + len('"":,')


def _granted(
    fleet: Fleet, entries: Sequence[FleetRepository], resources: RepositoryResources
) -> dict[str, dict[str, Access]]:
    granted: dict[str, dict[str, Access]] = {name: {} for name in fleet.roles}
    if not granted:
        return granted
    wanted: dict[int, dict[str, Access]] = {}
    for entry in sorted(entries, key=_name_of):
        shared = resources.shared(entry)
        if id(shared) not in wanted:
            wanted[id(shared)] = _wanted(shared.options, fleet)
        for name, access in wanted[id(shared)].items():
            granted[name][entry.name] = access
    return granted


def _wanted(options: FleetOptions, fleet: Fleet) -> dict[str, Access]:
    pulling, pushing = options.pull or (), options.push or ()
    # By what the entry names, which is little, and not by all roles of the fleet.
    named = dict.fromkeys(
        each for each in (*pulling, *pushing) if isinstance(each, str) and each in fleet.roles
    )
    return {name: _access(pulls=name in pulling, pushes=name in pushing) for name in named}


def _name_of(entry: FleetRepository) -> str:
    return entry.name


def _access(*, pulls: bool, pushes: bool) -> Access:
    if pulls and pushes:
        return Access.PULL_PUSH
    return Access.PULL if pulls else Access.PUSH


def _actions(access: Access, role: FleetRole) -> tuple[str, ...]:
    if role.trust.service == ECS_TASKS and access is not Access.PUSH:
        # ECS documents one action more than a pull needs.
        return tuple(sorted({*access.actions, *TASK_EXECUTION_PULL}))
    return access.actions


def _statement(actions: Sequence[str], resources: Sequence[object]) -> dict[str, object]:
    return {
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Effect": "Allow",
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }
