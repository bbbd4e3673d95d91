import pytest

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.repository.lifecycle import (
    DEFAULT_LIFECYCLE,
    UNTAGGED_DAYS,
    check_lifecycle,
    lifecycle_text,
    rule_of_cdk,
)
from ecr_constructs.model.repository.options import check_flag, check_instances
from ecr_constructs.model.repository.reach import cycle_through_unnamed, unnamed_over_environments
from ecr_constructs.model.repository.removal import Removal, check_key_removal, check_reason

from ..answers import only

REASON = "preview environment"


@pytest.mark.parametrize(
    ("removal", "deletes", "empties"),
    [
        (Removal.retain(), False, False),
        (Removal.delete_when_empty(reason=REASON), True, False),
        (Removal.delete_with_images(reason=REASON), True, True),
    ],
)
def test_removals(removal, deletes, empties):
    assert (removal.deletes, removal.empties) == (deletes, empties)
    assert removal.reason == (REASON if deletes else None)


@pytest.mark.parametrize("reason", ["", "too short", "          x", None, 7])
@pytest.mark.parametrize("make", [Removal.delete_when_empty, Removal.delete_with_images])
def test_a_deletion_wants_a_reason(make, reason):
    with pytest.raises(InvalidInputError) as caught:
        make(reason=reason)
    assert caught.value.code == "removal-reason-missing"
    assert caught.value.given == reason
    assert "10 characters" in caught.value.allowed
    assert only(check_reason(reason)).property == "removal"


def test_ten_characters_are_a_reason():
    assert check_reason("0123456789") == ()
    assert check_reason("ten letters") == ()


@pytest.mark.parametrize(
    "removal", [None, Removal.retain(), Removal.delete_with_images(reason=REASON)]
)
def test_removals_of_a_key(removal):
    assert check_key_removal(removal) == ()


@pytest.mark.parametrize("removal", [Removal.delete_when_empty(reason=REASON), "retain", True])
def test_a_key_is_never_empty(removal):
    finding = only(check_key_removal(removal))
    assert finding.code == "image-key-removal-invalid"
    assert finding.given == removal


@pytest.mark.parametrize("value", ["true", "", 0, 1, None, [True]])
def test_a_flag_is_true_or_false(value):
    finding = only(check_flag("scan_on_push", value))
    assert finding.code == "option-type"
    assert finding.property == "scan_on_push"
    assert finding.message == f"is a {type(value).__name__}, not a bool"
    assert "scan_on_push=True" in finding.fix
    assert check_flag("scan_on_push", True) == check_flag("scan_on_push", False) == ()


@pytest.mark.parametrize("values", [None, [], (), [Removal.retain()], (Removal.retain(),) * 2])
def test_lists_of_values(values):
    assert check_instances("removals", values, Removal) == ()


@pytest.mark.parametrize(
    ("values", "wrong", "fix"),
    [
        ("text", "text", "make a Removal of it"),
        ([Removal.retain(), 7], 7, "make a Removal of it"),
        ({"a": 1}, {"a": 1}, "make a Removal of it"),
        (Removal.retain(), Removal.retain(), "write [Removal(...)]"),
    ],
)
def test_what_is_no_list_of_them(values, wrong, fix):
    finding = only(check_instances("removals", values, Removal))
    assert finding.code == "option-type"
    assert finding.property == "removals"
    assert finding.given == wrong
    assert finding.allowed == "a list of Removal"
    assert finding.fix == fix


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (cycle_through_unnamed, "repository-reference-cycle"),
        (unnamed_over_environments, "repository-unnamed"),
    ],
)
def test_what_an_unnamed_repository_cannot(make, code):
    finding = only([make("App/Images/Api", "App/Web/Task")])
    assert finding.code == code
    assert finding.property == "repository_name"
    assert "App/Images/Api" in finding.message
    assert "App/Web/Task" in finding.message
    assert "repository_name" in finding.fix


def test_the_default_lifecycle_expires_untagged_images_alone():
    assert check_lifecycle(DEFAULT_LIFECYCLE) == ()
    text = lifecycle_text(DEFAULT_LIFECYCLE)
    assert '"untagged"' in text
    assert f'"countNumber":{UNTAGGED_DAYS}' in text.replace(" ", "")
    assert text.count("rulePriority") == 1
    assert lifecycle_text([]) is None
    assert check_lifecycle([]) == ()


@pytest.mark.parametrize("rules", ["rule", [{"rulePriority": 1}], 7])
def test_a_lifecycle_is_a_list_of_rules(rules):
    assert only(check_lifecycle(rules)).property == "lifecycle"


def of_cdk(**words):
    given = dict.fromkeys(("description", "days", "count", "priority", "tag_status"))
    return rule_of_cdk(**{**given, "tag_patterns": (), "tag_prefixes": (), **words})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"count": 5}, ['"any"', '"imageCountMoreThan"', '"countNumber":5']),
        ({"days": 7}, ['"any"', '"sinceImagePushed"', '"countNumber":7', '"days"']),
        ({"days": 7, "tag_status": "untagged"}, ['"untagged"']),
        ({"count": 5, "tag_prefixes": ("v",)}, ['"tagged"', '"tagPrefixList":["v"]']),
        ({"count": 5, "tag_patterns": ("v*",)}, ['"tagged"', '"tagPatternList":["v*"]']),
    ],
)
def test_rules_in_the_words_of_cdk(words, said):
    text = lifecycle_text([of_cdk(**words)]).replace(" ", "")
    assert all(part in text for part in said)


@pytest.mark.parametrize("words", [{}, {"count": 5, "days": 7}])
def test_a_rule_has_a_count_or_an_age(words):
    with pytest.raises(InvalidInputError) as caught:
        of_cdk(**words)
    assert caught.value.code == "lifecycle-count"
