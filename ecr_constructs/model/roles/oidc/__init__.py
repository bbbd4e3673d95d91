"""Roles that a CI system outside AWS assumes by OpenID Connect, without a stored key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
"""

from __future__ import annotations

from .any_issuer import OidcTokens
from .github import GITHUB_AUDIENCE, GITHUB_ISSUER, GitHubRuns
from .gitlab import GITLAB_HOST, GitLabJobs
from .issuer import (
    MadeProvider,
    check_audience,
    check_issuer,
    check_provider_arn,
    check_second_provider,
)
from .trust import TokenTrust, check_repositories

__all__ = [
    "GITHUB_AUDIENCE",
    "GITHUB_ISSUER",
    "GITLAB_HOST",
    "GitHubRuns",
    "GitLabJobs",
    "MadeProvider",
    "OidcTokens",
    "TokenTrust",
    "check_audience",
    "check_issuer",
    "check_provider_arn",
    "check_repositories",
    "check_second_provider",
]
