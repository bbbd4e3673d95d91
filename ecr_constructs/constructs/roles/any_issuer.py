"""OidcPushRole and OidcPullRole: whoever has the token of an issuer pushes or pulls images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...model.iam.actions import Access
from ...model.roles.oidc import OidcTokens
from .web_identity import WebIdentityRole

if TYPE_CHECKING:
    from constructs import Construct

    from ..repository.types import RepositoryLike

__all__ = ["OidcPullRole", "OidcPushRole"]


class OidcRole(WebIdentityRole):
    """A role for the tokens of one subject of any issuer."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repositories: Sequence[RepositoryLike],
        issuer: str,
        audience: str,
        subject: str | None = None,
        subject_pattern: str | None = None,
        provider_arn: str | None = None,
        role_name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        :param repositories: the ECR repositories to push to or pull from.
        :param issuer: the URL of the issuer as its tokens say it in ``iss``
            (``https://agent.buildkite.com``). STS must reach it.
        :param audience: the ``aud`` that the tokens are made for, 1 to 255 characters.
        :param subject: the whole ``sub`` of the tokens that get in. It or ``subject_pattern``
            must be given. Default: no subject.
        :param subject_pattern: the beginning of ``sub``, with ``*`` for any characters: all that
            match get in. It must begin with a whole name (``repo:acme/shop:*``) or a UUID
            (``{9a8b1c5a-...}:*``), since the beginning is what keeps strangers out. Default: no
            pattern.
        :param provider_arn: the account's identity provider for the issuer, of which there can be
            one. Default: one is made, once for the stack.
        :param role_name: the role's name. Default: CloudFormation makes one up.
        :param description: shown in the console. Default: names the subject.
        :raises InvalidInputError: where IAM would refuse the issuer or the audience, or the
            subject is no subject or everybody's.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
        """
        super().__init__(
            scope,
            id,
            tokens=OidcTokens(
                issuer=issuer,
                audience=audience,
                subject=subject,
                subject_pattern=subject_pattern,
            ),
            repositories=repositories,
            provider_arn=provider_arn,
            role_name=role_name,
            description=description,
        )


class OidcPushRole(OidcRole):
    """A role for the tokens of one subject of any issuer, to push images and do nothing else."""

    _access = Access.PUSH


class OidcPullRole(OidcRole):
    """A role for the tokens of one subject of any issuer, to pull images and do nothing else."""

    _access = Access.PULL
