import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.roles.oidc import (
    GITHUB_ISSUER,
    GitHubRuns,
    check_provider_arn,
    check_repositories,
)

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, codes, dangerous, only

PROVIDER = f"arn:aws:iam::111111111111:oidc-provider/{GITHUB_ISSUER}"
IDS = {"owner_id": "123456", "project_id": "456789"}


def check(**words):
    return GitHubRuns(
        **{"owner": "octo-org", "project": "octo-repo", "branch": "main", **IDS, **words}
    ).findings()


def pinned(kind, value):
    return check(**{"branch": None, kind: value})


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        # The examples of https://docs.github.com/en/actions/reference/security/oidc
        ({"branch": "demo-branch"}, "repo:octo-org/octo-repo:ref:refs/heads/demo-branch"),
        ({"tag": "demo-tag"}, "repo:octo-org/octo-repo:ref:refs/tags/demo-tag"),
        ({"environment": "Production"}, "repo:octo-org/octo-repo:environment:Production"),
        ({"environment": "Production:V1"}, "repo:octo-org/octo-repo:environment:Production%3AV1"),
        ({"branch": "main", **IDS}, "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"),
        ({"environment": "a", **IDS}, "repo:octo-org@123456/octo-repo@456789:environment:a"),
    ],
)
def test_subjects(words, subject):
    assert GitHubRuns(owner="octo-org", project="octo-repo", **words).subject == subject


@pytest.mark.parametrize(
    "owner",
    ["a", "Octo-Org9", "a" * 39, "mona_octo", "a-b-c", "old-", "o--d", *DEFERRED_TEXTS],
)
def test_owners(owner):
    assert check(owner=owner) == ()


@pytest.mark.parametrize(
    "owner",
    ["", "-a", "a" * 40, "a_b_c", "a.b", "a b", "a/b", "*", "octo-org@123456", "é", *NOT_TEXTS],
)
def test_what_is_no_owner(owner):
    finding = only(check(owner=owner))
    assert finding.code == "github-subject-invalid"
    assert finding.property == "owner"
    assert finding.given == owner


@pytest.mark.parametrize("project", ["a", "A.b_c-9", ".github", "a" * 100, *DEFERRED_TEXTS])
def test_projects(project):
    assert check(project=project) == ()


@pytest.mark.parametrize(
    ("project", "fix"),
    [
        ("octo-org/octo-repo", "write owner='octo-org', project='octo-repo'"),
        ("octo-org/octo-repo.git", "write owner='octo-org', project='octo-repo'"),
        ("octo-repo.git", "write project='octo-repo'"),
        (".", "give the name"),
        ("..", "give the name"),
        ("", "give the name"),
        ("a" * 101, "give the name"),
        ("a b", "give the name"),
        ("*", "give the name"),
        ("a/b/c", "give the name"),
    ],
)
def test_what_is_no_project(project, fix):
    finding = only(check(project=project))
    assert finding.code == "github-subject-invalid"
    assert finding.property == "project"
    assert finding.fix.startswith(fix)
    suggested = re.search(r"project='([^']*)'", finding.fix)
    if suggested:
        assert check(project=suggested[1]) == ()


REFS = ["main", "release/1.0", "v1.2.3", "a@b", "a{b", "ünï", "a" * 200, "f" * 39, "x/refs/a"]
NO_REFS = [
    "",
    "/main",
    "main/",
    "a//b",
    "a..b",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "release/*",
    "a[b",
    "a\\b",
    "a@{1}",
    "@",
    ".a",
    "a/.b",
    "a.",
    "a.lock",
    "a.lock/b",
    "-a",
    "a\x7f",
    "a\n",
    "f" * 40,
    "refs/other/a",
]


@pytest.mark.parametrize("kind", ["branch", "tag"])
@pytest.mark.parametrize("name", [*REFS, *DEFERRED_TEXTS])
def test_branches_and_tags(kind, name):
    assert pinned(kind, name) == ()


@pytest.mark.parametrize("kind", ["branch", "tag"])
@pytest.mark.parametrize("name", [*NO_REFS, 7, True, []])
def test_what_is_no_branch_and_no_tag(kind, name):
    finding = only(pinned(kind, name))
    assert finding.code == "github-subject-invalid"
    assert finding.property == kind
    assert finding.given == name


@pytest.mark.parametrize(
    ("kind", "name", "fix"),
    [
        ("branch", "refs/heads/main", "write branch='main'"),
        ("tag", "refs/tags/v1", "write tag='v1'"),
        ("branch", "refs/tags/v1", "give the whole name of one branch, no wildcard"),
    ],
)
def test_a_whole_ref_is_shortened(kind, name, fix):
    assert only(pinned(kind, name)).fix == fix


def legal_ref(name):
    """git check-ref-format (its rules in its words), and what GitHub refuses to be pushed."""
    parts = name.split("/")
    return not (
        any(part.startswith(".") or part.endswith(".lock") for part in parts)
        or ".." in name
        or any(ord(character) < 0o40 or ord(character) == 0o177 for character in name)
        or any(character in " ~^:?*[\\" for character in name)
        or "" in parts
        or name.endswith(".")
        or "@{" in name
        or name == "@"
        or name.startswith(("-", "refs/"))
        or re.fullmatch("[0-9a-fA-F]{40}", name)
    )


