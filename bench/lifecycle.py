"""How long the lifecycle simulator takes: ``python bench/lifecycle.py [images] [rules]``.

Prints seconds of one core for a simulation alone, and from the text of ``describe-images`` to
the text of the preview; first for the policies that people write, then for one whose rules all
look at all images.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from ecr_constructs.model.lifecycle import (
    LifecycleRule,
    expire_after,
    expire_archived,
    expire_untagged,
    keep_last,
    parse_images,
    simulate,
)

AT = datetime(2026, 11, 24, tzinfo=timezone.utc)
TEAMS = [f"team{number:02}" for number in range(46)]


def describe_images(amount: int) -> str:
    chance = random.Random(20261124)
    details = []
    for number in range(amount):
        pushed_at = AT - timedelta(seconds=chance.randrange(400 * 86_400))
        tags = [f"{chance.choice(TEAMS)}-v{number}", f"sha-{number:07x}"]
        details.append(
            {
                "registryId": "111111111111",
                "repositoryName": "shop/api",
                "imageDigest": f"sha256:{number:064x}",
                "imageTags": [] if number % 10 == 0 else tags,
                "imageSizeInBytes": 50_000_000,
                "imagePushedAt": pushed_at.isoformat(),
                "imageStatus": "ARCHIVED" if number % 20 == 1 else "ACTIVE",
                "lastArchivedAt": (pushed_at + timedelta(days=1)).isoformat(),
            }
        )
    return json.dumps({"imageDetails": details})


def usual_policy(amount: int) -> list[LifecycleRule]:
    """One class a team, as a shared repository has it, then the rest."""
    rules = [keep_last(30, tags=f"{team}-*") for team in TEAMS[: max(0, amount - 4)]]
    rules += [expire_untagged(after_days=14), expire_after(days=90, tags="*-rc*")]
    return [*rules, expire_after(days=365), expire_archived(after_days=180)]


def hard_policy(amount: int) -> list[LifecycleRule]:
    """Every rule selects nearly every image, and counts it."""
    return [keep_last(100 + number, tags=f"*{'*' * (number % 3)}-*") for number in range(amount)]


def seconds_of(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def main() -> None:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rules = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    text = describe_images(amount)
    images, findings = parse_images(text)
    if findings:
        raise SystemExit(findings[0].sentence())
    print(f"{amount} images, {rules} rules, Python {sys.version.split()[0]}, seconds of one core")
    for name, policy in (("usual", usual_policy(rules)), ("hard", hard_policy(rules))):

        def alone(policy: list[LifecycleRule] = policy) -> object:
            return simulate(policy, images, at=AT)

        def whole(policy: list[LifecycleRule] = policy) -> object:
            return simulate(policy, parse_images(text)[0], at=AT).to_text()

        gone = len(simulate(policy, images, at=AT).results)
        print(
            f"{name:>6} policy: simulation {seconds_of(alone):.2f}, "
            f"text to text {seconds_of(whole):.2f} ({gone} images acted on)"
        )


if __name__ == "__main__":
    main()
