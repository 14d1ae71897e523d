"""Writes everything public into a folder: CSV, SQLite, Parquet where pyarrow is installed, and datapackage.json.

Without a folder it goes where the site lists it on /data/, under the day.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.api.snapshots import FOLDER, export, offer


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="A folder that is not there yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["folder"]:
                citation, where = export(options["folder"])["citation"], options["folder"]
            else:
                snapshot = offer(f"{timezone.now():%Y-%m-%d}")
                citation, where = snapshot.citation, Path(settings.MEDIA_ROOT, FOLDER, snapshot.folder)
        except FileExistsError as error:
            raise CommandError(f"{error.filename} is there already: name another folder.") from error
        if options["verbosity"] > 0:
            self.stdout.write(f"{where}\n{citation}")
