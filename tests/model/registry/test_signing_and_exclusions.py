import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.exclusions import check_excluded_role
from ecr_constructs.model.registry.regions import WITHOUT_SIGNING
from ecr_constructs.model.registry.signing import (
    SigningRule,
    check_profile_platform,
    check_signing,
    sign_statement,
    signing_not_writable,
    signing_properties,
    verify_statement,
)

from ..answers import DEFERRED_TEXTS, NOT_TEXTS, STRING_TOKEN, complete, only

PROFILE = "arn:aws:signer:eu-west-1:111111111111:/signing-profiles/shop_images"
REGION = "eu-west-1"
# As API_SigningRepositoryFilter has it.
PATTERN = re.compile(r"^(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*$")


def rules(*given_rules):
    return signing_properties(given_rules)


def test_an_empty_list_is_not_every_repository():
    empty = rules(SigningRule(profile=PROFILE, repositories=[]))
    assert only(check_signing(empty, region=REGION)).code == "signing-filters-invalid"


def test_what_is_said_is_what_is_written():
    assert rules(SigningRule(profile=PROFILE)) == {"Rules": [{"SigningProfileArn": PROFILE}]}
    assert rules(SigningRule(profile=PROFILE, repositories=["prod/*"])) == {
        "Rules": [
            {
                "SigningProfileArn": PROFILE,
                "RepositoryFilters": [{"Filter": "prod/*", "FilterType": "WILDCARD_MATCH"}],
            }
        ]
    }


@pytest.mark.parametrize(
    "rule",
    [
        SigningRule(profile=PROFILE),
        SigningRule(profile=PROFILE, repositories=["prod/*", "*/api", "a.b_c-d"]),
        SigningRule(profile=PROFILE + "a" * (200 - len(PROFILE))),
        SigningRule(profile=STRING_TOKEN),
        SigningRule(profile="${Profile.Arn}"),
        SigningRule(
            profile="arn:${AWS::Partition}:signer:${AWS::Region}:${AWS::AccountId}:"
            "/signing-profiles/${Profile}"
        ),
    ],
)
def test_what_ecr_takes(rule):
    assert check_signing(rules(rule), region=REGION) == ()
    assert check_signing(rules(*[rule] * 10), region=STRING_TOKEN) == ()


REFUSED = {
    "no rule": ({"Rules": []}, "signing-rules-number"),
    "eleven rules": (rules(*[SigningRule(profile=PROFILE)] * 11), "signing-rules-number"),
    "a bucket": (rules(SigningRule(profile="arn:aws:s3:::bucket")), "signing-profile-invalid"),
    "a name": (rules(SigningRule(profile="shop_images")), "signing-profile-invalid"),
    "a name with a dash": (
        rules(SigningRule(profile=PROFILE.replace("_", "-"))),
        "signing-profile-invalid",
    ),
    "a version": (rules(SigningRule(profile=f"{PROFILE}/abc")), "signing-profile-invalid"),
    "too long": (
        rules(SigningRule(profile=PROFILE + "a" * (201 - len(PROFILE)))),
        "signing-profile-invalid",
    ),
    "no profile": ({"Rules": [{}]}, "signing-profile-invalid"),
    "no filters": (
        {"Rules": [{"SigningProfileArn": PROFILE, "RepositoryFilters": []}]},
        "signing-filters-invalid",
    ),
    "a slash at the end": (
        rules(SigningRule(profile=PROFILE, repositories=["prod/"])),
        "signing-filters-invalid",
    ),
    "a filter twice": (
        rules(SigningRule(profile=PROFILE, repositories=["a", "a"])),
        "signing-filters-invalid",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_ecr_refuses_or_would_not_do(case):
    properties, code = REFUSED[case]
    assert only(check_signing(properties, region=REGION)).code == code


@pytest.mark.parametrize("region", sorted(WITHOUT_SIGNING))
def test_regions_without_the_type(region):
    profile = PROFILE.replace(REGION, region)
    finding = only(check_signing(rules(SigningRule(profile=profile)), region=region))
    assert (finding.code, finding.given) == ("signing-region", region)


def test_a_profile_of_another_region_is_a_warning():
    finding = only(check_signing(rules(SigningRule(profile=PROFILE)), region="us-east-1"))
    assert (finding.code, finding.severity) == ("signing-profile-region", Severity.WARNING)


@given(st.text(alphabet="a0*._-/A", min_size=1, max_size=8))
def test_a_filter_is_taken_where_the_api_takes_it(text):
    found = check_signing(rules(SigningRule(profile=PROFILE, repositories=[text])), region=REGION)
    assert (found == ()) == (PATTERN.fullmatch(text) is not None)


def test_platforms():
    assert check_profile_platform("Notation-OCI-SHA384-ECDSA") == ()
    assert check_profile_platform(None) == ()
    assert check_profile_platform(STRING_TOKEN) == ()
    finding = only(check_profile_platform("AWSLambda-SHA384-ECDSA"))
    assert finding.code == "signing-profile-platform"


def test_statements_are_about_the_profiles_alone():
    assert sign_statement([PROFILE]).to_json() == {
        "Effect": "Allow",
        "Action": "signer:SignPayload",
        "Resource": PROFILE,
    }
    jobs = "arn:aws:signer:eu-west-1:222222222222:/signing-jobs/*"
    assert verify_statement([PROFILE, STRING_TOKEN], jobs=jobs).to_json() == {
        "Effect": "Allow",
        "Action": "signer:GetRevocationStatus",
        "Resource": [
            PROFILE,
            f"{PROFILE}/*",
            "arn:aws:signer:eu-west-1:111111111111:/signing-jobs/*",
            STRING_TOKEN,
            f"{STRING_TOKEN}/*",
            jobs,
        ],
    }
    complete(signing_not_writable("222222222222", sign_statement([PROFILE])))


ROLE = "arn:aws:iam::111111111111:role/scanner"


@pytest.mark.parametrize(
    "arn",
    [
        ROLE,
        "arn:aws-cn:iam::111111111111:role/tools/a/b+c=d,e.f@g-h",
        ROLE + "x" * (200 - len(ROLE)),
        "arn:${AWS::Partition}:iam::111111111111:role/scanner",
        "arn:aws:iam::111111111111:role/${Name}",
        "arn:aws:iam::111111111111:${Resource}",
        *DEFERRED_TEXTS,
    ],
)
def test_roles_that_ecr_takes(arn):
    assert check_excluded_role(arn) == ()


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111111111111:user/ci",
        "arn:${AWS::Partition}:iam::111111111111:user/${Name}",
        "arn:aws:sts::111111111111:assumed-role/scanner/session",
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::111111111111:role/",
        "scanner",
        "",
        ROLE + "x" * (201 - len(ROLE)),
        *NOT_TEXTS,
    ],
    ids=repr,
)
def test_principals_that_ecr_refuses(arn):
    assert only(check_excluded_role(arn)).code == "pull-time-exclusion-role-invalid"
