import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.scanning import BasicScanning, EnhancedScanning, check_scanning

from ..answers import STRING_TOKEN, codes, dangerous, only

# As API_ScanningRepositoryFilter has it.
PATTERN = re.compile(r"^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$")
SHORT = st.text(alphabet="a0*._-/A ", min_size=0, max_size=8)


def rule(frequency="SCAN_ON_PUSH", *filters):
    return {
        "ScanFrequency": frequency,
        "RepositoryFilters": [{"Filter": each, "FilterType": "WILDCARD"} for each in filters],
    }


def properties(scan_type="BASIC", *rules):
    return {"ScanType": scan_type, "Rules": list(rules)}


def test_what_is_said_is_what_is_written():
    assert BasicScanning().properties() == properties("BASIC", rule("SCAN_ON_PUSH", "*"))
    assert BasicScanning(scan_on_push=[]).properties() == properties("BASIC")
    assert EnhancedScanning().properties() == properties("ENHANCED", rule("CONTINUOUS_SCAN", "*"))
    both = EnhancedScanning(continuous=["prod/*"], scan_on_push=["test/*", "a"])
    assert both.properties() == properties(
        "ENHANCED", rule("CONTINUOUS_SCAN", "prod/*"), rule("SCAN_ON_PUSH", "test/*", "a")
    )


LEGAL = {
    "basic": BasicScanning(),
    "by hand": BasicScanning(scan_on_push=[]),
    "some": BasicScanning(scan_on_push=["prod", "*prod*repo", "a/b.c_d-e"]),
    "a hundred": BasicScanning(scan_on_push=[f"team{number}" for number in range(100)]),
    "deferred": BasicScanning(scan_on_push=[STRING_TOKEN]),
    "continuous": EnhancedScanning(),
    "on push": EnhancedScanning(continuous=[], scan_on_push=["*"]),
    "both": EnhancedScanning(continuous=["prod/*"], scan_on_push=["test/*"]),
    "all on push but some": EnhancedScanning(continuous=["prod/*"], scan_on_push=["*"]),
}


@pytest.mark.parametrize("case", sorted(LEGAL))
def test_what_ecr_takes(case):
    assert check_scanning(LEGAL[case].properties()) == ()


FILTERS = "scanning-filters-invalid"
REFUSED = {
    "the basic scanner, continuously": (
        properties("BASIC", rule("CONTINUOUS_SCAN", "*")),
        "scanning-basic-continuous",
    ),
    "two rules of one frequency": (
        properties("BASIC", rule("SCAN_ON_PUSH", "a"), rule("SCAN_ON_PUSH", "b")),
        "scanning-frequency-twice",
    ),
    "by hand as a rule": (properties("BASIC", rule("MANUAL", "*")), "scanning-frequency"),
    "another type": (properties("CLAIR"), "scanning-type"),
    "enhanced, of nothing": (properties("ENHANCED"), "scanning-nothing"),
    "no filter": (properties("BASIC", rule("SCAN_ON_PUSH")), FILTERS),
    "a filter twice": (properties("BASIC", rule("SCAN_ON_PUSH", "a", "a")), FILTERS),
    "upper case": (properties("BASIC", rule("SCAN_ON_PUSH", "Prod")), FILTERS),
    "empty": (properties("BASIC", rule("SCAN_ON_PUSH", "")), FILTERS),
    "too long": (properties("BASIC", rule("SCAN_ON_PUSH", "a" * 256)), FILTERS),
    "not a text": (properties("BASIC", rule("SCAN_ON_PUSH", 7)), FILTERS),
    "too many": (
        properties("BASIC", rule("SCAN_ON_PUSH", *(f"a{number}" for number in range(101)))),
        FILTERS,
    ),
    "the filters of replication": (
        properties(
            "BASIC",
            {
                "ScanFrequency": "SCAN_ON_PUSH",
                "RepositoryFilters": [{"Filter": "a", "FilterType": "PREFIX_MATCH"}],
            },
        ),
        FILTERS,
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_ecr_refuses_or_would_not_do(case):
    given_properties, code = REFUSED[case]
    assert only(check_scanning(given_properties)).code == code


def test_the_fix_of_a_filter_is_the_filter_that_was_meant():
    written = properties("BASIC", rule("SCAN_ON_PUSH", "Prod/*"))
    assert "'prod/*'" in only(check_scanning(written)).fix
    written = properties("BASIC", rule("SCAN_ON_PUSH", "prod/"))
    assert "'prod'" in only(check_scanning(written)).fix


@pytest.mark.parametrize("continuous", [["test/*"], ["*"]], ids=str)
def test_continuous_scanning_takes_over(continuous):
    scanning = EnhancedScanning(continuous=continuous, scan_on_push=["test/*"])
    finding = only(check_scanning(scanning.properties()))
    assert (finding.code, finding.severity) == ("scanning-filter-covered", Severity.WARNING)
    assert finding.given == "test/*"


@given(SHORT)
def test_a_filter_is_taken_where_the_api_takes_it(text):
    found = check_scanning(properties("BASIC", rule("SCAN_ON_PUSH", text)))
    assert (found == ()) == (PATTERN.fullmatch(text) is not None)


@given(
    st.lists(st.sampled_from(["a", "b*", "*", "C"]), max_size=3),
    st.lists(st.sampled_from(["a", "b*", "*", "C"]), max_size=3),
)
def test_pairs_that_cannot_be_said_are_never_written(continuous, on_push):
    for value in (
        BasicScanning(scan_on_push=on_push),
        EnhancedScanning(continuous=continuous, scan_on_push=on_push),
    ):
        found = codes(check_scanning(value.properties()))
        assert "scanning-basic-continuous" not in found
        assert "scanning-frequency-twice" not in found
        assert "scanning-type" not in found


def test_a_template_of_somebody_else_is_read_as_it_is():
    assert dangerous(check_scanning({"ScanType": "BASIC"})) == []
    assert dangerous(check_scanning({"ScanType": "BASIC", "Rules": None})) == []
    assert dangerous(check_scanning({"ScanType": "BASIC", "Rules": ["strange"]})) == []


@pytest.mark.parametrize("filters", [None, 7, True, "*", {"Filter": "*"}])
def test_filters_that_are_no_list_are_the_schemas_to_refuse(filters):
    rule = {"ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": filters}
    assert check_scanning({"ScanType": "BASIC", "Rules": [rule]}) == ()
