"""CodePipeline: a pipeline that starts on a push, with the image that was pushed.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/create-cwe-ecr-source.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
"""

from __future__ import annotations

import json
import re

from ...deferred import is_deferred
from ...findings import Finding, Severity
from ...iam.statement import Statement
from ...repository.mutability import MutableTags
from ..home import Home
from .role_plan import account_and_source, service_trust

__all__ = [
    "SOURCE_ACTIONS",
    "check_action_name",
    "check_container_name",
    "check_pipeline_type",
    "check_tag_moves",
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


def starter_trust(home: Home) -> Statement:
    """EventBridge gets the role that starts a pipeline for rules of this account and Region.

    The ARN of the one rule cannot be said: the rule names the role.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
    """
    rules = home.arn("events", "rule/*")
    return service_trust("events.amazonaws.com", account_and_source(home, rules))


def other_home(repository: tuple[str, str], pipeline: tuple[str, str]) -> tuple[Finding, ...]:
    """A source action sees the registry of its own account and Region alone."""
    pairs = zip(repository, pipeline, strict=True)
    if all(is_deferred(one) or is_deferred(other) or one == other for one, other in pairs):
        return ()
    return (
        Finding(
            code="pipeline-source-elsewhere",
            property="repository",
            message="is of another account or Region than the pipeline, which sees its own alone",
            given="/".join(repository),
            allowed="/".join(pipeline),
            fix="replicate the repository there, and take the replica as source",
            docs=DOCS,
        ),
    )


def check_tag_moves(tag: str, mutable: MutableTags) -> tuple[Finding, ...]:
    """A tag that is pushed once starts its pipeline once."""
    if is_deferred(tag) or mutable.can_move(tag):
        return ()
    return (
        Finding(
            code="pipeline-tag-immutable",
            property="tag",
            message="cannot be pushed twice in this repository, so its pipeline starts once",
            given=tag,
            allowed="a tag that may move",
            fix=f"give the repository mutable_tags=[{tag!r}]",
            docs=DOCS,
            severity=Severity.WARNING,
        ),
    )


def check_pipeline_type(pipeline_type: str | None) -> tuple[Finding, ...]:
    """Pipelines of the first type take no revision: each run has what the tag then names.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html
    """
    if pipeline_type == "V2" or is_deferred(pipeline_type):
        return ()
    return (
        Finding(
            code="pipeline-type-first",
            property="pipeline_type",
            message="takes no digest from the push, so two pushes in a row may run with one image",
            given=pipeline_type,
            allowed="PipelineType.V2",
            fix="give the pipeline pipeline_type=codepipeline.PipelineType.V2",
            docs="https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html",
            severity=Severity.WARNING,
        ),
    )


def check_action_name(name: object) -> tuple[Finding, ...]:
    """What is wrong with the name of an action.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
    """
    if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9.@_-]{1,100}", name):
        return ()
    return (
        _name_invalid(
            "action_name",
            "an action",
            name,
            "1 to 100 letters, digits and . @ - _",
            "https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html",
        ),
    )


def check_container_name(name: object) -> tuple[Finding, ...]:
    """What is wrong with the name of a container; it stands in a command, so none is deferred.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """
    if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        return ()
    return (
        _name_invalid(
            "container_name",
            "a container",
            name,
            "1 to 255 letters, digits, '-' and '_'",
            "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
        ),
    )


def _name_invalid(option: str, what: str, given: object, allowed: str, docs: str) -> Finding:
    return Finding(
        code="pipeline-name-invalid",
        property=option,
        message=f"is not the name of {what}",
        given=given,
        allowed=allowed,
        fix=f"give the name that {what} has, written out",
        docs=docs,
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
