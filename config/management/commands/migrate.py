"""Django's `migrate`, which waits for no lock so long that the site, which waits behind it, stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable


@contextmanager
def limited_locks(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """On PostgreSQL, wait at most MIGRATION_LOCK_TIMEOUT seconds for each lock. Raises CommandError where that is too short."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, false)", [f"{int(settings.MIGRATION_LOCK_TIMEOUT * 1000)}ms"]
        )
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CommandError(
                "A migration waited too long for its lock, since a table is in use: nothing of this migration was changed. "
                "Those before it are made. Run migrate again when less goes on, or set MIGRATION_LOCK_TIMEOUT to more seconds."
            ) from error
        raise
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with limited_locks(connections[options["database"]]):
            super().handle(*args, **options)
