"""The JSON Schema (draft 2020-12) of the manifest.

It says the shapes; limits, names that must exist and what rules do together are checked when the
manifest is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...roles.oidc import GITLAB_HOST
from ..checks.options import MAX_SHARDS
from ..checks.principals import TRUSTED_SERVICES
from ..reading.access import PRINCIPAL_KEYS, token_keys
from ..reading.options import ENCRYPTION, MUTABLE_WORDS, OPTION_KEYS
from ..values import VERSION
from .lifecycle import lifecycle_rule
from .shapes import Schema, by_name, exactly_one, list_of, objects, reference, text

__all__ = ["manifest_schema"]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_ACCOUNT: Final = "[0-9]{12}"
_NAME: Final = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
_PRINCIPALS: Final[Mapping[str, Schema]] = {
    "account": text("An account id.", pattern=_ACCOUNT),
    "organization": text("An organization id.", pattern="o-[a-z0-9]{10,32}"),
    "organizational_unit": text("The path of a unit: o-.../r-.../ou-.../*"),
    "role": text("The ARN of a role that stands already.", pattern="arn:aws[a-z-]*:iam::.+"),
    "service": text("A service that reads repository policies: lambda.amazonaws.com, say."),
}
_CLAIMS: Final[Mapping[str, str]] = {
    "owner": "The user, organization or group.",
    "project": "The repository or project, without its owner.",
    "branch": "One branch.",
    "tag": "One tag.",
    "environment": "One environment (of GitLab: the tier of a protected one).",
    "branch_pattern": "Every branch like this; '*' stands for any text.",
    "tag_pattern": "Every tag like this; '*' stands for any text.",
    "owner_id": "With project_id, for repositories made since 15 July 2026.",
    "project_id": "The id of the repository or project.",
    "host": f"The host of the GitLab. Default: {GITLAB_HOST}.",
    "audience": "The audience of the ID tokens. Default: https:// and the host.",
}


def manifest_schema() -> Schema:
    """The schema, with a description for each key."""
    manifest: dict[str, Schema] = {
        "$schema": text("Where editors find this schema."),
        "version": {"const": VERSION, "description": "The version of the manifest's form."},
        "groups": by_name(reference("group"), "The groups of stacks by name."),
        "kinds": by_name(reference("kind"), "Named sets of defaults that repositories follow."),
        "principals": by_name(reference("principal"), "Names for who pulls and pushes."),
        "roles": by_name(reference("role"), "Roles that the fleet makes, by name."),
        "environments": by_name(reference("environment"), "Accounts and Regions by name."),
        "repositories": list_of(reference("repository"), "The repositories."),
    }
    needed = ["version", "groups", "repositories"]
    return {
        "$schema": _DRAFT,
        "title": "A fleet of Amazon ECR repositories",
        **objects(manifest, "Repositories and what they share.", required=needed),
        "$defs": {
            "group": _group(),
            "kind": _kind(),
            "principal": exactly_one(
                {key: _PRINCIPALS[key] for key in PRINCIPAL_KEYS}, "Somebody who may pull or push."
            ),
            "role": _role(),
            "environment": _environment(),
            "repository": _repository(),
            "accessor": _accessor(),
            "lifecycle_rule": lifecycle_rule(),
        },
    }


def _group() -> Schema:
    shards: Schema = {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_SHARDS,
        "description": "How many stacks share its repositories. It never changes. Default: 1.",
    }
    return objects({"shards": shards}, "A stack, or several that share repositories by name.")


def _kind() -> Schema:
    properties = {"group": text("The group of its repositories.")} | _options()
    return objects(properties, "Defaults that repositories follow and may override.")


def _repository() -> Schema:
    properties: dict[str, Schema] = {
        "name": text("2 to 256 characters.", pattern=_NAME) | {"minLength": 2, "maxLength": 256},
        "kind": text("The kind it follows. Default: none."),
        "group": text("The group it stands in. Default: that of its kind."),
    }
    return objects(properties | _options(), "A repository.", required=["name"])


def _environment() -> Schema:
    properties: dict[str, Schema] = {
        "account": text("Default: the account that the app goes to.", pattern=_ACCOUNT),
        "region": text("Default: the Region that the app goes to."),
        "overrides": objects(_options(), "Options that hold here, whatever entries say."),
    }
    return objects(properties, "An account and Region that the fleet is deployed to.")


def _role() -> Schema:
    trust: dict[str, Schema] = {
        "service": {"enum": list(TRUSTED_SERVICES), "description": "A service that pulls with it."},
        "account": _PRINCIPALS["account"],
        "role": _PRINCIPALS["role"],
        "github": _tokens(token_keys("github"), "Workflow runs of a GitHub repository."),
        "gitlab": _tokens(token_keys("gitlab"), "Jobs of a GitLab project."),
    }
    properties: dict[str, Schema] = {
        "group": text("The group in whose stacks it stands."),
        "trust": exactly_one(trust, "Who may assume it."),
        "role_name": text("Default: CloudFormation makes one up."),
        "description": text("Shown in the console. Default: none."),
    }
    description = "A role of the fleet: it may do what entries grant it, and nothing else."
    return objects(properties, description, required=["group", "trust"])


def _tokens(keys: tuple[str, ...], description: str) -> Schema:
    pulls: Schema = {"type": "boolean", "description": "Runs for pull requests. Default: false."}
    properties = {key: text(_CLAIMS[key]) if key in _CLAIMS else pulls for key in keys}
    return objects(properties, description, required=["owner", "project"])


def _accessor() -> Schema:
    return {
        "description": "The name of a principal or role of this manifest, or a principal.",
        "anyOf": [{"type": "string"}, reference("principal")],
    }


def _options() -> dict[str, Schema]:
    patterns = list_of({"type": "string"}, "Tags and patterns.")
    reason = text("Why it may go, in ten characters or more.")
    options: dict[str, Schema] = {
        "lifecycle": list_of(
            reference("lifecycle_rule"),
            "Which images expire or are archived; [] for none. Default: untagged ones, 14 days.",
        ),
        "pull": list_of(reference("accessor"), "Who pulls; [] for nobody. Default: nobody."),
        "push": list_of(reference("accessor"), "Who pushes; [] for nobody. Default: nobody."),
        "tags": by_name({"type": "string"}, "Resource tags; merged with the kind's key by key."),
        "encryption": {
            "enum": list(ENCRYPTION),
            "description": "No change without a replacement. Default: AES256, KMS with a key.",
        },
        "encryption_key": text("The ARN of a KMS key in the Region. Default: no customer key."),
        "mutable_tags": {
            "description": "The image tags that may be moved. Default: none.",
            "anyOf": [
                {"enum": list(MUTABLE_WORDS)},
                patterns,
                objects({"all_except": patterns}, "All but these.", required=["all_except"]),
            ],
        },
        "scan_on_push": {
            "type": "boolean",
            "description": "Whether each pushed image is scanned. Default: true.",
        },
        "removal": {
            "description": "What happens when the entry leaves the manifest. Default: retain.",
            "anyOf": [
                {"const": "retain"},
                exactly_one(
                    {"delete_when_empty": reason, "delete_with_images": reason},
                    "Delete the repository, for a reason.",
                ),
            ],
        },
    }
    return {key: options[key] for key in OPTION_KEYS}
