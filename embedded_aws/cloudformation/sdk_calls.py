"""CDK's AwsCustomResource for calls of ECR: carried out with the rights of its function's role.

The function itself does not run. What it would do stands in the template, and whether it may is
decided as for any other session of its role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from ..ecr.access import Access, resource_arns
from ..ecr.api import EcrApi
from ..ecr.model import RegistryName
from ..ecr.tokens import IamCaller
from ..identity import RoleRefused, ServiceRoles
from .repository import Handler, Properties, Provisioned, call_ecr

TYPE = "Custom::AWS"
SERVICE = "lambda.amazonaws.com"


class SdkCalls:
    """A custom resource whose properties say which call is made when."""

    def __init__(self, api: EcrApi, access: Access, roles: ServiceRoles) -> None:
        self._api = api
        self._access = access
        self._roles = roles

    def handler(self) -> Handler:
        return {"create": self.create, "update": self.update, "delete": self.delete}

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        return self._do(props, "Create") or (logical_id, {})

    def update(
        self, physical_id: str, old_props: Properties, new_props: Properties, stack_name: str
    ) -> Provisioned:
        return self._do(new_props, "Update") or (physical_id, {})

    def delete(self, physical_id: str, props: Properties) -> None:
        self._do(props, "Delete")

    def _do(self, props: Properties, moment: str) -> Provisioned | None:
        """The call of this moment, if there is one."""
        if moment not in props:
            return None
        call = json.loads(props[moment])
        if str(call["service"]).lower() != "ecr":
            raise ValueError(f"the embedded AWS makes no calls of {call['service']}")
        action = f"{call['action'][:1].upper()}{call['action'][1:]}"
        parameters: Mapping[str, Any] = call.get("parameters") or {}
        self._authorize(str(props["ServiceToken"]), action, parameters)
        call_ecr(self._api, action, parameters)
        identifier = (call.get("physicalResourceId") or {}).get("id")
        return (str(identifier), {}) if identifier else None

    def _authorize(self, function: str, action: str, parameters: Mapping[str, Any]) -> None:
        """Fail where the function's role may not do what the function would."""
        own = RegistryName(get_account_id(), get_region())
        _, config, _ = lambda_svc._get_func_record_for_ref(function)
        if config is None:
            raise ValueError(f"the function {function} does not exist")
        try:
            session = self._roles.assume(
                role_arn=config["Role"],
                service=SERVICE,
                context={"aws:SourceAccount": own.account},
                session_name="custom-resource",
            )
        except RoleRefused as refusal:
            raise ValueError(str(refusal)) from refusal
        caller = IamCaller(session["Credentials"]["AccessKeyId"], own.account)
        for arn in resource_arns(action, parameters, own):
            denial = self._access.decide(caller, f"ecr:{action}", arn, own.region)
            if denial is not None:
                raise ValueError(denial.message)
