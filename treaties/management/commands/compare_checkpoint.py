"""Tells whether today's record extends what was kept of it: a saved checkpoint.json, or a letter with checkpoint lines."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from treaties.ledger.checkpoints import NoCheckpoint, compare


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what was kept; - reads it from the standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            kept = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig", errors="replace")
            verdicts = compare(kept)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except NoCheckpoint as error:
            raise CommandError(f"{name}: {error}") from error
        for verdict in verdicts:
            if verdict.holds:
                self.stdout.write(str(verdict))
        wrong = [str(verdict) for verdict in verdicts if not verdict.holds]
        if wrong:
            raise CommandError("\n".join(wrong))
