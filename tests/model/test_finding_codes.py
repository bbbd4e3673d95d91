"""Codes are what users acknowledge findings by, and docs what they read: both are a contract."""

import ast
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import ecr_constructs.model

MODEL = Path(ecr_constructs.model.__file__).parent
HOSTS = {
    "docs.aws.amazon.com",
    "docs.github.com",
    "docs.gitlab.com",
    "github.com",
    "opencontainers.org",
    "specs.opencontainers.org",
}
MODULES = {
    path.relative_to(MODEL).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(MODEL.rglob("*.py"))
}
KEBAB = re.compile(r"[a-z]+(?:-[a-z]+)+")


def makers(tree):
    """Functions of a module that hand their own parameter ``code`` on to a finding."""
    return {
        node.name: [argument.arg for argument in node.args.args].index("code")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and "code" in [argument.arg for argument in node.args.args]
    }


# A maker that a module offers to others has a public name; the private ones differ by module.
SHARED = {
    name: place
    for tree in MODULES.values()
    for name, place in makers(tree).items()
    if not name.startswith("_")
}


def code_of(call, local):
    """The expression of the code in a call that makes a finding; None for any other call."""
    name = getattr(call.func, "id", getattr(call.func, "attr", None))
    named = [word.value for word in call.keywords if word.arg == "code"]
    if name == "Finding":
        assert named, ast.unparse(call)
        return named[0]
    place = local.get(name, SHARED.get(name))
    if place is None:
        return None
    return named[0] if named else call.args[place]


def constants(expression):
    """Each text that the expression may be: a condition has two."""
    return {
        node.value
        for node in ast.walk(expression)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


CODES = {
    (module, code)
    for module, tree in MODULES.items()
    for local in [makers(tree)]
    for node in ast.walk(tree)
    if isinstance(node, ast.Call)
    for expression in [code_of(node, local)]
    if expression is not None
    for code in constants(expression)
}


def test_the_search_finds_what_it_should():
    found = {code for _, code in CODES}
    assert {"repository-name-invalid", "repository-policy-open", "image-key-alias-invalid"} <= found
    assert len(found) > 40


@pytest.mark.parametrize("code", sorted({code for _, code in CODES}))
def test_a_code_is_kebab_case(code):
    assert KEBAB.fullmatch(code)


def test_a_code_means_one_thing():
    """One meaning, one module: but for a check of types and the two halves of a policy check."""
    homes = {}
    for module, code in CODES:
        topic = module.removesuffix(".py").replace("policy/principals", "policy/document")
        homes.setdefault(code, set()).add(topic)
    shared = {code: topics for code, topics in homes.items() if len(topics) > 1}
    assert not {code for code in shared if not code.startswith("lifecycle-")}, shared


def documentation():
    for module, tree in MODULES.items():
        if module.startswith("iam/evaluator"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id.lstrip("_").endswith("DOCS"):
                        yield module, target.id, node.value


@pytest.mark.parametrize(
    ("module", "name", "expression"),
    [pytest.param(*page, id=f"{page[0]}:{page[1]}") for page in documentation()],
)
def test_docs_are_pages_of_who_makes_the_rule(module, name, expression):
    url = urlsplit("".join(sorted_constants(expression)))
    assert url.scheme == "https", (module, name)
    assert url.netloc in HOSTS, (module, name)
    assert url.path.strip("/"), (module, name)


def test_every_module_with_findings_has_documentation():
    with_docs = {module for module, *_ in documentation()}
    modules = {module for module, _ in CODES}
    assert {
        "repository/name.py",
        "images/reference.py",
        "roles/oidc/github.py",
    } <= with_docs & modules


def sorted_constants(expression):
    """The texts of a constant, or of a concatenation, from left to right."""
    nodes = [node for node in ast.walk(expression) if isinstance(node, ast.Constant)]
    return [node.value for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset))]
