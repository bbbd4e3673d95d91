"""Grants: what each principal gets, on which side, and what is refused."""

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match

from ecr_constructs import GrantError, OrganizationalUnitPrincipal, SecureRepository
from ecr_constructs.model.iam.actions import Access

from .conftest import OTHER, actions, repository_statements, statements_of, templates

TOKEN = {"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}
GRANTS = {
    "grant_pull": Access.PULL,
    "grant_push": Access.PUSH,
    "grant_pull_push": Access.PULL_PUSH,
    "grant_read": Access.READ,
    "grant_delete": Access.DELETE,
    "grant_admin": Access.ADMIN,
}
EC2 = "ec2.amazonaws.com"


def listed(value):
    return value if isinstance(value, list) else [value]


def warnings_of(construct) -> list[str]:
    return [str(entry.data) for entry in construct.node.metadata if entry.type == "aws:cdk:warning"]


@pytest.fixture
def other(app):
    account, region = OTHER
    return cdk.Stack(app, "Other", env=cdk.Environment(account=account, region=region))


def test_within_an_account_the_identity_policy_has_exactly_the_actions(app):
    for method in GRANTS:
        stack = cdk.Stack(app, method.replace("_", "-"))
        repository = SecureRepository(stack, "Api")
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal(EC2))
        for grantee in (role, iam.User(stack, "User"), iam.Group(stack, "Group")):
            assert getattr(repository, method)(grantee).success
    found = templates(app)
    for method, access in GRANTS.items():
        template = found[method.replace("_", "-")]
        assert repository_statements(template) == []
        statements = statements_of(template)
        own = [entry for entry in statements if entry != TOKEN]
        assert len(own) == 3
        for statement in own:
            assert set(listed(statement["Action"])) == set(access.actions)
            assert statement["Resource"] == {
                "Fn::GetAtt": [next(iter(template["Resources"])), "Arn"]
            }
        assert statements.count(TOKEN) == (3 if access.needs_token else 0)


def test_single_actions(app, stack, other):
    repository = SecureRepository(stack, "Api", repository_name="shop/api")
    role = iam.Role(other, "Role", role_name="cleaner", assumed_by=iam.ServicePrincipal(EC2))
    repository.grant(role, "ecr:DeleteRepository", "ecr:BatchDeleteImage")
    for wrong in ((), ("ecr:GetAuthorizationToken",), ("s3:GetObject",)):
        with pytest.raises(GrantError, match="actions:"):
            repository.grant(role, *wrong)
    found = templates(app)
    (statement,) = repository_statements(found["Shop"])
    assert statement["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/cleaner"}
    }
    assert actions(statements_of(found["Other"])) == {
        "ecr:DeleteRepository",
        "ecr:BatchDeleteImage",
    }


def test_constructs_that_have_a_role(app, stack):
    repository = SecureRepository(stack, "Api")
    function = lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_inline("pass"),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_12,
    )
    assert repository.grant_pull(function).success
    statements = statements_of(templates(app)["Shop"])
    assert TOKEN in statements
    assert any(set(listed(entry["Action"])) == set(Access.PULL.actions) for entry in statements)


def test_what_cdk_itself_calls_gets_the_same_conditions(app, stack):
    repository = SecureRepository(stack, "Api", repository_name="shop/api")
    for name in ("One", "Two"):
        lambda_.DockerImageFunction(
            stack, name, code=lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="v1")
        )
    codebuild.Project(
        stack,
        "Build",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        environment=codebuild.BuildEnvironment(
            build_image=codebuild.LinuxBuildImage.from_ecr_repository(repository, "v1")
        ),
    )
    template = templates(app)["Shop"]
    (statement,) = repository_statements(template)
    assert statement == {
        "Action": list(Access.PULL.actions),
        "Condition": {
            "StringLike": {"aws:SourceArn": "arn:aws:lambda:eu-west-1:111111111111:function:*"}
        },
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    assert TOKEN in statements_of(template)


def test_services_are_limited_to_the_account(app, stack):
    repository = SecureRepository(stack, "Api")
    repository.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com"))
    repository.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["ecr:BatchGetImage"],
            principals=[iam.ServicePrincipal("lambda.amazonaws.com")],
            conditions={"StringEquals": {"aws:SourceAccount": "222222222222"}},
        )
    )
    codebuild_, own = repository_statements(templates(app)["Shop"])
    assert codebuild_["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:codebuild:eu-west-1:111111111111:project/*"},
        "StringEquals": {"aws:SourceAccount": "111111111111"},
    }
    # A condition that says for whom the service may act is the user's own decision.
    assert own["Condition"] == {"StringEquals": {"aws:SourceAccount": "222222222222"}}


