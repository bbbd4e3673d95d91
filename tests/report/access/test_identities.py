"""Policies in every form and attachment that CloudFormation has."""

from __future__ import annotations

import pytest

from .templates import (
    ARN,
    allow,
    deny,
    document,
    named,
    principal,
    report_on,
    repository,
    resource,
    role,
    verdicts,
)

DELETE = document(allow("ecr:BatchDeleteImage", on=f"{ARN}shop/api"))
API = {"Api": repository(), "Web": repository("shop/web")}
REF = {"Ref": "Who"}
KINDS = {
    "role": ("AWS::IAM::Role", "Roles", "AWS::IAM::RolePolicy", "RoleName"),
    "user": ("AWS::IAM::User", "Users", "AWS::IAM::UserPolicy", "UserName"),
    "group": ("AWS::IAM::Group", "Groups", "AWS::IAM::GroupPolicy", "GroupName"),
}


def ways(kind):
    """Resources that give a principal ``Who`` the policy, each in another way."""
    of_type, plural, own_policy, option = KINDS[kind]
    who = resource(of_type)
    managed = resource("AWS::IAM::ManagedPolicy", PolicyDocument=DELETE)
    inline = {"PolicyName": "own", "PolicyDocument": DELETE}
    return {
        "inside": {"Who": resource(of_type, Policies=[inline])},
        "AWS::IAM::Policy": {
            "Who": who,
            "P": resource(
                "AWS::IAM::Policy", PolicyName="p", PolicyDocument=DELETE, **{plural: [REF]}
            ),
        },
        own_policy: {
            "Who": who,
            "P": resource(own_policy, PolicyName="p", PolicyDocument=DELETE, **{option: REF}),
        },
        "managed, named by it": {
            "Who": who,
            "M": resource("AWS::IAM::ManagedPolicy", PolicyDocument=DELETE, **{plural: [REF]}),
        },
        "managed, naming it": {
            "Who": resource(of_type, ManagedPolicyArns=[{"Ref": "M"}]),
            "M": managed,
        },
    }


@pytest.mark.parametrize(("kind", "way"), [(kind, way) for kind in KINDS for way in ways(kind)])
def test_a_policy_is_found_wherever_it_is_attached(kind, way):
    report = report_on({**API, **ways(kind)[way]})
    assert verdicts(report, "${Who}") == {"delete": "allowed"}
    assert verdicts(report, "${Who}", "shop/web") == {}
    row = principal(report, "${Who}")
    assert (row.kind, row.external, row.unresolved) == (kind, False, ())


def test_a_user_has_the_policies_of_its_groups_both_ways_of_membership():
    group = resource("AWS::IAM::Group", Policies=[{"PolicyName": "g", "PolicyDocument": DELETE}])
    listed = resource("AWS::IAM::User", Groups=[{"Ref": "Group"}])
    added = resource(
        "AWS::IAM::UserToGroupAddition", GroupName={"Ref": "Group"}, Users=[{"Ref": "Added"}]
    )
    report = report_on(
        {
            **API,
            "Group": group,
            "Listed": listed,
            "Added": resource("AWS::IAM::User"),
            "Addition": added,
            "Other": resource("AWS::IAM::User"),
        }
    )
    assert verdicts(report, "${Listed}") == {"delete": "allowed"}
    assert verdicts(report, "${Added}") == {"delete": "allowed"}
    assert verdicts(report, "${Other}") == {}


def test_a_boundary_limits_and_a_deny_denies():
    boundary = resource("AWS::IAM::ManagedPolicy", PolicyDocument=document(allow("ecr:Describe*")))
    policies = [{"PolicyName": "all", "PolicyDocument": document(allow("ecr:*"))}]
    denying = [*policies, {"PolicyName": "no", "PolicyDocument": document(deny("ecr:Put*"))}]
    report = report_on(
        {
            **API,
            "B": boundary,
            "Bound": role(Policies=policies, PermissionsBoundary={"Ref": "B"}),
            "Denied": role(Policies=denying),
        }
    )
    assert verdicts(report, "${Bound}") == {"read": "allowed"}
    assert verdicts(report, "${Denied}")["push"] == "denied"
    assert verdicts(report, "${Denied}")["pull"] == "allowed"


