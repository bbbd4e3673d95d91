"""``assert_access`` and ``assert_keeps``: what passes, and what a failure says."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam

from ecr_constructs import InvalidInputError, SecureRepository, expire_untagged, keep_last
from ecr_constructs.testing import assert_access, assert_keeps

AT = datetime(2026, 1, 31, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A stack with two repositories and who may use one of them."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk")))
    environment = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(app, "Shop", env=environment)
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    SecureRepository(stack, "Web")
    runner = iam.Role(stack, "Runner", assumed_by=iam.AccountRootPrincipal(), role_name="runner")
    api.grant_pull(runner)
    base = SecureRepository(stack, "Base", repository_name="shop/base")
    base.grant_pull(iam.OrganizationPrincipal("o-a1b2c3d4e5"))
    api.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
    other = cdk.Stack(app, "Other", env=environment)
    api.grant_push(iam.User(other, "Pusher"))
    return stack


RUNNER = "arn:aws:iam::111111111111:role/runner"


@pytest.mark.parametrize("principal", ["Shop/Runner", "Shop/Runner/Resource", "runner", RUNNER])
@pytest.mark.parametrize("on", ["shop/api", "Shop/Api", ["Shop/Api/Resource"]])
def test_what_is_so_passes_by_any_name(shop, principal, on):
    assert_access(shop, principal, can="pull", cannot=["push", "delete"], on=on)


def test_constructs_name_themselves(shop):
    runner, api, web = (shop.node.find_child(name) for name in ("Runner", "Api", "Web"))
    assert_access(shop, runner, can=["pull", "ecr:BatchGetImage"], on=api)
    assert_access(shop, runner, cannot=["pull", "push", "read", "delete", "admin"], on=web)
    with pytest.raises(AssertionError, match=r"role Shop/Runner cannot push shop/api"):
        assert_access(shop, runner, can="push", on=api)


def test_a_template_in_any_form(shop, tmp_path):
    template = assertions.Template.from_stack(shop)
    (tmp_path / "shop.json").write_text(json.dumps(template.to_json()))
    for form in (template, template.to_json(), tmp_path / "shop.json", str(tmp_path / "shop.json")):
        assert_access(form, "runner", can="pull", on="shop/api")
        with pytest.raises(AssertionError):
            assert_access(form, "runner", can="delete", on="shop/api")


def test_a_principal_of_another_stack_of_the_app(shop):
    assert_access(shop, "Other/Pusher", can="push", cannot="pull", on="shop/api")


def test_a_failure_has_the_deciding_statement(shop):
    with pytest.raises(AssertionError) as caught:
        assert_access(shop, "Shop/Runner", cannot="pull", on="shop/api")
    first, *reasons = str(caught.value).splitlines()
    assert first == "role Shop/Runner can pull shop/api"
    policy = r"RunnerDefaultPolicy\w+"
    assert re.fullmatch(rf"  Allow: identity policy {policy}, statement 0", reasons[0])
    assert re.fullmatch(rf"  Allow: identity policy {policy}, statement 1", reasons[1])
    assert len(reasons) == 2


def test_a_condition_is_neither_can_nor_cannot(shop):
    service = "lambda.amazonaws.com"
    with pytest.raises(AssertionError, match="can only under a condition pull shop/api") as caught:
        assert_access(shop, service, can="pull", on="shop/api")
    assert "aws:SourceArn" in str(caught.value)
    with pytest.raises(AssertionError, match="can only under a condition"):
        assert_access(shop, service, cannot="pull", on="shop/api")
    function = "arn:aws:lambda:eu-west-1:111111111111:function:resize"
    assert_access(shop, service, can="pull", on="shop/api", context={"aws:SourceArn": function})
    stranger = "arn:aws:lambda:eu-west-1:222222222222:function:resize"
    assert_access(shop, service, cannot="pull", on="shop/api", context={"aws:SourceArn": stranger})


def test_organizations_anybody_and_principals_of_elsewhere(shop):
    assert_access(shop, "o-a1b2c3d4e5", can="pull", on="shop/base")
    assert_access(shop, "*", cannot=["pull", "push"])
    assert_access(shop, "222222222222", cannot="push")
    member = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
    role = "arn:aws:iam::222222222222:role/any"
    assert_access(shop, role, can="pull", cannot="push", on="shop/base", context=member)


def test_a_session_has_what_its_role_has(shop):
    session = "arn:aws:sts::111111111111:assumed-role/runner/one"
    assert_access(shop, session, can="pull", cannot="push", on="shop/api")
    with pytest.raises(AssertionError, match="can pull"):
        assert_access(shop, session, cannot="pull", on="shop/api")


def test_without_on_it_is_about_every_repository_of_the_stack(shop):
    assert_access(shop, "Shop/Runner", cannot=["push", "delete", "admin"])
    with pytest.raises(AssertionError) as caught:
        assert_access(shop, "Shop/Runner", can="pull")
    assert "${Web" in str(caught.value)
    assert "shop/api" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"principal": "nobody", "can": "pull"}, "is not in the template"),
        ({"principal": "runner", "can": "pull", "on": "shop/none"}, "is no repository"),
        ({"principal": "runner", "can": "fetch"}, "is no level of access"),
        ({"principal": "runner"}, "neither can nor cannot"),
        ({"principal": 7, "can": "pull"}, "names nobody"),
        (
            {"principal": "arn:aws:iam::111111111111:role/runer", "cannot": "push"},
            "is not in the template, nor are its policies",
        ),
    ],
)
def test_a_name_that_is_wrong_never_passes(shop, arguments, says):
    with pytest.raises(InvalidInputError, match=says):
        assert_access(shop, **arguments)


@pytest.mark.parametrize("template", [{}, 7, "missing.json"])
def test_what_is_no_template_never_passes(template):
    with pytest.raises(InvalidInputError):
        assert_access(template, "*", cannot="pull")


class TestKeeps:
    RULES = (keep_last(2, tags="v*"), expire_untagged(after_days=7))

    @pytest.fixture
    def images(self):
        return {
            "imageDetails": [
                {
                    "repositoryName": "shop/api",
                    "imageDigest": f"sha256:{number:064x}",
                    "imageTags": [f"v1.{number}"],
                    "imagePushedAt": (AT - timedelta(days=10 - number)).isoformat(),
                }
                for number in range(4)
            ]
        }

    def test_what_stays_passes(self, images):
        assert_keeps(self.RULES, images, keep=["v1.3", "v1.2"], at=AT)
        assert_keeps(self.RULES, images, keep="v1.3", at=AT)
        assert_keeps([keep_last(4, tags="v*")], images, at=AT)

    def test_a_failure_has_the_rule(self, images):
        with pytest.raises(AssertionError) as caught:
            assert_keeps(self.RULES, images, keep=["v1.3", "v1.1"], at=AT)
        (line,) = str(caught.value).splitlines()
        assert line.startswith("sha256:000000000000 (v1.1): rule 1 expires")
        with pytest.raises(AssertionError) as caught:
            assert_keeps(self.RULES, images, at=AT)
        assert len(str(caught.value).splitlines()) == 2

    def test_an_image_that_is_not_there_is_not_kept(self, images):
        with pytest.raises(AssertionError, match="v9: is none of the images"):
            assert_keeps(self.RULES, images, keep="v9", at=AT)

    def test_policies_and_images_in_any_form(self, images, tmp_path):
        document = json.loads(
            '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", '
            '"countType": "imageCountMoreThan", "countNumber": 4}, '
            '"action": {"type": "expire"}}]}'
        )
        (tmp_path / "policy.json").write_text(json.dumps(document))
        (tmp_path / "images.json").write_text(json.dumps(images))
        for policy in (document, json.dumps(document), tmp_path / "policy.json",
                       str(tmp_path / "policy.json")):  # fmt: skip
            for described in (images, images["imageDetails"], json.dumps(images),
                              tmp_path / "images.json"):  # fmt: skip
                assert_keeps(policy, described, at=AT)
                document_of_one = json.loads(json.dumps(document))
                document_of_one["rules"][0]["selection"]["countNumber"] = 3
                with pytest.raises(AssertionError, match=r"v1\.0"):
                    assert_keeps(document_of_one, described, at=AT)

    def test_what_boto3_gives_has_times_of_its_own(self, images):
        for image in images["imageDetails"]:
            image["imagePushedAt"] = datetime.fromisoformat(image["imagePushedAt"])
        assert_keeps([keep_last(4, tags="v*")], images, at=AT)

    @pytest.mark.parametrize("policy", ["{", {"rules": []}, Path("missing.json")])
    def test_a_policy_that_is_none_never_passes(self, policy, images):
        with pytest.raises(InvalidInputError):
            assert_keeps(policy, images, at=AT)

    def test_images_that_are_none_never_pass(self):
        with pytest.raises(InvalidInputError):
            assert_keeps(self.RULES, {"images": []}, at=AT)


def a_role(**role):
    """A template with a repository and a role."""
    trust = {"Statement": []}
    return {
        "Resources": {
            "Api": {
                "Type": "AWS::ECR::Repository",
                "Properties": {"RepositoryName": "shop/api"},
            },
            "Runner": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "runner",
                    "AssumeRolePolicyDocument": trust,
                    **role,
                },
            },
        }
    }


TEAM = "arn:aws:iam::111111111111:policy/team"
READS = {"Statement": [{"Effect": "Deny", "Action": "ecr:Put*", "Resource": "*"}]}


def test_a_policy_that_is_not_in_the_template_may_allow_it():
    template = a_role(ManagedPolicyArns=[TEAM])
    with pytest.raises(AssertionError) as caught:
        assert_access(template, "runner", cannot=["pull", "push"], on="shop/api")
    assert str(caught.value).splitlines() == [
        f"role {line} shop/api" if not line.startswith(" ") else line
        for word in ("pull", "push")
        for line in (
            f"Runner may perhaps {word}",
            "  these are not in the template, and may allow it:",
            f"    {TEAM}",
        )
    ]


@pytest.mark.parametrize(
    "role",
    [
        # It has no action of ECR.
        {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]},
        # Whatever they allow, these stand above it.
        {
            "ManagedPolicyArns": [TEAM],
            "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        },
        {
            "ManagedPolicyArns": [TEAM],
            "Policies": [{"PolicyName": "reads", "PolicyDocument": READS}],
        },
        # A boundary allows nothing by itself.
        {"PermissionsBoundary": TEAM},
    ],
)
def test_what_is_not_in_the_template_cannot_allow_it(role):
    assert_access(a_role(**role), "runner", cannot="push", on="shop/api")
