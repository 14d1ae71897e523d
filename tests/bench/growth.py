"""What a page costs when the record is ten and a hundred times as large: processor time, bytes and its slowest statement of SQL.

`make bench-growth`: on a PostgreSQL database of its own, made and thrown away. 1x is the loaded record; 10x and 100x have ten and a
hundred times as many acts of the Convention, and ten thousand and a hundred thousand statements and commitments.
"""

import os
from datetime import date, timedelta

os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
os.environ.setdefault("BENCH_SECONDS", "0.3")

from tests.bench import pages

# isort: split
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner
from django.utils import timezone

from campaign.models import Commitment, FollowUp
from news.models import Statement
from treaties import ledger
from treaties.law.rules import CONSENTS, ActionKind
from treaties.models import Treaty, TreatyAction

ADDRESSES = pages.PAGES | {
    "counts": f"{pages.MBC}counts/",
    "ledger": f"{pages.MBC}ledger/",
    "news, page 50": "/news/?page=50",
    "sitemap": "/sitemap.xml",
    "API statements": f"{pages.API}statements/",
    "API commitments": f"{pages.API}commitments/",
    "desk": "/admin/",
    "desk: statements": "/admin/news/statement/",
    "desk: commitments": "/admin/campaign/commitment/",
}
HERE = "growth"
"""Where the acts say that they come from."""
SLOW = 50
"""Milliseconds: slower statements of SQL are printed."""
MORE_TEXTS = {10: 10_000, 100: 100_000}


def more_acts(times: int) -> None:
    """Let every State that is bound leave and come back, again and again, until there are so many times as many acts."""
    treaty = Treaty.objects.main()
    known = TreatyAction.objects.of(treaty).confirmed()
    wanted, made = known.exclude(loaded_from=HERE).count() * times, list[TreatyAction]()
    begun = {act.state_id: act for act in known.filter(action__in=CONSENTS).order_by("deposited_on")}
    turn = known.filter(loaded_from=HERE, action=ActionKind.WITHDRAWAL).count() // len(begun)
    missing = wanted - known.count()
    while len(made) < missing and turn < 48:
        for act in begun.values():
            left = date(1999, 3, 1) + timedelta(days=turn * 200 + 10)
            for kind, day in ((ActionKind.WITHDRAWAL, left), (ActionKind.ACCESSION, left + timedelta(days=188))):
                made.append(
                    TreatyAction(
                        treaty=treaty,
                        state_id=act.state_id,
                        action=kind,
                        deposited_on=day,
                        source_url=act.source_url,
                        loaded_from=HERE,
                    )
                )
        turn += 1
    ledger.import_confirmed(made, at=timezone.now(), reason="To measure growth")


def copied(model: type[models.Model], number: int, changed: dict[str, str]) -> None:
    """Copy rows in the database until there are so many. Args: changed: by column, the SQL of its value; `n` counts the copies."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    names = ", ".join(map(connection.ops.quote_name, columns))
    values = ", ".join(changed.get(c, f"t.{connection.ops.quote_name(c)}") for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (has,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, %s) n "
            f"WHERE t.id <= (SELECT max(id) FROM {table}) ORDER BY random() LIMIT %s",
            [number // has + 1, number - has],
        )


def more_texts(number: int) -> None:
    spread = "t.dated_on - (random() * 3000)::int"
    new = "t.slug || '-' || n || '-' || (random() * 1000000000)::int"
    at_large = {"slug": f"left({new}, 100)", "symbol": "''", "dated_on": spread, "translation_of_id": "NULL"}
    copied(Statement, number, at_large)
    copied(Commitment, number, {"slug": f"left({new}, 80)", "announced_on": "t.announced_on - (random() * 3000)::int"})
    through = Statement.states.through._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {through} (statement_id, state_id) SELECT s.id, (SELECT iso3 FROM treaties_state WHERE s.id > 0 "
            f"ORDER BY random() LIMIT 1) FROM news_statement s WHERE s.id NOT IN (SELECT statement_id FROM {through})"
        )
        by = User.objects.filter(is_superuser=True).values_list("pk", flat=True).first()
        cursor.execute(
            f'INSERT INTO {FollowUp._meta.db_table} (commitment_id, "on", status, text, evidence_url, recorded_by_id, recorded_at, '
            "check_result, check_reason) SELECT id, announced_on + 30, 'under_way', 'Heard.', '', %s, now(), '', '' "
            "FROM campaign_commitment c WHERE NOT EXISTS (SELECT 1 FROM campaign_followup f WHERE f.commitment_id = c.id)",
            [by],
        )
        cursor.execute("ANALYZE")
    call_command("reindex_search", verbosity=0)


def measured(client: Client, address: str) -> tuple[float, int, float, str]:
    """Processor ms cold, bytes, ms of the slowest statement of SQL, and that statement."""
    pages.get(client, address)
    pages.forget()
    with CaptureQueriesContext(connection) as queries:
        response = pages.get(client, address)
    slowest = max(queries.captured_queries, key=lambda query: float(query["time"]))
    cold = pages.processor_ms(lambda: pages.cold(client, address))
    return cold, len(response.content), float(slowest["time"]) * 1000, slowest["sql"]


def main() -> None:
    settings.LOGGING["root"]["level"] = "ERROR"
    settings.ALLOWED_HOSTS = ["testserver"]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        call_command("set_up", verbosity=0)
        call_command("load_demonstration", verbosity=0)
        settings.DEBUG = False
        client = Client()
        client.force_login(User.objects.get(username="admin"))
        found: dict[str, list[tuple[float, int, float, str]]] = {name: [] for name in ADDRESSES}
        for times in (1, 10, 100):
            if times > 1:
                more_acts(times)
                more_texts(MORE_TEXTS[times])
            for name, address in ADDRESSES.items():
                found[name].append(measured(client, address))
            acts, texts = TreatyAction.objects.count(), Statement.objects.count()
            print(
                f"{times}x: {acts:,} acts, {texts:,} statements, {Commitment.objects.count():,} commitments", flush=True
            )
        head = "".join(f"{name:>10}" for name in ("1x", "10x", "100x"))
        print(f"\n{'page':18} cold ms: {head}   bytes: {head}   slowest SQL at 100x, ms")
        for name, rows in found.items():
            times_ms, sizes = "".join(f"{row[0]:10.1f}" for row in rows), "".join(f"{row[1]:10,}" for row in rows)
            print(f"{name:18}          {times_ms}          {sizes}{rows[-1][2]:12.0f}")
        for name, rows in found.items():
            if rows[-1][2] > SLOW:
                print(f"\n{name}: {rows[-1][3]}")
    finally:
        runner.teardown_databases(old)


if __name__ == "__main__":
    main()
