"""Puts our parts into ministack. After `install`, ministack serves them as its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.core.responses import get_account_id, get_region
from ministack.services import ecr, sts
from ministack.services.cloudformation import changesets, handlers, provisioners

from .cloudformation.others import (
    KEY_ALIAS,
    LOG_GROUP,
    SECRET_TYPE,
    IamGroups,
    KeyAliases,
    LogGroups,
    OidcProviders,
    Secrets,
)
from .cloudformation.public_repository import TYPE as PUBLIC_REPOSITORY
from .cloudformation.public_repository import PublicRepositories
from .cloudformation.registry import TYPES
from .cloudformation.repository import TYPE, RepositoryProvisioner
from .cloudformation.sdk_calls import TYPE as SDK_CALLS
from .cloudformation.sdk_calls import SdkCalls
from .cloudformation.summaries import TemplateSummaries
from .ecr.access import Access, resource_arns
from .ecr.api import EcrApi
from .ecr.data_plane import DataPlane
from .ecr.model import Registries, RegistryName
from .ecr.tokens import AuthorizationTokens
from .ecr_public.api import SERVICE as ECR_PUBLIC
from .ecr_public.api import TARGET, PublicApi, repository_arn
from .identity import (
    ConditionKeys,
    Organizations,
    ServiceRoles,
    TrustPolicies,
    WebIdentities,
    WebIdentityAnswers,
)
from .resource_arns import ResourceArns, request_document
from .settings import Settings
from .web_identity import Issuer, TokenVerifier


@dataclass(frozen=True)
class Extension:
    """Our parts of one server."""

    tokens: AuthorizationTokens
    api: EcrApi
    data_plane: DataPlane
    service_roles: ServiceRoles
    organizations: Organizations


def install(settings: Settings, issuers: Mapping[str, Issuer]) -> Extension:
    """Make our parts and let ministack use them. Once in a process."""
    registries = Registries()
    tokens = AuthorizationTokens(settings.token_seconds)
    access = Access(registries)
    api = EcrApi(registries, tokens, access)
    _install_ecr(api, access)
    _install_ecr_public(PublicApi())
    organizations = Organizations()
    roles = ServiceRoles(_install_identity(organizations, issuers))
    _install_cloudformation(registries, api)
    provisioners._RESOURCE_HANDLERS[SDK_CALLS] = SdkCalls(api, access, roles).handler()
    return Extension(
        tokens=tokens,
        api=api,
        data_plane=DataPlane(registries, tokens, access, gate=settings.registry_gate),
        service_roles=roles,
        organizations=organizations,
    )


def _install_ecr(api: EcrApi, access: Access) -> None:
    app.SERVICE_HANDLERS["ecr"] = api.handle
    ecr.repository_policy_for_arn = access.policy_for
    authorization = EcrAuthorization(access)
    iam_actions.extract_resource_arn = authorization.resource_arn
    iam_actions.request_tag_context = authorization.tag_context
    iam_actions.access_denied_response = authorization.denied


def _install_ecr_public(api: PublicApi) -> None:
    router.SERVICE_PATTERNS[ECR_PUBLIC] = {"target_prefixes": [TARGET]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE[ECR_PUBLIC] = ECR_PUBLIC
    app.SERVICE_HANDLERS[ECR_PUBLIC] = api.handle
    provisioners._RESOURCE_HANDLERS[PUBLIC_REPOSITORY] = PublicRepositories(api).handler()


def _install_cloudformation(registries: Registries, api: EcrApi) -> None:
    types = provisioners._RESOURCE_HANDLERS
    repositories = RepositoryProvisioner(registries, api)
    types[TYPE] = repositories.handler()
    for name, resource_type in TYPES.items():
        types[name] = resource_type.handler(api)
    types["AWS::IAM::OIDCProvider"] = OidcProviders().handler()
    types["AWS::IAM::Group"] = IamGroups().handler()
    types[LOG_GROUP] = LogGroups(types[LOG_GROUP]).handler()
    types[KEY_ALIAS] = KeyAliases(types[KEY_ALIAS]).handler()
    types[SECRET_TYPE] = Secrets(types[SECRET_TYPE]).handler()
    lookups = changesets._IMPORT_LOOKUPS
    lookups[TYPE] = (("RepositoryName",), repositories.import_problem)
    actions = handlers._ACTION_HANDLERS
    actions["GetTemplateSummary"] = TemplateSummaries(
        actions["GetTemplateSummary"],
        handlers._resolve_template,
        handlers._resolve_stack,
        handlers._parse_template,
        lookups,
    ).answer


def _install_identity(organizations: Organizations, issuers: Mapping[str, Issuer]) -> TrustPolicies:
    trust = TrustPolicies(iam_evaluator.evaluate_trust_policy)
    iam_evaluator.evaluate_trust_policy = trust.evaluate
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["sts"] = ("sts", "policy_for")
    sts.policy_for = trust.policy_for
    iam_actions.request_tag_context = AssumeRoleContext(iam_actions.request_tag_context).keys
    iam_evaluator._principal_org_id = organizations.organization_of
    keys = ConditionKeys(iam_evaluator._resolve_condition_key, organizations)
    iam_evaluator._resolve_condition_key = keys.resolve
    verifier = TokenVerifier(issuers)
    web = WebIdentities(verifier, sts._web_identity_trust_denied)
    sts._web_identity_trust_denied = web.denied
    sts.handle_request = WebIdentityAnswers(verifier, sts.handle_request).handle
    return trust


class AssumeRoleContext:
    """The condition keys of an AssumeRole request, when it is decided as a request to STS."""

    def __init__(self, plain: Callable[..., dict[str, Any]]) -> None:
        self._plain = plain

    def keys(
        self, service: str, iam_action: str, body: bytes, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        context = self._plain(service, iam_action, body, params)
        if service != "sts":
            return context
        stated = {
            "sts:ExternalId": params.get("ExternalId"),
            "sts:RoleSessionName": params.get("RoleSessionName"),
        }
        named = {key: value[0] for key, value in stated.items() if value}
        return {**context, **named}


class EcrAuthorization:
    """How ministack authorizes requests of the ECR API; for other services, as before."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._plain_arn = ResourceArns(iam_actions.extract_resource_arn).find
        self._plain_tags = iam_actions.request_tag_context
        self._plain_denied = iam_actions.access_denied_response

    def resource_arn(
        self,
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        if service == ECR_PUBLIC:
            data = request_document(body)
            name = data.get("repositoryName")
            return repository_arn(account_id, name) if name else str(data.get("resourceArn", "*"))
        if service != "ecr":
            return self._plain_arn(
                service, method, path, headers, body, query_params, region, account_id
            )
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        return resource_arns(action, request_document(body), RegistryName(account_id, region))[0]

    def tag_context(
        self, service: str, iam_action: str, body: bytes, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = self._plain_tags(service, iam_action, body, params)
        if service != "ecr":
            return context
        own = RegistryName(get_account_id(), get_region())
        arn = resource_arns(iam_action.partition(":")[2], request_document(body), own)[0]
        return {**self._access.tag_keys(arn), **context}

    def denied(
        self,
        service: str,
        action: str,
        principal_arn: str,
        request_id: str,
        *,
        error_code: str = "",
        message: str = "",
        headers: dict[str, str] | None = None,
        resource_arn: str = "*",
        explicit_deny: bool = False,
        resource_policy_arn: str = "",
    ) -> tuple[int, dict[str, str], bytes]:
        if service == "ecr" and not error_code:
            result = iam_evaluator.EvalResult(
                decision="Deny" if explicit_deny else "ImplicitDeny",
                principal_arn=principal_arn,
                resource_policy_arn=resource_policy_arn,
            )
            region = get_region()
            message = self._access.refusal(result, action, resource_arn, region)
            error_code = "AccessDeniedException"
        answer: tuple[int, dict[str, str], bytes] = self._plain_denied(
            service,
            action,
            principal_arn,
            request_id,
            error_code=error_code,
            message=message,
            headers=headers,
            resource_arn=resource_arn,
            explicit_deny=explicit_deny,
            resource_policy_arn=resource_policy_arn,
        )
        return answer
