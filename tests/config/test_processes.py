"""Two processes of the site that share nothing but the database, while a third one writes: nothing too early, nothing stale."""

import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import StatementFactory
from treaties.models import State

NOON = datetime(2030, 5, 5, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Process:
    """One process of the site, asked at moments that the test chooses."""

    def __init__(self) -> None:
        settings = connection.settings_dict
        address = (
            f"sqlite:///{settings['NAME']}"
            if connection.vendor == "sqlite"
            else f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.config.answering"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": address},
        )

    def get(self, path: str, at: datetime, etag: str = "") -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps({"path": path, "at": at.isoformat(), "etag": etag}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def processes(committing):
    with closing(Process()) as one, closing(Process()) as other:
        yield one, other


def test_what_one_process_commits_the_next_answer_of_every_other_shows(processes):
    for turn, name in enumerate(("Norge", "Noreg", "Norga")):
        before = [p.get("/states/nor/", NOON + turn * timedelta(seconds=1)) for p in processes]
        assert not any(name in answer["text"] for answer in before)
        State.objects.filter(pk="NOR").update(name=name)
        for process, earlier in zip(processes, before, strict=True):
            after = process.get("/states/nor/", NOON + turn * timedelta(seconds=1) + INSTANT, earlier["etag"])
            assert after["status"] == 200
            assert name in after["text"]


def test_an_embargo_ends_at_its_moment_in_every_process_whatever_each_has_kept(processes):
    StatementFactory(
        slug="embargoed", title="Embargoed words", dated_on=NOON.date(), workflow="published", publish_at=NOON
    )
    for path in ("/news/", "/news/feed.atom", "/api/v1/statements/", "/"):
        early = [process.get(path, NOON - timedelta(hours=1)) for process in processes]
        for process, earlier in zip(processes, early, strict=True):
            assert "Embargoed words" not in process.get(path, NOON - INSTANT)["text"]
            at_noon = process.get(path, NOON, earlier["etag"])
            assert at_noon["status"] == 200
            assert "Embargoed words" in at_noon["text"]
            assert "Embargoed words" not in process.get(path, NOON - INSTANT)["text"]  # a clock that is set back


def test_an_answer_has_the_same_tag_in_every_process(processes):
    one, other = (process.get("/treaties/mine-ban-convention/", NOON) for process in processes)
    assert one["etag"] == other["etag"]
    assert processes[0].get("/treaties/mine-ban-convention/", NOON, other["etag"])["status"] == 304
