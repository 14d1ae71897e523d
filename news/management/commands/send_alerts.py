"""Releases bundles that are due, puts a mail into the outbox for every reader who has something to hear, forgets old requests.

Runs every minute by `run_periodic`, or by a timer of the machine.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.kit.models import PeriodicTask
from news import alerts
from news.newsroom import bundles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with PeriodicTask.objects.recorded("send_alerts"):
            self.send(options["verbosity"])

    def send(self, verbosity: int) -> None:
        now = timezone.now()
        bundles.release_due(now)
        forgotten, written = alerts.purge(now), alerts.send(now)
        if verbosity > 0:
            self.stdout.write(f"{written} alerts on their way, {forgotten} unconfirmed subscriptions deleted.")
