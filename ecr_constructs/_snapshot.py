"""Templates without what changes from one CDK version to the next, for snapshots.

What is left is what a reviewer wants to see change: resources, permissions, names, ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, Union

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import assertions

__all__ = ["Templated", "normalised", "template_of", "text_of"]

Templated: TypeAlias = "Union[cdk.Stack, assertions.Template, Mapping[str, object]]"
"""What has a template: a stack (nested ones as well), CDK's ``Template``, or the template."""

_HASH: Final = "[0-9a-f]{64}"
# Where CDK writes the hash of an asset. The digest of an image (`sha256:...`) is never one of
# these, and must stay: it says which image is deployed.
_ASSET_FILE: Final = re.compile(rf"(?P<before>^|/|asset\.){_HASH}(?P<after>\.[a-z.]+$|$)")
_ASSET_IMAGE: Final = re.compile(rf"(?P<before>container-assets-[^:@]*:){_HASH}$")
_RUNTIME: Final = re.compile(r"(?P<family>nodejs|python|java|dotnet|ruby)[0-9][0-9.]*x?")
_NODE_BY_REGION: Final = "LatestNodeRuntimeMap"
_ABOUT_CDK: Final = {
    "Parameters": ("BootstrapVersion",),
    "Rules": ("CheckBootstrapVersion",),
    "Conditions": ("CDKMetadataAvailable",),
    "Resources": ("CDKMetadata",),
    "Mappings": (_NODE_BY_REGION,),
}
_ABOUT_SOURCE: Final = ("aws:cdk:path", "aws:asset:")


def template_of(subject: Templated) -> dict[str, object]:
    """The template of a stack as CDK writes it; what is a template already stays as it is."""
    if isinstance(subject, Mapping):
        return dict(subject)
    if hasattr(subject, "to_json"):
        return dict(subject.to_json())
    if hasattr(subject, "template_file"):
        return _synthesized(subject)
    raise TypeError(
        f"a {type(subject).__name__} has no template: compare a Stack, an "
        "aws_cdk.assertions.Template, or the template as a dict"
    )


def normalised(template: Mapping[str, object]) -> dict[str, object]:
    """The template without what only says by which CDK version it was made."""
    left: dict[str, object] = {}
    for section, entries in template.items():
        dropped = _ABOUT_CDK.get(section, ())
        if isinstance(entries, Mapping):
            kept = {name: _settled(entry) for name, entry in entries.items() if name not in dropped}
            if kept or not entries:
                left[section] = kept
        else:
            left[section] = entries
    return left


def text_of(template: Mapping[str, object]) -> str:
    """The normalised template as a file of it reads."""
    return json.dumps(normalised(template), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _synthesized(stack: cdk.Stack) -> dict[str, object]:
    import aws_cdk as cdk  # noqa: PLC0415 - whoever has a stack has paid for it

    for stage in (stack.node.root, cdk.Stage.of(stack)):
        # The root first: it writes the assemblies of its stages as well.
        if isinstance(stage, cdk.Stage):
            directory = stage.synth().directory
    template: dict[str, object] = json.loads(
        (Path(directory) / stack.template_file).read_text(encoding="utf-8")
    )
    return template


def _settled(value: object) -> object:
    if isinstance(value, str):
        return _ASSET_IMAGE.sub(r"\g<before><asset>", _settled_file(value))
    if isinstance(value, list):
        return [_settled(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    settled = {}
    for name, entry in value.items():
        if name == "Metadata" and isinstance(entry, Mapping):
            own = {
                key: said for key, said in entry.items() if not str(key).startswith(_ABOUT_SOURCE)
            }
            if own or not entry:
                settled[name] = _settled(own)
        elif name in ("Action", "NotAction") and "Effect" in value:
            settled[name] = _in_order(entry)
        elif name == "Runtime":
            settled[name] = _family(entry)
        else:
            settled[name] = _settled(entry)
    return settled


def _settled_file(value: str) -> str:
    return _ASSET_FILE.sub(r"\g<before><asset>\g<after>", value)


def _in_order(actions: object) -> object:
    """IAM reads a list of actions as a set; any other list keeps its order."""
    if isinstance(actions, list) and all(isinstance(action, str) for action in actions):
        return sorted(actions)
    return _settled(actions)


def _family(runtime: object) -> object:
    """``<nodejs>`` for ``nodejs22.x``: CDK moves the functions that it brings along by itself."""
    if isinstance(runtime, str):
        known = _RUNTIME.fullmatch(runtime)
        return f"<{known['family']}>" if known else runtime
    if isinstance(runtime, Mapping) and _NODE_BY_REGION in str(runtime.get("Fn::FindInMap")):
        return "<nodejs>"
    return _settled(runtime)
