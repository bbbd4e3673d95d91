"""What a second, literal reading of AWS's pages found; each test names its page."""

import pytest

from ecr_constructs.model.iam.evaluator import (
    Level,
    Matrix,
    PolicyKind,
    PrincipalKind,
    Subject,
    Target,
)
from ecr_constructs.model.iam.evaluator import compile_policy as compiled

from .support import (
    ACCOUNT,
    ALLOW,
    EXPLICIT,
    FEDERATED_USER,
    FULL,
    IMPLICIT,
    NOTHING,
    OTHER,
    REPOSITORY,
    ROLE,
    ROOT,
    SESSION,
    USER,
    decide,
    document,
    grant,
    holds,
    principal,
    statement,
)

SERVICE = "codebuild.amazonaws.com"
DENY = document(statement("Deny"))
TEAM = "aws:PrincipalTag/team"


def outcome(who, **question):
    return decide(who, **question).decision.value


class TestWhoHasWhichPolicies:
    """reference_policies_evaluation-logic_policy-eval-denyallow, access_policies_boundaries."""

    @pytest.mark.parametrize("who", [SERVICE, "*"])
    def test_who_has_no_identity_has_no_policies_of_one(self, who):
        shared = document(grant(principal="*"))
        found = outcome(who, identity=[DENY], boundary=DENY, session=DENY, repository=shared)
        assert found == ALLOW

    def test_only_a_session_has_a_session_policy(self):
        assert outcome(USER, identity=[FULL], session=NOTHING) == ALLOW
        assert outcome(USER, identity=[FULL], session=DENY) == ALLOW
        assert outcome(ROLE, identity=[FULL], session=NOTHING) == IMPLICIT
        assert outcome(SESSION, identity=[FULL], session=DENY) == EXPLICIT

    def test_only_users_and_roles_have_a_boundary_that_not_principal_asks_for(self):
        """reference_policies_elements_notprincipal: "any IAM principal that has a permissions
        boundary policy attached".
        """
        policy = document(
            {"Effect": "Deny", "Action": "*", "NotPrincipal": {"AWS": [USER, ROLE, ROOT]}}
        )
        assert outcome(ROOT, boundary=FULL, repository=policy) == ALLOW
        assert outcome(USER, identity=[FULL], boundary=FULL, repository=policy) == EXPLICIT

    def test_the_matrix_agrees(self):
        subject = Subject(
            principal=principal(USER),
            identity=(compiled(FULL, PolicyKind.IDENTITY),),
            session=(compiled(NOTHING, PolicyKind.SESSION),),
        )
        [row] = Matrix([subject], [Target(arn=REPOSITORY)]).decisions()
        assert row.levels["delete"].verdict.value == "allowed"


