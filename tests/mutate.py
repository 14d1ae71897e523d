"""Mutation testing: how many small faults in the functions of the modules that matter most the tests notice.

Run by `make mutate` and, with the modules that need the database, by `make mutate-all`.

A mutant is one function with one fault in it: a comparison, an operator, a number, a condition or a returned value is another.
The tests are collected once; each mutant gets a process of its own, in which the function's code is exchanged and the tests run
until the first one fails. Constants of a module (tables, regular expressions) are not mutated.
"""

import argparse
import ast
import contextlib
import copy
import importlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    "treaties/law/rules.py": ["tests/treaties/law"],
    "treaties/law/sequences.py": ["tests/treaties/law/test_sequences.py"],
    "treaties/ledger/letters.py": ["tests/treaties/ledger/test_letters.py"],
    "config/kit/incoming/days.py": [
        "tests/config/kit/incoming/test_tables.py",
        "tests/treaties/ledger/test_letters.py",
    ],
    "news/facts/guard.py": ["tests/news/facts/test_guard.py"],
    "news/facts/which_treaty.py": ["tests/news/facts/test_which_treaty.py", "tests/news/facts/test_guard.py"],
    "news/facts/tags.py": ["tests/news/facts/test_tags.py"],
}
"""The modules that `make mutate` tries, each with the tests that must notice a fault in it."""
KEPT_IN_THE_DATABASE = {
    "treaties/ledger/reading.py": ["tests/treaties/status", "tests/treaties/ledger/test_doors.py"],
    "treaties/ledger/checks.py": ["tests/treaties/ledger/test_recording.py", "tests/treaties/ledger/test_doors.py"],
    "treaties/ledger/recording.py": ["tests/treaties/ledger/test_recording.py", "tests/treaties/ledger"],
    "treaties/ledger/tables.py": ["tests/treaties/admin/test_table_of_acts.py"],
    "treaties/status/what_if.py": ["tests/treaties/status"],
    "treaties/status/duties.py": ["tests/treaties/status", "tests/treaties/test_doubts.py"],
    "treaties/status/suppositions.py": ["tests/treaties/test_what_if.py"],
    "treaties/status/names.py": ["tests/treaties/test_names_and_groups.py"],
    "treaties/status/citing.py": ["tests/config/test_pinned.py"],
    "treaties/status/doubts.py": ["tests/treaties/test_doubts.py"],
    "treaties/status/declarations.py": ["tests/treaties/test_declarations.py"],
    "campaign/follow_up.py": ["tests/campaign/pages/test_campaign.py"],
    "campaign/pledging/counting.py": [
        "tests/campaign/pledging/test_counting.py",
        "tests/campaign/pledging/test_edges.py",
    ],
    "campaign/pledging/pledges.py": ["tests/campaign/pledging"],
    "news/newsroom/workflow.py": [
        "tests/news/newsroom/test_edges.py",
        "tests/news/newsroom/test_proof.py",
        "tests/news/newsroom/test_workflow.py",
    ],
    "news/newsroom/proof.py": ["tests/news/newsroom/test_proof.py", "tests/news/newsroom/test_workflow.py"],
    "news/newsroom/bundles.py": ["tests/news/newsroom/test_bundles.py", "tests/news/newsroom/test_edges.py"],
    "news/facts/figures.py": [
        "tests/news/newsroom/test_edges.py",
        "tests/news/newsroom/test_proof.py",
        "tests/news/newsroom/test_workflow.py",
    ],
}
"""The modules whose tests need the database: `make mutate-all` tries them too, which takes long."""
SECONDS = 120
"""A mutant that runs longer counts as noticed: its tests never end."""

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    line: int
    fault: str
    names: tuple[str, ...]
    """The path to the function: its class, if any, and its name."""
    code: CodeType


def faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node of a function may become, each with its description."""
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[first, *others]) if type(first) in SWAPPED:
            changed.ops = [SWAPPED[type(first)](), *others]
            yield "comparison", changed
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in SWAPPED:
            changed.op = SWAPPED[type(operator)]()
            yield "operator", changed
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not dropped", operand
        case ast.Constant(value=bool(value)):
            yield "truth value", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "number", ast.Constant(value + 1)
        case ast.If() | ast.IfExp():
            changed.test = ast.UnaryOp(ast.Not(), changed.test)
            yield "condition", changed
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "returns None", ast.Return(ast.Constant(None))
        case ast.Break() | ast.Continue():
            yield "loop", SWAPPED[type(changed)]()


class Exchange(ast.NodeTransformer):
    """Puts another node in the place of the one with a number (in the order of a walk)."""

    def __init__(self, number: int, other: ast.AST) -> None:
        self.number, self.other, self.seen = number, other, -1

    def visit(self, node: ast.AST) -> ast.AST:
        self.seen += 1
        return ast.copy_location(self.other, node) if self.seen == self.number else self.generic_visit(node)


class Numbered(ast.NodeVisitor):
    """All nodes in the order in which `Exchange` meets them."""

    def __init__(self, tree: ast.AST) -> None:
        self.nodes: list[ast.AST] = []
        self.visit(tree)

    def visit(self, node: ast.AST) -> None:
        self.nodes.append(node)
        self.generic_visit(node)


def functions(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    """The functions and methods of a module that have a body, with the path to each."""
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = (node.name,) if isinstance(node, ast.ClassDef) else ()
        yield from (((*prefix, f.name), f) for f in inner if isinstance(f, ast.FunctionDef))


def code_of(tree: ast.AST, names: tuple[str, ...], path: Path) -> CodeType:
    code = compile(ast.fix_missing_locations(tree), str(path), "exec")
    for name in names:
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    return code


def mutants(path: Path) -> Iterator[Mutant]:
    """All mutants of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node): names
        for names, function in functions(tree)
        for statement in function.body
        for node in ast.walk(statement)
    }
    for number, node in enumerate(Numbered(tree).nodes):
        if id(node) in inside:
            for fault, other in faults(node):
                changed = Exchange(number, other).visit(copy.deepcopy(tree))
                names = inside[id(node)]
                yield Mutant(node.lineno, fault, names, code_of(changed, names, path))


class Runner:
    """A plugin of pytest that runs the collected tests once for each mutant instead of once."""

    def __init__(self, module: str, path: Path) -> None:
        self.module, self.path = module, path
        self.all = list(mutants(path))
        self.survivors: list[Mutant] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.noticed(session, None):
            running: dict[int, tuple[Mutant, int]] = {}
            waiting, places = list(self.all), list(range(os.cpu_count() or 1))
            while waiting or running:
                while waiting and places:
                    mutant, place = waiting.pop(), places.pop()
                    running[self.start(session, mutant, place)] = mutant, place
                pid, status = os.wait()
                mutant, place = running.pop(pid)
                places.append(place)
                if status == 0:
                    self.survivors.append(mutant)
            return True
        raise pytest.UsageError("The tests fail without any mutant.")

    def noticed(self, session: pytest.Session, mutant: Mutant | None) -> bool:
        return os.waitpid(self.start(session, mutant), 0)[1] != 0

    def start(self, session: pytest.Session, mutant: Mutant | None, place: int = 0) -> int:
        """Run the tests against a mutant in a process of its own, which ends with 0 if all pass. Each place has its database."""
        pid = os.fork()
        if pid:
            return pid
        os.environ["PYTEST_XDIST_WORKER"] = f"mutant{place}"
        signal.signal(signal.SIGALRM, lambda *_: os._exit(2))
        signal.alarm(SECONDS)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if mutant:
            self.exchange(mutant)
        failed = False
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                failed = True
                break
        with contextlib.suppress(Exception):
            session._setupstate.teardown_exact(None)
        os._exit(1 if failed else 0)

    def exchange(self, mutant: Mutant) -> None:
        found = importlib.import_module(self.module)
        for name in mutant.names:
            found = found.__dict__[name] if isinstance(found, type) else getattr(found, name)
        while not isinstance(found, FunctionType):
            found = found.fget if isinstance(found, property) else found.__wrapped__
        found.__code__ = mutant.code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--floor", type=int, default=0, help="end with 1 if fewer per cent are noticed")
    parser.add_argument("--all", action="store_true", help="also the modules whose tests need the database")
    parser.add_argument("modules", nargs="*", help="files; default: those of MODULES")
    given = parser.parse_args()
    known = MODULES | KEPT_IN_THE_DATABASE
    noticed = total = 0
    for name in given.modules or (known if given.all else MODULES):
        module = name.removesuffix(".py").replace("/", ".")
        runner = Runner(module, ROOT / name)
        flags = ["-q", "-x", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]
        flags += ["-k", "not thousand and not machine"]  # they notice much, and late
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = pytest.main([*flags, *known[name]], plugins=[runner])
        if code != pytest.ExitCode.OK:
            sys.stdout.write(output.getvalue())
            return 2
        killed = len(runner.all) - len(runner.survivors)
        noticed, total = noticed + killed, total + len(runner.all)
        sys.stdout.write(f"{name}: {killed} of {len(runner.all)} mutants noticed\n")
        for mutant in sorted(runner.survivors, key=lambda m: m.line):
            sys.stdout.write(f"  not noticed: {name}:{mutant.line} {'.'.join(mutant.names)}: {mutant.fault}\n")
        sys.stdout.flush()
    percent = 100 * noticed // total
    sys.stdout.write(f"Together: {noticed} of {total} ({percent} %)\n")
    return percent < given.floor


if __name__ == "__main__":
    sys.exit(main())
