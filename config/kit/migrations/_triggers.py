"""Operations that make and drop the triggers of tables whose rows are never changed: histories, logs, what is `append_only`.

A migration that alters such a table begins with `UnguardTables` and ends with `GuardTables`, and so does one that makes one end:
SQLite loses triggers when it rebuilds a table, and a trigger names all columns. Both happen in the migration's own transaction,
so no row is without its guard for a moment. The triggers are made from the columns that the database has at that moment.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation, OperationCategory

HISTORY_REFUSAL = "a history or log is never changed or deleted"
ADMIN_LOG = "django_admin_log"
FIRST_WITH_REPLACE = (14,)
"""PostgreSQL 14 and later know CREATE OR REPLACE TRIGGER."""


@dataclass(frozen=True)
class Trigger:
    name: str
    table: str
    sql: str

    @property
    def digest(self) -> str:
        """By which a trigger that stands already is known to be this one."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:16]


# --- Which triggers a table has ------------------------------------------------------------------------------


def columns(connection: BaseDatabaseWrapper, table: str, but: Sequence[str] = ()) -> list[str]:
    with connection.cursor() as cursor:
        names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    return [name for name in names if name not in but]


def any_changed(names: Iterable[str], differs: str) -> str:
    return " OR ".join(f'NEW."{name}" {differs} OLD."{name}"' for name in names)


def sqlite_trigger(table: str, name: str, event: str, condition: str, refusal: str) -> Trigger:
    name = f"{table}_{name}"
    return Trigger(
        name,
        table,
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW '
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    )


def postgresql_trigger(
    table: str, name: str, event: str, function: str, condition: str = "", each: str = "ROW"
) -> Trigger:
    name = f"{table}_{name}"
    when = f"WHEN ({condition}) " if condition else ""
    return Trigger(
        name,
        table,
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} {when}EXECUTE FUNCTION {function}()',
    )


def refusing_function(name: str, refusal: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


HISTORY_FUNCTION = "treaties_refuse_history"  # named so since version 0.1.0
FUNCTIONS = (refusing_function(HISTORY_FUNCTION, HISTORY_REFUSAL),)


def history_triggers(connection: BaseDatabaseWrapper, table: str, vendor: str = "") -> list[Trigger]:
    """A row may only let go of what is gone: the account of a history, the kind of row of the admin's log."""
    is_sqlite = (vendor or connection.vendor) == "sqlite"
    differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    gone = "content_type_id" if table == ADMIN_LOG else "history_user_id"
    names = columns(connection, table)
    changed = any_changed((name for name in names if name != gone), differs)
    if gone in names:
        changed = f"{changed} OR (NEW.{gone} {differs} OLD.{gone} AND NEW.{gone} IS NOT NULL)"
    if is_sqlite:
        return [
            sqlite_trigger(table, "no_update", "UPDATE", changed, HISTORY_REFUSAL),
            sqlite_trigger(table, "no_delete", "DELETE", "1", HISTORY_REFUSAL),
        ]
    return [
        postgresql_trigger(table, "no_update", "UPDATE", HISTORY_FUNCTION, changed),
        postgresql_trigger(table, "no_delete", "DELETE", HISTORY_FUNCTION),
        postgresql_trigger(table, "no_truncate", "TRUNCATE", HISTORY_FUNCTION, each="STATEMENT"),
    ]


# --- Making and dropping them --------------------------------------------------------------------------------


def missing(connection: BaseDatabaseWrapper, wanted: Iterable[Trigger]) -> list[Trigger]:
    """Those that the database lacks, has disabled, or has in another form."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
    as_kept = (lambda t: t.digest) if connection.vendor == "postgresql" else (lambda t: t.sql)
    return [trigger for trigger in wanted if found.get(trigger.name) != as_kept(trigger)]


def install(connection: BaseDatabaseWrapper, wanted: Iterable[Trigger], functions: Iterable[str] = FUNCTIONS) -> None:
    """Make every trigger that is missing or differs from what it should be, in one transaction. What stands already stays."""
    lacking = missing(connection, wanted)
    if not lacking:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for trigger in lacking:
                drop(connection, trigger)
                cursor.execute(trigger.sql)
            return
        for function in functions:
            cursor.execute(function)
        for trigger in lacking:
            if connection.get_database_version() >= FIRST_WITH_REPLACE:
                cursor.execute(trigger.sql.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1))
            else:
                drop(connection, trigger)
                cursor.execute(trigger.sql)
            cursor.execute(f'COMMENT ON TRIGGER "{trigger.name}" ON "{trigger.table}" IS \'{trigger.digest}\'')
            cursor.execute(f'ALTER TABLE "{trigger.table}" ENABLE TRIGGER "{trigger.name}"')


def drop(connection: BaseDatabaseWrapper, trigger: Trigger) -> None:
    on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}')


# --- Operations ----------------------------------------------------------------------------------------------


class GuardTables(Operation):
    """Make the triggers of tables."""

    reversible = True
    category = OperationCategory.SQL

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        return [trigger for table in self.tables for trigger in history_triggers(connection, table)]

    def functions(self) -> Iterable[str]:
        return FUNCTIONS

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def guard(self, schema_editor: Any) -> None:
        if not schema_editor.collect_sql:  # sqlmigrate may stand before tables that are not there yet
            install(schema_editor.connection, self.wanted(schema_editor.connection), self.functions())

    def unguard(self, schema_editor: Any) -> None:
        if not schema_editor.collect_sql:
            for trigger in self.wanted(schema_editor.connection):
                drop(schema_editor.connection, trigger)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.guard(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.unguard(schema_editor)

    def describe(self) -> str:
        return f"Guard the rows of {', '.join(self.tables)}"


class UnguardTables(GuardTables):
    """Drop the triggers of tables that the same migration alters."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.unguard(schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.guard(schema_editor)

    def describe(self) -> str:
        return f"Let the rows of {', '.join(self.tables)} be altered"


class MakeWay(Operation):
    """Drop the triggers that version 0.1.0 made after every migration, on SQLite, which does not alter a table that they name.

    PostgreSQL alters it, so there each stays until it is replaced.
    """

    reversible = True
    category = OperationCategory.SQL

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite" and not schema_editor.collect_sql:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
                for name, table in cursor.fetchall():
                    if table.startswith(self.prefix):
                        cursor.execute(f'DROP TRIGGER "{name}"')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Version 0.1.0 makes its triggers itself."""

    def describe(self) -> str:
        return f"Drop the triggers of tables named {self.prefix}*"
