"""Roles, as STS hands them out: to AWS services, to web identities, within organizations."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import error_response_json
from ministack.services import iam, sts

from .web_identity import TokenInvalid, TokenVerifier

StsAnswer = tuple[int, dict[str, str], bytes]
TrustEvaluation = Callable[..., bool]
WebIdentityTrust = Callable[[str, Mapping[str, Any], bool], StsAnswer | None]
StsHandler = Callable[..., Awaitable[StsAnswer]]
ConditionKey = Callable[[str, EvalContext], Any]
_SESSION = re.compile(r"arn:aws:sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/.+")


class RoleRefused(Exception):
    """A role's trust policy does not let the caller have it."""


@dataclass(frozen=True)
class Membership:
    """An account's place in an organization."""

    organization: str
    paths: tuple[str, ...] = ()


class TrustPolicies:
    """Trust policies without ministack's shortcut that an account's root is any AWS service."""

    def __init__(self, plain: TrustEvaluation) -> None:
        self._plain = plain

    def evaluate(
        self, trust_doc: str | dict[str, Any], caller_arn: str, ctx: EvalContext | None = None
    ) -> bool:
        """The evaluation of ministack for a principal of IAM, which no `Service` entry names."""
        document = json.loads(trust_doc) if isinstance(trust_doc, str) else trust_doc
        statements = document.get("Statement", [])
        statements = [statements] if isinstance(statements, dict) else statements
        narrowed = [_without_services(statement) for statement in statements]
        return self._plain({**document, "Statement": narrowed}, caller_arn, ctx)

    def policy_for(self, role_arn: str) -> tuple[str | dict[str, Any], str] | None:
        """A role's trust policy and account, as the policy of the role as a resource.

        With it a principal that a trust policy names needs no policy of its own, at home, and
        one of another account needs both, as in AWS.
        """
        parts = role_arn.split(":")
        account = parts[4] if len(parts) == 6 else ""
        role = iam._roles.get_scoped(account, None, role_arn.rsplit("/", 1)[-1])
        return (role["AssumeRolePolicyDocument"], account) if role else None

    def evaluate_for_service(
        self, trust_doc: str | dict[str, Any], service: str, context: Mapping[str, str], arn: str
    ) -> bool:
        """Whether a role's trust policy lets an AWS service assume it."""
        document = json.loads(trust_doc) if isinstance(trust_doc, str) else trust_doc
        evaluated = iam_evaluator.evaluate_resource_policy(
            document,
            EvalContext(
                principal_arn=service,
                principal_type="Service",
                principal_account="",
                action="sts:AssumeRole",
                resource_arn=arn,
                region="",
                service_context={key.lower(): value for key, value in context.items()},
            ),
            service=service,
        )
        return bool(evaluated.decision == "Allow")


def _without_services(statement: dict[str, Any]) -> dict[str, Any]:
    principal = statement.get("Principal")
    if not isinstance(principal, dict) or "Service" not in principal:
        return statement
    others = {kind: named for kind, named in principal.items() if kind != "Service"}
    return {**statement, "Principal": others}


class ServiceRoles:
    """Roles as AWS services get them: decided by the trust policy, with the service's context."""

    def __init__(self, trust: TrustPolicies) -> None:
        self._trust = trust

    def assume(
        self,
        *,
        role_arn: str,
        service: str,
        context: Mapping[str, str],
        session_name: str,
        seconds: int = 3600,
    ) -> dict[str, Any]:
        """Credentials of the role, as AssumeRole would answer them; RoleRefused otherwise."""
        session_arn, invalid = sts._assumed_role_arn(role_arn, session_name)
        if invalid is not None or session_arn is None:
            raise RoleRefused(f"Invalid RoleArn: {role_arn}")
        account = role_arn.split(":")[4]
        role = iam._roles.get_scoped(account, None, role_arn.rsplit("/", 1)[-1])
        trust_policy = (role or {}).get("AssumeRolePolicyDocument", "{}")
        if role is None or not self._trust.evaluate_for_service(
            trust_policy, service, context, role_arn
        ):
            raise RoleRefused(
                f"User: {service} is not authorized to perform: sts:AssumeRole on resource: "
                f"{role_arn}"
            )
        expiration = time.time() + seconds
        access_key_id = iam._gen_session_access_key()
        session = {
            "Arn": session_arn,
            "UserId": f"{sts._role_id(role_arn)}:{session_name}",
            "SecretAccessKey": iam._gen_secret(),
            "SessionToken": iam._gen_session_token(),
            "Expiration": expiration,
            "AccountId": account,
            "PrincipalType": "AssumedRole",
        }
        sts.register_session(access_key_id, session)
        return {
            "Credentials": {
                "AccessKeyId": access_key_id,
                "SecretAccessKey": session["SecretAccessKey"],
                "SessionToken": session["SessionToken"],
                "Expiration": expiration,
            },
            "AssumedRoleUser": {"Arn": session_arn, "AssumedRoleId": session["UserId"]},
        }


