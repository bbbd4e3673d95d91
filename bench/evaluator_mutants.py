"""How many small faults in the product's evaluator the random questions notice.

    python -m bench.evaluator_mutants [mutants] [questions] [seed]

makes mutants of the modules that decide, runs each in a process of its own against the literal
formulation until the first difference, and lists those that lived. It is no test: it takes
minutes, and whether a mutant that lived can be told from the original at all is for a reader to
judge. Those that the questions do not notice meet the evaluator's own tests, too.

Left out, and counted, is what no answer to a question can show: names that are only printed, what
an implicit deny is said to lack, which texts are refused when a policy is read, and the groups,
organizations, identity providers and unique ids that a matrix knows and no request comes from.
`--only MODULE:PLACE:CHOICE ...` runs single mutants again.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "ecr_constructs.model.iam.evaluator"
# Those that read documents, word findings and lay out matrices have tests of their own.
MODULES = (
    "values.arns",
    "statements.comparators",
    "statements.conditions",
    "values.context",
    "values.dates",
    "decision.decide",
    "decision.evaluate",
    "decision.layers",
    "requests.naming",
    "statements.operators",
    "statements.policies",
    "requests.principals",
    "requests.request",
    "statements.statement",
    "values.truth",
    "values.variables",
    "values.wildcards",
)
# What is not noticed at first meets as many questions as `scripts/test` asks.
FIVE_TIMES = 5
OWN_TESTS = "tests/model/iam/evaluator"
LONGEST_RUN = 300.0
# What no answer to a question can show, by the names that it is about.
SHOWN_ONLY = {"_lacking", "lacking", "nobody", "sort", "_is_number", "_is_date", "_is_network"}
SHOWN_ONLY |= {"_is_bool", "_LONGEST_NETWORK"}
NEVER_ASKED = {"GROUP", "ORGANIZATION", "FEDERATED", "federated"}
UNIQUE_IDS = {"unique_id", "unique_ids"}
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
NAMES = {
    "min": "max",
    "max": "min",
    "all": "any",
    "any": "all",
    "all_of": "any_of",
    "any_of": "all_of",
}
# Members of enums, each with those that it is taken for.
MEMBERS = {
    "YES": ("NO", "OPEN"),
    "NO": ("YES", "OPEN"),
    "OPEN": ("YES", "NO"),
    "ALL": ("ANY",),
    "ANY": ("ALL",),
    "ALLOW": ("DENY",),
    "DENY": ("ALLOW",),
    "USER": ("ROLE",),
    "ROLE": ("USER", "SESSION"),
    "SESSION": ("ROLE",),
    "FEDERATED_USER": ("USER",),
    "ACCOUNT": ("USER",),
    "SERVICE": ("ANONYMOUS",),
    "ANONYMOUS": ("SERVICE",),
}
REMOVABLE = (ast.AugAssign, ast.Expr, ast.Return, ast.Continue, ast.Break, ast.If, ast.Raise)


@dataclass(frozen=True)
class Point:
    """A node of a module, by its place in a walk through it, and one way to change it."""

    module: str
    place: int
    choice: int

    @property
    def name(self) -> str:
        """How `--only` calls it."""
        return f"{self.module}:{self.place}:{self.choice}"


@dataclass(frozen=True)
class Mutant:
    """One small change of one module."""

    point: Point
    line: int
    before: str
    after: str
    source: str


def tree_of(module: str) -> ast.Module:
    """The product's module."""
    path = ROOT.joinpath(*f"{PACKAGE}.{module}".split(".")).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def points_of(module: str) -> Iterator[Point]:
    """Where a module could be changed, in the order of a walk through it."""
    for place, node in enumerate(ast.walk(tree_of(module))):
        for choice in range(choices_of(node)):
            yield Point(module, place, choice)


def mutant_at(point: Point) -> Mutant | None:
    """The mutant of a point; None where nothing sensible can be changed there."""
    tree = tree_of(point.module)
    node = list(ast.walk(tree))[point.place]
    line, before = getattr(node, "lineno", 0), shown(node)
    parents = parents_of(tree)
    after = change(node, point.choice, parents)
    if after is None:
        return None
    source = ast.unparse(ast.fix_missing_locations(tree))
    return Mutant(point, line, before, after, source)


def parents_of(tree: ast.Module) -> dict[int, ast.AST]:
    """What each node stands in."""
    return {
        id(child): parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)
    }


def is_out_of_sight(point: Point) -> bool:
    """Whether no answer to a question can show a change here."""
    tree = tree_of(point.module)
    node = list(ast.walk(tree))[point.place]
    parents = parents_of(tree)
    inside: list[ast.AST] = [node]
    while id(inside[-1]) in parents:
        inside.append(parents[id(inside[-1])])
    return any(_only_shown(each) for each in inside) or _of_nobody_who_asks(inside)


