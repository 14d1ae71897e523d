"""Tells what has changed and sends it to webhooks, in order, each until it was taken.

Runs every few seconds by `run_periodic`, or by a timer of the machine.
"""

from typing import Any

from django.core.management.base import BaseCommand

from config.kit.api.deliveries import send_due
from config.kit.models import PeriodicTask


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with PeriodicTask.objects.recorded("send_webhooks"):
            taken = send_due()
        if options["verbosity"] > 0:
            self.stdout.write(f"{taken} changes were taken by webhooks.")
