"""The command: exit codes, outputs, and no traceback whatever comes in."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ecr_constructs
from ecr_constructs.cli import main
from ecr_constructs.report.access import documents

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "examples" / "golden" / "access" / "readers_outside" / "Images.template.json"
CI = ROOT / "examples" / "golden" / "ci" / "github_push" / "Shop.template.json"
LIFECYCLE = ROOT / "examples" / "golden" / "repositories" / "lifecycle" / "Shop.template.json"
POLICY = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "tagged",
                "tagPatternList": ["v*"],
                "countType": "imageCountMoreThan",
                "countNumber": 2,
            },
            "action": {"type": "expire"},
        }
    ]
}
IMAGES = {
    "imageDetails": [
        {
            "repositoryName": "shop/api",
            "imageDigest": f"sha256:{number:064x}",
            "imageTags": [f"v1.{number}"],
            "imagePushedAt": f"2026-01-{number + 1:02}T10:00:00+00:00",
            "imageSizeInBytes": 1000,
        }
        for number in range(4)
    ]
}


class Command:
    """Runs the command in this process."""

    def __init__(self, capsys, monkeypatch):
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments, stdin=""):
        content = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        try:
            self.code = main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            self.code = exit_.code
        self.out, self.err = self._capsys.readouterr()
        return self

    def refuses(self, says):
        assert self.code == 2
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        assert says in self.err
        assert "Traceback" not in self.err


@pytest.fixture
def command(capsys, monkeypatch):
    return Command(capsys, monkeypatch)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    (tmp_path / "images.json").write_text(json.dumps(IMAGES))
    return tmp_path


class TestAccess:
    def test_a_template(self, command):
        done = command("access", TEMPLATE, "--account", "111111111111", "--format", "json")
        assert (done.code, done.err) == (0, "")
        assert ":111111111111:repository/shop/api" in done.out
        assert json.loads(done.out)["version"] == 1

    def test_standard_input(self, command):
        done = command("access", "-", stdin=TEMPLATE.read_text())
        assert done.code == 0
        assert "Wildcards and outsiders" in done.out
        assert command("access", stdin=TEMPLATE.read_text()).out == done.out

    def test_a_file_for_the_output(self, command, tmp_path):
        done = command("access", TEMPLATE, "--out", tmp_path / "access.txt")
        assert (done.code, done.out) == (0, "")
        assert "Wildcards" in (tmp_path / "access.txt").read_text()

    def test_a_file_that_cannot_be_written(self, command, tmp_path):
        command("access", TEMPLATE, "--out", tmp_path / "no" / "such").refuses("No such file")

    def test_questions(self, command, tmp_path):
        question = {
            "principal": "arn:aws:iam::333333333333:root",
            "action": "ecr:BatchGetImage",
            "repository": "shop/api",
        }
        (tmp_path / "ask.json").write_text(json.dumps([question]))
        done = command("access", TEMPLATE, "--ask", tmp_path / "ask.json")
        (answer,) = json.loads(done.out)
        assert list(answer) == ["decision", "because", "missing_context"]
        assert answer["decision"] == "allow"
        alone = {**question, "repository": "arn:aws:ecr:eu-west-1:1:repository/x"}
        done = command("access", "--ask", "-", stdin=json.dumps([alone]))
        assert json.loads(done.out)[0]["decision"] == "implicit-deny"

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--account", "1111"), "'1111' is no account id, which has 12 digits"),
            (("--account", "٣" * 12), "is no account id"),
            (("--region", "Ireland"), "'Ireland' is no Region, such as eu-west-1"),
            (("--region", "eu-west-1\n"), "is no Region"),
        ],
    )
    @pytest.mark.parametrize("verb", [("access", TEMPLATE), ("effective", TEMPLATE, "shop/api")])
    def test_an_account_or_region_that_is_none(self, command, verb, arguments, says):
        command(*verb, *arguments).refuses(says)

    def test_standard_input_is_read_once(self, command):
        command("access", "-", "--ask", "-", stdin="[]").refuses("which is read once")

    def test_questions_of_another_form(self, command):
        done = command("access", "--ask", "-", stdin='[{"principal": 1, "action": 2}]')
        assert done.code == 2
        lines = done.err.splitlines()
        assert len(lines) == 2
        assert all("question[0]" in line for line in lines)

    def test_messages_go_to_standard_error(self, command):
        done = command("access", "-", stdin='{"Resources": {}}')
        assert done.code == 0
        assert "no AWS::ECR::Repository" in done.err


class TestPreview:
    AT = ("--at", "2026-01-31T00:00:00Z")

    def preview(self, command, files, *options):
        return command("preview", files / "policy.json", files / "images.json", *self.AT, *options)

    def test_json_has_the_form_of_ecrs_own(self, command, files):
        done = self.preview(command, files, "--format", "json")
        found = json.loads(done.out)
        assert done.code == 0
        assert list(found) == ["previewResults", "summary", "kept"]
        assert found["summary"]["expiringImageTotalCount"] == 2
        assert set(found["previewResults"][0]) == {
            "imageDigest", "imageTags", "imagePushedAt", "action", "appliedRulePriority",
            "storageClass", "reason",
        }  # fmt: skip

    def test_an_expiry_fails_where_that_is_asked(self, command, files):
        assert self.preview(command, files, "--fail-on-expire").code == 1
        (files / "images.json").write_text('{"imageDetails": []}')
        assert self.preview(command, files, "--fail-on-expire").code == 0

    def test_the_loss_of_what_runs_fails_and_comes_first(self, command, files):
        host = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
        (files / "runs.txt").write_text(f"# production\n{host}/shop/api:v1.1\n\nv1.3\n")
        runs = ("--in-use", files / "runs.txt")
        done = self.preview(command, files, *runs, "--format", "json")
        found = json.loads(done.out)
        assert done.code == 1
        assert [image["imageTags"] for image in found["in_use_lost"]] == [["v1.1"]]
        assert found["previewResults"][0]["imageTags"] == ["v1.1"]
        table = self.preview(command, files, *runs)
        assert table.code == 1
        assert table.out.index("In use, and lost") < table.out.index("Expire or move")
        (files / "runs.txt").write_text("v1.3\n")
        done = self.preview(command, files, *runs)
        assert (done.code, done.err) == (0, "")
        (files / "runs.txt").write_text("v1.3\nv13\n")
        done = self.preview(command, files, *runs)
        assert done.code == 0
        assert "runs.txt: 1 in use are none of these images, v13 the first" in done.err

    def test_manifest_lists_hold_their_images(self, command, files):
        lists = {f"sha256:{3:064x}": [f"sha256:{0:064x}"]}
        (files / "lists.json").write_text(json.dumps(lists))
        done = self.preview(command, files, "--manifests", files / "lists.json", "--format", "json")
        expiring = [image["imageTags"] for image in json.loads(done.out)["previewResults"]]
        assert expiring == [["v1.1"]]

    def test_the_policy_of_a_template(self, command, files):
        options = ("--repository", "shop/api", "--format", "json", *self.AT)
        done = command("preview", LIFECYCLE, files / "images.json", *options)
        assert done.code == 0
        assert len(json.loads(done.out)["kept"]) == 4

    def test_an_invalid_policy_prints_findings(self, command, files):
        (files / "policy.json").write_text('{"rules": [{}]}')
        done = self.preview(command, files, "--format", "json")
        assert done.code == 1
        assert {finding["severity"] for finding in json.loads(done.out)["findings"]} == {"danger"}
        table = self.preview(command, files)
        assert table.code == 1
        assert "danger: rules[0]" in table.out

    def test_the_table_fits(self, command, files):
        done = self.preview(command, files)
        assert max(map(len, done.out.splitlines())) <= 100
        assert "v1.0" in done.out

    @pytest.mark.parametrize(
        ("file", "content", "says"),
        [
            ("policy.json", "{", "is no JSON"),
            ("images.json", "{", "is no JSON"),
            ("images.json", "{}", "is no answer of describe-images"),
            ("images.json", '[{"imageDigest": 1}]', "imageDetails[0].imageDigest"),
            ("images.json", '[{"imageDigest": "a", "imagePushedAt": "x"}]', "is no time"),
            ("images.json", "[" * 100_000, "nested too deep"),
        ],
    )
    def test_input_that_cannot_be_used(self, command, files, file, content, says):
        (files / file).write_text(content)
        self.preview(command, files).refuses(says)

    def test_options_that_cannot_be_used(self, command, files):
        policy, images = files / "policy.json", files / "images.json"
        command("preview", policy, images, "--at", "2026-01-01").refuses("time zone")
        command("preview", policy, files / "missing").refuses("does not exist")
        command("preview", "-", "-").refuses("read once")
        command("preview", LIFECYCLE, images).refuses("add --repository")
        command("preview", LIFECYCLE, images, "--repository", "x").refuses("use one of these")
        command("preview", CI, images,
                "--repository", "Nope").refuses("has no repository Nope")  # fmt: skip

    def test_200_megabytes_are_refused(self, command, files):
        with (files / "images.json").open("wb") as file:
            file.truncate(200_000_000)
        self.preview(command, files).refuses("larger than 100 MB")


class TestExplain:
    def test_json(self, command, files):
        done = command("explain", files / "policy.json", "--tag", "v1", "--format", "json")
        found = json.loads(done.out)
        assert done.code == 0
        assert list(found) == [
            "version", "findings", "rules", "never_expires", "newest_kept", "tag"
        ]  # fmt: skip
        assert found["tag"]["can_expire"] is True
        assert found["newest_kept"] == [{"class": "tagged v*", "count": 2}]

    def test_the_table(self, command, files):
        done = command("explain", files / "policy.json", "--tag", "latest")
        assert done.code == 0
        assert "1: can act" in done.out
        assert max(map(len, done.out.splitlines())) <= 100

    def test_what_get_lifecycle_policy_prints(self, command):
        printed = {"repositoryName": "x", "lifecyclePolicyText": json.dumps(POLICY)}
        assert command("explain", "-", stdin=json.dumps(printed)).code == 0

    def test_a_policy_that_ecr_refuses_is_exit_1(self, command):
        done = command("explain", "-", "--format", "json", stdin='{"rules": []}')
        assert done.code == 1
        assert json.loads(done.out)["findings"]

    @pytest.mark.parametrize(("text", "says"), [("{", "is no JSON"), ("[" * 100_000, "deep")])
    def test_no_policy_at_all_is_exit_2(self, command, text, says):
        command("explain", "-", stdin=text).refuses(says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "required: VERB"),
        (("nonsense",), "invalid choice"),
        (("access", "x", "--format", "pdf"), "invalid choice"),
        (("preview", "x"), "required: IMAGES"),
        (("access", "missing.json"), "does not exist"),
        (("access", "."), "without manifest.json"),
    ],
)
def test_a_command_that_cannot_be_used_is_one_line(command, arguments, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command(*arguments).refuses(says)


def test_the_version(command):
    done = command("--version")
    assert (done.code, done.out) == (0, f"ecr-constructs {ecr_constructs.__version__}\n")


@pytest.mark.parametrize("verb", ["", "access", "check", "preview", "explain"])
def test_help(command, verb):
    done = command(*filter(None, (verb, "--help")))
    assert done.code == 0
    assert "--help" in done.out


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["Ref", "Fn::Sub", "Fn::If", "Fn::GetAtt", "Fn::Join", "Statement", "Principal", "AWS",
             "Action", "Effect", "Resource", "Condition", "Fn::Select", "Type", "Properties", "a"]
        ),
        inner,
        max_size=3,
    ),
    max_leaves=12,
)  # fmt: skip
KINDS = [
    "AWS::ECR::Repository", "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group",
    "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy",
    "AWS::IAM::UserToGroupAddition", "AWS::IAM::InstanceProfile", "AWS::ECS::TaskDefinition",
    "AWS::Lambda::Function", "AWS::CodeBuild::Project", "AWS::ECR::RegistryPolicy",
    "AWS::CloudFormation::Stack", "Custom::X",
]  # fmt: skip
PROPERTIES = [
    "RepositoryName", "RepositoryPolicyText", "PolicyText", "Tags", "RoleName", "Path", "Policies",
    "ManagedPolicyArns", "PermissionsBoundary", "Groups", "Roles", "Users", "PolicyDocument",
    "PolicyName", "GroupName", "ExecutionRoleArn", "ContainerDefinitions", "Code", "Role",
    "Environment", "ServiceRole", "Parameters", "TemplateURL", "LifecyclePolicy",
]  # fmt: skip
RESOURCES = st.dictionaries(
    st.text("ABC", min_size=1, max_size=1),
    st.fixed_dictionaries(
        {"Type": st.sampled_from(KINDS)},
        optional={
            "Properties": st.dictionaries(st.sampled_from(PROPERTIES), VALUES, max_size=5) | VALUES,
            "Metadata": VALUES,
            "Condition": VALUES,
        },
    )
    | VALUES,
    max_size=4,
)
TEMPLATES = st.fixed_dictionaries(
    {"Resources": RESOURCES},
    optional={
        "Parameters": VALUES,
        "Conditions": st.dictionaries(st.text("ABC", max_size=1), VALUES) | VALUES,
        "Outputs": st.dictionaries(st.text("ABC", max_size=1), VALUES) | VALUES,
        "Mappings": VALUES,
    },
)


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(template=TEMPLATES, form=st.sampled_from(["json", "table"]))
def test_no_template_brings_a_traceback(command, template, form, monkeypatch):
    monkeypatch.setenv("ECR_CONSTRUCTS_TRACEBACK", "1")
    text = json.dumps(template)
    done = command("access", "-", "--format", form, stdin=text)
    assert done.code in (0, 2)
    assert done.code == 0 or done.err.count("\n") == 1


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(value=VALUES, verb=st.sampled_from(["preview", "images", "explain", "ask", "yaml"]))
def test_no_other_input_brings_a_traceback(command, files, value, verb, monkeypatch):
    monkeypatch.setenv("ECR_CONSTRUCTS_TRACEBACK", "1")
    arguments = {
        "preview": ("preview", "-", files / "images.json", "--format", "json"),
        "images": ("preview", files / "policy.json", "-"),
        "explain": ("explain", "-"),
        "ask": ("access", TEMPLATE, "--ask", "-"),
        "yaml": ("access", "-"),
    }[verb]
    text = json.dumps(value)
    done = command(*arguments, stdin=f"Resources:\n  A: {text}\n" if verb == "yaml" else text)
    assert done.code in (0, 1, 2)
    if done.code == 2:
        assert done.err
    elif done.code == 1:
        assert done.out


LONG = {"P": {"Type": "String", "Default": "x," * 100_000}}
LONG_POLICY = {"P": {"Type": "String", "Default": json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}] * 3000}
)}}  # fmt: skip
SUB = {"Fn::Sub": "${P}"}
MULTIPLIED = {
    "a text joined again and again": (LONG, {"RoleName": SUB}, "makes more than 100000000"),
    "a text that is cut again and again": (
        LONG,
        {"RoleName": {"Fn::Select": ["0", {"Fn::Split": [",", {"Ref": "P"}]}]}},
        "makes more than 100000000",
    ),
    "one policy for everybody": (
        LONG_POLICY,
        {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Ref": "P"}}]},
        "more than 6000 statements",
    ),
}


@pytest.mark.parametrize("case", MULTIPLIED)
def test_a_template_that_multiplies_itself_is_refused(command, tmp_path, case, monkeypatch):
    # The real bound takes some 15 seconds to reach.
    monkeypatch.setattr(documents, "_MOST_STATEMENTS", 6_000)
    parameters, properties, says = MULTIPLIED[case]
    role = {"Type": "AWS::IAM::Role", "Properties": properties}
    template = {"Parameters": parameters, "Resources": {f"R{n}": role for n in range(1000)}}
    (tmp_path / "t.json").write_text(json.dumps(template))
    command("access", tmp_path / "t.json").refuses(says)


@pytest.mark.parametrize(
    ("encoding", "name", "shown"),
    [("ascii", "shop/\u00e4pi", r"shop/\xe4pi"), ("utf-8", "shop/\ud800pi", r"shop/\ud800pi")],
)
def test_what_the_output_cannot_show_is_written_out(tmp_path, encoding, name, shown):
    template = {
        "Resources": {
            "Api": {
                "Type": "AWS::ECR::Repository",
                "Properties": {
                    "RepositoryName": name,
                    "RepositoryPolicyText": {
                        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}
                    },
                },
            }
        }
    }
    (tmp_path / "t.json").write_text(json.dumps(template))
    arguments = [sys.executable, "-m", "ecr_constructs.cli", "access", tmp_path / "t.json"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for more in ([], ["--out", tmp_path / "out.txt"]):
        done = subprocess.run(
            [*arguments, *more], check=False, capture_output=True, env=environment, cwd=ROOT
        )
        assert (done.returncode, done.stderr) == (0, b"")
        text = done.stdout if not more else (tmp_path / "out.txt").read_bytes()
        assert shown.encode() in text or "shop/\u00e4pi".encode() in text


def test_a_fault_of_our_own_is_one_line_that_says_so(command, monkeypatch):
    from ecr_constructs.report.verbs import access  # noqa: PLC0415

    def fail(*_, **__):
        raise KeyError("x\ny")

    monkeypatch.setattr(access, "report_of", fail)
    command("access", TEMPLATE).refuses("KeyError")


def fresh(*arguments, code="from ecr_constructs.cli import main; sys.exit(main())", **options):
    return subprocess.run(
        [sys.executable, "-c", f"import sys; {code}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("access", TEMPLATE),
        ("explain", LIFECYCLE, "--repository", "shop/api"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_verb_loads_cdk_or_jsii(arguments):
    code = (
        "import atexit; from ecr_constructs.cli import main; "
        "atexit.register(lambda: sys.stderr.write('loaded: ' + ' '.join(sys.modules))); "
        "sys.exit(main())"
    )
    done = fresh(*arguments, code=code)
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.rpartition("loaded: ")[2].split()
    roots = {name.partition(".")[0] for name in loaded}
    assert "ecr_constructs" in roots
    assert roots & {"aws_cdk", "jsii", "constructs", "yaml", "pytest"} == set()


def test_the_command_starts_in_under_60_ms_more_than_python_itself(tmp_path):
    """Processor time, the least of several runs: a busy machine makes it hardly longer."""
    # As installed: with the bytecode that the first run leaves.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def milliseconds(code):
        found = []
        for _ in range(10):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, "-c", code],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                check=False,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
            found.append(spent * 1000)
        return min(found)

    start = "import sys; sys.argv = ['x', '--help']; from ecr_constructs.cli import main; main()"
    assert milliseconds(start) - milliseconds("pass") < 60


OPENED = {
    "Type": "AWS::ECR::Repository",
    "Properties": {
        "RepositoryPolicyText": {
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]
        }
    },
}


@pytest.mark.parametrize(("verb", "code"), [("access", 0), ("check", 1)])
def test_a_reader_that_stops_reading_is_no_error_and_no_gate_opens_by_it(tmp_path, verb, code):
    place = tmp_path / "opened.json"
    place.write_text(json.dumps({"Resources": {"Api": OPENED}}))
    program = (
        "from ecr_constructs.cli import main; "
        f"sys.exit(main([{verb!r}, {str(place)!r}, '--format', 'json']))"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import sys; {program}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout is not None
    writer.stdout.close()
    _, complaints = writer.communicate(timeout=60)
    assert (writer.returncode, complaints) == (code, b"")


def test_control_characters_of_an_input_do_not_reach_the_terminal(command):
    hostile = {"Resources": {"A\x1b[31m": {"Type": "AWS::IAM::Role"}}}
    done = command("access", "-", stdin=json.dumps(hostile))
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", done.out + done.err)
