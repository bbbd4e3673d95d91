"""Names of functions, projects and clusters: any value is judged, and what passes is narrow."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.consumers.by_policy.codebuild import (
    CodeBuildProjects,
    check_project_names,
)
from ecr_constructs.model.consumers.by_policy.emr_serverless import EmrServerlessApplications
from ecr_constructs.model.consumers.by_policy.functions import LambdaFunctions, is_let_in
from ecr_constructs.model.consumers.by_role.codepipeline import (
    check_action_name,
    check_container_name,
)
from ecr_constructs.model.consumers.by_role.eks import check_cluster_name, check_trust_anchor
from ecr_constructs.model.consumers.home import Home
from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.iam.services import guarded, source_patterns

HOME = Home(partition="aws", region="eu-west-1", account="111111111111")
anything: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=20),
    st.text(string.ascii_letters + "-_*:/", max_size=9),
    st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=3),
)
names = st.lists(
    st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=20),
    min_size=1,
    max_size=4,
    unique=True,
)
accounts = st.one_of(st.none(), st.just("111111111111"), st.just("222222222222"))


@given(anything)
def test_any_value_is_judged(value: Any) -> None:
    for findings in (
        check_project_names(value),
        check_cluster_name(value),
        check_trust_anchor(value),
        check_action_name(value),
        check_container_name(value),
    ):
        for finding in findings:
            assert finding.fix
            assert finding.allowed


@given(anything, anything, anything)
def test_a_value_is_made_or_refused(names: Any, account: Any, more: Any) -> None:
    for make in (
        lambda: LambdaFunctions(names=names, account=account, made_by=more),
        lambda: CodeBuildProjects(names=names, account=account, region=more),
        lambda: EmrServerlessApplications(application_ids=names, account=account, made_by=more),
    ):
        try:
            consumer = make()
        except InvalidInputError as error:
            assert error.fix
        else:
            assert all(party.principal for party in consumer.parties(HOME))


@given(names, accounts)
def test_a_service_acts_for_what_was_named_alone(names: list[str], account: str | None) -> None:
    home = account or HOME.account
    for consumer in (
        LambdaFunctions(names=names, account=account),
        CodeBuildProjects(names=["a" + name for name in names], account=account),
        EmrServerlessApplications(
            application_ids=[name.encode().hex() for name in names], account=account
        ),
    ):
        first, *others = consumer.parties(HOME)
        assert first.principal == {"Service": consumer.service}
        assert guarded(first.conditions)
        assert all(f":{home}:" in pattern for pattern in source_patterns(first.conditions))
        # CodeBuild asks nobody of the other account.
        asks = not isinstance(consumer, CodeBuildProjects)
        assert bool(others) == (asks and home != HOME.account)


@given(names, st.text(string.ascii_letters + "-_", min_size=1, max_size=8))
def test_a_function_is_let_in_if_it_was_named(names: list[str], other: str) -> None:
    (first, *_) = LambdaFunctions(names=names).parties(HOME)
    sources = source_patterns(first.conditions)
    for name in {*names, other}:
        expected = name in names
        assert is_let_in(sources, account=HOME.account, name=name, whole=True) is expected
        assert not is_let_in(sources, account="222222222222", name=name, whole=True)
