import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.roles.oidc import GitLabJobs

from ..answers import DEFERRED_TEXTS, codes, dangerous, only


def jobs(**words):
    return GitLabJobs(**{"owner": "mygroup", "project": "myproject", "branch": "main", **words})


def check(**words):
    return jobs(**words).findings()


def pinned(kind, value):
    return check(**{"branch": None, kind: value})


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        # The examples of https://docs.gitlab.com/ci/cloud_services/
        ({}, "project_path:mygroup/myproject:ref_type:branch:ref:main"),
        (
            {"branch": None, "tag": "1.0"},
            "project_path:mygroup/myproject:ref_type:tag:ref:1.0",
        ),
        (
            {"owner": "my-group/sub", "branch": "feature-branch-1"},
            "project_path:my-group/sub/myproject:ref_type:branch:ref:feature-branch-1",
        ),
        ({"project_id": "20"}, "project_id:20:ref_type:branch:ref:main"),
        (
            {"branch": None, "environment": "production"},
            "project_path:mygroup/myproject:environment_protected:true:deployment_tier:production",
        ),
        (
            {"branch": None, "branch_pattern": "release/*"},
            "project_path:mygroup/myproject:ref_type:branch:ref:release/*",
        ),
        (
            {"branch": None, "tag_pattern": "v*"},
            "project_path:mygroup/myproject:ref_type:tag:ref:v*",
        ),
    ],
)
def test_subjects(words, subject):
    trust = jobs(**words).trust
    assert trust.subject == subject
    assert trust.is_pattern is ("*" in subject)
    assert dangerous(check(**words)) == []
    assert trust.conditions["StringEquals"]["gitlab.com:aud"] == "https://gitlab.com"
    operator = "StringLike" if "*" in subject else "StringEquals"
    assert trust.conditions[operator]["gitlab.com:sub"] == subject


@pytest.mark.parametrize(
    ("host", "issuer"),
    [
        ("gitlab.example.com", "gitlab.example.com"),
        ("example.com/gitlab", "example.com/gitlab"),
    ],
)
def test_an_instance_of_ones_own(host, issuer):
    assert check(host=host) == ()
    trust = jobs(host=host).trust
    assert (trust.issuer, trust.audience) == (issuer, f"https://{issuer}")
    assert jobs(host=host, audience="sts.amazonaws.com").trust.audience == "sts.amazonaws.com"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("https://gitlab.com", "gitlab-host-invalid"),
        (7, "gitlab-host-invalid"),
        ("gitlab.com:8443", "oidc-issuer-invalid"),
        ("gitlab.com/", "oidc-issuer-invalid"),
        ("localhost", "oidc-issuer-invalid"),
        ("", "oidc-issuer-invalid"),
        ("${Token[TOKEN.1]}", "oidc-issuer-invalid"),
    ],
)
def test_what_is_no_instance(host, code):
    finding = only(check(host=host))
    assert (finding.code, finding.property) == (code, "host")


@pytest.mark.parametrize("owner", ["a", "a/b/c", "My_group.x", *DEFERRED_TEXTS])
def test_owners(owner):
    assert check(owner=owner) == ()


@pytest.mark.parametrize(
    "owner", ["", "/a", "a/", "a//b", "-a", "a.", "a.git", "a b", "*", "a*", 7]
)
def test_what_is_no_owner(owner):
    finding = only(check(owner=owner))
    assert (finding.code, finding.property) == ("gitlab-subject-invalid", "owner")


@pytest.mark.parametrize(
    ("project", "fix"),
    [
        ("mygroup/sub/myproject", "write owner='mygroup/sub', project='myproject'"),
        ("myproject.git", "write project='myproject'"),
        ("*", "give the path"),
        ("", "give the path"),
    ],
)
def test_what_is_no_project(project, fix):
    finding = only(check(project=project))
    assert finding.fix.startswith(fix)
    suggested = dict(re.findall(r"(\w+)='([^']*)'", finding.fix))
    assert not suggested or check(**suggested) == ()


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_a_wildcard_has_an_option_of_its_own(kind):
    finding = only(pinned(kind, "release/*"))
    assert finding.code == "gitlab-subject-invalid"
    assert finding.fix == f"write {kind}_pattern='release/*', if all that match may get in"
    assert pinned(f"{kind}_pattern", "release/*") == ()


