"""The small faults that `bench/evaluator_mutants.py` puts into the product's evaluator."""

from __future__ import annotations

import ast
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
    "values.numbers",
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
# What no answer to a question can show, by the names that it is about.
SHOWN_ONLY = {"_lacking", "lacking", "nobody", "sort", "_is_number", "_is_date", "_is_network"}
# Whether an operator is spelled as the page spells it, and what a value in a debugger looks like.
SHOWN_ONLY |= {"_is_bool", "exact", "written", "__repr__"}
NEVER_ASKED = {"GROUP", "ORGANIZATION"}
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
    place: str
    """The class and function around the change."""
    before: str
    after: str
    source: str

    @property
    def signature(self) -> str:
        """What is changed, in words that stay when lines move."""
        return f"{self.point.module} {self.place}: {self.before} -> {self.after}"


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
    place = scope_of(node, parents)
    after = change(node, point.choice, parents)
    if after is None:
        return None
    source = ast.unparse(ast.fix_missing_locations(tree))
    return Mutant(point, line, place, before, after, source)


def scope_of(node: ast.AST, parents: dict[int, ast.AST]) -> str:
    """The names of the classes and functions that a node stands in."""
    names: list[str] = []
    around: ast.AST | None = node
    while around is not None:
        if isinstance(around, (ast.ClassDef, ast.FunctionDef)):
            names.insert(0, around.name)
        around = parents.get(id(around))
    return ".".join(names) or "the module"


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
    shown_only = any(_only_shown(each) for each in inside) or _is_only_told(inside)
    return shown_only or _of_nobody_who_asks(inside)


def _is_only_told(inside: Sequence[ast.AST]) -> bool:
    """Words of an error that is raised with them or without; what is lacking, or nothing."""
    is_text = isinstance(inside[0], ast.Constant) and isinstance(inside[0].value, str)
    return any(
        is_text
        if isinstance(each, ast.Raise)
        else isinstance(each, ast.IfExp)
        and bool(names_in(each.body) & SHOWN_ONLY)
        and ast.unparse(each.orelse) == "()"
        for each in inside
    )


def _only_shown(node: ast.AST) -> bool:
    """What is printed, or refused before anything is asked."""
    if isinstance(node, ast.FunctionDef):
        return node.name in SHOWN_ONLY
    if isinstance(node, ast.ClassDef):
        return any("Enum" in ast.unparse(base) for base in node.bases)
    if isinstance(node, ast.keyword):
        return node.arg in SHOWN_ONLY | {"frozen", "eq", "kw_only", "repr"}
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
        if isinstance(node, ast.Dict) and any(
            value is within and key is not None and _is_of_nobody(key)
            for key, value in zip(node.keys, node.values, strict=True)
        ):
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
