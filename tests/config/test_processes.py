"""Two processes of the site that share nothing but the database, while a third one writes: nothing too early, nothing stale."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from news.models import Statement
from tests.factories import StatementFactory
from treaties.models import State

NOON = datetime(2030, 5, 5, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Process:
    """One process of the site, asked at moments that the test chooses."""

    def __init__(self, **environment: str) -> None:
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
            env=os.environ | {"DATABASE_URL": address} | environment,
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


@pytest.fixture
def replica(committing, tmp_path):
    """A copy of the database as it is now, with another name of a State that its own triggers have not counted."""
    if committing != "sqlite":
        pytest.skip("a copy of the test's database is made of its file")
    path = tmp_path / "replica.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{name}"')
        copy.execute("UPDATE treaties_state SET name = 'Of the replica' WHERE iso3 = 'NOR'")
        copy.commit()
    return path


class TestAReplica:
    def test_is_read_while_it_is_not_behind_and_no_longer(self, replica):
        with closing(Process(REPLICA_URL=f"sqlite:///{replica}")) as process:
            assert "Of the replica" in process.get("/states/nor/", NOON)["text"]
            State.objects.filter(pk="NOR").update(name="Norge")
            after = process.get("/states/nor/", NOON + INSTANT)["text"]
            assert "Norge" in after
            assert "Of the replica" not in after

    def test_that_is_behind_shows_no_text_whose_embargo_was_made_longer(self, committing, request):
        text = StatementFactory(
            slug="embargoed", title="Embargoed words", dated_on=NOON.date(), workflow="published", publish_at=NOON
        )
        replica = request.getfixturevalue("replica")
        Statement.objects.filter(pk=text.pk).update(publish_at=NOON + timedelta(hours=2))
        with closing(Process(REPLICA_URL=f"sqlite:///{replica}")) as process:
            assert "Embargoed words" not in process.get("/news/", NOON + timedelta(hours=1))["text"]

    def test_that_does_not_answer_is_left_out(self, replica):
        replica.write_bytes(b"not a database")
        with closing(Process(REPLICA_URL=f"sqlite:///{replica}")) as process:
            answer = process.get("/states/nor/", NOON)
        assert answer["status"] == 200
        assert "Norway" in answer["text"]