@given(
    st.lists(
        st.sampled_from(["a", "/", ".", "..", ".lock", "@", "{", "-", "refs/", "~", "\n", "é"]),
        max_size=6,
    ).map("".join)
)
def test_refs_are_what_git_and_github_say(name):
    assert (pinned("branch", name) == ()) is legal_ref(name)


@pytest.mark.parametrize("name", ["production", "Prod: EU/1 (blue)", "a" * 255, "é"])
def test_environments(name):
    assert pinned("environment", name) == ()


@pytest.mark.parametrize("name", ["", "a" * 256, "a\nb", "a\x7f", "prod*", "prod-?", 7])
def test_what_is_no_environment(name):
    assert only(pinned("environment", name)).property == "environment"


@pytest.mark.parametrize("kind", ["branch", "tag", "environment"])
@pytest.mark.parametrize("name", ["*${Token[TOKEN.1]}", "${Token[TOKEN.1]}/?"])
def test_a_wildcard_beside_a_deferred_part_is_one(kind, name):
    assert only(pinned(kind, name)).property == kind


@given(st.text(st.sampled_from("a:% /"), min_size=1, max_size=8))
def test_no_name_can_pass_for_another_part_of_the_subject(name):
    subject = GitHubRuns(owner="o", project="p", environment=name).subject
    said = subject.removeprefix("repo:o/p:environment:")
    assert said != subject
    assert ":" not in said
    assert said.replace("%3A", ":") == name.replace("%3A", ":")


@pytest.mark.parametrize(
    ("words", "given_value"),
    [
        ({"branch": None}, None),
        ({"tag": "v1"}, {"branch": "main", "tag": "v1"}),
        ({"environment": "a"}, {"branch": "main", "environment": "a"}),
    ],
)
def test_exactly_one_pin(words, given_value):
    finding = only(check(**words))
    assert finding.code == "github-subject-unpinned"
    assert finding.property == "branch"
    assert finding.given == given_value


def test_ids_are_noted_where_they_miss():
    finding = only(check(owner_id=None, project_id=None))
    assert finding.code == "github-subject-without-ids"
    assert finding.severity is Severity.NOTE
    assert "gh api" in finding.fix


@pytest.mark.parametrize(
    ("ids", "wrong"),
    [
        ({"owner_id": None}, ["owner_id"]),
        ({"project_id": None}, ["project_id"]),
        ({"owner_id": 123456}, ["owner_id"]),
        ({"owner_id": "octo-org"}, ["owner_id"]),
        ({"owner_id": "0"}, ["owner_id"]),
        ({"owner_id": "*", "project_id": ""}, ["owner_id", "project_id"]),
    ],
)
def test_ids_come_together_and_are_numbers(ids, wrong):
    found = check(**ids)
    assert [finding.property for finding in found] == wrong
    assert set(codes(found)) == {"github-subject-ids"}


def test_deferred_ids_are_not_judged():
    assert check(owner_id="${Token[A.1]}", project_id="${Id}") == ()


def test_every_fault_is_told():
    found = check(owner="", project="", branch="*", tag="*", owner_id=None, project_id=None)
    assert len(dangerous(found)) == 5


@pytest.mark.parametrize(
    "arn",
    [
        PROVIDER,
        PROVIDER.replace("arn:aws", "arn:aws-us-gov"),
        PROVIDER.replace("arn:aws:", "arn:${AWS::Partition}:").replace("1" * 12, "${Id}"),
        PROVIDER.replace("1" * 12, "${Token[AWS.AccountId.4]}"),
        "${Token[TOKEN.1]}",
        "${Provider.Arn}",
    ],
)
def test_providers(arn):
    assert check_provider_arn(arn, issuer=GITHUB_ISSUER) == ()


@pytest.mark.parametrize(
    "arn",
    [
        "",
        GITHUB_ISSUER,
        PROVIDER + "/octo-enterprise",
        PROVIDER.replace("iam", "sts"),
        PROVIDER.replace("1" * 12, "1"),
        PROVIDER.replace("1" * 12, "\u0661" * 12),
        PROVIDER.replace("token.", "tokenx"),
        f"arn:111111111111:oidc-provider/{GITHUB_ISSUER}",
        "arn:aws:iam::111111111111:role/a",
        "${Id}:oidc-provider/gitlab.com",
        *NOT_TEXTS,
    ],
)
def test_what_is_no_provider(arn):
    finding = only(check_provider_arn(arn, issuer=GITHUB_ISSUER))
    assert finding.code == "oidc-provider-invalid"
    assert finding.property == "provider_arn"
    assert finding.given == arn
    assert GITHUB_ISSUER in finding.allowed


@pytest.mark.parametrize("repositories", [None, [], (), "api", 7])
def test_something_to_push_to(repositories):
    finding = only(check_repositories(repositories))
    assert finding.code == "push-role-repositories-missing"
    assert check_repositories([SimpleNamespace(grant_pull=print)]) == ()
    assert only(check_repositories(["shop/api"])).code == "repository-by-name"
