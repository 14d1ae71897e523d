"""Runs the periodic tasks (setting PERIODIC_TASKS) until it is told to stop by SIGTERM or SIGINT; more than one may run.

With --once, for a timer of the machine: runs what is due, and ends. With --check, for a supervisor: ends with 1 where a task
(--check tasks), the queue of the worker (--check worker) or either of them is late, and names it.
"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.running import periodic

CHECKS = {"tasks": periodic.late_tasks, "worker": periodic.late_worker, "all": periodic.late}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--once", action="store_true", help="Run what is due, and end.")
        group.add_argument(
            "--check", choices=CHECKS, nargs="?", const="all", help="End with 1 where something is late."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            late = CHECKS[options["check"]](timezone.now())
            if late:
                raise CommandError("; ".join(late))
        elif options["once"]:
            periodic.run_due(timezone.now())
        else:
            stopped = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
            periodic.run_until(stopped)
