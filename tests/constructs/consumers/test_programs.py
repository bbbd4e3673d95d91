"""Random programs: any consumers of any repositories, wherever each stands, get exactly what they
were granted; no two stacks need each other, and nothing is allowed on everything.

jsii is slow, so one App takes a whole program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ecr_constructs import (
    AppRunnerAccessRole,
    BatchInstanceRole,
    CodeBuildProjects,
    CodeBuildRole,
    EksAutoNodeRole,
    EksFargatePodRole,
    EksHybridNodeRole,
    EksNodeRole,
    EmrServerlessApplications,
    GitHubPushRole,
    GitLabPullRole,
    ImageKey,
    LambdaFunctions,
    OidcPushRole,
    SageMakerRole,
    SecureRepository,
    TaskExecutionRole,
    TaskRole,
)

from ..conftest import templates
from .support import (
    ACCOUNT,
    AGENT_PULL,
    DESCRIBING_PULL,
    OPEN,
    OTHER,
    PULL,
    PUSH,
    REGION,
    TOKEN,
    Stack,
    service_may,
)

PROGRAMS = settings(
    max_examples=4,
    # Shrinking would synthesize for minutes; the assertion names the consumer anyway.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NAMES = ("shop/api", "shop/web", "ci/tools", "models")
# Actions whose API knows no resource.
UNLIMITED = {
    TOKEN,
    "cloudwatch:PutMetricData",
    "ecs:DiscoverPollEndpoint",
    "ssm:DescribeInstanceInformation",
}


@dataclass(frozen=True)
class Kind:
    """A role of a consumer, and what its page says that it does with the repositories named."""

    make: Callable[..., Any]
    does: frozenset[str]
    options: Mapping[str, Any]
    takes: str = "pulls_from"

    @classmethod
    def of(cls, make: Callable[..., Any], does: frozenset[str], **options: Any) -> Kind:
        return cls(make, does, options)

    @classmethod
    def of_ci(cls, make: Callable[..., Any], does: frozenset[str], **options: Any) -> Kind:
        return cls(make, does, options, takes="repositories")

    def named(self, names: set[str]) -> list[str]:
        """The repositories as it takes them: a role of CI is for one at least."""
        return sorted(names or ({NAMES[0]} if self.takes == "repositories" else ()))


KINDS = {
    "execution": Kind.of(TaskExecutionRole, AGENT_PULL),
    "task": Kind.of(TaskRole, PULL),
    "nodes": Kind.of(EksNodeRole, PULL, add_on_images=False),
    "auto": Kind.of(EksAutoNodeRole, PULL, add_on_images=False),
    "pods": Kind.of(EksFargatePodRole, AGENT_PULL, cluster_name="shop", add_on_images=False),
    "hybrid": Kind.of(EksHybridNodeRole, PULL, cluster_name="shop", add_on_images=False),
    "batch": Kind.of(BatchInstanceRole, AGENT_PULL),
    "sagemaker": Kind.of(SageMakerRole, AGENT_PULL),
    "codebuild": Kind.of(CodeBuildRole, AGENT_PULL),
    "app runner": Kind.of(AppRunnerAccessRole, DESCRIBING_PULL),
    "github": Kind.of_ci(GitHubPushRole, PUSH, owner="acme", project="shop", branch="main"),
    "gitlab": Kind.of_ci(GitLabPullRole, PULL, owner="acme", project="shop", tag="v1"),
    "issuer": Kind.of_ci(
        OidcPushRole, PUSH, issuer="https://ci.example.com", audience="aws", subject="shop"
    ),
}
ISSUERS = {
    "github": "token.actions.githubusercontent.com",
    "gitlab": "gitlab.com",
    "issuer": "ci.example.com",
}
PUSHING = {"task", "codebuild"}
SERVICES: Mapping[str, tuple[Callable[..., Any], str, str]] = {
    # What is named, by which option, and what stands before the name in its ARN.
    "lambda.amazonaws.com": (LambdaFunctions, "names", "function:"),
    "codebuild.amazonaws.com": (CodeBuildProjects, "names", "project/"),
    "emr-serverless.amazonaws.com": (
        EmrServerlessApplications,
        "application_ids",
        "/applications/",
    ),
}
DOES = {
    "lambda.amazonaws.com": PULL,
    "codebuild.amazonaws.com": AGENT_PULL,
    "emr-serverless.amazonaws.com": DESCRIBING_PULL,
}
some_repositories = st.sets(st.sampled_from(NAMES))
roles = st.tuples(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["Home", "Neighbour", "Other", "Stage"]),
    some_repositories,
    some_repositories,
)
services = st.tuples(
    st.sampled_from(sorted(SERVICES)), st.sampled_from([None, OTHER]), some_repositories
)


class Estate:
    """Four repositories, two of them under a customer key, and four places for consumers."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        self.app = cdk.App(context=dict(flags))
        self.providers: dict[tuple[str | None, str], str] = {}
        self.places = {
            "Home": self._stack(self.app, "Home", ACCOUNT),
            "Neighbour": self._stack(self.app, "Neighbour", ACCOUNT),
            "Other": self._stack(self.app, "Other", OTHER),
            "Stage": self._stack(cdk.Stage(self.app, "Later"), "Stage", ACCOUNT),
        }
        home = self.places["Home"]
        key = ImageKey(home, "Key")
        self.repositories = {
            name: SecureRepository(
                home,
                name.title().replace("/", ""),
                repository_name=name,
                encryption_key=key if number % 2 else None,
            )
            for number, name in enumerate(NAMES)
        }

    def provider(self, kind: str, place: str) -> dict[str, str]:
        """The provider that another place of the account makes, for a role of CI there."""
        account = OTHER if place == "Other" else ACCOUNT
        issuer = ISSUERS.get(kind)
        maker = self.providers.setdefault((issuer, account), place)
        if issuer is None or maker == place:
            return {}
        return {"provider_arn": f"arn:aws:iam::{account}:oidc-provider/{issuer}"}

    def stacks(self) -> dict[str, Stack]:
        found = templates(self.app)
        home = Stack(ACCOUNT, found["Home"]["Resources"])
        given = home.outputs(found["Home"])
        return {
            place: Stack(
                OTHER if place == "Other" else ACCOUNT,
                found[stack.stack_name].get("Resources", {}),
                given,
            )
            for place, stack in self.places.items()
        }

    def _stack(self, scope: cdk.App | cdk.Stage, name: str, account: str) -> cdk.Stack:
        env = cdk.Environment(account=account, region=REGION)
        return cdk.Stack(scope, name, env=env)


