"""What the endpoints of a private subnet let through, evaluated as one more layer of policies."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from ecr_constructs import (
    Access,
    InvalidInputError,
    PullThroughCacheRule,
    RegistryEndpoints,
    RegistryEndpointServices,
    SecureRepository,
    Upstream,
)
from ecr_constructs.model.deferred import flatten
from ecr_constructs.model.iam.actions import REPOSITORY_ACTIONS
from ecr_constructs.model.iam.evaluator import (
    Outcome,
    PolicyKind,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    evaluate,
)

from ..conftest import SHOP, resources, templates

EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
PULL = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
TOKEN = "ecr:GetAuthorizationToken"
LAYERS = "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/a/b"
LOGS = "arn:aws:logs:eu-west-1:111111111111:log-group:/shop/api:log-stream:x"


def arn(name, account=SHOP[0]):
    return f"arn:aws:ecr:eu-west-1:{account}:repository/{name}"


def made_by(vpc_of, **said):
    """The endpoints of a stack by service, with their policies' references written out."""
    app = cdk.App()
    env = cdk.Environment(account=SHOP[0], region=SHOP[1])
    stack = cdk.Stack(app, "Shop", env=env)
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    SecureRepository(stack, "Other", repository_name="shop/other")
    shared = SecureRepository.from_repository_arn(stack, "Shared", arn("base", "222222222222"))
    log_group = logs.LogGroup(stack, "Log", log_group_name="/shop/api")
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "shop/token")
    vpc = vpc_of(stack)
    endpoints = RegistryEndpoints(
        stack,
        "Endpoints",
        vpc=vpc,
        repositories=[api, shared],
        log_groups=[log_group] if said.pop("logs", False) else (),
        secrets=[secret] if said.pop("secrets", False) else (),
        **said,
    )
    template = templates(app)["Shop"]
    text = json.dumps(template)
    for logical_id, value in {
        "ApiF70053CD": arn("shop/api"),
        "Log95422804": "arn:aws:logs:eu-west-1:111111111111:log-group:/shop/api:*",
    }.items():
        text = text.replace(json.dumps({"Fn::GetAtt": [logical_id, "Arn"]}), json.dumps(value))
    text = text.replace(json.dumps({"Ref": "AWS::Region"}), json.dumps(SHOP[1]))
    text = text.replace(json.dumps({"Ref": "AWS::Partition"}), '"aws"')
    found = resources(json.loads(text), "AWS::EC2::VPCEndpoint")
    flat = [flatten(made["Properties"]) for made in found.values()]
    return endpoints, template, {made["ServiceName"]: made for made in flat}