def _only_shown(node: ast.AST) -> bool:
    """What is printed, or refused before anything is asked."""
    if isinstance(node, ast.FunctionDef):
        return node.name in SHOWN_ONLY
    if isinstance(node, ast.ClassDef):
        return any("Enum" in ast.unparse(base) for base in node.bases)
    if isinstance(node, ast.keyword):
        return node.arg in SHOWN_ONLY | {"frozen", "eq", "kw_only"}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(names_in(target) & SHOWN_ONLY for target in targets)
    if isinstance(node, ast.Expr):
        return ast.unparse(node).startswith("lacking.append(PolicyKind.")
    return isinstance(node, ast.If) and all(_only_shown(each) for each in node.body)


def _of_nobody_who_asks(inside: Sequence[ast.AST]) -> bool:
    """What is said of principals that only a matrix knows."""
    within: ast.AST | None = None
    for node in inside:
        if isinstance(node, ast.If) and within not in node.orelse and _is_of_nobody(node.test):
            return True
        if isinstance(node, ast.If) and all(_is_of_nobody(each) for each in node.body):
            return True
        if isinstance(node, (ast.Return, ast.Assign)) and _is_of_nobody(node):
            return True
        within = node
    return False


def _is_of_nobody(node: ast.AST) -> bool:
    """Whether it is about unique ids, or kinds of principals are named and none of them asks."""
    kinds = {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "PrincipalKind"
    }
    names = names_in(node)
    return bool(names & UNIQUE_IDS) or (bool(names & NEVER_ASKED) and kinds <= NEVER_ASKED)


def names_in(node: ast.AST) -> set[str]:
    """The names of variables and attributes in a piece of source."""
    return {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)} | {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name)
    }


def shown(node: ast.AST) -> str:
    """The first line of a piece of source."""
    return ast.unparse(node).partition("\n")[0][:90]


def choices_of(node: ast.AST) -> int:
    """In how many ways a node can be changed."""
    if isinstance(node, ast.Compare):
        return 2 if isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) else 1
    if isinstance(node, ast.Attribute):
        return len(MEMBERS.get(node.attr, ()))
    if isinstance(node, ast.If):
        return 2
    changeable = (ast.BoolOp, ast.UnaryOp, ast.Constant, ast.IfExp, ast.Name, *REMOVABLE)
    return 1 if isinstance(node, changeable) else 0


def change(node: ast.AST, choice: int, parents: dict[int, ast.AST]) -> str | None:
    """Change a node in place and say how; None where this one is left alone."""
    if isinstance(node, (ast.Compare, ast.BoolOp, ast.IfExp)):
        return change_logic(node, choice)
    if isinstance(node, ast.UnaryOp):
        return drop_not(node, parents)
    if isinstance(node, ast.Constant):
        return change_constant(node, parents)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return change_name(node, choice, parents)
    if isinstance(node, ast.If) and choice == 0:
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return shown(node)
    return remove(node, parents)


def change_logic(node: ast.Compare | ast.BoolOp | ast.IfExp, choice: int) -> str:
    """The opposite comparison, `and` for `or`, the one branch for the other."""
    if isinstance(node, ast.Compare):
        return change_comparison(node, choice)
    if isinstance(node, ast.BoolOp):
        node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    else:
        node.body, node.orelse = node.orelse, node.body
    return shown(node)


def change_name(
    node: ast.Name | ast.Attribute, choice: int, parents: dict[int, ast.AST]
) -> str | None:
    """Another function, another member of an enum."""
    if isinstance(node, ast.Name):
        if node.id not in NAMES or not is_called(node, parents):
            return None
        node.id = NAMES[node.id]
    elif isinstance(node.value, ast.Name) and node.value.id[0].isupper():
        node.attr = MEMBERS[node.attr][choice]
    else:
        return None
    return shown(node)


def change_comparison(node: ast.Compare, choice: int) -> str:
    """Its opposite, or (for an order) the other way round."""
    found = type(node.ops[0])
    if choice == 1:
        turned = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
        node.ops[0] = turned[found]()
    else:
        node.ops[0] = OPPOSITES[found]()
    return shown(node)


def drop_not(node: ast.UnaryOp, parents: dict[int, ast.AST]) -> str | None:
    """`not x` becomes `x`."""
    if not isinstance(node.op, ast.Not):
        return None
    return shown(node.operand) if replaced(node, node.operand, parents) else None


def change_constant(node: ast.Constant, parents: dict[int, ast.AST]) -> str | None:
    """Another number, the other truth, another text; no docstrings, no texts of annotations."""
    parent = parents[id(node)]
    in_annotation = isinstance(parent, (ast.Subscript, ast.AnnAssign, ast.arg, ast.BinOp))
    if isinstance(parent, (ast.Expr, ast.FormattedValue)):
        return None
    if isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node.value, int):
        node.value += 1
    elif isinstance(node.value, str) and not in_annotation and not is_exported(parent, parents):
        node.value = f"{node.value}x"
    else:
        return None
    return repr(node.value)


