"""What to write in a template, where a rule would name the option of a construct.

The rules are those of the constructs. Whoever wrote the template by hand has none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from .findings import Finding

__all__ = ["in_template_words"]

_NAME_WHO: Final = (
    "name who may; for an organization keep '*' and add the condition aws:PrincipalOrgID"
)
_KEEPS: Final = (
    "with tagStatus tagged, its tagPatternList, countType imageCountMoreThan and a countNumber "
    "that is never reached"
)
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "encryption-dual-layer-region": {
        "given": "KMS_DSSE",
        "fix": "write KMS, or deploy the stack to a GovCloud Region",
    },
    "encryption-key-invalid": {"fix": "write the ARN of the key"},
    "encryption-key-unused": {
        "message": "has a key, and AES256 uses none",
        "allowed": "a KmsKey with KMS or KMS_DSSE",
        "fix": "write KMS, or leave KmsKey out",
    },
    "repository-policy-open": {"fix": _NAME_WHO},
    "registry-policy-open": {"fix": _NAME_WHO},
    "public-policy-open": {"fix": _NAME_WHO},
    "repository-policy-action-without-effect": {
        "fix": "allow it in the identity policy of the role, with the resource '*'"
    },
    "registry-policy-sid-twice": {"fix": "give one of them another Sid, or none"},
    "grant-service-asks-for-more": {"fix": "add what is missing"},
    "policy-taken-back": {
        "fix": "make an exception where it is denied, or leave out what allows it"
    },
    "lifecycle-archive-not-protected": {
        "fix": (
            "add a rule of the storageClass archive with those tags before that one, of countType "
            "sinceImageTransitioned and a countNumber that is never reached"
        )
    },
    "lifecycle-takes-referenced-tag": {
        "fix": f"put a rule that keeps {{given}} before that one: {_KEEPS}"
    },
    "lifecycle-takes-referenced-digest": {
        "fix": f"refer to it by a tag that a rule before that one keeps: {_KEEPS}"
    },
    "lifecycle-reference-unknown": {
        "fix": f"put a rule first that keeps the tags it can be: {_KEEPS}"
    },
    "lifecycle-expires-more": {
        "fix": (
            "see with `ecr-constructs preview` what goes; "
            "put a rule first that keeps what must stay"
        )
    },
    "repository-moved": {
        "fix": "keep the logical id, or move the resource by a stack refactoring (cdk refactor)"
    },
    "scanning-basic-continuous": {"fix": "write ENHANCED as ScanType, or SCAN_ON_PUSH in the rule"},
    "scanning-type": {"fix": "write BASIC or ENHANCED"},
    "scanning-nothing": {
        "fix": "name repositories, or '*' for all of them; BASIC scans by hand without any"
    },
    "pull-through-upstream-mismatch": {
        "fix": "write the one of UpstreamRegistryUrl, or leave UpstreamRegistry out"
    },
    "pull-through-upstream-prefix-root": {
        "fix": "give another prefix, or leave UpstreamRepositoryPrefix out"
    },
    "pull-through-credential-unused": {
        "allowed": "a secret for Docker Hub, GitHub, GitLab, Azure and Chainguard",
        "fix": "leave CredentialArn out",
    },
    "pull-through-credential-arn": {
        "fix": "write the ARN that 'aws secretsmanager describe-secret' prints"
    },
    "pull-through-credential-partial-arn": {
        "fix": "write the ARN that 'aws secretsmanager describe-secret' prints"
    },
    "pull-through-role-unused": {
        "allowed": "a role for a private registry of another account",
        "fix": "leave CustomRoleArn out",
    },
    "creation-template-uses-invalid": {
        "allowed": "a list of PULL_THROUGH_CACHE, REPLICATION and CREATE_ON_PUSH, each once",
        "fix": "write [CREATE_ON_PUSH], say",
    },
    "public-repository-region": {
        "fix": "deploy the stack to us-east-1, or put the repository into one of its own there"
    },
}
"""By code: what differs. ``{given}`` stands for the value."""


def in_template_words(finding: Finding) -> Finding:
    """The finding as it is said of a template: with properties in place of options."""
    words = _WORDS.get(finding.code)
    if words is None:
        return finding
    given = str(finding.given)
    return replace(
        finding,
        message=words.get("message", finding.message),
        given=words.get("given", finding.given),
        allowed=words.get("allowed", finding.allowed),
        fix=words.get("fix", finding.fix).replace("{given}", given),
    )
