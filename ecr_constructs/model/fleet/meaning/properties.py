"""The CloudFormation resource of an entry: the same as a ``SecureRepository`` gives.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...lifecycle import LifecycleRule
from ...repository.encryption import encryption_type
from ...repository.lifecycle.rules import DEFAULT_LIFECYCLE, lifecycle_text
from ...repository.mutability import MutableTags
from ...repository.removal import METADATA_KEY, Removal
from ..values import Fleet, FleetEnvironment, FleetOptions, FleetRepository
from .access import policy_document, principals_of
from .options import merged_tags, only_tags, overridden
from .place import Place, document_size
from .tags import rendered_tags
from .written import WrittenResource, compact, inside, size_of

__all__ = ["REPOSITORY_TYPE", "RepositoryResources", "Shared"]

REPOSITORY_TYPE: Final = "AWS::ECR::Repository"
# What stands around a resource: "":,
_AROUND: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """What all repositories with the same options have in common: all but names and tags."""

    options: FleetOptions
    """The options that hold, the kind's and the environment's included, but for tags."""
    before_name: Mapping[str, object]
    """The properties before ``RepositoryName``, in the order of the alphabet."""
    after_name: Mapping[str, object]
    """The properties behind it, without ``Tags``."""
    attributes: Mapping[str, object]
    """The attributes of the resource beside type and properties."""
    policy_size: int
    """Characters of the repository policy as ECR counts them."""
    texts: tuple[str, str, str]
    """The text of the resource up to the name, behind it, and behind the properties."""
    size: int
    """Characters of the resource in a template, without its name and tags."""


class RepositoryResources:
    """The resources of a fleet's repositories in one environment.

    What repositories have in common is made once and stands in each of them: a fleet of a few
    kinds costs little more than its names. Nobody may change what is returned.
    """

    def __init__(self, fleet: Fleet, environment: FleetEnvironment) -> None:
        """Nothing is made before it is asked for.

        :param fleet: the manifest.
        :param environment: where the repositories stand; ``FleetEnvironment()`` where that is open.
        """
        self._fleet = fleet
        self._over = environment.overrides
        self._place = Place.of(environment)
        self._by_kind: dict[str | None, Shared] = {}
        self._by_entry: dict[int, tuple[FleetRepository, Shared]] = {}
        self._by_options: dict[object, Shared] = {}
        self._of_all: list[Shared] = []
        self._policies: dict[object, tuple[dict[str, object] | None, int]] = {}
        self._texts: dict[int, tuple[object, str | None]] = {}

    def shared(self, entry: FleetRepository) -> Shared:
        """What the entry has in common with others: one object for all that follow a kind.

        :param entry: an entry of the fleet.
        """
        if only_tags(entry):
            found = self._by_kind.get(entry.kind)
            if found is None:
                found = self._by_kind[entry.kind] = self._made(entry)
            return found
        # The entry is kept with what is made of it, so that its id is nobody else's.
        known = self._by_entry.get(id(entry))
        if known is None:
            known = self._by_entry[id(entry)] = (entry, self._made(entry))
        return known[1]

    def shared_of_all(self) -> Sequence[Shared]:
        """What each repository of the fleet has in common with others, in the order written."""
        if not self._of_all:
            self._of_all = [self.shared(entry) for entry in self._fleet.repositories]
        return self._of_all

    def tags(self, entry: FleetRepository) -> Mapping[str, str]:
        """The resource tags that hold for an entry.

        :param entry: an entry of the fleet.
        """
        return merged_tags(self._fleet, entry, self._over)

    def properties(self, entry: FleetRepository) -> dict[str, object]:
        """The properties of its resource.

        :param entry: an entry of the fleet.
        """
        properties: dict[str, object] = self.resource(entry)["Properties"]
        return properties

    def resource(self, entry: FleetRepository) -> WrittenResource:
        """The whole resource as a template has it.

        :param entry: an entry of the fleet.
        """
        shared = self.shared(entry)
        properties = {**shared.before_name, "RepositoryName": entry.name, **shared.after_name}
        before, behind, attributes = shared.texts
        tags = self.tags(entry)
        if tags:
            properties["Tags"] = rendered_tags(tags)
            behind = f'{behind},"Tags":{compact(properties["Tags"])}'
        return WrittenResource(
            {"Type": REPOSITORY_TYPE, "Properties": properties, **shared.attributes},
            (before, entry.name, behind),
            attributes,
        )

    def _made(self, entry: FleetRepository) -> Shared:
        options = overridden(self._fleet, entry, self._over)
        policy, policy_size = self._policy(options)
        removal = options.removal or Removal.retain()
        rules = DEFAULT_LIFECYCLE if options.lifecycle is None else options.lifecycle
        mutable = MutableTags.of(options.mutable_tags)
        # Kinds that differ in nothing else share this, too.
        key = (
            id(rules),
            id(policy),
            options.encryption,
            options.encryption_key,
            mutable,
            options.scan_on_push,
            removal,
        )
        known = self._by_options.get(key)
        if known is None:
            before = _before_name(options, removal, mutable, self._text(rules))
            after: dict[str, object] = {} if policy is None else {"RepositoryPolicyText": policy}
            attributes = _attributes(removal)
            texts = _texts(before, after, attributes)
            known = self._by_options[key] = Shared(
                options=options,
                before_name=before,
                after_name=after,
                attributes=attributes,
                policy_size=policy_size,
                texts=texts,
                size=_AROUND + sum(map(size_of, texts)),
            )
        return replace(known, options=options)

    def _policy(self, options: FleetOptions) -> tuple[dict[str, object] | None, int]:
        # Roles of the fleet stand in no repository policy: kinds that differ in them share one.
        key = (
            tuple(principals_of(options.pull or (), self._fleet)),
            tuple(principals_of(options.push or (), self._fleet)),
        )
        if key not in self._policies:
            policy = policy_document(options, self._fleet, self._place)
            self._policies[key] = policy, 0 if policy is None else document_size(policy)
        return self._policies[key]

    def _text(self, rules: Sequence[LifecycleRule]) -> str | None:
        if id(rules) not in self._texts:
            self._texts[id(rules)] = rules, lifecycle_text(rules)
        return self._texts[id(rules)][1]


def _before_name(
    options: FleetOptions, removal: Removal, mutable: MutableTags, lifecycle: str | None
) -> dict[str, object]:
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
    properties["ImageTagMutability"] = mutable.mode
    if mutable.patterns:
        properties["ImageTagMutabilityExclusionFilters"] = [
            {
                "ImageTagMutabilityExclusionFilterType": "WILDCARD",
                "ImageTagMutabilityExclusionFilterValue": pattern,
            }
            for pattern in mutable.patterns
        ]
    if lifecycle is not None:
        properties["LifecyclePolicy"] = {"LifecyclePolicyText": lifecycle}
    return properties


def _texts(
    before: Mapping[str, object], after: Mapping[str, object], attributes: Mapping[str, object]
) -> tuple[str, str, str]:
    behind = f'",{inside(compact(after))}' if after else '"'
    return (
        f'{{"Type":"{REPOSITORY_TYPE}","Properties":{{{inside(compact(before))},"RepositoryName":"',
        behind,
        f"}},{inside(compact(attributes))}}}",
    )


def _attributes(removal: Removal) -> dict[str, object]:
    policy = "Delete" if removal.deletes else "Retain"
    attributes: dict[str, object] = {"UpdateReplacePolicy": policy, "DeletionPolicy": policy}
    if removal.reason is not None:
        attributes["Metadata"] = {METADATA_KEY: {"reason": removal.reason}}
    return attributes
