"""Types of other services that ministack lacks or lets through too easily."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch_logs, iam, kms

from .repository import Create, Handler, Properties, Provisioned, already_exists, generated_name

KEY_ALIAS = "AWS::KMS::Alias"
LOG_GROUP = "AWS::Logs::LogGroup"
SECRET_TYPE = "AWS::SecretsManager::Secret"  # noqa: S105 - a type


class OidcProviders:
    """AWS::IAM::OIDCProvider: one for each issuer in an account."""

    def handler(self) -> Handler:
        return {"create": self.create, "update": self.update, "delete": self.delete}

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        arn = _provider_arn(props)
        _call(iam._create_oidc_provider, _query(props))
        return arn, {"Arn": arn}

    def update(
        self, physical_id: str, old_props: Properties, new_props: Properties, stack_name: str
    ) -> Provisioned:
        provider = iam._oidc_providers[physical_id]
        provider["ClientIDList"] = list(new_props.get("ClientIdList") or ())
        provider["ThumbprintList"] = list(new_props.get("ThumbprintList") or ())
        return physical_id, {"Arn": physical_id}

    def delete(self, physical_id: str, props: Properties) -> None:
        if physical_id in iam._oidc_providers:
            _call(iam._delete_oidc_provider, {"OpenIDConnectProviderArn": [physical_id]})


def _call(operation: Any, params: Mapping[str, list[str]]) -> None:
    status, _, body = operation(params)
    if status >= 400:
        message = re.search(rb"<Message>(.*?)</Message>", body, re.DOTALL)
        raise ValueError((message[1] if message else body).decode())


def _provider_arn(props: Properties) -> str:
    host = str(props["Url"]).removeprefix("https://").rstrip("/")
    return f"arn:aws:iam::{get_account_id()}:oidc-provider/{host}"


def _query(props: Properties) -> dict[str, list[str]]:
    params = {"Url": [str(props["Url"])]}
    for member, given in (("ClientIDList", "ClientIdList"), ("ThumbprintList", "ThumbprintList")):
        for number, value in enumerate(props.get(given) or (), 1):
            params[f"{member}.member.{number}"] = [str(value)]
    return params


class IamGroups:
    """AWS::IAM::Group, with the policies that its properties state."""

    def handler(self) -> Handler:
        return {
            "create": self.create,
            "update": self.update,
            "update_with_logical_id": True,
            "delete": self.delete,
        }

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        name = str(props.get("GroupName") or generated_name(stack_name, logical_id))
        _call(iam._create_group, {"GroupName": [name], "Path": [str(props.get("Path") or "/")]})
        try:
            self._reconcile(name, {}, props)
        except ValueError:
            _call(iam._delete_group, {"GroupName": [name]})
            raise
        return name, {"Arn": iam._groups[name]["Arn"]}

    def update(
        self,
        physical_id: str,
        old_props: Properties,
        new_props: Properties,
        stack_name: str,
        logical_id: str | None = None,
    ) -> Provisioned:
        if new_props.get("GroupName") not in (None, physical_id):
            return self.create(logical_id or physical_id, new_props, stack_name)
        self._reconcile(physical_id, old_props, new_props)
        return physical_id, {"Arn": iam._groups[physical_id]["Arn"]}

    def delete(self, physical_id: str, props: Properties) -> None:
        if physical_id in iam._groups:
            self._reconcile(physical_id, props, {})
            _call(iam._delete_group, {"GroupName": [physical_id]})

    def _reconcile(self, name: str, old: Properties, new: Properties) -> None:
        before, after = _inline(old), _inline(new)
        for policy in before.keys() - after.keys():
            _call(iam._delete_group_policy, {"GroupName": [name], "PolicyName": [policy]})
        for policy, document in after.items():
            stated = {"PolicyName": [policy], "PolicyDocument": [document]}
            _call(iam._put_group_policy, {"GroupName": [name], **stated})
        attached = set(old.get("ManagedPolicyArns") or ())
        wanted = set(new.get("ManagedPolicyArns") or ())
        for arn in attached - wanted:
            _call(iam._detach_group_policy, {"GroupName": [name], "PolicyArn": [arn]})
        for arn in wanted - attached:
            _call(iam._attach_group_policy, {"GroupName": [name], "PolicyArn": [arn]})


def _inline(props: Properties) -> dict[str, str]:
    return {
        str(policy["PolicyName"]): json.dumps(policy["PolicyDocument"])
        for policy in props.get("Policies") or ()
    }


class LogGroups:
    """AWS::Logs::LogGroup: a group that exists is not taken over."""

    def __init__(self, plain: Handler) -> None:
        self._plain = plain

    def handler(self) -> Handler:
        return {**self._plain, "create": self.create, "update": self.update}

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        name = props.get("LogGroupName") or generated_name(stack_name, logical_id)
        if name in cloudwatch_logs._log_groups:
            raise ValueError(already_exists(LOG_GROUP, {"/properties/LogGroupName": name}))
        create: Create = self._plain["create"]
        return create(logical_id, {**props, "LogGroupName": name}, stack_name)

    def update(
        self,
        physical_id: str,
        old_props: Properties,
        new_props: Properties,
        stack_name: str,
        logical_id: str | None = None,
    ) -> Provisioned:
        named = {"LogGroupName": physical_id, **new_props}
        updated: Provisioned = self._plain["update"](
            physical_id, old_props, named, stack_name, logical_id
        )
        return updated


class KeyAliases:
    """AWS::KMS::Alias: an alias that exists is not moved to another key."""

    def __init__(self, plain: Handler) -> None:
        self._plain = plain

    def handler(self) -> Handler:
        return {**self._plain, "create": self.create}

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        arn = kms._alias_arn(props["AliasName"])
        if arn in kms._aliases:
            raise ValueError(f"An alias with the name {arn} already exists")
        create: Create = self._plain["create"]
        return create(logical_id, props, stack_name)


class Secrets:
    """AWS::SecretsManager::Secret: a reference to it is its ARN."""

    def __init__(self, plain: Handler) -> None:
        self._plain = plain

    def handler(self) -> Handler:
        return {
            **self._plain,
            "create": self.create,
            "update": self.update,
            "update_with_logical_id": True,
            "delete": self.delete,
        }

    def create(self, logical_id: str, props: Properties, stack_name: str) -> Provisioned:
        create: Create = self._plain["create"]
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    def update(
        self,
        physical_id: str,
        old_props: Properties,
        new_props: Properties,
        stack_name: str,
        logical_id: str | None = None,
    ) -> Provisioned:
        _, attributes = self._plain["update"](
            _secret_name(physical_id), old_props, new_props, stack_name, logical_id
        )
        return attributes["Arn"], attributes

    def delete(self, physical_id: str, props: Properties) -> None:
        self._plain["delete"](_secret_name(physical_id), props)


def _secret_name(arn: str) -> str:
    """The name in a secret's ARN, which ends with a suffix of its own."""
    return arn.partition(":secret:")[2].rpartition("-")[0]
