"""Customer keys of repositories: who makes a repository must be able to let ECR use the key.

ECR asks KMS for grants on the key when a repository is made, as whoever makes it. From then on
it works by those grants, so that pushes and pulls ask for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError, EvalContext, EvalResult
from ministack.core.responses import request_scope
from ministack.services import kms

from .errors import EcrError
from .model import RegistryName
from .tokens import IamCaller

NEEDED = ("kms:DescribeKey", "kms:CreateGrant", "kms:RetireGrant")


def require_key(caller: IamCaller, key: str, registry: RegistryName) -> None:
    """Raise ECR's KmsException unless *caller* can let ECR use the key."""
    parts = key.split(":", 5)
    owner = parts[4] if key.startswith("arn:") else registry.account
    with request_scope(owner, registry.region):
        record = kms._resolve_key(key)
    if record is None or record["KeyState"] != "Enabled":
        raise EcrError("KmsException", f"Invalid or disabled KMS key: {key}")
    for action in NEEDED:
        refusal = _refusal(caller, action, record, owner, registry)
        if refusal is not None:
            raise EcrError("KmsException", refusal)


def _refusal(
    caller: IamCaller, action: str, record: Mapping[str, Any], owner: str, registry: RegistryName
) -> str | None:
    with request_scope(caller.account, registry.region):
        principal = iam_evaluator.resolve_principal(caller.access_key_id, caller.account)
    if isinstance(principal, AuthError):
        return str(principal.message)
    context = EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=record["Arn"],
        region=registry.region,
        service_context={
            "kms:viaservice": f"ecr.{registry.region}.amazonaws.com",
            "kms:calleraccount": caller.account,
            "kms:grantisforawsresource": "true",
        },
        principal_keys=principal.keys,
    )
    if principal.policies is None:
        identity = EvalResult(decision="Allow", principal_arn=principal.arn)
    else:
        identity = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
    decided = iam_evaluator.combine_resource_policy(
        identity, context, record.get("Policy"), owner, required=True, limits=principal.limits
    )
    if decided.decision == "Allow":
        return None
    subject = f"User: {principal.arn} is not authorized to perform: {action}"
    return f"{subject} on resource: {record['Arn']}"
