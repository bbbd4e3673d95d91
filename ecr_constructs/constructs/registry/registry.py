"""Registry: every setting of the private registry of an account and Region in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Union, cast

from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.registry.policy.places import place_of_another
from ...model.registry.pull_through.value import CacheRule, cache_rules, check_listed_rules
from ...model.registry.singletons import check_listed_once
from ...model.registry.templates.value import CreationTemplate
from ...model.repository.options import check_flag, check_instances, check_listed
from .._jsii import check, path_of, refuse
from .policy import AdoptedRegistryPolicy, RegistryPolicy
from .singletons import address_of

if TYPE_CHECKING:
    from ...model.findings import Finding
    from ...model.registry.effective import Effective, Via
    from ...model.registry.pull_through.upstream import Upstream
    from ...model.registry.replication.rule import ReplicationRule
    from ...model.registry.scanning import BasicScanning, EnhancedScanning
    from ...model.registry.signing import SigningRule
    from .pull_through.rule import PullThroughCacheRule
    from .replication.configuration import RegistryReplication
    from .scanning import RegistryScanning
    from .signing import SigningConfiguration
    from .templates.creation_template import RepositoryCreationTemplate

__all__ = ["Registry"]


class Registry(Construct):
    """What holds for all repositories of an account and Region.

    Each option makes the construct of that feature below this one, and each such construct can be
    used alone: :class:`RegistryScanning`, :class:`RegistryReplication`, :class:`RegistryPolicy`,
    :class:`PullThroughCacheRule`, :class:`RepositoryCreationTemplate`,
    :class:`SigningConfiguration`, :class:`PullTimeUpdateExclusion`, :class:`BlobMounting`. A
    registry has most settings once, so the second ``Registry`` of an account and Region is refused.

    It is also the place where the registry policy is written: statements of the whole app for this
    account and Region come here, unless ``policy`` is another place. Without a statement there is
    no policy.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        scanning: BasicScanning | EnhancedScanning | None = None,
        replication: Sequence[ReplicationRule] | None = None,
        pull_through: Sequence[Union[Upstream, CacheRule]] | None = None,
        templates: Sequence[CreationTemplate] | None = None,
        policy: Union[
            Sequence[iam.PolicyStatement], RegistryPolicy, AdoptedRegistryPolicy, None
        ] = None,
        signing: Sequence[SigningRule] | None = None,
        pull_time_exclusions: Sequence[Union[iam.IRole, iam.Role, str]] | None = None,
        blob_mounting: bool = False,
    ) -> None:
        """Set what is given; what is left out stays as it is in the account.

        :param scanning: ``BasicScanning(...)`` or ``EnhancedScanning(...)``. Default: the scanning
            of the account is not touched.
        :param replication: a list of ``ReplicationRule``. Default: replication is not touched.
        :param pull_through: a list of ``Upstream``, each cached under its usual prefix, or of
            ``CacheRule``. Default: none.
        :param templates: a list of ``CreationTemplate``. Default: none.
        :param policy: statements of the registry policy; or the place where it is written, an
            ``AdoptedRegistryPolicy`` where it is not of this app. Default: written here, with those
            statements alone that other constructs of the app ask for.
        :param signing: a list of ``SigningRule``. Default: signing is not touched.
        :param pull_time_exclusions: roles, or their ARNs, whose pulls do not count as pulls.
            Default: none.
        :param blob_mounting: whether repositories share layers. Default: False, the setting is not
            touched.
        :raises InvalidInputError: where ECR would refuse an option, or the app sets the same for
            this registry already.
        :raises GrantError: where a statement would have no effect or let strangers in.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html
        """
        check(
            [
                *(_check_rules(pull_through) if pull_through is not None else ()),
                *(_check_templates(templates) if templates is not None else ()),
                *_check_policy(policy, scope),
                *check_flag("blob_mounting", blob_mounting),
                *(
                    check_listed("pull_time_exclusions", pull_time_exclusions)
                    if pull_time_exclusions is not None
                    else ()
                ),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        self._policy = (
            policy
            if isinstance(policy, (RegistryPolicy, AdoptedRegistryPolicy))
            else RegistryPolicy(self, "Policy", statements=policy or ())
        )
        self._scanning = None if scanning is None else self._make_scanning(scanning)
        self._replication = None if replication is None else self._make_replication(replication)
        self._signing = None if signing is None else self._make_signing(signing)
        self._exclude(pull_time_exclusions or ())
        self._pull_through = tuple(map(self._cache, cache_rules(pull_through or ())))
        self._templates = tuple(map(self._make_template, templates or ()))
        if blob_mounting:
            self._mount_blobs()

    @property
    def policy(self) -> RegistryPolicy | AdoptedRegistryPolicy:
        """The place of the registry policy."""
        return self._policy

    @property
    def scanning(self) -> RegistryScanning | None:
        """The scanning configuration, where one is set here."""
        return self._scanning

    @property
    def replication(self) -> RegistryReplication | None:
        """The replication configuration, where one is set here."""
        return self._replication

    @property
    def signing(self) -> SigningConfiguration | None:
        """The signing configuration, where one is set here."""
        return self._signing

    @property
    def pull_through(self) -> tuple[PullThroughCacheRule, ...]:
        """The cache rules made here, in the order given."""
        return self._pull_through

    @property
    def templates(self) -> tuple[RepositoryCreationTemplate, ...]:
        """The creation templates made here, in the order given."""
        return self._templates

    def effective(self, name: str, *, via: Via | None = None) -> Effective:
        """What holds for a repository of this name, by all that this app sets for the registry.

        It is what ``ecr-constructs effective cdk.out NAME`` says: how it is scanned, where it is
        copied to, what is cached in it, its creation template and its signing profiles. L1s and
        other stacks of this account and Region count as well.

        :param name: the name of a repository, which need not exist.
        :param via: how ECR makes the repository. Default: the creation template of any use.
        :raises InvalidInputError: for a name that no repository can have.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-settings.html
        """
        from .effective import effective_in_app  # noqa: PLC0415

        return effective_in_app(self, name, via=via)

    # What is not asked for is not imported: an app with one setting need not pay for all.

    def _make_scanning(self, scanning: BasicScanning | EnhancedScanning) -> RegistryScanning:
        from .scanning import RegistryScanning  # noqa: PLC0415

        return RegistryScanning(self, "Scanning", scanning=scanning)

    def _make_replication(self, rules: Sequence[ReplicationRule]) -> RegistryReplication:
        from .replication.configuration import RegistryReplication  # noqa: PLC0415

        return RegistryReplication(self, "Replication", rules=rules)

    def _make_signing(self, rules: Sequence[SigningRule]) -> SigningConfiguration:
        from .signing import SigningConfiguration  # noqa: PLC0415

        return SigningConfiguration(self, "Signing", rules=rules)

    def _exclude(self, roles: Sequence[Union[iam.IRole, iam.Role, str]]) -> None:
        if not roles:
            return
        from .exclusions import PullTimeUpdateExclusion, id_of_exclusion  # noqa: PLC0415

        ids = [id_of_exclusion(role) for role in roles]
        refuse(check_listed_once("pull_time_exclusions", ids), self)
        for construct_id, role in zip(ids, roles, strict=True):
            PullTimeUpdateExclusion(self, construct_id, role=role)

    def _cache(self, rule: CacheRule) -> PullThroughCacheRule:
        from .pull_through.rule import PullThroughCacheRule  # noqa: PLC0415

        return PullThroughCacheRule(
            self,
            f"PullThrough-{rule.cache_prefix}",
            upstream=rule.upstream,
            prefix=rule.prefix,
            upstream_prefix=rule.upstream_prefix,
            username=rule.username,
        )

    def _make_template(self, template: CreationTemplate) -> RepositoryCreationTemplate:
        from .templates.creation_template import RepositoryCreationTemplate  # noqa: PLC0415

        return RepositoryCreationTemplate(
            self,
            f"Template-{template.prefix}",
            prefix=template.prefix,
            applied_for=template.applied_for,
            description=template.description,
            encryption=template.encryption,
            mutable_tags=template.mutable_tags,
            lifecycle=template.lifecycle,
            resource_tags=template.resource_tags,
        )

    def _mount_blobs(self) -> None:
        from .blob_mounting import BlobMounting  # noqa: PLC0415

        BlobMounting(self, "BlobMounting")


def _check_policy(policy: object, scope: Construct) -> tuple[Finding, ...]:
    if not isinstance(policy, (RegistryPolicy, AdoptedRegistryPolicy)):
        return check_instances("policy", policy, iam.PolicyStatement)
    registry, other = address_of(scope), address_of(policy)
    if registry == other:
        return ()
    return (place_of_another(registry=registry, place=path_of(policy), other=other),)


def _check_rules(rules: object) -> tuple[Finding, ...]:
    wrong = check_listed_rules(rules)
    if wrong:
        return wrong
    listed = cache_rules(cast("Sequence[Union[Upstream, CacheRule]]", rules))
    return check_listed_once("pull_through", [rule.cache_prefix for rule in listed])


def _check_templates(templates: object) -> tuple[Finding, ...]:
    wrong = check_instances("templates", templates, CreationTemplate)
    if wrong:
        return wrong
    listed = cast("Sequence[CreationTemplate]", templates)
    return check_listed_once("templates", [template.prefix for template in listed])