class TestVariablesWithNoValue:
    """reference_policies_variables: policy variables with no value."""

    def test_an_inverted_operator_matches(self):
        condition = {"StringNotEquals": {"s3:ExistingObjectTag/Team": f"${{{TEAM}}}"}}
        deny = document(statement(), statement("Deny", Condition=condition))
        context = {"s3:ExistingObjectTag/Team": "red"}
        assert outcome(USER, identity=[deny], context=context) == EXPLICIT
        assert outcome(USER, identity=[deny], context={**context, TEAM: "red"}) == ALLOW

    def test_the_other_resources_of_a_statement_stand(self):
        deny = statement("Deny", Resource=[f"arn:aws:ecr:*:*:repository/${{{TEAM}}}", REPOSITORY])
        assert outcome(USER, identity=[document(statement(), deny)]) == EXPLICIT

    def test_what_it_does_to_not_resource_is_open(self):
        elements = {"NotResource": f"arn:aws:ecr:*:*:repository/${{{TEAM}}}"}
        assert outcome(USER, identity=[document(statement(**elements))]) == ALLOW
        deny = document(statement(), statement("Deny", **elements))
        assert outcome(USER, identity=[deny]) == ALLOW
        assert outcome(USER, identity=[deny], context={TEAM: "x"}) == EXPLICIT

    @pytest.mark.parametrize(
        ("who", "key"),
        [(ROLE, "aws:username"), (ROLE, "aws:userid"), (SERVICE, "aws:PrincipalType")],
    )
    def test_keys_whose_absence_may_make_the_statement_invalid(self, who, key):
        """... principal key values: "causes the statement to be invalid", so a Deny is open."""
        condition = {"StringNotEquals": {"s3:prefix": f"${{{key}}}"}}
        policy = document(grant(principal="*"), grant("Deny", Condition=condition))
        assert outcome(who, repository=policy, context={"s3:prefix": "a"}) == ALLOW
        assert outcome(who, repository=policy, context={"s3:prefix": "a", key: "b"}) == EXPLICIT

    @pytest.mark.parametrize(
        ("operator", "key"),
        [
            ("StringEquals", "aws:PrincipalAccount"),
            ("StringEqualsIgnoreCase", "aws:PrincipalAccount"),
            ("StringLike", "aws:PrincipalAccount"),
            ("ArnLike", "aws:PrincipalArn"),
            ("Bool", "aws:PrincipalIsAWSService"),
        ],
    )
    def test_a_matrix_does_not_know_the_value(self, operator, key):
        condition = {operator: {key: "${aws:PrincipalTag/same}"}}
        identity = compiled(document(statement(Condition=condition)), PolicyKind.IDENTITY)
        subject = Subject(principal=principal(USER), identity=(identity,))
        [row] = Matrix([subject], [Target(arn=REPOSITORY)]).decisions()
        assert row.levels["delete"].verdict.value == "conditional"

    def test_a_default_may_be_an_arn(self):
        """... specifying default values."""
        wanted = f"${{{TEAM}, 'arn:aws:s3:::red'}}"
        assert holds(
            {"StringEquals": {"aws:SourceArn": wanted}}, {"aws:SourceArn": "arn:aws:s3:::red"}
        )

    def test_a_variable_is_replaced_before_an_arn_is_cut(self):
        """reference_policies_elements_condition_operators: ARN condition operators."""
        condition = {"ArnEquals": {"aws:SourceArn": "${aws:PrincipalArn}"}}
        deny = document(statement(), statement("Deny", Condition=condition))
        assert outcome(USER, identity=[deny], context={"aws:SourceArn": USER}) == EXPLICIT
        assert outcome(USER, identity=[deny], context={"aws:SourceArn": ROLE}) == ALLOW


class TestSetsWithNothingInThem:
    """reference_policies_condition-single-vs-multi-valued-context-keys."""

    def test_an_empty_text_beside_another_is_a_member(self):
        given = {"aws:TagKeys": ["team", ""]}
        assert not holds({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}, given)
        assert holds({"ForAnyValue:StringEquals": {"aws:TagKeys": ""}}, given)

    def test_a_set_of_nothing_is_as_absent(self):
        given = {"aws:TagKeys": []}
        assert holds({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "team"}}, given)
        assert not holds({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}, given)
        assert holds({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}, given)
        with_default = {"StringEquals": {"s3:prefix": "${aws:TagKeys, 'all'}"}}
        assert holds(with_default, {**given, "s3:prefix": "all"})


class TestPaths:
    """reference_iam-quotas: names are unique in the account, whatever their paths."""

    @pytest.mark.parametrize(
        ("who", "named"),
        [
            (SESSION, f"arn:aws:iam::{ACCOUNT}:role/team/shop/examplerole"),
            (FEDERATED_USER, f"arn:aws:iam::{ACCOUNT}:user/team/exampleuser"),
        ],
    )
    def test_a_session_is_one_of_the_role_with_its_path(self, who, named):
        shared = document(grant(principal={"AWS": named}))
        assert outcome(who, repository=shared, session=FULL) == ALLOW
        assert outcome(who, repository=shared, session=NOTHING) == IMPLICIT
        excepted = document(
            {"Effect": "Deny", "Action": "*", "NotPrincipal": {"AWS": [named, who, ROOT]}}
        )
        assert outcome(who, identity=[FULL], session=FULL, repository=excepted) == ALLOW

    def test_a_role_with_another_path_is_another_role(self):
        named = f"arn:aws:iam::{ACCOUNT}:role/team/examplerole"
        assert outcome(ROLE, repository=document(grant(principal={"AWS": named}))) == IMPLICIT


