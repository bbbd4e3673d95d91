"""Registries out of a hat: what users might write, right and wrong, in every combination."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ecr_constructs import (
    AppliedFor,
    BasicScanning,
    CacheRule,
    CreationTemplate,
    EcrConstructsError,
    Encryption,
    EnhancedScanning,
    PullThroughCacheRule,
    PullTimeUpdateExclusion,
    Registry,
    RegistryPolicy,
    RegistryReplication,
    RegistryScanning,
    ReplicationDestination,
    ReplicationRule,
    RepositoryCreationTemplate,
    SigningConfiguration,
    SigningRule,
    Upstream,
    expire_untagged,
    keep_last,
)
from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.replication.rule import replication_properties
from ecr_constructs.model.registry.signing import signing_properties

REGIONS = ["eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-3"]
FILTERS = [
    "*",
    "prod",
    "prod*",
    "*/api",
    "shop/*",
    "a.b",
    "a-b",
    "",
    "Prod",
    "a//b",
    "-x",
    "x" * 300,
]
PREFIXES = ["prod", "prod/", "prod/team", "ROOT", "shop", "a", "root", "", "Prod/", "-", "p" * 40]
UPSTREAMS: list[Callable[[], Upstream]] = [
    Upstream.ecr_public,
    Upstream.k8s,
    Upstream.quay,
    Upstream.docker_hub,
    Upstream.github,
    Upstream.gitlab,
    Upstream.chainguard,
    lambda: Upstream.azure("acmeimages"),
    lambda: Upstream.azure("acme.azurecr.io"),
    lambda: Upstream.ecr(account="222222222222", region="eu-west-1"),
    lambda: Upstream.ecr(account="2222", region="eu-west-1"),
]
ARNS = [
    "arn:aws:iam::111111111111:role/scanner",
    "arn:aws:iam::111111111111:role/team/scanner",
    "arn:aws:iam::111111111111:user/somebody",
    "arn:aws:sts::111111111111:assumed-role/scanner/session",
    "scanner",
]
NAMES = ["prod", "prod/api", "prod/team/api", "production/api", "shop/api", "api", "a.b"]


@dataclass
class RandomRegistry:
    """A registry in a stack of its own, its settings made until one is refused, and the next."""

    stack: cdk.Stack
    chance: random.Random
    refusals: list[EcrConstructsError] = field(default_factory=list)
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """The properties of what was taken, of the types whose values know them."""
    partly: bool = False
    """Whether a ``Registry`` was refused when parts of it were made."""
    made: int = 0

    def fill(self) -> None:
        """Make some settings of each kind."""
        makers = [
            *[self._registry] * self.chance.choice([0, 0, 1]),
            *[self._policy] * self.chance.randint(0, 1),
            *[self._scanning] * self.chance.randint(0, 2),
            *[self._replication] * self.chance.randint(0, 2),
            *[self._signing] * self.chance.randint(0, 2),
            *[self._exclusion] * self.chance.randint(0, 3),
            *[self._cache_rule] * self.chance.randint(0, 4),
            *[self._template] * self.chance.randint(0, 4),
        ]
        self.chance.shuffle(makers)
        for number, make in enumerate(makers):
            scope = Construct(self.stack, f"Setting{number}")
            try:
                make(scope)
                self.made += 1
            except EcrConstructsError as refusal:
                self.refusals.append(refusal)

    def _some(self, choices: list[Any], most: int = 3) -> list[Any]:
        return [self.chance.choice(choices) for _ in range(self.chance.randint(0, most))]

    def _or_none(self, value: Any) -> Any:
        return value if self.chance.random() < 0.3 else None

    def _policy(self, scope: Construct) -> None:
        resource = self.chance.choice(["prod/*", "*", "shop/api"])
        statement = iam.PolicyStatement(
            principals=[iam.AccountPrincipal("222222222222")],
            actions=self._some(["ecr:ReplicateImage", "ecr:BatchGetImage"]),
            resources=[
                f"arn:aws:ecr:{self.stack.region}:{self.stack.account}:repository/{resource}"
            ],
        )
        RegistryPolicy(scope, "Policy", statements=[statement])

    def _scanning(self, scope: Construct) -> None:
        scanning = self._some_scanning()
        RegistryScanning(scope, "Scanning", scanning=scanning)
        self._take_scanning(scanning)

    def _replication(self, scope: Construct) -> None:
        rules = self._some_replication()
        RegistryReplication(scope, "Replication", rules=rules)
        self._take_replication(rules)

    def _signing(self, scope: Construct) -> None:
        rules = self._some_signing()
        SigningConfiguration(scope, "Signing", rules=rules)
        self._take_signing(rules)

    def _registry(self, scope: Construct) -> None:
        """Everything at once."""
        scanning = self._or_none(self._some_scanning())
        replication = self._or_none(self._some_replication())
        signing = self._or_none(self._some_signing())
        rules = [self._some_cache_rule() for _ in range(self.chance.randint(0, 2))]
        self.partly = True
        Registry(
            scope,
            "Registry",
            scanning=scanning,
            replication=replication,
            signing=signing,
            pull_through=rules,
            templates=[
                CreationTemplate(
                    prefix=self.chance.choice(PREFIXES),
                    applied_for=self._some(list(AppliedFor), 2),
                )
                for _ in range(self.chance.randint(0, 1))
            ],
            pull_time_exclusions=self._or_none([self.chance.choice(ARNS)]),
        )
        self.partly = False
        if scanning is not None:
            self._take_scanning(scanning)
        if replication is not None:
            self._take_replication(replication)
        if signing is not None:
            self._take_signing(signing)

    def _exclusion(self, scope: Construct) -> None:
        PullTimeUpdateExclusion(scope, "Exclusion", role=self.chance.choice(ARNS))

    def _cache_rule(self, scope: Construct) -> None:
        rule = self._some_cache_rule()
        PullThroughCacheRule(
            scope,
            "Cache",
            upstream=rule.upstream,
            prefix=rule.prefix,
            upstream_prefix=rule.upstream_prefix,
            username=rule.username,
        )

    def _template(self, scope: Construct) -> None:
        RepositoryCreationTemplate(
            scope,
            "Template",
            prefix=self.chance.choice(PREFIXES),
            applied_for=self._some(list(AppliedFor), 2),
            description=self._or_none(self.chance.choice(["cached", "d" * 300])),
            encryption=self._or_none(self.chance.choice(list(Encryption))),
            mutable_tags=self._or_none(self._some(["latest", "v*", "a*b*c*"], 6)),
            lifecycle=self._or_none(
                self._some([keep_last(3, tags="v*"), expire_untagged(after_days=3)])
            ),
            resource_tags=self._or_none({"team": self.chance.choice(["shop", "", "v" * 300])}),
        )

    def _some_scanning(self) -> BasicScanning | EnhancedScanning:
        if self.chance.random() < 0.5:
            return BasicScanning(scan_on_push=self._some(FILTERS))
        return EnhancedScanning(continuous=self._some(FILTERS), scan_on_push=self._some(FILTERS))

    def _some_replication(self) -> list[ReplicationRule]:
        destinations = [
            *REGIONS,
            "EU-WEST-1",
            ReplicationDestination(account="333333333333", region="eu-west-1"),
            ReplicationDestination(account="3333", region="eu-west-1"),
        ]
        prefixes = ["prod", "prod/", "shop", "P", ""]
        return [
            ReplicationRule(to=self._some(destinations), prefixes=self._some(prefixes) or None)
            for _ in range(self.chance.randint(0, 3))
        ]

    def _some_signing(self) -> list[SigningRule]:
        profiles = [
            f"arn:aws:signer:{self.stack.region}:{self.stack.account}:/signing-profiles/shop",
            "arn:aws:signer:eu-west-1:222222222222:/signing-profiles/theirs",
            "shop",
        ]
        return [
            SigningRule(
                profile=self.chance.choice(profiles), repositories=self._some(FILTERS, 2) or None
            )
            for _ in range(self.chance.choice([0, 1, 1, 2, 3, 11]))
        ]

    def _some_cache_rule(self) -> CacheRule:
        return CacheRule(
            upstream=self.chance.choice(UPSTREAMS)(),
            prefix=self._or_none(self.chance.choice(PREFIXES)),
            upstream_prefix=self._or_none(self.chance.choice(PREFIXES)),
            username=self._or_none(self.chance.choice(["acme", ""])),
        )

    def _take_scanning(self, scanning: BasicScanning | EnhancedScanning) -> None:
        self.taken.append(("AWS::ECR::RegistryScanningConfiguration", scanning.properties()))

    def _take_replication(self, rules: list[ReplicationRule]) -> None:
        here = RegistryAddress(account=self.stack.account, region=self.stack.region)
        written = replication_properties(rules, here)
        self.taken.append(("AWS::ECR::ReplicationConfiguration", written))

    def _take_signing(self, rules: list[SigningRule]) -> None:
        self.taken.append(("AWS::ECR::SigningConfiguration", signing_properties(rules)))


def random_registries(app: cdk.App, seed: int, number: int) -> Iterator[RandomRegistry]:
    """Filled registries, each in an account of its own."""
    chance = random.Random(seed)
    for count in range(number):
        env = cdk.Environment(account=f"{700000000000 + count}", region=chance.choice(REGIONS))
        registry = RandomRegistry(cdk.Stack(app, f"Registry{count}", env=env), chance)
        registry.fill()
        yield registry
