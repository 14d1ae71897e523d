"""The house as its source has it: modules, imports, circles, entries on a floor. Printed by `make house`."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ORDER = ["config.kit", "treaties", "campaign", "news", "config"]
"""Each imports only what stands before it."""
NO_DOORS = {"__init__.py", "__pycache__", "apps.py", "migrations"}
"""What every app has, and what is not opened to find code."""

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


def circles(edges: Iterable[Edge]) -> list[list[str]]:
    """The groups of modules that import one another (strongly connected components of more than one; Tarjan 1972)."""
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


def doors(app: str) -> set[str]:
    """The entries on the floor of an app that a newcomer has to choose among."""
    folder = ROOT.joinpath(*app.split("."))
    return {entry.name for entry in folder.iterdir()} - NO_DOORS


def room(module: str) -> str:
    """The entry on its app's floor that a module belongs to; the app itself for what stands in its `__init__`."""
    depth = 3 if storey(module) == "config.kit" else 2
    return ".".join(module.split(".")[:depth])


def rooms() -> dict[str, set[str]]:
    """For each room, the other rooms that it imports, of its own app and of the apps below."""
    found: dict[str, set[str]] = {}
    for edges in imports().values():
        for source, target in edges:
            if room(source) != room(target):
                found.setdefault(room(source), set()).add(room(target))
    return found


def report() -> str:
    """The figures and the import graph of every app, as text."""
    edges = frozenset().union(*imports().values())
    lines = [f"Modules: {len(modules())}; imports between them: {len(edges)}; circles: {len(circles(edges))}"]
    graph = rooms()
    for app in ORDER:
        lines += ["", f"{app}: {len(doors(app))} entries on the floor"]
        for name in sorted(n for n in graph if storey(n) == app):
            within = sorted(t.removeprefix(f"{app}.") for t in graph[name] if storey(t) == app)
            below = sorted({storey(t) for t in graph[name]} - {app}, key=ORDER.index)
            lines.append(
                f"  {name.removeprefix(f'{app}.')} -> {', '.join(within) or '-'}  (below: {', '.join(below) or '-'})"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
