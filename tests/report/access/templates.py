"""Small templates, and what a report says of them."""

from __future__ import annotations

from ecr_constructs.report.access.build import build_report
from ecr_constructs.report.reading.source import Source, Sources

ACCOUNT, REGION = "111111111111", "eu-west-1"
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/"


def allow(*actions, on="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions, on="*", **more):
    return {**allow(*actions, on=on, **more), "Effect": "Deny"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def resource(kind, **properties):
    return {"Type": kind, "Properties": properties}


def repository(name="shop/api", *statements, **properties):
    if statements:
        properties["RepositoryPolicyText"] = document(*statements)
    return resource("AWS::ECR::Repository", RepositoryName=name, **properties)


def role(**properties):
    return resource("AWS::IAM::Role", **properties)


def named(principal, *actions, **more):
    """A statement of a repository policy."""
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": list(actions) or ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        **more,
    }


def report_on(resources, *, account=ACCOUNT, region=REGION, tags=None, stack_name=None, **sections):
    template = {"Resources": resources, **sections}
    source = Source(
        template=template,
        stack="Shop",
        file="shop.json",
        stack_name=stack_name,
        account=account,
        region=region,
        tags=tags,
    )
    return build_report(Sources((source,)))


def verdicts(report, principal, repository="shop/api"):
    """The levels of one principal that are not ``none``."""
    (cell,) = [
        cell
        for cell in report.cells()
        if cell.principal.arn.endswith(principal) and cell.repository.name == repository
    ]
    return {
        level: found.verdict.value
        for level, found in cell.levels.items()
        if found.verdict.value != "none"
    }


def principal(report, ending):
    (row,) = [row for row in report.principals if row.arn.endswith(ending)]
    return row
