"""Whom repository and registry policies let in, as the report prints and orders them."""

from __future__ import annotations

import pytest

from .templates import (
    allow,
    document,
    named,
    principal,
    report_on,
    repository,
    resource,
    role,
    verdicts,
)

ROOT = "arn:aws:iam::222222222222:root"
ROLE = "arn:aws:iam::222222222222:role/runner"


def printed(statement):
    """Arn, kind, external and pull of everybody whom the statement brings into the report."""
    report = report_on({"Api": repository("shop/api", statement)})
    return [
        (
            cell.principal.arn,
            cell.principal.kind,
            cell.principal.external,
            cell.verdict("pull").value,
        )
        for cell in report.cells()
    ]


def equals(key, *values):
    return {"Condition": {"StringEquals": {key: list(values)}}}


def test_everybody():
    for anybody in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
        assert printed(named(anybody)) == [("*", "public", True, "allowed")]


def test_everybody_of_an_organization_is_the_organization():
    expected = [("o-a1b2c3d4e5", "organization", True, "allowed")]
    assert printed(named("*", **equals("aws:PrincipalOrgID", "o-a1b2c3d4e5"))) == expected
    like = {"Condition": {"StringLike": {"AWS:principalorgid": "o-a1b2c3d4e5"}}}
    assert printed(named({"AWS": "*"}, **like)) == expected


@pytest.mark.parametrize("end", ["*", "ou-*", ""])
def test_everybody_of_a_unit_is_the_unit(end):
    path = f"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/{end}"
    condition = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [path]}}
    assert printed(named("*", Condition=condition)) == [(path, "organization", True, "allowed")]


def test_everybody_without_an_organization_is_not_an_organization():
    negative = {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
    assert printed(named("*", **negative)) == [("*", "public", True, "allowed")]


def test_everybody_from_a_network_is_everybody_under_a_condition():
    network = {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
    assert printed(named("*", **network)) == [("*", "public", True, "conditional")]


def test_everybody_whose_role_has_a_name_is_everybody_for_names_can_be_chosen():
    condition = {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}}
    assert printed(named("*", **condition)) == [("*", "public", True, "conditional")]


def test_everybody_of_an_account_is_the_account():
    assert printed(named("*", **equals("aws:PrincipalAccount", "222222222222"))) == [
        (ROOT, "account", True, "allowed")
    ]


@pytest.mark.parametrize("account", [ROOT, "222222222222"])
def test_an_account(account):
    assert printed(named({"AWS": account})) == [(ROOT, "account", True, "allowed")]


@pytest.mark.parametrize("caller", ["*", {"AWS": ROOT}, {"AWS": "222222222222"}])
@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringEquals", "StringLike"])
def test_the_root_if_it_is_a_role_is_the_role(caller, operator):
    statement = named(caller, Condition={operator: {"aws:PrincipalArn": ROLE}})
    assert printed(statement) == [(ROLE, "role", True, "allowed")]


def test_a_condition_with_a_wildcard_still_shows_the_account():
    condition = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/ci-*"}}
    assert printed(named({"AWS": ROOT}, Condition=condition)) == [
        (ROOT, "account", True, "conditional")
    ]


def test_an_account_shows_what_some_of_its_principals_may_whatever_they_are():
    condition = {"StringEquals": {"aws:PrincipalType": "AssumedRole"}}
    assert printed(named({"AWS": ROOT}, Condition=condition)) == [
        (ROOT, "account", True, "conditional")
    ]


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        (ROLE, "role"),
        ("arn:aws:iam::222222222222:user/ci/pusher", "user"),
        ("arn:aws:sts::222222222222:assumed-role/runner/one", "role"),
        ("arn:aws:sts::222222222222:federated-user/me", "user"),
        ("AROAEXAMPLE1234567890", "role"),
        ("AIDAEXAMPLE1234567890", "user"),
    ],
)
def test_a_role_user_or_session(arn, kind):
    assert printed(named({"AWS": arn})) == [(arn, kind, True, "allowed")]


def test_what_another_account_lets_its_own_do_is_said_to_be_unknown():
    report = report_on({"Api": repository("shop/api", named({"AWS": ROLE}))})
    assert principal(report, "runner").unresolved == (
        "its identity policies: they are not in the template",
    )


@pytest.mark.parametrize(
    ("condition", "service"),
    [
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, "*.amazonaws.com"),
        ({"Bool": {"aws:PrincipalIsAWSService": True}}, "*.amazonaws.com"),
        ({"StringEquals": {"aws:PrincipalServiceName": "ecs.amazonaws.com"}}, "ecs.amazonaws.com"),
    ],
)
def test_everybody_that_is_a_service_of_aws_is_a_service(condition, service):
    assert printed(named("*", Condition=condition)) == [
        ("*", "public", True, "none"),
        (service, "service", False, "allowed"),
    ]


def test_services_are_no_outsiders():
    guard = equals("aws:SourceAccount", "111111111111")
    assert printed(named({"Service": "lambda.amazonaws.com"}, **guard)) == [
        ("lambda.amazonaws.com", "service", False, "conditional")
    ]
    assert printed(named({"Service": ["codebuild.amazonaws.com"]})) == [
        ("codebuild.amazonaws.com", "service", False, "allowed")
    ]


