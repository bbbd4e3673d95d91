"""The operations on a registry as a whole: stored and described, not acted upon.

Scanning, replication, pull-through caches, creation templates and signing are configuration
here: nothing is scanned, copied, fetched, created or signed. Two settings have an effect:
the registry policy takes part in every decision, and BLOB_MOUNTING decides about mounts.
"""

from __future__ import annotations

import time

from .errors import EcrError
from .requests import Answer, EcrRequest, Operation, page

ACCOUNT_SETTINGS = {
    "BASIC_SCAN_TYPE_VERSION": ("AWS_NATIVE",),
    "REGISTRY_POLICY_SCOPE": ("V2",),
    "BLOB_MOUNTING": ("DISABLED", "ENABLED"),
}


class RegistryOperations:
    """Singletons of the registry: policy, scanning, replication, signing, account settings."""

    def operations(self) -> dict[str, Operation]:
        return {
            "DescribeRegistry": self.describe,
            "GetRegistryPolicy": self.get_policy,
            "PutRegistryPolicy": self.put_policy,
            "DeleteRegistryPolicy": self.delete_policy,
            "GetRegistryScanningConfiguration": self.get_scanning,
            "PutRegistryScanningConfiguration": self.put_scanning,
            "PutReplicationConfiguration": self.put_replication,
            "GetSigningConfiguration": self.get_signing,
            "PutSigningConfiguration": self.put_signing,
            "DeleteSigningConfiguration": self.delete_signing,
            "GetAccountSetting": self.get_setting,
            "PutAccountSetting": self.put_setting,
        }

    def describe(self, request: EcrRequest) -> Answer:
        registry = request.registry
        return {
            "registryId": registry.name.account,
            "replicationConfiguration": registry.replication,
        }

    def get_policy(self, request: EcrRequest) -> Answer:
        text = request.registry.policy
        if text is None:
            raise EcrError(
                "RegistryPolicyNotFoundException",
                "Registry policy does not exist in the registry with id "
                f"'{request.registry.name.account}'",
            )
        return {"registryId": request.registry.name.account, "policyText": text}

    def put_policy(self, request: EcrRequest) -> Answer:
        request.registry.policy = str(request.data["policyText"])
        return self.get_policy(request)

    def delete_policy(self, request: EcrRequest) -> Answer:
        answer = self.get_policy(request)
        request.registry.policy = None
        return answer

    def get_scanning(self, request: EcrRequest) -> Answer:
        return {
            "registryId": request.registry.name.account,
            "scanningConfiguration": request.registry.scanning,
        }

    def put_scanning(self, request: EcrRequest) -> Answer:
        data = request.data
        request.registry.scanning = {
            "scanType": data.get("scanType", "BASIC"),
            "rules": data.get("rules", []),
        }
        return {"registryScanningConfiguration": request.registry.scanning}

    def put_replication(self, request: EcrRequest) -> Answer:
        request.registry.replication = request.data["replicationConfiguration"]
        return {"replicationConfiguration": request.registry.replication}

    def get_signing(self, request: EcrRequest) -> Answer:
        if request.registry.signing is None:
            raise EcrError(
                "SigningConfigurationNotFoundException",
                "Signing configuration does not exist in the registry with id "
                f"'{request.registry.name.account}'",
            )
        return {
            "registryId": request.registry.name.account,
            "signingConfiguration": request.registry.signing,
        }

    def put_signing(self, request: EcrRequest) -> Answer:
        request.registry.signing = request.data["signingConfiguration"]
        return {"signingConfiguration": request.registry.signing}

    def delete_signing(self, request: EcrRequest) -> Answer:
        answer = self.get_signing(request)
        request.registry.signing = None
        return answer

    def get_setting(self, request: EcrRequest) -> Answer:
        name = str(request.data["name"])
        allowed = self._allowed(name)
        return {"name": name, "value": request.registry.settings.get(name, allowed[0])}

    def put_setting(self, request: EcrRequest) -> Answer:
        name, value = str(request.data["name"]), str(request.data["value"])
        if value not in self._allowed(name):
            raise EcrError(
                "InvalidParameterException",
                f"Invalid parameter at 'value' failed to satisfy constraint: 'must be one of "
                f"{', '.join(self._allowed(name))}'",
            )
        request.registry.settings[name] = value
        return {"name": name, "value": value}

    def _allowed(self, name: str) -> tuple[str, ...]:
        if name not in ACCOUNT_SETTINGS:
            raise EcrError(
                "InvalidParameterException",
                f"Invalid parameter at 'name' failed to satisfy constraint: 'must be one of "
                f"{', '.join(sorted(ACCOUNT_SETTINGS))}'",
            )
        return ACCOUNT_SETTINGS[name]


