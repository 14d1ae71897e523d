"""Grants a PostgreSQL role what the site needs and no more: to read and write rows; not to own, truncate or alter a table."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
"""What the owner of the tables grants; the last two are for the tables of later versions."""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="the role of the site, which exists already")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles: a SQLite file belongs to whoever may write it.")
        grant(role)
        if options["verbosity"] > 0:
            self.stdout.write(f"{role} reads and writes rows, and owns nothing.")


def grant(role: str) -> None:
    """Grant the rights, as the owner of the tables. Raises CommandError for a role that does not exist or owns a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise CommandError(f"There is no role {role}: make it with CREATE ROLE {role} LOGIN PASSWORD '...'.")
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", [role])
        (owned,) = cursor.fetchone()
        if found[0] or owned:
            raise CommandError(
                f"{role} may do everything or owns tables, so that it could drop the guards of the record."
            )
        for right in RIGHTS:
            cursor.execute(sql.SQL(right).format(role=sql.Identifier(role)))