STRICT = {"Conditions": {"Strict": {"Fn::Equals": [{"Ref": "Mode"}, "strict"]}},
          "Parameters": {"Mode": {"Type": "String"}}}  # fmt: skip
EVERYTHING = [{"PolicyName": "all", "PolicyDocument": document(allow("ecr:*"))}]


def if_strict(yes, no=None):
    return {"Fn::If": ["Strict", yes, no or {"Ref": "AWS::NoValue"}]}


def test_a_boundary_under_a_condition_limits_only_where_the_condition_holds():
    boundary = resource("AWS::IAM::ManagedPolicy", PolicyDocument=document(allow("ecr:Describe*")))
    report = report_on(
        {
            **API,
            "B": boundary,
            "Some": role(Policies=EVERYTHING, PermissionsBoundary=if_strict({"Ref": "B"})),
            "Elsewhere": role(
                Policies=EVERYTHING,
                PermissionsBoundary=if_strict({"Ref": "B"}, "arn:aws:iam::9:policy/elsewhere"),
            ),
        },
        **STRICT,
    )
    for who in ("${Some}", "${Elsewhere}"):
        assert verdicts(report, who)["delete"] == "conditional"
    (cell,) = [
        cell
        for cell in report.cells()
        if cell.principal.arn.endswith("${Some}") and cell.repository.name == "shop/api"
    ]
    _, limit = cell.levels["delete"].because
    assert limit.policy == "no permissions boundary"
    assert limit.condition == {"StringEquals": {"template:Strict": "false"}}
    assert principal(report, "${Elsewhere}").unresolved == (
        "arn:aws:iam::9:policy/elsewhere (permissions boundary)",
    )


@pytest.mark.parametrize("statement", [allow("ecr:*"), deny("ecr:*")], ids=["allow", "deny"])
def test_a_membership_under_a_condition_counts_under_it_whatever_the_group_says(statement):
    group = resource(
        "AWS::IAM::Group", Policies=[{"PolicyName": "g", "PolicyDocument": document(statement)}]
    )
    own = EVERYTHING if statement["Effect"] == "Deny" else []
    addition = resource(
        "AWS::IAM::UserToGroupAddition", GroupName={"Ref": "Group"}, Users=[{"Ref": "Added"}]
    )
    report = report_on(
        {
            **API,
            "Group": group,
            "Listed": resource(
                "AWS::IAM::User", Policies=own, Groups=[if_strict({"Ref": "Group"})]
            ),
            "Added": resource("AWS::IAM::User", Policies=own),
            "Addition": {**addition, "Condition": "Strict"},
        },
        **STRICT,
    )
    for who in ("${Listed}", "${Added}"):
        assert set(verdicts(report, who).values()) == {"conditional"}


def test_a_policy_that_is_attached_surely_besides_counts_surely():
    report = report_on(
        {
            **API,
            "Who": role(ManagedPolicyArns=[if_strict({"Ref": "P"})]),
            "P": resource("AWS::IAM::ManagedPolicy", PolicyDocument=DELETE, Roles=[{"Ref": "Who"}]),
        },
        **STRICT,
    )
    assert verdicts(report, "${Who}") == {"delete": "allowed"}


