"""Creation templates: defaults by use, the role when and only when it is needed, and refusals."""

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from ecr_constructs import (
    AppliedFor,
    Encryption,
    GrantError,
    ImageKey,
    InvalidInputError,
    MutableTags,
    RegistryPolicy,
    RepositoryCreationTemplate,
    keep_last,
    protect,
)
from tests.model.iam.evaluator.support import decide

from ..conftest import resources, templates

TEMPLATE = "AWS::ECR::RepositoryCreationTemplate"
CACHE, REPLICA, PUSH = (
    AppliedFor.PULL_THROUGH_CACHE,
    AppliedFor.REPLICATION,
    AppliedFor.CREATE_ON_PUSH,
)
PULL = {"actions": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}


def by_prefix(template):
    return {
        entry["Properties"]["Prefix"]: entry["Properties"]
        for entry in resources(template, TEMPLATE).values()
    }


def test_what_each_use_has_by_default(app, stack):
    for number, uses in enumerate([[PUSH], [CACHE], [REPLICA], [PUSH, CACHE], list(AppliedFor)]):
        RepositoryCreationTemplate(stack, f"T{number}", prefix=f"p{number}", applied_for=uses)
    template = templates(app)["Shop"]
    found = by_prefix(template)
    assert [found[f"p{number}"]["ImageTagMutability"] for number in range(5)] == [
        "IMMUTABLE",
        *["MUTABLE"] * 4,
    ]
    assert [found[f"p{number}"]["AppliedFor"] for number in range(4)] == [
        ["CREATE_ON_PUSH"],
        ["PULL_THROUGH_CACHE"],
        ["REPLICATION"],
        ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"],
    ]
    for entry in found.values():
        assert entry["EncryptionConfiguration"] == {"EncryptionType": "AES256"}
        (rule,) = json.loads(entry["LifecyclePolicy"])["rules"]
        assert rule["selection"]["tagStatus"] == "untagged"
        assert not {"CustomRoleArn", "RepositoryPolicy", "ResourceTags"} & set(entry)
    assert resources(template, "AWS::IAM::Role") == {}
    assert [entry for stack in app.synth().stacks for entry in stack.messages] == []