def test_an_identity_provider_never_calls_itself_but_is_shown():
    provider = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    assert printed(named({"Federated": provider}))[0][:3] == (provider, "federated", False)


def test_the_own_account_is_the_root_user_with_all_rights():
    own = "arn:aws:iam::111111111111:root"
    assert printed(named({"AWS": own})) == [(own, "account", False, "allowed")]


def test_a_deny_brings_nobody_in():
    report = report_on({"Api": repository("shop/api", {**named("*"), "Effect": "Deny"})})
    assert report.principals == ()


def test_not_principal_with_allow_is_everybody():
    statement = named("*")
    statement["NotPrincipal"] = statement.pop("Principal")
    statement["NotPrincipal"] = {"AWS": ROOT}
    report = report_on({"Api": repository("shop/api", statement)})
    assert [row.kind for row in report.principals] == ["public"]


def test_a_principal_that_the_template_does_not_say_is_shown_as_such():
    report = report_on(
        {
            "Api": repository(
                "shop/api",
                named({"AWS": {"Fn::Sub": "arn:aws:iam::${Other}:root"}}),
                named({"AWS": {"Ref": "Whoever"}}, "ecr:ListImages"),
            )
        },
        Parameters={"Other": {"Type": "String"}, "Whoever": {"Type": "String"}},
    )
    found = {row.arn: (row.kind, row.external) for row in report.principals}
    assert found == {
        "arn:aws:iam::${Other}:root": ("account", True),
        "${Whoever}": ("role", True),
    }
    assert verdicts(report, "${Whoever}") == {"read": "allowed"}


def test_a_registry_policy_reaches_every_repository_of_its_account_and_region():
    statement = named({"AWS": ROLE}, "ecr:ListImages", Resource="*")
    report = report_on(
        {
            "Api": repository(),
            "Registry": resource("AWS::ECR::RegistryPolicy", PolicyText=document(statement)),
        }
    )
    assert verdicts(report, "runner") == {"read": "allowed"}
    (cell,) = report.cells()
    assert cell.levels["read"].because[0].source.value == "registry"


def test_wildcards_and_outsiders_come_first():
    org = equals("aws:PrincipalOrgID", "o-a1b2c3d4e5")
    everything = [{"PolicyName": "p", "PolicyDocument": document(allow("ecr:*"))}]
    report = report_on(
        {
            "Plain": role(),
            "Wild": role(Policies=everything),
            "User": resource("AWS::IAM::User"),
            "Api": repository(
                "shop/api",
                named({"Service": "lambda.amazonaws.com"}),
                named({"AWS": [ROLE, "333333333333"]}),
                named("*", **org),
                named("*", "ecr:ListImages"),
            ),
        }
    )
    assert [row.arn.rpartition(":")[2] for row in report.principals] == [
        "*",
        "o-a1b2c3d4e5",
        "root",
        "role/runner",
        "role/${Wild}",
        "lambda.amazonaws.com",
        "user/${User}",
        "role/${Plain}",
    ]


def test_a_member_of_the_organization_that_is_here_is_only_perhaps_one():
    org = equals("aws:PrincipalOrgID", "o-a1b2c3d4e5")
    report = report_on({"Api": repository("shop/api", named("*", "ecr:ListImages", **org)),
                        "Who": role()})  # fmt: skip
    assert verdicts(report, "${Who}") == {"read": "conditional"}


def test_an_account_id_that_yaml_reads_as_a_number_lets_the_account_in():
    api = repository("shop/api", named({"AWS": [222222222222]}), named({"AWS": 333333333333}))
    report = report_on({"Api": api})
    for account in ("222222222222", "333333333333"):
        assert verdicts(report, f"{account}:root")["pull"] == "allowed"
    assert report.notes == ()


ORGANIZATION = "o-a1b2c3d4e5"


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        # A caller without the key passes: everybody outside of every organization.
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}}, {"*", ORGANIZATION}),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, {"*", ORGANIZATION}),
        (
            {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}},
            {"*", f"{ORGANIZATION}/*"},
        ),
        (
            {
                "StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
                "Null": {"aws:PrincipalOrgID": "false"},
            },
            {ORGANIZATION},
        ),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, {ORGANIZATION}),
        ({"stringequals": {"aws:PrincipalOrgID": ORGANIZATION}}, {ORGANIZATION}),
        # Everybody has an organization who wants one.
        ({"Null": {"aws:PrincipalOrgID": "false"}}, {"o-*"}),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, {"o-*"}),
        ({"StringLike": {"aws:PrincipalAccount": "2222*"}}, {"arn:aws:iam::2222*:root"}),
        ({"StringLike": {"aws:PrincipalAccount": "*"}}, {"*"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_whoever_a_condition_lets_in_has_a_row(condition, rows):
    report = report_on({"Api": repository("shop/api", named("*", Condition=condition))})
    found = {cell.principal.arn: cell.verdict("pull").value for cell in report.cells()}
    assert found == dict.fromkeys(rows, "allowed")


def test_any_organization_hides_nobody_from_another_statement():
    wide = named("*", Condition={"StringLike": {"aws:PrincipalOrgID": "*"}})
    report = report_on({"Api": repository("shop/api", wide, named("*"))})
    assert {row.kind for row in report.principals} == {"public", "organization"}
