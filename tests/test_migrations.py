"""Migrations do to an old database what they did when they were written, and leave no guarded table without its triggers."""

import ast
import tomllib

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import OperationalError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg.errors import LockNotAvailable

from config.kit.migrations import _triggers
from config.kit.migrations._operations import ValidateCheck, in_batches
from config.kit.migrations._triggers import ADMIN_LOG, GuardTables, UnguardTables
from config.management.commands import migrate, set_up
from tests.fake_postgresql import FakePostgreSQL
from tests.house import ROOT
from treaties.migrations._ledger_triggers import ACTIONS, HOLDS, GuardLedger, UnguardLedger
from treaties.models import State

OURS = ("kit", "treaties", "campaign", "news")
LAST_MADE_STANDING_STILL = {"kit": 5, "treaties": 12, "campaign": 10, "news": 14}
"""The last migrations of the step from version 0.1.0 to the next one, which was made while the site stood still."""
FILES = sorted(path for app in ("config/kit", *OURS[1:]) for path in (ROOT / app / "migrations").glob("*.py"))


@pytest.fixture
def loader(settings) -> MigrationLoader:
    """All migrations as they stand on the disk; most tests make their tables without them."""
    settings.MIGRATION_MODULES = {}
    return MigrationLoader(None)


def imported(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def code_of_the_apps(source: str) -> set[str]:
    """What a migration imports of the project beside the modules that belong to migrations."""
    ours = {name for name in imported(source) if name.split(".")[0] in ("config", "treaties", "campaign", "news")}
    return {name for name in ours if ".migrations._" not in name}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_imports_no_code_that_goes_on(path):
    assert not code_of_the_apps(path.read_text(encoding="utf-8"))


def test_an_import_of_a_model_would_be_found():
    source = "from django.db import models\nimport treaties.models.states\nfrom config.kit.migrations._triggers import MakeWay"
    assert code_of_the_apps(source) == {"treaties.models.states"}


def is_guarded(table: str) -> bool:
    logs = {m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)}
    return "_historical" in table or table in {ADMIN_LOG, ACTIONS, HOLDS} | logs


def altered_without_guard(migration: migrations.Migration, state: ProjectState) -> set[str]:
    """The guarded tables that a migration alters or makes without dropping their triggers before and making them after."""
    wrong = set()
    for place, operation in enumerate(migration.operations):
        name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
        model = state.models.get((migration.app_label, str(name).lower()))
        operation.state_forwards(migration.app_label, state)
        model = model or state.models.get((migration.app_label, str(name).lower()))
        if model is None or isinstance(operation, ValidateCheck):
            continue
        table = model.options.get("db_table") or f"{migration.app_label}_{model.name_lower}"
        if not is_guarded(table):
            continue
        before = [o for o in migration.operations[:place] if isinstance(o, UnguardTables) and table in o.tables]
        after = [o for o in migration.operations[place:] if type(o) in (GuardTables, GuardLedger) and table in o.tables]
        if not after or not (before or isinstance(operation, migrations.CreateModel)):
            wrong.add(table)
    return wrong


def test_a_migration_that_alters_a_guarded_table_drops_its_triggers_and_makes_them_again(loader):
    assert {app for app, _name in loader.disk_migrations} >= set(OURS)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS and int(name[:4]) > LAST_MADE_STANDING_STILL[app]:
            state = loader.project_state((app, name), at_end=False)
            assert not altered_without_guard(migration, state), (app, name)


@pytest.mark.parametrize(
    ("operations", "wrong"),
    [
        ([migrations.AddField("treatyaction", "x", models.TextField(null=True))], {ACTIONS}),
        ([UnguardLedger(), migrations.AddField("treatyaction", "x", models.TextField(null=True))], {ACTIONS}),
        (
            [UnguardLedger(), migrations.AddField("treatyaction", "x", models.TextField(null=True)), GuardLedger()],
            set(),
        ),
        ([migrations.CreateModel("HistoricalThing", fields=[])], {"treaties_historicalthing"}),
        ([migrations.CreateModel("HistoricalThing", fields=[]), GuardTables("treaties_historicalthing")], set()),
        ([migrations.AddField("state", "x", models.TextField(null=True))], set()),
    ],
)
def test_a_guard_that_is_forgotten_is_found(operations, wrong, loader):
    migration = migrations.Migration("0999_new", "treaties")
    migration.operations = operations
    state = loader.project_state(("treaties", "0012_sealed_versions"))
    assert altered_without_guard(migration, state) == wrong