@pytest.mark.parametrize(
    ("policy", "levels"),
    [
        ("AmazonEC2ContainerRegistryPullOnly", {"pull"}),
        ("AmazonEC2ContainerRegistryReadOnly", {"pull", "read"}),
        ("AmazonEC2ContainerRegistryPowerUser", {"pull", "push", "read"}),
        ("AmazonEC2ContainerRegistryFullAccess", {"pull", "push", "read", "delete", "admin"}),
        ("PowerUserAccess", {"pull", "push", "read", "delete", "admin"}),
        ("AdministratorAccess", {"pull", "push", "read", "delete", "admin"}),
        ("ReadOnlyAccess", {"pull", "read"}),
        ("SecurityAudit", {"read"}),
        ("service-role/AmazonECSTaskExecutionRolePolicy", {"pull"}),
        ("service-role/AWSAppRunnerServicePolicyForECRAccess", {"pull", "read"}),
    ],
)
def test_policies_of_aws_are_known_by_their_text(policy, levels):
    arn = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}"}
    report = report_on({**API, "Who": role(ManagedPolicyArns=[arn])})
    assert verdicts(report, "${Who}") == dict.fromkeys(sorted(levels), "allowed") | {}
    row = principal(report, "${Who}")
    assert row.unresolved == ()
    assert row.wildcard


def test_a_policy_of_aws_that_says_nothing_of_ecr_gives_nothing():
    other = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    report = report_on({**API, "Who": role(ManagedPolicyArns=[other])})
    assert verdicts(report, "${Who}") == {}
    assert principal(report, "${Who}").unresolved == ()


def test_a_policy_whose_text_is_nowhere_is_unresolved_and_gives_nothing():
    unknown = "arn:aws:iam::aws:policy/NewerThanThis"
    foreign = "arn:aws:iam::111111111111:policy/of-somebody"
    report = report_on(
        {**API, "Who": role(ManagedPolicyArns=[unknown, foreign], PermissionsBoundary=unknown)}
    )
    assert verdicts(report, "${Who}") == {}
    assert principal(report, "${Who}").unresolved == (
        unknown,
        foreign,
        f"{unknown} (permissions boundary)",
    )


def test_a_policy_for_a_role_that_is_not_in_the_template_makes_it_known():
    policy = resource(
        "AWS::IAM::Policy", PolicyName="p", PolicyDocument=DELETE, Roles=["there-before"]
    )
    report = report_on({**API, "P": policy})
    row = principal(report, ":role/there-before")
    assert verdicts(report, ":role/there-before") == {"delete": "allowed"}
    assert row.construct_path is None
    assert row.unresolved == ("its other policies: the template does not define it",)


