"""Makes the index of the search anew, from everything that can be found."""

from typing import Any

from django.core.management.base import BaseCommand

from news.finding.search import reindex


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reindex()} things can be found.")
