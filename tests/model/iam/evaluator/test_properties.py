"""Laws of the evaluation, for any policies."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ecr_constructs.model.iam.evaluator import (
    PolicyKind,
    PolicySet,
    Request,
    compile_policy,
    evaluate,
)

from .support import document, principal
from .test_matrix import ACTIONS, PEOPLE, PLACES, VALUES, documents, statements

KINDS = {
    "identity": (PolicyKind.IDENTITY, False),
    "boundary": (PolicyKind.BOUNDARY, False),
    "session": (PolicyKind.SESSION, False),
    "scps": (PolicyKind.SCP, False),
    "repository": (PolicyKind.REPOSITORY, True),
}


def policy_set(given):
    """A set of policies; ``given`` has a document, or None, for each kind."""

    def one(name):
        return None if given[name] is None else compile_policy(given[name], KINDS[name][0])

    identity, boundary, session, scps, repository = map(one, KINDS)
    return PolicySet(
        identity=() if identity is None else (identity,),
        boundary=boundary,
        session=None if session is None else (session,),
        scps=None if scps is None else ((scps,),),
        repository=repository,
    )


sets_of_documents = st.fixed_dictionaries(
    {
        name: st.one_of(st.none(), documents(named=named))
        if name != "identity"
        else documents(named=named)
        for name, (_, named) in KINDS.items()
    }
)
requests = st.builds(
    Request,
    principal=st.sampled_from(PEOPLE).map(principal),
    action=st.sampled_from(ACTIONS),
    resource=st.sampled_from(PLACES),
    context=st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values[:-1]) for key, values in VALUES.items()}
    ),
)
added = st.sampled_from(list(KINDS)).flatmap(
    lambda name: st.tuples(st.just(name), statements(named=KINDS[name][1]))
)


def allows(request, given):
    return evaluate(request, policy_set(given)).decision.value == "allow"


def with_statement(given, name, extra):
    before = [] if given[name] is None else given[name]["Statement"]
    return {**given, name: document(*before, extra)}


@settings(max_examples=120)
@given(sets_of_documents, requests, added)
def test_adding_a_deny_never_allows_more(given, request, addition):
    name, extra = addition
    denied = {key: value for key, value in extra.items() if key != "NotPrincipal"}
    if KINDS[name][1]:
        denied.setdefault("Principal", "*")
    more = with_statement(given, name, {**denied, "Effect": "Deny"})
    assert allows(request, given) or not allows(request, more)


@settings(max_examples=120)
@given(sets_of_documents, requests, st.sampled_from(list(KINDS)), st.integers(0, 2))
def test_removing_an_allow_never_allows_more(given, request, name, place):
    before = [] if given[name] is None else given[name]["Statement"]
    if place >= len(before) or before[place]["Effect"] != "Allow" or len(before) == 1:
        return
    less = {**given, name: document(*before[:place], *before[place + 1 :])}
    assert allows(request, given) or not allows(request, less)


@settings(max_examples=50)
@given(sets_of_documents, requests)
def test_a_decision_agrees_with_its_reasons(given, request):
    decision = evaluate(request, policy_set(given))
    effects = {why.effect.value for why in decision.because}
    assert (
        effects
        <= {"allow": {"Allow"}, "explicit-deny": {"Deny"}, "implicit-deny": set()}[
            decision.decision.value
        ]
    )
    if decision.decision.value == "explicit-deny":
        assert decision.because
    assert list(decision.missing_context) == sorted(decision.missing_context, key=str.lower)
    assert not {key.lower() for key in decision.missing_context} & {
        key.lower() for key in request.context
    }


@settings(max_examples=50)
@given(sets_of_documents, requests)
def test_the_order_of_statements_does_not_matter(given, request):
    turned = {
        name: None if entry is None else document(*reversed(entry["Statement"]))
        for name, entry in given.items()
    }
    first, second = (evaluate(request, policy_set(entry)) for entry in (given, turned))
    assert first.decision is second.decision
    assert first.missing_context == second.missing_context


@settings(max_examples=50)
@given(sets_of_documents, requests)
def test_case_of_actions_and_keys_does_not_matter(given, request):
    shouted = Request(
        principal=request.principal,
        action=request.action.upper(),
        resource=request.resource,
        context={key.upper(): value for key, value in request.context.items()},
    )
    compiled = policy_set(given)
    assert evaluate(request, compiled) == evaluate(shouted, compiled)


@settings(max_examples=50)
@given(sets_of_documents, requests)
def test_an_explicit_deny_of_everything_ends_it(given, request):
    everything = {"Effect": "Deny", "Action": "*", "Principal": "*"}
    more = with_statement(given, "repository", everything)
    if request.action != "ecr:GetAuthorizationToken":
        assert evaluate(request, policy_set(more)).decision.value == "explicit-deny"
