"""Lambda: whom the repository policy lets in, in the same account and over accounts."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match

from ecr_constructs import GrantError, InvalidInputError, LambdaFunctions, SecureRepository
from ecr_constructs.model.consumers.by_policy.functions import is_let_in

from ..conftest import repository_statements, templates
from .conftest import Stories
from .support import ACCOUNT, OTHER, PULL, REGION, STRANGER, Role, Stack, service_may

LAMBDA = "lambda.amazonaws.com"
MAKER = f"arn:aws:iam::{OTHER}:role/cdk-hnb659fds-cfn-exec-role-{OTHER}-{REGION}"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def function(name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:lambda:{region}:{account}:function:{name}"


class TestInTheSameAccount:
    @pytest.fixture
    def shop(self, stories: Stories) -> Stack:
        return stories("lambda_same_account")["Shop"]

    def test_every_function_of_the_account_by_default(self, shop: Stack) -> None:
        policy = shop.repository_policy("shop/mail")
        assert service_may(policy, LAMBDA, "shop/mail", SourceArn=function("any")) == PULL
        for wrong in (function("any", OTHER), function("any", region="us-east-1")):
            assert service_may(policy, LAMBDA, "shop/mail", SourceArn=wrong) == set()
        assert service_may(policy, LAMBDA, "shop/mail") == set()

    def test_only_the_functions_that_were_named(self, shop: Stack) -> None:
        policy = shop.repository_policy("shop/resize")
        for right in (function("shop-resize"), function("shop-resize:7")):
            assert service_may(policy, LAMBDA, "shop/resize", SourceArn=right) == PULL
        for wrong in (function("shop-resize2"), function("shop"), function("shop-resize", OTHER)):
            assert service_may(policy, LAMBDA, "shop/resize", SourceArn=wrong) == set()
        assert service_may(policy, "codebuild.amazonaws.com", "shop/resize") == set()

    def test_what_the_code_acts_as_may_pull_nothing(self, shop: Stack) -> None:
        assert shop.role("SendMailServiceRole").ecr("shop/mail") == set()


class TestOverAccounts:
    @pytest.fixture
    def policy(self, stories: Stories):
        return stories("lambda_cross_account")["Images"].repository_policy("shop/resize")

    def test_lambda_pulls_for_the_function(self, policy) -> None:
        def may(source: str) -> set[str]:
            return service_may(policy, LAMBDA, "shop/resize", SourceArn=source)

        assert may(function("shop-resize", OTHER)) == PULL
        assert may(function("shop-mail", OTHER)) == may(function("shop-resize", STRANGER)) == set()
        # CDK asked for the functions of the repository's account, of which there is none.
        assert may(function("shop-resize")) == set()

    def test_whoever_makes_it_is_let_in_and_nobody_else(self, policy) -> None:
        assert Role(MAKER, {}, [EVERYTHING], []).ecr("shop/resize", policy=policy) == PULL
        for other in (MAKER + "2", MAKER.replace(OTHER, STRANGER), f"arn:aws:iam::{OTHER}:user/u"):
            assert Role(other, {}, [EVERYTHING], []).ecr("shop/resize", policy=policy) == set()
        # Its own account must allow it, too.
        assert Role(MAKER, {}, [], []).ecr("shop/resize", policy=policy) == set()

    def test_without_makers_the_account_decides(self, app, stack) -> None:
        api = SecureRepository(stack, "Api", repository_name="shop/api")
        api.grant_pull(LambdaFunctions(account=OTHER))
        policy = Stack(ACCOUNT, templates(app)["Shop"]["Resources"]).repository_policy("shop/api")
        anybody = Role(f"arn:aws:iam::{OTHER}:role/any", {}, [EVERYTHING], [])
        assert anybody.ecr("shop/api", policy=policy) == PULL
        assert service_may(policy, LAMBDA, "shop/api", SourceArn=function("x", OTHER)) == PULL
        assert service_may(policy, LAMBDA, "shop/api", SourceArn=function("x")) == set()


def made(scope, repository, name=None, construct_id="Function"):
    return lambda_.DockerImageFunction(
        scope,
        construct_id,
        function_name=name,
        code=lambda_.DockerImageCode.from_ecr(repository, tag_or_digest="v1"),
    )


@pytest.fixture
def api(stack):
    return SecureRepository(stack, "Api", repository_name="shop/api")


@pytest.fixture
def other(app):
    return cdk.Stack(app, "Other", env=cdk.Environment(account=OTHER, region=REGION))


def test_a_function_of_another_account_that_nobody_let_in_is_an_error(app, other, api) -> None:
    made(other, api)
    with pytest.raises(RuntimeError, match=rf"LambdaFunctions\(account='{OTHER}'\)"):
        app.synth()


def test_a_function_of_another_region_is_an_error(app, api) -> None:
    env = cdk.Environment(account=ACCOUNT, region="us-east-1")
    made(cdk.Stack(app, "Far", env=env), api)
    with pytest.raises(
        RuntimeError, match=f"another Region than Far/Function.*{REGION}.*us-east-1"
    ):
        app.synth()


@pytest.mark.parametrize("name", ["other", None])
def test_a_function_that_was_not_named_is_an_error(app, stack, api, name) -> None:
    api.grant_pull(LambdaFunctions(names=["resize"]))
    made(stack, api, name)
    with pytest.raises(RuntimeError, match="for other functions than Shop/Function"):
        app.synth()


def test_a_function_of_an_adopted_or_other_repository_is_no_concern(app, stack, api) -> None:
    api.grant_pull(LambdaFunctions(names=["resize"]))
    made(stack, ecr.Repository(stack, "Plain"), "mail")
    made(stack, SecureRepository.from_repository_name(stack, "Old", "shop/api2"), "old", "Two")
    assert len(repository_statements(templates(app)["Shop"])) == 2


def test_functions_of_every_place_are_looked_at(app, stack, other) -> None:
    env = cdk.Environment(account=ACCOUNT, region=REGION)
    near = cdk.Stack(app, "Near", env=env)
    later = cdk.Stack(cdk.Stage(app, "Later"), "Stack", env=env)
    unnamed = SecureRepository(stack, "Unnamed")
    for scope in (stack, near, cdk.NestedStack(stack, "Nested")):
        made(scope, unnamed)
    for scope in (other, later):
        made(scope, SecureRepository(scope, "Own"))
    named = SecureRepository(stack, "Named", repository_name="shop/named")
    named.grant_pull(LambdaFunctions(names=["resize"]))
    made(later, named, "resize", "Resize")
    assert len(repository_statements(templates(app)["Shop"])) == 2


def test_a_function_of_another_stage_is_looked_at(app, stack, api) -> None:
    env = cdk.Environment(account=ACCOUNT, region=REGION)
    later = cdk.Stack(cdk.Stage(app, "Later"), "Stack", env=env)
    api.grant_pull(LambdaFunctions(names=["resize"]))
    made(later, api, "mail")
    with pytest.raises(RuntimeError, match="Later/Stack/Function"):
        app.synth()


def test_where_an_account_or_a_policy_is_not_known_nothing_is_refused(
    app, stack, other, api
) -> None:
    made(cdk.Stack(app, "Anywhere"), api)
    made(other, SecureRepository.from_repository_name(stack, "Old", "shop/old"))
    api.grant_pull(LambdaFunctions(names=["resize"]))
    (policy, *_) = repository_statements(templates(app)["Shop"])
    assert policy["Principal"] == {"Service": LAMBDA}


def test_functions_that_are_named_too_late_are_told(app, stack, api) -> None:
    made(stack, api, "resize")
    api.grant_pull(LambdaFunctions(names=["resize"]))
    assert Annotations.from_stack(stack).find_warning(
        "/Shop/Api", Match.string_like_regexp("grant before the construct is made")
    )


def test_lambda_pulls_and_does_nothing_else(stack, api) -> None:
    for grant in (api.grant_push, api.grant_read, api.grant_delete, api.grant_admin):
        with pytest.raises(GrantError, match="pulls images and does nothing else"):
            grant(LambdaFunctions())


def test_an_adopted_repository_says_both_statements(stack) -> None:
    old = SecureRepository.from_repository_name(stack, "Old", "shop/old")
    with pytest.raises(GrantError, match=f"{OTHER}:root"):
        old.grant_pull(LambdaFunctions(account=OTHER))
    assert Annotations.from_stack(stack).find_warning(
        "/Shop/Old", Match.string_like_regexp(f"{OTHER}:function")
    )


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"names": "resize"}, "names"),
        ({"names": []}, "names"),
        ({"names": [function("resize")]}, "names"),
        ({"names": ["a b"]}, "names"),
        ({"names": [None]}, "names"),
        ({"account": "22222222222"}, "account"),
        ({"account": 222222222222}, "account"),
        ({"made_by": [MAKER]}, "made_by"),
        ({"account": OTHER, "made_by": MAKER}, "made_by"),
        ({"account": OTHER, "made_by": ["deployer"]}, "made_by"),
        ({"account": OTHER, "made_by": [MAKER.replace(OTHER, STRANGER)]}, "made_by"),
        ({"account": OTHER, "made_by": [f"arn:aws:iam::{OTHER}:root"]}, "made_by"),
        ({"account": OTHER, "made_by": [f"arn:aws:iam::{OTHER}:role/*"]}, "made_by"),
    ],
)
def test_what_lambda_could_not_have_is_refused(options, option) -> None:
    with pytest.raises(InvalidInputError) as caught:
        LambdaFunctions(**options)
    assert caught.value.findings[0].property == option


@pytest.mark.parametrize(
    ("source", "name", "whole", "let_in"),
    [
        ("resize", "resize", True, True),
        ("resize", "resize2", True, False),
        ("shop-*", "shop-resize", True, True),
        ("*", "Shop-Function", False, True),
        ("Shop-*", "Shop-Function", False, True),
        ("Shop-Function-a*", "Shop-Function-", False, True),
        ("Shop-Function", "Shop-Function-", False, False),
        ("Other-*", "Shop-Function-", False, False),
        ("${Parameter}", "resize", True, True),
    ],
)
def test_a_name_is_let_in_by_a_source(source, name, whole, let_in) -> None:
    sources = [function(source)]
    assert is_let_in(sources, account=ACCOUNT, name=name, whole=whole) is let_in
    assert not is_let_in(sources, account=OTHER, name=name, whole=whole)
