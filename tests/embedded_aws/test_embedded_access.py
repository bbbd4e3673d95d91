"""Who may do what, on both roads: the ECR API and the registry protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from embedded_aws import Credentials
from embedded_aws.account import AUTHORIZATION_TOKEN, Account, Statement, policy_document
from embedded_aws.registry_client import BuiltImage, PushRefused, image

NAME = "probe/api"
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
)


def allow(
    actions: Sequence[str], resource: str, condition: Mapping[str, Any] | None = None
) -> Statement:
    conditioned = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **conditioned}


def for_principal(effect: str, principal: Any, actions: Sequence[str] = PULL, **more: Any) -> Any:
    return {"Effect": effect, "Principal": principal, "Action": list(actions), **more}


@pytest.fixture
def pushed(account: Account) -> BuiltImage:
    account.client("ecr").create_repository(repositoryName=NAME)
    built = image("probe")
    registry = account.aws.registry(account.id, NAME, credentials=account.root)
    registry.push_image(built, "v1")
    return built


def set_policy(account: Account, *statements: Statement) -> None:
    text = policy_document(statements)
    account.client("ecr").set_repository_policy(repositoryName=NAME, policyText=text)


def by_registry(owner: Account, credentials: Credentials) -> str:
    """allow, or the step and the sentence at which a pull ended."""
    try:
        registry = owner.aws.registry(owner.id, NAME, credentials=credentials)
        registry.pull_image("v1")
    except ClientError as error:
        return f"token: {error.response['Error']['Message']}"
    except PushRefused as refused:
        return f"{refused.step}: {refused.answer.message}"
    return "allow"


def by_api(owner: Account, credentials: Credentials) -> str:
    client = owner.aws.client("ecr", credentials)
    ids = [{"imageTag": "v1"}]
    try:
        client.batch_get_image(repositoryName=NAME, registryId=owner.id, imageIds=ids)
    except ClientError as error:
        refusal = error.response["Error"]
        return f"{refusal['Code']}: {refusal['Message']}"
    return "allow"


def both(owner: Account, credentials: Credentials) -> tuple[bool, bool]:
    return by_api(owner, credentials) == "allow", by_registry(owner, credentials) == "allow"


def test_a_refusal_is_an_access_denied_exception(account: Account, pushed: BuiltImage) -> None:
    assert by_api(account, account.role("nothing")).startswith("AccessDeniedException: User: ")


YES, NO = (True, True), (False, False)


@pytest.mark.usefixtures("pushed")
class TestIdentityPolicies:
    def test_nothing_granted(self, account: Account) -> None:
        role = account.role("nothing")
        assert by_registry(account, role) == (
            f"token: User: arn:aws:sts::{account.id}:assumed-role/nothing/session is not "
            "authorized to perform: ecr:GetAuthorizationToken on resource: * because no "
            "identity-based policy allows the ecr:GetAuthorizationToken action"
        )

    def test_pull_without_token(self, account: Account) -> None:
        role = account.role("no-token", [allow(PULL, account.repository_arn(NAME))])
        assert both(account, role) == (True, False)

    def test_token_without_pull(self, account: Account) -> None:
        role = account.role("only-token", [AUTHORIZATION_TOKEN])
        assert by_registry(account, role) == (
            f"BatchGetImage: User: arn:aws:sts::{account.id}:assumed-role/only-token/session is "
            "not authorized to perform: ecr:BatchGetImage on resource: "
            f"{account.repository_arn(NAME)} because no identity-based policy allows the "
            "ecr:BatchGetImage action"
        )

    def test_granted(self, account: Account) -> None:
        statements = [AUTHORIZATION_TOKEN, allow(PULL, account.repository_arn(NAME))]
        assert both(account, account.role("good", statements)) == YES
        assert both(account, account.user("user", statements)) == YES

    def test_a_group_of_a_user(self, account: Account) -> None:
        user = account.user("member")
        iam = account.client("iam")
        iam.create_group(GroupName="pullers")
        document = policy_document([AUTHORIZATION_TOKEN, allow(PULL, account.repository_arn(NAME))])
        iam.put_group_policy(GroupName="pullers", PolicyName="p", PolicyDocument=document)
        assert both(account, user) == NO
        iam.add_user_to_group(GroupName="pullers", UserName="member")
        assert both(account, user) == YES

    def test_a_managed_policy(self, account: Account) -> None:
        role = account.role("managed")
        iam = account.client("iam")
        document = policy_document([AUTHORIZATION_TOKEN, allow(PULL, account.repository_arn(NAME))])
        created = iam.create_policy(PolicyName="pull", PolicyDocument=document)["Policy"]
        assert both(account, role) == NO
        iam.attach_role_policy(RoleName="managed", PolicyArn=created["Arn"])
        assert both(account, role) == YES

    def test_a_boundary_narrows(self, account: Account) -> None:
        statements = [AUTHORIZATION_TOKEN, allow(PULL, account.repository_arn(NAME))]
        role = account.role("bounded", statements)
        iam = account.client("iam")
        limit = policy_document([AUTHORIZATION_TOKEN, allow(["ecr:BatchGetImage"], "*")])
        created = iam.create_policy(PolicyName="limit", PolicyDocument=limit)["Policy"]
        iam.put_role_permissions_boundary(RoleName="bounded", PermissionsBoundary=created["Arn"])
        assert both(account, role) == (True, False)
        assert by_registry(account, role).startswith("GetDownloadUrlForLayer: User: ")

    def test_a_session_policy_narrows(self, account: Account) -> None:
        statements = [AUTHORIZATION_TOKEN, allow(PULL, account.repository_arn(NAME))]
        arn = account.create_role("narrowed", statements)
        policy = policy_document([AUTHORIZATION_TOKEN])
        narrow = account.aws.assume_role(arn, account.root, Policy=policy)
        assert both(account, narrow) == NO
        assert both(account, account.aws.assume_role(arn, account.root)) == YES

    def test_another_repository(self, account: Account) -> None:
        elsewhere = allow(PULL, account.repository_arn(NAME) + "-x")
        assert both(account, account.role("other", [AUTHORIZATION_TOKEN, elsewhere])) == NO

    def test_puller_does_not_push_and_pusher_does(self, account: Account) -> None:
        arn = account.repository_arn(NAME)
        puller = account.role("puller", [AUTHORIZATION_TOKEN, allow(PULL, arn)])
        pusher = account.role("pusher", [AUTHORIZATION_TOKEN, allow(PUSH, arn)])
        with pytest.raises(PushRefused, match="perform: ecr:InitiateLayerUpload on resource"):
            account.aws.registry(account.id, NAME, credentials=puller).push_image(image("a"), "a")
        account.aws.registry(account.id, NAME, credentials=pusher).push_image(image("b"), "b")
        assert both(account, pusher) == NO

    @pytest.mark.parametrize("missing", PUSH[1:])
    def test_each_action_of_a_push_is_needed(self, account: Account, missing: str) -> None:
        granted = [action for action in PUSH if action != missing]
        arn = account.repository_arn(NAME)
        role = account.role("almost", [AUTHORIZATION_TOKEN, allow(granted, arn)])
        with pytest.raises(PushRefused, match=f"not authorized to perform: {missing} on"):
            account.aws.registry(account.id, NAME, credentials=role).push_image(image("a"), "a")

    @pytest.mark.parametrize("prefix", ["aws", "ecr"])
    def test_tags_of_the_repository(self, account: Account, prefix: str) -> None:
        condition = {"StringEquals": {f"{prefix}:ResourceTag/team": "shop"}}
        role = account.role("tagged", [AUTHORIZATION_TOKEN, allow(PULL, "*", condition)])
        assert both(account, role) == NO
        tags = [{"Key": "team", "Value": "shop"}]
        ecr = account.client("ecr")
        ecr.tag_resource(resourceArn=account.repository_arn(NAME), tags=tags)
        assert both(account, role) == YES

    def test_tags_of_the_request(self, account: Account) -> None:
        condition = {"StringEquals": {"aws:RequestTag/team": "shop"}}
        create = ["ecr:CreateRepository", "ecr:TagResource"]
        role = account.role("creator", [allow(create, "*", condition)])
        client = account.aws.client("ecr", role)
        client.create_repository(repositoryName="tagged", tags=[{"Key": "team", "Value": "shop"}])
        with pytest.raises(ClientError, match="not authorized"):
            client.create_repository(repositoryName="untagged")

    def test_describing_several_needs_each(self, account: Account) -> None:
        ecr = account.client("ecr")
        ecr.create_repository(repositoryName="probe/web")
        describe = ("ecr:DescribeRepositories",)
        role = account.role("one", [allow(describe, account.repository_arn(NAME))])
        client = account.aws.client("ecr", role)
        found = client.describe_repositories(repositoryNames=[NAME])["repositories"]
        assert [one["repositoryName"] for one in found] == [NAME]
        with pytest.raises(ClientError, match=r"on resource: .*repository/probe/web "):
            client.describe_repositories(repositoryNames=[NAME, "probe/web"])
        with pytest.raises(ClientError, match=r"on resource: .*repository/\* "):
            client.describe_repositories()

    def test_unknown_keys(self, account: Account) -> None:
        unknown = Credentials("AKIAIOSFODNN7EXAMPLE", "x")
        with pytest.raises(ClientError, match="security token included in the request is inv"):
            account.aws.client("ecr", unknown).describe_repositories()

    def test_wrong_secret(self, account: Account) -> None:
        user = account.user("real", [allow(["ecr:*"], "*")])
        wrong = Credentials(user.access_key_id, "wrong")
        with pytest.raises(ClientError, match="signature"):
            account.aws.client("ecr", wrong).describe_repositories()

    def test_rights_that_end_end_at_once(self, account: Account) -> None:
        arn = account.repository_arn(NAME)
        role = account.role("ends", [AUTHORIZATION_TOKEN, allow(PULL, arn)])
        registry = account.aws.registry(account.id, NAME, credentials=role)
        registry.pull_image("v1")
        iam = account.client("iam")
        iam.delete_role_policy(RoleName="ends", PolicyName="inline")
        with pytest.raises(PushRefused, match="not authorized"):
            registry.pull_image("v1")


@pytest.mark.usefixtures("pushed")
class TestRepositoryPolicies:
    def test_naming_a_role_is_enough_at_home(self, account: Account) -> None:
        named = account.role("named", [AUTHORIZATION_TOKEN])
        other = account.role("other", [AUTHORIZATION_TOKEN])
        set_policy(account, for_principal("Allow", {"AWS": account.role_arn("named")}))
        assert both(account, named) == YES
        assert both(account, other) == NO

    def test_naming_the_account_is_not(self, account: Account) -> None:
        role = account.role("role", [AUTHORIZATION_TOKEN])
        set_policy(account, for_principal("Allow", {"AWS": account.root_arn}))
        assert both(account, role) == NO

    def test_a_deny_beats_an_allow(self, account: Account) -> None:
        arn = account.repository_arn(NAME)
        role = account.role("good", [AUTHORIZATION_TOKEN, allow(PULL, arn)])
        set_policy(account, for_principal("Deny", "*", ["ecr:BatchGetImage"]))
        assert both(account, role) == NO
        assert "with an explicit deny in a resource-based policy" in by_api(account, role)
        assert "with an explicit deny in a resource-based policy" in by_registry(account, role)

    @pytest.mark.parametrize(("here", "there"), [(True, True), (True, False), (False, True)])
    def test_another_account_needs_both_sides(
        self, account: Account, other_account: Account, here: bool, there: bool
    ) -> None:
        granted = [allow(PULL, account.repository_arn(NAME))] if there else []
        role = other_account.role("reader", [AUTHORIZATION_TOKEN, *granted])
        if here:
            set_policy(account, for_principal("Allow", {"AWS": other_account.root_arn}))
        assert both(account, role) == (YES if here and there else NO)
        kind = "identity-based" if here else "resource-based"
        if not (here and there):
            assert f"no {kind} policy allows" in by_api(account, role)
            assert f"no {kind} policy allows" in by_registry(account, role)

    def test_another_account_cannot_do_more(self, account: Account, other_account: Account) -> None:
        everything = allow(["ecr:*"], "*")
        role = other_account.role("reader", [everything])
        set_policy(account, for_principal("Allow", {"AWS": other_account.role_arn("reader")}))
        assert both(account, role) == YES
        registry = account.aws.registry(account.id, NAME, credentials=role)
        with pytest.raises(PushRefused, match="no resource-based policy allows the ecr:Init"):
            registry.push_image(image("foreign"), "v9")
        client = account.aws.client("ecr", role)
        with pytest.raises(ClientError, match="no resource-based policy allows"):
            client.describe_images(repositoryName=NAME, registryId=account.id)

    def test_a_foreign_root_is_no_root_here(self, account: Account, other_account: Account) -> None:
        assert both(account, other_account.root) == NO
        set_policy(account, for_principal("Allow", {"AWS": other_account.root_arn}))
        assert both(account, other_account.root) == YES

    def test_the_name_alone_means_the_own_registry(
        self, account: Account, other_account: Account
    ) -> None:
        client = other_account.client("ecr")
        with pytest.raises(client.exceptions.RepositoryNotFoundException):
            client.describe_images(repositoryName=NAME)

    def test_an_organization(self, account: Account, other_account: Account) -> None:
        role = other_account.role("reader", [allow(["ecr:*"], "*")])
        condition = {"StringEquals": {"aws:PrincipalOrgID": "o-shop"}}
        set_policy(account, for_principal("Allow", "*", Condition=condition))
        assert both(account, role) == NO
        account.aws.set_organization(other_account.id, "o-other")
        assert both(account, role) == NO
        account.aws.set_organization(other_account.id, "o-shop")
        assert both(account, role) == YES

    def test_an_organizational_unit(self, account: Account, other_account: Account) -> None:
        role = other_account.role("reader", [allow(["ecr:*"], "*")])
        unit = {"aws:PrincipalOrgPaths": "o-shop/r-1/ou-build/*"}
        condition = {"ForAnyValue:StringLike": unit}
        set_policy(account, for_principal("Allow", "*", Condition=condition))
        account.aws.set_organization(other_account.id, "o-shop", ("o-shop/r-1/ou-run/",))
        assert both(account, role) == NO
        account.aws.set_organization(other_account.id, "o-shop", ("o-shop/r-1/ou-build/ou-x/",))
        assert both(account, role) == YES

    def test_a_root_in_an_organizational_unit(
        self, account: Account, other_account: Account
    ) -> None:
        unit = {"aws:PrincipalOrgPaths": "o-shop/r-1/ou-build/"}
        set_policy(account, for_principal("Allow", "*", Condition={"ForAnyValue:StringLike": unit}))
        account.aws.set_organization(other_account.id, "o-shop", ("o-shop/r-1/ou-run/",))
        assert both(account, other_account.root) == NO
        account.aws.set_organization(other_account.id, "o-shop", ("o-shop/r-1/ou-build/",))
        assert both(account, other_account.root) == YES

    def test_the_arn_of_a_sessions_role(self, account: Account, other_account: Account) -> None:
        """A condition sees the role of a session, with its path, and not the session."""
        iam = other_account.client("iam")
        trust = policy_document(
            [for_principal("Allow", {"AWS": other_account.root_arn}, ["sts:AssumeRole"])]
        )
        role = iam.create_role(Path="/ci/", RoleName="ci", AssumeRolePolicyDocument=trust)["Role"]
        document = policy_document([allow(["ecr:*"], "*")])
        iam.put_role_policy(RoleName="ci", PolicyName="inline", PolicyDocument=document)
        session = account.aws.assume_role(role["Arn"], other_account.root)
        for named, expected in (
            (role["Arn"], YES),
            (other_account.role_arn("ci"), NO),
            (f"arn:aws:sts::{other_account.id}:assumed-role/ci/session", NO),
        ):
            condition = {"ArnEquals": {"aws:PrincipalArn": named}}
            principal = {"AWS": other_account.root_arn}
            set_policy(account, for_principal("Allow", principal, Condition=condition))
            assert both(account, session) == expected, named

    def test_an_aws_service_by_the_api(self, account: Account) -> None:
        source = f"arn:aws:lambda:eu-west-1:{account.id}:function:f"
        condition = {"ArnLike": {"aws:SourceArn": source}}
        principal = {"Service": "lambda.amazonaws.com"}
        set_policy(account, for_principal("Allow", principal, Condition=condition))

        def answer(operation: str, source_arn: str, **more: Any) -> Any:
            given = {"repositoryName": NAME, **more}
            return account.aws.ecr_as_service(
                "lambda.amazonaws.com",
                operation,
                given,
                account=account.id,
                source_arn=source_arn,
            )

        ids = [{"imageTag": "v1"}]
        assert len(answer("BatchGetImage", source, imageIds=ids)["images"]) == 1
        refused = answer("BatchGetImage", f"{source}x", imageIds=ids)
        assert refused["__type"] == "AccessDeniedException"
        assert answer("DescribeImages", source)["__type"] == "AccessDeniedException"
        assert answer("BatchGetImage", source)["__type"] == "InvalidParameterException"

    def test_an_aws_service(self, account: Account) -> None:
        service = "lambda.amazonaws.com"
        source = f"arn:aws:lambda:eu-west-1:{account.id}:function:f"
        condition = {"StringEquals": {"aws:SourceAccount": account.id}}
        set_policy(account, for_principal("Allow", {"Service": service}, Condition=condition))

        def outcome(acting: str, source_account: str) -> bool:
            password = account.aws.registry_password_for_service(
                acting, account.id, source_account=source_account, source_arn=source
            )
            registry = account.aws.registry(account.id, NAME, password=password)
            return registry.call("GET", "manifests/v1").status == 200

        assert outcome(service, account.id)
        assert not outcome(service, "999999999999")
        assert not outcome("codebuild.amazonaws.com", account.id)

    def test_the_registry_policy_takes_part(self, account: Account, other_account: Account) -> None:
        role = other_account.role("reader", [allow(["ecr:*"], "*")])
        grant = for_principal("Allow", {"AWS": other_account.root_arn})
        text = policy_document([{**grant, "Resource": account.repository_arn("probe/*")}])
        account.client("ecr").put_registry_policy(policyText=text)
        assert both(account, role) == YES
        text = policy_document([{**grant, "Resource": account.repository_arn("web/*")}])
        account.client("ecr").put_registry_policy(policyText=text)
        assert both(account, role) == NO
