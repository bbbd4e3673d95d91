"""The names of ministack that the extension takes hold of, checked before anything starts.

ministack has no plug-in interface, so that the extension replaces or calls names that a new
version may change without notice. Each is listed here with the shape that the extension
counts on. A version that breaks one is refused at start, by the name of the hook.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TESTED_VERSION = "1.5.33"
ABSENT = object()


class HookBroken(RuntimeError):
    """The installed ministack does not have what the extension takes hold of."""


@dataclass(frozen=True)
class Hook:
    """A name of ministack: where it is, and what it has to be."""

    module: str
    name: str
    purpose: str
    parameters: tuple[str, ...] | None = None
    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    value: Any = ABSENT

    @property
    def label(self) -> str:
        return f"{self.module}.{self.name}"

    def problem(self) -> str | None:
        """What is wrong with the name in the installed ministack, or None."""
        try:
            found = getattr(importlib.import_module(self.module), self.name, ABSENT)
        except ImportError as error:
            return f"the module cannot be imported ({error})"
        if found is ABSENT:
            return "it does not exist"
        checks = (
            self._parameter_problem(found),
            self._key_problem(found),
            self._field_problem(found),
        )
        if self.value is not ABSENT and found != self.value:
            return f"it is {found!r}, not {self.value!r}"
        return next((problem for problem in checks if problem is not None), None)

    def _parameter_problem(self, found: Any) -> str | None:
        if self.parameters is None:
            return None
        if not callable(found):
            return f"it is not a function but {type(found).__name__}"
        actual = tuple(inspect.signature(found).parameters)
        if actual != self.parameters:
            return f"it takes ({', '.join(actual)}), not ({', '.join(self.parameters)})"
        return None

    def _key_problem(self, found: Any) -> str | None:
        if not self.keys:
            return None
        if not isinstance(found, Mapping):
            return f"it is not a mapping but {type(found).__name__}"
        missing = [key for key in self.keys if key not in found]
        return f"it has no {', '.join(missing)}" if missing else None

    def _field_problem(self, found: Any) -> str | None:
        annotations = getattr(found, "__dataclass_fields__", {})
        missing = [name for name in self.fields if name not in annotations]
        return f"it has no field {', '.join(missing)}" if missing else None


APP = "ministack.app"
ACTIONS = "ministack.core.iam_actions"
EVALUATOR = "ministack.core.iam_evaluator"
RESPONSES = "ministack.core.responses"
STS = "ministack.services.sts"
IAM = "ministack.services.iam"
PROVISIONERS = "ministack.services.cloudformation.provisioners"

HOOKS: tuple[Hook, ...] = (
    Hook(APP, "app", "serves everything but ECR", ("scope", "receive", "send")),
    Hook(APP, "AUTH", "requests are authenticated and authorized", value=True),
    Hook(APP, "_MAIN_LOOP", "worker threads call services on the serving loop"),
    Hook(APP, "SERVICE_HANDLERS", "our ECR answers the ECR API", keys=("ecr",)),
    Hook("ministack.core.router", "SERVICE_PATTERNS", "requests of ECR Public", keys=("ecr",)),
    Hook(ACTIONS, "SERVICE_TO_IAM_NAMESPACE", "actions of ECR Public", keys=("ecr",)),
    Hook(
        ACTIONS,
        "extract_resource_arn",
        "requests of ECR, logs and SSM are authorized on the ARN of what they name",
        (
            "service",
            "method",
            "path",
            "headers",
            "body",
            "query_params",
            "region",
            "account_id",
        ),
    ),
    Hook(
        ACTIONS,
        "request_tag_context",
        "conditions on a repository's tags",
        ("service", "iam_action", "body", "params"),
    ),
    Hook(
        ACTIONS,
        "access_denied_response",
        "refusals in the words of ECR",
        (
            "service",
            "action",
            "principal_arn",
            "request_id",
            "error_code",
            "message",
            "headers",
            "resource_arn",
            "explicit_deny",
            "resource_policy_arn",
        ),
    ),
    Hook(
        EVALUATOR,
        "enforce",
        "decides each call of the registry protocol",
        (
            "access_key_id",
            "iam_action",
            "service",
            "region",
            "resource_arn",
            "service_context",
        ),
    ),
    Hook(
        EVALUATOR,
        "evaluate_resource_policy",
        "decides for AWS services and for roots of other accounts",
        ("doc", "ctx", "service", "named_only", "direct_only"),
    ),
    Hook(
        EVALUATOR,
        "evaluate_trust_policy",
        "an account's root is no AWS service to a trust policy",
        ("trust_doc", "caller_arn", "ctx"),
    ),
    Hook(
        EVALUATOR,
        "resolve_principal",
        "who makes a repository with a customer key",
        ("access_key_id", "account_id", "credential"),
    ),
    Hook(EVALUATOR, "evaluate", "identity policies and keys", ("ctx", "policies", "limits")),
    Hook(
        EVALUATOR,
        "combine_resource_policy",
        "key policies and identity policies together",
        ("identity", "ctx", "policy", "owner_account", "required", "limits"),
    ),
    Hook("ministack.services.kms", "_resolve_key", "customer keys", ("key_id_or_arn",)),
    Hook(EVALUATOR, "is_root_access_key", "roots", ("access_key_id",)),
    Hook(EVALUATOR, "_principal_org_id", "organizations of several accounts", ("account_id",)),
    Hook(
        EVALUATOR,
        "_resolve_condition_key",
        "aws:PrincipalArn of sessions, aws:PrincipalOrgPaths",
        ("key", "ctx"),
    ),
    Hook(
        EVALUATOR,
        "EvalContext",
        "the circumstances of a decision",
        fields=(
            "principal_arn",
            "principal_type",
            "principal_account",
            "action",
            "resource_arn",
            "region",
            "service_context",
        ),
    ),
    Hook(
        EVALUATOR,
        "EvalResult",
        "a decision",
        fields=("decision", "principal_arn", "resource_policy_arn"),
    ),
    Hook(EVALUATOR, "AuthError", "a failed authentication", fields=("code", "message")),
    Hook(
        EVALUATOR,
        "_RESOURCE_POLICY_LOOKUPS",
        "policies of repositories and of roles take part in decisions",
        keys=("ecr",),
    ),
    Hook(
        "ministack.services.ecr",
        "repository_policy_for_arn",
        "repository and registry policies, of any account",
        ("resource_arn",),
    ),
    Hook(RESPONSES, "request_scope", "account and Region of a call", ("account_id", "region")),
    Hook(RESPONSES, "get_account_id", "the caller's account", ()),
    Hook(RESPONSES, "get_region", "the Region of a call", ()),
    Hook(
        "ministack.core.router",
        "extract_access_key_id",
        "the caller's access key",
        ("headers", "query_params"),
    ),
    Hook(
        STS,
        "_web_identity_trust_denied",
        "web identity tokens are checked before the trust policy is asked",
        ("role_arn", "params", "use_json"),
    ),
    Hook(
        STS, "register_session", "sessions of roles assumed by services", ("access_key", "session")
    ),
    Hook(STS, "_assumed_role_arn", "session ARNs", ("role_arn", "session_name")),
    Hook(STS, "_role_id", "session ids", ("role_arn",)),
    Hook(IAM, "_roles", "trust policies of roles"),
    Hook(IAM, "_users", "principals that a repository policy names"),
    Hook(IAM, "_oidc_providers", "issuers that an account trusts"),
    Hook(IAM, "_p", "members of a query request", ("params", "key", "default")),
    Hook(IAM, "_error", "errors of STS", ("status", "code", "message", "ns")),
    Hook(IAM, "_create_oidc_provider", "AWS::IAM::OIDCProvider", ("p",)),
    Hook(IAM, "_delete_oidc_provider", "AWS::IAM::OIDCProvider", ("p",)),
    Hook(IAM, "_groups", "AWS::IAM::Group"),
    *(
        Hook(IAM, name, "AWS::IAM::Group", ("p",))
        for name in (
            "_create_group",
            "_delete_group",
            "_put_group_policy",
            "_delete_group_policy",
            "_attach_group_policy",
            "_detach_group_policy",
        )
    ),
    Hook(IAM, "_gen_session_access_key", "credentials of services", ()),
    Hook(IAM, "_gen_secret", "credentials of services", ()),
    Hook(IAM, "_gen_session_token", "credentials of services", ()),
    Hook(
        PROVISIONERS,
        "_RESOURCE_HANDLERS",
        "AWS::ECR::* and AWS::IAM::OIDCProvider; log groups that exist are not overwritten",
        keys=(
            "AWS::ECR::Repository",
            "AWS::KMS::Alias",
            "AWS::Logs::LogGroup",
            "AWS::SecretsManager::Secret",
        ),
    ),
    Hook(
        "ministack.services.lambda_svc",
        "_get_func_record_for_ref",
        "the role of a custom resource's function",
        ("function_ref",),
    ),
    Hook(
        "ministack.services.cloudformation.changesets",
        "_IMPORT_LOOKUPS",
        "repositories can be imported",
        keys=("AWS::KMS::Key", "AWS::Logs::LogGroup"),
    ),
    Hook(
        "ministack.services.cloudformation.handlers",
        "_ACTION_HANDLERS",
        "GetTemplateSummary says how resources are identified",
        keys=("GetTemplateSummary",),
    ),
    Hook(
        "ministack.services.cloudformation.handlers",
        "_parse_template",
        "GetTemplateSummary says how resources are identified",
        ("template_body",),
    ),
    Hook(
        "ministack.services.cloudformation.handlers",
        "_resolve_template",
        "GetTemplateSummary says how resources are identified",
        ("params",),
    ),
    Hook(
        "ministack.services.cloudformation.handlers",
        "_resolve_stack",
        "GetTemplateSummary says how resources are identified",
        ("stack_name",),
    ),
    Hook("ministack.services.kms", "_aliases", "aliases that exist"),
    Hook("ministack.services.kms", "_alias_arn", "aliases that exist", ("alias_name",)),
    Hook("ministack.services.cloudwatch_logs", "_log_groups", "log groups that exist"),
)


def check(hooks: Iterable[Hook] = HOOKS) -> None:
    """Raise HookBroken, naming each hook that the installed ministack breaks."""
    broken = [(hook, hook.problem()) for hook in hooks]
    lines = [
        f"  {hook.label}: {problem} (needed: {hook.purpose})" for hook, problem in broken if problem
    ]
    if lines:
        installed = importlib.metadata.version("ministack")
        raise HookBroken(
            f"ministack {installed} breaks hooks of the embedded AWS, which was made for "
            f"{TESTED_VERSION}:\n" + "\n".join(lines)
        )
