"""The CloudFormation resource of an entry: the same as a ``SecureRepository`` gives.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ...repository.encryption import encryption_type
from ...repository.lifecycle.rules import DEFAULT_LIFECYCLE, lifecycle_text
from ...repository.mutability import MutableTags
from ...repository.removal import METADATA_KEY, Removal
from ..values import Environment, Fleet, FleetRepository, RepositoryOptions
from .access import policy_document
from .options import overridden, overrides_of
from .place import Place
from .tags import rendered_tags

__all__ = ["REPOSITORY_TYPE", "RepositoryResources"]

REPOSITORY_TYPE = "AWS::ECR::Repository"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shared:
    """What all repositories of the same options have in common."""

    options: RepositoryOptions
    before_name: dict[str, object]
    after_name: dict[str, object]
    attributes: dict[str, object]


class RepositoryResources:
    """The resources of a fleet's repositories in one environment.

    What repositories have in common is made once and stands in each of them: a fleet of a few
    kinds costs little more than its names. Nobody may change what is returned.
    """

    def __init__(self, fleet: Fleet, environment: Environment) -> None:
        """Nothing is made before it is asked for.

        :param fleet: the manifest.
        :param environment: where the repositories stand; ``Environment()`` where that is open.
        """
        self._fleet = fleet
        self._over = environment.overrides
        self._place = Place.of(environment)
        self._by_kind: dict[str | None, _Shared] = {}

    def options(self, entry: FleetRepository) -> RepositoryOptions:
        """The options that hold for an entry, its kind's and the environment's included.

        :param entry: an entry of the fleet.
        """
        return self._shared(entry).options

    def properties(self, entry: FleetRepository) -> dict[str, object]:
        """The properties of its resource.

        :param entry: an entry of the fleet.
        """
        shared = self._shared(entry)
        return {**shared.before_name, "RepositoryName": entry.name, **shared.after_name}

    def resource(self, entry: FleetRepository) -> dict[str, object]:
        """The whole resource as a template has it.

        :param entry: an entry of the fleet.
        """
        shared = self._shared(entry)
        return {
            "Type": REPOSITORY_TYPE,
            "Properties": {
                **shared.before_name,
                "RepositoryName": entry.name,
                **shared.after_name,
            },
            **shared.attributes,
        }

    def _shared(self, entry: FleetRepository) -> _Shared:
        if overrides_of(entry):
            return self._made(entry)
        found = self._by_kind.get(entry.kind)
        if found is None:
            found = self._by_kind[entry.kind] = self._made(entry)
        return found

    def _made(self, entry: FleetRepository) -> _Shared:
        options = overridden(self._fleet, entry, self._over)
        removal = options.removal or Removal.retain()
        after: dict[str, object] = {}
        policy = policy_document(options, self._fleet, self._place)
        if policy is not None:
            after["RepositoryPolicyText"] = policy
        if options.tags:
            after["Tags"] = rendered_tags(options.tags)
        return _Shared(
            options=options,
            before_name=_before_name(options, removal),
            after_name=after,
            attributes=_attributes(removal),
        )


def _before_name(options: RepositoryOptions, removal: Removal) -> dict[str, object]:
    """The properties in the order of the alphabet, as CDK writes them."""
    properties: dict[str, object] = {}
    if removal.empties:
        properties["EmptyOnDelete"] = True
    kind = encryption_type(options.encryption, has_key=options.encryption_key is not None)
    if kind is not None:
        encryption = {"EncryptionType": kind}
        if options.encryption_key is not None:
            encryption["KmsKey"] = options.encryption_key
        properties["EncryptionConfiguration"] = encryption
    properties["ImageScanningConfiguration"] = {"ScanOnPush": options.scan_on_push is not False}
    mutable = options.mutable_tags or MutableTags.none()
    properties["ImageTagMutability"] = mutable.mode
    if mutable.patterns:
        properties["ImageTagMutabilityExclusionFilters"] = [
            {
                "ImageTagMutabilityExclusionFilterType": "WILDCARD",
                "ImageTagMutabilityExclusionFilterValue": pattern,
            }
            for pattern in mutable.patterns
        ]
    rules = DEFAULT_LIFECYCLE if options.lifecycle is None else options.lifecycle
    text = lifecycle_text(rules)
    if text is not None:
        properties["LifecyclePolicy"] = {"LifecyclePolicyText": text}
    return properties


def _attributes(removal: Removal) -> dict[str, object]:
    policy = "Delete" if removal.deletes else "Retain"
    attributes: dict[str, object] = {"UpdateReplacePolicy": policy, "DeletionPolicy": policy}
    if removal.reason is not None:
        attributes["Metadata"] = {METADATA_KEY: {"reason": removal.reason}}
    return attributes
