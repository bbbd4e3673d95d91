"""Every finding about a lifecycle policy: what leads to it, and what it says.

The last test compares the tables with the codes in the source, so a new message needs a case.
"""

import json
import re
from pathlib import Path

import pytest

import ecr_constructs.model.lifecycle as package
from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.findings import Severity, dangers
from ecr_constructs.model.lifecycle import (
    CountType,
    LifecycleRule,
    PushRate,
    RuleAction,
    StorageClass,
    TagStatus,
    all_tags,
    archive_unpulled,
    check_dependents,
    check_policy,
    expire_after,
    expire_archived,
    expire_untagged,
    explain,
    keep_last,
    keep_last_untagged,
    parse,
    parse_images,
    parse_manifests,
    protect,
    render,
    simulate,
)
from ecr_constructs.model.lifecycle.proofs.changes import check_policy_change
from tests.model.lifecycle.repositories import AT

GOOD = {
    "action": RuleAction.EXPIRE,
    "tag_status": TagStatus.ANY,
    "count_type": CountType.IMAGE_COUNT_MORE_THAN,
    "count": 1,
}
TAGGED = {**GOOD, "tag_status": TagStatus.TAGGED}
ARCHIVED = {
    **GOOD,
    "count_type": CountType.SINCE_IMAGE_TRANSITIONED,
    "storage_class": StorageClass.ARCHIVE,
    "count": 90,
}

REFUSED_RULES = [
    ("lifecycle-type", {**GOOD, "action": "expire"}, "action", "is no RuleAction"),
    ("lifecycle-type", {**GOOD, "tag_status": "any"}, "tag_status", "is no TagStatus"),
    ("lifecycle-type", {**GOOD, "count_type": None}, "count_type", "is no CountType"),
    ("lifecycle-type", {**GOOD, "storage_class": 1}, "storage_class", "is no StorageClass"),
    ("lifecycle-type", {**GOOD, "description": 5}, "description", "is no text"),
    ("lifecycle-type", {**TAGGED, "tag_patterns": "v*"}, "tag_patterns", "is no list of texts"),
    ("lifecycle-type", {**TAGGED, "tag_prefixes": [1]}, "tag_prefixes", "no text"),
    ("lifecycle-count-not-positive", {**GOOD, "count": 0}, "count", "below 1"),
    ("lifecycle-count-not-positive", {**GOOD, "count": -5}, "count", "below 1"),
    ("lifecycle-count-not-positive", {**GOOD, "count": True}, "count", "no whole number"),
    ("lifecycle-count-not-positive", {**GOOD, "count": 1.5}, "count", "no whole number"),
    ("lifecycle-count-not-positive", {**GOOD, "count": -1.8e289}, "count", "no whole number"),
    ("lifecycle-priority", {**GOOD, "priority": 0}, "priority", "from 1"),
    ("lifecycle-priority", {**GOOD, "priority": "1"}, "priority", "from 1"),
    ("lifecycle-tags-missing", TAGGED, "tag_patterns", "says not which tags"),
    (
        "lifecycle-patterns-and-prefixes",
        {**TAGGED, "tag_patterns": ("v*",), "tag_prefixes": ("v",)},
        "tag_prefixes",
        "not both",
    ),
    (
        "lifecycle-tags-not-taken",
        {**GOOD, "tag_patterns": ("v*",)},
        "tag_patterns",
        "any images takes no tags",
    ),
    (
        "lifecycle-tags-not-taken",
        {**GOOD, "tag_status": TagStatus.UNTAGGED, "tag_prefixes": ("v",)},
        "tag_prefixes",
        "untagged images takes no tags",
    ),
    (
        "lifecycle-too-many-wildcards",
        {**TAGGED, "tag_patterns": ("a*b*c*d*e*",)},
        "tag_patterns",
        "5 wildcards",
    ),
    ("lifecycle-archive-too-short", {**ARCHIVED, "count": 89}, "count", "90 days at least"),
    (
        "lifecycle-storage-class",
        {**GOOD, "storage_class": StorageClass.ARCHIVE},
        "storage_class",
        "standard class only",
    ),
    (
        "lifecycle-storage-class",
        {**ARCHIVED, "storage_class": StorageClass.STANDARD},
        "storage_class",
        "archived images only",
    ),
    (
        "lifecycle-action",
        {**GOOD, "count_type": CountType.SINCE_IMAGE_PULLED},
        "action",
        "never expired by their last pull",
    ),
    ("lifecycle-action", {**ARCHIVED, "action": RuleAction.TRANSITION}, "action", "already"),
    *(
        ("lifecycle-tag-never-matches", {**TAGGED, name: (entry,)}, name, message)
        for name, entry, message in (
            ("tag_patterns", "^v[0-9]+$", "regular expression"),
            ("tag_patterns", "v1|v2", "regular expression"),
            ("tag_patterns", "git hash", "no tag can hold ' '"),
            ("tag_patterns", "", "an empty pattern"),
            ("tag_patterns", "-rc*", "no tag begins with '-'"),
            ("tag_prefixes", ".1", "part from the middle"),
            ("tag_prefixes", "prod*", "* in it stands for itself"),
            ("tag_prefixes", "v/1", "no tag can hold '/'"),
        )
    ),
]

