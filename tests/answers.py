"""Run by a test in a process of its own, on a database of its own: fills it and tells what the site answers.

    python -m tests.answers FOLDER [FOLDER]

Loads the record from each folder in turn, then prints as JSON what the API and the pages say of it, without what differs from one
database to another: the numbers of rows, their hashes and the moments at which they came in.
"""

import io
import json
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from treaties import ledger  # noqa: E402
from treaties.models import Treaty, TreatyAction  # noqa: E402

DAYS = ("2014-01-27", "2016-03-15", "2026-02-03", "2026-11-26")
OF_ONE_DATABASE = re.compile(
    r'(row(?:=| )|(?:action|act|declaration|step|name)-|"id":|/treaty-actions/)\d+'
    r"|[0-9a-f]{12,64}|\d{4}-\d\d-\d\dT[\d:.]+Z"
)
NUMBERS = {"id", "sequence", "evidence", "action_id", "known_at", "record_since", "recorded_at", "confirmed_at"}
NUMBERS |= {"hash", "previous_hash", "url", "page", "with_action", "answers", "answered_by", "loaded_from"}


def addresses() -> list[str]:
    api = "/api/v1"
    found = [f"{api}/states/?page_size=200", f"{api}/treaties/", f"{api}/obligations/?page_size=200", "/states/"]
    found += ["/", "/treaties/", "/treaties/matrix/?on=2026-11-26", "/states/lbn/", "/states/mus/", "/states/nru/"]
    found += ["/states/ukr/", "/states/tur/?on=2010-01-01", "/states/?group=eu", f"{api}/declarations/?page_size=200"]
    found += [f"{api}/treaty-actions/?action=withdrawal", f"{api}/states/?group=nato&page_size=200"]
    for treaty in Treaty.objects.all():
        found += [
            f"{api}/treaties/{treaty.slug}/counts/?step=change&to=2026-11-26",
            f"/treaties/{treaty.slug}/deadlines/",
            f"/treaties/{treaty.slug}/declarations/",
            f"/treaties/{treaty.slug}/doubts/",
        ]
        for day in DAYS:
            found += [f"{api}/treaties/{treaty.slug}/status/?on={day}", f"/treaties/{treaty.slug}/?on={day}"]
    return found


def plain(value: object) -> object:
    """An answer without what belongs to one database alone."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in NUMBERS}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def answer(client: Client, address: str) -> object:
    response = client.get(address)
    assert response.status_code == 200, address
    if address.startswith("/api/"):
        return plain(response.json())
    return OF_ONE_DATABASE.sub("", response.content.decode())


def main() -> None:
    setup_test_environment()
    told = io.StringIO()
    for folder in sys.argv[1:]:
        call_command("load_treaties", data=Path(folder), stdout=told)
    client = Client()
    print(
        json.dumps(
            {
                "answers": {address: answer(client, address) for address in addresses()},
                "told": told.getvalue(),
                "faults": [str(fault) for treaty in Treaty.objects.all() for fault in ledger.verify(treaty)],
                "reasons": {"MUS": list(TreatyAction.objects.filter(state="MUS").values_list("reason", flat=True))},
                "rows": TreatyAction.objects.count(),
            },
            default=str,
        )
    )


if __name__ == "__main__":
    main()
