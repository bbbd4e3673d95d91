"""Roles: for principals, for AWS services, for web identities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

from embedded_aws import GITHUB, GITLAB, EmbeddedAws, ServiceRefused
from embedded_aws.account import Account, Statement

ECS = "ecs-tasks.amazonaws.com"


def trust(
    principal: Any,
    condition: Mapping[str, Any] | None = None,
    action: str = "sts:AssumeRole",
    effect: str = "Allow",
) -> Statement:
    conditioned = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": principal, "Action": action, **conditioned}


def refused(call: Any, *given: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(*given, **more)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


class TestAssumeRole:
    def test_an_external_id_is_asked_for(self, account: Account) -> None:
        condition = {"StringEquals": {"sts:ExternalId": "sesame"}}
        arn = account.create_role("ext", trust=[trust({"AWS": account.root_arn}, condition)])
        assert refused(account.aws.assume_role, arn, account.root)[0] == "AccessDenied"
        assert refused(account.aws.assume_role, arn, account.root, ExternalId="wrong")[0] == (
            "AccessDenied"
        )
        account.aws.assume_role(arn, account.root, ExternalId="sesame")

    def test_a_named_principal_only(self, account: Account) -> None:
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        named, other = account.user("named", [may]), account.user("other", [may])
        principal = {"AWS": f"arn:aws:iam::{account.id}:user/named"}
        arn = account.create_role("role", trust=[trust(principal)])
        account.aws.assume_role(arn, named)
        assert refused(account.aws.assume_role, arn, other)[0] == "AccessDenied"

    @pytest.mark.parametrize(
        "arn", ["arn:aws:iam::111111111111:role", "arn:aws:iam::role/some-role"]
    )
    def test_what_is_no_role(self, account: Account, arn: str) -> None:
        assert refused(account.aws.assume_role, arn, account.root)[0] == "ValidationError"
        code, _ = refused(account.aws.assume_role, arn, account.user("user"))
        assert code == "AccessDenied"

    def test_being_named_is_enough_at_home(self, account: Account) -> None:
        named, other = account.user("named"), account.user("other")
        principal = {"AWS": f"arn:aws:iam::{account.id}:user/named"}
        condition = {"StringEquals": {"sts:ExternalId": "sesame"}}
        arn = account.create_role("role", trust=[trust(principal, condition)])
        account.aws.assume_role(arn, named, ExternalId="sesame")
        assert refused(account.aws.assume_role, arn, named)[0] == "AccessDenied"
        assert refused(account.aws.assume_role, arn, other, ExternalId="sesame")[0] == (
            "AccessDenied"
        )

    @pytest.mark.parametrize(("here", "there"), [(True, True), (True, False), (False, True)])
    def test_another_account_needs_both_sides(
        self, account: Account, other_account: Account, here: bool, there: bool
    ) -> None:
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        user = other_account.user("user", [may] if there else [])
        trusted = other_account.root_arn if here else account.root_arn
        condition = {"StringEquals": {"sts:ExternalId": "sesame"}}
        arn = account.create_role("role", trust=[trust({"AWS": trusted}, condition)])
        if here and there:
            account.aws.assume_role(arn, user, ExternalId="sesame")
        else:
            code, _ = refused(account.aws.assume_role, arn, user, ExternalId="sesame")
            assert code == "AccessDenied"

    def test_a_service_role_is_not_for_roots_and_users(self, account: Account) -> None:
        arn = account.create_role("service", trust=[trust({"Service": ECS})])
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        for credentials in (account.root, account.user("user", [may])):
            code, message = refused(account.aws.assume_role, arn, credentials)
            assert code == "AccessDenied"
            assert "is not authorized to perform: sts:AssumeRole on resource" in message

    def test_a_deny_wins(self, account: Account) -> None:
        everybody = {"AWS": account.root_arn}
        statements = [trust(everybody), trust(everybody, effect="Deny")]
        arn = account.create_role("denied", trust=statements)
        assert refused(account.aws.assume_role, arn, account.root)[0] == "AccessDenied"


class TestServices:
    def arn(self, account: Account) -> str:
        condition = {
            "StringEquals": {"aws:SourceAccount": account.id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{account.id}:*"},
        }
        return account.create_role("task", trust=[trust({"Service": ECS}, condition)])

    def test_the_right_service_from_the_right_place(self, account: Account) -> None:
        arn = self.arn(account)
        credentials = account.aws.assume_role_as_service(
            arn,
            ECS,
            source_account=account.id,
            source_arn=f"arn:aws:ecs:eu-west-1:{account.id}:cluster/shop",
        )
        caller = account.aws.client("sts", credentials).get_caller_identity()
        assert caller["Arn"] == f"arn:aws:sts::{account.id}:assumed-role/task/service"

    @pytest.mark.parametrize(
        ("service", "source_account", "source_arn"),
        [
            (ECS, "999999999999", "arn:aws:ecs:eu-west-1:{}:cluster/shop"),
            (ECS, "{}", "arn:aws:ecs:eu-west-1:999999999999:cluster/shop"),
            (ECS, "{}", "arn:aws:ecs:us-east-1:{}:cluster/shop"),
            (ECS, None, None),
            ("ec2.amazonaws.com", "{}", "arn:aws:ecs:eu-west-1:{}:cluster/shop"),
        ],
    )
    def test_any_other_circumstance(
        self, account: Account, service: str, source_account: str | None, source_arn: str | None
    ) -> None:
        with pytest.raises(ServiceRefused, match=f"User: {service} is not authorized to perform"):
            account.aws.assume_role_as_service(
                self.arn(account),
                service,
                source_account=source_account and source_account.format(account.id),
                source_arn=source_arn and source_arn.format(account.id),
            )

    def test_a_role_for_principals_is_not_for_services(self, account: Account) -> None:
        with pytest.raises(ServiceRefused):
            account.aws.assume_role_as_service(account.create_role("people"), ECS)

    def test_no_such_role(self, account: Account) -> None:
        with pytest.raises(ServiceRefused):
            account.aws.assume_role_as_service(account.role_arn("none"), ECS)


class TestWebIdentity:
    claims: ClassVar[dict[str, str]] = {
        "sub": "repo:acme/shop:ref:refs/heads/main",
        "aud": "sts.amazonaws.com",
    }

    def arn(self, account: Account, issuer: str = GITHUB) -> str:
        host = issuer.removeprefix("https://")
        account.client("iam").create_open_id_connect_provider(
            Url=issuer, ClientIDList=["sts.amazonaws.com"]
        )
        provider = f"arn:aws:iam::{account.id}:oidc-provider/{host}"
        condition = {
            "StringEquals": {
                f"{host}:aud": "sts.amazonaws.com",
                f"{host}:sub": self.claims["sub"],
            }
        }
        action = "sts:AssumeRoleWithWebIdentity"
        statement = trust({"Federated": provider}, condition, action)
        return account.create_role("ci", trust=[statement])

    def outcome(self, aws: EmbeddedAws, arn: str, token: str) -> tuple[str, str]:
        return refused(aws.assume_role_with_web_identity, arn, token)

    def test_a_token_that_holds(self, account: Account) -> None:
        arn = self.arn(account)
        token = account.aws.web_identity_token(self.claims)
        credentials = account.aws.assume_role_with_web_identity(arn, token)
        caller = account.aws.client("sts", credentials).get_caller_identity()
        assert caller["Arn"] == f"arn:aws:sts::{account.id}:assumed-role/ci/session"

    def test_the_answer_says_what_the_token_says(self, account: Account) -> None:
        answer = account.client("sts").assume_role_with_web_identity(
            RoleArn=self.arn(account),
            RoleSessionName="session",
            WebIdentityToken=account.aws.web_identity_token(self.claims),
        )
        assert answer["SubjectFromWebIdentityToken"] == self.claims["sub"]
        assert answer["Audience"] == self.claims["aud"]
        assert answer["Provider"] == GITHUB

    @pytest.mark.parametrize(
        "subject",
        [
            "repo:acme/shop:ref:refs/heads/feature",
            "repo:evil/shop:ref:refs/heads/main",
            "repo:acme/shop:pull_request",
        ],
    )
    def test_another_branch_or_repository(self, account: Account, subject: str) -> None:
        token = account.aws.web_identity_token({**self.claims, "sub": subject})
        assert self.outcome(account.aws, self.arn(account), token) == (
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        )

    def test_another_audience(self, account: Account) -> None:
        token = account.aws.web_identity_token({**self.claims, "aud": "elsewhere"})
        code, message = self.outcome(account.aws, self.arn(account), token)
        assert (code, message) == ("InvalidIdentityToken", "Incorrect token audience")

    def test_a_signature_of_somebody_else(self, account: Account) -> None:
        forged = account.aws.web_identity_token(self.claims, signed_by=GITLAB)
        assert self.outcome(account.aws, self.arn(account), forged)[0] == "InvalidIdentityToken"

    def test_claims_that_were_changed(self, account: Account) -> None:
        arn = self.arn(account)
        good = account.aws.web_identity_token(self.claims)
        other = account.aws.web_identity_token({**self.claims, "sub": "repo:evil/x"})
        header, claims, _ = good.split(".")
        mixed = ".".join((header, claims, other.split(".")[2]))
        unsigned = f"{header}.{claims}."
        for token in (mixed, unsigned, "nothing", "a.b.c"):
            assert self.outcome(account.aws, arn, token)[0] == "InvalidIdentityToken"

    def test_a_token_that_expired(self, account: Account) -> None:
        token = account.aws.web_identity_token(self.claims, seconds=-1)
        assert self.outcome(account.aws, self.arn(account), token)[0] == "ExpiredTokenException"

    def test_an_issuer_that_the_account_does_not_know(self, account: Account) -> None:
        token = account.aws.web_identity_token(self.claims, issuer=GITLAB)
        code, message = self.outcome(account.aws, self.arn(account), token)
        assert code == "InvalidIdentityToken"
        assert message == f"No OpenIDConnect provider found in your account for {GITLAB}"

    def test_another_issuer(self, account: Account) -> None:
        arn = self.arn(account, GITLAB)
        token = account.aws.web_identity_token(self.claims, issuer=GITLAB)
        account.aws.assume_role_with_web_identity(arn, token)


class TestWhatRequestsAreAuthorizedOn:
    def test_log_groups_and_streams(self, account: Account) -> None:
        logs = account.client("logs")
        for name in ("one", "two"):
            logs.create_log_group(logGroupName=name)
        arn = f"arn:aws:logs:{account.region}:{account.id}:log-group:one:*"
        write = {"Effect": "Allow", "Action": "logs:CreateLogStream", "Resource": arn}
        client = account.aws.client("logs", account.role("writer", [write]))
        client.create_log_stream(logGroupName="one", logStreamName="stream")
        code, message = refused(
            client.create_log_stream, logGroupName="two", logStreamName="stream"
        )
        assert code == "AccessDeniedException"
        assert "log-group:two:log-stream:stream " in message

    def test_parameters(self, account: Account) -> None:
        ssm = account.client("ssm")
        for name in ("/shop/one", "two"):
            ssm.put_parameter(Name=name, Value="value", Type="String")
        arn = f"arn:aws:ssm:{account.region}:{account.id}:parameter/shop/one"
        read = {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": arn}
        client = account.aws.client("ssm", account.role("reader", [read]))
        assert len(client.get_parameters(Names=["/shop/one"])["Parameters"]) == 1
        for names in (["two"], ["/shop/one", "two"]):
            assert refused(client.get_parameters, Names=names)[0] == "AccessDeniedException"