def test_tags_of_the_principal_and_of_the_repository_decide_conditions():
    statement = allow(
        "ecr:BatchDeleteImage",
        Condition={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
    )
    policies = [{"PolicyName": "p", "PolicyDocument": document(statement)}]
    team = [{"Key": "team", "Value": "shop"}]
    resources = {
        "Api": repository(Tags=team),
        "Web": repository("shop/web", Tags=[{"Key": "team", "Value": "other"}]),
        "Bare": repository("shop/bare"),
        "Who": role(Policies=policies, Tags=team),
    }
    report = report_on(resources)
    assert verdicts(report, "${Who}") == {"delete": "allowed"}
    assert verdicts(report, "${Who}", "shop/web") == {}
    # A stack may add tags when it is deployed; an assembly says which.
    assert verdicts(report, "${Who}", "shop/bare") == {"delete": "conditional"}
    told = report_on(resources, tags={"team": "shop"})
    assert verdicts(told, "${Who}", "shop/bare") == {"delete": "allowed"}


SECTIONS = {
    "Parameters": {"Env": {"Type": "String"}, "Name": {"Type": "String"}},
    "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
}


class TestWhatTheTemplateDoesNotDecide:
    def report(self, statement, **more):
        policies = [{"PolicyName": "p", "PolicyDocument": document(statement)}]
        return report_on({**API, "Who": role(Policies=policies), **more}, **SECTIONS)

    def reasons(self, report, level="delete"):
        return [
            reason.condition
            for cell in report.cells()
            if cell.repository.name == "shop/api" and cell.principal.kind == "role"
            for reason in cell.levels[level].because
        ]

    def test_a_resource_of_either_branch_is_conditional(self):
        either = {"Fn::If": ["Prod", f"{ARN}shop/api", f"{ARN}shop/web"]}
        report = self.report(allow("ecr:BatchDeleteImage", on=either))
        assert verdicts(report, "${Who}") == {"delete": "conditional"}
        assert verdicts(report, "${Who}", "shop/web") == {"delete": "conditional"}
        assert self.reasons(report) == [{"StringEquals": {"template:Prod": "true"}}]

    def test_what_both_branches_allow_is_allowed(self):
        either = {"Fn::If": ["Prod", f"{ARN}shop/*", f"{ARN}shop/api"]}
        report = self.report(allow("ecr:BatchDeleteImage", on=either))
        # Each is under its own side of the condition, so this stays the answer that warns.
        assert verdicts(report, "${Who}") == {"delete": "conditional"}

    def test_a_statement_of_one_branch_does_not_move_the_others(self):
        maybe = {"Fn::If": ["Prod", allow("ecr:PutImage"), {"Ref": "AWS::NoValue"}]}
        sure = allow("ecr:BatchDeleteImage")
        policies = [{"PolicyName": "p", "PolicyDocument": document(maybe, sure)}]
        report = report_on({**API, "Who": role(Policies=policies)}, **SECTIONS)
        assert verdicts(report, "${Who}") == {"delete": "allowed"}
        (cell, _) = report.cells()
        (reason,) = cell.levels["delete"].because
        assert (reason.statement, reason.condition) == (1, None)

    def test_a_deny_of_one_branch_leaves_the_access_conditional(self):
        maybe = {"Fn::If": ["Prod", deny("ecr:*"), {"Ref": "AWS::NoValue"}]}
        policies = [{"PolicyName": "p", "PolicyDocument": document(allow("ecr:*"), maybe)}]
        report = report_on({**API, "Who": role(Policies=policies)}, **SECTIONS)
        assert set(verdicts(report, "${Who}").values()) == {"conditional"}

    def test_a_policy_resource_under_a_condition(self):
        policy = resource(
            "AWS::IAM::Policy", PolicyName="p", PolicyDocument=DELETE, Roles=[{"Ref": "Who"}]
        )
        report = report_on({**API, "Who": role(), "P": {**policy, "Condition": "Prod"}}, **SECTIONS)
        assert verdicts(report, "${Who}") == {"delete": "conditional"}

    def test_a_managed_policy_of_one_branch(self):
        arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
        attached = [{"Fn::If": ["Prod", arn, {"Ref": "AWS::NoValue"}]}]
        report = report_on({**API, "Who": role(ManagedPolicyArns=attached)}, **SECTIONS)
        assert verdicts(report, "${Who}") == {"pull": "conditional"}

    def test_a_name_that_is_a_parameter_may_be_any(self):
        on = {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/${Name}"}
        report = self.report(allow("ecr:BatchDeleteImage", on=on), Open=repository({"Ref": "Name"}))
        assert verdicts(report, "${Who}") == {"delete": "conditional"}
        assert verdicts(report, "${Who}", "${Name}") == {"delete": "allowed"}
        assert self.reasons(report) == [{"StringEquals": {"template:Name": "any value"}}]

    def test_a_whole_arn_that_is_a_parameter_may_be_any(self):
        report = self.report(allow("ecr:BatchDeleteImage", on={"Ref": "Name"}))
        assert verdicts(report, "${Who}") == {"delete": "conditional"}

    def test_the_arn_of_something_else_is_no_repository(self):
        report = self.report(
            allow("ecr:BatchDeleteImage", on={"Fn::GetAtt": ["Queue", "Arn"]}),
            Queue=resource("AWS::SQS::Queue"),
        )
        assert verdicts(report, "${Who}") == {}

    def test_an_exception_that_is_a_parameter_may_not_be_one(self):
        statement = allow("ecr:BatchDeleteImage")
        del statement["Resource"]
        statement["NotResource"] = {"Fn::Sub": f"{ARN}${{Name}}"}
        report = self.report(statement)
        assert verdicts(report, "${Who}") == {"delete": "conditional"}

    def test_a_role_under_a_condition_that_fails_is_not_there(self):
        never = {"Never": {"Fn::Equals": ["a", "b"]}}
        report = report_on({**API, "Who": {**role(), "Condition": "Never"}}, Conditions=never)
        assert report.principals == ()


@pytest.mark.parametrize(
    ("pattern", "stack_name", "verdict"),
    [
        ("*", "Shop", "allowed"),
        ("shop-*", "Shop", "conditional"),
        ("shop-unn*", "Shop", "conditional"),
        ("*-unnamed-*", "Shop", "conditional"),
        ("web-*", "Shop", "none"),
        ("shop/*", "Shop", "none"),
        ("shop-other*", "Shop", "none"),
        ("shop-*", None, "conditional"),
        ("shop/*", None, "none"),
        ("[s]hop-*", "Shop", "none"),
    ],
)
def test_a_pattern_may_match_a_name_that_is_made_up(pattern, stack_name, verdict):
    statement = allow("ecr:BatchDeleteImage", on=ARN + pattern)
    policies = [{"PolicyName": "p", "PolicyDocument": document(statement)}]
    template = {"Unnamed": resource("AWS::ECR::Repository"), "Who": role(Policies=policies)}
    (cell,) = report_on(template, stack_name=stack_name).cells()
    assert cell.verdict("delete").value == verdict
    if verdict == "conditional":
        (reason,) = cell.levels["delete"].because
        assert reason.condition == {"StringEquals": {"template:Unnamed.RepositoryName": pattern}}


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("shop/a", "conditional"),
        ("shop/*", "conditional"),
        ("shop/c", "none"),
        ("*", "allowed"),
    ],
)
def test_a_name_of_two_may_be_either(written, verdict):
    policies = [
        {
            "PolicyName": "p",
            "PolicyDocument": document(allow("ecr:BatchDeleteImage", on=ARN + written)),
        }
    ]
    either = repository({"Fn::If": ["Prod", "shop/a", "shop/b"]})
    (cell,) = report_on({"Api": either, "Who": role(Policies=policies)}, **SECTIONS).cells()
    assert cell.verdict("delete").value == verdict


