"""Observes that everybody can do what they were granted, with real images."""

from __future__ import annotations

from functools import partial

from demo.acts.stage import TAG, Stage, told
from demo.images import INDEX
from demo.shop import API, READER_ACCOUNT, REPOSITORIES, WEB


def observe(stage: Stage) -> None:
    """Pushes with the CI role, pulls with the execution role and as the reader."""
    ledger, release, later = stage.ledger, stage.cargo.release, stage.cargo.next_release
    ledger.same(
        "push", partial(_push_everywhere, stage), dict.fromkeys(REPOSITORIES, release.digest)
    )
    ledger.same("described", partial(_described, stage, API, TAG), f"{release.digest}, {INDEX}")
    ledger.same("referrer", partial(_attach, stage), [stage.cargo.bill.digest])
    ledger.same("pull", partial(stage.pull, stage.execution, API, TAG), told(release))
    reader = stage.cast.root(READER_ACCOUNT)
    ledger.same("reader-pull", partial(stage.pull, reader, API, TAG), told(release))
    ledger.same("move-latest", partial(_move_latest, stage), f"{later.digest}, {INDEX}")


def _push_everywhere(stage: Stage) -> dict[str, str]:
    ci = stage.ci
    return {name: stage.push(ci, name, stage.cargo.release, TAG) for name in REPOSITORIES}


def _described(stage: Stage, repository: str, tag: str) -> str:
    answer = stage.owner.client("ecr").describe_images(
        repositoryName=repository, imageIds=[{"imageTag": tag}]
    )
    return ", ".join(
        f"{image['imageDigest']}, {image['imageManifestMediaType']}"
        for image in answer["imageDetails"]
    )


def _attach(stage: Stage) -> list[str]:
    with stage.registry_of(stage.ci, API) as (registry, name):
        registry.push_artifact(name, stage.cargo.bill)
    # Looking for it is part of a pull, which the CI role was not given.
    with stage.registry_of(stage.execution, API) as (registry, name):
        return registry.referrers(name, stage.cargo.release.digest)


def _move_latest(stage: Stage) -> str:
    ci = stage.ci
    stage.push(ci, WEB, stage.cargo.release, "latest")
    stage.push(ci, WEB, stage.cargo.next_release, "latest")
    return _described(stage, WEB, "latest")
