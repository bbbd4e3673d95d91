"""The manifest of the workload: a kind and a role a team, a group a stack, an entry a repository.

Written with nothing but ``json``: what reading it costs is measured, not what writing it costs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.fleet.programs import SOURCES

sys.path.insert(0, str(SOURCES))
import workload

__all__ = ["write_manifest"]


def write_manifest(count: int, file: Path) -> None:
    """Write the manifest of so many repositories."""
    groups: dict[str, Any] = {}
    kinds: dict[str, Any] = {}
    roles: dict[str, Any] = {}
    repositories: list[dict[str, str]] = []
    for number, teams in workload.stacks(count):
        group = workload.group_name(number)
        groups[group] = {}
        for team in teams:
            name = workload.team_name(team[0] // workload.PER_ROLE)
            kinds[name] = {
                "group": group,
                "lifecycle": [
                    {"keep_last": workload.KEPT, "tags": "v*"},
                    {"expire_untagged": workload.UNTAGGED_DAYS},
                ],
                "pull": ["reader", name],
                # The L2 class has no word for AES256, and leaves it to ECR.
                "encryption": "AS_DEPLOYED",
            }
            roles[name] = {
                "group": group,
                "trust": {"service": workload.ECS_TASKS},
                "description": name,
            }
            repositories += [
                {"name": workload.repository_name(entry), "kind": name} for entry in team
            ]
    manifest = {
        "version": 1,
        "groups": groups,
        "principals": {"reader": {"account": workload.READER}},
        "kinds": kinds,
        "roles": roles,
        "repositories": repositories,
    }
    file.write_text(json.dumps(manifest), encoding="utf-8")
