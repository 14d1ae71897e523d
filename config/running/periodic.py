"""The processes beside the web server: whether the periodic tasks run, and whether a worker takes what is queued."""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.kit.models import PeriodicTask

log = logging.getLogger("minefree.periodic")
QUEUED_TOO_LONG = timedelta(minutes=5)
NOTED_FROM = 60
"""Seconds between two runs of a task from which on each run is noted in the log; a failure always is."""


def run_due(now: datetime) -> list[str]:
    """Run the periodic tasks that are due, each at most once however many processes ask; the names of those that ran.

    One that fails keeps no other from running: its error is logged, and it runs again when it is due.
    """
    claimed = [name for name in settings.PERIODIC_TASKS if PeriodicTask.objects.claim(name, now)]
    for name in claimed:
        begun = time.monotonic()
        try:
            with PeriodicTask.objects.recorded(name):  # tidy and send_alerts also note it where a timer runs them
                call_command(name, verbosity=0)
        except Exception:
            log.exception("%s failed after %.1f s", name, time.monotonic() - begun)
        else:
            # What runs every few seconds would hide everything else in the log.
            level = logging.INFO if settings.PERIODIC_TASKS[name] >= NOTED_FROM else logging.DEBUG
            log.log(level, "%s took %.1f s", name, time.monotonic() - begun)
    return claimed


def run_until(stopped: threading.Event, every: float = 5.0) -> None:
    """Look every few seconds for what is due, until the event is set; what runs then is ended first."""
    while not stopped.is_set():
        run_due(timezone.now())
        stopped.wait(every)


def late_tasks(now: datetime) -> list[str]:
    """The periodic tasks that did not do their work for long, a sentence each."""
    return [
        f"{name} last did its work {moment:%Y-%m-%d %H:%M} UTC" if moment else f"{name} never did its work"
        for name, moment in PeriodicTask.objects.overdue(now).items()
    ]


def late_worker(now: datetime) -> list[str]:
    """Whether no worker takes what is queued (mails), in a sentence."""
    queued = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - QUEUED_TOO_LONG).count()
    return [f"the worker has left {queued} tasks waiting for more than 5 minutes"] if queued else []


def late(now: datetime) -> list[str]:
    """All that is late, a sentence each."""
    return late_tasks(now) + late_worker(now)
