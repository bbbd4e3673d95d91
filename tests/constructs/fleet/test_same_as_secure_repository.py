"""A repository of the fleet is what a SecureRepository with the same options is."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ecr_constructs import (
    Encryption,
    FleetMode,
    MutableTags,
    OrganizationalUnitPrincipal,
    Removal,
    RepositoryFleet,
    SecureRepository,
    expire_untagged,
    keep_last,
)
from ecr_constructs.model.fleet.meaning.properties import RepositoryResources
from ecr_constructs.model.fleet.placing import repository_logical_id
from ecr_constructs.model.fleet.principals import FleetPrincipal, FleetPrincipalKind
from ecr_constructs.model.fleet.values import (
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetOptions,
    FleetRepository,
)

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
KEY = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"
BATCH = 40
# Shrinking would synthesize for minutes; the message names the repository anyway.
BATCHES = settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

principals = st.one_of(
    st.sampled_from(["222222222222", "333333333333"]).map(FleetPrincipal.account),
    st.just(FleetPrincipal.organization("o-a1b2c3d4e5")),
    st.just(FleetPrincipal.organizational_unit("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*")),
    st.sampled_from(
        ["lambda.amazonaws.com", "codebuild.amazonaws.com", "emr-serverless.amazonaws.com"]
    ).map(FleetPrincipal.service),
    st.sampled_from(
        ["arn:aws:iam::222222222222:role/ci", "arn:aws:iam::333333333333:role/a/b"]
    ).map(FleetPrincipal.role),
)
encryptions = st.sampled_from(
    [
        (None, None),
        (None, KEY),
        (Encryption.AES_256, None),
        (Encryption.KMS, None),
        (Encryption.KMS, KEY),
        (Encryption.AS_DEPLOYED, None),
    ]
)
options = st.fixed_dictionaries(
    {},
    optional={
        "lifecycle": st.lists(
            st.sampled_from(
                [
                    keep_last(7, tags="v*"),
                    expire_untagged(after_days=3),
                    keep_last(2, tags="w*"),
                ]
            ),
            max_size=3,
            unique=True,
        ).map(tuple),
        "tags": st.dictionaries(
            st.sampled_from(["team", "Cost:Center", "a b", "é"]), st.text("xyz", min_size=1)
        ),
        "encrypted": encryptions,
        "mutable_tags": st.sampled_from(
            [
                MutableTags.none(),
                MutableTags.all(),
                MutableTags.only("latest", "cache-*"),
                MutableTags.all_except("v*"),
            ]
        ),
        "scan_on_push": st.booleans(),
        "removal": st.sampled_from(
            [
                Removal.retain(),
                Removal.delete_when_empty(reason="moved to another account"),
                Removal.delete_with_images(reason="rebuilt every night"),
            ]
        ),
        "pull": st.lists(principals, max_size=3, unique=True).map(tuple),
        "push": st.lists(principals, max_size=2, unique=True).map(tuple),
    },
)


def entry_options(drawn: dict[str, Any]) -> dict[str, Any]:
    """The options by the names of a manifest."""
    given = dict(drawn)
    encryption, key = given.pop("encrypted", (None, None))
    return {**given, "encryption": encryption, "encryption_key": key}


def secure(stack: cdk.Stack, number: int, name: str, drawn: dict[str, Any]) -> SecureRepository:
    """The same repository as a construct, with its grants."""
    said = entry_options(drawn)
    pull, push = said.pop("pull", ()), said.pop("push", ())
    key = said.pop("encryption_key")
    repository = SecureRepository(
        stack,
        f"R{number}",
        repository_name=name,
        encryption_key=None if key is None else kms.Key.from_key_arn(stack, f"K{number}", key),
        **said,
    )
    for which, (principal, grant) in enumerate(
        [
            *((each, repository.grant_pull) for each in pull),
            *((each, repository.grant_push) for each in push),
        ]
    ):
        grant(grantee(stack, f"P{number}-{which}", principal))
    return repository


def grantee(stack: cdk.Stack, construct_id: str, principal: FleetPrincipal) -> Any:
    """What a grant takes for a principal of a manifest."""
    value = principal.value
    if principal.kind is FleetPrincipalKind.ACCOUNT:
        return iam.AccountPrincipal(value)
    if principal.kind is FleetPrincipalKind.ORGANIZATION:
        return iam.OrganizationPrincipal(value)
    if principal.kind is FleetPrincipalKind.ORGANIZATIONAL_UNIT:
        return OrganizationalUnitPrincipal(value)
    if principal.kind is FleetPrincipalKind.SERVICE:
        return iam.ServicePrincipal(value)
    return iam.Role.from_role_arn(stack, construct_id, value)


def normal(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource with its policy as what it allows: CDK merges statements in its own order."""
    properties = dict(resource["Properties"])
    policy = properties.pop("RepositoryPolicyText", {"Statement": []})
    allowed = {
        (action, json.dumps(each.get("Condition", {}), sort_keys=True), who)
        for each in policy["Statement"]
        for action in listed(each["Action"])
        for who in principals_of(each["Principal"])
        if each["Effect"] == "Allow"
    }
    return {**resource, "Properties": properties, "allowed": allowed}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def principals_of(value: Any) -> list[str]:
    if value == "*":
        return ["*"]
    return [
        f"{kind} {json.dumps(each)}"
        for kind, entries in value.items()
        for each in listed(entries)
        if (kind, each) != ("AWS", "*")
    ] or ["*"]


