"""Tasks that run every few minutes: each is run, noted, run again after an error, and missed where it does not run."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.kit.models import PeriodicTask
from config.running import periodic
from tests.factories import EditorFactory
from tests.house import ROOT
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_tasks(settings):
    settings.PERIODIC_TASKS = {"tidy": 60, "send_alerts": 60}


@pytest.fixture
def run(monkeypatch):
    """Stands in for the commands; what was run."""
    names = []
    monkeypatch.setattr(periodic, "call_command", lambda name, **_: names.append(name))
    return names


def all_done(at):
    for name in ("tidy", "send_alerts"):
        PeriodicTask.objects.update_or_create(name=name, defaults={"succeeded_at": at})


class TestTheScheduler:
    def test_runs_what_is_due_and_not_again_before_its_interval_is_over(self, run):
        now = timezone.now() + timedelta(seconds=1)
        assert periodic.run_due(now) == ["tidy", "send_alerts"]
        assert periodic.run_due(now + timedelta(seconds=59)) == []
        assert periodic.run_due(now + timedelta(seconds=60)) == ["tidy", "send_alerts"]
        assert run == ["tidy", "send_alerts"] * 2

    def test_runs_a_task_once_where_two_ask(self, run):
        now = timezone.now() + timedelta(seconds=1)
        assert PeriodicTask.objects.claim("tidy", now)
        assert not PeriodicTask.objects.claim("tidy", now)

    def test_goes_on_after_an_error_and_logs_it(self, monkeypatch, caplog):
        done = []

        def call(name, **_):
            if name == "tidy":
                raise OSError("no room")
            done.append(name)

        monkeypatch.setattr(periodic, "call_command", call)
        with caplog.at_level(logging.INFO, "minefree.periodic"):
            periodic.run_due(timezone.now() + timedelta(seconds=1))
        assert done == ["send_alerts"]
        assert [(r.levelname, r.message.split(" ")[0]) for r in caplog.records] == [
            ("ERROR", "tidy"),
            ("INFO", "send_alerts"),
        ]

    def test_stops_when_it_is_told(self, run):
        stopped = threading.Event()
        stopped.set()
        periodic.run_until(stopped, every=0)
        assert run == []

    def test_notes_a_command_that_notes_nothing_itself(self, settings):
        settings.PERIODIC_TASKS = {"clearsessions": 3600}
        now = timezone.now()
        assert periodic.late(now) == ["clearsessions never did its work"]
        periodic.run_due(now + timedelta(seconds=1))
        assert periodic.late(now + timedelta(minutes=70)) == []

    def test_runs_once_for_a_timer(self, run):
        call_command("run_periodic", once=True)
        assert run == ["tidy", "send_alerts"]


class TestEachRun:
    def test_is_noted(self):
        call_command("tidy", verbosity=0)
        task = PeriodicTask.objects.get(name="tidy")
        assert task.begun_at <= task.succeeded_at <= task.ended_at
        assert (task.took, task.failure) == (task.ended_at - task.begun_at, "")

    def test_that_fails_is_noted_by_the_kind_of_its_error_and_raises_it(self):
        with pytest.raises(OSError, match="no room for ann"), PeriodicTask.objects.recorded("tidy"):
            raise OSError("no room for ann@example.org")
        task = PeriodicTask.objects.get(name="tidy")
        assert (task.failure, task.failures_in_a_row, task.succeeded_at) == ("OSError", 1, None)
        with PeriodicTask.objects.recorded("tidy"):
            assert PeriodicTask.objects.get(name="tidy").took is None
        task.refresh_from_db()
        assert (task.failure, task.failures_in_a_row) == ("", 0)


class TestAMissedOne:
    def test_is_late_a_quarter_of_an_hour_after_it_was_due(self):
        now = timezone.now()
        assert periodic.late(now) == ["tidy never did its work", "send_alerts never did its work"]
        all_done(now)
        assert periodic.late(now + timedelta(minutes=16)) == []
        assert len(periodic.late(now + timedelta(minutes=17))) == 2

    def test_is_told_to_operators_while_the_site_serves_on(self, client):
        answer = client.get("/readyz?verbose")
        assert (answer.status_code, "late: tidy never did its work" in answer.content.decode()) == (200, True)
        all_done(timezone.now())
        assert client.get("/readyz?verbose").content.decode() == "ready\n"

    def test_ends_the_check_of_a_supervisor_with_an_error(self):
        with pytest.raises(CommandError, match="send_alerts never did its work"):
            call_command("run_periodic", "--check")
        all_done(timezone.now())
        call_command("run_periodic", "--check")

    def test_stands_on_the_desk_of_administrators_alone(self, desk):
        told = "The periodic task tidy last did its work: never."
        assert told in text_of(desk(is_superuser=True).get("/admin/"))
        assert told not in text_of(desk("Publisher").get("/admin/"))
        all_done(timezone.now())
        assert "periodic task tidy last did" not in text_of(desk(is_superuser=True).get("/admin/"))

    def test_has_its_page_for_administrators_and_the_auditor(self, desk):
        PeriodicTask.objects.create(name="tidy", begun_at=timezone.now(), ended_at=timezone.now())
        assert "0.0 s" in text_of(desk("Auditor").get("/admin/kit/periodictask/"))
        assert desk("Publisher").get("/admin/kit/periodictask/").status_code == 403

    def test_is_told_of_the_worker_too(self):
        all_done(timezone.now())
        EditorFactory()
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="campaign.mailing.outbox.send",
            backend_name="default",
            exception_class_path="",
            traceback="",
        )
        assert periodic.late(timezone.now()) == []
        found = periodic.late(timezone.now() + timedelta(minutes=6))
        assert found == ["the worker has left 1 tasks waiting for more than 5 minutes"]
        call_command("run_periodic", "--check", "tasks")
        with (
            time_machine.travel(timezone.now() + timedelta(minutes=6)),
            pytest.raises(CommandError, match="the worker has left 1"),
        ):
            call_command("run_periodic", "--check", "worker")


@pytest.mark.once
def test_the_scheduler_ends_well_when_it_is_told_to_stop(tmp_path):
    env = os.environ | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}"}
    words = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([sys.executable, "-m", "tests.tables"], cwd=ROOT, env=env, check=True)
    running = subprocess.Popen([*words, "run_periodic"], env=env, stderr=subprocess.PIPE, text=True)
    try:
        lines = []
        while not any("send_alerts took" in line for line in lines):
            lines.append(running.stderr.readline())
            assert lines[-1], "it ended"
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0
    finally:
        running.kill()
