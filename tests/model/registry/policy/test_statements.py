import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.iam.actions import ACCOUNT_ACTIONS, REPOSITORY_ACTIONS
from ecr_constructs.model.registry.address import RegistryAddress
from ecr_constructs.model.registry.policy.places import (
    deployed_names,
    no_place,
    not_literal,
    second_place,
    written_elsewhere,
)
from ecr_constructs.model.registry.policy.statements import (
    check_registry_statement,
    repository_resource,
)

from ...answers import DEFERRED_TEXTS, codes, complete, only

HERE = RegistryAddress(account="111111111111", region="eu-west-1")
ARN = "arn:aws:ecr:eu-west-1:111111111111:repository/prod/*"
OTHER = "arn:aws:iam::222222222222:root"
TOKEN = "ecr:GetAuthorizationToken"


def statement(**elements):
    base = {
        "Effect": "Allow",
        "Principal": {"AWS": OTHER},
        "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
        "Resource": ARN,
    }
    return {name: value for name, value in {**base, **elements}.items() if value is not None}


def found(**elements):
    return check_registry_statement(statement(**elements), registry=HERE)


LEGAL = {
    "AWS's example": {},
    "every repository": {"Resource": "arn:aws:ecr:eu-west-1:111111111111:repository/*"},
    "everything": {"Resource": "*"},
    "several": {"Resource": [ARN, "*"]},
    "the registry": {"Resource": "arn:aws:ecr:eu-west-1:111111111111:*"},
    "any account and Region": {"Resource": "arn:*:ecr:*:*:repository/prod/*"},
    "deferred": {"Resource": list(DEFERRED_TEXTS)},
    "deferred parts": {
        "Resource": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/prod/*"
    },
    "all actions": {"Action": "ecr:*"},
    "an action of the registry": {"Action": "ecr:CreatePullThroughCacheRule", "Resource": "*"},
    "a Sid": {"Sid": "ReplicationAccessCrossAccount1"},
    "deny others": {
        "Effect": "Deny",
        "Principal": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    },
    "deny elsewhere": {"Effect": "Deny", "Resource": None, "NotResource": ARN},
}


@pytest.mark.parametrize("case", sorted(LEGAL))
def test_what_ecr_takes(case):
    assert found(**LEGAL[case]) == ()


RESOURCE = "registry-policy-resource"
MISSING = "registry-policy-resource-missing"
REFUSED = {
    "no resource": ({"Resource": None}, MISSING),
    "an empty list": ({"Resource": []}, MISSING),
    "both": ({"NotResource": ARN}, MISSING),
    "a name": ({"Resource": "prod/*"}, RESOURCE),
    "a bucket": ({"Resource": "arn:aws:s3:::images"}, RESOURCE),
    "a bucket of a Region": ({"Resource": "arn:aws:s3:eu-west-1:111111111111:x"}, RESOURCE),
    "no repository": ({"Resource": "arn:aws:ecr:eu-west-1:111111111111:image/x"}, RESOURCE),
    "another account": ({"Resource": ARN.replace("111111111111", "222222222222")}, RESOURCE),
    "another Region": ({"Resource": ARN.replace("eu-west-1", "us-east-1")}, RESOURCE),
    "not a text": ({"Resource": [7]}, RESOURCE),
    "no principal": ({"Principal": None}, "registry-policy-principal-missing"),
    "everybody": ({"Principal": "*"}, "registry-policy-open"),
    "no action": ({"Action": []}, "registry-policy-action-missing"),
    "an action of nobody": ({"Action": "ecr:Replicate"}, "registry-policy-action-unknown"),
    "another service": ({"Action": "s3:GetObject"}, "registry-policy-action-unknown"),
    "no effect": ({"Effect": "allow"}, "registry-policy-effect"),
    "an element of nobody": ({"Resources": ARN}, "registry-policy-element-unknown"),
    "a Sid with a space": ({"Sid": "let them in"}, "registry-policy-sid"),
    "a Sid that is a number": ({"Sid": 1}, "registry-policy-sid"),
    "the token": ({"Action": TOKEN, "Resource": "*"}, "registry-policy-token"),
    "the token of a repository": ({"Action": TOKEN}, "registry-policy-token"),
    "the registry's action on repositories": (
        {"Action": "ecr:PutReplicationConfiguration"},
        "registry-policy-action-without-effect",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_ecr_refuses_ignores_or_opens(case):
    elements, code = REFUSED[case]
    assert only(found(**elements)).code == code


@pytest.mark.parametrize("action", sorted(REPOSITORY_ACTIONS))
def test_every_action_on_a_repository_has_its_place(action):
    assert found(Action=action) == ()


@pytest.mark.parametrize("action", sorted(ACCOUNT_ACTIONS - {TOKEN}))
def test_every_action_on_the_registry_needs_every_resource(action):
    assert found(Action=action, Resource="*") == ()
    assert codes(found(Action=action)) == ["registry-policy-action-without-effect"]


def test_the_own_account_is_a_warning():
    finding = only(found(Principal={"AWS": "arn:aws:iam::111111111111:root"}))
    assert (finding.code, finding.severity) == ("grant-own-account", Severity.WARNING)


def test_the_resource_of_a_pattern():
    assert repository_resource(HERE, "aws", "prod/*") == ARN
    assert found(Resource=repository_resource(HERE, "aws", "*")) == ()


# --- places -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (ARN, ()),
        ("arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:${AWS::URLSuffix}", ()),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":ecr"]]}, ()),
        # A variable of IAM is no reference.
        ("repository/${aws:PrincipalTag/team}/*", ()),
        ({"Ref": "Parameter"}, ("Parameter",)),
        ({"Ref": "AWS::StackName"}, ("AWS::StackName",)),
        ({"Fn::GetAtt": ["Role", "Arn"]}, ("Role.Arn",)),
        ({"Fn::ImportValue": "Name"}, ("Fn::ImportValue",)),
        ({"Fn::Join": ["", ["a", {"Fn::GetAtt": ["B", "Arn"]}, {"Ref": "A"}]]}, ("A", "B.Arn")),
    ],
)
def test_what_is_known_only_when_a_stack_is_deployed(value, names):
    assert deployed_names({"Resource": [value]}) == names


def test_findings_about_places_are_complete():
    many = [f"Shop/Owner{number}" for number in range(9)]
    nowhere = no_place(registry=HERE, owners=many)
    assert "Owner4" in nowhere.message
    assert "Owner5" not in nowhere.message
    assert nowhere.given == many
    elsewhere = written_elsewhere({"Sid": "A", "NotAction": "ecr:PutImage"}, registry=HERE)
    assert elsewhere.severity is Severity.WARNING
    assert '"Sid": "A"' in elsewhere.fix
    for finding in (
        nowhere,
        elsewhere,
        not_literal(owner="A/B", place="C/D", names=["E"]),
        second_place(registry=HERE, first="A/B", second="C/D"),
    ):
        complete(finding)
