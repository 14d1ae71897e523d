"""Run by a test in a process of its own, on a database of its own: brings it to where version 0.1.0 left it, and on.

    python -m tests.old_database fill | forward | back

`fill` migrates an empty database to the last migrations of 0.1.0 and writes one row into every table whose model or fields have
moved or been renamed since, by their SQL names of then. `forward` and `back` migrate it to today's tables and back again. Each
prints what is in those tables then, with the content types, rights and triggers beside them, as JSON.
"""

import json
import os
import sys
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUBJECTS = {
    "treaties_accesstoken": {
        "name": "A sheet",
        "prefix": "mf_12345",
        "token_hash": "t" * 64,
        "created_at": NOW,
        "expires_at": NOW,
        "revoked_at": None,
        "last_used_at": None,
        "user_id": 1,
    },
    "treaties_idempotentrequest": {
        "key_hash": "k" * 64,
        "body_hash": "b" * 64,
        "begun_at": NOW,
        "status": 201,
        "answer": '{"a": 1}',
        "location": "/x/",
    },
    "treaties_loadedrow": {"file": "states.csv", "key": "XXX", "digest": "d" * 64, "loaded_at": NOW},
    "treaties_ledgerclock": {"id": 1, "last_sequence": 41},
    "campaign_campaign": {
        "id": 1,
        "slug": "old",
        "title": "Old",
        "title_note": "",
        "summary": "s",
        "announced_by": "",
        "announced_on": NOW.date(),
        "result": "",
        "result_note": "",
        "source_url": "https://example.org/",
    },
    "campaign_pledge": {
        "id": 1,
        "campaign_id": 1,
        "name": "Ann",
        "email": "ann@example.org",
        "address_key": "a" * 64,
        "domain": "example.org",
        "network_key": "",
        "show_name": False,
        "language": "en",
        "consent_version": "1",
        "created_at": NOW,
        "is_demonstration": False,
    },
    "campaign_mail": {
        "topic": "pledge",
        "about": None,
        "campaign_id": 1,
        "person": "a" * 64,
        "pledge_id": 1,
        "standing": "queued",
        "created_at": NOW,
        "attempts": 2,
        "due_at": NOW,
        "trouble": "OSError",
    },
    "campaign_nevermail": {"person": "n" * 64, "since": NOW},
    "campaign_look": {"user_id": 1, "at": NOW, "what": "list", "pledges": "[1]", "asked": "q"},
    "campaign_departure": {"campaign_id": 1, "confirmed_on": NOW.date(), "removed_on": None},
    "news_bundle": {
        "title": "Together",
        "minute": NOW,
        "announced_as": "A line",
        "failure": "",
        "acts_approved_by_id": None,
        "texts_approved_by_id": None,
        "released_at": None,
    },
    "news_subscription": {
        "email": "ann@example.org",
        "address_key": "s" * 64,
        "topic": "statements",
        "state_id": None,
        "pace": "weekly",
        "created_at": NOW,
        "confirmed_at": NOW,
        "told_until": NOW,
        "telling_until": None,
    },
}
NAMES = {
    ("kit", "accesstoken"): ("treaties", "accesstoken"),
    ("kit", "idempotentrequest"): ("treaties", "idempotentrequest"),
    ("kit", "loadedrow"): ("treaties", "loadedrow"),
    ("treaties", "ledgersequence"): ("treaties", "ledgerclock"),
    ("campaign", "accesslogentry"): ("campaign", "look"),
    ("campaign", "suppression"): ("campaign", "nevermail"),
    ("campaign", "removedpledge"): ("campaign", "departure"),
}
"""Content types of today, and what they were called then."""


OLD = [
    ("news", "0008_bundles"),
    ("campaign", "0007_actions_held_back"),
    ("treaties", "0002_access_tokens_and_repeated_requests"),
]
"""The last migration of each app in version 0.1.0, in the order in which going back must take them."""


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0)


def fill() -> None:
    for target in (("auth",), ("admin",), *OLD):
        migrate(*target)
    (user,) = User.objects.bulk_create(
        [User(pk=1, username="officer", is_staff=True)]
    )  # without what today's site notes of it
    with connection.cursor() as cursor:
        for table, values in SUBJECTS.items():
            columns = ", ".join(f'"{name}"' for name in values)
            holes = ", ".join(["%s"] * len(values))
            cursor.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({holes})', list(values.values()))
    # Today's code made the content types of today; then they had other names.
    for (app, model), (old_app, old_model) in NAMES.items():
        ContentType.objects.filter(app_label=app, model=model).delete()
        ContentType.objects.get_or_create(app_label=old_app, model=old_model)
    look = ContentType.objects.get(app_label="campaign", model="look")
    # A right that an editor was given by hand.
    right, _made = Permission.objects.get_or_create(content_type=look, codename="view_look", defaults={"name": "x"})
    user.user_permissions.add(right)


def tell() -> None:
    found = {}
    with connection.cursor() as cursor:
        for table, values in SUBJECTS.items():
            columns = ", ".join(f'"{name}"' for name in values)
            cursor.execute(f'SELECT {columns} FROM "{table}"')
            found[table] = [list(map(str, row)) for row in cursor.fetchall()]
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'treaties%%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'treaties%%'")
        triggers = sorted(name for (name,) in cursor.fetchall())
    ours = {model for pair in NAMES.items() for _app, model in pair}
    types = ContentType.objects.filter(model__in=ours).values_list("app_label", "model")
    rights = User.objects.get(pk=1).user_permissions.values_list("content_type__app_label", "codename")
    auditor = Group.objects.filter(name="Auditor", permissions__codename__contains="accesslogentry")
    answer = {
        "rows": found,
        "triggers": triggers,
        "types": sorted(map(list, types)),
        "rights": sorted(map(list, rights)),
        "auditor_reads_the_log": auditor.exists(),
    }
    print(json.dumps(answer))


def forward() -> None:
    migrate()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def back() -> None:
    for target in (*OLD, ("kit", "zero")):
        migrate(*target)


if __name__ == "__main__":
    {"fill": fill, "forward": forward, "back": back}[sys.argv[1]]()
    tell()
