"""Mistakes that a type checker must see: each line that ends in ``# wrong``, and no other.

Never run.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

import ecr_constructs
from ecr_constructs import (
    BasicScanning,
    Client,
    EcrConstructsError,
    Encryption,
    GitHubPushRole,
    ImageCommands,
    ImageKey,
    MutableTags,
    Registry,
    RegistryScanning,
    Removal,
    ReplicaRepositories,
    ReplicatedRepository,
    ReplicationRule,
    SecureRepository,
    SigningRule,
    TaskExecutionRole,
    expire_untagged,
    keep_last,
    protect,
)


def options(stack: cdk.Stack) -> None:
    """Names and options that do not exist, or are of another type."""
    ecr_constructs.SecureRepositry(stack, "Typo")  # wrong
    SecureRepository(stack, "A", image_scan_on_push=True)  # wrong
    SecureRepository(stack, "B", "shop/api")  # wrong
    SecureRepository(stack, "C", encryption="KMS")  # wrong
    SecureRepository(stack, "D", encryption=ecr.RepositoryEncryption.KMS)  # wrong
    SecureRepository(stack, "E", encryption_key="arn:aws:kms:eu-west-1:1:key/1")  # wrong
    SecureRepository(stack, "F", encryption_key=s3.Bucket(stack, "Bucket"))  # wrong
    SecureRepository(stack, "G", lifecycle=expire_untagged(after_days=7))  # wrong
    SecureRepository(stack, "H", lifecycle=[ecr.LifecycleRule(max_image_count=3)])  # wrong
    SecureRepository(stack, "I", mutable_tags=[1])  # wrong
    SecureRepository(stack, "J", scan_on_push="yes")  # wrong
    SecureRepository(stack, "K", removal=cdk.RemovalPolicy.DESTROY)  # wrong
    SecureRepository(stack, "L", tags={"cost": 3})  # wrong
    SecureRepository(stack, "M", policy_statements=[{"Effect": "Allow"}])  # wrong
    SecureRepository("stack", "N")  # wrong
    SecureRepository.from_repository_attributes(stack, "O", "arn", "name")  # wrong
    ImageKey(stack, "P", rotation_period_days="180")  # wrong
    ImageKey(stack, "Q", removal="retain")  # wrong
    ImageCommands(stack, "R", repository="shop/api")  # wrong
    ImageCommands(stack, "S", repository=SecureRepository(stack, "T"), clients=["docker"])  # wrong


def values() -> None:
    """Values that do not exist, or are made of something else."""
    Removal.delete_with_images()  # wrong
    Removal.delete_when_empty(reason=None)  # wrong
    MutableTags.only(["latest"])  # wrong
    MutableTags(("latest",))  # wrong
    keep_last("30")  # wrong
    keep_last(30, tags=["v1*", "v2*"])  # wrong
    expire_untagged(7)  # wrong
    protect(["prod*"])  # wrong
    str(Encryption.AES256)  # wrong
    str(Client.NERDCTL)  # wrong
    MutableTags.none().rest_is_mutable = True  # wrong


def grants(stack: cdk.Stack, api: SecureRepository) -> str:
    """Grants to what has no principal, and what a grant or a URI is not."""
    api.grant_pull("arn:aws:iam::111111111111:role/reader")  # wrong
    api.grant_push(ecr.Repository(stack, "Other"))  # wrong
    api.grant_pull_push()  # wrong
    api.grant_read(None)  # wrong
    api.grant_delete(iam.PolicyStatement())  # wrong
    api.grant_everything(iam.Role.from_role_name(stack, "Role", "role"))  # wrong
    api.repository_uri_for_tag(3)  # wrong
    text: str = api.whereabouts()  # wrong
    return text


def roles(stack: cdk.Stack, api: SecureRepository) -> None:
    """Roles of repositories, not of their names; a role beside its construct."""
    TaskExecutionRole(stack, "A", pulls_from=api)  # wrong
    TaskExecutionRole(stack, "B", pulls_from=["shop/api"])  # wrong
    TaskExecutionRole(stack, "C", log_groups=["/shop/api"])  # wrong
    runner = TaskExecutionRole(stack, "D", pulls_from=[api])
    ecs.FargateTaskDefinition(stack, "E", execution_role=runner)  # wrong
    GitHubPushRole(stack, "F", repositories=[api], owner="example")  # wrong
    GitHubPushRole(stack, "G", repositories=["shop/api"], owner="a", project="b")  # wrong
    GitHubPushRole(stack, "H", repositories=[api], owner="a", project="b", branch=["main"])  # wrong


def errors(error: EcrConstructsError) -> str:
    """What an error is not."""
    code: int = error.code  # wrong
    return error.hint + str(code)  # wrong


def settings_of_the_registry(stack: cdk.Stack, api: SecureRepository) -> None:
    """Pairs that ECR refuses, and values of another type."""
    BasicScanning(continuous=["*"])  # wrong
    RegistryScanning(stack, "A", scanning="ENHANCED")  # wrong
    RegistryScanning(stack, "B")  # wrong
    ReplicationRule(to=[7])  # wrong
    ReplicationRule(prefixes=["prod/"])  # wrong
    ReplicationRule(to=["us-east-1"], repositories="declared")  # wrong
    ReplicationRule(to=["us-east-1"], repositories=ReplicaRepositories.ALL)  # wrong
    SigningRule(profile=7)  # wrong
    Registry(stack, "C", scanning=[BasicScanning()])  # wrong
    Registry(stack, "D", pull_time_exclusions=[7])  # wrong
    ReplicatedRepository(stack, "E", source=api, repository_name="prod/api")  # wrong
    ReplicatedRepository(stack, "F")  # wrong
