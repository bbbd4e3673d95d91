"""Any arguments give our error, or a template that validates.

jsii is slow, so one App takes a whole batch of random repositories, and one validation judges them.
"""

import json
import string
import tempfile
from pathlib import Path

import aws_cdk as cdk
import cloudformation_validate as cloudformation
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ecr_constructs import (
    EcrConstructsError,
    Encryption,
    GitHubPushRole,
    ImageKey,
    MutableTags,
    Removal,
    SecureRepository,
    expire_after,
    expire_untagged,
    keep_last,
)

from .conftest import templates

BATCH = 40
# Shrinking would synthesize for minutes; the message names the construct at fault anyway.
BATCHES = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
STOPS = {cloudformation.Severity.ERROR, cloudformation.Severity.FATAL}

names = st.one_of(
    st.none(),
    st.text(string.ascii_lowercase + string.digits + "._-/", max_size=40),
    st.from_regex(
        r"[a-z0-9]{1,9}((\.|_|__|-{1,3})[a-z0-9]{1,9}){0,3}(/[a-z0-9]{1,9})?", fullmatch=True
    ),
    st.text(max_size=12),
    st.integers(),
)
patterns = st.one_of(
    st.text(string.ascii_letters + "._-*", min_size=1, max_size=12), st.text(max_size=6)
)
mutable = st.one_of(
    st.none(),
    st.lists(patterns, max_size=7),
    st.just(MutableTags.all()),
    st.just(MutableTags.all_except("v*")),
    st.text(max_size=5),
)


def rule(kind, number, tags):
    """A rule, or the error in the rule's own words: rules are checked when they are made."""
    try:
        if kind == "last":
            return keep_last(number, tags=tags)
        if kind == "after":
            return expire_after(days=number, tags=tags)
        return expire_untagged(after_days=number)
    except EcrConstructsError:
        return None


rules = st.one_of(
    st.none(),
    st.lists(
        st.builds(
            rule,
            st.sampled_from(["last", "after", "untagged"]),
            st.integers(-2, 4000),
            st.sampled_from(["v*", "prod-*", "*test*", "a"]),
        ).filter(lambda made: made is not None),
        max_size=4,
    ),
)
tags = st.one_of(st.none(), st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=4))
removals = st.sampled_from(
    [
        None,
        Removal.retain(),
        Removal.delete_when_empty(reason="made by a property test"),
        Removal.delete_with_images(reason="made by a property test"),
        "destroy",
    ]
)
arguments = st.fixed_dictionaries(
    {},
    optional={
        "repository_name": names,
        "encryption": st.one_of(st.none(), st.sampled_from(list(Encryption)), st.just("KMS")),
        "encryption_key": st.sampled_from([None, "key", "image key"]),
        "mutable_tags": mutable,
        "lifecycle": rules,
        "scan_on_push": st.one_of(st.booleans(), st.none(), st.just("yes")),
        "tags": tags,
        "removal": removals,
    },
)


def problems(template) -> list[str]:
    """What the validator calls an error."""
    engine = cloudformation.CompositeEngine()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "Batch.template.json"
        path.write_text(json.dumps(template))
        report = engine.validate_template(path, cloudformation.ValidateConfig(strict=True))
    return [
        f"{found.rule_id}: {found.message}"
        for found in report.diagnostics
        if found.severity in STOPS
    ]


@BATCHES
@given(st.lists(arguments, min_size=BATCH, max_size=BATCH))
def test_repositories(flags, batch):
    app = cdk.App(context=flags)
    region = "us-gov-west-1"
    stack = cdk.Stack(app, "Batch", env=cdk.Environment(account="111111111111", region=region))
    keys = {
        "key": kms.Key.from_key_arn(
            stack, "Key", f"arn:aws-us-gov:kms:{region}:222222222222:key/abc"
        ),
        "image key": ImageKey(stack, "ImageKey"),
        None: None,
    }
    made, taken = 0, set()
    for number, options in enumerate(batch):
        chosen = dict(options)
        if "encryption_key" in chosen:
            chosen["encryption_key"] = keys[chosen["encryption_key"]]
        if chosen.get("repository_name") in taken:
            continue
        try:
            SecureRepository(stack, f"Repository{number}", **chosen)
        except EcrConstructsError as error:
            assert error.construct_path == f"Batch/Repository{number}"
            assert error.fix
            assert error.allowed
        else:
            made += 1
            if chosen.get("repository_name") is not None:
                taken.add(chosen["repository_name"])
    (template,) = templates(app).values()
    found = [
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECR::Repository"
    ]
    assert len(found) == made
    assert problems(template) == []


PRINCIPALS = {
    "role": lambda stack, name: iam.Role(
        stack, name, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")
    ),
    "user": iam.User,
    "group": iam.Group,
    "lambda": lambda _stack, _name: iam.ServicePrincipal("lambda.amazonaws.com"),
    "codebuild": lambda stack, name: iam.ServicePrincipal("codebuild.amazonaws.com"),
    "ecs": lambda stack, name: iam.ServicePrincipal("ecs-tasks.amazonaws.com"),
    "account": lambda stack, name: iam.AccountPrincipal("222222222222"),
    "organization": lambda stack, name: iam.OrganizationPrincipal("o-12345abcde"),
    "public": lambda stack, name: iam.AnyPrincipal(),
}
METHODS = ["pull", "push", "pull_push", "read", "delete", "admin"]


@BATCHES
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(list(PRINCIPALS)), st.sampled_from(METHODS)),
        min_size=BATCH,
        max_size=BATCH,
    )
)
def test_grants(flags, program):
    app = cdk.App(context=flags)
    stack = cdk.Stack(app, "Batch", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    repositories = [SecureRepository(stack, f"R{number}") for number in range(4)]
    for number, (index, kind, method) in enumerate(program):
        principal = PRINCIPALS[kind](stack, f"P{number}")
        try:
            getattr(repositories[index], f"grant_{method}")(principal)
        except EcrConstructsError as error:
            assert kind in {"ecs", "public"}
            assert error.construct_path == f"Batch/R{index}"
        else:
            assert kind not in {"ecs", "public"}
    (template,) = templates(app).values()
    assert problems(template) == []
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Policy":
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                assert statement["Resource"] != "*" or statement["Action"] == (
                    "ecr:GetAuthorizationToken"
                )


words = st.one_of(st.text(max_size=20), st.from_regex(r"[A-Za-z0-9-]{1,20}", fullmatch=True))


@BATCHES
@given(
    st.lists(
        st.fixed_dictionaries(
            {"owner": words, "project": words},
            optional={"branch": words, "tag": words, "environment": words, "provider_arn": words},
        ),
        min_size=BATCH,
        max_size=BATCH,
    )
)
def test_push_roles(flags, batch):
    app = cdk.App(context=flags)
    stack = cdk.Stack(app, "Batch")
    repository = SecureRepository(stack, "Api")
    for number, options in enumerate(batch):
        try:
            GitHubPushRole(stack, f"Ci{number}", repositories=[repository], **options)
        except EcrConstructsError as error:
            assert error.construct_path == f"Batch/Ci{number}"
    (template,) = templates(app).values()
    assert problems(template) == []
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            (statement,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            subject = statement["Condition"]["StringEquals"][
                "token.actions.githubusercontent.com:sub"
            ]
            assert "*" not in subject
