"""Triggers by which the database refuses to change or delete a confirmed row of the ledger, raw SQL included.

Computed columns (the day of effect by which lists are filtered) may be updated.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {
    "treaties_treatyaction": ["effective_on"],
    "treaties_armedconflicthold": [],
}
REFUSAL = "a confirmed row of the ledger is never changed or deleted: record one that replaces it"


def _fact_columns(connection: BaseDatabaseWrapper, table: str, derived: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    return [c for c in columns if c not in derived]


def make_triggers(using: str, **kwargs: Any) -> None:
    """Make the triggers again after every migration: SQLite loses them when it rebuilds a table."""
    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        remove(connection)
        install(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers of every table of the ledger."""
    for table, derived in TABLES.items():
        columns = _fact_columns(connection, table, derived)
        with connection.cursor() as cursor:
            for statement in _statements(connection.vendor, table, columns):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for tests that flush their database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in (f"{table}_no_update", f"{table}_no_delete", f"{table}_no_truncate"):
                if connection.vendor == "postgresql":
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
                else:
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def _statements(vendor: str, table: str, columns: list[str]) -> list[str]:
    if vendor == "sqlite":
        changed = " OR ".join(f'NEW."{c}" IS NOT OLD."{c}"' for c in columns)
        return [
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f"WHEN OLD.confirmed_at IS NOT NULL AND ({changed}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
            f"WHEN OLD.confirmed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        ]
    changed = " OR ".join(f'NEW."{c}" IS DISTINCT FROM OLD."{c}"' for c in columns)
    return [
        "CREATE OR REPLACE FUNCTION treaties_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
        f"WHEN (OLD.confirmed_at IS NOT NULL AND ({changed})) EXECUTE FUNCTION treaties_refuse()",
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
        "WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION treaties_refuse()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION treaties_refuse()',
    ]