REFUSED_CALLS = [
    ("lifecycle-tag-list-is-and", keep_last, (3,), {"tags": ["v*", "w*"]}, "as and"),
    ("lifecycle-tags-missing", protect, (), {}, "nothing is named"),
    ("lifecycle-type", keep_last, (3,), {"tags": 5}, "holds something that is no text"),
    ("lifecycle-archive-too-short", expire_archived, (), {"after_days": 30}, "90 days"),
    ("push-rate", PushRate, (), {"per_day": 0}, "is no rate"),
    ("push-rate", PushRate, (), {"per_day": float("nan")}, "is no rate"),
    ("time-without-zone", simulate, ([], []), {"at": AT.replace(tzinfo=None)}, "time zone"),
]


def prefixed(*prefixes, **options):
    return LifecycleRule(**{**TAGGED, "count": 5, "tag_prefixes": prefixes, **options})


DANGER, WARNING, NOTE = Severity.DANGER, Severity.WARNING, Severity.NOTE
POLICIES = [
    (DANGER, "lifecycle-no-rules", [], "without a rule"),
    (DANGER, "lifecycle-too-many-rules", [keep_last(9, tags=f"t{n}-*") for n in range(51)], "51"),
    (
        DANGER,
        "lifecycle-same-priority",
        [keep_last(9, tags="a*", priority=1), keep_last(9, tags="b*", priority=1)],
        "same priority",
    ),
    (
        DANGER,
        "lifecycle-any-not-last",
        [keep_last(9, priority=1), keep_last(9, tags="a*", priority=2)],
        "before another rule of the standard storage class",
    ),
    (DANGER, "lifecycle-any-not-last", [keep_last(9), expire_after(days=9)], "any image"),
    (
        DANGER,
        "lifecycle-several-untagged",
        [expire_untagged(after_days=3), keep_last_untagged(9)],
        "2 rules select untagged",
    ),
    (
        DANGER,
        "lifecycle-same-selection",
        [prefixed("a", "b"), prefixed("b", "a")],
        "rules 1 and 2 select the same prefixes",
    ),
    (
        WARNING,
        "lifecycle-same-selection",
        [keep_last(9, tags="a*"), expire_after(days=5, tags="a*")],
        "the later one can do nothing",
    ),
    (WARNING, "lifecycle-prefix-twice", [prefixed("a"), prefixed("a", "b")], "share a prefix"),
    (
        DANGER,
        "lifecycle-text-too-long",
        [keep_last(9, tags="a*", description="x" * 31_000)],
        "characters",
    ),
    (
        WARNING,
        "lifecycle-tag-list-is-and",
        [keep_last(9, tags=all_tags("v*", "release*", "prod*"))],
        "no single tag fits them all",
    ),
    (
        WARNING,
        "lifecycle-tag-list-is-and",
        [keep_last(9, tags=all_tags("*-arm64", "v*"))],
        "a tag for each entry",
    ),
    (WARNING, "lifecycle-pattern-like-regex", [keep_last(9, tags="v.*")], "stands for itself"),
    (
        WARNING,
        "lifecycle-pattern-without-wildcard",
        [keep_last(9, tags="prod")],
        "of which only one can exist",
    ),
    (
        WARNING,
        "lifecycle-places-taken",
        [keep_last(9, tags="v*"), keep_last(100)],
        "images that rule 1 selects fill the 100 places of rule 2",
    ),
    (
        WARNING,
        "lifecycle-places-taken",
        [*protect("v1*"), keep_last(5, tags="v*")],
        "down to none",
    ),
    (WARNING, "lifecycle-one-kept", [keep_last(1, tags="prod-*")], "keeps a single image"),
    (WARNING, "lifecycle-one-kept", [keep_last(1)], "nothing is left to go back to"),
    (
        WARNING,
        "lifecycle-description-differs",
        [keep_last(10, description="Keep last 30 images")],
        "counts 10 images, its description says 30",
    ),
    (
        WARNING,
        "lifecycle-description-differs",
        [expire_after(days=14, description="older than 30 days")],
        "counts 14 days, its description says 30",
    ),
    (WARNING, "lifecycle-empty-prefix", [prefixed("")], "empty prefix"),
    (
        WARNING,
        "lifecycle-archive-not-protected",
        [*protect("prod*"), expire_archived(after_days=365)],
        "then rule 2 expires them",
    ),
]

