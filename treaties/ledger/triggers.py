"""Triggers by which the database itself guards the ledger, raw SQL included.

- A confirmed row is never changed, deleted or overwritten. Computed columns (the day of effect by which lists are filtered) may
  be updated. SQLite's `REPLACE` deletes without asking the triggers on delete, so it is refused where it inserts or updates.
- A row is replaced by one of the same treaty, State and kind of act.
- No history of any table, no line of the admin's log and no row of a model that is `append_only` is ever changed or deleted; a
  row may only let go of an account, or of a kind of row, that is gone. An account that stands in the log is therefore closed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ACTIONS, HOLDS = "treaties_treatyaction", "treaties_armedconflicthold"
DERIVED = {ACTIONS: ["effective_on"], HOLDS: []}
"""The tables of the ledger with their computed columns."""
HISTORIES = ("treaties_historicaltreatyaction", "treaties_historicalarmedconflicthold")
REFUSAL = "a confirmed row of the ledger is never changed or deleted: record one that replaces it"
OTHER_FACT = "a row of the ledger is replaced by one of the same treaty, State and kind of act"
HISTORY_REFUSAL = "a history or log is never changed or deleted"
ADMIN_LOG = LogEntry._meta.db_table
_CONSENTS = "('ratification', 'acceptance', 'approval', 'accession', 'succession')"


@dataclass(frozen=True)
class Trigger:
    name: str
    table: str
    sql: str

    @property
    def digest(self) -> str:
        """By which a trigger that stands already is known to be this one."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:16]


def make_triggers(using: str, **kwargs: Any) -> None:
    """Make missing and changed triggers after every migration: SQLite loses them when it rebuilds a table.

    What stands already stays, and the change is one transaction: no row is without its guard for a moment.
    """
    connection = connections[using]
    if set(DERIVED) | set(HISTORIES) <= set(connection.introspection.table_names()):
        install(connection)


def make_way(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Before migrations on SQLite: drop what refers to another table, since a table that is rebuilt is gone for a moment.

    On the way back drop all, since SQLite does not drop a column that a trigger names. `make_triggers` makes them again.
    """
    connection = connections[using]
    if plan and connection.vendor == "sqlite" and HOLDS in connection.introspection.table_names():
        if any(is_backwards for _migration, is_backwards in plan):
            remove(connection)
        with connection.cursor() as cursor:
            for event in ("insert", "update"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{HOLDS}_same_fact_{event}"')


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is missing or differs from what it should be."""
    lacking = missing(connection)
    if not lacking:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _functions():
                cursor.execute(function)
        for trigger in lacking:
            _drop(cursor, connection.vendor, trigger)
            cursor.execute(trigger.sql)
            if connection.vendor == "postgresql":
                cursor.execute(f'COMMENT ON TRIGGER "{trigger.name}" ON "{trigger.table}" IS \'{trigger.digest}\'')


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that the database lacks, has disabled, or has in another form."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
    as_kept = (lambda t: t.digest) if connection.vendor == "postgresql" else (lambda t: t.sql)
    return [trigger for trigger in wanted(connection) if found.get(trigger.name) != as_kept(trigger)]


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for tests that tamper with the ledger."""
    with connection.cursor() as cursor:
        for trigger in wanted(connection):
            _drop(cursor, connection.vendor, trigger)


def _drop(cursor: Any, vendor: str, trigger: Trigger) -> None:
    on = f' ON "{trigger.table}"' if vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}')


def wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Every trigger of the ledger, of the histories of all apps and of the admin's log, in the database's own language."""
    is_sqlite = connection.vendor == "sqlite"
    others = [table for table in history_tables(connection) if table not in HISTORIES]
    found = [*_sqlite(connection)] if is_sqlite else [*_postgresql(connection)]
    for table in others:
        found += _sqlite_history(connection, table) if is_sqlite else _postgresql_history(connection, table)
    return found


def history_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of all histories, those of links included, of the admin's log and of what is `append_only`."""
    logs = {ADMIN_LOG, *(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))}
    return sorted(name for name in connection.introspection.table_names() if "_historical" in name or name in logs)


