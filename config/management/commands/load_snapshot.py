"""Loads a snapshot, which `export_snapshot` wrote, into a new project: it gives the same answers from then on.

The database is to be empty: `migrate` was run, and nothing was loaded and no account made. The record keeps its numbers, moments
and hashes. Pledges are counts; pictures of statements stay where they are and are copied apart.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.api.public_rows import NotLoadable
from config.api.snapshots import load


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder with datapackage.json.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = load(options["folder"])
        except NotLoadable as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"] > 0:
            self.stdout.write(f"{number} rows were loaded.")
