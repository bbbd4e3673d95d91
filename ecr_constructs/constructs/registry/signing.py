"""Managed signing of what is pushed to a registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ...model.deferred import flatten
from ...model.errors import GrantError
from ...model.findings import Finding
from ...model.iam.grants import identity_not_writable
from ...model.registry.signing import (
    SigningRule,
    check_profile_platform,
    check_signing,
    sign_statement,
    signing_not_writable,
    signing_properties,
    verify_statement,
)
from ...model.repository.options import check_grantee, check_instances, check_listed
from .._jsii import check, path_of, refuse, show, stack_of
from .singletons import claim

if TYPE_CHECKING:
    from ...model.iam.statement import Statement
    from ..repository.types import Grantee

__all__ = ["SigningConfiguration"]

_TYPE = "AWS::ECR::SigningConfiguration"
_OWN = (iam.Role, iam.User, iam.Group, iam.LazyRole)


class SigningConfiguration(Construct):
    """Which images ECR signs when they are pushed, and with which profiles of AWS Signer.

    ECR signs with the rights of whoever pushes: without :meth:`grant_sign` the push succeeds and
    the image has no signature.

    ECR refuses, and so does this construct, what CloudFormation's schema takes: more than 10 rules
    (the schema says 50), the type in a Region that does not have it. An empty list of filters is
    refused by both. It takes what would do nothing, which is refused here:
    no rules, a filter twice, a profile of a platform that signs no images, and a second signing
    configuration in the app. A profile of another Region is a warning: AWS's page has none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: Sequence[SigningRule],
    ) -> None:
        """Set what the registry signs.

        :param rules: one to ten :class:`SigningRule`, each with a profile and perhaps filters.
        :raises InvalidInputError: where ECR would refuse the rules, or the app sets the signing of
            this registry already.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
        """
        check(check_instances("rules", rules, SigningRule), scope, id)
        for rule in rules:
            if rule.repositories is not None:
                check(check_listed("repositories", rule.repositories), scope, id)
        stack = stack_of(scope)
        properties = signing_properties(rules)
        said = cast("dict[str, object]", flatten(stack.resolve(properties)))
        findings = (
            *check_signing(said, region=stack.region),
            *(finding for rule in rules for finding in _check_platform(rule, stack)),
        )
        check(findings, scope, id)
        super().__init__(scope, id)
        claim(self, _TYPE)
        show(findings, self)
        self._profiles = tuple(dict.fromkeys(rule.profile_arn for rule in rules))
        # The oldest CDK that is supported has no class for the type.
        cdk.CfnResource(self, "Resource", type=_TYPE, properties=properties)

    def grant_sign(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee have its pushes signed: ``signer:SignPayload`` on each profile.

        :param grantee: the role or user that pushes. Pushing itself is the repository's to grant.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html
        """
        return self._grant(grantee, sign_statement(self._profiles))

    def grant_verify(self, grantee: Grantee) -> iam.Grant:
        """Let the grantee ask whether a signature was revoked, as notation does to verify it.

        :param grantee: the role or user that verifies. Pulling itself is the repository's to grant.

        https://docs.aws.amazon.com/signer/latest/developerguide/image-verification.html
        """
        stack = cdk.Stack.of(self)
        jobs = f"arn:{stack.partition}:signer:{stack.region}:{stack.account}:/signing-jobs/*"
        return self._grant(grantee, verify_statement(self._profiles, jobs=jobs))

    def _grant(self, grantee: Grantee, statement: Statement) -> iam.Grant:
        refuse(check_grantee(grantee), self)
        principal = cast("iam.IGrantable", grantee).grant_principal
        if isinstance(principal, iam.PrincipalBase):
            refuse([signing_not_writable(str(principal), statement)], self, error=GrantError)
        grant = iam.Grant.add_to_principal(
            grantee=principal,
            actions=list(statement.actions),
            resource_arns=list(statement.resources),
        )
        if not isinstance(principal, _OWN) and not _took(principal):
            # An imported role that is not to be changed says that it took the statement.
            said = flatten(cdk.Stack.of(self).resolve(statement.to_json()))
            show([identity_not_writable(path_of(cast("Construct", principal)), said)], self)
        return grant


def _took(principal: iam.IPrincipal) -> bool:
    children = cast("Construct", principal).node.children
    return any(isinstance(child, iam.Policy) for child in children)


def _check_platform(rule: SigningRule, stack: cdk.Stack) -> tuple[Finding, ...]:
    """The platform of a profile of this app; what is imported says nothing of it."""
    if not isinstance(rule.profile, Construct):
        return ()
    platform = getattr(rule.profile.node.default_child, "platform_id", None)
    return check_profile_platform(stack.resolve(platform))