@pytest.mark.parametrize(
    ("pattern", "fix"),
    [
        ("main", "write branch='main'"),
        ("refs/heads/*", "give the beginning"),
        ("a b*", "give the beginning"),
        ("", "give the beginning"),
        (7, "give the beginning"),
    ],
)
def test_what_is_no_pattern(pattern, fix):
    finding = only(pinned("branch_pattern", pattern))
    assert finding.code == "ci-ref-pattern-invalid"
    assert finding.fix.startswith(fix)


@pytest.mark.parametrize("kind", ["branch", "tag"])
@pytest.mark.parametrize("pattern", ["*", "**", "?*", "*/*"])
def test_a_pattern_of_everything_is_taken_with_a_warning(kind, pattern):
    finding = only(pinned(f"{kind}_pattern", pattern))
    assert finding.code == "ci-ref-pattern-open"
    assert finding.severity is Severity.WARNING
    who = {"branch": "whoever may push a branch", "tag": "whoever may make a tag"}[kind]
    assert finding.message.endswith(who)


@pytest.mark.parametrize("tier", ["production", "staging", "testing", "development", "other"])
def test_environments_are_told_by_tier_and_need_a_setting(tier):
    finding = only(pinned("environment", tier))
    assert finding.severity is Severity.NOTE
    assert (finding.property, finding.given) == ("environment", tier)
    assert "project_path, environment_protected, deployment_tier" in finding.allowed
    assert jobs(branch=None, environment=tier).components == (
        "project_path",
        "environment_protected",
        "deployment_tier",
    )


@pytest.mark.parametrize("name", ["prod", "review/1", "", 7, "production "])
def test_what_is_no_tier(name):
    assert dangerous(pinned("environment", name)) == ["gitlab-subject-invalid"]


@pytest.mark.parametrize("number", ["20", *DEFERRED_TEXTS])
def test_a_project_by_its_id_needs_a_setting_too(number):
    finding = only(check(project_id=number))
    assert finding.code == "gitlab-subject-components"
    assert finding.property == "project_id"


@pytest.mark.parametrize("number", [20, "0", "x", "*", ""])
def test_what_is_no_id(number):
    assert dangerous(check(project_id=number)) == ["gitlab-subject-invalid"]


@pytest.mark.parametrize(
    ("words", "given_value"),
    [
        ({"branch": None}, None),
        ({"tag": "v1"}, {"branch": "main", "tag": "v1"}),
        ({"branch_pattern": "a*"}, {"branch": "main", "branch_pattern": "a*"}),
    ],
)
def test_exactly_one_pin(words, given_value):
    finding = only(check(**words))
    assert finding.code == "gitlab-subject-unpinned"
    assert finding.given == given_value
    begins = "is not pinned" if given_value is None else "is one of 2 pins"
    assert finding.message.startswith(begins)


def test_every_fault_is_told():
    found = check(owner="", project="", branch="*", tag="*", audience="*", host="x")
    assert codes(found) == [
        *(["gitlab-subject-invalid"] * 4),
        "gitlab-subject-unpinned",
        "oidc-audience-invalid",
        "oidc-issuer-invalid",
    ]


@given(st.text(st.sampled_from("ab:*?/"), max_size=6), st.sampled_from(["branch", "tag"]))
def test_no_name_passes_for_another_part_of_the_subject(name, kind):
    """Where a name is taken, the subject has no wildcard and ends with the name alone."""
    made = jobs(**{"branch": None, kind: name})
    if made.findings() == ():
        assert made.subject.split(":", 5)[-1] == name
        assert not set(made.subject) & {"*", "?"}
