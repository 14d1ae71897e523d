"""How many pledges a second, beside what the same database can commit at all; and what a page costs with a million.

`make bench-pledges`: on a database of its own (SQLite in a file; with DATABASE_URL, a PostgreSQL one), made and thrown away.
Seconds of each measure: BENCH_SECONDS (60). Every transaction is committed to the disk as in production.
"""

import itertools
import multiprocessing
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
MILLION = int(os.environ.get("BENCH_ROWS", "1000000"))
WORKERS = 2
FOLDER = tempfile.TemporaryDirectory()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER.name) / 'bench.sqlite3'}")
os.environ |= {"PLEDGES_PER_MAILBOX": "1000000000"}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import get_runner  # noqa: E402
from django.utils import timezone  # noqa: E402

from campaign.models import Campaign, Pledge  # noqa: E402
from campaign.pledging import counting, links, pledges  # noqa: E402
from treaties.models import State  # noqa: E402

settings.LOGGING["root"]["level"] = "ERROR"
settings.ALLOWED_HOSTS = ["*"]
if connection.vendor == "sqlite":
    # A file on the disk, written through as in production: memory would make every measure a lie.
    connection.settings_dict["TEST"]["NAME"] = str(Path(FOLDER.name) / "bench-of-its-own.sqlite3")


def rate(act: Callable[[str], object], things: Sequence[Iterable[str]], seconds: float = SECONDS) -> float:
    """How often a second something is done, by as many processes at once as there are sequences of things to do it with.

    Ends after so many seconds, or when the things are used up.
    """
    fork = multiprocessing.get_context("fork")
    done = fork.Queue()

    def run(share: Iterable[str]) -> None:
        begun, n = time.monotonic(), 0
        for thing in share:
            act(thing)
            n += 1
            if time.monotonic() - begun > seconds:
                break
        connections.close_all()
        done.put(n / (time.monotonic() - begun))

    connections.close_all()  # no process inherits a connection
    processes = [fork.Process(target=run, args=[share]) for share in things]
    for process in processes:
        process.start()
    rates = [done.get() for _process in processes]
    for process in processes:
        process.join()
    return sum(rates)


def names(run: str) -> list[Iterable[str]]:
    """Endless names for each process, none of them twice."""
    return [(f"{run}-{worker}-{n}" for n in itertools.count()) for worker in range(WORKERS)]


def raw_insert(name: str) -> None:
    """One small row in a transaction of its own: the least that any write costs."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_raw (word) VALUES (%s)", [name])


def fill(campaign: Campaign, rows: int, states: list[str]) -> None:
    """So many confirmed pledges, over a year and all States."""
    now = timezone.now()
    for first in range(0, rows, 5000):
        Pledge.objects.bulk_create(
            Pledge(
                campaign=campaign,
                name=f"Bench {n}",
                email=f"bench-{campaign.pk}-{n}@example.org",
                address_hash=f"{campaign.pk}-{n}",
                domain="example.org",
                state_id=states[n % len(states)],
                show_name=n % 50 == 0,
                consent_version="bench",
                confirmed_at=now - timedelta(days=n % 365, seconds=n % 86_000),
                receipt=f"B{campaign.pk}X{n}",
            )
            for n in range(first, min(first + 5000, rows))
        )
    counting.recount(repair=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def page_times(addresses: Sequence[str], times: int = 60) -> list[float]:
    """The median answer of each address in milliseconds, asked for in turns so that a busy moment falls on all of them."""
    client = Client()
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _turn in range(times):
        for address in addresses:
            begun = time.perf_counter()
            response = client.get(address)
            taken[address].append((time.perf_counter() - begun) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{address}: {response.status_code}")
    return [statistics.median(times[3:]) for times in taken.values()]


def measure() -> bool:
    """Print every measure. True if the counters hold, a hundred a second are confirmed, and pages do not grow.

    What is taken beside raw commits says how much of the time is the disk's: where it syncs in microseconds, most is Python's.
    """
    print(f"{connection.vendor}, {WORKERS} at once, {SECONDS:g} s each, {os.cpu_count()} cores")
    for loader in ("load_treaties", "load_campaign"):
        call_command(loader, verbosity=0)
    campaign = Campaign.objects.get()
    states = list(State.objects.values_list("pk", flat=True))
    some = {s.pk: s for s in State.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_raw (word varchar(50))")

    raw = rate(raw_insert, names("raw"))
    run = secrets.token_hex(4)
    intake = rate(
        lambda name: pledges.pledge(
            campaign, name="Bench", email=f"{name}@example.org", state=some[states[len(name) % len(states)]]
        ),
        names(run),
    )
    waiting = Pledge.objects.filter(confirmed_at=None).order_by("pk")
    tokens = [links.new_links(pledge, timezone.now())["confirm"] for pledge in waiting.iterator()]
    confirming = rate(lambda token: pledges.confirm(campaign, token), [tokens[n::WORKERS] for n in range(WORKERS)])
    print(f"raw single-row commits     {raw:8.0f} a second")
    print(f"pledges taken, with mail   {intake:8.0f} a second   {intake / raw:5.2f} of raw (aim: a third)")
    print(f"pledges confirmed          {confirming:8.0f} a second   (aim: 100)")
    drift = counting.recount(repair=False)
    print(f"drift after both           {len(drift):8} counters")

    small, large = (Campaign.objects.create(**_like(campaign, n)) for n in (1, 2))
    fill(small, 1000, states)
    fill(large, MILLION, states)
    worst = 0.0
    for page in ("/campaigns/{}/", "/campaigns/{}/account/", "/embed/{}/counter/", "/api/v1/campaigns/{}/backing/"):
        few, many = page_times([page.format(c.slug) for c in (small, large)])
        worst = max(worst, many / few)
        print(
            f"{page:34} {few:6.1f} ms with 1,000   {many:6.1f} ms with {MILLION:,}   ratio {many / few:4.2f} (aim: 1.2)"
        )
    drift += counting.recount(repair=False)
    print(f"drift with a million       {len(drift):8} counters")
    return confirming >= 100 and worst < 1.2 and not drift


def _like(campaign: Campaign, n: int) -> dict[str, object]:
    return {
        "slug": f"bench-{n}",
        "title": f"Bench {n}",
        "summary": "A campaign to measure.",
        "announced_on": campaign.announced_on,
        "source_url": campaign.source_url,
    }


if __name__ == "__main__":
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        well = measure()
    finally:
        runner.teardown_databases(made)
        FOLDER.cleanup()
    sys.exit(0 if well else 1)
