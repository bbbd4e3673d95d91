"""Cases of AWS's pages about the logic of evaluation; each names its page."""

import pytest

from .support import (
    ACCOUNT,
    ALLOW,
    EXPLICIT,
    FEDERATED_USER,
    FULL,
    IMPLICIT,
    NOTHING,
    OTHER,
    OTHER_ROLE,
    REPOSITORY,
    ROLE,
    ROOT,
    SESSION,
    USER,
    Case,
    document,
    grant,
    statement,
)

BASICS = "reference_policies_evaluation-logic_policy-eval-basics"
DENYALLOW = "reference_policies_evaluation-logic_policy-eval-denyallow"
INTERPLAY = "reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay"
CROSS = "reference_policies_evaluation-logic-cross-account"
BOUNDARIES = "access_policies_boundaries"
PRINCIPAL = "reference_policies_elements_principal"
NOT_PRINCIPAL = "reference_policies_elements_notprincipal"
SCPS = "orgs_manage_policies_scps"
SCP_EVALUATION = "orgs_manage_policies_scps_evaluation"
RCPS = "orgs_manage_policies_rcps"
RCP_EVALUATION = "orgs_manage_policies_rcps_evaluation"
REPOSITORY_POLICIES = "AmazonECR/repository-policies"
REPOSITORY_EXAMPLES = "AmazonECR/repository-policy-examples"
REGISTRY = "AmazonECR/registry-permissions"
LAMBDA = "lambda/images-create"