PROVEN = [
    (
        WARNING,
        "lifecycle-rule-never-acts",
        [keep_last(9, tags="v*"), keep_last(3, tags="v1*")],
        "rule 2 can never act: rule 1 (tagged v*) selects every such image before rule 2",
    ),
    (
        WARNING,
        "lifecycle-can-empty",
        [expire_after(days=30)],
        "every image of the repository can go at once: rule 1 after 30 days without a push",
    ),
    (
        NOTE,
        "lifecycle-can-empty",
        [keep_last(9, tags="v*"), expire_after(days=30, tags="pr-*")],
        "every image that is tagged pr-* can go at once",
    ),
    (
        WARNING,
        "lifecycle-can-empty",
        [keep_last(100), *protect("x")],
        None,
    ),
]

DEPENDENTS = [
    (
        DANGER,
        "lifecycle-takes-referenced-tag",
        [keep_last(9, tags="v*")],
        {"tags": ["v1"]},
        "behind 9 younger ones",
    ),
    (
        WARNING,
        "lifecycle-takes-referenced-tag",
        [keep_last(500_000, tags="v*")],
        {"tags": ["v1"]},
        "perhaps",
    ),
    (
        DANGER,
        "lifecycle-takes-referenced-digest",
        [archive_unpulled(after_days=30)],
        {"digests": ["sha256:a"]},
        "archives an image",
    ),
    (
        WARNING,
        "lifecycle-untagged-but-pinned",
        [expire_untagged(after_days=14)],
        {"digests": ["sha256:a"], "mutable_tags": True},
        "tags can be moved",
    ),
    (
        NOTE,
        "lifecycle-reference-unknown",
        [keep_last(9, tags="v*")],
        {"tags": ["${Token[Tag.1]}"], "digests": ["${Token[Digest.2]}"]},
        "only when CloudFormation deploys, and images can go: rule 1 expires",
    ),
]


def document(**changes):
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 9},
        "action": {"type": "expire"},
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = rule
        for parent in parents:
            place = place[parent]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return json.dumps({"rules": [rule]})