def _columns(connection: BaseDatabaseWrapper, table: str, but: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    return [c for c in columns if c not in but]


# --- SQLite --------------------------------------------------------------------------------------------------

_TAKEN = {
    ACTIONS: (
        "kept.id = NEW.id OR kept.sequence = NEW.sequence"
        " OR (NEW.confirmed_at IS NOT NULL AND kept.replaces_id = NEW.replaces_id)"
        " OR (kept.replaces_id IS NULL AND NEW.replaces_id IS NULL AND kept.treaty_id = NEW.treaty_id"
        " AND kept.state_id = NEW.state_id AND kept.action = NEW.action AND kept.deposited_on = NEW.deposited_on)"
    ),
    HOLDS: (
        "kept.id = NEW.id OR kept.sequence = NEW.sequence"
        " OR (NEW.confirmed_at IS NOT NULL AND kept.replaces_id = NEW.replaces_id)"
    ),
}
"""When a new row would push out an old one: the unique columns of each table."""


def _same_fact(table: str, new: str) -> str:
    """The query that finds the replaced row if it is of the same fact."""
    if table == ACTIONS:
        family = f"CASE WHEN {{}}.action IN {_CONSENTS} THEN 'consent' ELSE {{}}.action END"
        return (
            f'SELECT 1 FROM "{ACTIONS}" kept WHERE kept.id = {new}.replaces_id AND kept.treaty_id = {new}.treaty_id '
            f"AND kept.state_id = {new}.state_id AND {family.format('kept', 'kept')} = {family.format(new, new)}"
        )
    return (
        f'SELECT 1 FROM "{HOLDS}" kept JOIN "{ACTIONS}" a ON a.id = kept.withdrawal_id '
        f'JOIN "{ACTIONS}" b ON b.id = {new}.withdrawal_id '
        f"WHERE kept.id = {new}.replaces_id AND a.treaty_id = b.treaty_id AND a.state_id = b.state_id"
    )


def _sqlite(connection: BaseDatabaseWrapper) -> Iterable[Trigger]:
    trigger = _sqlite_trigger
    for table, derived in DERIVED.items():
        changed = _any_changed(_columns(connection, table, derived), "IS NOT")
        confirmed = "OLD.confirmed_at IS NOT NULL"
        taken = f'EXISTS (SELECT 1 FROM "{table}" kept WHERE kept.confirmed_at IS NOT NULL AND ({_TAKEN[table]}))'
        other = f"NEW.replaces_id IS NOT NULL AND NOT EXISTS ({_same_fact(table, 'NEW')})"
        yield trigger(table, "no_update", "UPDATE", f"{confirmed} AND ({changed})", REFUSAL)
        yield trigger(table, "no_delete", "DELETE", confirmed, REFUSAL)
        yield trigger(table, "no_overwriting_insert", "INSERT", taken, REFUSAL)
        yield trigger(
            table,
            "no_overwriting_update",
            "UPDATE",
            taken.replace("kept.confirmed_at IS NOT NULL", "kept.confirmed_at IS NOT NULL AND kept.id <> OLD.id"),
            REFUSAL,
        )
        yield trigger(table, "same_fact_insert", "INSERT", other, OTHER_FACT)
        yield trigger(table, "same_fact_update", "UPDATE", other, OTHER_FACT)
    for table in HISTORIES:
        yield from _sqlite_history(connection, table)


def _sqlite_trigger(table: str, name: str, event: str, condition: str, refusal: str) -> Trigger:
    name = f"{table}_{name}"
    return Trigger(
        name,
        table,
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW '
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    )


def _sqlite_history(connection: BaseDatabaseWrapper, table: str) -> Iterable[Trigger]:
    changed = _history_changed(connection, table, "IS NOT")
    yield _sqlite_trigger(table, "no_update", "UPDATE", changed, HISTORY_REFUSAL)
    yield _sqlite_trigger(table, "no_delete", "DELETE", "1", HISTORY_REFUSAL)


def _history_changed(connection: BaseDatabaseWrapper, table: str, differs: str) -> str:
    """When an update does more than to let go of what is gone: the account of a history, the kind of row of the log."""
    gone = "content_type_id" if table == ADMIN_LOG else "history_user_id"
    changed = _any_changed(_columns(connection, table, [gone]), differs)
    if gone not in _columns(connection, table, []):
        return changed
    return f"{changed} OR (NEW.{gone} {differs} OLD.{gone} AND NEW.{gone} IS NOT NULL)"


def _any_changed(columns: Iterable[str], differs: str) -> str:
    return " OR ".join(f'NEW."{c}" {differs} OLD."{c}"' for c in columns)


# --- PostgreSQL ----------------------------------------------------------------------------------------------


def _functions() -> Iterable[str]:
    refuse = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'; "
    for name, refusal in (("treaties_refuse", REFUSAL), ("treaties_refuse_history", HISTORY_REFUSAL)):
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{refuse.format(refusal)}END $$"
        )
    for table in DERIVED:
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_same_fact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.replaces_id IS NOT NULL AND NOT EXISTS ({_same_fact(table, 'NEW')}) THEN "
            f"{refuse.format(OTHER_FACT)}END IF; RETURN NEW; END $$"
        )


def _postgresql(connection: BaseDatabaseWrapper) -> Iterable[Trigger]:
    trigger = _postgresql_trigger
    for table, derived in DERIVED.items():
        changed = _any_changed(_columns(connection, table, derived), "IS DISTINCT FROM")
        confirmed = "OLD.confirmed_at IS NOT NULL"
        yield trigger(table, "no_update", "UPDATE", "treaties_refuse", f"{confirmed} AND ({changed})")
        yield trigger(table, "no_delete", "DELETE", "treaties_refuse", confirmed)
        yield trigger(table, "no_truncate", "TRUNCATE", "treaties_refuse", each="STATEMENT")
        yield trigger(table, "same_fact", "INSERT OR UPDATE", f"{table}_same_fact")
    for table in HISTORIES:
        yield from _postgresql_history(connection, table)


def _postgresql_trigger(
    table: str, name: str, event: str, function: str, condition: str = "", each: str = "ROW"
) -> Trigger:
    name = f"{table}_{name}"
    when = f"WHEN ({condition}) " if condition else ""
    return Trigger(
        name,
        table,
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} {when}EXECUTE FUNCTION {function}()',
    )


def _postgresql_history(connection: BaseDatabaseWrapper, table: str) -> Iterable[Trigger]:
    changed = _history_changed(connection, table, "IS DISTINCT FROM")
    yield _postgresql_trigger(table, "no_update", "UPDATE", "treaties_refuse_history", changed)
    yield _postgresql_trigger(table, "no_delete", "DELETE", "treaties_refuse_history")
    yield _postgresql_trigger(table, "no_truncate", "TRUNCATE", "treaties_refuse_history", each="STATEMENT")
