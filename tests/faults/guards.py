"""Finds the guards in what decides, and takes away one at a time.

A guard is what stands between a wish and its refusal: a raise; a reason that is yielded, gathered
or answered; each of several conditions in front of one; a call that does nothing but refuse; a
silent way out under a condition; a hard limit of the matching kernel. In a policy also every
comparison and every condition of a query.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

SOURCE = Path(__file__).resolve().parents[2] / "src" / "patenwerk"
ROOMS = ("domain/**/*.py", "policy.py", "kernel/**/*.py", "disclosure/*.py", "lifecycle.py")
"""What decides, within an app."""
WORDS = frozenset({"Reason", "Problem", "RowProblem", "MailProblem"})
"""What a refusal is made of."""
NEVER = ast.Constant(value=False)

Taken = Iterator[tuple[ast.AST, ast.AST]]
"""What was taken away, and what then stands there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A module without one of its guards; ``lines`` are the guard's own."""

    path: Path
    lines: range
    where: str
    guard: str
    code: CodeType

    @property
    def key(self) -> str:
        """The same as long as the guard stays what and where it is, whatever its line."""
        return f"{self.path.relative_to(SOURCE)} {self.where}: {self.guard}"


def deciding(app: str) -> list[Path]:
    """The modules of an app that decide."""
    found = {path for pattern in ROOMS for path in (SOURCE / app).glob(pattern)}
    return sorted(path for path in found if path.name != "__init__.py")


def apps() -> list[str]:
    """Every app with something that decides. The demo plays and decides nothing."""
    names = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))
    return [name for name in names if name != "demo" and deciding(name)]


def faults(app: str) -> Iterator[Fault]:
    """Every guard of an app, each taken away by itself."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in deciding(app)}
    every = [node for tree in trees.values() for node in ast.walk(tree)]
    known = [node for node in every if isinstance(node, ast.FunctionDef)]
    for path, tree in trees.items():
        finder = Finder(known, in_policy=path.name == "policy.py")
        found = list(_faults_in(path, tree, finder))
        # The condition of a refusal in a policy is found as both; the first is the refusal's.
        yield from {(each.key, each.lines): each for each in reversed(found)}.values()


def _faults_in(path: Path, tree: ast.Module, finder: Finder) -> Iterator[Fault]:
    names = dict(_names(tree, ""))
    for owner in list(ast.walk(tree)):
        for field, value in list(ast.iter_fields(owner)):
            nodes = value if isinstance(value, list) else [value]
            for place, node in enumerate(nodes):
                if id(node) not in names:
                    continue
                where = names[id(node)]
                for taken, rest in finder.without(node, where, under_if=_is_under_if(owner, field)):
                    new = ast.fix_missing_locations(ast.copy_location(rest, node))
                    changed = [*nodes[:place], new, *nodes[place + 1 :]]
                    setattr(owner, field, changed if isinstance(value, list) else new)
                    code = compile(tree, str(path), "exec", dont_inherit=True)
                    setattr(owner, field, value)
                    lines = range(taken.lineno, (taken.end_lineno or taken.lineno) + 1)
                    guard = " ".join(ast.unparse(taken).split())[:120]
                    yield Fault(path, lines, where, guard, code)


def _names(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    """Every statement and expression within a function, with the function's name."""
    for node in ast.iter_child_nodes(tree):
        inner = name
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = f"{name}.{node.name}".strip(".")
        elif isinstance(node, ast.stmt | ast.expr) and name:
            yield id(node), name
        yield from _names(node, inner)


def _is_under_if(owner: ast.AST, field: str) -> bool:
    return isinstance(owner, ast.If) and field == "body"