SELECTION = "rules[0].selection"
TEXTS = [
    ("lifecycle-not-json", '{"rules": [\n  {,', "policy, line 2, column 4", "is no JSON"),
    ("lifecycle-not-json", "", "policy, line 1, column 1", "is no JSON"),
    ("lifecycle-not-json", "[" * 100_000, "policy", "nested too deep"),
    ("lifecycle-not-json", '{"rules": NaN}', "policy", "NaN is no number"),
    ("lifecycle-not-json", '{"rules": -1e999}', "policy", "-1e999 is no number"),
    ("lifecycle-not-json", '{"rules": ' + "9" * 5_000 + "}", "policy", "is no JSON"),
    ("lifecycle-policy-shape", "[]", "policy", "is no object"),
    ("lifecycle-policy-shape", "{}", "rules", "is no list of rules"),
    ("lifecycle-policy-shape", '{"rules": [1]}', "rules[0]", "is no object"),
    ("lifecycle-policy-shape", document(selection=...), SELECTION, "is no object"),
    ("lifecycle-policy-shape", document(action=[]), "rules[0].action", "is no object"),
    ("lifecycle-policy-shape", document(rulePriority=...), "rules[0].rulePriority", "missing"),
    ("lifecycle-policy-shape", document(rulePriority="1"), "rules[0].rulePriority", "no whole"),
    ("lifecycle-policy-shape", document(description=7), "rules[0].description", "is no text"),
    (
        "lifecycle-policy-shape",
        document(selection__tagStatus="ANY"),
        SELECTION + ".tagStatus",
        "is no value that ECR knows",
    ),
    (
        "lifecycle-policy-shape",
        document(selection__countNumber=9.5),
        SELECTION + ".countNumber",
        "is no whole number",
    ),
    (
        "lifecycle-policy-shape",
        document(selection__countUnit="days"),
        SELECTION + ".countUnit",
        "takes no unit",
    ),
    (
        "lifecycle-policy-shape",
        document(selection__countType="sinceImagePushed"),
        SELECTION + ".countUnit",
        "counts days",
    ),
    (
        "lifecycle-policy-shape",
        document(selection__tagPatternList="v*", selection__tagStatus="tagged"),
        SELECTION + ".tagPatternList",
        "is no list of texts",
    ),
    (
        "lifecycle-policy-shape",
        document(action__type="transition"),
        "rules[0].action.targetStorageClass",
        "says where to",
    ),
    (
        "lifecycle-policy-shape",
        document(action__targetStorageClass="archive"),
        "rules[0].action.targetStorageClass",
        "goes nowhere",
    ),
    ("lifecycle-unknown-property", document(id=1), "rules[0].id", "no property that ECR knows"),
    (
        "lifecycle-unknown-property",
        document(selection__countunit="days"),
        SELECTION + ".countunit",
        "no property that ECR knows",
    ),
    (
        "lifecycle-unknown-property",
        '{"rules": [], "version": 1}',
        "version",
        "no property that ECR knows",
    ),
    ("lifecycle-null", document(selection__countUnit=None), SELECTION + ".countUnit", "null"),
    ("lifecycle-null", document(description=None), "rules[0].description", "null"),
    (
        "lifecycle-null",
        document(action__targetStorageClass=None),
        "rules[0].action.targetStorageClass",
        "null",
    ),
    (
        "lifecycle-duplicate-key",
        document().replace('"countNumber": 9', '"countNumber": 9, "countNumber": 1'),
        SELECTION + ".countNumber",
        "given twice",
    ),
    (
        "lifecycle-count-not-positive",
        document(selection__countNumber=0),
        SELECTION + ".countNumber",
        "below 1",
    ),
    ("lifecycle-no-rules", '{"rules": []}', "lifecycle", "without a rule"),
    ("lifecycle-text-too-long", document(description="x" * 31_000), "policy", "characters"),
    ("lifecycle-text-too-long", " " * 2_000_000, "policy", "2000000 characters"),
]


def described(**changes):
    entry = {"imageDigest": "sha256:a", "imagePushedAt": "2026-01-01T00:00:00+01:00", **changes}
    return json.dumps({"imageDetails": [{k: v for k, v in entry.items() if v is not ...}]})


