"""Operations that make and drop the triggers by which the database marks the public rows that are written.

See `config.kit.models.public_changes`. A row may belong to a thing of another table, as a figure does to its statement: the trigger
marks the thing. A migration that makes a table with public rows makes its triggers with `MarkChanges`; on SQLite a table that is
altered may lose them, so its migration makes them again at its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from config.kit.migrations._triggers import GuardTables, Trigger

TABLE = "kit_changemark"
FUNCTION = "kit_mark_change"
FUNCTIONS = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "DECLARE was text; is_now text; BEGIN "
    "IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) ->> TG_ARGV[1]; END IF; "
    "IF TG_OP <> 'DELETE' THEN is_now := to_jsonb(NEW) ->> TG_ARGV[1]; END IF; "
    f'IF is_now IS NOT NULL THEN INSERT INTO {TABLE} (kind, "row") VALUES (TG_ARGV[0], is_now); END IF; '
    f'IF was IS NOT NULL AND was IS DISTINCT FROM is_now THEN INSERT INTO {TABLE} (kind, "row") VALUES (TG_ARGV[0], was); END IF; '
    "RETURN NULL; END $$",
)


@dataclass(frozen=True)
class Marked:
    """Rows of a table belong to things of a kind: the column that holds the thing's key."""

    table: str
    kind: str
    column: str = "id"


def mark_triggers(connection: BaseDatabaseWrapper, marked: Marked) -> list[Trigger]:
    """The triggers that mark what is written: one for each kind of statement."""
    found = []
    for event in ("INSERT", "UPDATE", "DELETE"):
        name = f"{marked.table}_{marked.column}_marks_{event.lower()}"
        begin = f'CREATE TRIGGER "{name}" AFTER {event} ON "{marked.table}" FOR EACH ROW '
        if connection.vendor == "sqlite":
            new, old = f'NEW."{marked.column}"', f'OLD."{marked.column}"'
            insert = f"INSERT INTO {TABLE} (kind, \"row\") SELECT '{marked.kind}', "
            steps = [f"{insert}{new} WHERE {new} IS NOT NULL"] if event != "DELETE" else []
            if event != "INSERT":
                moved = f" AND {old} IS NOT {new}" if event == "UPDATE" else ""
                steps.append(f"{insert}{old} WHERE {old} IS NOT NULL{moved}")
            sql = f"{begin}BEGIN {'; '.join(steps)}; END"
        else:
            sql = f"{begin}EXECUTE FUNCTION {FUNCTION}('{marked.kind}', '{marked.column}')"
        found.append(Trigger(name, marked.table, sql))
    return found


class MarkChanges(GuardTables):
    """Make the triggers that mark what is written, and mark what is there: it has not been told yet."""

    def __init__(self, *marked: tuple[str, ...]) -> None:
        self.marked = [Marked(*each) for each in marked]
        super().__init__(*(each.table for each in self.marked))

    def wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        return [trigger for marked in self.marked for trigger in mark_triggers(connection, marked)]

    def functions(self) -> Iterable[str]:
        return FUNCTIONS

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        if schema_editor.collect_sql:
            return
        for marked in self.marked:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(
                    f'INSERT INTO {TABLE} (kind, "row") SELECT DISTINCT %s, "{marked.column}" FROM "{marked.table}" '  # noqa: S608 - names of tables from migrations
                    f'WHERE "{marked.column}" IS NOT NULL',
                    [marked.kind],
                )

    def describe(self) -> str:
        return f"Mark what is written to {', '.join(self.tables)}"
