"""Who can do more, or less, with what was there: what is said, and what is not."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.model.iam.evaluator import Verdict
from ecr_constructs.report.access.build import build_report
from ecr_constructs.report.access.model import LEVEL_NAMES
from ecr_constructs.report.access.printed.words import principal_text
from ecr_constructs.report.diff.access import access_changes
from ecr_constructs.report.reading.source import Source, Sources

from ..access.templates import (
    ACCOUNT,
    ARN,
    REGION,
    allow,
    deny,
    document,
    named,
    repository,
    resource,
    role,
)

OTHER = {"AWS": "arn:aws:iam::222222222222:root"}
OFFICE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
ANYWHERE = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
TOKEN = allow("ecr:GetAuthorizationToken")


def of_organization(name):
    return named("*", Condition={"StringEquals": {"aws:PrincipalOrgID": name}})


THIRD = "arn:aws:iam::333333333333:root"


def all_but(*accounts):
    outside = {"StringNotEquals": {"aws:PrincipalAccount": list(accounts)}}
    return named("*", "ecr:*", Effect="Deny", Condition=outside)


def all_but_organization(name):
    outside = {"StringNotEquals": {"aws:PrincipalOrgID": name}}
    return named("*", "ecr:*", Effect="Deny", Condition=outside)


def denied_but(*names):
    return {"Effect": "Deny", "NotPrincipal": {"AWS": list(names)}, "Action": "ecr:*"}


def sources(resources, *, file="shop.json", account=ACCOUNT, region=REGION, **sections):
    template = {"Resources": resources, **sections}
    source = Source(
        template=template,
        stack=file.partition(".")[0],
        file=file,
        account=account,
        region=region,
    )
    return Sources((source,))


def changes(old, new, **known):
    return list(access_changes(sources(old, **known), sources(new, **known)))


def told(old, new, **known):
    """Who, how loud and by which code, sorted."""
    return sorted(
        (each.finding.given, each.finding.severity.value, each.finding.code)
        for each in changes(old, new, **known)
    )


def acting(*statements, **properties):
    policies = [{"PolicyName": "Own", "PolicyDocument": document(TOKEN, *statements)}]
    return role(Policies=policies, **properties)


PAIRS = {
    "another account is let in": (
        {"Api": repository()},
        {"Api": repository("shop/api", named(OTHER))},
        [("account 222222222222", "danger", "access-widened")],
    ),
    "everybody instead of an account": (
        {"Api": repository("shop/api", named(OTHER))},
        {"Api": repository("shop/api", named("*"))},
        [("anybody", "danger", "access-widened")],
    ),
    "one role of an account instead of all of it": (
        {"Api": repository("shop/api", named(OTHER))},
        {"Api": repository("shop/api", named({"AWS": "arn:aws:iam::222222222222:role/deployer"}))},
        [("account 222222222222", "warning", "access-lost")],
    ),
    "a service is let in": (
        {"Api": repository()},
        {"Api": repository("shop/api", named({"Service": "lambda.amazonaws.com"}))},
        [("lambda.amazonaws.com", "danger", "access-widened")],
    ),
    "another organization": (
        {"Api": repository("shop/api", of_organization("o-aaaaaaaaaa"))},
        {"Api": repository("shop/api", of_organization("o-bbbbbbbbbb"))},
        [
            ("anybody of o-aaaaaaaaaa", "warning", "access-lost"),
            ("anybody of o-bbbbbbbbbb", "danger", "access-widened"),
        ],
    ),
    "the organization as a condition is dropped": (
        {"Api": repository("shop/api", of_organization("o-aaaaaaaaaa"))},
        {"Api": repository("shop/api", named("*"))},
        [("anybody", "danger", "access-widened")],
    ),
    "a condition is dropped": (
        {"Api": repository("shop/api", named(OTHER, Condition=OFFICE))},
        {"Api": repository("shop/api", named(OTHER))},
        [("account 222222222222", "danger", "access-widened")],
    ),
    "another condition": (
        {"Api": repository("shop/api", named(OTHER, Condition=OFFICE))},
        {"Api": repository("shop/api", named(OTHER, Condition=ANYWHERE))},
        [("account 222222222222", "warning", "access-condition-changed")],
    ),
    "a condition is added": (
        {"Api": repository("shop/api", named(OTHER))},
        {"Api": repository("shop/api", named(OTHER, Condition=OFFICE))},
        [("account 222222222222", "warning", "access-condition-changed")],
    ),
    "a Deny is taken back": (
        {"Api": repository("shop/api", named(OTHER), named(OTHER, Effect="Deny"))},
        {"Api": repository("shop/api", named(OTHER))},
        [("account 222222222222", "danger", "access-widened")],
    ),
    "a Deny is added": (
        {"Api": repository("shop/api", named(OTHER))},
        {"Api": repository("shop/api", named(OTHER), named(OTHER, Effect="Deny"))},
        [("account 222222222222", "warning", "access-lost")],
    ),
    "a Deny is taken back that alone named the account": (
        {"Api": repository("shop/api", named("*"), named(OTHER, Effect="Deny"))},
        {"Api": repository("shop/api", named("*"))},
        [("account 222222222222", "danger", "access-widened")],
    ),
    "a Deny makes an exception for another account": (
        {"Api": repository("shop/api", named("*"), all_but(ACCOUNT))},
        {"Api": repository("shop/api", named("*"), all_but(ACCOUNT, "222222222222"))},
        [("account 222222222222", "danger", "access-widened")],
    ),
    "a Deny makes an exception for another organization": (
        {"Api": repository("shop/api", named("*"), all_but_organization("o-aaaaaaaaaa"))},
        {"Api": repository("shop/api", named("*"), all_but_organization("o-bbbbbbbbbb"))},
        [
            ("anybody of o-aaaaaaaaaa", "warning", "access-lost"),
            ("anybody of o-bbbbbbbbbb", "danger", "access-widened"),
        ],
    ),
    "a Deny names somebody less": (
        {"Api": repository("shop/api", named("*"), denied_but(OTHER["AWS"]))},
        {"Api": repository("shop/api", named("*"), denied_but(OTHER["AWS"], THIRD))},
        [("account 333333333333", "danger", "access-widened")],
    ),
    "the registry lets another account in": (
        {"Api": repository()},
        {
            "Api": repository(),
            "Registry": resource(
                "AWS::ECR::RegistryPolicy",
                PolicyText=document(named(OTHER, "ecr:*", Resource=f"{ARN}shop/*")),
            ),
        },
        [("account 222222222222", "danger", "access-widened")],
    ),
    "a role may pull": (
        {"Api": repository(), "Runner": acting()},
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        [("role Runner", "note", "access-gained")],
    ),
    "a role may push": (
        {"Api": repository(), "Runner": acting()},
        {"Api": repository(), "Runner": acting(allow(*PUSH))},
        [("role Runner", "warning", "access-gained")],
    ),
    "a role may no more": (
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        {"Api": repository(), "Runner": acting()},
        [("role Runner", "warning", "access-lost")],
    ),
    "a boundary takes what a role had": (
        {"Api": repository(), "Runner": acting(allow(*PULL)), "Limit": None},
        {
            "Api": repository(),
            "Runner": acting(allow(*PULL), PermissionsBoundary={"Ref": "Limit"}),
            "Limit": resource(
                "AWS::IAM::ManagedPolicy", PolicyDocument=document(allow("s3:GetObject"))
            ),
        },
        [("role Runner", "warning", "access-lost")],
    ),
    "a policy beside the role": (
        {"Api": repository(), "Runner": acting()},
        {
            "Api": repository(),
            "Runner": acting(),
            "More": resource(
                "AWS::IAM::Policy",
                PolicyName="More",
                Roles=[{"Ref": "Runner"}],
                PolicyDocument=document(
                    allow("ecr:BatchDeleteImage", on={"Fn::GetAtt": ["Api", "Arn"]})
                ),
            ),
        },
        [("role Runner", "warning", "access-gained")],
    ),
    "its token is what a role lacks now": (
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        {
            "Api": repository(),
            "Runner": role(
                Policies=[{"PolicyName": "Own", "PolicyDocument": document(allow(*PULL))}]
            ),
        },
        [("role Runner", "warning", "access-lost")],
    ),
    "a new role that deletes": (
        {"Api": repository()},
        {"Api": repository(), "Runner": acting(allow("ecr:BatchDeleteImage"))},
        [("role Runner", "note", "access-gained")],
    ),
    "a new role that pulls": (
        {"Api": repository()},
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        [],
    ),
    "a role that goes": (
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        {"Api": repository()},
        [],
    ),
    "a repository that goes": (
        {"Api": repository("shop/api", named(OTHER)), "Web": repository("shop/web")},
        {"Web": repository("shop/web")},
        [],
    ),
    "a new repository of another account too": (
        {"Web": repository("shop/web")},
        {"Web": repository("shop/web"), "Api": repository("shop/api", named(OTHER))},
        [("account 222222222222", "note", "access-gained")],
    ),
    "a new repository of the own roles": (
        {"Web": repository("shop/web"), "Runner": acting(allow("ecr:*", on=f"{ARN}shop/*"))},
        {
            "Web": repository("shop/web"),
            "Runner": acting(allow("ecr:*", on=f"{ARN}shop/*")),
            "Api": repository(),
        },
        [],
    ),
    "what a name already let in": (
        {"Api": repository("shop/api", named("*"))},
        {"Api": repository("shop/api", named("*"), named(OTHER))},
        [],
    ),
    "a policy that cannot be read": (
        {"Api": repository("shop/api", RepositoryPolicyText="{")},
        {"Api": repository("shop/api", named(OTHER))},
        [],
    ),
    "a policy of a role that is not at hand may let it in still": (
        {"Api": repository(), "Runner": acting(allow(*PULL))},
        {
            "Api": repository(),
            "Runner": role(ManagedPolicyArns=[f"arn:aws:iam::{ACCOUNT}:policy/Elsewhere"]),
        },
        [],
    ),
    "images expire sooner": (
        {"Api": repository("shop/api", named(OTHER), LifecyclePolicy={"LifecyclePolicyText": "1"})},
        {"Api": repository("shop/api", named(OTHER), LifecyclePolicy={"LifecyclePolicyText": "2"})},
        [],
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_change_says_who_can_do_what(pair):
    old, new, expected = pair
    assert told(old, new) == expected


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_same_twice_is_no_change(pair):
    for resources in pair[:2]:
        assert told(resources, copy.deepcopy(resources)) == []


def test_the_message_names_levels_and_the_statement_at_the_new_repository():
    statement = named(OTHER, *PULL, *PUSH, Sid="Partner")
    (found,) = changes({"Api": repository()}, {"Api": repository("shop/api", statement)})
    assert found.resource.logical_id == "Api"
    assert found.finding.property == "RepositoryPolicyText"
    assert found.finding.message == (
        "lets account 222222222222 pull and push, which it could not before "
        "(Allow: repository policy, statement 0 (Partner))"
    )


def test_a_statement_of_a_role_is_told_once_for_all_repositories():
    before = {f"R{number}": repository(f"shop/{number}") for number in range(4)}
    (found,) = changes({**before, "Runner": acting()}, {**before, "Runner": acting(allow("ecr:*"))})
    assert found.resource.logical_id == "R0"
    assert "the same at 3 other repositories" in found.finding.message


def test_an_outsider_is_told_at_each_repository():
    before = {f"R{number}": repository(f"shop/{number}") for number in range(3)}
    after = {f"R{number}": repository(f"shop/{number}", named(OTHER)) for number in range(3)}
    assert [each.resource.logical_id for each in changes(before, after)] == list(before)


def test_an_account_may_be_the_own_one_where_nobody_says_it():
    old, new = {"Api": repository()}, {"Api": repository("shop/api", named(OTHER))}
    (unknown,) = changes(old, new, account=None, region=None)
    assert "--account" in unknown.finding.message
    (known,) = changes(old, new)
    assert "--account" not in known.finding.message
    # The account's own name lets nobody in who was not in: its roles need their own policies.
    assert told(old, new, account="222222222222") == []


def test_a_principal_that_the_template_does_not_say_is_no_danger():
    parameter = {"Partner": {"Type": "String"}}
    new = {"Api": repository("shop/api", named({"AWS": {"Ref": "Partner"}}))}
    assert told({"Api": repository()}, new, Parameters=parameter) == [
        ("${Partner}", "warning", "access-widened")
    ]


def test_names_that_are_made_up_are_the_same_before_and_after():
    bare = resource("AWS::ECR::Repository")
    runner = acting(allow(*PULL, on={"Fn::GetAtt": ["Api", "Arn"]}))
    old = sources({"Api": bare, "Runner": acting()}, file="before.json")
    new = sources({"Web": bare, "Api": bare, "Runner": runner}, file="after.json")
    (found,) = access_changes(old, new)
    assert (found.resource.logical_id, found.finding.given) == ("Api", "role Runner")


def test_a_template_without_account_is_compared_with_the_stack_that_has_one():
    fetched = sources({"Api": repository()}, account=None, region=None)
    (found,) = access_changes(fetched, sources({"Api": repository("shop/api", named(OTHER))}))
    assert found.finding.code == "access-widened"
    new = sources({"Api": repository("shop/api", named(OTHER))}, account=None, region=None)
    (found,) = access_changes(sources({"Api": repository()}), new)
    assert found.finding.code == "access-widened"
    assert found.resource.stack.source is new.stacks[0]


def test_a_nested_stack_more_changes_nothing_of_the_others():
    def nested(*names):
        made = {
            name: resource("AWS::CloudFormation::Stack", TemplateURL=f"https://x/{name}")
            for name in names
        }
        inner = {
            "Api": resource("AWS::ECR::Repository", RepositoryPolicyText=document(named(OTHER)))
        }
        (top,) = sources(made).stacks
        stacks = {
            name: replace(top, template={"Resources": inner}, file=f"{name}.json") for name in names
        }
        return Sources((replace(top, nested=stacks),))

    found = access_changes(nested("Blue"), nested("Amber", "Blue"))
    severities = [(each.resource.stack.source.file, each.finding.severity.value) for each in found]
    assert severities == [("Amber.json", "note")]


def test_a_condition_of_the_template_that_appears_in_a_second_stack_is_the_same():
    conditional = {"Fn::If": ["IsProd", named(OTHER), {"Ref": "AWS::NoValue"}]}
    sections = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }
    (one,) = sources({"Api": repository("shop/api", conditional)}, **sections).stacks
    one = replace(one, stack_name="shop")
    (two,) = sources({"Web": repository("shop/web")}, file="two.json", **sections).stacks
    two = replace(two, stack_name="two")
    assert list(access_changes(Sources((one,)), Sources((one, two)))) == []


def test_a_condition_of_the_template_that_means_something_else_is_another_one():
    conditional = {"Fn::If": ["IsProd", named(OTHER), {"Ref": "AWS::NoValue"}]}
    old, new = (
        sources(
            {"Api": repository("shop/api", conditional)},
            Parameters={"Stage": {"Type": "String"}},
            Conditions={"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, stage]}},
        )
        for stage in ("prod", "live")
    )
    assert list(access_changes(old, old)) == []
    (found,) = access_changes(old, new)
    assert found.finding.code == "access-condition-changed"


_MORE = ("access-widened", "access-gained")
_LESS = ("access-lost", "access-condition-changed")
_INSIDE = ("role Runner", "role Idle", f"account {ACCOUNT}")
# Whom, what and under which condition: few enough that random policies meet.
_PRINCIPALS = ("*", OTHER, {"AWS": ACCOUNT}, {"AWS": {"Fn::GetAtt": ["Runner", "Arn"]}})
_ACTIONS = (PULL, PUSH, ("ecr:*",), ("ecr:BatchDeleteImage",), ("ecr:GetAuthorizationToken",))
_CONDITIONS = (None, OFFICE, ANYWHERE, {"StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}})
_RESOURCES = ("*", f"{ARN}shop/*", f"{ARN}shop/web", {"Fn::GetAtt": ["Api", "Arn"]})


@st.composite
def resource_statements(draw, effects=("Allow", "Deny")):
    statement = named(
        draw(st.sampled_from(_PRINCIPALS)),
        *draw(st.sampled_from(_ACTIONS)),
        Effect=draw(st.sampled_from(effects)),
    )
    condition = draw(st.sampled_from(_CONDITIONS))
    return {**statement, "Condition": condition} if condition else statement


@st.composite
def identity_statements(draw, effects=("Allow", "Deny")):
    statement = allow(*draw(st.sampled_from(_ACTIONS)), on=draw(st.sampled_from(_RESOURCES)))
    condition = draw(st.sampled_from(_CONDITIONS[:3]))
    statement = {**statement, "Effect": draw(st.sampled_from(effects))}
    return {**statement, "Condition": condition} if condition else statement


@st.composite
def policies(draw):
    """The statements of two repositories and of a role."""
    own = st.lists(resource_statements(), max_size=3)
    return [draw(own), draw(own), draw(st.lists(identity_statements(), max_size=3))]


def app_of(api, web, runner):
    return {
        "Api": repository("shop/api", *api),
        "Web": repository("shop/web", *web),
        "Runner": acting(*runner),
        "Idle": acting(),
    }


@st.composite
def with_one_more(draw, effect):
    old = draw(policies())
    place = draw(st.integers(0, 2))
    one = identity_statements if place == len(old) - 1 else resource_statements
    new = [list(each) for each in old]
    new[place].insert(draw(st.integers(0, len(new[place]))), draw(one(effects=(effect,))))
    return old, new


def codes(old, new):
    return {code for _, _, code in told(app_of(*old), app_of(*new))}


@given(with_one_more("Deny"))
@settings(max_examples=60)
def test_one_more_deny_lets_nobody_in(pair):
    assert not codes(*pair) & {"access-widened", "access-gained"}


@given(with_one_more("Allow"))
@settings(max_examples=60)
def test_one_more_allow_takes_nothing_away(pair):
    assert "access-lost" not in codes(*pair)


@given(policies(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_sid_make_no_difference(old, random):
    new = [[{**each, "Sid": f"Named{place}"} for place, each in enumerate(part)] for part in old]
    for part in new:
        random.shuffle(part)
    assert told(app_of(*old), app_of(*new)) == []


@given(policies(), policies())
@settings(max_examples=100)
def test_what_is_evaluated_at_all_misses_nothing(old, new):
    reports = [build_report(sources(app_of(*each))) for each in (old, new)]
    before, after = (
        {
            (cell.principal.arn, cell.repository.logical_id, level): (cell, rank(cell, level))
            for cell in report.cells()
            for level in LEVEL_NAMES
        }
        for report in reports
    )
    both = [(before[key], after[key]) for key in before.keys() & after.keys()]
    more = [cell for (_, was), (cell, now) in both if now > was]
    less = [cell for (_, was), (cell, now) in both if now < was]
    found = changes(app_of(*old), app_of(*new))
    for cells, codes_of in ((more, _MORE), (less, _LESS)):
        said = [each for each in found if each.finding.code in codes_of]
        # The account's root is compared where a policy that changed names it.
        own = {each.principal for each in cells if each.principal.kind == "role"}
        assert set(map(principal_text, own)) <= {each.finding.given for each in said}
        # Who is outside is told where the change is, if as part of everybody.
        places = {each.repository.logical_id for each in cells if each.principal.external}
        outside = [each for each in said if each.finding.given not in _INSIDE]
        assert places <= {each.resource.logical_id for each in outside}


def rank(cell, level):
    return {Verdict.CONDITIONAL: 1, Verdict.ALLOWED: 2}.get(cell.verdict(level), 0)


def test_a_deny_of_a_role_alone_is_seen():
    old = {"Api": repository(), "Runner": acting(allow(*PULL))}
    new = {"Api": repository(), "Runner": acting(allow(*PULL), deny(*PULL))}
    (found,) = changes(old, new)
    assert "now Deny: identity policy Own, statement 2" in found.finding.message


def test_a_tag_that_a_policy_asks_about_is_a_change():
    prod = {"StringEquals": {"aws:ResourceTag/stage": "prod"}}
    runner = acting(allow("ecr:BatchDeleteImage", Condition=prod))
    old, new = (
        {"Api": repository(Tags=[{"Key": "stage", "Value": stage}]), "Runner": runner}
        for stage in ("test", "prod")
    )
    assert told(old, new) == [("role Runner", "warning", "access-gained")]
    without = [{"Api": each["Api"], "Runner": acting()} for each in (old, new)]
    assert told(*without) == []


def test_a_tag_of_a_role_is_a_change():
    ours = {"StringEquals": {"aws:PrincipalTag/team": "shop"}}
    api = repository("shop/api", named("*", Condition=ours))
    old, new = (
        {"Api": api, "Runner": acting(Tags=[{"Key": "team", "Value": team}])}
        for team in ("web", "shop")
    )
    # What everybody may have, the role has now.
    assert told(old, new) == [("role Runner", "note", "access-gained")]
    for app in (old, new):
        app["Api"] = repository("shop/api", named("*"))
    assert told(old, new) == []


def test_a_user_gains_what_its_group_gains():
    def app(*statements):
        policies = [{"PolicyName": "Own", "PolicyDocument": document(TOKEN, *statements)}]
        return {
            "Api": repository(),
            "Team": resource("AWS::IAM::Group", Policies=policies),
            "Ann": resource("AWS::IAM::User", Groups=[{"Ref": "Team"}]),
        }

    gained = [who for who, _, _ in told(app(), app(allow("ecr:BatchDeleteImage")))]
    assert gained == ["group Team", "user Ann"]


def test_more_pairs_than_anybody_compares_are_said(monkeypatch):
    monkeypatch.setattr("ecr_constructs.report.diff.access.changes._MOST_PAIRS", 3)
    before = {f"R{number}": repository(f"shop/{number}") for number in range(4)}
    after = {**before, "R0": repository("shop/0", named(OTHER))}
    found = changes({**before, "Runner": acting()}, {**after, "Runner": acting(allow("ecr:*"))})
    # Whoever is outside is compared all the same.
    assert {each.finding.code for each in found} == {"access-not-compared", "access-widened"}


def test_a_stack_of_the_same_name_elsewhere_changes_nothing_of_the_others():
    bare = resource("AWS::ECR::Repository")
    runner = acting(allow(*PULL, on={"Fn::GetAtt": ["Api", "Arn"]}))

    def in_regions(*regions):
        return Sources(
            tuple(
                stack
                for region in regions
                for stack in sources({"Api": bare, "Runner": runner}, region=region).stacks
            )
        )

    assert list(access_changes(in_regions("eu-west-1"), in_regions("us-east-1", "eu-west-1"))) == []
    both = in_regions("eu-west-1", "us-east-1")
    assert list(access_changes(both, in_regions("us-east-1", "eu-west-1"))) == []
    (first, second) = both.stacks
    wider = {"Api": resource("AWS::ECR::Repository", RepositoryPolicyText=document(named(OTHER)))}
    changed = replace(second, template={"Resources": {**wider, "Runner": runner}})
    (found,) = access_changes(both, Sources((changed, first)))
    assert found.resource.stack.region == "us-east-1"
    assert found.finding.code == "access-widened"


def test_a_token_for_all_but_a_repository_is_needed_for_that_one_too():
    token = {
        "Effect": "Allow",
        "Action": "ecr:GetAuthorizationToken",
        "NotResource": [f"{ARN}shop/api"],
    }

    def app(*statements):
        policies = [{"PolicyName": "Own", "PolicyDocument": document(*statements)}]
        return {"Api": repository(), "Runner": role(Policies=policies)}

    assert told(app(allow(*PULL), token), app(allow(*PULL))) == [
        ("role Runner", "warning", "access-lost")
    ]


def test_a_deny_is_certain_whatever_else_may_allow_it():
    elsewhere = [f"arn:aws:iam::{ACCOUNT}:policy/Elsewhere"]
    old = {"Api": repository(), "Runner": acting(allow(*PULL))}
    new = {
        "Api": repository("shop/api", named("*", Effect="Deny")),
        "Runner": acting(allow(*PULL), ManagedPolicyArns=elsewhere),
    }
    assert ("role Runner", "warning", "access-lost") in told(old, new)


def test_what_holds_for_the_whole_registry_is_not_told_of_a_new_repository():
    registry = resource(
        "AWS::ECR::RegistryPolicy",
        PolicyText=document(named(OTHER, "ecr:*", Resource=f"{ARN}*")),
    )
    api = repository("shop/api", named({"Service": "lambda.amazonaws.com"}))
    assert told({"Registry": registry}, {"Registry": registry, "Api": api}) == [
        ("lambda.amazonaws.com", "note", "access-gained")
    ]


def test_a_condition_of_the_repository_is_none_of_access():
    sections = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }
    api = repository("shop/api", named(OTHER))
    assert told({"Api": api}, {"Api": {**api, "Condition": "IsProd"}}, **sections) == []
