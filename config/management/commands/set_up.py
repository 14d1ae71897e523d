"""Brings a new or an older database up to this version: migrates it, loads the data, and gives the site's role its rights.

Makes the triggers again that guard the record, should one be missing, and names it.

Run it as the owner of the tables, before the site starts. The role is made if it is missing, with the password in SITE_PASSWORD.
"""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg import sql

from config.management.commands.grant_site_role import grant
from treaties.ledger import triggers

LOADERS = ("load_treaties", "load_campaign", "load_figures", "load_positions", "load_news", "load_translations")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site-role", default="", help="on PostgreSQL: the role of the site, which owns nothing")

    def handle(self, *args: Any, site_role: str, **options: Any) -> None:
        call_command("migrate", verbosity=options["verbosity"])
        self.mend_guards()
        for loader in LOADERS:
            call_command(loader, verbosity=options["verbosity"])
        if site_role and connection.vendor == "postgresql":
            make_role(site_role, os.environ.get("SITE_PASSWORD", ""))
            grant(site_role)

    def mend_guards(self) -> None:
        """Make the triggers that somebody has dropped since they were migrated, and say which."""
        lacking = triggers.missing(connection)
        triggers.install(connection)
        for trigger in lacking:
            self.stderr.write(f"The trigger {trigger.name} was missing and is made again. Find out who dropped it.")


def make_role(role: str, password: str) -> None:
    """Make a role that may sign in, where there is none of that name and a password is given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None and password:
            made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
            cursor.execute(made)
