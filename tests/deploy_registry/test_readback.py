"""Whether the reading back would notice what is lost on the way."""

from __future__ import annotations

import pytest

from .stacks import agrees

WRITTEN = {
    "Prefix": "prod",
    "AppliedFor": ["REPLICATION"],
    "ResourceTags": [{"Key": "team", "Value": "shop"}],
    "RepositoryPolicy": '{"Statement": []}',
    "ImageTagMutabilityExclusionFilters": [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": "latest",
        }
    ],
}
ANSWERED = {
    "prefix": "prod",
    "appliedFor": ["REPLICATION"],
    "resourceTags": [{"Key": "team", "Value": "shop"}],
    "repositoryPolicy": '{"Statement": []}',
    "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest"}],
    "createdAt": 1,
}


def test_the_spelling_of_the_api_is_the_same_answer():
    assert agrees(WRITTEN, ANSWERED)
    assert agrees({"PolicyText": {"Statement": []}}, {"policyText": '{"Statement":[]}'})


@pytest.mark.parametrize("lost", sorted(ANSWERED.keys() - {"createdAt"}))
def test_what_is_lost_is_noticed(lost):
    assert not agrees(WRITTEN, {key: value for key, value in ANSWERED.items() if key != lost})


@pytest.mark.parametrize(
    "other",
    [
        {"appliedFor": []},
        {"appliedFor": ["REPLICATION", "CREATE_ON_PUSH"]},
        {"resourceTags": [{"Key": "team", "Value": "web"}]},
        {"imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "v*"}]},
        {"prefix": "product"},
    ],
    ids=str,
)
def test_what_is_another_is_noticed(other):
    assert not agrees(WRITTEN, {**ANSWERED, **other})


def test_what_only_the_deployment_knows_is_there():
    assert agrees({"CustomRoleArn": "${Role.Arn}"}, {"customRoleArn": "arn:aws:iam::1:role/x"})
    assert not agrees({"CustomRoleArn": "${Role.Arn}"}, {"customRoleArn": ""})
    assert not agrees({"CustomRoleArn": "${Role.Arn}"}, {})
