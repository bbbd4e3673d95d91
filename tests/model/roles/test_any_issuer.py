import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.roles.oidc import GitHubRuns, OidcTokens, check_audience, check_issuer

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, dangerous, only

ISSUER = "https://agent.buildkite.com"
SUBJECT = "organization:acme:pipeline:shop:ref:refs/heads/main:commit:1:step:push"


def tokens(**words):
    return OidcTokens(**{"issuer": ISSUER, "audience": "sts.amazonaws.com", **words})


@pytest.mark.parametrize(
    "issuer",
    [
        ISSUER,
        "https://oidc.circleci.com/org/1d2c3b4a-0000-4000-8000-000000000000",
        "https://token.actions.acme.ghe.com",
        "https://github.acme.example/_services/token",
    ],
)
def test_issuers(issuer):
    assert check_issuer(issuer) == ()


def test_an_issuer_is_as_long_as_iam_takes_it():
    longest = f"https://ci.example.com/{'x' * 232}"
    assert len(longest) == 255
    assert check_issuer(longest) == ()
    assert only(check_issuer(f"{longest}x")).fix.startswith("take it from")


@pytest.mark.parametrize(
    ("issuer", "fix"),
    [
        ("http://ci.example.com", "use 'https://ci.example.com'"),
        ("ci.example.com", "use 'https://ci.example.com'"),
        ("https://ci.example.com:8443/x", "use 'https://ci.example.com/x'"),
        ("https://ci.example.com/", "use 'https://ci.example.com'"),
        ("https://ci.example.com?x=1", "use 'https://ci.example.com'"),
        ("https://CI.example.com", "use 'https://ci.example.com'"),
        ("https://ci", "take it from"),
        ("https://", "take it from"),
        ("", "take it from"),
        (f"https://a.{'b' * 260}", "take it from"),
        ("https://accounts.google.com", "make an iam.Role"),
        ("https://${Token[TOKEN.1]}", "write it out"),
        *((value, "give its URL") for value in NOT_TEXTS),
    ],
)
def test_what_is_no_issuer(issuer, fix):
    finding = only(check_issuer(issuer))
    assert finding.code == "oidc-issuer-invalid"
    assert finding.fix.startswith(fix)
    suggested = re.search(r"use '([^']*)'", finding.fix)
    assert not suggested or check_issuer(suggested[1]) == ()


@pytest.mark.parametrize(
    "audience", ["sts.amazonaws.com", "a", "x" * 255, "urn:a b", *DEFERRED_TEXTS]
)
def test_audiences(audience):
    assert check_audience(audience) == ()


@pytest.mark.parametrize("audience", ["", "x" * 256, "*", "a*", "a\nb", *NOT_TEXTS])
def test_what_is_no_audience(audience):
    assert only(check_audience(audience)).code == "oidc-audience-invalid"


@pytest.mark.parametrize("subject", [SUBJECT, "x", *DEFERRED_TEXTS])
def test_subjects(subject):
    assert tokens(subject=subject).findings() == ()
    trust = tokens(subject=subject).trust
    assert trust.issuer == "agent.buildkite.com"
    assert trust.conditions == {
        "StringEquals": {
            "agent.buildkite.com:aud": "sts.amazonaws.com",
            "agent.buildkite.com:sub": subject,
        }
    }


@pytest.mark.parametrize(
    "subject", ["*", "repo:acme/*", "a?", "", "a\nb", "repo:*:${Token[TOKEN.1]}", 7, []]
)
def test_what_is_no_subject(subject):
    finding = only(tokens(subject=subject).findings())
    assert (finding.code, finding.property) == ("oidc-subject-invalid", "subject")


@pytest.mark.parametrize(
    "pattern",
    [
        "organization:acme:pipeline:shop:*",
        "repo:acme/*",
        "org/123/project/*/user/456",
        # Bitbucket's repository, and an environment and a step of it; a project of Azure DevOps.
        "{9a8b1c5a-36aa-4bbb-8ccc-1234567890ab}:*",
        "9a8b1c5a-36aa-4bbb-8ccc-1234567890ab:*:step",
        "sc://acme/shop/*",
        "https://ci.example.com/acme/*",
        "repo:acme/${Token[TOKEN.1]}:*",
        "${Token[TOKEN.1]}:*",
        *DEFERRED_TEXTS,
    ],
)
def test_patterns_by_name(pattern):
    assert tokens(subject_pattern=pattern).findings() == ()
    conditions = tokens(subject_pattern=pattern).trust.conditions
    assert conditions["StringLike"] == {"agent.buildkite.com:sub": pattern}
    assert conditions["StringEquals"] == {"agent.buildkite.com:aud": "sts.amazonaws.com"}


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "?*",
        "repo:*",
        "repo:acme*",
        "*:acme/shop",
        "acme*",
        ":*",
        "",
        "x",
        "{*}:*",
        "9a8b1c5a-36aa-4bbb-8ccc-1234567890ab*",
        "9a8b1c5a:*",
        "sc://acme*",
        "https://ci.example.com/*",
        "*:${Token[TOKEN.1]}",
        "repo:*${Token[TOKEN.1]}",
        7,
    ],
)
def test_patterns_that_match_strangers_are_refused(pattern):
    finding = only(tokens(subject_pattern=pattern).findings())
    assert (finding.code, finding.property) == ("oidc-subject-invalid", "subject_pattern")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "is not given: every token would do"),
        ({"subject": "a", "subject_pattern": "a:b:*"}, "is one of two"),
    ],
)
def test_one_of_the_two(words, message):
    finding = only(tokens(**words).findings())
    assert (finding.code, finding.message) == ("oidc-subject-invalid", message)
    assert finding.given == (words or None)


def test_every_fault_is_told():
    found = tokens(issuer="x", audience="*", subject="*").findings()
    assert dangerous(found) == [
        "oidc-audience-invalid",
        "oidc-issuer-invalid",
        "oidc-subject-invalid",
    ]


@given(st.text(st.sampled_from("ab:/*?"), max_size=9))
def test_a_pattern_that_is_taken_keeps_strangers_out(pattern):
    """Whoever has another name behind the first separator is not matched."""
    made = tokens(subject_pattern=pattern)
    if made.findings() == ():
        kind, separator, name = re.match(r"([^:/]*)(://|[:/])([^:/]+)", pattern).groups()
        for stranger in (f"{name}x", f"x{name}", "x"):
            assert not fnmatch.fnmatchcase(f"{kind}{separator}{stranger}:rest/of:it", pattern)


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ({"branch_pattern": "release/*"}, "repo:acme/shop:ref:refs/heads/release/*"),
        ({"tag_pattern": "v*"}, "repo:acme/shop:ref:refs/tags/v*"),
        ({"pull_requests": True}, "repo:acme/shop:pull_request"),
    ],
)
def test_github_is_loosened_by_name(words, subject):
    runs = GitHubRuns(owner="acme", project="shop", **words)
    assert dangerous(runs.findings()) == []
    assert runs.trust.subject == subject
    assert runs.trust.is_pattern is ("*" in subject)
    assert dangerous(GitHubRuns(owner="acme", project="shop", branch="main", **words).findings())


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_pull_requests_are_said_by_a_bool(value):
    found = GitHubRuns(owner="acme", project="shop", branch="main", pull_requests=value).findings()
    assert "option-type" in dangerous(found)


@pytest.mark.parametrize("option", ["branch_pattern", "tag_pattern"])
def test_a_pattern_is_checked_for_github_too(option):
    found = GitHubRuns(owner="acme", project="shop", **{option: "main"}).findings()
    assert dangerous(found) == ["ci-ref-pattern-invalid"]
