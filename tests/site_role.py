"""The tests as the site runs on PostgreSQL: under a role that owns no table (`AS_SITE_ROLE=1`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

from config.management.commands.grant_site_role import grant

ROLE = "minefree_tests_site"


def make() -> None:
    """Make the role if there is none, and grant it what the site's role gets."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(711)")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute("SELECT pg_advisory_unlock(711)")
    grant(ROLE)


def use() -> None:
    """From now on every connection of this process acts as the role; to be called again for a fresh copy of the database."""
    with as_owner():
        make()
    connection_created.connect(_become, dispatch_uid="tests.site_role")
    _become(None, connection)


def _become(sender: object, connection: Any, **kwargs: Any) -> None:
    if str(connection.settings_dict["NAME"]).startswith("minefree_tests_of_"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROLE}")


@contextmanager
def as_owner() -> Iterator[None]:
    """As whoever rules over the server, who alone can drop the guards; then as before."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        was, owner = cursor.fetchone()
        cursor.execute(f'SET ROLE "{owner}"')
        yield
        cursor.execute(f'SET ROLE "{was}"')
