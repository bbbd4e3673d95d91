"""What acts as a principal: tasks, jobs, models, nodes, functions, builds, instance profiles."""

from __future__ import annotations

import pytest

from .templates import named, principal, report_on, repository, resource, role, verdicts

IMAGE = {"Fn::Sub": "${Api.RepositoryUri}:v1"}
WHO = {"Fn::GetAtt": ["Who", "Arn"]}
URI = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api:v1"


def uses(report, ending):
    return [(use.kind, use.name, use.images) for use in principal(report, ending).uses]


def test_a_task_definition_acts_as_two_roles_and_pulls_as_one():
    task = resource(
        "AWS::ECS::TaskDefinition",
        ExecutionRoleArn={"Fn::GetAtt": ["Execution", "Arn"]},
        TaskRoleArn={"Ref": "Task"},
        ContainerDefinitions=[{"Image": IMAGE}, {"Image": "public.ecr.aws/x"}],
    )
    report = report_on({"Api": repository(), "Execution": role(), "Task": role(), "T": task})
    assert uses(report, "${Execution}") == [
        ("task definition (execution role)", "T", (URI, "public.ecr.aws/x"))
    ]
    assert uses(report, "${Task}") == [("task definition (task role)", "T", ())]


def test_a_role_of_elsewhere_that_starts_tasks_is_shown():
    other = "arn:aws:iam::222222222222:role/runner"
    task = resource("AWS::ECS::TaskDefinition", ExecutionRoleArn=other)
    report = report_on({"Api": repository("shop/api", named({"AWS": other})), "T": task})
    row = principal(report, "runner")
    assert (row.external, len(row.uses)) == (True, 1)
    assert verdicts(report, "runner") == {"pull": "allowed"}


def test_a_batch_job_acts_as_two_roles_and_pulls_as_one():
    who = {"Ref": "Execution"}
    program = {"Fn::GetAtt": ["Program", "Arn"]}
    on_ec2 = {"Image": IMAGE, "ExecutionRoleArn": who, "JobRoleArn": program}
    on_ecs = {
        "TaskProperties": [
            {"Containers": [{"Image": IMAGE}], "ExecutionRoleArn": who, "TaskRoleArn": program}
        ]
    }
    job = "AWS::Batch::JobDefinition"
    report = report_on(
        {
            "Api": repository(),
            "Execution": role(),
            "Program": role(),
            "J": resource(job, ContainerProperties=on_ec2),
            "K": resource(job, EcsProperties=on_ecs),
        }
    )
    assert uses(report, "${Execution}") == [
        ("Batch job (execution role)", "J", (URI,)),
        ("Batch job (execution role)", "K", (URI,)),
    ]
    assert uses(report, "${Program}") == [
        ("Batch job (job role)", "J", ()),
        ("Batch job (job role)", "K", ()),
    ]


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        ("AWS::EKS::Nodegroup", {"NodeRole": WHO}, ("EKS node group", ())),
        ("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": WHO}}, ("EKS Auto Mode", ())),
        ("AWS::EKS::FargateProfile", {"PodExecutionRoleArn": WHO}, ("EKS Fargate profile", ())),
        (
            "AWS::SageMaker::Model",
            {"ExecutionRoleArn": WHO, "PrimaryContainer": {"Image": IMAGE}},
            ("SageMaker model", (URI,)),
        ),
        (
            "AWS::SageMaker::Model",
            {"ExecutionRoleArn": WHO, "Containers": [{"Image": IMAGE}, {"Image": IMAGE}]},
            ("SageMaker model", (URI,)),
        ),
        (
            "AWS::AppRunner::Service",
            {
                "SourceConfiguration": {
                    "AuthenticationConfiguration": {"AccessRoleArn": WHO},
                    "ImageRepository": {"ImageIdentifier": IMAGE},
                }
            },
            ("App Runner service (access role)", (URI,)),
        ),
        (
            "AWS::AppRunner::Service",
            {"InstanceConfiguration": {"InstanceRoleArn": WHO}},
            ("App Runner service (instance role)", ()),
        ),
    ],
    ids=["nodes", "auto", "pods", "model", "pipeline", "web", "program"],
)
def test_what_pulls_with_a_role_of_its_own_is_shown_there(kind, properties, said):
    acting = resource(kind, **properties)
    report = report_on({"Api": repository(), "Who": role(), "Acting": acting})
    ((named_kind, name, images),) = uses(report, "${Who}")
    assert ((named_kind, images), name) == (said, "Acting")


