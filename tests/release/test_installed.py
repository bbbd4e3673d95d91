"""The wheel, installed alone, does what the checkout does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ecr_constructs import __version__

from .installation import ROOT, Distributions, Environment, attempt

PROGRAM = """
import sys
import aws_cdk as cdk
from ecr_constructs import SecureRepository
app = cdk.App(outdir=sys.argv[1])
SecureRepository(cdk.Stack(app, "Shop"), "Api", repository_name="shop/api")
app.synth()
"""
TEST_OF_A_USER = """
def test_sum():
    assert 1 + 1 == 2


def test_app(ecr_app):
    import aws_cdk as cdk
    from ecr_constructs import SecureRepository

    stack = cdk.Stack(ecr_app, "Shop")
    assert SecureRepository(stack, "Api").node.path == "Shop/Api"


def test_snapshot(ecr_snapshot):
    assert ecr_snapshot
"""
QUIET = {"CDK_VALIDATION": "false"}


def test_it_brings_cdk_and_none_of_our_tools(alone: Environment) -> None:
    packages = alone.packages()
    assert {"ecr-constructs", "aws-cdk-lib", "constructs", "jsii"} <= packages
    assert packages & {"pytest", "syrupy", "boto3", "ministack", "hypothesis", "rich"} == set()


def test_what_is_imported_is_what_was_installed(alone: Environment) -> None:
    program = "import ecr_constructs; print(ecr_constructs.__version__, ecr_constructs.__file__)"
    version, file = alone.execute(program).split()
    assert version == __version__
    assert Path(file).is_relative_to(alone.folder)


def test_importing_it_loads_no_jsii(alone: Environment) -> None:
    program = (
        "import sys; before = set(sys.modules); import ecr_constructs\n"
        "print(*sorted(name.split('.')[0] for name in set(sys.modules) - before))"
    )
    loaded = alone.execute(program).split()
    assert "ecr_constructs" in loaded
    assert set(loaded) & {"jsii", "aws_cdk", "constructs", "attr", "cattrs", "pytest"} == set()


def test_every_public_name_loads(alone: Environment) -> None:
    program = (
        "import ecr_constructs\n"
        "for name in ecr_constructs.__all__: print(getattr(ecr_constructs, name) is not None)"
    )
    answers = alone.execute(program).split()
    assert len(answers) > 20
    assert set(answers) == {"True"}


def test_a_safe_repository_synthesizes(alone: Environment, tmp_path: Path) -> None:
    assert alone.execute(PROGRAM, str(tmp_path), variables=QUIET) == ""
    template = json.loads((tmp_path / "Shop.template.json").read_text())
    (repository,) = [
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECR::Repository"
    ]
    assert repository["DeletionPolicy"] == repository["UpdateReplacePolicy"] == "Retain"
    properties = repository["Properties"]
    assert properties["RepositoryName"] == "shop/api"
    assert properties["ImageTagMutability"] == "IMMUTABLE"
    assert properties["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert properties["EncryptionConfiguration"] == {"EncryptionType": "AES256"}


def test_pytest_takes_the_plugin_where_there_is_no_syrupy(
    alone: Environment, tmp_path: Path
) -> None:
    # An environment of its own would cost another 400 MB; what pytest brings touches nothing here.
    alone.install("pytest")
    (tmp_path / "test_user.py").write_text(TEST_OF_A_USER)
    done = attempt(
        [str(alone.python), "-I", "-m", "pytest", "-W", "error", "-p", "no:cacheprovider", "-rA"],
        tmp_path,
    )
    assert re.search(r"^plugins: .*ecr-constructs-", done.stdout, re.MULTILINE), (
        done.stdout + done.stderr
    )
    assert re.search(r"^PASSED test_user.py::test_sum", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^PASSED test_user.py::test_app", done.stdout, re.MULTILINE), done.stdout
    assert "pip install 'ecr-constructs[testing]'" in done.stdout
    assert re.search(r"^\w+ test_user.py::test_snapshot", done.stdout, re.MULTILINE)
    assert "Traceback" not in done.stdout
    assert "2 passed, 1 error" in done.stdout


def test_what_the_readme_says_to_install_gives_what_it_says(
    distributions: Distributions, tmp_path: Path
) -> None:
    text = (ROOT / "README.md").read_text()
    said = re.findall(r"\bpip install +'?((?:\.|ecr-constructs)(?:\[\w+\])?)'?(?=[\s`])", text)
    assert {"", "[testing]"} == {re.sub(r"^(\.|ecr-constructs)", "", target) for target in said}
    environment = Environment.make(tmp_path)
    environment.install(f"{distributions.wheel}[testing]")
    assert {"ecr-constructs", "pytest", "syrupy"} <= environment.packages()
    (tmp_path / "test_user.py").write_text(TEST_OF_A_USER)
    done = attempt(
        [str(environment.python), "-I", "-m", "pytest", "-p", "no:cacheprovider"], tmp_path
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