def test_all_that_can_be_said(app, stack):
    made = RepositoryCreationTemplate(
        stack,
        "Team",
        prefix="team",
        applied_for=(PUSH,),
        description="What the team pushes",
        encryption_key=ImageKey(stack, "Key"),
        mutable_tags=["latest", "pr-*"],
        lifecycle=[*protect("release"), keep_last(30, tags="v*")],
        policy_statements=[
            iam.PolicyStatement(**PULL, principals=[iam.AccountPrincipal("222222222222")]),
            iam.PolicyStatement(**PULL, principals=[iam.ServicePrincipal("lambda.amazonaws.com")]),
            # Said twice, written once.
            iam.PolicyStatement(**PULL, principals=[iam.AccountPrincipal("222222222222")]),
        ],
        resource_tags={"team": "shop", "flag": ""},
    )
    assert made.role is not None
    template = templates(app)["Shop"]
    entry = by_prefix(template)["team"]
    assert entry["Description"] == "What the team pushes"
    assert entry["EncryptionConfiguration"]["EncryptionType"] == "KMS"
    assert entry["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert entry["ImageTagMutabilityExclusionFilters"] == [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": pattern,
        }
        for pattern in ("latest", "pr-*")
    ]
    assert len(json.loads(entry["LifecyclePolicy"])["rules"]) == 2
    policy = json.loads(entry["RepositoryPolicy"])
    account, service = policy["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    # No function of another account makes Lambda read these repositories.
    assert service["Condition"]["StringLike"] == {
        "aws:SourceArn": "arn:aws:lambda:eu-west-1:111111111111:function:*"
    }
    assert entry["ResourceTags"] == [
        {"Key": "team", "Value": "shop"},
        {"Key": "flag", "Value": ""},
    ]
    (role,) = resources(template, "AWS::IAM::Role").values()
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ecr.amazonaws.com"}
    assert trust["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}


def test_a_role_makes_repositories_under_its_prefix_alone(app, stack):
    for name, options in {
        "tagged": {"resource_tags": {"team": "shop"}},
        "managed-key": {"encryption": Encryption.KMS},
        "plain": {},
    }.items():
        RepositoryCreationTemplate(stack, name, prefix=name, applied_for=[REPLICA], **options)
    template = templates(app)["Shop"]
    found = by_prefix(template)
    assert {name for name, entry in found.items() if "CustomRoleArn" in entry} == {
        "tagged",
        "managed-key",
    }
    role = "arn:aws:sts::111111111111:assumed-role/template/ecr"

    def allowed(name, action, resource, context=None):
        entry = resources(template, "AWS::IAM::Role")[found[name]["CustomRoleArn"]["Fn::GetAtt"][0]]
        (policy,) = entry["Properties"]["Policies"]
        return decide(
            role, action, resource, identity=[policy["PolicyDocument"]], context=context
        ).decision.value

    place = "arn:aws:ecr:eu-west-1:111111111111:repository"
    for action in ("ecr:CreateRepository", "ecr:ReplicateImage"):
        assert allowed("tagged", action, f"{place}/tagged/api") == "allow"
        assert allowed("tagged", action, f"{place}/taggedapi") == "implicit-deny"
    assert allowed("tagged", "ecr:TagResource", f"{place}/tagged/api") == "allow"
    assert allowed("managed-key", "ecr:TagResource", f"{place}/x/api") == "implicit-deny"
    key = "arn:aws:kms:eu-west-1:111111111111:key/1"
    through = {
        "kms:ViaService": "ecr.eu-west-1.amazonaws.com",
        "kms:ResourceAliases": ["alias/aws/ecr"],
    }
    assert allowed("managed-key", "kms:CreateGrant", key, through) == "allow"
    for context in ({}, {**through, "kms:ResourceAliases": ["alias/payments"]}):
        assert allowed("managed-key", "kms:CreateGrant", key, context) == "implicit-deny"
    assert allowed("tagged", "kms:CreateGrant", key, through) == "implicit-deny"


REFUSED = {
    "a prefix": ({"prefix": "Prod"}, "prefix: is not a prefix"),
    "no use": ({"applied_for": []}, "applied_for: names no use"),
    "a use as text": ({"applied_for": ["REPLICATION"]}, "applied_for: has what is no use"),
    "a description": ({"description": "x" * 257}, "description: is not"),
    "dual-layer encryption": ({"encryption": Encryption.KMS_DSSE}, "encryption: is dual-layer"),
    "tags": ({"resource_tags": {"aws:x": "y"}}, "resource_tags: has a key"),
    "a pattern": ({"mutable_tags": ["a*b*c*"]}, "mutable_tags: has a pattern with 3"),
    "a rule": ({"lifecycle": ["keep 3"]}, "lifecycle: has a str"),
    "two rules": ({"lifecycle": [keep_last(3), keep_last(4)]}, "priority: a rule for any"),
    "statements": ({"policy_statements": [{}]}, "policy_statements: has a dict"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_ecr_refuses(stack, case):
    options, expected = REFUSED[case]
    with pytest.raises(InvalidInputError, match=expected) as caught:
        RepositoryCreationTemplate(
            stack, "T", **({"prefix": "prod", "applied_for": [PUSH]} | options)
        )
    assert caught.value.construct_path == "Shop/T"
    assert stack.node.try_find_child("T") is None


def test_more_that_ecr_refuses(app, stack):
    key = kms.Key.from_key_arn(stack, "Far", "arn:aws:kms:us-east-1:111111111111:key/abc")
    with pytest.raises(InvalidInputError, match="encryption_key: is a key in us-east-1"):
        RepositoryCreationTemplate(stack, "A", prefix="a", applied_for=[PUSH], encryption_key=key)
    theirs = iam.Role.from_role_arn(stack, "Theirs", "arn:aws:iam::222222222222:role/ecr")
    with pytest.raises(InvalidInputError, match="role: is a role of another account"):
        RepositoryCreationTemplate(stack, "B", prefix="b", applied_for=[PUSH], role=theirs)
    for number, (statement, expected) in enumerate(
        [
            (iam.PolicyStatement(**PULL, principals=[iam.AnyPrincipal()]), "every AWS account"),
            (
                iam.PolicyStatement(
                    **PULL, principals=[iam.AccountPrincipal("222222222222")], resources=["*"]
                ),
                "Resource",
            ),
            (
                iam.PolicyStatement(
                    actions=["ecr:GetAuthorizationToken"],
                    principals=[iam.AccountPrincipal("222222222222")],
                ),
                "knows no repository",
            ),
        ]
    ):
        with pytest.raises(GrantError, match=expected):
            RepositoryCreationTemplate(
                stack,
                f"P{number}",
                prefix=f"p{number}",
                applied_for=[PUSH],
                policy_statements=[statement],
            )
    RepositoryCreationTemplate(stack, "Outer", prefix="team", applied_for=[PUSH])
    RepositoryCreationTemplate(stack, "Inner", prefix="team/a", applied_for=[PUSH])
    with pytest.raises(InvalidInputError, match="Shop/Again and Shop/Outer both write"):
        RepositoryCreationTemplate(stack, "Again", prefix="team/", applied_for=[CACHE])


def test_a_role_of_ones_own_and_another_account(app, stack):
    own = iam.Role.from_role_arn(stack, "Own", "arn:aws:iam::111111111111:role/ecr")
    made = RepositoryCreationTemplate(
        stack, "T", prefix="t", applied_for=[PUSH], encryption=Encryption.KMS, role=own
    )
    assert made.role is own
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="222222222222", region="eu-west-1"))
    # The same prefix in another registry is another template.
    RepositoryCreationTemplate(other, "T", prefix="t", applied_for=[PUSH])
    template = templates(app)["Shop"]
    assert by_prefix(template)["t"]["CustomRoleArn"] == "arn:aws:iam::111111111111:role/ecr"
    assert resources(template, "AWS::IAM::Role") == {}


def test_a_frozen_cache_is_warned_of(app, stack):
    RepositoryCreationTemplate(
        stack,
        "T",
        prefix="t",
        applied_for=[CACHE, REPLICA],
        mutable_tags=MutableTags.none(),
    )
    RepositoryCreationTemplate(stack, "U", prefix="u", applied_for=[CACHE], mutable_tags=["latest"])
    texts = {
        entry.entry.type: entry.entry.data
        for stack in app.synth().stacks
        for entry in stack.messages
    }
    assert "'latest' stays the image that was pulled first" in texts["aws:cdk:warning"]
    assert "arrives here without its tag" in texts["aws:cdk:info"]
    assert by_prefix(templates(app)["Shop"])["t"]["ImageTagMutability"] == "IMMUTABLE"


def test_pushing_makes_the_repository(app, stack):
    plain = RepositoryCreationTemplate(stack, "Plain", prefix="plain", applied_for=[PUSH])
    tagged = RepositoryCreationTemplate(
        stack, "Tagged", prefix="ROOT", applied_for=[PUSH, REPLICA], resource_tags={"a": "b"}
    )
    pusher, other = (
        iam.Role(stack, name, assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
        for name in ("Pusher", "Other")
    )
    plain.grant_push(pusher)
    tagged.grant_push(other)
    tagged.grant_push(iam.AccountPrincipal("222222222222"))
    RegistryPolicy(stack, "RegistryPolicy")
    template = templates(app)["Shop"]
    by_role = {
        entry["Properties"]["Roles"][0]["Ref"][:5]: entry["Properties"]["PolicyDocument"]
        for entry in resources(template, "AWS::IAM::Policy").values()
    }
    role = "arn:aws:iam::111111111111:role/pusher"
    place = "arn:aws:ecr:eu-west-1:111111111111:repository"
    push = (
        "ecr:BatchCheckLayerAvailability",
        "ecr:CompleteLayerUpload",
        "ecr:CreateRepository",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    )

    def may(name, action, resource, **documents):
        decision = decide(role, action, resource, identity=[by_role[name]], **documents)
        return decision.decision.value == "allow"

    for action in push:
        assert may("Pushe", action, f"{place}/plain/api")
        assert not may("Pushe", action, f"{place}/other/api")
        assert may("Other", action, f"{place}/any/thing")
    assert may("Pushe", "ecr:GetAuthorizationToken", "*")
    assert not may("Pushe", "ecr:TagResource", f"{place}/plain/api")
    assert may("Other", "ecr:TagResource", f"{place}/any/thing")
    assert not may("Pushe", "ecr:BatchGetImage", f"{place}/plain/api")
    (registry,) = resources(template, "AWS::ECR::RegistryPolicy").values()
    (statement,) = registry["Properties"]["PolicyText"]["Statement"]
    assert set(statement["Action"]) == {*push, "ecr:TagResource"}
    assert statement["Resource"] == f"{place}/*"


def test_who_cannot_push_by_a_template(stack):
    cached = RepositoryCreationTemplate(stack, "Cached", prefix="a", applied_for=[CACHE])
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    with pytest.raises(InvalidInputError, match="applied_for: has no CREATE_ON_PUSH"):
        cached.grant_push(role)
    pushed = RepositoryCreationTemplate(stack, "Pushed", prefix="b", applied_for=[PUSH])
    with pytest.raises(GrantError, match="a service pushes with a role"):
        pushed.grant_push(iam.ServicePrincipal("codebuild.amazonaws.com"))
    with pytest.raises(GrantError, match="every AWS account"):
        pushed.grant_push(iam.AnyPrincipal())