def test_accounts_organizations_and_units(app, stack):
    repository = SecureRepository(stack, "Api")
    unit = "o-12345abcde/r-ab12/ou-ab12-11111111/*"
    repository.grant_pull(iam.AccountPrincipal("222222222222"))
    repository.grant_pull(iam.OrganizationPrincipal("o-12345abcde"))
    repository.grant_read(OrganizationalUnitPrincipal(unit))
    account, organization, below = repository_statements(templates(app)["Shop"])
    assert account["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert organization["Principal"] == {"AWS": "*"}
    assert organization["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-12345abcde"}}
    assert below["Principal"] == "*"
    assert below["Condition"] == {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [unit]}}
    assert set(listed(below["Action"])) == set(Access.READ.actions)


def test_over_accounts_both_sides_name_the_one_role(app, stack, other):
    repository = SecureRepository(stack, "Api", repository_name="shop/api")
    role = iam.Role(other, "Role", role_name="reader", assumed_by=iam.ServicePrincipal(EC2))
    user = iam.User(other, "User", user_name="anna")
    generated = iam.Role(
        other,
        "Generated",
        role_name=cdk.PhysicalName.GENERATE_IF_NEEDED,
        assumed_by=iam.ServicePrincipal(EC2),
    )
    for grantee in (role, user, generated):
        repository.grant_pull(grantee)
    found = templates(app)
    first, second, third = repository_statements(found["Shop"])
    assert first["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert first["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/reader"}
    }
    assert second["Condition"]["ArnEquals"]["aws:PrincipalArn"].endswith(":user/anna")
    assert third["Condition"]["ArnEquals"]["aws:PrincipalArn"].startswith(
        "arn:aws:iam::222222222222:role/"
    )
    arn = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/api"
    own = [entry for entry in statements_of(found["Other"]) if entry != TOKEN]
    assert [entry["Resource"] for entry in own] == [arn] * 3


def test_over_accounts_a_name_is_needed(app, stack, other):
    repository = SecureRepository(stack, "Api", repository_name="shop/api")
    role = iam.Role(other, "Role", assumed_by=iam.ServicePrincipal(EC2))
    with pytest.raises(GrantError, match=r"Shop/Api.*Other/Role.*role_name") as caught:
        repository.grant_pull(role)
    assert caught.value.code == "grant-principal-unnamed"
    with pytest.raises(GrantError, match=r"is a group.*Other/Group"):
        repository.grant_pull(iam.Group(other, "Group"))
    # Nothing of a refused grant is written.
    found = templates(app)
    assert repository_statements(found["Shop"]) == []
    assert statements_of(found["Other"]) == []


