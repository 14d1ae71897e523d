"""Walks the chain of every treaty, and the site's own, and names all that was altered, is missing or stands in another place."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from treaties import ledger
from treaties.ledger import triggers
from treaties.models import LedgerSequence, Treaty
from treaties.models.sealed_versions import SITE


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("treaties", nargs="*", help="slugs (default: all, and the site's own chain)")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Treaty.objects.all()
        if options["treaties"]:
            chosen = chosen.filter(slug__in=options["treaties"])
            unknown = set(options["treaties"]) - set(chosen.values_list("slug", flat=True))
            if unknown:
                raise CommandError(f"No such treaty: {', '.join(sorted(unknown))}.")
        faults = [
            f"the database lacks the trigger {trigger.name}: find out who dropped it, then run set_up"
            for trigger in triggers.missing(connection)
        ]
        for treaty in chosen:
            found = ledger.verify(treaty)
            faults += map(str, found)
            head = ledger.head_of(treaty)
            state = f"{len(found)} faults" if found else "whole"
            self.stdout.write(
                f"{treaty.slug}: {head.length if head else 0} rows, head {head.hash if head else '-'}: {state}"
            )
        if not options["treaties"]:
            found = ledger.verify_site()
            faults += map(str, found)
            end = LedgerSequence.objects.filter(pk=1).first() or LedgerSequence()
            state = f"{len(found)} faults" if found else "whole"
            self.stdout.write(f"{SITE}: {end.site_length} versions, head {end.site_hash or '-'}: {state}")
        if faults:
            raise CommandError("\n".join(faults))
