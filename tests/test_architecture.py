"""The house: imports flow one way and in no circle, floors have few doors. Read from the source itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORDER = ["config.kit", "treaties", "campaign", "news", "config"]
"""Each imports only what stands before it."""
APPS = ["treaties", "campaign", "news", "config.kit"]
MOST_DOORS = 14
NO_DOORS = {"__init__.py", "__pycache__", "apps.py", "migrations"}

Edge = tuple[str, str]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every module of the house by its dotted name, migrations apart: they are history."""
    found = {}
    for top in ("config", "treaties", "campaign", "news"):
        for path in (ROOT / top).rglob("*.py"):
            if "migrations" not in path.parts:
                found[name_of(path)] = path
    return found


def targets(node: ast.AST) -> Iterator[str]:
    """The modules of the house that an import statement names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        names = [
            inner if (inner := f"{node.module}.{alias.name}") in modules() else node.module for alias in node.names
        ]
    else:
        return
    yield from (name for name in names if name in modules())


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@cache
def imports() -> dict[str, frozenset[Edge]]:
    """Every import between modules of the house: those at the top, late ones, and those for types alone."""
    found: dict[str, set[Edge]] = {"top": set(), "late": set(), "types": set()}

    def walk(module: str, node: ast.AST, kind: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = kind
            if kind == "top" and is_type_checking(child):
                inner = "types"
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                inner = "late"
            found[inner] |= {(module, target) for target in targets(child) if target != module}
            walk(module, child, inner)

    for module, path in modules().items():
        walk(module, ast.parse(path.read_text(encoding="utf-8")), "top")
    return {kind: frozenset(edges) for kind, edges in found.items()}


def circles(edges: frozenset[Edge]) -> list[list[str]]:
    """The groups of modules that import one another (strongly connected components of more than one)."""
    graph: dict[str, list[str]] = {}
    for source, target in edges:
        graph.setdefault(source, []).append(target)
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for target in graph.get(module, ()):
            if target not in order:
                visit(target)
            if target in stack:
                lowest[module] = min(lowest[module], lowest[target])
        if lowest[module] == order[module]:
            group = [stack.pop()]
            while group[-1] != module:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for module in list(graph):
        if module not in order:
            visit(module)
    return found


def storey(module: str) -> str:
    """The part of the house that a module belongs to."""
    return "config.kit" if module.split(".")[:2] == ["config", "kit"] else module.split(".")[0]


@pytest.mark.parametrize("kind", ["top", "late", "types"])
def test_imports_flow_one_way(kind):
    wrong = [
        f"{source} -> {target}"
        for source, target in sorted(imports()[kind])
        if ORDER.index(storey(target)) > ORDER.index(storey(source))
    ]
    assert not wrong


@pytest.mark.parametrize("kinds", [["top"], ["top", "late"], ["top", "late", "types"]], ids=" and ".join)
def test_no_modules_import_one_another_in_a_circle(kinds):
    assert not circles(frozenset().union(*(imports()[kind] for kind in kinds)))


def test_a_circle_would_be_found():
    assert circles(frozenset({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")})) == [["a", "b", "c"]]


def test_late_imports_stand_where_apps_are_joined_and_nowhere_else():
    assert {source for source, _target in imports()["late"]} <= {f"{app}.apps" for app in [*APPS, "config"]}


@pytest.mark.parametrize("app", [*APPS, "config"])
def test_a_floor_has_few_doors(app):
    folder = ROOT.joinpath(*app.split("."))
    doors = {entry.name for entry in folder.iterdir()} - NO_DOORS
    assert len(doors) <= MOST_DOORS, sorted(doors)


def test_the_law_knows_nothing_of_django():
    for path in (ROOT / "treaties" / "law").rglob("*.py"):
        named = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        assert not {name.split(".")[0] for name in named} & {"django", "rest_framework", "treaties"}, path


@pytest.mark.parametrize("room", ["treaties.law", "treaties.ledger", "treaties.status", "treaties.models"])
def test_no_room_of_the_record_knows_http(room):
    pages = {"treaties.pages", "treaties.api", "treaties.admin", "config.kit.pages", "config.kit.api"}
    wrong = [
        f"{source} -> {target}"
        for source, target in imports()["top"]
        if source.startswith(f"{room}.") and any(target == p or target.startswith(f"{p}.") for p in pages)
    ]
    assert not wrong
