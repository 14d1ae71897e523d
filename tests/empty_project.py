"""Run by a test in a process of its own, on an empty database of its own: loads a snapshot and answers from it.

    python -m tests.empty_project FOLDER < {"at": moment, "addresses": [...]}

Checks the loaded record's chains and prints, as JSON, what each address answers at the moment.
"""

import json
import os
import sys
from datetime import datetime
from io import StringIO

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import time_machine  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from campaign.models import Pledge  # noqa: E402
from config.kit.models.telling import tell  # noqa: E402
from tests.kept_record import NoMigrations  # noqa: E402
from tests.reading import answers_of  # noqa: E402
from treaties.ledger import triggers  # noqa: E402


def main() -> None:
    asked = json.loads(sys.stdin.read())
    setup_test_environment(debug=False)
    settings.MIGRATION_MODULES = NoMigrations()
    call_command("migrate", run_syncdb=True, verbosity=0)
    triggers.install(connection)
    with time_machine.travel(datetime.fromisoformat(asked["at"]), tick=False):
        call_command("load_snapshot", sys.argv[1], verbosity=0)
        call_command("verify_ledger", stdout=StringIO())
        print(
            json.dumps(
                {
                    "answers": answers_of(asked["addresses"]),
                    "told": tell(),
                    "people": Pledge.objects.count(),
                    "accounts_in_use": User.objects.filter(is_active=True).count(),
                }
            )
        )


main()