REFUSED = {
    "public": (iam.AnyPrincipal, "every AWS account"),
    "star": (iam.StarPrincipal, "every AWS account"),
    "short account": (lambda: iam.AccountPrincipal("123"), "12 digits"),
    "federated": (lambda: iam.WebIdentityPrincipal("example.com"), "never sees"),
    "ecs": (lambda: iam.ServicePrincipal("ecs-tasks.amazonaws.com"), "TaskExecutionRole"),
    "mixed": (
        lambda: iam.CompositePrincipal(
            iam.AccountPrincipal("222222222222"), iam.ServicePrincipal("lambda.amazonaws.com")
        ),
        "grant to each of them apart",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_grants_that_are_refused(stack, case):
    principal, hint = REFUSED[case]
    repository = SecureRepository(stack, "Api")
    with pytest.raises(GrantError, match=hint) as caught:
        repository.grant_pull(principal())
    assert caught.value.construct_path == "Shop/Api"
    assert caught.value.findings[0].property == "grantee"


STATEMENTS = {
    "resource": ({"actions": ["ecr:BatchGetImage"], "resources": ["*"]}, "Resource"),
    "token": ({"actions": ["ecr:GetAuthorizationToken"]}, "no effect"),
    "unknown": ({"actions": ["ecr:PullImage"]}, "no action of ECR"),
    "other service": ({"actions": ["s3:GetObject"]}, "no action of ECR"),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_statements_that_ecr_refuses_or_ignores(stack, case):
    options, hint = STATEMENTS[case]
    principal = iam.AccountPrincipal("222222222222")
    statement = iam.PolicyStatement(principals=[principal], **options)
    with pytest.raises(GrantError, match=hint):
        SecureRepository(stack, "Api", policy_statements=[statement])


def test_a_policy_that_is_too_long(stack):
    repository = SecureRepository(stack, "Api")
    readers = [f"arn:aws:iam::222222222222:role/reader-{number}" for number in range(200)]
    with pytest.raises(GrantError, match="at most 10240"):
        _grant_to_each(repository, readers)


def _grant_to_each(repository, arns):
    for arn in arns:
        repository.grant_pull(iam.ArnPrincipal(arn))


def test_the_own_account_is_a_warning(stack):
    repository = SecureRepository(stack, "Api")
    repository.grant_pull(iam.AccountPrincipal("111111111111"))
    assert any("gives none of its roles access" in text for text in warnings_of(repository))


def test_imported_identities(app, stack):
    repository = SecureRepository(stack, "Api")
    arn = "arn:aws:iam::111111111111:role/existing"
    mutable = iam.Role.from_role_arn(stack, "Mutable", arn)
    frozen = iam.Role.from_role_arn(stack, "Frozen", arn + "-frozen", mutable=False)
    stranger = iam.Role.from_role_arn(stack, "Stranger", "arn:aws:iam::222222222222:role/x")
    assert repository.grant_pull(mutable).success
    repository.grant_pull(frozen)
    repository.grant_pull(stranger)
    texts = warnings_of(repository)
    assert sum("can log in to the registry only by" in text for text in texts) == 2
    assert sum("has no policy that this app may write to" in text for text in texts) == 1
    statements = repository_statements(templates(app)["Shop"])
    assert {"AWS": arn + "-frozen"} in [entry["Principal"] for entry in statements]
    assert {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/x"}} in [
        entry.get("Condition") for entry in statements
    ]
    assert TOKEN in statements_of(templates(app)["Shop"])


def test_adopted_repositories(app, stack):
    named = SecureRepository.from_repository_name(stack, "Named", "other/x")
    far = SecureRepository.from_repository_arn(
        stack, "Far", "arn:aws:ecr:us-east-1:333333333333:repository/a/b"
    )
    parameter = cdk.CfnParameter(stack, "Name")
    deferred = SecureRepository.from_repository_name(stack, "Token", parameter.value_as_string)
    role = iam.Role(
        stack, "Role", role_name="puller", path="/team/", assumed_by=iam.ServicePrincipal(EC2)
    )
    for repository in (named, far, deferred):
        repository.grant_pull(role)
    assert stack.resolve(far.repository_uri_for_tag("v1"))["Fn::Join"][1][0].startswith(
        "333333333333.dkr.ecr.us-east-1."
    )
    # Half of a grant over accounts is written; the other half is said, ready to copy.
    (warning,) = warnings_of(far)
    statement = json.loads(
        warning[warning.index("fix: ") :].split(": ", 2)[2].rsplit("})", 1)[0] + "}"
    )
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
        "Action": list(Access.PULL.actions),
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/team/puller"}
        },
    }
    far.grant_push(iam.Role(stack, "Unnamed", assumed_by=iam.ServicePrincipal(EC2)))
    assert "role_name" in warnings_of(far)[-1]
    with pytest.raises(GrantError, match=r"Shop/Named.*add this statement.*222222222222:root"):
        named.grant_pull(iam.AccountPrincipal("222222222222"))
    # Lambda's statement may stand there already: CDK's own construct must not fail.
    lambda_.DockerImageFunction(
        stack, "Function", code=lambda_.DockerImageCode.from_ecr(named, tag_or_digest="v1")
    )
    assert any("aws:SourceArn" in text for text in warnings_of(named))
    statements = statements_of(templates(app)["Shop"])
    (policy,) = [entry for entry in statements if isinstance(entry["Resource"], list)]
    assert policy["Resource"][:2] == [
        "arn:aws:ecr:eu-west-1:111111111111:repository/other/x",
        "arn:aws:ecr:us-east-1:333333333333:repository/a/b",
    ]


ADOPTED = {
    "a name with capitals": (lambda s: SecureRepository.from_repository_name(s, "A", "X"), "name"),
    "a name as ARN": (
        lambda s: SecureRepository.from_repository_arn(s, "A", "shop/api"),
        "from_repository_name",
    ),
    "an S3 ARN": (
        lambda s: SecureRepository.from_repository_arn(s, "A", "arn:aws:s3:::bucket"),
        "ECR repository",
    ),
    "a token as ARN": (
        lambda s: SecureRepository.from_repository_arn(
            s, "A", cdk.Fn.import_value("RepositoryArn")
        ),
        "from_repository_attributes",
    ),
}


@pytest.mark.parametrize("case", ADOPTED)
def test_adopted_repositories_are_checked(stack, case):
    make, hint = ADOPTED[case]
    with pytest.raises(ValueError, match=f"Shop/A.*{hint}"):
        make(stack)


@pytest.mark.parametrize("unknown", ["role", "repository"])
def test_a_role_without_a_name_whose_account_may_be_another_is_told(app, unknown):
    known = cdk.Environment(account="111111111111", region="eu-west-1")
    homes = {"role": None, "repository": None, unknown: known}
    near = cdk.Stack(app, "Near", env=homes["repository"])
    anywhere = cdk.Stack(app, "Anywhere", env=homes["role"])
    api = SecureRepository(near, "Api", repository_name="shop/api")
    role = iam.Role(anywhere, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    api.grant_pull(role)
    (warned,) = Annotations.from_stack(near).find_warning("*", Match.any_value())
    assert "takes effect only once" in str(warned.entry.data)
    assert re.search(r"aws:PrincipalArn.*\$\{Role\w+\.Arn\}", str(warned.entry.data))
