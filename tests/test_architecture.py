"""The house: imports flow one way and in no circle, floors have few doors. Read from the source itself."""

import ast

import pytest

from tests.house import ORDER, ROOT, circles, doors, imports, report, storey

MOST_DOORS = 14
LONGEST_LINE = 140
"""Of a template, in characters: what is longer is no readable difference when a word of it changes."""


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
    assert {source for source, _target in imports()["late"]} <= {f"{app}.apps" for app in ORDER}


@pytest.mark.parametrize("app", ORDER)
def test_a_floor_has_few_doors(app):
    assert len(doors(app)) <= MOST_DOORS, sorted(doors(app))


def test_the_report_names_every_floor_and_counts_the_circles():
    printed = report()
    assert "circles: 0" in printed
    assert all(f"{app}: {len(doors(app))} entries on the floor" in printed for app in ORDER)


def test_the_law_knows_nothing_of_django():
    for path in (ROOT / "treaties" / "law").rglob("*.py"):
        named = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        outside = {name for name in named if not name.startswith("treaties.law")}
        assert not {name.split(".")[0] for name in outside} & {"django", "rest_framework", "treaties"}, path


@pytest.mark.parametrize("room", ["treaties.law", "treaties.ledger", "treaties.status", "treaties.models"])
def test_no_room_of_the_record_knows_http(room):
    pages = {"treaties.pages", "treaties.api", "treaties.admin", "config.kit.pages", "config.kit.api"}
    wrong = [
        f"{source} -> {target}"
        for source, target in imports()["top"]
        if source.startswith(f"{room}.") and any(target == p or target.startswith(f"{p}.") for p in pages)
    ]
    assert not wrong


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda path: path.name)
def test_no_line_of_a_template_is_too_long_to_be_compared(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE]