@given(st.lists(options, min_size=BATCH, max_size=BATCH), st.sampled_from(FleetMode))
@BATCHES
def test_random_options(flags, drawn, mode):
    with tempfile.TemporaryDirectory() as place:
        app = cdk.App(outdir=place, context=flags)
        stack = cdk.Stack(app, "Secure", env=ENV)
        names = [f"shop/n-{number}" for number in range(len(drawn))]
        ids = {}
        for number, (name, each) in enumerate(zip(names, drawn, strict=True)):
            made = secure(stack, number, name, each)
            ids[name] = stack.get_logical_id(made.node.default_child)
        RepositoryFleet(
            app,
            "Fleet",
            manifest=Fleet(
                repositories=tuple(
                    FleetRepository(name=name, group="shop", **entry_options(each))
                    for name, each in zip(names, drawn, strict=True)
                ),
                groups={"shop": FleetGroup()},
            ),
            env=ENV,
            mode=mode,
        )
        app.synth()
        secured, fleet = (
            json.loads(next(Path(place).glob(pattern)).read_text())["Resources"]
            for pattern in ("Secure*.template.json", "Fleet*.template.json")
        )
    for name, each in zip(names, drawn, strict=True):
        mine = normal(fleet[repository_logical_id(name)])
        assert mine == normal(secured[ids[name]]), (name, each)


@given(options, options, options)
@settings(max_examples=30)
def test_a_kind_and_an_environment_are_options_written_once(kind, own, over):
    """What an entry takes from its kind is what it would have said itself, key by key for tags."""

    def fleet(entry: FleetRepository, kinds: dict[str, FleetKind]) -> Fleet:
        return Fleet(repositories=(entry,), groups={"shop": FleetGroup()}, kinds=kinds)

    layers = [entry_options(each) for each in (kind, own, over)]
    merged: dict[str, Any] = {}
    tags: dict[str, str] = {}
    for layer in layers:
        tags.update(layer.get("tags", {}))
        if layer["encryption"] is not None or layer["encryption_key"] is not None:
            merged.update(encryption=None, encryption_key=None)
        merged.update({key: value for key, value in layer.items() if value is not None})
    merged["tags"] = tags
    layered = FleetRepository(name="a/b", kind="k", **layers[1])
    there = FleetEnvironment(overrides=FleetOptions(**layers[2]))
    followed = fleet(layered, {"k": FleetKind(group="shop", **layers[0])})
    at_once = fleet(FleetRepository(name="a/b", group="shop", **merged), {})
    expected = RepositoryResources(at_once, FleetEnvironment()).resource(at_once.repositories[0])
    found = RepositoryResources(followed, there).resource(followed.repositories[0])
    assert found == expected
