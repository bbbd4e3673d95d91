import pytest

from ecr_constructs.model import errors
from ecr_constructs.model.findings import Finding, Severity, dangers, warnings

FIRST = Finding(
    code="one", property="name", message="is bad", given="X", allowed="x", fix="use 'x'", docs="d"
)
SECOND = Finding(
    code="two", property="days", message="is low", given=0, allowed="1", fix="use 1", docs="d"
)
RISK = Finding(
    code="risk",
    property="tags",
    message="may move",
    given=(),
    allowed="any",
    fix="none",
    docs="d",
    severity=Severity.WARNING,
)
NOTE = Finding(
    code="note",
    property="x",
    message="is so",
    given=1,
    allowed="y",
    fix="z",
    docs="d",
    severity=Severity.NOTE,
)
KINDS = [
    errors.InvalidInputError,
    errors.GrantError,
    errors.RepositoryReferenceError,
    errors.TaskDefinitionError,
]


def test_a_sentence_says_what_value_allowed_and_fix():
    assert FIRST.sentence() == "name: is bad (given: 'X'; allowed: x; fix: use 'x')"


def test_findings_are_sorted_by_severity():
    every = (NOTE, FIRST, RISK, SECOND)
    assert dangers(every) == (FIRST, SECOND)
    assert warnings(every) == (RISK,)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_carries_every_danger_and_the_path(kind):
    with pytest.raises(kind) as caught:
        errors.raise_dangers([RISK, FIRST, SECOND], construct_path="Shop/Api", error=kind)
    error = caught.value
    assert isinstance(error, errors.EcrConstructsError)
    assert isinstance(error, ValueError)
    assert error.findings == (FIRST, SECOND)
    assert (error.code, error.given, error.allowed, error.fix) == ("one", "X", "x", "use 'x'")
    assert error.construct_path == "Shop/Api"
    assert str(error) == error.message
    assert error.message == f"[Shop/Api] {FIRST.sentence()}; {SECOND.sentence()}"


def test_without_a_path_the_message_begins_with_the_property():
    with pytest.raises(errors.InvalidInputError) as caught:
        errors.raise_dangers([FIRST])
    assert caught.value.construct_path is None
    assert str(caught.value) == FIRST.sentence()


@pytest.mark.parametrize("harmless", [(), (RISK,), (NOTE, RISK)])
def test_what_is_no_danger_raises_nothing(harmless):
    assert errors.raise_dangers(harmless) is None


def test_a_danger_among_lazy_findings_is_found():
    with pytest.raises(errors.InvalidInputError):
        errors.raise_dangers(finding for finding in (RISK, FIRST))
