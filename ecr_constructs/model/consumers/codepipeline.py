"""CodePipeline: a pipeline that starts on a push, with the image that was pushed.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/create-cwe-ecr-source.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..findings import Finding
from ..iam.statement import Statement
from .home import Home
from .role_plan import account_and_source, service_trust

__all__ = [
    "SOURCE_ACTIONS",
    "image_definitions_spec",
    "other_home",
    "push_pattern",
    "revision_template",
    "starter_trust",
]

DOCS = "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html"
SOURCE_ACTIONS = ("ecr:DescribeImages",)
"""What the source action does: it looks the tag up, and writes the digest into its artifact."""


def push_pattern(repository_name: str, tag: str) -> dict[str, object]:
    """The event of a push of one tag that came through."""
    return {
        "source": ["aws.ecr"],
        "detail-type": ["ECR Image Action"],
        "detail": {
            "action-type": ["PUSH"],
            "result": ["SUCCESS"],
            "repository-name": [repository_name],
            "image-tag": [tag],
        },
    }


def revision_template(action_name: str) -> str:
    """What EventBridge tells a pipeline: run with the digest of the event, not with the tag's.

    Without it two pushes in a row may both run with the second image.
    """
    revision = {
        "actionName": action_name,
        "revisionType": "IMAGE_DIGEST",
        "revisionValue": "<digest>",
    }
    return json.dumps({"sourceRevisions": [revision]})


def starter_trust(home: Home, rule_arn: str) -> Statement:
    """EventBridge gets the role that starts the pipeline for one rule."""
    return service_trust("events.amazonaws.com", account_and_source(home, rule_arn))


def other_home(repository: Sequence[str], pipeline: Sequence[str]) -> Finding:
    """A source action sees the registry of its own account and Region alone."""
    return Finding(
        code="pipeline-source-elsewhere",
        property="repository",
        message="is of another account or Region than the pipeline, which sees its own alone",
        given="/".join(repository),
        allowed="/".join(pipeline),
        fix="replicate the repository there, and take the replica as source",
        docs=DOCS,
    )


def image_definitions_spec(container_name: str) -> dict[str, object]:
    """The build that turns a source's artifact into what the ECS deploy action takes.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
    """
    program = (
        "import json; uri = json.load(open('imageDetail.json'))['ImageURI']; "
        f"json.dump([{{'name': '{container_name}', 'imageUri': uri}}], "
        "open('imagedefinitions.json', 'w'))"
    )
    return {
        "version": "0.2",
        "phases": {"build": {"commands": [f'python3 -c "{program}"']}},
        "artifacts": {"files": ["imagedefinitions.json"]},
    }
