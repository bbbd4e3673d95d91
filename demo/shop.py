"""The shop of `app.py` as the demo deploys it: who plays, with which context, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demo.stopped import DemoStoppedError

REGION = "eu-west-1"
ACCOUNT = "111111111111"
READER_ACCOUNT = "222222222222"
STRANGER_ACCOUNT = "333333333333"

STACK = "Shop"
GITHUB = "acme/shop"
MAIN_BRANCH = f"repo:{GITHUB}:ref:refs/heads/main"
AUDIENCE = "sts.amazonaws.com"

API = "shop/api"
WEB = "shop/web"
WORKER = "shop/worker"
REPOSITORIES = (API, WEB, WORKER)

# The outputs that the demo needs; the app has more.
SHOWN = ("ApiUri", "WebUri", "WorkerUri", "KeyArn", "ExecutionRoleArn", "CiPushRoleArn")

KEPT_RELEASES = 30
UNTAGGED_DAYS = 14
UPDATED_UNTAGGED_DAYS = 21


def context(untagged_days: int) -> dict[str, str]:
    """The context values of a deploy: nothing but the days differs between the demo's two."""
    return {
        "account_wide": "true",
        "github": GITHUB,
        "reader_account": READER_ACCOUNT,
        "untagged_days": str(untagged_days),
    }


@dataclass(frozen=True)
class Outputs:
    """What the stack puts out, as far as the demo uses it."""

    uris: Mapping[str, str]
    execution_role: str
    ci_role: str
    key: str

    @classmethod
    def read(cls, outputs: Mapping[str, str]) -> Outputs:
        """Reads the outputs of the deployed stack."""
        missing = [name for name in SHOWN if name not in outputs]
        if missing:
            raise DemoStoppedError(f"the stack puts out no {', '.join(missing)}")
        return cls(
            uris={API: outputs["ApiUri"], WEB: outputs["WebUri"], WORKER: outputs["WorkerUri"]},
            execution_role=outputs["ExecutionRoleArn"],
            ci_role=outputs["CiPushRoleArn"],
            key=outputs["KeyArn"],
        )

    def place(self, repository: str) -> tuple[str, str]:
        """Host and repository of a URI, exactly as the stack put it out."""
        host, _, name = self.uris[repository].partition("/")
        return host, name.partition(":")[0]