IMAGES = [
    ("images-shape", "{}", "images", "no answer of describe-images"),
    ("images-shape", '{"imageDetails": [5]}', "imageDetails[0]", "is no image"),
    ("images-shape", described(imageDigest=5), "imageDetails[0].imageDigest", "is no digest"),
    ("images-shape", described(imagePushedAt=...), "imageDetails[0].imagePushedAt", "missing"),
    (
        "images-shape",
        described(imagePushedAt="2026-01-01T00:00:00"),
        "imageDetails[0].imagePushedAt",
        "which time zone",
    ),
    (
        "images-shape",
        described(imagePushedAt="yesterday"),
        "imageDetails[0].imagePushedAt",
        "is no time",
    ),
    ("images-shape", described(imageTags="v1"), "imageDetails[0].imageTags", "list of tags"),
    ("images-shape", described(imageSizeInBytes=-1), "imageDetails[0].imageSizeInBytes", "size"),
    ("images-shape", described(imageStatus="GONE"), "imageDetails[0].imageStatus", "no status"),
    (
        "images-shape",
        described(subjectManifestDigest=5),
        "imageDetails[0].subjectManifestDigest",
        "is no text",
    ),
    (
        "images-shape",
        json.dumps([json.loads(described())["imageDetails"][0]] * 2),
        "imageDetails[1].imageDigest",
        "is there twice",
    ),
    (
        "images-shape",
        json.dumps(
            [
                {"imageDigest": f"sha256:{name}", "imagePushedAt": 1, "repositoryName": name}
                for name in "ab"
            ]
        ),
        "imageDetails[1].repositoryName",
        "another repository",
    ),
    (
        "images-shape",
        json.dumps(
            [
                {"imageDigest": f"sha256:{name}", "imagePushedAt": 1, "imageTags": ["v1"]}
                for name in "ab"
            ]
        ),
        "imageDetails[1].imageTags",
        "tag of another image",
    ),
    ("lifecycle-not-json", '{"imageDetails": [', "images, line 1, column 19", "is no JSON"),
]


@pytest.mark.parametrize(("code", "options", "name", "message"), REFUSED_RULES)
def test_a_rule_that_ecr_refuses_is_no_rule(code, options, name, message):
    with pytest.raises(InvalidInputError) as refused:
        LifecycleRule(**options)
    (finding,) = [each for each in refused.value.findings if each.code == code]
    assert (finding.property, finding.severity) == (name, DANGER)
    assert message in finding.message
    assert finding.fix
    assert finding.docs.startswith("https://")


@pytest.mark.parametrize(("code", "call", "positional", "named", "message"), REFUSED_CALLS)
def test_a_call_that_cannot_mean_what_it_says_is_refused(code, call, positional, named, message):
    with pytest.raises(InvalidInputError, match=re.escape(message)) as refused:
        call(*positional, **named)
    assert refused.value.code == code


@pytest.mark.parametrize(("severity", "code", "rules", "message"), POLICIES)
def test_what_is_wrong_with_rules_together(severity, code, rules, message):
    found = [each for each in check_policy(rules) if each.code == code]
    assert any(message in each.message and each.severity is severity for each in found), found


@pytest.mark.parametrize(("severity", "code", "rules", "message"), PROVEN)
def test_what_only_a_proof_finds(severity, code, rules, message):
    found = [each for each in explain(rules).findings if each.code == code]
    if message is None:
        assert found == []
    else:
        assert any(message in each.message and each.severity is severity for each in found), found


@pytest.mark.parametrize(("severity", "code", "rules", "options", "message"), DEPENDENTS)
def test_what_takes_an_image_that_is_referred_to(severity, code, rules, options, message):
    (found,) = check_dependents(rules, **options)
    assert (found.code, found.severity) == (code, severity)
    assert message in found.message


@pytest.mark.parametrize(("code", "text", "place", "message"), TEXTS)
def test_what_is_wrong_with_a_text(code, text, place, message):
    _, findings = parse(text)
    found = [each for each in findings if each.code == code and each.property == place]
    assert [each.severity for each in found] == [DANGER], findings
    assert message in found[0].message


