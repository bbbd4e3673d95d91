"""How many small faults in the lifecycle simulator the comparison with the pages notices.

    python -m tests.reference.lifecycle_mutants [mutants] [cases] [seed]

makes mutants of the modules that decide, lets each answer random cases in a process of its own
until the first difference, and lists those that lived. No test: it takes minutes, and whether a
mutant that lived can be told from the original at all is for a reader to judge.
"""

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import multiprocessing
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.reference.lifecycle.cases import Case, answers, case
from tests.reference.lifecycle.evaluation import Allowed

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ecr_constructs.model.lifecycle"
# Those that word reasons, read documents or prove things have tests of their own.
MODULES = (
    "simulation.evaluation",
    "simulation.families",
    "rules.globs",
    "simulation.simulator",
    "simulation.tag_index",
)
OUTCOMES = ("lives", "differs", "breaks")
FIRST_SEED = 1_000_000
LONGEST_RUN = 120
# What only words a reason or refuses an argument is not in what is done to an image.
WORDING = {"_has_unknown_lists", "_no_zone"}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = (
    *(("min", "max"), ("any", "all"), ("bisect_left", "bisect_right"), ("head", "tail")),
    *(("ACTIVE", "ARCHIVED"), ("EXPIRE", "TRANSITION"), ("ANY", "UNTAGGED")),
    ("startswith", "endswith"),
)
NAMES = {
    **dict(SWAPPED),
    **{other: one for one, other in SWAPPED},
    "ACTIVATING": "ACTIVE",
    "STANDARD": "ARCHIVE",
    "SINCE_IMAGE_PULLED": "SINCE_IMAGE_PUSHED",
    "SINCE_IMAGE_TRANSITIONED": "IMAGE_COUNT_MORE_THAN",
    "IMAGE_COUNT_MORE_THAN": "SINCE_IMAGE_PUSHED",
    "activated_at": "last_pulled_at",
    "archived_at": "pushed_at",
}


@dataclass(frozen=True)
class Mutant:
    """One small change of one module."""

    module: str
    line: int
    change: str
    source: str


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its source."""
    path = ROOT.joinpath(*f"{PACKAGE}.{module}".split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    idle = idle_nodes(tree)
    for place, node in enumerate(ast.walk(tree)):
        for choice in range(0 if node in idle else len(list(ways_of(node)))):
            changed = copy.deepcopy(tree)
            twin = next(itertools.islice(ast.walk(changed), place, None))
            after = list(ways_of(twin))[choice]()
            if after is not twin:
                Swap(twin, after).visit(changed)
            source = ast.unparse(ast.fix_missing_locations(changed))
            told = f"{first_line(node)}  ->  {first_line(after)}"
            yield Mutant(module, getattr(node, "lineno", 0), told, source)


class Change:
    """Sets a field of a node, or replaces the node."""

    def __init__(self, node: ast.AST, field: str | None, value: object) -> None:
        self.node, self.field, self.value = node, field, value

    def __call__(self) -> ast.AST:
        if self.field is not None:
            setattr(self.node, self.field, self.value)
            return self.node
        assert isinstance(self.value, ast.AST)
        return self.value


def ways_of(node: ast.AST) -> Iterator[Change]:
    """The ways in which a node can be changed."""
    yield from ways_of_operators(node)
    yield from ways_of_values(node)
    yield from ways_of_statements(node)


def ways_of_operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for operator in COMPARISONS[type(node.ops[0])]:
            yield Change(node, "ops", [operator()])
    elif isinstance(node, ast.BoolOp):
        yield Change(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for number in range(len(node.values)):
            rest = [*node.values[:number], *node.values[number + 1 :]]
            yield Change(node, "values", rest) if len(rest) > 1 else Change(node, None, rest[0])
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        yield Change(node, "op", OPERATORS[type(node.op)]())
    elif isinstance(node, ast.UnaryOp):
        yield Change(node, None, node.operand)


def ways_of_values(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.IfExp):
        yield Change(node, None, node.body)
        yield Change(node, None, node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield Change(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield Change(node, "value", node.value + 1)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield Change(node, "id", NAMES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield Change(node, "attr", NAMES[node.attr])
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield Change(node, "ifs", [])


def ways_of_statements(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, (ast.If, ast.While)):
        yield Change(node, "test", ast.Constant(value=False))
    elif isinstance(node, (ast.Continue, ast.Break, ast.Delete)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield Change(node, None, ast.Pass())


def idle_nodes(tree: ast.Module) -> set[ast.AST]:
    """Annotations, decorators and wording: they decide nothing."""
    idle: set[ast.AST] = set()
    for node in ast.walk(tree):
        annotations = [getattr(node, name, None) for name in ("annotation", "returns")]
        worded = [node] if isinstance(node, ast.FunctionDef) and node.name in WORDING else []
        for part in (*annotations, *worded, *getattr(node, "decorator_list", [])):
            if part is not None:
                idle.update(ast.walk(part))
    return idle


class Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return self.new
        return super().generic_visit(node)


def first_line(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0][:80]


class Substitute(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.source = f"{PACKAGE}.{mutant.module}", mutant.source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def get_source(self, fullname: str) -> str:
        return self.source

    def is_package(self, fullname: str) -> bool:
        return False


Questions = Sequence[tuple[Case, Allowed]]
"""Cases, each with what the pages allow."""


def ask(mutant: Mutant, questions: Questions) -> None:
    """In a process of its own: exit with what became of the mutant."""
    sys.meta_path.insert(0, Substitute(mutant))
    try:
        # The product is loaded here, after the mutant was put in its place.
        from tests.reference.lifecycle.comparison import differences  # noqa: PLC0415

        differs = any(differences(example, allowed) for example, allowed in questions)
    except Exception:  # noqa: BLE001 - whatever a mutant raises, the comparison has noticed it
        os._exit(OUTCOMES.index("breaks"))
    os._exit(OUTCOMES.index("differs" if differs else "lives"))


def outcome_of(mutant: Mutant, questions: Questions) -> str:
    """What became of a mutant: it "lives", "differs", "breaks" or "hangs"."""
    process = multiprocessing.get_context("fork").Process(target=ask, args=(mutant, questions))
    process.start()
    process.join(LONGEST_RUN)
    if process.exitcode is None:
        process.kill()
        process.join()
        return "hangs"
    return OUTCOMES[process.exitcode]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """Run a sample of all mutants and print what became of them."""
    given = [int(argument) for argument in arguments]
    amount, cases, seed = (*given, *(120, 1_000, 1)[len(given) :])
    os.nice(10)
    every = [mutant for module in MODULES for mutant in mutants_of(module)]
    sample = random.Random(seed).sample(every, min(amount, len(every)))
    say(f"{len(every)} mutants of {len(MODULES)} modules, {len(sample)} of them run")
    # Other seeds than the test's, so that these are not the cases it was mended with.
    examples = [case(FIRST_SEED + number) for number in range(cases)]
    questions = [(example, answers(example)) for example in examples]
    lived = 0
    for mutant in sample:
        outcome = outcome_of(mutant, questions)
        lived += outcome == "lives"
        say(f"{outcome:8} {mutant.module}.py:{mutant.line}: {mutant.change}")
    say(f"{len(sample) - lived} of {len(sample)} noticed, {lived} lived")


if __name__ == "__main__":
    main(sys.argv[1:])