class RegistryRuleOperations:
    """Lists of the registry: cache rules, creation templates, pull-time exclusions."""

    def operations(self) -> dict[str, Operation]:
        return {
            "CreatePullThroughCacheRule": self.create_cache_rule,
            "DescribePullThroughCacheRules": self.describe_cache_rules,
            "UpdatePullThroughCacheRule": self.update_cache_rule,
            "DeletePullThroughCacheRule": self.delete_cache_rule,
            "CreateRepositoryCreationTemplate": self.create_template,
            "DescribeRepositoryCreationTemplates": self.describe_templates,
            "UpdateRepositoryCreationTemplate": self.update_template,
            "DeleteRepositoryCreationTemplate": self.delete_template,
            "RegisterPullTimeUpdateExclusion": self.register_exclusion,
            "DeregisterPullTimeUpdateExclusion": self.deregister_exclusion,
            "ListPullTimeUpdateExclusions": self.list_exclusions,
        }

    def create_cache_rule(self, request: EcrRequest) -> Answer:
        prefix = str(request.data["ecrRepositoryPrefix"])
        if prefix in request.registry.cache_rules:
            raise EcrError(
                "PullThroughCacheRuleAlreadyExistsException",
                f"Pull through cache rule with ecrRepositoryPrefix '{prefix}' already exists",
            )
        rule = {
            **request.data,
            "registryId": request.registry.name.account,
            "createdAt": time.time(),
        }
        request.registry.cache_rules[prefix] = rule
        return rule

    def describe_cache_rules(self, request: EcrRequest) -> Answer:
        rules = request.registry.cache_rules
        chosen = request.data.get("ecrRepositoryPrefixes") or sorted(rules)
        found, more = page(request, [self._cache_rule(request, prefix) for prefix in chosen])
        return {"pullThroughCacheRules": found, **more}

    def update_cache_rule(self, request: EcrRequest) -> Answer:
        rule = self._cache_rule(request, str(request.data["ecrRepositoryPrefix"]))
        rule.update({**request.data, "updatedAt": time.time()})
        return rule

    def delete_cache_rule(self, request: EcrRequest) -> Answer:
        prefix = str(request.data["ecrRepositoryPrefix"])
        rule = self._cache_rule(request, prefix)
        del request.registry.cache_rules[prefix]
        return rule

    def _cache_rule(self, request: EcrRequest, prefix: str) -> Answer:
        rule = request.registry.cache_rules.get(prefix)
        if rule is None:
            raise EcrError(
                "PullThroughCacheRuleNotFoundException",
                f"Pull through cache rule with ecrRepositoryPrefix '{prefix}' does not exist",
            )
        return rule

    def create_template(self, request: EcrRequest) -> Answer:
        prefix = str(request.data["prefix"])
        if prefix in request.registry.templates:
            raise EcrError(
                "TemplateAlreadyExistsException",
                f"Repository creation template with prefix '{prefix}' already exists",
            )
        now = time.time()
        template = {**request.data, "createdAt": now, "updatedAt": now}
        request.registry.templates[prefix] = template
        return self._shown_template(request, template)

    def describe_templates(self, request: EcrRequest) -> Answer:
        templates = request.registry.templates
        chosen = [
            prefix for prefix in request.data.get("prefixes") or templates if prefix in templates
        ]
        found, more = page(request, [templates[prefix] for prefix in chosen])
        account = request.registry.name.account
        return {"registryId": account, "repositoryCreationTemplates": found, **more}

    def update_template(self, request: EcrRequest) -> Answer:
        template = self._template(request)
        template.update({**request.data, "updatedAt": time.time()})
        return self._shown_template(request, template)

    def delete_template(self, request: EcrRequest) -> Answer:
        template = self._template(request)
        del request.registry.templates[template["prefix"]]
        return self._shown_template(request, template)

    def _template(self, request: EcrRequest) -> Answer:
        prefix = str(request.data["prefix"])
        template = request.registry.templates.get(prefix)
        if template is None:
            raise EcrError(
                "TemplateNotFoundException",
                f"Repository creation template with prefix '{prefix}' does not exist",
            )
        return template

    def _shown_template(self, request: EcrRequest, template: Answer) -> Answer:
        return {
            "registryId": request.registry.name.account,
            "repositoryCreationTemplate": template,
        }

    def register_exclusion(self, request: EcrRequest) -> Answer:
        principal = str(request.data["principalArn"])
        if principal in request.registry.exclusions:
            raise EcrError(
                "ExclusionAlreadyExistsException",
                f"The pull time update exclusion for '{principal}' already exists",
            )
        now = request.registry.exclusions[principal] = time.time()
        return {"principalArn": principal, "createdAt": now}

    def deregister_exclusion(self, request: EcrRequest) -> Answer:
        principal = str(request.data["principalArn"])
        if request.registry.exclusions.pop(principal, None) is None:
            raise EcrError(
                "ExclusionNotFoundException",
                f"The pull time update exclusion for '{principal}' does not exist",
            )
        return {"principalArn": principal}

    def list_exclusions(self, request: EcrRequest) -> Answer:
        found, more = page(request, sorted(request.registry.exclusions))
        return {"pullTimeUpdateExclusions": found, **more}
