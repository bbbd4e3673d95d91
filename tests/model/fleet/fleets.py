"""Random fleets, and a manifest of which each entry is a line."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from ecr_constructs import (
    Encryption,
    Fleet,
    FleetEnvironment,
    FleetGroup,
    FleetKind,
    FleetOptions,
    FleetPrincipal,
    FleetRepository,
    FleetRole,
    FleetTrust,
    MutableTags,
    Removal,
    archive_unpulled,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    protect,
)
from ecr_constructs.model.lifecycle import (
    CountType,
    LifecycleRule,
    RuleAction,
    TagStatus,
    all_tags,
    archive_after,
    keep_last_untagged,
)
from ecr_constructs.model.roles.oidc import GitHubRuns, GitLabJobs

KEY = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"

NAMES = st.from_regex(r"[a-z0-9]{1,4}(?:[._/-][a-z0-9]{1,4}){0,2}", fullmatch=True).filter(
    lambda name: len(name) > 1
)
PRINCIPALS = st.sampled_from(
    [
        FleetPrincipal.account("222222222222"),
        FleetPrincipal.account("012345678901"),
        FleetPrincipal.organization("o-aaaaaaaaaa"),
        FleetPrincipal.organizational_unit(UNIT),
        FleetPrincipal.role("arn:aws:iam::333333333333:role/ci/builder"),
        FleetPrincipal.role("arn:aws:iam::111111111111:role/own"),
        FleetPrincipal.service("lambda.amazonaws.com"),
        FleetPrincipal.service("codebuild.amazonaws.com"),
    ]
)
TRUSTS = st.sampled_from(
    [
        FleetTrust.of_service("ecs-tasks.amazonaws.com"),
        FleetTrust.of_service("eks-fargate-pods.amazonaws.com"),
        FleetTrust.of_account("222222222222"),
        FleetTrust.of_role("arn:aws:iam::333333333333:role/ci"),
        FleetTrust.of_github(GitHubRuns(owner="acme", project="shop", branch="main")),
        FleetTrust.of_github(GitHubRuns(owner="acme", project="shop", pull_requests=True)),
        FleetTrust.of_gitlab(GitLabJobs(owner="acme/tools", project="shop", tag="v1")),
    ]
)
_RAW = LifecycleRule(
    action=RuleAction.EXPIRE,
    tag_status=TagStatus.TAGGED,
    count_type=CountType.SINCE_IMAGE_PUSHED,
    count=7,
    tag_prefixes=("pr-", "tmp"),
)
LIFECYCLES = st.sampled_from(
    [
        (),
        (expire_untagged(after_days=3),),
        (*protect("prod*", "latest"), keep_last(30, tags="build-*"), keep_last_untagged(5)),
        (expire_after(days=90, tags=all_tags("a*", "b*"), description="Old, and both"),),
        (archive_unpulled(after_days=60), expire_archived(after_days=365)),
        (archive_after(days=10, tags="v*", priority=7), _RAW),
    ]
)
TEXTS = st.text("abcXYZ 019_.:/=+-@\u00e9", min_size=1, max_size=6)
TAGS = st.dictionaries(
    TEXTS.filter(lambda key: not key.lower().startswith("aws:")), TEXTS, max_size=3
)
REMOVALS = st.sampled_from(
    [
        Removal.retain(),
        Removal.delete_when_empty(reason="it is rebuilt each night"),
        Removal.delete_with_images(reason="a preview, gone when merged"),
    ]
)
MUTABLE = st.sampled_from(
    [
        MutableTags.none(),
        MutableTags.all(),
        MutableTags.only("latest", "sha256-*.sig"),
        MutableTags.all_except("v*"),
    ]
)


@st.composite
def options(draw, accessors):
    """Options as arguments; encryption and key together or not at all."""
    said = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "lifecycle": LIFECYCLES,
                "pull": st.lists(accessors, max_size=4, unique=True).map(tuple),
                "push": st.lists(accessors, max_size=2, unique=True).map(tuple),
                "tags": TAGS,
                "mutable_tags": MUTABLE,
                "scan_on_push": st.booleans(),
                "removal": REMOVALS,
            },
        )
    )
    keyed = {"encryption_key": KEY}
    plain = {"encryption": draw(st.sampled_from([Encryption.AES_256, Encryption.AS_DEPLOYED]))}
    return said | draw(st.sampled_from([{}, {}, keyed, plain]))


@st.composite
def fleets(draw, most=6):
    """A whole manifest."""
    groups = {
        name: FleetGroup(shards=draw(st.integers(1, 5)))
        for name in draw(st.lists(st.sampled_from(["a", "b-1", "Core"]), min_size=1, unique=True))
    }
    of_group = st.sampled_from(sorted(groups))
    principals = {
        f"p{number}": principal
        for number, principal in enumerate(draw(st.lists(PRINCIPALS, max_size=3)))
    }
    roles = {
        f"r{number}": FleetRole(group=draw(of_group), trust=draw(TRUSTS))
        for number in range(draw(st.integers(0, 2)))
    }
    named = sorted({*principals, *roles})
    accessors = PRINCIPALS if not named else st.one_of(PRINCIPALS, st.sampled_from(named))
    kinds = {
        f"k{number}": FleetKind(group=draw(of_group), **draw(options(accessors)))
        for number in range(draw(st.integers(0, 3)))
    }
    repositories = tuple(
        FleetRepository(
            name=name,
            kind=draw(st.sampled_from([None, *kinds])),
            group=draw(of_group),
            **draw(options(accessors)),
        )
        for name in draw(st.lists(NAMES, max_size=most, unique=True))
    )
    overrides = draw(st.none() | options(accessors).map(lambda said: FleetOptions(**said)))
    places = {"prod": ("111111111111", "eu-west-1"), "dev": (None, None)}
    environments = {
        name: FleetEnvironment(account=account, region=region, overrides=overrides)
        for name, (account, region) in places.items()
        if draw(st.booleans())
    }
    return Fleet(
        repositories=repositories,
        groups=groups,
        kinds=kinds,
        principals=principals,
        roles=roles,
        environments=environments,
    )


HEAD = {
    "version": 1,
    "groups": {"shop": {"shards": 40}, "tools": {"shards": 2}},
    "principals": {"partner": {"account": "222222222222"}},
    "kinds": {
        "service": {
            "group": "shop",
            "lifecycle": [{"expire_untagged": 3}, {"keep_last": 30, "tags": "v*"}],
            "pull": ["partner"],
        },
        "web": {"group": "shop", "push": ["partner"], "mutable_tags": ["latest"]},
    },
}


def entries(amount):
    """Entries that are right."""
    return [
        {
            "name": f"team-{number % 50}/service-{number}",
            "kind": "service" if number % 3 else "web",
            "tags": {"team": f"t{number % 50}"},
        }
        for number in range(amount)
    ]


def manifest_lines(listed):
    """The text of a manifest whose first entry is line 3."""
    head = json.dumps(HEAD)[1:-1]
    body = ",\n".join(json.dumps(entry) for entry in listed)
    return "{" + head + ',\n"repositories": [\n' + body + "\n]}\n"
