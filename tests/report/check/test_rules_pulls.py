"""Who starts an image of the app's own repositories, and surely may not pull it."""

from __future__ import annotations

import pytest

from ecr_constructs.report.check.pulls import check_pulls

from .apps import source
from .rules import UNDECIDED, either, found, located, messages, resource

ALL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
TOKEN = "ecr:GetAuthorizationToken"
IMAGE = {"Fn::Sub": "${Api.RepositoryUri}:v1"}
WHO = {"Fn::GetAtt": ["Who", "Arn"]}
OURS = {"Fn::GetAtt": ["Api", "Arn"]}
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def allow(*actions, on="*", effect="Allow", **more):
    return {"Effect": effect, "Action": list(actions), "Resource": on, **more}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(*statements, **properties):
    own = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return resource("AWS::IAM::Role", {"Policies": own, **properties})


def repository(*statements, **attributes):
    properties = {"RepositoryPolicyText": document(*statements)} if statements else {}
    return resource("AWS::ECR::Repository", properties, **attributes)


def named(service, *actions, **more):
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions or ALL, **more}


def task(image=IMAGE, who=WHO, on=("FARGATE",)):
    properties = {
        "RequiresCompatibilities": list(on),
        "ExecutionRoleArn": who,
        "ContainerDefinitions": [{"Image": image}],
    }
    return resource("AWS::ECS::TaskDefinition", properties)


def lacks(who, api=None, consumer=None, others=None, **more):
    resources = {
        "Api": api or repository(),
        "Who": who,
        "Task": consumer or task(),
        **(others or {}),
    }
    said = found(check_pulls, resources, **more)
    assert set(said) <= {("Task", "consumer-cannot-pull")}
    return len(said)


NOBODY = role(allow("s3:GetObject"))


@pytest.mark.parametrize(
    "who",
    [
        NOBODY,
        role(),
        role(allow(*ALL, on=OURS)),
        role(allow(TOKEN)),
        role(allow(TOKEN, "ecr:BatchGetImage")),
        role(allow(TOKEN), allow(*ALL, on="arn:aws:ecr:eu-west-1:111111111111:repository/other")),
        role(allow("ecr:*"), allow("ecr:BatchGetImage", effect="Deny")),
        role(ManagedPolicyArns=[MANAGED], PermissionsBoundary={"Ref": "Limit"}),
    ],
)
def test_a_role_that_surely_cannot_pull(who):
    limit = resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": document(allow("s3:*"))})
    assert lacks(who, others={"Limit": limit}) == 1


ONLY_MAYBE = {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}


@pytest.mark.parametrize(
    "who",
    [
        role(allow(TOKEN, *ALL)),
        role(allow(TOKEN), allow(*ALL, on=OURS)),
        role(ManagedPolicyArns=[MANAGED]),
        role(ManagedPolicyArns=["arn:aws:iam::111111111111:policy/elsewhere"]),
        role(ManagedPolicyArns=[{"Ref": "Stage"}]),
        role(PermissionsBoundary="arn:aws:iam::111111111111:policy/elsewhere"),
        role(allow(TOKEN, *ALL, **ONLY_MAYBE)),
        role(allow(TOKEN), allow(*ALL, on={"Ref": "Stage"})),
        role(Policies={"Ref": "Stage"}),
        role(Policies=[{"PolicyName": "text", "PolicyDocument": "no JSON"}]),
        role(Policies=[{"PolicyName": "text", "PolicyDocument": {"Fn::Transform": {}}}]),
        role(allow(TOKEN), either(allow(*ALL), allow("s3:GetObject"))),
    ],
)
def test_a_role_that_can_pull_or_of_which_nobody_knows(who):
    assert lacks(who) == 0


def test_a_policy_beside_the_role_counts():
    own = {"PolicyName": "own", "PolicyDocument": document(allow(TOKEN, *ALL))}
    beside = resource("AWS::IAM::Policy", {**own, "Roles": [{"Ref": "Who"}]})
    assert lacks(NOBODY, others={"Own": beside}) == 0
    somewhere = resource("AWS::IAM::Policy", {**own, "Roles": [{"Ref": "Stage"}]})
    assert lacks(NOBODY, others={"Own": somewhere}) == 0


