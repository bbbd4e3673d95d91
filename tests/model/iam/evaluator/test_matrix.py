"""The matrix: levels, verdicts, and that it never says more than what is certain."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.model.iam.evaluator import (
    LEVELS,
    Level,
    Matrix,
    PolicyKind,
    PrincipalKind,
    Request,
    Subject,
    Target,
    Verdict,
    compile_policy,
    evaluate,
    policy_set,
)

from .support import (
    ACCOUNT,
    FULL,
    OTHER,
    OTHER_ROLE,
    REPOSITORY,
    ROLE,
    ROOT,
    SESSION,
    USER,
    document,
    grant,
    policies,
    principal,
    statement,
)

PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]
TOKEN = statement(Sid="Token", Action="ecr:GetAuthorizationToken")
IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def subject(who=ROLE, context=None, *, assumed=False, **documents):
    made = policies(**documents)
    return Subject(
        principal=principal(who),
        identity=made.identity,
        boundary=made.boundary,
        session=made.session,
        scps=made.scps,
        context=context or {},
        identity_assumed=assumed,
    )


def target(arn=REPOSITORY, tags=None, **documents):
    made = policies(**documents)
    return Target(
        arn=arn, policy=made.repository, registry=made.registry, rcps=made.rcps, tags=tags
    )


def verdicts(one, other=None, context=None):
    [row] = Matrix([one], [other or target()], context=context or {}).decisions()
    return {name: level.verdict.value for name, level in row.levels.items()}


NONE = dict.fromkeys(["pull", "push", "read", "delete", "admin"], "none")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], {}),
        ([TOKEN], {}),
        ([statement(Action=PULL)], {}),
        ([TOKEN, statement(Action=PULL)], {"pull": "allowed"}),
        ([TOKEN, statement(Action=PULL[:1])], {}),
        ([TOKEN, statement(Action=PUSH)], {"push": "allowed"}),
        ([TOKEN, statement(Action=PUSH[:-1])], {}),
        ([statement(Action="ecr:ListImages")], {"read": "allowed"}),
        ([statement(Action="ecr:BatchDeleteImage")], {"delete": "allowed"}),
        ([statement(Action="ecr:DeleteRepository")], {"delete": "allowed"}),
        ([statement(Action="ecr:SetRepositoryPolicy")], {"admin": "allowed"}),
        ([statement(Action="ecr:GetRepositoryPolicy")], {}),
        ([statement(Action="*")], dict.fromkeys(NONE, "allowed")),
        ([TOKEN, statement(Action=PULL, Resource="arn:aws:ecr:*:*:repository/other")], {}),
        ([statement(), statement("Deny", Action="ecr:PutImage")],
         {**dict.fromkeys(NONE, "allowed"), "push": "denied"}),
        ([statement(), statement("Deny", Action="ecr:GetAuthorizationToken")],
         {**dict.fromkeys(NONE, "allowed"), "push": "denied", "pull": "denied"}),
        ([TOKEN, statement(Action=PULL, Condition=IN_ORGANIZATION)], {"pull": "conditional"}),
        ([TOKEN, statement(Action=PULL), statement("Deny", Condition=IN_ORGANIZATION)],
         {"pull": "conditional"}),
        ([statement(Action="ecr:BatchDeleteImage", Condition=IN_ORGANIZATION),
          statement(Action="ecr:DeleteRepository")], {"delete": "allowed"}),
        ([statement("Deny", Condition=IN_ORGANIZATION)], {}),
    ],
)  # fmt: skip
def test_levels(statements, expected):
    documents = [document(*statements)] if statements else []
    assert verdicts(subject(identity=documents)) == {**NONE, **expected}


def test_a_service_needs_no_token():
    policy = document(grant(principal={"Service": "lambda.amazonaws.com"}, Action=PULL))
    found = verdicts(subject("lambda.amazonaws.com"), target(repository=policy))
    assert found == {**NONE, "pull": "allowed"}


def test_an_account_and_an_outsider_whose_policies_are_not_at_hand():
    shared = document(grant(principal={"AWS": OTHER}, Action=PULL))
    for outsider in (subject(OTHER), subject(OTHER_ROLE, assumed=True)):
        assert verdicts(outsider, target(repository=shared)) == {**NONE, "pull": "allowed"}
    assert verdicts(subject(OTHER_ROLE), target(repository=shared)) == NONE


def test_an_organization():
    policy = document(grant(Action=PULL, Condition=IN_ORGANIZATION))
    mine = subject("arn:aws:organizations::111111111111:organization/o-1")
    other = subject("arn:aws:organizations::111111111111:organization/o-2")
    assert verdicts(mine, target(repository=policy)) == {**NONE, "pull": "allowed"}
    assert verdicts(other, target(repository=policy)) == NONE
    anybody = verdicts(subject("*"), target(repository=policy))
    assert anybody == NONE
    assert verdicts(subject(OTHER, assumed=True), target(repository=policy)) == {
        **NONE, "pull": "conditional",
    }  # fmt: skip


def test_the_public():
    assert verdicts(subject("*"), target(repository=document(grant(Action=PULL)))) == {
        **NONE, "pull": "allowed",
    }  # fmt: skip


def test_a_group_has_what_its_policies_say():
    group = f"arn:aws:iam::{ACCOUNT}:group/developers"
    assert verdicts(subject(group, identity=[FULL])) == dict.fromkeys(NONE, "allowed")
    assert (
        verdicts(subject(group), target(repository=document(grant(principal={"AWS": USER}))))
        == NONE
    )


def test_tags_that_are_known_decide():
    policy = document(
        TOKEN, statement(Action=PULL, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})
    )
    one = subject(identity=[policy])
    assert verdicts(one, target(tags=None))["pull"] == "conditional"
    assert verdicts(one, target(tags={}))["pull"] == "none"
    assert verdicts(one, target(tags={"team": "a"}))["pull"] == "allowed"
    assert verdicts(one, target(tags={"team": "b"}))["pull"] == "none"


def test_a_session_that_only_one_name_of_has_access():
    policy = document(grant(principal={"AWS": SESSION}, Action="ecr:ListImages"))
    assert verdicts(subject(ROLE), target(repository=policy))["read"] == "conditional"
    assert verdicts(subject(SESSION), target(repository=policy))["read"] == "allowed"


def test_a_boundary_brings_a_role_under_every_not_principal():
    policy = document(
        {"Effect": "Deny", "Action": "*", "NotPrincipal": {"AWS": [USER, ROOT]}},
    )
    for boundary, expected in ((None, "allowed"), (FULL, "denied")):
        one = subject(USER, identity=[FULL], boundary=boundary)
        assert verdicts(one, target(repository=policy))["read"] == expected
    unlisted = subject(ROLE, identity=[FULL])
    assert verdicts(unlisted, target(repository=policy))["read"] == "conditional"
    stranger = subject(OTHER_ROLE, identity=[FULL])
    assert verdicts(stranger, target(repository=policy))["read"] == "denied"


def test_organization_policies_in_the_matrix():
    strangers = document(
        statement(
            "Deny", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
        )
    )
    shared = document(grant(principal={"AWS": OTHER}))
    place = target(repository=shared, rcps=[[strangers]])
    inside = {"aws:PrincipalOrgID": "o-1"}
    outside = {"aws:PrincipalOrgID": "o-2"}
    outsider = subject(OTHER_ROLE, inside, identity=[FULL])
    assert verdicts(outsider, place) == dict.fromkeys(NONE, "allowed")
    assert verdicts(subject(OTHER_ROLE, outside, identity=[FULL]), place)["read"] == "denied"
    assert verdicts(subject(OTHER_ROLE, identity=[FULL]), place)["read"] == "conditional"
    # The token is asked of one's own account, which has other RCPs or none.
    token = [Level("token", ("ecr:GetAuthorizationToken",), needs_all=True)]
    [row] = Matrix(
        [subject(OTHER_ROLE, outside, identity=[FULL])], [place], levels=token
    ).decisions()
    assert row.levels["token"].verdict is Verdict.ALLOWED
    [row] = Matrix([subject(ROLE, outside, identity=[FULL])], [place], levels=token).decisions()
    assert row.levels["token"].verdict is Verdict.DENIED
    # SCPs are those of the principal's account, and every level must allow.
    limited = subject(ROLE, inside, identity=[FULL], scps=[[FULL], [document(TOKEN)]])
    assert verdicts(limited, place) == NONE


def test_a_registry_policy_in_the_matrix():
    registry = document(statement(Principal={"AWS": OTHER}, Action="ecr:ListImages"))
    one = subject(OTHER_ROLE, identity=[FULL])
    assert verdicts(one, target(registry=registry)) == {**NONE, "read": "allowed"}
    token = document(statement(Principal={"AWS": ROLE}, Action="ecr:*"))
    assert verdicts(subject(ROLE), target(registry=token))["pull"] == "none"
    assert verdicts(subject(ROLE), target(registry=token))["read"] == "allowed"


def test_an_unknown_variable_is_conditional_only_where_a_value_would_do():
    resource = f"arn:aws:ecr:*:{ACCOUNT}:repository/${{aws:PrincipalTag/team}}/*"
    one = subject(identity=[document(statement(Action="ecr:ListImages", Resource=resource))])
    assert verdicts(one)["read"] == "conditional"
    flat = target(REPOSITORY.replace("shop/api", "api"))
    assert verdicts(one, flat)["read"] == "none"
    policy = document(statement(Action="ecr:ListImages", Resource=resource))
    tagged = subject(context={"aws:PrincipalTag/team": "shop"}, identity=[policy])
    assert verdicts(tagged)["read"] == "allowed"


def test_what_holds_everywhere_may_be_given_once():
    secure = document(
        statement(), statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    )
    one = subject(identity=[secure])
    assert verdicts(one)["read"] == "conditional"
    assert verdicts(one, context={"aws:SecureTransport": True})["read"] == "allowed"


def test_reasons():
    one = subject(identity=[document(TOKEN, statement(Sid="Pull", Action=PULL))])
    other = target(repository=document(
        grant("Deny", Sid="Keep", Action="ecr:DeleteRepository"),
        grant("Deny", Sid="Mfa", Action=PULL,
              Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})))  # fmt: skip
    [row] = Matrix([one], [other]).decisions()
    pull, delete = row.levels["pull"], row.levels["delete"]
    assert (pull.verdict, [why.sid for why in pull.because]) == (
        Verdict.CONDITIONAL, ["Pull", "Mfa", "Token"],
    )  # fmt: skip
    assert (delete.verdict, [why.sid for why in delete.because]) == (Verdict.DENIED, ["Keep"])
    assert row.levels["push"].because == ()
    assert row.as_json()["delete"] == {
        "verdict": "denied",
        "because": [
            {"effect": "Deny", "source": "repository", "policy": "repository", "sid": "Keep",
             "statement": 0, "condition": None}
        ],
    }  # fmt: skip


def test_rows_come_in_the_order_given():
    people = [subject(ROLE, identity=[FULL]), subject(USER), subject(ROOT)]
    places = [target(), target(REPOSITORY.replace("api", "web"))]
    rows = list(Matrix(people, places).decisions())
    assert [(row.principal, row.repository) for row in rows] == [
        (one.principal.arn, other.arn) for one in people for other in places
    ]
    assert len(rows) == 6


# The matrix against single evaluation: every open key given each of its values.

ACTIONS = ["ecr:BatchGetImage", "ecr:PutImage", "ecr:GetAuthorizationToken", "ecr:ListImages"]
KEYS = ["aws:PrincipalOrgID", "aws:SourceVpce", "aws:TagKeys", "aws:PrincipalTag/team"]
VALUES = {
    "aws:PrincipalOrgID": ["o-1", "o-2", None],
    "aws:SourceVpce": ["vpce-1", None],
    "aws:TagKeys": [["shop"], ["a", "shop"], [], None],
    "aws:PrincipalTag/team": ["shop", "other", None],
}
WANTED = ["o-1", "vpce-1", "shop", "s*", "${aws:PrincipalTag/team}", "${aws:SourceVpce, 'o-1'}"]
OPERATORS = [
    "StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists",
    "StringEqualsIfExists", "ForAllValues:StringLike", "ForAnyValue:StringNotEquals",
]  # fmt: skip
PLACES = [
    REPOSITORY,
    REPOSITORY.replace("shop/api", "other/api"),
    REPOSITORY.replace(ACCOUNT, OTHER),
]
PEOPLE = [ROLE, SESSION, USER, ROOT, OTHER_ROLE, OTHER, "ecs.amazonaws.com", "*"]

conditions = st.one_of(
    st.none(),
    st.dictionaries(
        st.sampled_from(OPERATORS),
        st.dictionaries(
            st.sampled_from(KEYS), st.lists(st.sampled_from(WANTED), min_size=1, max_size=2),
            min_size=1, max_size=1,
        ),
        min_size=1, max_size=2,
    ),
    st.sampled_from([
        {"Null": {"aws:PrincipalOrgID": "true"}},
        {"Null": {"aws:TagKeys": "false"}},
        {"ArnLike": {"aws:PrincipalArn": [ROLE, USER]}},
        {"StringEquals": {"aws:ResourceTag/team": "shop"}},
        {"StringNotEquals": {"aws:ResourceTag/team": "shop"}},
    ]),
)  # fmt: skip
effects = st.sampled_from(["Allow", "Allow", "Deny"])
resources = st.sampled_from([
    "*", REPOSITORY, "arn:aws:ecr:*:*:repository/shop/*",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}/*",
    "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team, 'other'}/*",
])  # fmt: skip


@st.composite
def statements(draw, *, named=False):
    made = {"Effect": draw(effects)}
    actions = draw(st.lists(st.sampled_from([*ACTIONS, "ecr:*", "*"]), min_size=1, max_size=2))
    made["NotAction" if draw(st.integers(0, 5)) == 0 else "Action"] = actions
    if named:
        key = "NotPrincipal" if made["Effect"] == "Deny" and draw(st.booleans()) else "Principal"
        made[key] = draw(
            st.sampled_from([
                "*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": ACCOUNT},
                {"AWS": [OTHER, USER]}, {"AWS": [ROLE, ROOT]}, {"Service": "ecs.amazonaws.com"},
            ])
        )  # fmt: skip
    else:
        made["NotResource" if draw(st.integers(0, 5)) == 0 else "Resource"] = draw(resources)
    condition = draw(conditions)
    if condition is not None:
        made["Condition"] = condition
    return made


def documents(*, named=False):
    return st.lists(statements(named=named), min_size=1, max_size=3).map(
        lambda made: document(*made)
    )


levels_of_scps = st.one_of(st.none(), st.lists(st.lists(documents(), max_size=2), max_size=2))


@st.composite
def sides(draw):
    one = subject(
        draw(st.sampled_from(PEOPLE)),
        identity=draw(st.lists(documents(), max_size=2)),
        boundary=draw(st.one_of(st.none(), documents())),
        session=draw(st.one_of(st.none(), documents())),
        scps=draw(levels_of_scps),
    )
    tags = draw(st.sampled_from([None, {}, {"team": "shop"}, {"team": "other"}]))
    repository = draw(st.one_of(st.none(), documents(named=True)))
    return one, target(draw(st.sampled_from(PLACES)), tags=tags, repository=repository)


def concrete_contexts(tags, action):
    for values in itertools.product(*VALUES.values()):
        context = {
            key: value for key, value in zip(VALUES, values, strict=True) if value is not None
        }
        if action == "ecr:GetAuthorizationToken":
            # It is asked for on the account, which has no tags.
            yield context
        elif tags is None:
            yield context
            yield {**context, "aws:ResourceTag/team": "shop"}
        else:
            yield {**context, **{f"aws:ResourceTag/{key}": value for key, value in tags.items()}}


def _says_who(context):
    """Whether a key tells of the caller: nobody who is anonymous has one."""
    return any(key.startswith("aws:Principal") for key in context)


@settings(max_examples=60)
@given(sides())
def test_a_certain_verdict_holds_whatever_the_open_keys_are(pair):
    one, other = pair
    levels = [Level(action, (action,), needs_all=True) for action in ACTIONS]
    [row] = Matrix([one], [other], levels=levels).decisions()
    every = policy_set(one, other)
    for action in ACTIONS:
        verdict = row.levels[action].verdict
        for context in concrete_contexts(other.tags, action):
            if one.principal.kind is PrincipalKind.ANONYMOUS and _says_who(context):
                continue
            request = Request(
                principal=one.principal, action=action, resource=other.arn, context=context
            )
            found = evaluate(request, every).decision.value
            if verdict is Verdict.ALLOWED:
                assert found == "allow", (action, context)
            elif verdict is Verdict.DENIED:
                assert found == "explicit-deny", (action, context)
            elif verdict is Verdict.NONE:
                assert found != "allow", (action, context)


@settings(max_examples=30)
@given(st.lists(sides(), min_size=2, max_size=3))
def test_a_pair_has_the_same_verdict_alone_and_among_others(pairs):
    people = [one for one, _ in pairs]
    places = [other for _, other in pairs]
    levels = [*LEVELS, *(Level(action, (action,), needs_all=True) for action in ACTIONS)]
    together = iter(Matrix(people, places, levels=levels).decisions())
    for one in people:
        for other in places:
            [alone] = Matrix([one], [other], levels=levels).decisions()
            assert next(together).as_json() == alone.as_json()


@settings(max_examples=30)
@given(sides())
def test_without_open_keys_the_matrix_is_single_evaluation(pair):
    one, other = pair
    context = {"aws:PrincipalOrgID": "o-1", "aws:SourceVpce": "vpce-1", "aws:TagKeys": ["shop"],
               "aws:PrincipalTag/team": "shop"}  # fmt: skip
    tags = other.tags or {}
    settled = Target(arn=other.arn, policy=other.policy, tags=tags)
    levels = [Level(action, (action,), needs_all=True) for action in ACTIONS]
    [row] = Matrix([one], [settled], context=context, levels=levels).decisions()
    given_tags = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    for action in ACTIONS:
        tagged = {} if action == "ecr:GetAuthorizationToken" else given_tags
        request = Request(principal=one.principal, action=action, resource=other.arn,
                          context={**context, **tagged})  # fmt: skip
        single = evaluate(request, policy_set(one, settled))
        level = row.levels[action]
        expected = {"allow": "allowed", "explicit-deny": "denied", "implicit-deny": "none"}
        if level.verdict is not Verdict.CONDITIONAL:
            assert level.verdict.value == expected[single.decision.value]
            assert {why.statement for why in level.because} <= {0, 1, 2}
            assert set(level.because) == set(single.because) or level.verdict is Verdict.NONE


def test_a_policy_is_compiled_once_for_both():
    policy = compile_policy(FULL, PolicyKind.IDENTITY)
    one = Subject(principal=principal(ROLE), identity=(policy,))
    [row] = Matrix([one], [target()]).decisions()
    assert row.levels["pull"].verdict is Verdict.ALLOWED
    decision = evaluate(
        Request(principal=one.principal, action="ecr:PutImage", resource=REPOSITORY),
        policy_set(one, target()),
    )
    assert decision.decision.value == "allow"