CARLOS = "arn:aws:iam::123456789012:user/carlossalazar"
CARLOS_AWAY = "arn:aws:iam::111111111111:user/carlossalazar"
CARLOS_POLICY = document(
    {
        "Sid": "AllowS3ListRead",
        "Effect": "Allow",
        "Action": ["s3:GetBucketLocation", "s3:ListAllMyBuckets"],
        "Resource": "arn:aws:s3:::*",
    },
    {
        "Sid": "AllowS3Self",
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"],
    },
    {"Sid": "DenyS3Logs", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*log*"},
)
PRODUCTION = document(
    {"Sid": "List", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
    {
        "Sid": "Objects",
        "Effect": "Allow",
        "Action": "s3:*Object*",
        "Resource": "arn:aws:s3:::Production/*",
    },
    {
        "Sid": "DenyS3Logs",
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"],
    },
)
PRODUCTION_BUCKET = document(
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject*", "s3:PutObject*"],
        "Principal": {"AWS": CARLOS_AWAY},
        "Resource": "arn:aws:s3:::Production/*",
    }
)
BUCKET_OWNER = {"aws:ResourceAccount": "222222222222"}
SHIRLEY = document(statement(Action=["s3:*", "cloudwatch:*", "ec2:*"]))
REPORTS = document(
    {"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"},
    {"Effect": "Deny", "Action": "iam:*Report", "Resource": "*"},
)


def shared_with(*arns, **elements):
    return document(grant(principal={"AWS": list(arns)}, **elements))


def except_for(*arns):
    return document(
        {"Effect": "Deny", "NotPrincipal": {"AWS": list(arns)}, "Action": "ecr:*"},
        grant(principal="*"),
    )


AUDIT = "cross-account-read-only-role"
AUDIT_SESSION = f"arn:aws:sts::{OTHER}:assumed-role/{AUDIT}/cross-account-audit-app"
AUDIT_ROLE = f"arn:aws:iam::{OTHER}:role/{AUDIT}"
ONLY_ORGANIZATION = document(
    statement(
        "Deny",
        Principal="*",
        Action="ecr:*",
        Condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-mine"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
)
SERVICE_LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/replication.ecr.amazonaws.com/Slr"
LAMBDA_POLICY = document(
    grant(
        principal={"Service": "lambda.amazonaws.com"},
        Action=["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition={
            "StringLike": {"aws:sourceArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:*"}
        },
    )
)

CASES = [
    # Policy evaluation for requests within a single account: Carlos and his buckets.
    Case(page=BASICS, name="the log bucket is denied", expected=EXPLICIT, principal=CARLOS,
         action="s3:PutObject", resource="arn:aws:s3:::carlossalazar-logs",
         identity=(CARLOS_POLICY,)),
    Case(page=BASICS, name="his own bucket is allowed", expected=ALLOW, principal=CARLOS,
         action="s3:PutObject", resource="arn:aws:s3:::carlossalazar/file",
         identity=(CARLOS_POLICY,)),
    Case(page=BASICS, name="identity alone is enough", expected=ALLOW, identity=(FULL,),
         repository=document(grant(Action="ecr:ListImages"))),
    Case(page=BASICS, name="resource alone is enough", expected=ALLOW, principal=USER,
         repository=shared_with(USER)),
    Case(page=BASICS, name="a deny in one overrides the allow in the other", expected=EXPLICIT,
         identity=(FULL,), repository=document(grant("Deny"))),
    Case(page=BASICS, name="nothing allows", expected=IMPLICIT, identity=(NOTHING,)),
    # The difference between explicit and implicit denies.
    Case(page=INTERPLAY, name="allowed by Get*", expected=ALLOW, action="iam:GetUser",
         resource="*", identity=(REPORTS,)),
    Case(page=INTERPLAY, name="implicitly denied", expected=IMPLICIT, action="iam:CreatePolicy",
         resource="*", identity=(REPORTS,)),
    Case(page=INTERPLAY, name="explicitly denied", expected=EXPLICIT,
         action="iam:GetOrganizationsAccessReport", resource="*", identity=(REPORTS,)),
    Case(page=INTERPLAY, name="another policy cannot lift the deny", expected=EXPLICIT,
         action="iam:GenerateCredentialReport", resource="*", identity=(REPORTS, FULL)),
    # How AWS enforcement code logic evaluates requests: the steps.
    Case(page=DENYALLOW, name="the root user has full access", expected=ALLOW, principal=ROOT),
    Case(page=DENYALLOW, name="an explicit deny reaches the root user", expected=EXPLICIT,
         principal=ROOT, repository=document(grant("Deny"))),
    Case(page=DENYALLOW, name="a role session without a session policy is allowed",
         expected=ALLOW, principal=SESSION, identity=(FULL,)),
    Case(page=DENYALLOW, name="a federated user without a session policy is not",
         expected=IMPLICIT, principal=FEDERATED_USER, identity=(FULL,)),
    Case(page=DENYALLOW, name="a federated user with a session policy that allows",
         expected=ALLOW, principal=FEDERATED_USER, identity=(FULL,), session=FULL),
    Case(page=DENYALLOW, name="a session policy that does not allow", expected=IMPLICIT,
         principal=SESSION, identity=(FULL,), session=NOTHING),
    Case(page=DENYALLOW, name="a session policy alone grants nothing", expected=IMPLICIT,
         principal=SESSION, session=FULL),
    Case(page=DENYALLOW, name="a deny in a session policy", expected=EXPLICIT, principal=SESSION,
         identity=(FULL,), session=document(statement("Deny"))),
    # The table: resource-based policies and implicit denies in other policy types.
    Case(page=DENYALLOW, name="table: the role's ARN is limited by the boundary",
         expected=IMPLICIT, principal=SESSION, boundary=NOTHING, repository=shared_with(ROLE)),
    Case(page=DENYALLOW, name="table: the role's ARN is limited by the session policy",
         expected=IMPLICIT, principal=SESSION, session=NOTHING, repository=shared_with(ROLE)),
    Case(page=DENYALLOW, name="table: the role's ARN needs no identity policy", expected=ALLOW,
         principal=SESSION, identity=(NOTHING,), repository=shared_with(ROLE)),
    Case(page=DENYALLOW, name="table: the role's ARN within both limits", expected=ALLOW,
         principal=SESSION, boundary=FULL, session=FULL, repository=shared_with(ROLE)),
    Case(page=DENYALLOW, name="table: the session's ARN is granted directly", expected=ALLOW,
         principal=SESSION, identity=(NOTHING,), boundary=NOTHING, session=NOTHING,
         repository=shared_with(SESSION)),
    Case(page=DENYALLOW, name="table: the user's ARN is granted directly", expected=ALLOW,
         principal=USER, identity=(NOTHING,), boundary=NOTHING, repository=shared_with(USER)),
    Case(page=DENYALLOW, name="table: the federated user's ARN is granted directly",
         expected=ALLOW, principal=FEDERATED_USER, boundary=NOTHING, session=NOTHING,
         repository=shared_with(FEDERATED_USER)),
    Case(page=DENYALLOW, name="table: the ARN of the user who federated is limited",
         expected=IMPLICIT, principal=FEDERATED_USER, boundary=FULL, session=NOTHING,
         repository=shared_with(USER)),
    Case(page=DENYALLOW, name="table: the ARN of the user who federated, within the limits",
         expected=ALLOW, principal=FEDERATED_USER, boundary=FULL, session=FULL,
         repository=shared_with(USER)),
    Case(page=DENYALLOW, name="table: a service principal is granted directly", expected=ALLOW,
         principal="codebuild.amazonaws.com",
         repository=document(grant(principal={"Service": "codebuild.amazonaws.com"}))),
    Case(page=DENYALLOW, name="an explicit deny in the boundary beats a direct grant",
         expected=EXPLICIT, principal=SESSION, boundary=document(statement("Deny")),
         repository=shared_with(SESSION)),
    # Permissions boundaries for IAM entities: Shirley.
    Case(page=BOUNDARIES, name="outside the boundary", expected=IMPLICIT, principal=USER,
         action="iam:CreateUser", resource="*", boundary=SHIRLEY,
         identity=(document(statement(Action="iam:CreateUser")),)),
    Case(page=BOUNDARIES, name="a boundary does not grant on its own", expected=IMPLICIT,
         principal=USER, action="s3:ListBucket", resource="arn:aws:s3:::any", boundary=SHIRLEY),
    Case(page=BOUNDARIES, name="inside both", expected=ALLOW, principal=USER,
         action="s3:ListBucket", resource="arn:aws:s3:::any", boundary=SHIRLEY, identity=(FULL,)),
    Case(page=BOUNDARIES, name="the SCP, the boundary and the identity policy must all allow",
         expected=IMPLICIT, boundary=FULL, identity=(FULL,), scps=((NOTHING,),)),
    # Cross-account policy evaluation logic: Carlos and the production bucket.
    Case(page=CROSS, name="denied in the trusted account", expected=EXPLICIT,
         principal=CARLOS_AWAY, action="s3:PutObject", resource="arn:aws:s3:::Production-logs/f",
         context=BUCKET_OWNER, identity=(PRODUCTION,)),
    Case(page=CROSS, name="both accounts allow", expected=ALLOW, principal=CARLOS_AWAY,
         action="s3:PutObject", resource="arn:aws:s3:::Production/f", context=BUCKET_OWNER,
         identity=(PRODUCTION,), repository=PRODUCTION_BUCKET),
    Case(page=CROSS, name="he cannot delete: the bucket's policy does not say so",
         expected=IMPLICIT, principal=CARLOS_AWAY, action="s3:DeleteObject",
         resource="arn:aws:s3:::Production/f", context=BUCKET_OWNER, identity=(PRODUCTION,),
         repository=PRODUCTION_BUCKET),
    Case(page=CROSS, name="the resource side alone is not enough", expected=IMPLICIT,
         principal=OTHER_ROLE, repository=shared_with(OTHER_ROLE)),
    Case(page=CROSS, name="the identity side alone is not enough", expected=IMPLICIT,
         principal=OTHER_ROLE, identity=(FULL,)),
    Case(page=CROSS, name="the entire account may be named", expected=ALLOW,
         principal=OTHER_ROLE, identity=(FULL,), repository=shared_with(OTHER)),
    Case(page=CROSS, name="policies that limit the identity count in the trusted account",
         expected=IMPLICIT, principal=OTHER_ROLE, identity=(FULL,), boundary=NOTHING,
         repository=shared_with(OTHER_ROLE)),
    # Principal.
    Case(page=PRINCIPAL, name="the account ARN and the account id behave the same",
         expected=ALLOW, principal=OTHER_ROLE, identity=(FULL,),
         repository=shared_with(f"arn:aws:iam::{OTHER}:root")),
    Case(page=PRINCIPAL, name="the account ARN delegates: no identity policy, no access",
         expected=IMPLICIT, principal=USER, repository=shared_with(ROOT)),
    Case(page=PRINCIPAL, name="the account ARN is not the root user alone", expected=EXPLICIT,
         principal=USER, identity=(FULL,),
         repository=document(grant("Deny", principal={"AWS": ROOT}))),
    Case(page=PRINCIPAL, name="several principals are joined by OR", expected=ALLOW,
         principal=OTHER_ROLE, identity=(FULL,), repository=shared_with("555555555555", OTHER)),
    Case(page=PRINCIPAL, name="user names are case-sensitive", expected=IMPLICIT, principal=USER,
         repository=shared_with(USER.replace("example", "Example"))),
    Case(page=PRINCIPAL, name="the wildcard grants without any other permission", expected=ALLOW,
         repository=document(grant())),
    Case(page=PRINCIPAL, name="the wildcard grants to anonymous users", expected=ALLOW,
         principal="*", repository=document(grant(principal={"AWS": "*"}))),
    Case(page=PRINCIPAL, name="other accounts need identity permissions beside the wildcard",
         expected=IMPLICIT, principal=OTHER_ROLE, repository=document(grant())),
    Case(page=PRINCIPAL, name="aws:PrincipalArn with a wildcard is not limited by the boundary",
         expected=ALLOW, principal=SESSION, boundary=NOTHING,
         repository=document(grant(Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}}))),
    Case(page=PRINCIPAL, name="deny all but one by ArnNotEquals: another", expected=EXPLICIT,
         identity=(FULL,),
         repository=document(
             grant("Deny", Condition={"ArnNotEquals": {"aws:PrincipalArn": USER}}))),
    Case(page=PRINCIPAL, name="deny all but one by ArnNotEquals: the one", expected=ALLOW,
         principal=USER, identity=(FULL,),
         repository=document(
             grant("Deny", Condition={"ArnNotEquals": {"aws:PrincipalArn": USER}}))),
    # NotPrincipal.
    Case(page=NOT_PRINCIPAL, name="everybody else is denied", expected=EXPLICIT,
         principal=OTHER_ROLE, identity=(FULL,),
         repository=except_for("arn:aws:iam::777788889999:user/Bob",
                               "arn:aws:iam::777788889999:root")),
    Case(page=NOT_PRINCIPAL, name="Bob and his account are excepted", expected=ALLOW,
         principal=f"arn:aws:iam::{OTHER}:user/Bob", identity=(FULL,),
         repository=except_for(f"arn:aws:iam::{OTHER}:user/Bob", f"arn:aws:iam::{OTHER}:root")),
    Case(page=NOT_PRINCIPAL, name="session, role and account are excepted", expected=ALLOW,
         principal=AUDIT_SESSION, identity=(FULL,),
         repository=except_for(AUDIT_SESSION, AUDIT_ROLE, f"arn:aws:iam::{OTHER}:root")),
    Case(page=NOT_PRINCIPAL, name="a boundary makes the deny reach the excepted", expected=EXPLICIT,
         principal=f"arn:aws:iam::{OTHER}:user/Bob", identity=(FULL,), boundary=FULL,
         repository=except_for(f"arn:aws:iam::{OTHER}:user/Bob", f"arn:aws:iam::{OTHER}:root")),
    # Service control policies.
    Case(page=SCP_EVALUATION, name="every level allows", expected=ALLOW, identity=(FULL,),
         scps=((FULL,), (FULL,), (FULL,))),
    Case(page=SCP_EVALUATION, name="one level without an Allow denies", expected=IMPLICIT,
         identity=(FULL,), scps=((FULL,), (NOTHING,), (FULL,))),
    Case(page=SCP_EVALUATION, name="a level whose policy was removed denies", expected=IMPLICIT,
         identity=(FULL,), scps=((FULL,), (), (FULL,))),
    Case(page=SCP_EVALUATION, name="a deny at any level", expected=EXPLICIT, identity=(FULL,),
         scps=((FULL, document(statement("Deny", Action="ecr:*"))), (FULL,))),
    Case(page=SCPS, name="an SCP never grants", expected=IMPLICIT, scps=((FULL,),)),
    Case(page=SCPS, name="the root user of a member account is restricted", expected=EXPLICIT,
         principal=ROOT, scps=((FULL, document(statement("Deny"))),)),
    Case(page=SCPS, name="service-linked roles are not restricted", expected=ALLOW,
         principal=SERVICE_LINKED, identity=(FULL,), scps=((document(statement("Deny")),),)),
    Case(page=SCPS, name="a resource-based grant does not lift an SCP", expected=IMPLICIT,
         principal=USER, repository=shared_with(USER), scps=((NOTHING,),)),
    # Resource control policies.
    Case(page=RCP_EVALUATION, name="any level may deny", expected=EXPLICIT, identity=(FULL,),
         rcps=((), (document(statement("Deny", Principal="*")),))),
    Case(page=RCP_EVALUATION, name="RCPFullAWSAccess lets everything pass", expected=ALLOW,
         identity=(FULL,), rcps=((document(statement(Principal="*")),),)),
    Case(page=RCPS, name="an RCP never grants", expected=IMPLICIT,
         rcps=((document(statement(Principal="*")),),)),
    Case(page=RCPS, name="principals outside the organization are denied", expected=EXPLICIT,
         principal=OTHER_ROLE, identity=(FULL,), repository=document(grant()),
         context={"aws:PrincipalOrgID": "o-other"}, rcps=((ONLY_ORGANIZATION,),)),
    Case(page=RCPS, name="principals of the organization pass", expected=ALLOW,
         principal=OTHER_ROLE, identity=(FULL,), repository=document(grant()),
         context={"aws:PrincipalOrgID": "o-mine"}, rcps=((ONLY_ORGANIZATION,),)),
    Case(page=RCPS, name="the exception for services", expected=ALLOW,
         principal="lambda.amazonaws.com", rcps=((ONLY_ORGANIZATION,),),
         repository=document(grant(principal={"Service": "lambda.amazonaws.com"}))),
    Case(page=RCPS, name="service-linked roles are not restricted", expected=ALLOW,
         principal=SERVICE_LINKED, identity=(FULL,),
         rcps=((document(statement("Deny", Principal="*")),),)),
    # Amazon ECR.
    Case(page=REPOSITORY_POLICIES, name="either policy is enough", expected=ALLOW,
         repository=shared_with(ROLE, Action="ecr:BatchGetImage")),
    Case(page=REPOSITORY_POLICIES, name="denied by the other, denied", expected=EXPLICIT,
         repository=shared_with(ROLE), identity=(document(statement("Deny")),)),
    Case(page=REPOSITORY_POLICIES, name="the token comes by an IAM policy", expected=ALLOW,
         action="ecr:GetAuthorizationToken", resource="*",
         identity=(document(statement(Action="ecr:GetAuthorizationToken")),)),
    Case(page=REPOSITORY_POLICIES, name="the token does not come by a repository policy",
         expected=IMPLICIT, action="ecr:GetAuthorizationToken",
         repository=document(grant(Action="ecr:*"))),
    Case(page=REPOSITORY_POLICIES, name="the token knows no resource", expected=IMPLICIT,
         action="ecr:GetAuthorizationToken",
         identity=(document(statement(Action="ecr:*", Resource=REPOSITORY)),)),
    Case(page=REPOSITORY_EXAMPLES, name="another account may push", expected=ALLOW,
         principal=OTHER_ROLE, action="ecr:PutImage", identity=(FULL,),
         repository=shared_with(f"arn:aws:iam::{OTHER}:root", Action=["ecr:PutImage"])),
    Case(page=REPOSITORY_EXAMPLES, name="deny pull outside an address range", expected=EXPLICIT,
         identity=(FULL,), context={"aws:SourceIp": "198.51.100.7"},
         repository=document(
             grant("Deny", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))),
    Case(page=LAMBDA, name="the Lambda service pulls for a function", expected=ALLOW,
         principal="lambda.amazonaws.com", repository=LAMBDA_POLICY,
         context={"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:resize"}),
    Case(page=LAMBDA, name="not for another account's function", expected=IMPLICIT,
         principal="lambda.amazonaws.com", repository=LAMBDA_POLICY,
         context={"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{OTHER}:function:resize"}),
    Case(page=REGISTRY, name="the registry policy grants replication to another account",
         expected=ALLOW, principal=f"arn:aws:iam::{OTHER}:root", action="ecr:ReplicateImage",
         registry=document(
             statement(Principal={"AWS": f"arn:aws:iam::{OTHER}:root"},
                       Action=["ecr:CreateRepository", "ecr:ReplicateImage"],
                       Resource=f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/*"))),
    Case(page=REGISTRY, name="it is enforced in all requests", expected=EXPLICIT,
         identity=(FULL,),
         registry=document(statement("Deny", Principal="*", Action="ecr:BatchGetImage"))),
    Case(page=REGISTRY, name="it may grant every action", expected=ALLOW, principal=OTHER_ROLE,
         identity=(FULL,),
         registry=document(statement(Principal={"AWS": OTHER}, Action="ecr:*"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_page_and_the_evaluator_agree(case):
    assert case.decide().decision.value == case.expected


def test_there_are_enough_cases_and_each_is_another():
    assert len({str(case) for case in CASES}) == len(CASES) >= 60


def test_reasons_are_the_statements_that_decide():
    denied = CASES[0].decide().because
    assert [(why.source.value, why.sid, why.statement) for why in denied] == [
        ("identity", "DenyS3Logs", 2)
    ]
    allowed = next(case for case in CASES if case.name == "both accounts allow").decide()
    assert [(why.source.value, why.sid) for why in allowed.because] == [
        ("identity", "Objects"),
        ("repository", None),
    ]


def test_a_delegating_statement_is_no_reason_within_the_account():
    case = Case(page=PRINCIPAL, name="", expected=ALLOW, identity=(FULL,),
                repository=shared_with(ROOT))  # fmt: skip
    assert [why.source.value for why in case.decide().because] == ["identity"]


@pytest.mark.parametrize(
    ("documents", "lacking"),
    [
        ({"identity": (NOTHING,)}, ["identity"]),
        ({"identity": (FULL,), "boundary": NOTHING}, ["boundary"]),
        ({"identity": (FULL,), "session": NOTHING}, ["session"]),
        ({"identity": (FULL,), "scps": ((NOTHING,),)}, ["scp"]),
        ({"identity": (FULL,), "principal": OTHER_ROLE}, ["repository"]),
        ({"principal": OTHER_ROLE}, ["identity", "repository"]),
        ({"principal": FEDERATED_USER, "identity": (FULL,)}, ["session"]),
    ],
)
def test_an_implicit_deny_says_which_policy_lacks_an_allow(documents, lacking):
    decision = Case(page="", name="", expected=IMPLICIT, **documents).decide()
    assert decision.decision.value == IMPLICIT
    assert [kind.value for kind in decision.lacking] == lacking


def test_a_repository_that_does_not_exist_yet_has_no_policy():
    decision = Case(page="", name="", expected=IMPLICIT, action="ecr:CreateRepository",
                    resource=REPOSITORY, repository=document(grant())).decide()  # fmt: skip
    assert decision.decision.value == IMPLICIT
