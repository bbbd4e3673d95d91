"""AWS CDK constructs for Amazon ECR.

Importing this package costs a few milliseconds: a name is loaded when it is first used, and jsii
(with Node) starts only when that name is a construct.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .constructs.assets.repository import AssetRepository
    from .constructs.consumers.app_runner import AppRunnerAccessRole
    from .constructs.consumers.batch import BatchInstanceRole
    from .constructs.consumers.codebuild import CodeBuildRole
    from .constructs.consumers.codepipeline import EcsImageDefinitions, ImageSourceAction
    from .constructs.consumers.ecs import TaskRole
    from .constructs.consumers.eks import (
        EksAutoNodeRole,
        EksFargatePodRole,
        EksHybridNodeRole,
        EksNodeRole,
    )
    from .constructs.consumers.sagemaker import SageMakerRole
    from .constructs.endpoints.registry_endpoints import RegistryEndpoints
    from .constructs.events.alarms import PullCountAlarm, QuotaAlarm
    from .constructs.events.message import ImageEventMessage
    from .constructs.events.subscription import EventSubscription
    from .constructs.fleet.fleet import RepositoryFleet
    from .constructs.fleet.member import MemberRepository
    from .constructs.fleet.mode import FleetMode
    from .constructs.fleet.stage import FleetStage
    from .constructs.image_commands import ImageCommands
    from .constructs.image_key import ImageKey
    from .constructs.perimeter import DataPerimeter
    from .constructs.principals import OrganizationalUnitPrincipal
    from .constructs.public_repository import PublicRepository
    from .constructs.publishing import PublishedRepository
    from .constructs.registry.blob_mounting import BlobMounting
    from .constructs.registry.exclusions import PullTimeUpdateExclusion
    from .constructs.registry.policy import (
        AdoptedRegistryPolicy,
        RegistryPolicy,
        add_registry_statement,
    )
    from .constructs.registry.pull_through.rule import PullThroughCacheRule
    from .constructs.registry.registry import Registry
    from .constructs.registry.replication.configuration import RegistryReplication
    from .constructs.registry.replication.replica import ReplicatedRepository
    from .constructs.registry.scanning import RegistryScanning
    from .constructs.registry.signing import SigningConfiguration
    from .constructs.registry.templates.creation_template import RepositoryCreationTemplate
    from .constructs.repository.adopted.repository import AdoptedRepository
    from .constructs.repository.secure import SecureRepository
    from .constructs.roles.any_issuer import OidcPullRole, OidcPushRole
    from .constructs.roles.github import GitHubPullRole, GitHubPushRole
    from .constructs.roles.gitlab import GitLabPullRole, GitLabPushRole
    from .constructs.roles.task_execution import TaskExecutionRole
    from .constructs.sharing.share import RepositoryShare
    from .model.assets.bootstrap import hardened_bootstrap_template
    from .model.consumers.by_policy.codebuild import CodeBuildProjects
    from .model.consumers.by_policy.emr_serverless import EmrServerlessApplications
    from .model.consumers.by_policy.functions import LambdaFunctions
    from .model.endpoints.services import RegistryEndpointServices
    from .model.errors import (
        EcrConstructsError,
        GrantError,
        InvalidInputError,
        RepositoryReferenceError,
        TaskDefinitionError,
    )
    from .model.events.selections import ImageEvent, ScanFindings
    from .model.events.severity import FindingSeverity
    from .model.events.usage import RegistryUsage
    from .model.findings import Finding, Severity
    from .model.fleet.faults import ManifestError
    from .model.fleet.principals import FleetPrincipal, FleetPrincipalKind, FleetTrust
    from .model.fleet.values import (
        Fleet,
        FleetEnvironment,
        FleetGroup,
        FleetKind,
        FleetOptions,
        FleetRepository,
        FleetRole,
    )
    from .model.iam.actions import Access
    from .model.images.commands import Client
    from .model.lifecycle import (
        LifecycleRule,
        archive_unpulled,
        expire_after,
        expire_archived,
        expire_untagged,
        keep_last,
        protect,
    )
    from .model.registry.effective import Effective, Via
    from .model.registry.public.catalog import (
        GalleryArchitecture,
        GalleryOperatingSystem,
        RepositoryCatalogData,
    )
    from .model.registry.pull_through.upstream import Upstream
    from .model.registry.pull_through.value import CacheRule
    from .model.registry.replication.rule import (
        ReplicaRepositories,
        ReplicationDestination,
        ReplicationRule,
    )
    from .model.registry.scanning import BasicScanning, EnhancedScanning
    from .model.registry.signing import SigningRule
    from .model.registry.templates.uses import AppliedFor
    from .model.registry.templates.value import CreationTemplate
    from .model.repository.encryption import Encryption
    from .model.repository.mutability import (
        BUILDKIT_CACHE_TAGS,
        COSIGN_TAGS,
        LATEST_TAG,
        MutableTags,
    )
    from .model.repository.removal import Removal
    from .validation import EcrValidator

__version__: str

__all__ = [
    "BUILDKIT_CACHE_TAGS",
    "COSIGN_TAGS",
    "LATEST_TAG",
    "Access",
    "AdoptedRegistryPolicy",
    "AdoptedRepository",
    "AppRunnerAccessRole",
    "AppliedFor",
    "AssetRepository",
    "BasicScanning",
    "BatchInstanceRole",
    "BlobMounting",
    "CacheRule",
    "Client",
    "CodeBuildProjects",
    "CodeBuildRole",
    "CreationTemplate",
    "DataPerimeter",
    "EcrConstructsError",
    "EcrValidator",
    "EcsImageDefinitions",
    "Effective",
    "EksAutoNodeRole",
    "EksFargatePodRole",
    "EksHybridNodeRole",
    "EksNodeRole",
    "EmrServerlessApplications",
    "Encryption",
    "EnhancedScanning",
    "EventSubscription",
    "Finding",
    "FindingSeverity",
    "Fleet",
    "FleetEnvironment",
    "FleetGroup",
    "FleetKind",
    "FleetMode",
    "FleetOptions",
    "FleetPrincipal",
    "FleetPrincipalKind",
    "FleetRepository",
    "FleetRole",
    "FleetStage",
    "FleetTrust",
    "GalleryArchitecture",
    "GalleryOperatingSystem",
    "GitHubPullRole",
    "GitHubPushRole",
    "GitLabPullRole",
    "GitLabPushRole",
    "GrantError",
    "ImageCommands",
    "ImageEvent",
    "ImageEventMessage",
    "ImageKey",
    "ImageSourceAction",
    "InvalidInputError",
    "LambdaFunctions",
    "LifecycleRule",
    "ManifestError",
    "MemberRepository",
    "MutableTags",
    "OidcPullRole",
    "OidcPushRole",
    "OrganizationalUnitPrincipal",
    "PublicRepository",
    "PublishedRepository",
    "PullCountAlarm",
    "PullThroughCacheRule",
    "PullTimeUpdateExclusion",
    "QuotaAlarm",
    "Registry",
    "RegistryEndpointServices",
    "RegistryEndpoints",
    "RegistryPolicy",
    "RegistryReplication",
    "RegistryScanning",
    "RegistryUsage",
    "Removal",
    "ReplicaRepositories",
    "ReplicatedRepository",
    "ReplicationDestination",
    "ReplicationRule",
    "RepositoryCatalogData",
    "RepositoryCreationTemplate",
    "RepositoryFleet",
    "RepositoryReferenceError",
    "RepositoryShare",
    "SageMakerRole",
    "ScanFindings",
    "SecureRepository",
    "Severity",
    "SigningConfiguration",
    "SigningRule",
    "TaskDefinitionError",
    "TaskExecutionRole",
    "TaskRole",
    "Upstream",
    "Via",
    "add_registry_statement",
    "archive_unpulled",
    "expire_after",
    "expire_archived",
    "expire_untagged",
    "hardened_bootstrap_template",
    "keep_last",
    "protect",
]

_HOME = {
    "Access": "model.iam.actions",
    "AdoptedRegistryPolicy": "constructs.registry.policy",
    "AdoptedRepository": "constructs.repository.adopted.repository",
    "AppRunnerAccessRole": "constructs.consumers.app_runner",
    "AppliedFor": "model.registry.templates.uses",
    "AssetRepository": "constructs.assets.repository",
    "BUILDKIT_CACHE_TAGS": "model.repository.mutability",
    "BasicScanning": "model.registry.scanning",
    "BatchInstanceRole": "constructs.consumers.batch",
    "BlobMounting": "constructs.registry.blob_mounting",
    "COSIGN_TAGS": "model.repository.mutability",
    "CacheRule": "model.registry.pull_through.value",
    "Client": "model.images.commands",
    "CodeBuildProjects": "model.consumers.by_policy.codebuild",
    "CodeBuildRole": "constructs.consumers.codebuild",
    "CreationTemplate": "model.registry.templates.value",
    "DataPerimeter": "constructs.perimeter",
    "EcrConstructsError": "model.errors",
    "EcrValidator": "validation",
    "EcsImageDefinitions": "constructs.consumers.codepipeline",
    "Effective": "model.registry.effective",
    "EksAutoNodeRole": "constructs.consumers.eks",
    "EksFargatePodRole": "constructs.consumers.eks",
    "EksHybridNodeRole": "constructs.consumers.eks",
    "EksNodeRole": "constructs.consumers.eks",
    "EmrServerlessApplications": "model.consumers.by_policy.emr_serverless",
    "Encryption": "model.repository.encryption",
    "EnhancedScanning": "model.registry.scanning",
    "EventSubscription": "constructs.events.subscription",
    "Finding": "model.findings",
    "FindingSeverity": "model.events.severity",
    "Fleet": "model.fleet.values",
    "FleetEnvironment": "model.fleet.values",
    "FleetGroup": "model.fleet.values",
    "FleetKind": "model.fleet.values",
    "FleetMode": "constructs.fleet.mode",
    "FleetOptions": "model.fleet.values",
    "FleetPrincipal": "model.fleet.principals",
    "FleetPrincipalKind": "model.fleet.principals",
    "FleetRepository": "model.fleet.values",
    "FleetRole": "model.fleet.values",
    "FleetStage": "constructs.fleet.stage",
    "FleetTrust": "model.fleet.principals",
    "GalleryArchitecture": "model.registry.public.catalog",
    "GalleryOperatingSystem": "model.registry.public.catalog",
    "GitHubPullRole": "constructs.roles.github",
    "GitHubPushRole": "constructs.roles.github",
    "GitLabPullRole": "constructs.roles.gitlab",
    "GitLabPushRole": "constructs.roles.gitlab",
    "GrantError": "model.errors",
    "ImageCommands": "constructs.image_commands",
    "ImageEvent": "model.events.selections",
    "ImageEventMessage": "constructs.events.message",
    "ImageKey": "constructs.image_key",
    "ImageSourceAction": "constructs.consumers.codepipeline",
    "InvalidInputError": "model.errors",
    "LATEST_TAG": "model.repository.mutability",
    "LambdaFunctions": "model.consumers.by_policy.functions",
    "LifecycleRule": "model.lifecycle",
    "ManifestError": "model.fleet.faults",
    "MemberRepository": "constructs.fleet.member",
    "MutableTags": "model.repository.mutability",
    "OidcPullRole": "constructs.roles.any_issuer",
    "OidcPushRole": "constructs.roles.any_issuer",
    "OrganizationalUnitPrincipal": "constructs.principals",
    "PublicRepository": "constructs.public_repository",
    "PublishedRepository": "constructs.publishing",
    "PullCountAlarm": "constructs.events.alarms",
    "PullThroughCacheRule": "constructs.registry.pull_through.rule",
    "PullTimeUpdateExclusion": "constructs.registry.exclusions",
    "QuotaAlarm": "constructs.events.alarms",
    "Registry": "constructs.registry.registry",
    "RegistryEndpointServices": "model.endpoints.services",
    "RegistryEndpoints": "constructs.endpoints.registry_endpoints",
    "RegistryPolicy": "constructs.registry.policy",
    "RegistryReplication": "constructs.registry.replication.configuration",
    "RegistryScanning": "constructs.registry.scanning",
    "RegistryUsage": "model.events.usage",
    "Removal": "model.repository.removal",
    "ReplicaRepositories": "model.registry.replication.rule",
    "ReplicatedRepository": "constructs.registry.replication.replica",
    "ReplicationDestination": "model.registry.replication.rule",
    "ReplicationRule": "model.registry.replication.rule",
    "RepositoryCatalogData": "model.registry.public.catalog",
    "RepositoryCreationTemplate": "constructs.registry.templates.creation_template",
    "RepositoryFleet": "constructs.fleet.fleet",
    "RepositoryReferenceError": "model.errors",
    "RepositoryShare": "constructs.sharing.share",
    "SageMakerRole": "constructs.consumers.sagemaker",
    "ScanFindings": "model.events.selections",
    "SecureRepository": "constructs.repository.secure",
    "Severity": "model.findings",
    "SigningConfiguration": "constructs.registry.signing",
    "SigningRule": "model.registry.signing",
    "TaskDefinitionError": "model.errors",
    "TaskExecutionRole": "constructs.roles.task_execution",
    "TaskRole": "constructs.consumers.ecs",
    "Upstream": "model.registry.pull_through.upstream",
    "Via": "model.registry.effective",
    "add_registry_statement": "constructs.registry.policy",
    "archive_unpulled": "model.lifecycle",
    "expire_after": "model.lifecycle",
    "expire_archived": "model.lifecycle",
    "expire_untagged": "model.lifecycle",
    "hardened_bootstrap_template": "model.assets.bootstrap",
    "keep_last": "model.lifecycle",
    "protect": "model.lifecycle",
}

_VERSION = ("model.version", "VERSION")


if not TYPE_CHECKING:
    # Type checkers must not see it: a module with a __getattr__ has every name that one mistypes.

    def __getattr__(name: str) -> object:
        """Load a public name where it is first used (PEP 562)."""
        home, there = _VERSION if name == "__version__" else (_HOME.get(name), name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from .model.collector import collector_at_rest  # noqa: PLC0415 - as all else, when needed

        # What an import makes stays. Counted, it would have the collector look through all that
        # aws_cdk has made, once more than an app without this package does.
        with collector_at_rest():
            value = getattr(import_module(f".{home}", __name__), there)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Every public name, loaded or not."""
    return sorted({*globals(), *__all__})
