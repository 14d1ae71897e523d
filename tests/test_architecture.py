"""Dependencies flow one way: treaties <- campaign <- news <- config. Read from the imports themselves."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ORDER = ["treaties", "campaign", "news", "config"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("app", ORDER)
def test_an_app_never_imports_from_one_on_its_right(app):
    right = set(ORDER[ORDER.index(app) + 1 :])
    wrong = {
        str(path.relative_to(ROOT)): found & right
        for path in (ROOT / app).rglob("*.py")
        if (found := imports(path)) & right
    }
    assert not wrong


@pytest.mark.parametrize("name", ["rules.py", "charts.py"])
def test_the_rules_and_the_geometry_know_nothing_of_django(name):
    assert not imports(ROOT / "treaties" / name) & {"django", "rest_framework"}
