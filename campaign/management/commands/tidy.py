"""Deletes unconfirmed pledges, and links, sessions and notes of sign-ins that are over; takes up mails whose worker is gone.

Seals the texts that have become public, and the days of the pledges' account that are over (see `treaties.ledger.sealing`).
Runs every minute by `run_periodic`, or by a timer of the machine. Nothing that is shown depends on it.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from campaign.mailing import outbox
from campaign.pledging import pledges
from config.kit.api.idempotency import delete_requests
from config.kit.models import PeriodicTask
from treaties import ledger

KEEP_TASKS = timedelta(days=2)
KEEP_REQUESTS = timedelta(days=1)
KEEP_SIGN_INS = timedelta(days=90)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with PeriodicTask.objects.recorded("tidy"):
            self.tidy(options["verbosity"])

    def tidy(self, verbosity: int) -> None:
        now = timezone.now()
        taken_up = outbox.requeue_stuck(now)
        purged = pledges.purge(now)
        delete_requests(now - KEEP_REQUESTS)
        ledger.seal()
        call_command(
            "prune_db_task_results", min_age_days=KEEP_TASKS.days, failed_min_age_days=KEEP_TASKS.days, verbosity=0
        )
        call_command("clearsessions", verbosity=0)
        AxesProxyHandler.reset_logs(age_days=KEEP_SIGN_INS.days)
        AxesProxyHandler.reset_failure_logs(age_days=KEEP_SIGN_INS.days)
        if verbosity > 0:
            self.stdout.write(f"{purged} unconfirmed pledges deleted, {taken_up} mails taken up again.")