def is_exported(parent: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether a text stands in `__all__` or `__slots__`."""
    assigned = parents.get(id(parent))
    return isinstance(assigned, ast.Assign) and shown(assigned.targets[0]).startswith("__")


def is_called(node: ast.Name, parents: dict[int, ast.AST]) -> bool:
    """Whether a name is the function of a call."""
    parent = parents[id(node)]
    return isinstance(parent, ast.Call) and parent.func is node


def remove(node: ast.AST, parents: dict[int, ast.AST]) -> str | None:
    """Leave a statement out."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return None
    return "pass" if replaced(node, ast.Pass(), parents) else None


def replaced(node: ast.AST, by: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Put one node in the place of another."""
    parent = parents[id(node)]
    for name, value in ast.iter_fields(parent):
        if value is node:
            setattr(parent, name, by)
            return True
        if isinstance(value, list) and any(entry is node for entry in value):
            setattr(parent, name, [by if entry is node else entry for entry in value])
            return True
    return False


class Substitute(importlib.abc.MetaPathFinder):
    """Finds the mutant in the place of its module."""

    def __init__(self, name: str, path: str) -> None:
        self.name, self.path = name, path

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's signature
        target: object = None,  # noqa: ARG002 - likewise
    ) -> importlib.machinery.ModuleSpec | None:
        """The mutant's file for the mutated module, nothing for any other."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path)


def run_here(module: str, path: str, count: int) -> int:
    """In the mutant's process: ask the questions; 1 at the first difference.

    With a count of 0 it runs the evaluator's own tests instead.
    """
    sys.meta_path.insert(0, Substitute(f"{PACKAGE}.{module}", path))
    if count == 0:
        import pytest  # noqa: PLC0415 - the mutant first

        return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", OWN_TESTS]) != 0)
    from tests.reference.test_evaluator_differs_nowhere import (  # noqa: PLC0415 - likewise
        first_difference,
        first_pattern_that_differs,
    )

    if first_pattern_that_differs() is not None:
        return 1
    # Another seed than the test's, so that these questions are not those that it was mended with.
    difference, _ = first_difference(1_000, count)
    return 0 if difference is None else 1


def outcome_of(mutant: Mutant, count: int) -> str:
    """What became of a mutant: "differs", "breaks", "hangs", "own tests" or "lives"."""
    module = mutant.point.module
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{module}.py")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            for asked_for in (count, FIVE_TIMES * count):
                asked = in_a_process(module, path, asked_for)
                if asked.returncode != 0:
                    return "breaks" if b"Traceback" in asked.stderr else "differs"
            tested = in_a_process(module, path, 0)
        except subprocess.TimeoutExpired:
            return "hangs"
    return "own tests" if tested.returncode != 0 else "lives"


def in_a_process(module: str, path: Path, count: int) -> subprocess.CompletedProcess[bytes]:
    """A process that has the mutant in the place of its module."""
    return subprocess.run(
        [
            *("nice", "-n", "10", sys.executable, "-m", "bench.evaluator_mutants"),
            *("--run", module, str(path), str(count)),
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=LONGEST_RUN,
    )


def sample_of(size: int, seed: int) -> list[Mutant]:
    """So many mutants of all modules; the same for a seed."""
    every = [point for module in MODULES for point in points_of(module)]
    random.Random(seed).shuffle(every)
    print(f"{len(every)} places to change in {len(MODULES)} modules")
    mutants: list[Mutant] = []
    left_out = 0
    for point in every:
        if len(mutants) == size:
            break
        mutant = mutant_at(point)
        if mutant is not None and is_out_of_sight(point):
            left_out += 1
        elif mutant is not None:
            mutants.append(mutant)
    print(f"{size} drawn with seed {seed}, and {left_out} more that no answer can show")
    return mutants


def named(names: Sequence[str]) -> list[Mutant]:
    """The mutants of these names."""
    points = [
        Point(module, int(place), int(choice))
        for module, place, choice in (name.split(":") for name in names)
    ]
    return [mutant for mutant in map(mutant_at, points) if mutant is not None]


def main(arguments: Sequence[str]) -> None:
    """Run a sample of all mutants and print what became of them."""
    if arguments and arguments[0] == "--run":
        sys.exit(run_here(arguments[1], arguments[2], int(arguments[3])))
    size, count, seed = 150, 20_000, 1
    if arguments and arguments[0] == "--only":
        sample = named(arguments[1:])
    else:
        numbers = [int(argument) for argument in arguments]
        size, count, seed = (*numbers, *(size, count, seed)[len(numbers) :])
        sample = sample_of(size, seed)
    outcomes: Counter[str] = Counter()
    for mutant in sample:
        begun = time.monotonic()
        outcome = outcome_of(mutant, count)
        outcomes[outcome] += 1
        print(
            f"{outcome:10}{time.monotonic() - begun:6.1f} s  {mutant.point.name} "
            f"line {mutant.line}: {mutant.before}  ->  {mutant.after}",
            flush=True,
        )
    total, lived = sum(outcomes.values()), outcomes["lives"]
    by_questions = total - lived - outcomes["own tests"]
    print(f"{by_questions} of {total} noticed by the questions, {total - lived} with the tests")


if __name__ == "__main__":
    main(sys.argv[1:])
