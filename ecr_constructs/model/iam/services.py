"""AWS services that pull, and how a repository must name each.

A service that reads the repository policy acts for whoever called it, so its statement must say
for whom (the confused deputy problem):
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..findings import Finding, Severity
from .actions import DESCRIBING_PULL, Access
from .callers import SOURCE_KEYS, condition_entries, condition_values, names_caller
from .statement import Conditions

__all__ = [
    "LAMBDA",
    "SERVICE_DOCS",
    "check_service",
    "function_elsewhere",
    "function_not_let_in",
    "guarded",
    "service_pull",
    "service_wide_already",
    "source_conditions",
    "source_patterns",
]

SERVICE_DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
LAMBDA = "lambda.amazonaws.com"
_LAMBDA_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html"
_CODEBUILD_DOCS = "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html"
_EMR_DOCS = (
    "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html"
)


@dataclass(frozen=True, kw_only=True)
class _ByPolicy:
    """A service that reads the repository policy itself, for resources of this kind."""

    resource: str
    says_account: bool
    docs: str
    pull: tuple[str, ...] = Access.PULL.actions


_BY_POLICY: Final[Mapping[str, _ByPolicy]] = {
    # Lambda's page has the source ARN alone, compared by StringLike.
    LAMBDA: _ByPolicy(
        resource="lambda:{region}:{account}:function:*", says_account=False, docs=_LAMBDA_DOCS
    ),
    "codebuild.amazonaws.com": _ByPolicy(
        resource="codebuild:{region}:{account}:project/*", says_account=True, docs=_CODEBUILD_DOCS
    ),
    # EMR Serverless's page has the source ARN alone, compared as text, and looks the image up.
    "emr-serverless.amazonaws.com": _ByPolicy(
        resource="emr-serverless:{region}:{account}:/applications/*",
        says_account=False,
        docs=_EMR_DOCS,
        pull=DESCRIBING_PULL,
    ),
}
# Services that pull with a role of yours: a statement for the service itself does nothing.
_BY_ROLE: Final[Mapping[str, str]] = {
    "batch.amazonaws.com": "the execution role of the job definition",
    "build.apprunner.amazonaws.com": "the access role of the service (AppRunnerAccessRole)",
    "codepipeline.amazonaws.com": "the role of the pipeline's action",
    "ec2.amazonaws.com": "the instance role",
    "ecs-tasks.amazonaws.com": "the execution role of the task definition (TaskExecutionRole)",
    "ecs.amazonaws.com": "the execution role of the task definition (TaskExecutionRole)",
    "eks-fargate-pods.amazonaws.com": "the pod execution role",
    "eks.amazonaws.com": "the role of the nodes",
    "sagemaker.amazonaws.com": "the execution role of the model",
    "tasks.apprunner.amazonaws.com": "the access role of the service (AppRunnerAccessRole)",
}


def check_service(
    service: str, *, option: str = "grantee", actions: Sequence[str] = Access.PULL.actions
) -> tuple[Finding, ...]:
    """What a statement for this service and these actions in a repository policy would not do."""
    if service in _BY_ROLE:
        return (
            Finding(
                code="grant-service-pulls-by-role",
                property=option,
                message=f"is {service}, which pulls with a role and reads no repository policy",
                given=service,
                allowed="a role, or one of " + ", ".join(sorted(_BY_POLICY)),
                fix=f"grant to {_BY_ROLE[service]}",
                docs=SERVICE_DOCS,
            ),
        )
    if service not in _BY_POLICY:
        return (
            Finding(
                code="grant-service-unknown",
                property=option,
                message=f"is {service}, which is not known to read repository policies",
                given=service,
                allowed=", ".join(sorted(_BY_POLICY)),
                fix="grant to the role that the service assumes, if it has one",
                docs=SERVICE_DOCS,
                severity=Severity.WARNING,
            ),
        )
    missing = sorted(set(_BY_POLICY[service].pull).difference(actions))
    if missing and set(Access.PULL.actions) <= set(actions):
        return (
            Finding(
                code="grant-service-asks-for-more",
                property=option,
                message=f"is {service}, which does not pull without {', '.join(missing)}",
                given=service,
                allowed=", ".join(_BY_POLICY[service].pull),
                fix="add what is missing; a grant_pull to the service has it",
                docs=_BY_POLICY[service].docs,
                severity=Severity.WARNING,
            ),
        )
    return ()


def service_pull(service: str) -> tuple[str, ...]:
    """The actions without which a service does not pull."""
    known = _BY_POLICY.get(service)
    return Access.PULL.actions if known is None else known.pull


def guarded(conditions: Conditions) -> bool:
    """Whether conditions say for whom a service may act."""
    return names_caller(conditions, SOURCE_KEYS)


def source_conditions(service: str, *, partition: str, region: str, account: str) -> Conditions:
    """The conditions that let a service act for resources of one account and Region only."""
    known = _BY_POLICY.get(service)
    if known is None:
        return {"StringEquals": {"aws:SourceAccount": account}}
    resource = known.resource.format(region=region, account=account)
    arn = f"arn:{partition}:{resource}"
    if not known.says_account:
        return {"StringLike": {"aws:SourceArn": arn}}
    return {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": arn},
    }


def source_patterns(conditions: Conditions) -> tuple[str, ...]:
    """The ARNs, with wildcards, of the resources that conditions let a service act for."""
    return tuple(
        value
        for _, key, values in condition_entries(conditions)
        if key == "aws:sourcearn"
        for value in condition_values(values)
    )


def service_wide_already(service: str, patterns: tuple[str, ...]) -> Finding:
    """Resources are named after the whole account was let in, as CDK's constructs ask for it."""
    return Finding(
        code="grant-service-wide-already",
        property="grantee",
        message=f"names what {service} pulls for, after everything of the account was let in",
        given=list(patterns),
        allowed="the named resources first, then whatever uses the repository",
        fix="grant before the construct is made that uses the repository",
        docs=SERVICE_DOCS,
        severity=Severity.WARNING,
    )


def function_not_let_in(function: str, *, account: str, name: str | None) -> Finding:
    """A function whose image Lambda may not pull: its policy names others."""
    names = f", names=[{name!r}]" if name else ""
    return Finding(
        code="function-not-let-in",
        property="policy_statements",
        message=f"lets Lambda pull for other functions than {function}, which is made of an image "
        "of this repository",
        given=name or "a function whose name CloudFormation makes up",
        allowed="a grant that names the function and its account",
        fix=f"write repository.grant_pull(LambdaFunctions(account={account!r}{names}))",
        docs=_LAMBDA_DOCS,
    )


def function_elsewhere(function: str, *, region: str, home: str) -> Finding:
    """A function of another Region than the repository of its image."""
    return Finding(
        code="function-elsewhere",
        property="repository",
        message=f"is of another Region than {function}, and Lambda pulls from its own alone",
        given=home,
        allowed=region,
        fix=f"replicate the repository to {region}, and make the function of the replica",
        docs=_LAMBDA_DOCS,
    )
