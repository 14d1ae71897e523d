"""Counts every pledge anew and compares with the counter rows; mends what differs, and says what it was."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaign.pledging.counting import recount


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="mend nothing; end with an error if something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        drifts = recount(repair=not options["check"])
        for drift in drifts:
            self.stdout.write(str(drift))
        if drifts and options["check"]:
            raise CommandError(f"{len(drifts)} counters differ from what they count.")
        self.stdout.write(f"{len(drifts)} counters mended." if drifts else "Every counter is right: drift 0.")