def isolated(stack):
    subnet = ec2.SubnetConfiguration(name="Tasks", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(stack, "Vpc", availability_zones=["eu-west-1a"], subnet_configuration=[subnet])


def lets_through(endpoint, action, resource):
    """Whether an identity that may do everything gets through the endpoint."""
    principal = Principal.parse("arn:aws:iam::111111111111:role/runner")
    assert principal is not None
    statements = [dict(entry) for entry in endpoint["PolicyDocument"]["Statement"]]
    assert {entry.pop("Principal") for entry in statements} == {"*"}
    # The evaluator has no layer of its own for endpoints. For a policy that names everybody, one
    # of the organization is of the same kind: it gives nothing, and must allow.
    layer = compile_policy({"Version": "2012-10-17", "Statement": statements}, PolicyKind.SCP)
    identity = compile_policy(EVERYTHING, PolicyKind.IDENTITY)
    policies = PolicySet(identity=(identity,), scps=((layer,),))
    request = Request(principal=principal, action=action, resource=resource)
    return evaluate(request, policies).decision is Outcome.ALLOW


@pytest.fixture(scope="module")
def pulls():
    return made_by(isolated, logs=True, secrets=True)


def test_the_services_are_those_of_the_page_and_those_that_were_named(pulls):
    _, _, by_service = pulls
    assert {name: made["VpcEndpointType"] for name, made in by_service.items()} == {
        "com.amazonaws.eu-west-1.ecr.api": "Interface",
        "com.amazonaws.eu-west-1.ecr.dkr": "Interface",
        "com.amazonaws.eu-west-1.s3": "Gateway",
        "com.amazonaws.eu-west-1.logs": "Interface",
        "com.amazonaws.eu-west-1.secretsmanager": "Interface",
    }
    interfaces = [made for made in by_service.values() if made["VpcEndpointType"] == "Interface"]
    assert all(made["PrivateDnsEnabled"] is True for made in interfaces)


@pytest.mark.parametrize("service", ["ecr.api", "ecr.dkr"])
def test_pulls_of_these_repositories_get_through_and_nothing_else(pulls, service):
    endpoint = pulls[2][f"com.amazonaws.eu-west-1.{service}"]
    assert lets_through(endpoint, TOKEN, "*")
    let = {
        name: {action for action in REPOSITORY_ACTIONS if lets_through(endpoint, action, resource)}
        for name, resource in {
            "api": arn("shop/api"),
            "other": arn("shop/other"),
            "beginning": arn("shop/api2"),
            "elsewhere": arn("shop/api", "222222222222"),
        }.items()
    }
    assert let == {"api": PULL, "other": set(), "beginning": set(), "elsewhere": set()}
    assert not lets_through(endpoint, "ecr:CreateRepository", arn("shop/api"))
    assert not lets_through(endpoint, "ecr:DescribeRegistry", "*")
    assert not lets_through(endpoint, "s3:GetObject", LAYERS)


def test_a_repository_of_another_account_is_let_through(pulls):
    """Its own policy must allow as well: here the endpoint's statement is looked at."""
    (own, token) = pulls[2]["com.amazonaws.eu-west-1.ecr.dkr"]["PolicyDocument"]["Statement"]
    assert own["Resource"] == [arn("shop/api"), arn("base", "222222222222")]
    assert token["Resource"] == "*"


def test_layers_get_through_and_no_other_object(pulls):
    endpoint = pulls[2]["com.amazonaws.eu-west-1.s3"]
    assert lets_through(endpoint, "s3:GetObject", LAYERS)
    assert not lets_through(endpoint, "s3:PutObject", LAYERS)
    assert not lets_through(endpoint, "s3:GetObject", LAYERS.replace("eu-west-1", "us-east-1"))
    assert not lets_through(endpoint, "s3:GetObject", "arn:aws:s3:::somebodys/data")


def test_named_log_groups_and_secrets_get_through(pulls):
    by_service = pulls[2]
    log_endpoint = by_service["com.amazonaws.eu-west-1.logs"]
    assert lets_through(log_endpoint, "logs:PutLogEvents", LOGS)
    assert not lets_through(log_endpoint, "logs:PutLogEvents", LOGS.replace("api", "web"))
    assert not lets_through(log_endpoint, "logs:GetLogEvents", LOGS)
    secret_endpoint = by_service["com.amazonaws.eu-west-1.secretsmanager"]
    named = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/token-a1b2c3"
    assert lets_through(secret_endpoint, "secretsmanager:GetSecretValue", named)
    for action, secret in (
        ("secretsmanager:PutSecretValue", named),
        ("secretsmanager:GetSecretValue", named.replace("token", "other")),
    ):
        assert not lets_through(secret_endpoint, action, secret)


def test_the_addresses_of_the_vpc_connect_on_443(pulls):
    rules = [
        rule
        for group in resources(pulls[1], "AWS::EC2::SecurityGroup").values()
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    assert len(rules) == 4
    for rule in rules:
        assert (rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) == (443, 443, "tcp")
        assert rule["CidrIp"] == {"Fn::GetAtt": ["Vpc8378EB38", "CidrBlock"]}


def test_pushes_get_through_where_they_were_asked_for():
    _, _, by_service = made_by(isolated, access=Access.PUSH)
    endpoint = by_service["com.amazonaws.eu-west-1.ecr.dkr"]
    let = {
        action for action in REPOSITORY_ACTIONS if lets_through(endpoint, action, arn("shop/api"))
    }
    assert let == set(Access.PUSH.actions)
    assert set(by_service) == {
        f"com.amazonaws.eu-west-1.{name}" for name in ("ecr.api", "ecr.dkr", "s3")
    }


def test_a_gateway_that_is_there_is_left_and_told_what_it_needs():
    endpoints, _, by_service = made_by(isolated, s3_gateway=False)
    assert not any(name.endswith(".s3") for name in by_service)
    assert endpoints.layers is None
    statement = endpoints.layer_statement.to_statement_json()
    assert statement["Action"] == "s3:GetObject"


def dual_stack_vpc(stack):
    return ec2.Vpc(
        stack,
        "Vpc",
        availability_zones=["eu-west-1a"],
        ip_protocol=ec2.IpProtocol.DUAL_STACK,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="Tasks", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        ],
    )


def test_dual_stack_endpoints_let_the_ipv6_addresses_in():
    _, template, by_service = made_by(dual_stack_vpc, dual_stack=True)
    assert len(by_service) == 3
    for made in by_service.values():
        # Layers come by IPv6 as well: without the second, S3's usual names have no such address.
        assert made["IpAddressType"] == "dualstack"
        assert made["DnsOptions"] == {"DnsRecordIpType": "dualstack"}
    rules = list(resources(template, "AWS::EC2::SecurityGroupIngress").values()) + [
        {"Properties": rule}
        for group in resources(template, "AWS::EC2::SecurityGroup").values()
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    by_ipv6 = [rule for rule in rules if "CidrIpv6" in rule["Properties"]]
    assert len(by_ipv6) == 2
    # The VPC can tell no block before it has one.
    (block,) = resources(template, "AWS::EC2::VPCCidrBlock")
    for kind in ("AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint"):
        for made in resources(template, kind).values():
            assert block in made["DependsOn"]


def test_a_block_beside_the_vpc_is_ipv6_as_well(stack, app):
    vpc = isolated(stack)
    ec2.CfnVPCCidrBlock(stack, "Block", vpc_id=vpc.vpc_id, amazon_provided_ipv6_cidr_block=True)
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    RegistryEndpoints(stack, "Endpoints", vpc=vpc, repositories=[api], dual_stack=True)
    for made in resources(templates(app)["Shop"], "AWS::EC2::VPCEndpoint").values():
        assert made["Properties"]["IpAddressType"] == "dualstack"


def test_ipv4_is_what_was_written_before_there_was_more(pulls):
    for made in pulls[2].values():
        assert not {"IpAddressType", "DnsOptions"} & set(made)


@pytest.mark.parametrize("access", [Access.PULL, Access.PULL_PUSH, Access.PUSH])
def test_the_first_pull_through_a_cache_gets_through(stack, app, access):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    cache = PullThroughCacheRule(stack, "Cache", upstream=Upstream.quay())
    RegistryEndpoints(
        stack,
        "Endpoints",
        vpc=isolated(stack),
        repositories=[api, cache.repository("shop/nginx")],
        access=access,
    )
    for made in resources(templates(app)["Shop"], "AWS::EC2::VPCEndpoint").values():
        endpoint = flatten(made["Properties"])
        if endpoint["VpcEndpointType"] == "Gateway":
            continue
        text = json.dumps(endpoint["PolicyDocument"]).replace("${ApiF70053CD.Arn}", arn("shop/api"))
        text = text.replace("${AWS::Partition}", "aws")
        policy = {"PolicyDocument": json.loads(text)}
        let = {
            action
            for action in ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
            if lets_through(policy, action, arn("quay/shop/nginx"))
        }
        assert let == (
            set()
            if access is Access.PUSH
            else {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"}
        )
        for other in ("shop/api", "quay/shop/other"):
            assert not lets_through(policy, "ecr:BatchImportUpstreamImage", arn(other))


def test_named_clients_connect_and_nobody_else(stack, app):
    vpc = isolated(stack)
    group = ec2.SecurityGroup(stack, "Tasks", vpc=vpc)
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    RegistryEndpoints(stack, "Endpoints", vpc=vpc, repositories=[api], clients=[group])
    template = templates(app)["Shop"]
    rules = [
        made["Properties"]
        for made in resources(template, "AWS::EC2::SecurityGroupIngress").values()
    ]
    assert len(rules) == 2
    assert all("CidrIp" not in rule and rule["FromPort"] == 443 for rule in rules)
    assert all("SourceSecurityGroupId" in rule for rule in rules)
    inline = [
        rule
        for made in resources(template, "AWS::EC2::SecurityGroup").values()
        for rule in made["Properties"].get("SecurityGroupIngress", [])
    ]
    assert inline == []


def test_other_partitions_and_services_by_name(app):
    china = cdk.Stack(app, "China", env=cdk.Environment(account=SHOP[0], region="cn-north-1"))
    gov = cdk.Stack(app, "Gov", env=cdk.Environment(account=SHOP[0], region="us-gov-west-1"))
    fips = RegistryEndpointServices(
        api="com.amazonaws.us-gov-west-1.ecr.api-fips",
        docker="com.amazonaws.us-gov-west-1.ecr.dkr-fips",
    )
    endpoints = [
        RegistryEndpoints(
            stack,
            "Endpoints",
            vpc=isolated(stack),
            repositories=[SecureRepository(stack, "Api", repository_name="shop/api")],
            services=services,
        )
        for stack, services in ((china, None), (gov, fips))
    ]
    found = templates(app)
    warned = [entry.data for entry in endpoints[1].node.metadata if entry.type == "aws:cdk:warning"]
    assert len(warned) == 2
    assert all("has no FIPS endpoint service" in text for text in warned)
    assert endpoints[0].node.metadata == []
    for name, services, bucket in (
        ("China", RegistryEndpointServices.of("cn-north-1"), "arn:aws-cn:s3:::prod-cn-north-1-"),
        ("Gov", fips, "arn:aws-us-gov:s3:::prod-us-gov-west-1-"),
    ):
        made = resources(found[name], "AWS::EC2::VPCEndpoint").values()
        names = {
            entry["Properties"]["ServiceName"]
            for entry in made
            if entry["Properties"]["VpcEndpointType"] == "Interface"
        }
        assert names == {services.api, services.docker}
        (gateway,) = [
            entry["Properties"]
            for entry in made
            if entry["Properties"]["VpcEndpointType"] == "Gateway"
        ]
        (statement,) = gateway["PolicyDocument"]["Statement"]
        assert statement["Resource"] == f"{bucket}starport-layer-bucket/*"


def test_bad_input_is_refused_before_anything_is_made(stack, app):
    api = SecureRepository(stack, "Api", repository_name="shop/api")
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=SHOP[0], region="us-east-1"))
    away = SecureRepository(other, "Away", repository_name="shop/away")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Theirs",
        vpc_id="vpc-1",
        availability_zones=["eu-west-1a"],
        isolated_subnet_ids=["subnet-1"],
        vpc_cidr_block="10.0.0.0/16",
    )
    group = ec2.SecurityGroup(stack, "Tasks", vpc=vpc)
    unnamed = ec2.Vpc(stack, "Unnamed", enable_dns_hostnames=False)
    for said, option in (
        ({"repositories": []}, "repositories"),
        ({"access": "pull"}, "access"),
        ({"s3_gateway": "no"}, "s3_gateway"),
        ({"dual_stack": 1}, "dual_stack"),
        ({"dual_stack": True}, "dual_stack"),
        ({"dual_stack": True, "vpc": isolated(stack), "clients": [group]}, "dual_stack"),
        ({"repositories": [api, away]}, "repositories"),
        ({"vpc": isolated(other)}, "vpc"),
        ({"vpc": unnamed}, "vpc"),
        ({"log_groups": "x"}, "log_groups"),
        ({"clients": "x"}, "clients"),
        ({"services": RegistryEndpointServices.of("us-east-1")}, "services"),
    ):
        with pytest.raises(InvalidInputError, match=rf"^\[Shop/Endpoints\] {option}: "):
            RegistryEndpoints(stack, "Endpoints", **{"vpc": vpc, "repositories": [api], **said})
    assert stack.node.try_find_child("Endpoints") is None
