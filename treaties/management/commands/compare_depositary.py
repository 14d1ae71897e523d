"""Compares a treaty's ledger with the Depositary's table: its saved page, its XML, or a table of acts. Writes nothing.

Exit code 0: no difference; 1: differences, which are printed; 2: the file cannot be read, or there is no such treaty.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kit.incoming.tables import TableError
from treaties.ledger.comparing import differences, read_status
from treaties.models import Difference, Treaty


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("treaty", help="the treaty by its address: mine-ban-convention")
        parser.add_argument("file", type=Path, help="HTML, XML, CSV (iso3,action,date) or XLSX")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        treaty = Treaty.objects.filter(slug=options["treaty"]).first()
        if treaty is None:
            known = ", ".join(Treaty.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no treaty {options['treaty']}. Known: {known}.", returncode=2)
        try:
            table = read_status(options["file"].read_bytes(), treaty)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.", returncode=2) from error
        except TableError as error:
            lines = "\n".join(str(message) for message in error.messages)
            raise CommandError(f"{options['file']} cannot be read.\n{lines}", returncode=2) from error
        for doubt in table.doubts:
            self.stderr.write(doubt)
        found = differences(treaty, table.acts, table.as_at)
        if options["json"]:
            answer = {
                "treaty": treaty.slug,
                "as_at": table.as_at.isoformat() if table.as_at else None,
                "read": table.read(),
                "differences": [_as_json(difference) for difference in found],
            }
            self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
        else:
            for difference in found:
                self.stdout.write(_as_line(difference))
            read = ", ".join(f"{n} {what}" for what, n in table.read().items())
            as_at = f" as at {table.as_at}" if table.as_at else ""
            self.stdout.write(f"{treaty.slug}{as_at}: {read} read; {len(found) or 'no'} differences.")
        if found:
            sys.exit(1)


def _as_json(difference: Difference) -> dict[str, str | None]:
    theirs, ours = difference.depositary_date, difference.ledger_date
    found: dict[str, str | None] = {
        "iso3": difference.state_id,
        "action": difference.action,
        "depositary": theirs.isoformat() if theirs else None,
        "ledger": ours.isoformat() if ours else None,
        "kind": difference.kind,
    }
    if difference.kind == Difference.Kind.OTHER_ACT and difference.our_row:
        found["ledger_action"] = difference.our_row.action
    return found


def _as_line(difference: Difference) -> str:
    row = _as_json(difference)
    ours = " ".join(word for word in (row.get("ledger_action"), row["ledger"]) if word) or "nothing"
    return f"{row['iso3']} {row['action']} ({row['kind']}): the Depositary {row['depositary'] or 'nothing'}, the ledger {ours}"
