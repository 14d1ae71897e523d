"""Operations and helpers that migrations of all apps share.

A migration imports nothing of the project but modules like this one, whose name begins with an underscore: what it does to an
old database must stay the same while the code goes on.
"""

from collections.abc import Iterator

from django.contrib.postgres import operations as postgres
from django.db import migrations, transaction

BATCH = 1000
"""How many rows a step of a migration changes before it commits, so that no lock is held for long."""


class AddCheck(postgres.AddConstraintNotValid):
    """Add a check to a table that has rows. On PostgreSQL it binds new rows at once; those that are there are looked at later, by
    `ValidateCheck` in another migration, which lets reading and writing go on. SQLite looks at all of them here."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddConstraint.database_forwards(self, app_label, schema_editor, from_state, to_state)


class ValidateCheck(postgres.ValidateConstraint):
    """See that the rows which were there before keep a check that was added by `AddCheck`."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def in_batches(rows, size=BATCH) -> Iterator[list]:
    """The rows of a QuerySet in lists, in the order of their keys, each list within a transaction of its own.

    For migrations with `atomic = False`. What is interrupted begins anew, so a step must bear being repeated.
    """
    last = None
    while True:
        more = rows.order_by("pk") if last is None else rows.order_by("pk").filter(pk__gt=last)
        with transaction.atomic(using=rows.db):
            batch = list(more[:size])
            if not batch:
                return
            last = batch[-1].pk
            yield batch