@PROGRAMS
@given(program=st.lists(roles, min_size=12, max_size=12))
def test_a_role_gets_exactly_what_was_named(flags: Mapping[str, Any], program: Any) -> None:
    estate = Estate(flags)
    for number, (name, place, names, pushed) in enumerate(program):
        kind = KINDS[name]
        pushes = {"pushes_to": [estate.repositories[one] for one in sorted(pushed)]}
        kind.make(
            estate.places[place],
            f"Consumer{number}",
            role_name=f"consumer-{number}",
            **{kind.takes: [estate.repositories[one] for one in kind.named(names)]},
            **kind.options,
            **estate.provider(name, place),
            **(pushes if name in PUSHING else {}),
        )
    stacks = estate.stacks()
    for number, (kind, place, names, named_to_push) in enumerate(program):
        named = KINDS[kind].named(names)
        pushed = named_to_push if kind in PUSHING else set()
        role = stacks[place].role(f"Consumer{number}")
        for name in NAMES:
            policy = stacks["Home"].repository_policy(name)
            expected = set(KINDS[kind].does if name in named else ()) | (
                PUSH if name in pushed else set()
            )
            assert role.ecr(name, policy=policy) == expected, (number, kind, place, name)
            stranger = role.ecr(name, policy=OPEN, account="333333333333")
            assert stranger == set(), (number, kind, place, name)
        assert role.account_actions() == ({TOKEN} if named or pushed else set())
        assert role.resources_of_everything() <= UNLIMITED
        # ECR decrypts for whoever pulls: nobody needs the key.
        assert not role.may("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1")


@PROGRAMS
@given(program=st.lists(services, min_size=6, max_size=12))
def test_a_service_pulls_for_exactly_what_was_named(flags: Mapping[str, Any], program: Any) -> None:
    estate = Estate(flags)
    for number, (service, account, names) in enumerate(program):
        make, option, _ = SERVICES[service]
        consumer = make(account=account, **{option: [f"consumer{number}"]})
        for name in sorted(names):
            estate.repositories[name].grant_pull(consumer)
    home = estate.stacks()["Home"]
    for number, (service, account, names) in enumerate(program):
        for name in NAMES:
            found = {
                asked: service_may(
                    home.repository_policy(name),
                    service,
                    name,
                    SourceAccount=asked,
                    SourceArn=_source(service, f"consumer{number}", asked),
                )
                for asked in (ACCOUNT, OTHER)
            }
            expected = {
                asked: set(DOES[service])
                if name in names and asked == (account or ACCOUNT)
                else set()
                for asked in (ACCOUNT, OTHER)
            }
            assert found == expected, (number, service, account, name)


def _source(service: str, name: str, account: str) -> str:
    _, _, kind = SERVICES[service]
    return f"arn:aws:{service.split('.', maxsplit=1)[0]}:{REGION}:{account}:{kind}{name}"
