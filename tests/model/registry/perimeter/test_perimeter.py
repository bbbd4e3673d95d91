"""Inside as before, outside denied, and each AWS service path as before: by evaluation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.registry.perimeter.value import NETWORK_ACTIONS, Perimeter

from ...answers import STRING_TOKEN, codes
from ...iam.evaluator.support import decide

OWN, MEMBER, PARTNER, STRANGER = "111111111111", "222222222222", "333333333333", "444444444444"
ORGANIZATION, ANOTHER = "o-a1b2c3d4e5", "o-z9y8x7w6v5"
ENDPOINT = "vpce-0123456789abcdef0"
REPOSITORY = f"arn:aws:ecr:eu-west-1:{OWN}:repository/shop/api"
EVERY = f"arn:aws:ecr:eu-west-1:{OWN}:repository/*"
PULL = "ecr:BatchGetImage"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}
IDENTITY = {"Version": "2012-10-17", "Statement": [{**OPEN, "Resource": "*"}]}
del IDENTITY["Statement"][0]["Principal"]

PERIMETER = Perimeter(
    organizations=[ORGANIZATION],
    accounts=[PARTNER],
    vpc_endpoints=[ENDPOINT],
    exempt_roles=[f"arn:aws:iam::{OWN}:role/build-*"],
)
IDENTITIES_ONLY = Perimeter(organizations=[ORGANIZATION], accounts=[PARTNER])


def role(account, path="reader"):
    return f"arn:aws:iam::{account}:role/{path}"


def linked(account, service, name):
    return role(account, f"aws-service-role/{service}/{name}")


def decided(perimeter, principal, action=PULL, *, registry, context, allows=True):
    """The decision where everything is allowed but for what the perimeter denies."""
    resources = (EVERY,) if registry else ()
    denies = perimeter.statements(partition="aws", account=OWN, resources=resources)
    allow = {**OPEN, "Resource": EVERY} if registry else OPEN
    document = {"Version": "2012-10-17", "Statement": [*([allow] if allows else []), *denies]}
    side = {"registry": document} if registry else {"repository": document}
    identity = (IDENTITY,) if principal.startswith("arn:") else ()
    return decide(
        principal, action, REPOSITORY, context=context, identity=identity, **side
    ).decision.value


def of(organization, **more):
    known = {"aws:PrincipalOrgID": organization} if organization else {}
    return known | {key.replace("_", ":"): value for key, value in more.items()}


THROUGH = {"aws:SourceVpce": ENDPOINT}
INSIDE = {
    "own account": (role(OWN), of(ORGANIZATION) | THROUGH),
    "own account outside any organization": (role(OWN), THROUGH),
    "own user": (f"arn:aws:iam::{OWN}:user/ann", THROUGH),
    "member account": (role(MEMBER), of(ORGANIZATION) | THROUGH),
    "partner": (role(PARTNER), of(ANOTHER) | THROUGH),
    "partner outside any organization": (role(PARTNER), THROUGH),
    "own role on behalf of which a service calls": (
        role(OWN),
        of(ORGANIZATION) | {"aws:ViaAWSService": "true", "aws:CalledVia": "lambda.amazonaws.com"},
    ),
    "service role of CodeBuild outside a VPC": (role(OWN, "build-api"), of(ORGANIZATION)),
    "replication from a member": (
        linked(MEMBER, "replication.ecr.amazonaws.com", "AWSServiceRoleForECRReplication"),
        of(ORGANIZATION),
    ),
    "pull-through cache": (
        linked(OWN, "pullthroughcache.ecr.amazonaws.com", "AWSServiceRoleForECRPullThroughCache"),
        of(ORGANIZATION),
    ),
    "enhanced scanning": (
        linked(OWN, "inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2"),
        of(ORGANIZATION),
    ),
    "Lambda for a function of this account": (
        "lambda.amazonaws.com",
        {
            "aws:SourceArn": f"arn:aws:lambda:eu-west-1:{OWN}:function:api",
            "aws:SourceAccount": OWN,
        },
    ),
    "Lambda for a function of a member": (
        "lambda.amazonaws.com",
        {"aws:SourceAccount": MEMBER, "aws:SourceOrgID": ORGANIZATION},
    ),
    "Lambda that says the function alone": (
        "lambda.amazonaws.com",
        {"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{OWN}:function:api"},
    ),
    "CodeBuild for a project of the partner": (
        "codebuild.amazonaws.com",
        {"aws:SourceAccount": PARTNER, "aws:SourceOrgID": ANOTHER},
    ),
}
OUTSIDE = {
    "stranger": (role(STRANGER), of(ANOTHER) | THROUGH),
    "stranger outside any organization": (role(STRANGER), THROUGH),
    "stranger through a service": (
        role(STRANGER),
        of(ANOTHER) | {"aws:ViaAWSService": "true", "aws:SourceVpce": ENDPOINT},
    ),
    "service-linked role of a stranger": (
        linked(STRANGER, "replication.ecr.amazonaws.com", "AWSServiceRoleForECRReplication"),
        of(ANOTHER),
    ),
    "Lambda for a function of a stranger": (
        "lambda.amazonaws.com",
        {"aws:SourceAccount": STRANGER, "aws:SourceOrgID": ANOTHER},
    ),
    "Lambda for a stranger outside any organization": (
        "lambda.amazonaws.com",
        {"aws:SourceAccount": STRANGER},
    ),
}
OFF_THE_NETWORK = {
    "own role from the internet": (role(OWN), of(ORGANIZATION)),
    "own role through another endpoint": (
        role(OWN),
        of(ORGANIZATION) | {"aws:SourceVpce": "vpce-0fedcba9876543210"},
    ),
    "role of another account with an exempt name": (
        role(MEMBER, "build-api"),
        of(ORGANIZATION),
    ),
    "role that is named as service-linked ones are": (
        role(OWN, "my-aws-service-role/x"),
        of(ORGANIZATION),
    ),
}
both = pytest.mark.parametrize("registry", [False, True], ids=["repository", "registry"])


@both
@pytest.mark.parametrize("case", INSIDE)
def test_inside_is_as_before(case, registry):
    principal, context = INSIDE[case]
    assert decided(PERIMETER, principal, registry=registry, context=context) == "allow"
    # It denies and never allows: without a grant nothing is gained.
    if not principal.startswith(f"arn:aws:iam::{OWN}"):
        found = decided(PERIMETER, principal, registry=registry, context=context, allows=False)
        assert found == "implicit-deny"


@both
@pytest.mark.parametrize("case", OUTSIDE)
def test_outside_is_denied(case, registry):
    principal, context = OUTSIDE[case]
    for perimeter in (PERIMETER, IDENTITIES_ONLY):
        found = decided(perimeter, principal, registry=registry, context=context)
        assert found == "explicit-deny"


@both
@pytest.mark.parametrize("case", OFF_THE_NETWORK)
def test_images_pass_through_the_endpoints_alone(case, registry):
    principal, context = OFF_THE_NETWORK[case]
    for action in NETWORK_ACTIONS:
        found = decided(PERIMETER, principal, action, registry=registry, context=context)
        assert found == "explicit-deny", action
    # Whoever manages the repository, CloudFormation first, is not locked out of it.
    for action in ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy", "ecr:TagResource"):
        found = decided(PERIMETER, principal, action, registry=registry, context=context)
        assert found == "allow", action
    found = decided(IDENTITIES_ONLY, principal, registry=registry, context=context)
    assert found == "allow"


@given(
    organization=st.sampled_from([ORGANIZATION, ANOTHER, None]),
    account=st.sampled_from([OWN, MEMBER, PARTNER, STRANGER]),
    endpoint=st.sampled_from([ENDPOINT, "vpce-0fedcba9876543210", None]),
    action=st.sampled_from([PULL, "ecr:PutImage", "ecr:DeleteRepository"]),
    registry=st.booleans(),
)
def test_who_is_denied_is_who_is_outside(organization, account, endpoint, action, registry):
    context = of(organization) | ({"aws:SourceVpce": endpoint} if endpoint else {})
    inside = organization == ORGANIZATION or account in (OWN, PARTNER)
    passes = endpoint == ENDPOINT or action not in NETWORK_ACTIONS
    found = decided(PERIMETER, role(account), action, registry=registry, context=context)
    assert found == ("allow" if inside and passes else "explicit-deny")


def test_the_network_alone():
    perimeter = Perimeter(vpc_endpoints=[ENDPOINT])
    (statement,) = perimeter.statements(partition="aws-cn", account=OWN)
    assert statement["Sid"] == "PerimeterNetworks"
    assert statement["Condition"]["ArnNotLikeIfExists"]["aws:PrincipalArn"] == [
        "arn:aws-cn:iam::*:role/aws-service-role/*"
    ]
    found = decided(perimeter, role(STRANGER), registry=False, context=THROUGH)
    assert found == "allow"


def test_a_repository_policy_has_no_resource_and_a_registry_policy_has():
    assert all(
        "Resource" not in statement
        for statement in PERIMETER.statements(partition="aws", account=OWN)
    )
    assert [
        statement["Resource"]
        for statement in PERIMETER.statements(partition="aws", account=OWN, resources=(EVERY,))
    ] == [EVERY] * 3


def test_values_are_values():
    assert (
        Perimeter(
            organizations=(ORGANIZATION,),
            accounts=(PARTNER,),
            vpc_endpoints=(ENDPOINT,),
            exempt_roles=(f"arn:aws:iam::{OWN}:role/build-*",),
        )
        == PERIMETER
    )
    assert hash(PERIMETER)
    assert Perimeter(organizations=[STRING_TOKEN], vpc_endpoints=[STRING_TOKEN])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "perimeter-empty"),
        ({"organizations": ORGANIZATION}, "perimeter-not-a-list"),
        ({"organizations": ["acme"]}, "organization-id-invalid"),
        ({"accounts": ["1"]}, "account-id-invalid"),
        ({"vpc_endpoints": ["vpc-0123456789abcdef0"]}, "perimeter-endpoint-invalid"),
        ({"vpc_endpoints": [7]}, "perimeter-endpoint-invalid"),
        (
            {"accounts": [OWN], "exempt_roles": [role(OWN)]},
            "perimeter-exempt-roles-unused",
        ),
        (
            {"vpc_endpoints": [ENDPOINT], "exempt_roles": ["arn:aws:iam::*:role/build"]},
            "perimeter-exempt-role-invalid",
        ),
        (
            {"vpc_endpoints": [ENDPOINT], "exempt_roles": ["*"]},
            "perimeter-exempt-role-invalid",
        ),
    ],
)
def test_what_is_no_perimeter(options, expected):
    with pytest.raises(InvalidInputError) as caught:
        Perimeter(**options)
    assert codes(caught.value.findings) == [expected]


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({"organizations": [ORGANIZATION]}, {"aws:PrincipalOrgID", "aws:PrincipalAccount"}),
        ({"accounts": [PARTNER]}, {"aws:PrincipalAccount"}),
    ],
)
def test_one_kind_of_identity_alone(options, keys):
    perimeter = Perimeter(**options)
    identities, services = perimeter.statements(partition="aws", account=OWN)
    assert set(identities["Condition"]["StringNotEqualsIfExists"]) == keys
    assert OWN in identities["Condition"]["StringNotEqualsIfExists"]["aws:PrincipalAccount"]
    assert services["Sid"] == "PerimeterServices"
    for account, expected in ((OWN, "allow"), (STRANGER, "explicit-deny")):
        found = decided(perimeter, role(account), registry=False, context={})
        assert found == expected
