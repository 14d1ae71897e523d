"""Releases bundles that are due, puts a mail into the outbox for every reader who has something to hear, forgets old requests.

To be run every few minutes (cron, systemd timer).
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from news import alerts
from news.newsroom import bundles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        bundles.release_due(now)
        forgotten, written = alerts.purge(now), alerts.send(now)
        if options["verbosity"] > 0:
            self.stdout.write(f"{written} alerts on their way, {forgotten} unconfirmed subscriptions deleted.")