class WebIdentities:
    """AssumeRoleWithWebIdentity with a token that has to hold before the trust policy is asked."""

    def __init__(self, verifier: TokenVerifier, plain: WebIdentityTrust) -> None:
        self._verifier = verifier
        self._plain = plain

    def denied(self, role_arn: str, params: Mapping[str, Any], use_json: bool) -> StsAnswer | None:
        """STS's refusal of the token or of the trust policy, or None."""
        try:
            claims = self._verifier.claims(str(iam._p(params, "WebIdentityToken")))
        except TokenInvalid as error:
            return _sts_error("InvalidIdentityToken", str(error), use_json)
        problem = self._problem(role_arn, claims)
        if problem is not None:
            return _sts_error(*problem, use_json)
        return self._plain(role_arn, params, use_json)

    def _problem(self, role_arn: str, claims: Mapping[str, Any]) -> tuple[str, str] | None:
        account = role_arn.split(":")[4]
        issuer = str(claims["iss"])
        arn = f"arn:aws:iam::{account}:oidc-provider/{issuer.removeprefix('https://')}"
        provider = iam._oidc_providers.get_scoped(account, None, arn)
        if provider is None:
            return (
                "InvalidIdentityToken",
                f"No OpenIDConnect provider found in your account for {issuer}",
            )
        now = time.time()
        if float(claims.get("exp", 0)) <= now:
            message = (
                f"Token expired: current date/time {int(now)} must be before the expiration "
                f"date/time {claims.get('exp')}"
            )
            return "ExpiredTokenException", message
        if float(claims.get("nbf", 0)) > now:
            return "InvalidIdentityToken", "The ID Token is not valid yet."
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if not any(client in provider["ClientIDList"] for client in named):
            return "InvalidIdentityToken", "Incorrect token audience"
        return None


class WebIdentityAnswers:
    """STS, answering AssumeRoleWithWebIdentity with what the token says.

    ministack puts a fixed subject, audience and provider into that answer.
    """

    def __init__(self, verifier: TokenVerifier, plain: StsHandler) -> None:
        self._verifier = verifier
        self._plain = plain

    async def handle(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
    ) -> StsAnswer:
        status, answer_headers, answer = await self._plain(
            method, path, headers, body, query_params
        )
        if status == 200 and b"<AssumeRoleWithWebIdentityResult>" in answer:
            params = {**query_params, **parse_qs(body.decode())}
            claims = self._verifier.claims(str(iam._p(params, "WebIdentityToken")))
            audience = claims["aud"]
            stated = {
                "SubjectFromWebIdentityToken": claims.get("sub", ""),
                "Audience": audience[0] if isinstance(audience, list) else audience,
                "Provider": claims["iss"],
            }
            for member, value in stated.items():
                element = re.compile(f"<{member}>[^<]*</{member}>".encode())
                said = f"<{member}>{escape(str(value))}</{member}>".encode()
                answer = element.sub(said.replace(b"\\", b"\\\\"), answer)
        return status, answer_headers, answer


def _sts_error(code: str, message: str, use_json: bool) -> StsAnswer:
    if use_json:
        answer: StsAnswer = error_response_json(code, message, 400)
    else:
        answer = iam._error(400, code, message, ns="sts")
    return answer


class Organizations:
    """Which account belongs to which organization, for conditions on aws:PrincipalOrg*."""

    def __init__(self) -> None:
        self._members: dict[str, Membership] = {}

    def set(self, account: str, membership: Membership | None) -> None:
        if membership is None:
            self._members.pop(account, None)
        else:
            self._members[account] = membership

    def organization_of(self, account_id: str) -> str | None:
        member = self._members.get(account_id)
        return member.organization if member else None

    def paths_of(self, account_id: str) -> list[str]:
        member = self._members.get(account_id)
        return list(member.paths) if member else []


class ConditionKeys:
    """Keys about the caller that ministack lacks, or answers otherwise than AWS."""

    def __init__(self, plain: ConditionKey, organizations: Organizations) -> None:
        self._plain = plain
        self._organizations = organizations

    def resolve(self, key: str, ctx: EvalContext) -> Any:
        """The value of a key, or None where the request does not have it."""
        wanted = key.lower()
        if wanted == "aws:principalarn":
            return _principal_arn(ctx.principal_arn)
        if wanted == "aws:principalorgpaths":
            return self._organizations.paths_of(ctx.principal_account) or None
        return self._plain(key, ctx)


def _principal_arn(caller_arn: str) -> str:
    """The ARN that a policy compares: that of the role, where the caller is a session of one."""
    session = _SESSION.fullmatch(caller_arn)
    if session is None:
        return caller_arn
    role = iam._roles.get_scoped(session["account"], None, session["role"])
    return str(role["Arn"]) if role else caller_arn


def membership(document: Mapping[str, Any]) -> Membership | None:
    """The membership that a control request states."""
    if not document.get("organization"):
        return None
    return Membership(str(document["organization"]), tuple(document.get("paths") or ()))
