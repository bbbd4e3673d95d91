"""PullThroughCacheRule: images of another registry, cached in this one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from ....model.registry.prefix import ROOT, beginning
from ....model.registry.pull_through.credential import check_username
from ....model.registry.pull_through.images import check_image, check_images, repository_name
from ....model.registry.pull_through.rule import check_cache_rule, needs_role
from ....model.registry.pull_through.upstream import Authentication, Upstream
from ....model.repository.options import check_construct
from ..._jsii import check, refuse
from ..singletons import address_of, claim, kept_by_app
from .cached import CachedRepository
from .credential import check_given, made
from .neighbours import CacheNeighbours
from .upstream_account import EcrUpstream

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_secretsmanager as secretsmanager

    from ....model.findings import Finding
    from ...repository.types import Grantee

__all__ = ["PullThroughCacheRule"]


class PullThroughCacheRule(Construct):
    """Images of an upstream registry, kept in this one under a prefix and renewed once a day.

    The rule comes with what it needs: the secret for an upstream that asks for one, the role and
    the statement in the other account where ECR reads another ECR registry, and grants that make
    the first pull work, which needs more than a pull (:meth:`grant_pull`).

    ECR refuses, and so does this construct, what CloudFormation's schema lets through: an upstream
    that needs a secret without one (one is made); a secret for an open upstream or for ECR; a
    secret that is under a customer key, of another account or Region, or known by a part of its
    ARN; a role for any upstream but ECR; ECR over accounts without a role (one is made); an
    ``UpstreamRegistry`` with the URL of another (an :class:`Upstream` has its own); an upstream
    prefix with the cache prefix ROOT; the own registry as upstream; a prefix twice in a registry;
    more than 50 rules in a registry; the Regions of China and AWS GovCloud (US). It takes a prefix
    inside another one, which is a warning: AWS does not say which of the two rules is used; and a
    repository of the app under the prefix whose ``latest`` cannot move, which is a warning as well.

    Every property is create-only: a change replaces the rule. Images in the cache stay and are no
    longer renewed once their prefix has no rule.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        upstream: Union[Upstream, cdk.Stack],
        prefix: str | None = None,
        upstream_prefix: str | None = None,
        credential: Union[secretsmanager.ISecret, secretsmanager.Secret, None] = None,
        username: str | None = None,
        role: Union[iam.IRole, iam.Role, None] = None,
    ) -> None:
        """Make the rule.

        :param upstream: the registry that the images come from: ``Upstream.docker_hub()`` and the
            like, or a stack of this app with account and Region, whose ECR registry it is. Then the
            stack's registry policy lets this account in; ``Upstream.ecr(...)``, a registry that is
            not of this app, is a warning with the statement that its policy needs.
        :param prefix: how the names of the cached repositories begin, 2 to 30 characters; ``ROOT``
            for every name that no other rule takes. Default: what AWS's pages use (``docker-hub``,
            ``ecr-public``, ``kubernetes``, ``github``, ...).
        :param upstream_prefix: how the names in the upstream begin that are cached: with ``prefix``
            ``apps`` and ``upstream_prefix`` ``acme``, ``apps/web`` is ``acme/web``. Default: every
            name of the upstream stands behind the prefix.
        :param credential: a secret named ``ecr-pullthroughcache/...`` with the keys ``username``
            and ``accessToken``, in this account and Region, not under a customer key. Default:
            where the upstream needs one, ``ecr-pullthroughcache/PREFIX`` is made, with a token that
            opens nothing; write yours with ``aws secretsmanager put-secret-value``.
        :param username: the user name in the secret that is made. To change it later makes a new
            token that opens nothing: write yours again. Default: a placeholder, to be replaced
            together with the token.
        :param role: a role of this account with which ECR reads another ECR registry. Default:
            where ECR needs one, it is made.
        :raises InvalidInputError: where ECR would refuse an argument, or the rule beside others.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
        """
        registry = address_of(scope)
        upstream_stack = upstream if isinstance(upstream, cdk.Stack) else None
        source = (
            upstream
            if not isinstance(upstream, cdk.Stack)
            else EcrUpstream.of_stack(upstream, scope, id)
        )
        own_prefix = source.usual_prefix if prefix is None and _is_one(source) else prefix
        check(_check_constructs(credential, role), scope, id)
        check(
            [
                *check_cache_rule(
                    prefix=own_prefix,
                    upstream=source,
                    upstream_prefix=upstream_prefix,
                    has_credential=credential is not None,
                    has_username=username is not None,
                    has_role=role is not None,
                    account=registry.account,
                    region=registry.region,
                ),
                *check_username(username),
                *(check_given(credential, registry) if credential is not None else ()),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        self._registry = registry
        self._prefix = str(own_prefix)
        self._upstream = source
        self._repositories: dict[str, CachedRepository] = {}
        claim(self, "AWS::ECR::PullThroughCacheRule", key=self._prefix)
        kept_by_app(self, CacheNeighbours).add_rule(self, registry, self._prefix)
        self._credential = credential
        if credential is None and source.authentication is Authentication.SECRET:
            self._credential = made(
                self, prefix=self._prefix, upstream=source.url, username=username
            )
        ecr_upstream = EcrUpstream(
            upstream=source, upstream_prefix=upstream_prefix or ROOT, stack=upstream_stack
        )
        if role is None and needs_role(source, account=registry.account):
            role = ecr_upstream.role(self, registry, self._prefix)
        ecr.CfnPullThroughCacheRule(
            self,
            "Resource",
            ecr_repository_prefix=self._prefix,
            upstream_registry=source.registry,
            upstream_registry_url=source.url,
            upstream_repository_prefix=upstream_prefix,
            credential_arn=None if self._credential is None else self._credential.secret_arn,
            custom_role_arn=None if role is None else role.role_arn,
        )
        if source.authentication is Authentication.ROLE:
            ecr_upstream.open(self, registry)

    @property
    def prefix(self) -> str:
        """The cache prefix, for a ``RepositoryCreationTemplate`` of the same repositories."""
        return self._prefix

    @property
    def credential(self) -> secretsmanager.ISecret | None:
        """The secret with the user name and the access token; None where there is none."""
        return self._credential

    def grant_pull(self, grantee: Grantee, *, images: Sequence[str] | None = None) -> iam.Grant:
        """Let the grantee pull through the cache, the first pull of an image included.

        That is what a pull needs, ``ecr:BatchImportUpstreamImage`` to fetch the image, and
        ``ecr:CreateRepository`` for a repository that does not exist yet; ``ecr:TagResource`` where
        a creation template of this app tags it. All of it under the prefix alone.

        :param grantee: a role, user or group, or a construct with a role: by its identity policy,
            and over accounts by the registry policy as well. ``iam.AccountPrincipal``,
            ``iam.OrganizationPrincipal`` or ``OrganizationalUnitPrincipal``: by the registry
            policy, which needs a ``RegistryPolicy``.
        :param images: names of the upstream (``library/nginx``). Default: every image.
        :raises GrantError: for a service (Lambda does not pull through a cache), and where nothing
            could take effect.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
        """
        refuse(check_images(images), self)
        if images is None:
            return self._all().grant_pull(grantee)
        first, *others = [self.repository(image) for image in images]
        grant = first.grant_pull(grantee)
        for repository in others:
            grant = grant.combine(repository.grant_pull(grantee))
        return grant

    def repository(self, image: str) -> CachedRepository:
        """The repository of an image, for whatever takes one; ECR makes it at the first pull.

        :param image: its name in the upstream, without tag (``library/nginx``).
        :raises InvalidInputError: where the upstream, or ECR with the prefix, has no such name.
        """
        refuse(check_image(image, prefix=self._prefix, upstream=self._upstream), self)
        if image not in self._repositories:
            self._repositories[image] = self._named(image, repository_name(self._prefix, image))
        return self._repositories[image]

    def image_uri(self, image: str, *, tag: str | None = None) -> str:
        """The URI of a cached image (``...amazonaws.com/docker-hub/library/nginx:1.27``).

        :param image: its name in the upstream, without tag (``library/nginx``).
        :param tag: its tag. Default: the URI of the repository.
        :raises InvalidInputError: where there can be no such name or tag.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-working-pulling.html
        """
        return self.repository(image).repository_uri_for_tag(tag)

    def _all(self) -> CachedRepository:
        if "*" not in self._repositories:
            self._repositories["*"] = self._named("Repositories", f"{beginning(self._prefix)}*")
        return self._repositories["*"]

    def _named(self, construct_id: str, name: str) -> CachedRepository:
        return CachedRepository(
            self, construct_id, registry=self._registry, prefix=self._prefix, repository_name=name
        )


def _is_one(upstream: object) -> bool:
    return isinstance(upstream, Upstream)


def _check_constructs(credential: object, role: object) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    if credential is not None:
        fix = "write secretsmanager.Secret.from_secret_complete_arn(self, 'Token', ...)"
        found += check_construct("credential", credential, "secret_arn", noun="a secret", fix=fix)
    if role is not None:
        fix = "write iam.Role.from_role_arn(self, 'Role', ...)"
        found += check_construct("role", role, "role_arn", noun="a role", fix=fix)
    return found
