"""Makes the tables of an empty database from the models, with their triggers: a tenth of the time that the migrations take.

Run as `python -m tests.tables`, with DATABASE_URL.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.kept_record import NoMigrations
    from treaties.ledger import triggers

    settings.MIGRATION_MODULES = NoMigrations()
    call_command("migrate", run_syncdb=True, verbosity=0)
    triggers.install(connection)


if __name__ == "__main__":
    main()
