"""Random policies that ECR takes, and random repositories that meet them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from ecr_constructs.model.findings import dangers
from ecr_constructs.model.lifecycle import (
    CountType,
    Image,
    ImageStatus,
    LifecycleRule,
    RuleAction,
    StorageClass,
    TagStatus,
    check_policy,
)
from tests.model.lifecycle.repositories import AT, digest

# Few letters and short texts, so that patterns and tags meet often.
TAGS = st.text(alphabet="abv1", min_size=1, max_size=3)
PATTERNS = st.one_of(
    st.sampled_from(["*", "a*", "v*", "v1*", "*a", "*1*", "a", "v1", "a*b", "b*", "*a*1"]),
    st.text(alphabet="abv1*", min_size=1, max_size=4),
).filter(lambda pattern: pattern.count("*") <= 4)
SMALL_COUNTS = st.integers(min_value=1, max_value=6)


@st.composite
def rules(draw):
    """One legal rule."""
    count_type = draw(st.sampled_from(list(CountType)))
    tag_status = draw(st.sampled_from(list(TagStatus)))
    entries = tuple(draw(st.lists(PATTERNS, min_size=1, max_size=2)))
    as_prefixes = draw(st.booleans()) and not any("*" in entry for entry in entries)
    tagged = tag_status is TagStatus.TAGGED
    archive = count_type is CountType.SINCE_IMAGE_TRANSITIONED
    action = draw(st.sampled_from(list(RuleAction)))
    if count_type is CountType.SINCE_IMAGE_PULLED:
        action = RuleAction.TRANSITION
    if archive:
        action = RuleAction.EXPIRE
    count = draw(SMALL_COUNTS)
    return LifecycleRule(
        action=action,
        tag_status=tag_status,
        count_type=count_type,
        count=count + 89 if archive else count,
        tag_patterns=entries if tagged and not as_prefixes else (),
        tag_prefixes=entries if tagged and as_prefixes else (),
        storage_class=StorageClass.ARCHIVE if archive else StorageClass.STANDARD,
        description=draw(st.none() | st.text(max_size=5)),
    )


@st.composite
def policies(draw):
    """Some legal rules that are legal together."""
    chosen = []
    for rule in draw(st.lists(rules(), min_size=1, max_size=6)):
        if not dangers(check_policy([*chosen, rule])):
            chosen.append(rule)
    return chosen


@st.composite
def repositories(draw, *, families=True, ties=True):
    """Some images, with the lists that hold them."""
    amount = draw(st.integers(min_value=0, max_value=9))
    free = draw(st.lists(TAGS, unique=True, max_size=12))
    moments = st.integers(min_value=0, max_value=8 if ties else 10_000)
    pushed = draw(st.lists(moments, min_size=amount, max_size=amount, unique=not ties))
    images, lists = [], {}
    for number in range(amount):
        take = draw(st.integers(min_value=0, max_value=min(3, len(free))))
        tags, free = tuple(free[:take]), free[take:]
        status = draw(st.sampled_from(list(ImageStatus)))
        days = pushed[number] if ties else pushed[number] / 1_000
        images.append(
            Image(
                digest=digest(str(number)),
                pushed_at=AT - timedelta(days=days + (draw(st.sampled_from([0, 0, 90])))),
                tags=tags,
                status=status,
                last_pulled_at=draw(st.none() | ago_days()),
                archived_at=draw(st.none() | ago_days(120)),
                activated_at=draw(st.none() | ago_days()) if families else None,
                subject=draw(st.none() | st.sampled_from([digest(str(n)) for n in range(number)]))
                if families and number
                else None,
            )
        )
        if families and number and draw(st.booleans()):
            lists[digest(str(number))] = [
                digest(str(draw(st.integers(min_value=0, max_value=number - 1))))
            ]
    return images, lists


def ago_days(most=9):
    return st.integers(min_value=0, max_value=most).map(lambda days: AT - timedelta(days=days))


def random_repositories(seed, amount=12):
    """Repositories without families, many and cheap: for what no repository may contradict."""
    chance = Random(seed)
    return [_random_images(chance) for _ in range(amount)]


def _random_images(chance):
    letters = ["a", "b", "v", "1"]
    free = {"".join(chance.choices(letters, k=chance.randint(1, 3))) for _ in range(12)}
    free = chance.sample(sorted(free), len(free))
    images = []
    for number in range(chance.randint(1, 9)):
        take = chance.choice([0, 1, 1, 2, 3])
        tags, free = tuple(free[:take]), free[take:]
        since = chance.choice([0, 1, 2, 3, 5, 8, 100])
        images.append(
            Image(
                digest=digest(str(number)),
                pushed_at=AT - timedelta(days=since + chance.random()),
                tags=tags,
                status=chance.choice(list(ImageStatus)),
                archived_at=AT - timedelta(days=chance.choice([0, 91, 96, 120])),
                activated_at=chance.choice([None, None, AT - timedelta(days=since / 2)]),
            )
        )
    return images