@pytest.mark.parametrize(
    "consumer",
    [
        # On instances, their role pulls.
        task(on=["EC2"]),
        task(on=["EC2", "FARGATE"]),
        task(on=["FARGATE", either("EC2", "FARGATE")]),
        task(on=[]),
        task("public.ecr.aws/nginx/nginx:1"),
        task("111111111111.dkr.ecr.eu-west-1.amazonaws.com/another:v1"),
        task("111111111111.dkr.ecr.eu-central-1.amazonaws.com/${Api}:v1"),
        task({"Ref": "Stage"}),
        task(either(IMAGE, "nginx")),
        task(who=either(WHO, "arn:aws:iam::111111111111:role/elsewhere")),
        task(who="arn:aws:iam::111111111111:role/elsewhere"),
        task(who={"Ref": "Stage"}),
        task(who=["Who"]),
        task(image=[{}]),
        resource("AWS::ECS::TaskDefinition", {"ContainerDefinitions": 7}),
    ],
)
def test_a_task_of_which_nothing_is_certain(consumer):
    assert lacks(NOBODY, consumer=consumer) == 0


def test_a_repository_policy_that_nobody_can_read_may_let_anybody_in():
    api = resource("AWS::ECR::Repository", {"RepositoryPolicyText": "no JSON"})
    assert lacks(NOBODY, api) == 0


def test_what_transforms_and_loops_add_is_not_known():
    template = {**UNDECIDED, "Transform": ["Mine"]}
    assert lacks(NOBODY, template=template) == 0
    assert lacks(NOBODY, template={**UNDECIDED, "Transform": "AWS::Serverless-2016-10-31"}) == 1
    assert lacks(NOBODY, others={"Fn::ForEach::Policies": ["Name", [], {}]}) == 0


def consumer(kind, properties):
    return resource(kind, properties)


BY_ROLE = [
    consumer(
        "AWS::Batch::JobDefinition",
        {
            "PlatformCapabilities": ["FARGATE"],
            "ContainerProperties": {"Image": IMAGE, "ExecutionRoleArn": WHO},
        },
    ),
    consumer(
        "AWS::SageMaker::Model", {"ExecutionRoleArn": WHO, "PrimaryContainer": {"Image": IMAGE}}
    ),
    consumer(
        "AWS::AppRunner::Service",
        {
            "SourceConfiguration": {
                "AuthenticationConfiguration": {"AccessRoleArn": WHO},
                "ImageRepository": {"ImageIdentifier": IMAGE},
            }
        },
    ),
    consumer(
        "AWS::CodeBuild::Project",
        {
            "ServiceRole": {"Ref": "Who"},
            "Environment": {"Image": IMAGE, "ImagePullCredentialsType": "SERVICE_ROLE"},
        },
    ),
]


@pytest.mark.parametrize("of_role", BY_ROLE, ids=lambda each: each["Type"])
def test_what_pulls_by_a_role(of_role):
    assert lacks(NOBODY, consumer=of_role) == 1
    assert lacks(role(allow(TOKEN, *ALL)), consumer=of_role) == 0


BUILD = consumer("AWS::CodeBuild::Project", {"ServiceRole": WHO, "Environment": {"Image": IMAGE}})
EMR = consumer("AWS::EMRServerless::Application", {"ImageConfiguration": {"ImageUri": IMAGE}})


@pytest.mark.parametrize(
    ("of_service", "service"),
    [(BUILD, "codebuild.amazonaws.com"), (EMR, "emr-serverless.amazonaws.com")],
)
def test_what_pulls_by_the_repository_policy(of_service, service):
    may = role(allow(TOKEN, *ALL))
    assert lacks(may, consumer=of_service) == 1
    assert lacks(may, repository(named("ecs.amazonaws.com")), of_service) == 1
    assert lacks(may, repository(named(service)), of_service) == 0
    only = {"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:codebuild:*"}}}
    assert lacks(may, repository(named(service, **only)), of_service) == 0


FUNCTION = consumer("AWS::Lambda::Function", {"Role": WHO, "Code": {"ImageUri": IMAGE}})
LAMBDA = "lambda.amazonaws.com"


def test_lambda_lets_itself_in_where_the_account_is_its_own():
    assert lacks(NOBODY, consumer=FUNCTION) == 0
    denied = {**named(LAMBDA), "Effect": "Deny"}
    assert lacks(NOBODY, repository(named(LAMBDA), denied), FUNCTION) == 1


