"""The triggers by which the database itself guards the ledger, histories and logs, and counts and marks what is written to public
tables.

Migrations make them: see `config.kit.migrations._triggers`, `treaties.migrations._ledger_triggers`,
`config.kit.migrations._generations` and `config.kit.migrations._marks`. Here is which there should be and which are missing. That
is what the site asks of the database it runs on. No history of any table, no line of the admin's log and no row of a model that is
`append_only` is ever changed or deleted; an account that stands in the log is therefore closed.
"""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from config.kit.migrations import _triggers
from config.kit.migrations._generations import FUNCTIONS as COUNTING
from config.kit.migrations._generations import generation_triggers
from config.kit.migrations._marks import FUNCTIONS as MARKING
from config.kit.migrations._marks import mark_triggers
from config.kit.migrations._triggers import ADMIN_LOG, HISTORY_REFUSAL, Trigger, drop, history_triggers
from config.kit.models.generations import tables_of_scopes
from config.kit.models.telling import marked_tables
from treaties.migrations._ledger_triggers import (
    ACTIONS,
    DERIVED,
    HOLDS,
    LEDGER_FUNCTIONS,
    OTHER_FACT,
    REFUSAL,
    ledger_triggers,
)

__all__ = ["ACTIONS", "DERIVED", "HISTORIES", "HISTORY_REFUSAL", "HOLDS", "OTHER_FACT", "REFUSAL", "drop"]
HISTORIES = ("treaties_historicaltreatyaction", "treaties_historicalarmedconflicthold")


def wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Every trigger of the ledger, of the histories of all apps and of the logs, and those that count and mark what is written."""
    found = ledger_triggers(connection)
    for table in history_tables(connection):
        found += history_triggers(connection, table)
    for scope, tables in tables_of_scopes().items():
        found += [trigger for table in tables for trigger in generation_triggers(connection, table, scope)]
    for marked in marked_tables():
        found += mark_triggers(connection, marked)
    return found


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that the database lacks, has disabled, or has in another form."""
    return _triggers.missing(connection, wanted(connection))


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is missing: for tables that were made from the models, without migrations."""
    _triggers.install(connection, wanted(connection), (*LEDGER_FUNCTIONS, *COUNTING, *MARKING))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for tests that tamper with the ledger."""
    for trigger in wanted(connection):
        drop(connection, trigger)


def history_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of all histories, those of links included, of the admin's log and of what is `append_only`."""
    logs = {ADMIN_LOG, *(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))}
    return sorted(name for name in connection.introspection.table_names() if "_historical" in name or name in logs)