@pytest.mark.parametrize(
    ("name", "written", "verdict"),
    [
        ({"Ref": "Name"}, "shop/any", "conditional"),
        ({"Ref": "Name"}, "shop/taken", "none"),
        ({"Ref": "Name"}, "shop/*", "conditional"),
        ({"Fn::Sub": "${Env}/api"}, "prod/api", "conditional"),
        ({"Fn::Sub": "${Env}/api"}, "prod/web", "none"),
        ({"Fn::Sub": "shop/${Env}"}, "shop/p*", "conditional"),
        ({"Fn::Sub": "shop/${Env}"}, "web/*", "none"),
        ({"Fn::Sub": "shop/${Env}"}, "shop/*", "allowed"),
    ],
)
def test_a_name_that_is_a_parameter_may_be_any_that_is_free(name, written, verdict):
    policies = [
        {
            "PolicyName": "p",
            "PolicyDocument": document(allow("ecr:BatchDeleteImage", on=ARN + written)),
        }
    ]
    resources = {
        "Api": repository(name),
        "Taken": repository("shop/taken"),
        "Who": role(Policies=policies),
    }
    cell, _ = report_on(resources, **SECTIONS).cells()
    assert cell.verdict("delete").value == verdict


def test_characters_of_our_own_in_a_template_mean_nothing():
    statement = allow("ecr:BatchDeleteImage", on=f"{ARN}\ue0017\ue002\ue0019999999999999\ue002")
    policies = [{"PolicyName": "\ue0005\ue002", "PolicyDocument": document(statement)}]
    report = report_on({**API, "Who": role(Policies=policies)})
    report.as_json()
    assert verdicts(report, "${Who}") == {}


