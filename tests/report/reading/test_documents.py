"""Templates as people and tools write them, and what is no template at all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ecr_constructs.model.errors import EcrConstructsError
from ecr_constructs.report.reading.documents import parse_document, read_document, template_in
from ecr_constructs.report.reading.faults import UnusableInputError
from ecr_constructs.report.reading.sources import read_sources
from ecr_constructs.report.reading.text import SourceText, read_text

TEMPLATE = {"Resources": {"Api": {"Type": "AWS::ECR::Repository"}}}


def yaml_of(text):
    return parse_document(SourceText("hand.yaml", text))


def refused(text, name="input"):
    source = SourceText(name, text)
    with pytest.raises(UnusableInputError) as caught:
        template_in(source, parse_document(source))
    assert "\n" not in caught.value.line
    return caught.value.line


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("!Ref Api", {"Ref": "Api"}),
        ("!GetAtt Api.Arn", {"Fn::GetAtt": ["Api", "Arn"]}),
        ("!GetAtt Nested.Outputs.Name", {"Fn::GetAtt": ["Nested", "Outputs.Name"]}),
        ("!GetAtt [Api, Arn]", {"Fn::GetAtt": ["Api", "Arn"]}),
        ("!Sub 'arn:${X}'", {"Fn::Sub": "arn:${X}"}),
        ("!Sub ['${X}', {X: !Ref Y}]", {"Fn::Sub": ["${X}", {"X": {"Ref": "Y"}}]}),
        ("!Join ['', [a, !Ref B]]", {"Fn::Join": ["", ["a", {"Ref": "B"}]]}),
        ("!If [C, !Ref A, !Ref AWS::NoValue]",
         {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
        ("!Condition C", {"Condition": "C"}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T00:00:00Z", "2012-10-17T00:00:00Z"),
        ("012345678901", "012345678901"),
        ("111111111111", 111111111111),
        ("true", True),
    ],
)  # fmt: skip
def test_short_forms_dates_and_account_ids(written, means):
    assert yaml_of(f"value: {written}") == {"value": means}


def test_short_intrinsics_stand_around_and_inside_a_policy_text():
    text = yaml_of(
        'Policy: !Sub |\n  {"Version": "2012-10-17", "Statement": [{"Resource": "${Api.Arn}"}]}\n'
    )["Policy"]["Fn::Sub"]
    assert json.loads(text)["Statement"] == [{"Resource": "${Api.Arn}"}]


def test_a_key_that_stands_twice_is_refused_with_both_lines():
    assert "key Type stands twice in one object, in lines 3 and 5" in refused(
        "Resources:\n  Api:\n    Type: A\n    Properties: {}\n    Type: B\n", "hand.yaml"
    )
    assert "key b stands twice in one object, in lines 2 and 4" in refused(
        '{"a": {"b": 1},\n"c": [{"b": 1,\n"d": {"b": "\\"}"},\n"b": 2}]}'
    )


def test_the_same_key_in_two_objects_is_none_of_them():
    assert yaml_of("a: {x: 1}\nb: {x: 2}") == {"a": {"x": 1}, "b": {"x": 2}}


def test_a_merge_does_not_count_as_a_repetition():
    assert yaml_of("base: &b {x: 1, y: 2}\nown: {<<: *b, x: 3}")["own"] == {"x": 3, "y": 2}


@pytest.mark.parametrize("printed", [
    {"TemplateBody": TEMPLATE, "StagesAvailable": ["Original"]},
    {"TemplateBody": json.dumps(TEMPLATE)},
    {"TemplateBody": "Resources:\n  Api: {Type: AWS::ECR::Repository}\n"},
])  # fmt: skip
def test_what_get_template_prints_is_the_template_inside(printed):
    source = SourceText("printed", json.dumps(printed))
    assert template_in(source, parse_document(source)) == TEMPLATE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "is no JSON"),
        ('{"Resources": NaN}', "NaN is no JSON"),
        ('{"Resources": [1e999]}', "1e999 is beyond every number"),
        ("{}", "has no Resources"),
        ('{"Resources": []}', "has no Resources"),
        ("[]", "has no Resources"),
        ('"text"', "has no Resources"),
        ("a: [", "is no YAML"),
        ("a: !!python/object:os.system x", "is no YAML"),
        ("? [a]\n: b", "a key is no text"),
        ("a: &a [*a]", "is no YAML"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested deeper than 100"),
        ("a: " + "[" * 100_000, "is no YAML"),
        ("\x00", "is no YAML"),
        ("%", "is no YAML"),
    ],
)
def test_what_is_no_template_is_one_line(text, says):
    assert says in refused(text)


@pytest.mark.parametrize("written", ["Null", "null", "'Null'"])
def test_the_operator_null_is_a_key_as_people_write_it(written):
    assert yaml_of(f"Condition:\n  {written}:\n    aws:PrincipalOrgID: 'false'") == {
        "Condition": {written.strip("'"): {"aws:PrincipalOrgID": "false"}}
    }
    assert "a key is no text" in refused("~: x")
    assert "the key Null stands twice" in refused("Null: x\nNull: y")


def test_aliases_that_multiply_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 500000 values" in refused("\n".join(lines))


def test_files_that_cannot_be_read_are_one_line(tmp_path):
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    (tmp_path / "empty.json").write_text(" \n")
    for name, says in (
        ("missing.json", "does not exist"),
        ("latin.json", "is no UTF-8 text (byte 7)"),
        ("empty.json", "is empty"),
        ("nul\0.json", "is no path"),
    ):
        with pytest.raises(UnusableInputError, match="; ") as caught:
            read_document(tmp_path / name)
        assert says in caught.value.line
    with pytest.raises(UnusableInputError, match="directory without manifest"):
        read_sources(tmp_path)


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path):
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(UnusableInputError, match="larger than 10 MB"):
        read_document(large)
    with pytest.raises(UnusableInputError, match="larger than 20 MB"):
        read_text(large)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps(TEMPLATE), encoding="utf-8-sig")
    assert read_sources(tmp_path / "t.json").stacks[0].template == TEMPLATE


def test_an_unusable_input_is_an_error_of_the_library():
    with pytest.raises(EcrConstructsError) as caught:
        read_document("missing.json")
    assert caught.value.code == "input-unusable"
    assert caught.value.fix == "check the path"


def test_without_the_extra_yaml_is_refused_with_the_command(tmp_path):
    (tmp_path / "t.yaml").write_text("Resources: {}")
    program = (
        "import sys; sys.modules['yaml'] = None\n"
        "from ecr_constructs.cli import main\n"
        f"sys.exit(main(['access', {str(tmp_path / 't.yaml')!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'ecr-constructs[yaml]'" in done.stderr


@pytest.mark.parametrize("written", [".inf", "-.inf", ".NaN", "1.0e+999", "="])
def test_what_is_no_number_of_json_is_text(written):
    assert yaml_of(f"value: {written}") == {"value": written}