def _weakened(test: ast.expr) -> Taken:
    """A condition that holds less often: one of several, or one bound of two, or all of it."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            for place, value in enumerate(values):
                for taken, rest in _weakened(value):
                    left = [] if rest is NEVER else [rest]
                    left = [*values[:place], *left, *values[place + 1 :]]
                    yield taken, left[0] if len(left) == 1 else ast.BoolOp(ast.Or(), left)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[one, other]) as bounds):
            middle, end = bounds.comparators
            first = ast.Compare(bounds.left, [one], [middle])
            second = ast.Compare(middle, [other], [end])
            for taken, left in ((first, second), (second, first)):
                ast.copy_location(taken, test)
                yield taken, ast.UnaryOp(ast.Not(), left)
        case _:
            yield test, NEVER


def _comprehension(node: ast.ListComp | ast.GeneratorExp) -> Taken:
    conditions = node.generators[-1].ifs
    for place, condition in enumerate(conditions or [node.elt]):
        for taken, rest in _weakened(condition) if conditions else [(condition, NEVER)]:
            new, last = copy.copy(node), copy.copy(node.generators[-1])
            last.ifs = [*conditions[:place], rest, *conditions[place + 1 :]]
            new.generators = [*node.generators[:-1], last]
            yield taken, new


class Finder:
    """Knows an app's functions: which make reasons, which gather them, which only refuse."""

    def __init__(self, functions: Iterable[ast.FunctionDef], *, in_policy: bool) -> None:
        self.in_policy = in_policy
        answers = [(each, ast.unparse(each.returns) if each.returns else "") for each in functions]
        self.words = WORDS | {each.name for each, answer in answers if answer in WORDS}
        self.gatherers = {
            each.name for each, answer in answers if any(f"[{word}]" in answer for word in WORDS)
        }
        self.demands: set[str] = set()
        self.demands = {
            each.name
            for each, answer in answers
            if answer == "None" and any(map(self._demands, ast.walk(each)))
        }

    def without(self, node: ast.AST, where: str, *, under_if: bool) -> Taken:
        """What can be taken away at this node, and what then stands in its place."""
        if isinstance(node, ast.stmt):
            return self._of_statement(node, where, under_if=under_if)
        return self._of_expression(node)

    def _of_statement(self, node: ast.stmt, where: str, *, under_if: bool) -> Taken:
        match node:
            case ast.If() if any(map(self._turns_away, node.body)):
                for taken, rest in _weakened(node.test):
                    yield taken, ast.If(rest, node.body, node.orelse)
            case ast.Return() if where.rpartition(".")[2] in self.words:
                pass
            case ast.Return(value=ast.List()) if self._refuses(node) and not under_if:
                yield node, ast.Return(ast.List([], ast.Load()))
            case _ if self._refuses(node) and not under_if:
                yield node, ast.If(NEVER, [node], [])

    def _of_expression(self, node: ast.AST) -> Taken:
        match node:
            case ast.IfExp() if self._speaks(node.body):
                for taken, rest in _weakened(node.test):
                    yield taken, ast.IfExp(rest, node.body, node.orelse)
            case ast.IfExp() if self._speaks(node.orelse):
                yield node.test, node.body
            case ast.ListComp() | ast.GeneratorExp() if self._speaks(node.elt):
                yield from _comprehension(node)
            case ast.Starred(value=ast.Call(func=ast.Name(id=name))) if name in self.gatherers:
                yield node, ast.Starred(ast.List([], ast.Load()), ast.Load())
            case ast.Compare() if self.in_policy:
                yield node, ast.Constant(value=True)
            case ast.Call(func=ast.Name(id="Q")) if self.in_policy:
                yield node, ast.Call(node.func, [], [])

    def _demands(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Raise | ast.Expr) and self._refuses(node)

    def _turns_away(self, node: ast.stmt) -> bool:
        """Whether the statement under a condition refuses something, aloud or silently."""
        match node:
            case ast.Return(value=ast.Constant(value=False)):
                return self.in_policy
            case ast.Return(value=None | ast.Constant(value=None) | ast.List(elts=[])):
                return True
            case ast.Assign():
                return self._speaks(node)
        return isinstance(node, ast.Continue) or self._refuses(node)

    def _refuses(self, node: ast.AST) -> bool:
        """Whether the statement refuses something aloud."""
        match node:
            case ast.Raise(exc=exc):
                return exc is not None
            case ast.Expr(value=ast.Call(func=func, args=args)):
                name = ast.unparse(func).removeprefix("self.")
                limits = any(ast.unparse(each).startswith("Broken.") for each in args)
                return limits or name in self.demands or self._speaks(node)
        return isinstance(node, ast.Expr | ast.AugAssign | ast.Return) and self._speaks(node)

    def _speaks(self, node: ast.AST) -> bool:
        """Whether a reason is made or gathered here, apart from parts with their own condition."""
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.IfExp | ast.Lambda | ast.Starred):
            return False
        if isinstance(node, ast.Call) and ast.unparse(node.func) in self.words:
            return True
        if isinstance(node, ast.YieldFrom) and isinstance(node.value, ast.Call):
            return ast.unparse(node.value.func) in self.gatherers
        return any(self._speaks(each) for each in ast.iter_child_nodes(node))
