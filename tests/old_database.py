"""Run by a test in a process of its own, on a database of its own: brings it to where version 0.1.0 left it, and on.

    python -m tests.old_database fill | forward | back

`fill` migrates an empty database to the last migrations of 0.1.0 and fills it: with the whole record and the demonstration as that
version had loaded them (`data/version_0_1_0.jsonl.gz`: one line a table, by the SQL names of then, and the triggers that its code
had made), and with one row for each of the other tables whose model or fields have moved or been renamed since. `forward` and
`back` migrate it to today's tables and back again. Each prints a digest of every row as it is then, in the columns of then, with
the content types, rights and triggers beside them, as JSON.
"""

import gzip
import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from treaties.ledger import triggers  # noqa: E402

RECORD = Path(__file__).parent / "data" / "version_0_1_0.jsonl.gz"

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHERS = {
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


def tables() -> list[tuple[str, list[str], list[list]]]:
    """The tables of 0.1.0 that have rows, with their columns and rows."""
    with gzip.open(RECORD, "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    loaded = [tuple(line) for line in found if not line[0].startswith("triggers: ")]
    return loaded + [(table, list(values), [list(values.values())]) for table, values in OTHERS.items()]


def old_triggers() -> list[str]:
    with gzip.open(RECORD, "rt", encoding="utf-8") as file:
        return next(sql for name, _, sql in map(json.loads, file) if name == f"triggers: {connection.vendor}")


def fill() -> None:
    for target in (("auth",), ("admin",), *OLD):
        migrate(*target)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in tables():
            is_boolean = [kind.type_code in (16, "bool") for kind in described(cursor, table, columns)]
            names = ", ".join(f'"{name}"' for name in columns)
            holes = ", ".join(["%s"] * len(columns))
            made = [
                [bool(v) if b and v is not None else v for v, b in zip(row, is_boolean, strict=True)] for row in rows
            ]
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', made)
            for key in {"id", "history_id"} & set(columns) if connection.vendor == "postgresql" else ():
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) FROM \"{table}\""
                    f" WHERE pg_get_serial_sequence('{table}', '{key}') IS NOT NULL"
                )
    with connection.cursor() as cursor:
        for sql in old_triggers():
            cursor.execute(sql)
    # Today's code made the content types of today; then they had other names.
    for (app, model), (old_app, old_model) in NAMES.items():
        ContentType.objects.filter(app_label=app, model=model).delete()
        ContentType.objects.get_or_create(app_label=old_app, model=old_model)
    look = ContentType.objects.get(app_label="campaign", model="look")
    # A right that an editor was given by hand.
    right, _made = Permission.objects.get_or_create(content_type=look, codename="view_look", defaults={"name": "x"})
    User.objects.get(pk=1).user_permissions.add(right)


def described(cursor, table: str, columns: list[str]) -> list:
    found = {column.name: column for column in connection.introspection.get_table_description(cursor, table)}
    return [found[name] for name in columns]


def digest_of(cursor, table: str, columns: list[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f'SELECT {names} FROM "{table}" ORDER BY {", ".join(str(n + 1) for n in range(min(len(columns), 3)))}'
    )
    rows = [list(map(str, row)) for row in cursor.fetchall()]
    return f"{len(rows)} {hashlib.sha256(json.dumps(rows).encode()).hexdigest()}"


def tell() -> None:
    with connection.cursor() as cursor:
        found = {table: digest_of(cursor, table, columns) for table, columns, _ in tables()}
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'treaties%%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'treaties%%'")
        names = sorted(name for (name,) in cursor.fetchall())
    ours = {model for pair in NAMES.items() for _app, model in pair}
    types = ContentType.objects.filter(model__in=ours).values_list("app_label", "model")
    rights = User.objects.get(pk=1).user_permissions.values_list("content_type__app_label", "codename")
    auditor = Group.objects.filter(name="Auditor", permissions__codename__contains="accesslogentry")
    answer = {
        "rows": found,
        "triggers": names,
        "types": sorted(map(list, types)),
        "rights": sorted(map(list, rights)),
        "auditor_reads_the_log": auditor.exists(),
    }
    print(json.dumps(answer))


def forward() -> None:
    migrate()
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    assert not triggers.missing(connection)
    call_command("verify_ledger", stdout=sys.stderr)


def back() -> None:
    for target in (*OLD, ("kit", "zero")):
        migrate(*target)


if __name__ == "__main__":
    {"fill": fill, "forward": forward, "back": back}[sys.argv[1]]()
    tell()
