"""Random repositories and policies, the same ones for the same seed."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.reference.lifecycle.evaluation import Allowed, allowed
from tests.reference.lifecycle.policies import valid_policy

TAGS = (
    *(
        "latest",
        "v1",
        "v1.0",
        "v1.0.1",
        "v2",
        "v2.0",
        "v10",
        "V1",
        "prod",
        "prod-1",
        "prod-2",
        "beta-1",
    ),
    *("beta-prod-2", "1", "a", "ab", "aba", "abab", "ba", "release-1", "re-se-1", "sha-abc"),
)
# Around the days that policies name, so that borders are hit and missed by a microsecond.
AGES = (0, 1, 1, 2, 3, 5, 7, 14, 30, 89, 90, 91, 120, 365, 366, 1000)
OFFSETS = (
    *(timedelta(0), timedelta(0), timedelta(0), timedelta(microseconds=1)),
    *(timedelta(microseconds=-1), timedelta(seconds=1), timedelta(seconds=-1), timedelta(hours=7)),
)
ZONES = tuple(
    timezone(timedelta(minutes=minutes)) for minutes in (0, 0, 60, 120, -450, 345, 840, -720)
)
SIZES = (0, 1, 2, 4, 5, 6, 6, 7, 7, 8, 8, 9)
MOST_ORDERS = 6


@dataclass(frozen=True)
class Case:
    """A policy, a repository as the command prints it, and when the policy is run."""

    policy: str
    described: list[dict[str, Any]]
    now: datetime
    manifests: dict[str, list[str]] | None


def case(seed: int) -> Case:
    draw = Draw(random.Random(seed))
    while True:
        described = draw.images()
        if orders(described) <= MOST_ORDERS:
            break
    manifests = draw.references(described)
    policy = valid_policy(draw.random)
    written = [draw.as_printed(detail) for detail in described]
    return Case(policy, written, draw.now.astimezone(draw.random.choice(ZONES)), manifests)


def answers(example: Case) -> Allowed:
    """What the pages allow to be done in a case."""
    return allowed(example.policy, example.described, example.now, example.manifests)


def orders(described: list[dict[str, Any]]) -> int:
    """In how many orders images of the same time can stand."""
    times = Counter(detail.get("lastActivatedAt", detail["imagePushedAt"]) for detail in described)
    return math.prod(math.factorial(count) for count in times.values())


class Draw:
    """Draws the parts of a case, one after the other."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.moments: list[datetime] = []
        seconds = source.randrange(400 * 86_400)
        self.now = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)

    def moment(self) -> datetime:
        # Of the same moment are images that one push brought, and they need an order.
        if self.moments and self.chance(0.3):
            return self.random.choice(self.moments)
        offset = self.random.choice(OFFSETS)
        age = timedelta(days=self.random.choice(AGES)) - offset
        self.moments.append(self.now - max(age, timedelta(0)))
        return self.moments[-1]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def images(self) -> list[dict[str, Any]]:
        tags = self.random.sample(TAGS, k=len(TAGS))
        return [self.image(number, tags) for number in range(self.random.choice(SIZES))]

    def image(self, number: int, tags: list[str]) -> dict[str, Any]:
        # Digests in another order than the images, for neither may decide.
        detail: dict[str, Any] = {
            "imageDigest": f"sha256:{self.random.randrange(16**6):06x}{number:02x}",
            "imagePushedAt": self.moment(),
        }
        mine = [tags.pop() for _ in range(self.random.choice((0, 0, 1, 1, 1, 2, 3))) if tags]
        if mine or self.chance(0.3):
            detail["imageTags"] = mine
        status = self.random.choice(("ACTIVE",) * 7 + ("ARCHIVED",) * 2 + ("ACTIVATING",) * 2)
        if status != "ACTIVE" or self.chance(0.5):
            detail["imageStatus"] = status
        if (status != "ACTIVE" and self.chance(0.95)) or self.chance(0.1):
            detail["lastArchivedAt"] = self.moment()
        if self.chance(0.25):
            detail["lastActivatedAt"] = self.moment()
        if self.chance(0.5):
            detail["lastRecordedPullTime"] = (
                detail["lastActivatedAt"]
                if "lastActivatedAt" in detail and self.chance(0.3)
                else self.moment()
            )
        return detail

    def references(self, described: list[dict[str, Any]]) -> dict[str, list[str]] | None:
        """Manifest lists and artifacts: each names only images before it, as hashes must."""
        waits_for: dict[str, set[str]] = {detail["imageDigest"]: set() for detail in described}
        manifests: dict[str, list[str]] = {}
        has_lists, has_artifacts = self.chance(0.5), self.chance(0.4)
        for number, detail in enumerate(described):
            digest = detail["imageDigest"]
            before = [earlier["imageDigest"] for earlier in described[:number]]
            if has_artifacts and self.chance(0.4):
                subject = self.random.choice([*before, *before, *before, "sha256:gone"])
                detail["subjectManifestDigest"] = subject
                waits_for[digest].add(subject)
            if has_lists and before and self.chance(0.4):
                children = self.random.sample(before, k=min(len(before), self.random.randint(1, 3)))
                fine = [child for child in children if not reaches(waits_for, digest, child)]
                for child in fine:
                    waits_for[child].add(digest)
                manifests[digest] = [*fine, "sha256:elsewhere"] if self.chance(0.1) else fine
        if has_lists and described and self.chance(0.1):
            manifests["sha256:gone"] = [self.random.choice(described)["imageDigest"]]
        return manifests if has_lists else None

    def as_printed(self, detail: dict[str, Any]) -> dict[str, Any]:
        return {
            key: self.printed(value) if isinstance(value, datetime) else value
            for key, value in detail.items()
        }

    def printed(self, moment: datetime) -> str | float:
        form = self.random.randrange(4)
        if form == 0:
            return moment.timestamp()
        if form == 1:
            return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
        return moment.astimezone(self.random.choice(ZONES)).isoformat()


def reaches(waits_for: dict[str, set[str]], start: str, end: str) -> bool:
    """Whether what `start` waits for waits, over any steps, for `end`."""
    return start == end or any(
        reaches(waits_for, following, end) for following in waits_for.get(start, ())
    )


def as_json(described: list[dict[str, Any]]) -> str:
    return json.dumps({"imageDetails": described})