def test_a_policy_that_aws_would_refuse_is_said():
    policies = [{"PolicyName": "p", "PolicyDocument": document({"Effect": "allow"})}]
    report = report_on({**API, "Who": role(Policies=policies)})
    (note,) = report.notes
    assert note == "p, statement 0: the statement has no effect, so AWS would refuse it"


@pytest.mark.parametrize("policy", ["{", [], 7, '"text"'])
def test_a_policy_of_another_shape_is_left_out_and_said(policy):
    report = report_on({"Api": repository(RepositoryPolicyText=policy)})
    assert len(report.notes) == 1
    assert "left out" in report.notes[0]


def test_a_policy_may_be_text():
    text = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", '
        '"Action": "ecr:ListImages"}}'
    )
    report = report_on({"Api": repository(RepositoryPolicyText=text)})
    assert verdicts(report, "*") == {"read": "allowed"}


def test_a_role_that_the_repository_names_in_its_own_template():
    statement = named({"AWS": {"Fn::GetAtt": ["Who", "Arn"]}}, "ecr:ListImages")
    report = report_on({"Api": repository("shop/api", statement), "Who": role()})
    assert verdicts(report, "${Who}") == {"read": "allowed"}
    assert [row.kind for row in report.principals] == ["role"]


@pytest.mark.parametrize(
    "resource_arn",
    [
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Data", "Arn"]}, "/models/*"]]},
        {"Fn::Sub": "${Data.Arn}/*"},
        {"Fn::Sub": "${Data.Arn}:*"},
    ],
    ids=["join", "sub", "version"],
)
def test_what_is_below_a_resource_of_another_service_is_an_arn(resource_arn):
    statement = allow("s3:GetObject", on=resource_arn)
    policies = [{"PolicyName": "data", "PolicyDocument": document(statement)}]
    report = report_on(
        {"Api": repository(), "Data": resource("AWS::S3::Bucket"), "Who": role(Policies=policies)}
    )
    assert report.notes == ()
    assert verdicts(report, "${Who}") == {}


@pytest.mark.parametrize("written", ["${Where}", "${Where}/*", "${Where}*"])
def test_what_begins_with_a_parameter_may_be_any_repository(written):
    statement = allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", on={"Fn::Sub": written})
    token = allow("ecr:GetAuthorizationToken")
    policies = [{"PolicyName": "pull", "PolicyDocument": document(statement, token)}]
    report = report_on(
        {"Api": repository(), "Who": role(Policies=policies)},
        Parameters={"Where": {"Type": "String"}},
    )
    assert report.notes == ()
    assert verdicts(report, "${Who}") == {"pull": "conditional"}


def test_a_policy_text_with_a_key_twice_is_left_out_with_a_note():
    text = '{"Version": "2012-10-17", "Statement": [], "Statement": [{"Effect": "Allow"}]}'
    report = report_on({**API, "Who": role(Policies=[{"PolicyName": "p", "PolicyDocument": text}])})
    assert report.notes == (
        (
            "p: in the policy's text the key Statement stands twice in one object, in lines 1 and 1"
            ", so it is left out"
        ),
    )


@pytest.mark.parametrize(
    ("path", "arn"),
    [
        ({"Ref": "Where"}, "role/${Where}/who"),
        ({"Fn::Sub": "/ci/${Where}/"}, "role/ci/${Where}/who"),
        ("team", "role/team/who"),
        ("/", "role/who"),
        (7, "role/who"),
    ],
    ids=str,
)
def test_a_path_may_be_a_parameter(path, arn):
    policies = [{"PolicyName": "p", "PolicyDocument": DELETE}]
    report = report_on(
        {**API, "Who": role(RoleName="who", Path=path, Policies=policies)},
        Parameters={"Where": {"Type": "String"}},
    )
    assert [row.arn for row in report.principals] == [f"arn:aws:iam::111111111111:{arn}"]
    assert verdicts(report, arn) == {"delete": "allowed"}
