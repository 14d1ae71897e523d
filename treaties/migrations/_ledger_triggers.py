"""Operations that make and drop the triggers by which the database itself guards the ledger, raw SQL included.

- A confirmed row is never changed, deleted or overwritten. Computed columns (the day of effect by which lists are filtered) may
  be updated. SQLite's `REPLACE` deletes without asking the triggers on delete, so it is refused where it inserts or updates.
- A row is replaced by one of the same treaty, State and kind of act.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from config.kit.migrations._triggers import (
    FUNCTIONS,
    GuardTables,
    Trigger,
    UnguardTables,
    any_changed,
    columns,
    postgresql_trigger,
    refusing_function,
    sqlite_trigger,
)

ACTIONS, HOLDS = "treaties_treatyaction", "treaties_armedconflicthold"
DERIVED = {ACTIONS: ["effective_on"], HOLDS: []}
"""The tables of the ledger with their computed columns."""
REFUSAL = "a confirmed row of the ledger is never changed or deleted: record one that replaces it"
OTHER_FACT = "a row of the ledger is replaced by one of the same treaty, State and kind of act"
_CONSENTS = "('ratification', 'acceptance', 'approval', 'accession', 'succession')"
_IS_CONFIRMED = "OLD.confirmed_at IS NOT NULL"

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


def ledger_triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Of acts and holds; their histories are guarded like those of any table."""
    return made_for(connection.vendor, connection)


def made_for(vendor: str, connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers in the language of a kind of database, from the columns of any."""
    return [*(_sqlite if vendor == "sqlite" else _postgresql)(connection)]


def _sqlite(connection: BaseDatabaseWrapper) -> Iterable[Trigger]:
    for table, derived in DERIVED.items():
        changed = any_changed(columns(connection, table, derived), "IS NOT")
        taken = f'EXISTS (SELECT 1 FROM "{table}" kept WHERE kept.confirmed_at IS NOT NULL AND ({_TAKEN[table]}))'
        taken_by_another = taken.replace(
            "kept.confirmed_at IS NOT NULL", "kept.confirmed_at IS NOT NULL AND kept.id <> OLD.id"
        )
        other = f"NEW.replaces_id IS NOT NULL AND NOT EXISTS ({_same_fact(table, 'NEW')})"
        yield sqlite_trigger(table, "no_update", "UPDATE", f"{_IS_CONFIRMED} AND ({changed})", REFUSAL)
        yield sqlite_trigger(table, "no_delete", "DELETE", _IS_CONFIRMED, REFUSAL)
        yield sqlite_trigger(table, "no_overwriting_insert", "INSERT", taken, REFUSAL)
        yield sqlite_trigger(table, "no_overwriting_update", "UPDATE", taken_by_another, REFUSAL)
        yield sqlite_trigger(table, "same_fact_insert", "INSERT", other, OTHER_FACT)
        yield sqlite_trigger(table, "same_fact_update", "UPDATE", other, OTHER_FACT)


def _functions() -> Iterable[str]:
    yield from FUNCTIONS
    yield refusing_function("treaties_refuse", REFUSAL)
    for table in DERIVED:
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_same_fact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.replaces_id IS NOT NULL AND NOT EXISTS ({_same_fact(table, 'NEW')}) THEN "
            f"RAISE EXCEPTION '{OTHER_FACT}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN NEW; END $$"
        )


LEDGER_FUNCTIONS = tuple(_functions())


def _postgresql(connection: BaseDatabaseWrapper) -> Iterable[Trigger]:
    for table, derived in DERIVED.items():
        changed = any_changed(columns(connection, table, derived), "IS DISTINCT FROM")
        yield postgresql_trigger(table, "no_update", "UPDATE", "treaties_refuse", f"{_IS_CONFIRMED} AND ({changed})")
        yield postgresql_trigger(table, "no_delete", "DELETE", "treaties_refuse", _IS_CONFIRMED)
        yield postgresql_trigger(table, "no_truncate", "TRUNCATE", "treaties_refuse", each="STATEMENT")
        yield postgresql_trigger(table, "same_fact", "INSERT OR UPDATE", f"{table}_same_fact")


class GuardLedger(GuardTables):
    """Make the triggers of acts and holds."""

    def __init__(self) -> None:
        super().__init__(ACTIONS, HOLDS)

    def wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        return ledger_triggers(connection)

    def functions(self) -> Iterable[str]:
        return LEDGER_FUNCTIONS


class UnguardLedger(GuardLedger, UnguardTables):
    """Drop the triggers of acts and holds, of which the same migration alters one."""