@pytest.mark.parametrize(("code", "text", "place", "message"), IMAGES)
def test_what_is_wrong_with_images(code, text, place, message):
    _, findings = parse_images(text)
    (found,) = findings
    assert (found.code, found.property) == (code, place)
    assert message in found.message


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]", "is no object"), ('{"a": "b"}', "is no list"), ('{"a": [1]}', "is no list")],
)
def test_what_is_wrong_with_manifests(text, message):
    manifests, (found,) = parse_manifests(text)
    assert manifests == {}
    assert message in found.message


@pytest.mark.parametrize(
    "rules",
    [
        [keep_last(30, tags="v*"), expire_untagged(after_days=14)],
        [*protect("prod*", "latest", archived=True), expire_archived(after_days=365)],
        [keep_last(5, tags="v*", description="Keep 5 images of v2 (rule 3)")],
        [expire_after(days=60, tags="pr-*", description="older than two months")],
        [expire_after(days=365, tags="pr-*", description="after 1 year")],
        [expire_after(days=14, tags="pr-*", description="Rule 1")],
        [keep_last_untagged(1, description="Keep only one untagged image, expire all others")],
        [keep_last(3, tags="v1.*")],
        [keep_last(1, tags="latest")],
        [keep_last(30, tags="v*"), keep_last(30, tags="w*")],
        # One image has the tag v1: it takes one place of thirty.
        [*protect("v1"), keep_last(30, tags="v*")],
        [*protect("v1", "v2"), keep_last(3)],
    ],
)
def test_what_is_meant_leads_to_no_finding(rules):
    assert check_policy(rules) == ()


def test_every_finding_of_a_text_is_in_one_report():
    _, findings = parse(document(id=1, selection__countNumber=0, description=None))
    assert {each.code for each in dangers(findings)} == {
        "lifecycle-unknown-property",
        "lifecycle-count-not-positive",
        "lifecycle-null",
    }


def test_the_fix_for_a_misspelt_property_names_the_right_one():
    _, findings = parse(document(selection__countunit="days"))
    (found,) = [each for each in findings if each.code == "lifecycle-unknown-property"]
    assert "countUnit" in found.fix


def test_values_that_are_known_at_deployment_only_are_no_finding():
    token = "${Token[TOKEN.12]}"
    rule = LifecycleRule(**{**TAGGED, "count": 5, "tag_patterns": (token,), "description": token})
    assert check_policy([rule]) == ()


def test_no_more_findings_than_one_can_read():
    _, findings = parse_images(json.dumps([1] * 100_000))
    assert len(findings) == 50


CHANGES = [
    (
        "lifecycle-expires-more",
        render([keep_last(9)]),
        render([keep_last(5)]),
        "rule 1 expires an image without a tag, with 5 younger ones, which rule 1 of the old",
    ),
    (
        "lifecycle-archives-more",
        None,
        render([archive_unpulled(after_days=90)]),
        "rule 1 archives an image without a tag, last pulled 91 days ago, which no rule took",
    ),
    (
        "lifecycle-changed",
        render([keep_last(5)]),
        "${Text}",
        "could not be compared: the new policy is known at deployment only",
    ),
    ("lifecycle-changed", "{}", render([keep_last(5)]), "the old policy is one that ECR refuses"),
]


@pytest.mark.parametrize(("code", "old", "new", "message"), CHANGES)
def test_what_another_policy_takes(code, old, new, message):
    (found,) = check_policy_change(old, new)
    assert (found.code, found.property) == (code, "LifecyclePolicy")
    assert message in found.message
    assert list(check_policy_change(new, new)) == []


def test_every_code_of_the_source_has_a_case():
    written = "".join(path.read_text() for path in Path(package.__file__).parent.rglob("*.py"))
    codes = set(
        re.findall(r'"(lifecycle-[a-z-]+|images-shape|push-rate|time-without-zone)"', written)
    )
    tables = (REFUSED_RULES, REFUSED_CALLS, TEXTS, IMAGES, CHANGES)
    seen = {case[0] for table in tables for case in table}
    seen |= {case[1] for table in (POLICIES, PROVEN, DEPENDENTS) for case in table}
    assert codes == seen