class TestContextOfThePrincipal:
    """reference_policies_variables: principal key values; reference_policies_condition-keys."""

    @pytest.mark.parametrize(
        ("who", "key", "value"),
        [
            (FEDERATED_USER, "aws:userid", f"{ACCOUNT}:exampleuser"),
            ("*", "aws:userid", "anonymous"),
            ("*", "aws:PrincipalAccount", "anonymous"),
        ],
    )
    def test_what_follows_from_it(self, who, key, value):
        shared = document(grant(principal="*", Condition={"StringEquals": {key: value}}))
        decision = decide(who, repository=shared)
        assert decision.decision.value == ALLOW
        assert decision.missing_context == ()

    def test_a_token_is_of_the_account_that_asks(self):
        perimeter = {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
        policy = document(statement(), statement("Deny", Condition=perimeter))
        token = {"action": "ecr:GetAuthorizationToken", "identity": [policy]}
        assert outcome(USER, **token) == ALLOW
        elsewhere = f"arn:aws:ecr:eu-west-1:{OTHER}:repository/shop"
        assert outcome(USER, resource=elsewhere, **token) == ALLOW
        assert outcome(USER, resource=elsewhere, identity=[policy]) == EXPLICIT
        subject = Subject(
            principal=principal(USER), identity=(compiled(policy, PolicyKind.IDENTITY),)
        )
        level = Level("token", ("ecr:GetAuthorizationToken",), needs_all=True)
        [row] = Matrix([subject], [Target(arn=elsewhere)], levels=[level]).decisions()
        assert row.levels["token"].verdict.value == "allowed"


class TestWhatAsksForContext:
    CONDITION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}  # noqa: RUF012

    def test_policies_that_do_not_count_ask_for_nothing(self):
        asking = document(statement(Condition=self.CONDITION))
        shared = document(grant(Condition=self.CONDITION))
        assert decide(USER, session=asking).missing_context == ()
        assert decide(ROOT, identity=[asking], boundary=asking).missing_context == ()
        assert decide(SERVICE, identity=[asking], scps=[[asking]]).missing_context == ()
        token = decide(USER, "ecr:GetAuthorizationToken", repository=shared, registry=document(
            statement(Principal="*", Condition=self.CONDITION)))  # fmt: skip
        assert token.missing_context == ()

    def test_a_resource_that_a_variable_keeps_from_matching_asks_for_nothing_more(self):
        policy = document(
            statement(Resource="arn:aws:ecr:*:*:repository/${aws:username}",
                      Condition=self.CONDITION))  # fmt: skip
        assert decide(USER, identity=[policy]).missing_context == ()


def test_a_service_meets_the_registry_policy_in_the_registry_s_own_actions():
    """AmazonECR/registry-permissions: "enforces the registry policy in all ECR requests"."""
    registry = document(statement(Principal={"Service": SERVICE}, Action="ecr:*"))
    assert outcome(SERVICE, action="ecr:DescribeRegistry", registry=registry) == ALLOW


@pytest.mark.parametrize("element", [{"AWS": "*"}, {"Service": "*"}])
def test_a_service_is_not_surely_left_by_a_wildcard_of_not_principal(element):
    """reference_policies_elements_principal: it cannot be said; so access may be there."""
    policy = document(
        grant(principal={"Service": SERVICE}),
        {"Effect": "Deny", "Action": "*", "NotPrincipal": element},
    )
    assert outcome(SERVICE, repository=policy) == ALLOW