def test_the_linter_passes_over_the_first_step_alone(loader):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["django_migration_linter"]
    first = {
        name for app, name in loader.disk_migrations if app in OURS and int(name[:4]) <= LAST_MADE_STANDING_STILL[app]
    }
    assert set(settings["ignore_name"]) == first
    assert set(settings["include_apps"]) == set(OURS)


def test_rows_are_taken_in_batches_and_none_twice(db):
    batches = list(in_batches(State.objects.all(), size=50))
    assert [len(batch) for batch in batches] == [50, 50, 50, 47]
    assert len({state.pk for batch in batches for state in batch}) == 197


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_migrations_wait_a_limited_time_for_a_lock(db, settings):
    settings.MIGRATION_LOCK_TIMEOUT = 2.5
    fake = FakePostgreSQL()
    with migrate.limited_locks(fake):
        assert fake.asked == [("SELECT set_config('lock_timeout', %s, false)", ["2500ms"])]
    assert fake.asked[1:] == [("RESET lock_timeout", [])]
    if connection.vendor == "postgresql":
        before = lock_timeout()
        with migrate.limited_locks(connection):
            assert lock_timeout() == "2500ms"
        assert lock_timeout() == before


def test_sqlite_has_a_limit_of_its_own():
    fake = FakePostgreSQL()
    fake.vendor = "sqlite"
    with migrate.limited_locks(fake):
        pass
    assert not fake.asked


def test_a_lock_that_is_not_had_in_time_ends_the_migration_with_advice():
    late = OperationalError("canceling statement due to lock timeout")
    late.__cause__ = LockNotAvailable()
    with (
        pytest.raises(CommandError, match="nothing of this migration was changed"),
        migrate.limited_locks(FakePostgreSQL()),
    ):
        raise late


@pytest.mark.parametrize(
    ("found", "password", "makes"), [(None, "secret", True), (None, "", False), ((1,), "secret", False)]
)
def test_a_set_up_makes_the_sites_role_where_it_is_missing_and_a_password_is_given(monkeypatch, found, password, makes):
    fake = FakePostgreSQL([found])
    monkeypatch.setattr(set_up, "connection", fake)
    set_up.make_role("site", password)
    made = [sql for sql, _given in fake.asked if sql.startswith("CREATE ROLE")]
    assert made == (["CREATE ROLE \"site\" LOGIN PASSWORD 'secret'"] if makes else [])


def test_another_error_of_the_database_is_told_as_it_is():
    with pytest.raises(OperationalError, match="the disk is full"), migrate.limited_locks(FakePostgreSQL()):
        raise OperationalError("the disk is full")


@pytest.mark.parametrize(("version", "made_by"), [((15,), "CREATE OR REPLACE TRIGGER"), ((13, 4), "CREATE TRIGGER")])
def test_a_trigger_is_replaced_at_once_where_postgresql_can(db, version, made_by):
    fake = FakePostgreSQL(version=version)
    trigger = _triggers.postgresql_trigger("a_table", "no_delete", "DELETE", "refuse")
    _triggers.install(fake, [trigger], ["CREATE OR REPLACE FUNCTION refuse() ..."])
    asked = [sql for sql, _given in fake.asked][1:]  # the first asks which there are
    assert asked[0].startswith("CREATE OR REPLACE FUNCTION")
    assert [sql for sql in asked if sql.startswith(made_by)]
    assert any(sql.startswith("DROP TRIGGER") for sql in asked) == (version < (14,))
    assert asked[-2] == f'COMMENT ON TRIGGER "a_table_no_delete" ON "a_table" IS \'{trigger.digest}\''


def test_operations_say_what_they_do():
    described = [o.describe() for o in (GuardTables("a", "b"), UnguardLedger(), _triggers.MakeWay("news_"))]
    assert described == [
        "Guard the rows of a, b",
        f"Let the rows of {ACTIONS}, {HOLDS} be altered",
        "Drop the triggers of tables named news_*",
    ]


def test_operations_can_be_written_into_a_migration():
    name, given, named = GuardTables("a", "b").deconstruct()
    assert (name, list(given), named) == ("GuardTables", ["a", "b"], {})
