"""How long a search takes among a hundred thousand things, and what the database's plan is.

`make bench-search`: on a database of its own (SQLite in a file; with DATABASE_URL, a PostgreSQL one), made and thrown away.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
FOLDER = tempfile.TemporaryDirectory()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER.name) / 'bench.sqlite3'}")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner  # noqa: E402
from django.utils import timezone  # noqa: E402

from news.finding import search  # noqa: E402
from news.models import Statement  # noqa: E402

if connection.vendor == "sqlite":
    connection.settings_dict["TEST"]["NAME"] = str(Path(FOLDER.name) / "bench-of-its-own.sqlite3")

WORDS = (
    *("mine", "ban", "treaty", "withdrawal", "notice", "depositary", "clearance"),
    *("victims", "assistance", "stockpile", "accession", "party", "State", "law"),
)
ASKED = ["withdrawal notice", "rare", "mine", "mine rare clearance", "nothing-of-the-kind"]


def measure() -> bool:
    """Print the median of each search. True if none takes longer than a fifth of a second."""
    chance = random.Random(1)
    now = timezone.now()
    for first in range(0, ROWS, 5000):
        made = Statement.objects.bulk_create(
            Statement(
                slug=f"bench-{n}",
                kind="news",
                title=" ".join(chance.choices(WORDS, k=6)),
                body=" ".join(chance.choices(WORDS, k=80)) + (" rare" if n % 1000 == 0 else ""),
                dated_on=now.date(),
                source_url="https://example.org/",
                workflow="published",
                publish_at=now,
            )
            for n in range(first, min(first + 5000, ROWS))
        )
        search.index(Statement.objects.for_page().filter(pk__in=[s.pk for s in made]))
    slowest = 0.0
    for words in ASKED:
        taken = []
        for _turn in range(7):
            begun = time.perf_counter()
            found = search.search(words)
            taken.append((time.perf_counter() - begun) * 1000)
        slowest = max(slowest, statistics.median(taken))
        print(f"{words:24} {len(found):5} found   {statistics.median(taken):7.1f} ms")
    sql, values = search.matches("withdrawal notice", ["withdrawal", "notice"])
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, values)
        print(*(row[-1] for row in cursor.fetchall()), sep="\n")
    return slowest < 200


if __name__ == "__main__":
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made_for = runner.setup_databases()
    try:
        print(f"{connection.vendor}, {ROWS:,} statements")
        well = measure()
    finally:
        runner.teardown_databases(made_for)
        FOLDER.cleanup()
    sys.exit(0 if well else 1)
