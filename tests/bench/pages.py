"""What an answer costs: queries, processor time cold, warm and as 304, and its size, for the pages that are read most.

`make bench`: on a database of its own with the loaded record and the demonstration (SQLite in a file; with DATABASE_URL a
PostgreSQL one), made and thrown away. All requests go through the whole stack of the site in this process, as a browser that takes
compressed answers sends them. Processor time is the median of many requests, also as a multiple of a bare answer: that of
`/healthz`, which the same process gives without a view, a template or the database.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ |= {"DEBUG": "1", "KEEP_ANSWERS": "1"}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(FOLDER.name) / 'bench.sqlite3'}")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, get_runner  # noqa: E402

MBC = "/treaties/mine-ban-convention/"
API = "/api/v1/"
PAGES = {
    "home": "/",
    "treaty": MBC,
    "withdrawals": f"{MBC}withdrawals/",
    "campaign": "/campaigns/humanitarian-disarmament/",
    "matrix": "/treaties/matrix/",
    "a State": "/states/est/",
    "news": "/news/",
    "a statement": "/news/sgsm22686/",
    "commitments": "/campaigns/humanitarian-disarmament/commitments/",
    "search": "/search/?q=mines",
    "deadlines": f"{MBC}deadlines/",
    "doubts": f"{MBC}doubts/",
    "feed of news": "/news/feed.atom",
    "calendar": f"{MBC}deadlines.ics",
    "API status": f"{API}treaties/mine-ban-convention/status/",
    "API counts": f"{API}treaties/mine-ban-convention/counts/",
    "API changes": f"{API}changes/",
    "API detail": f"{API}states/EST/",
    "API list of 100": f"{API}treaty-actions/?page_size=100",
}
BROWSER = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}
SECONDS_EACH = float(os.environ.get("BENCH_SECONDS", "1"))
if connection.vendor == "sqlite":
    connection.settings_dict["TEST"]["NAME"] = str(Path(FOLDER.name) / "bench-of-its-own.sqlite3")


def processor_ms(act: Callable[[], object]) -> float:
    """The median of the processor time of an act, in ms: repeated for SECONDS_EACH, at least three times."""
    found: list[float] = []
    end = time.monotonic() + SECONDS_EACH
    while time.monotonic() < end or len(found) < 3:
        begun = time.process_time()
        act()
        found.append((time.process_time() - begun) * 1000)
    return statistics.median(found)


def forget() -> None:
    """Forget every kept answer, and nothing else."""
    caches["answers" if "answers" in caches.settings else "default"].clear()


def get(client: Client, address: str, **headers: str) -> HttpResponse:
    response = client.get(address, **(BROWSER | headers))
    assert response.status_code in (200, 304), (address, response.status_code)
    return response


def cold(client: Client, address: str) -> HttpResponse:
    forget()
    return get(client, address)


def row(client: Client, address: str, bare: float) -> list[str]:
    get(client, address)
    forget()
    with CaptureQueriesContext(connection) as queries:
        first = get(client, address)
    number = len(queries)
    times = [
        processor_ms(lambda: cold(client, address)),
        processor_ms(lambda: get(client, address)),
        processor_ms(lambda: get(client, address, HTTP_IF_NONE_MATCH=first.get("ETag", "none"))),
    ]
    measured = [f"{ms:.1f} ({ms / bare:.0f}x)" for ms in times]
    return [str(number), *measured, f"{len(first.content):,}"]


def main() -> None:
    settings.LOGGING["root"]["level"] = "ERROR"
    settings.ALLOWED_HOSTS = ["testserver"]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        call_command("set_up", verbosity=0)
        call_command("load_demonstration", verbosity=0)
        settings.DEBUG = False  # it was on for the demonstration
        client = Client()
        get(client, "/")
        bare = processor_ms(lambda: get(client, "/healthz"))
        print(f"{connection.vendor}, Python {sys.version.split()[0]}; a bare answer costs {bare:.2f} ms\n")
        head = ["page", "queries", "cold ms", "warm ms", "304 ms", "bytes"]
        table = [[name, *row(client, address, bare)] for name, address in PAGES.items()]
        widths = [max(len(line[i]) for line in [head, *table]) for i in range(len(head))]
        for line in [head, *table]:
            cells = [
                cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
            ]
            print("  ".join(cells))
    finally:
        runner.teardown_databases(old)


if __name__ == "__main__":
    main()