@pytest.mark.parametrize(
    "provider", ["accounts.google.com", f"arn:aws:iam::{ACCOUNT}:saml-provider/office"]
)
def test_an_identity_provider_is_never_surely_named(provider):
    """reference_policies_elements_principal: Federated principals "are not supported in policy
    types other than role trust policies"; so access may be there, and no denial.
    """
    everyone, element = {"AWS": "*"}, {"Federated": provider}
    for named in (everyone, element):
        assert outcome(provider, repository=document(grant(principal=named))) == ALLOW
        denied = document(grant(principal=element), grant("Deny", principal=named))
        assert outcome(provider, repository=denied) == ALLOW
    subject = Subject(principal=principal(provider))
    shared = compiled(document(grant(principal=element)), PolicyKind.REPOSITORY)
    [row] = Matrix([subject], [Target(arn=REPOSITORY, policy=shared)]).decisions()
    assert row.levels["read"].verdict.value == "conditional"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("codebuild.amazonaws.com", PrincipalKind.SERVICE),
        ("logs.eu-west-1.amazonaws.com", PrincipalKind.SERVICE),
        ("codebuild.amazonaws.com.cn", PrincipalKind.SERVICE),
        ("codebuild.notamazonaws.com", PrincipalKind.FEDERATED),
        ("codebuild.amazonaws.com.example", PrincipalKind.FEDERATED),
        ("accounts.google.com", PrincipalKind.FEDERATED),
    ],
)
def test_a_service_has_a_name_of_aws(text, kind):
    """reference_policies_elements_principal: "service-name.amazonaws.com"."""
    assert principal(text).kind is kind


def test_only_a_service_has_the_keys_of_services():
    """reference_policies_condition-keys: "not present in any other situation"."""
    condition = {"StringNotEquals": {"aws:PrincipalServiceName": SERVICE}}
    found = decide("accounts.google.com", repository=document(grant(Condition=condition)))
    assert found.missing_context == ()


def verdict_of(subject, **target):
    """What a matrix says of reading images."""
    level = Level("asked", ("ecr:BatchGetImage",), needs_all=True)
    [row] = Matrix([subject], [Target(arn=REPOSITORY, **target)], levels=[level]).decisions()
    return row.levels["asked"].verdict.value


@pytest.mark.parametrize(
    "test",
    [
        {"StringEqualsIgnoreCase": {"aws:PrincipalAccount": "${aws:username}"}},
        {"Bool": {"aws:PrincipalIsAWSService": "${aws:username}"}},
    ],
)
def test_a_variable_that_a_request_never_has_is_settled_without_a_context(test):
    """reference_policies_variables: aws:username is "(not present)" in a role's session."""
    policy = compiled(document(statement(Condition=test)), PolicyKind.IDENTITY)
    assert verdict_of(Subject(principal=principal(ROLE), identity=(policy,))) == "none"


def test_two_tags_that_differ_by_case_make_one_key():
    """reference_policies_condition-keys: "the key name matches both tags"."""
    tags = {"team": "red", "TEAM": "blue"}
    for wanted, expected in (("red", "allowed"), ("blue", "allowed"), ("grey", "none")):
        test = {"ForAnyValue:StringEquals": {"aws:ResourceTag/Team": wanted}}
        policy = compiled(document(statement(Condition=test)), PolicyKind.IDENTITY)
        subject = Subject(principal=principal(USER), identity=(policy,))
        assert verdict_of(subject, tags=tags) == expected


def test_a_wildcard_before_an_empty_value_is_the_last_of_its_segment():
    """reference_policies_elements_resource: it "can expand to match beyond the colon"."""
    text = "arn:aws:ecr:*:*:repository/r*${aws:PrincipalTag/team}"
    denied = [document(statement(), statement("Deny", Resource=text))]
    resource = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/red:blue"
    assert outcome(USER, identity=denied, resource=resource, context={TEAM: ""}) == EXPLICIT
    assert outcome(USER, identity=denied, resource=resource, context={TEAM: "e"}) == ALLOW


def test_two_policies_of_one_name_are_both_reasons():
    denies = [
        compiled(document(statement("Deny", Action=action)), PolicyKind.IDENTITY, name="same")
        for action in ("ecr:BatchDeleteImage", "ecr:*")
    ]
    conditional = compiled(
        document(statement("Deny", Condition={"Bool": {"aws:PrincipalIsAWSService": "false"}})),
        PolicyKind.IDENTITY,
        name="same",
    )
    subject = Subject(principal=principal(USER), identity=(*denies, conditional))
    [row] = Matrix([subject], [Target(arn=REPOSITORY)]).decisions()
    conditions = {str(reason.condition) for reason in row.levels["delete"].because}
    assert len(conditions) == 2
