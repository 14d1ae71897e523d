"""Operations that make and drop the triggers by which the database counts what is written to public tables.

See `config.kit.models.generations`. A migration that makes a public table makes its triggers with `CountChanges`, too. On SQLite a
table that is altered may lose its triggers, so it makes them again at its end; PostgreSQL keeps them.

Those who write at once never wait for each other: on PostgreSQL each takes a row that no other holds, and makes one if all are
held. A transaction counts once, since PostgreSQL keeps each version of a row until the transaction ends.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from config.kit.migrations._triggers import GuardTables, Trigger, UnguardTables

TABLE = "kit_generation"
FUNCTION = "kit_count_change"
_SETTING = "'minefree.counted_' || TG_ARGV[0]"
FUNCTIONS = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF current_setting({_SETTING}, true) = txid_current()::text THEN RETURN NULL; END IF; "
    f"UPDATE {TABLE} SET number = number + 1, moved_at = clock_timestamp() WHERE id = "
    f"(SELECT id FROM {TABLE} WHERE scope = TG_ARGV[0] ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED); "
    f"IF NOT FOUND THEN INSERT INTO {TABLE} (scope, number, moved_at) VALUES (TG_ARGV[0], 1, clock_timestamp()); END IF; "
    f"PERFORM set_config({_SETTING}, txid_current()::text, true); RETURN NULL; END $$",
)
_NOW_ON_SQLITE = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def generation_triggers(connection: BaseDatabaseWrapper, table: str, scope: str) -> list[Trigger]:
    """The triggers that count what is written to a table: one for each kind of statement."""
    events = ["INSERT", "UPDATE", "DELETE"]
    if connection.vendor == "sqlite":
        count = (
            f"INSERT INTO {TABLE} (scope, number, moved_at) SELECT '{scope}', 0, {_NOW_ON_SQLITE} "
            f"WHERE NOT EXISTS (SELECT 1 FROM {TABLE} WHERE scope = '{scope}'); "
            f"UPDATE {TABLE} SET number = number + 1, moved_at = {_NOW_ON_SQLITE} WHERE scope = '{scope}'"
        )
        return [
            Trigger(
                f"{table}_counts_{event.lower()}",
                table,
                f'CREATE TRIGGER "{table}_counts_{event.lower()}" AFTER {event} ON "{table}" FOR EACH ROW BEGIN {count}; END',
            )
            for event in events
        ]
    return [
        Trigger(
            f"{table}_counts_{event.lower()}",
            table,
            f'CREATE TRIGGER "{table}_counts_{event.lower()}" AFTER {event} ON "{table}" FOR EACH STATEMENT '
            f"EXECUTE FUNCTION {FUNCTION}('{scope}')",
        )
        for event in [*events, "TRUNCATE"]
    ]


class CountChanges(GuardTables):
    """Make the triggers that count what is written to the tables of a scope."""

    def __init__(self, scope: str, *tables: str) -> None:
        self.scope = scope
        super().__init__(*tables)

    def wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        return [trigger for table in self.tables for trigger in generation_triggers(connection, table, self.scope)]

    def functions(self) -> Iterable[str]:
        return FUNCTIONS

    def describe(self) -> str:
        return f"Count what is written to the tables of {self.scope}"


class StopCounting(UnguardTables, CountChanges):
    """Drop these triggers of tables that the same migration alters. `CountChanges` at its end makes them again."""

    def describe(self) -> str:
        return f"Do not count what is written to the tables of {self.scope}"