def in_two_accounts(statements, account="222222222222"):
    uri = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api:v1"
    api = {**repository(*statements)}
    api["Properties"] = {**api["Properties"], "RepositoryName": "shop/api"}
    function = consumer("AWS::Lambda::Function", {"Code": {"ImageUri": uri}})
    home = source({"Api": api}, stack="Home")
    away = source({"F": function}, stack="Away", account=account)
    return [each.resource.logical_id for each in located(check_pulls, home, away)]


def test_lambda_of_another_account_needs_the_repository_policy():
    assert in_two_accounts([]) == ["F"]
    assert in_two_accounts([named(LAMBDA)]) == []
    # An account that nobody knows may be the same one.
    assert in_two_accounts([], account=None) == []


def test_the_finding_says_what_is_missing_and_who_lacks_it():
    resources = {"Api": repository(), "Who": role(allow(TOKEN)), "Task": task()}
    (said,) = located(check_pulls, source(resources))
    assert said.finding.property == "ContainerDefinitions.Image"
    assert "Api" in said.finding.message
    assert "role/${Who}" in said.finding.message
    assert said.finding.message.endswith(f"nothing allows {', '.join(ALL)}")
    assert said.finding.fix.startswith("allow the role ecr:BatchGetImage")


def test_a_denial_is_named():
    who = role(allow("ecr:*"), allow("ecr:BatchGetImage", effect="Deny"))
    (said,) = messages(check_pulls, {"Api": repository(), "Who": who, "Task": task()})
    assert said.endswith("own denies ecr:BatchGetImage")


@pytest.mark.parametrize("properties", [None, [], "text", 7, {"Environment": 7, "Code": []}])
def test_whatever_stands_in_a_template_is_no_crash(properties):
    kinds = {each["Type"] for each in (*BY_ROLE, BUILD, EMR, FUNCTION, task())}
    resources = {
        f"R{number}": {"Type": kind, "Properties": properties}
        for number, kind in enumerate(sorted(kinds))
    }
    assert found(check_pulls, {"Api": repository(), **resources}) == []


def without_role(kind, properties):
    return lacks(role(), consumer=resource(kind, properties))


CONTAINERS = {"ContainerDefinitions": [{"Image": IMAGE}], "RequiresCompatibilities": ["FARGATE"]}
BATCH = "AWS::Batch::JobDefinition"
APP_RUNNER = "AWS::AppRunner::Service"


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ECS::TaskDefinition", CONTAINERS),
        (
            BATCH,
            {"PlatformCapabilities": ["FARGATE"], "ContainerProperties": {"Image": IMAGE}},
        ),
        (APP_RUNNER, {"SourceConfiguration": {"ImageRepository": {"ImageIdentifier": IMAGE}}}),
    ],
)
def test_what_aws_starts_by_a_role_needs_one(kind, properties):
    assert without_role(kind, properties) == 1


@pytest.mark.parametrize(
    "properties",
    [
        {**CONTAINERS, "RequiresCompatibilities": ["EC2"]},
        {**CONTAINERS, "RequiresCompatibilities": ["EC2", "FARGATE"]},
        {**CONTAINERS, "RequiresCompatibilities": either(["FARGATE"], {"Ref": "AWS::NoValue"})},
        {"ContainerDefinitions": [{"Image": IMAGE}]},
        {**CONTAINERS, "ExecutionRoleArn": {"Ref": "Stage"}},
        {**CONTAINERS, "ExecutionRoleArn": either({"Ref": "Stage"}, {"Ref": "AWS::NoValue"})},
        {**CONTAINERS, "Fn::Transform": {"Name": "AWS::Include"}},
        {**CONTAINERS, "ContainerDefinitions": [{"Image": "public.ecr.aws/nginx/nginx"}]},
    ],
)
def test_what_may_have_a_role_or_needs_none_is_not_told(properties):
    assert without_role("AWS::ECS::TaskDefinition", properties) == 0


def test_it_says_where_the_role_is_missing():
    (told,) = located(
        check_pulls,
        source({"Api": repository(), "Task": resource("AWS::ECS::TaskDefinition", CONTAINERS)}),
    )
    assert told.finding.property == "ExecutionRoleArn"
    assert told.finding.docs.endswith("task_execution_IAM_role.html")


def test_where_it_runs_is_not_certain_under_a_condition():
    properties = {
        **CONTAINERS,
        "ExecutionRoleArn": WHO,
        "RequiresCompatibilities": either(["FARGATE"], {"Ref": "AWS::NoValue"}),
    }
    assert without_role("AWS::ECS::TaskDefinition", properties) == 0