def test_a_role_that_a_condition_decides_is_shown_whichever_it_is():
    nodes = resource(
        "AWS::EKS::Nodegroup", NodeRole={"Fn::If": ["Big", WHO, {"Fn::GetAtt": ["Small", "Arn"]}]}
    )
    condition = {"Fn::Equals": [{"Ref": "Size"}, "big"]}
    report = report_on(
        {"Api": repository(), "Who": role(), "Small": role(), "Nodes": nodes},
        Parameters={"Size": {"Type": "String"}},
        Conditions={"Big": condition},
    )
    for name in ("${Who}", "${Small}"):
        assert uses(report, name) == [("EKS node group", "Nodes", ())]


def test_a_function_pulls_as_lambda_and_acts_as_its_role():
    function = resource(
        "AWS::Lambda::Function", Role={"Fn::GetAtt": ["Who", "Arn"]}, Code={"ImageUri": IMAGE}
    )
    report = report_on({"Api": repository(), "Who": role(), "F": function})
    assert uses(report, "lambda.amazonaws.com") == [("Lambda function", "F", (URI,))]
    assert uses(report, "${Who}") == [("Lambda function", "F", ())]
    # Nothing lets Lambda in: that it is asked shows it.
    assert verdicts(report, "lambda.amazonaws.com") == {}


def test_a_function_without_an_image_brings_no_service():
    function = resource("AWS::Lambda::Function", Role="arn:aws:iam::111111111111:role/x", Code={})
    report = report_on({"Api": repository(), "F": function})
    assert [row.arn for row in report.principals] == ["arn:aws:iam::111111111111:role/x"]


def test_a_build_pulls_as_its_role_or_as_codebuild():
    def project(credentials):
        return resource(
            "AWS::CodeBuild::Project",
            ServiceRole={"Ref": "Who"},
            Environment={"Image": IMAGE, "ImagePullCredentialsType": credentials},
        )

    by_role = report_on({"Api": repository(), "Who": role(), "B": project("SERVICE_ROLE")})
    assert uses(by_role, "${Who}") == [("CodeBuild project", "B", (URI,))]
    assert [row.kind for row in by_role.principals] == ["role"]
    own = report_on({"Api": repository(), "Who": role(), "B": project("CODEBUILD")})
    assert uses(own, "codebuild.amazonaws.com") == [("CodeBuild project", "B", (URI,))]
    assert uses(own, "${Who}") == [("CodeBuild project", "B", ())]


def test_an_application_pulls_by_the_policy_of_the_repository():
    application = resource(
        "AWS::EMRServerless::Application",
        ImageConfiguration={"ImageUri": IMAGE},
        WorkerTypeSpecifications={
            "Driver": {"ImageConfiguration": {"ImageUri": IMAGE}},
            "Executor": {"ImageConfiguration": {"ImageUri": "public.ecr.aws/x"}},
        },
    )
    report = report_on({"Api": repository(), "A": application})
    assert uses(report, "emr-serverless.amazonaws.com") == [
        ("EMR Serverless application", "A", (URI, "public.ecr.aws/x"))
    ]
    plain = report_on({"Api": repository(), "A": resource("AWS::EMRServerless::Application")})
    assert [row.kind for row in plain.principals] == []


def test_an_image_of_codebuilds_own_is_none_of_ours():
    project = resource(
        "AWS::CodeBuild::Project",
        ServiceRole={"Ref": "Who"},
        Environment={"Image": "aws/codebuild/standard:7.0"},
    )
    report = report_on({"Api": repository(), "Who": role(), "B": project})
    assert [row.kind for row in report.principals] == ["role"]


def test_an_instance_profile_is_a_use_of_its_role():
    profile = resource("AWS::IAM::InstanceProfile", Roles=[{"Ref": "Who"}])
    report = report_on({"Api": repository(), "Who": role(), "P": profile})
    assert uses(report, "${Who}") == [("instance profile", "P", ())]
