"""What the site's own chain seals of pledges: the account of each day that is over. It names nobody."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from campaign.models import DayTally
from campaign.pledging.counting import day_of
from treaties.ledger.sealing import SealedKind, Version, seal_kinds

MARGIN = timedelta(hours=1)
"""What was begun before midnight may be written a little later: by then the day is whole."""


def finished_days(but: QuerySet | None) -> Iterable[Version]:
    """The days of the account that are over. How many of a day's pledges still count can change later, and is not part of it."""
    days = (
        DayTally.objects.filter(day__lt=day_of(timezone.now() - MARGIN))
        .select_related("campaign")
        .order_by("day", "pk")
    )
    for tally in days if but is None else days.exclude(pk__in=but):
        content = {
            "campaign": tally.campaign.slug,
            "day": tally.day.isoformat(),
            "confirmed": tally.confirmed,
            "removed": tally.removed,
            "invalidated": tally.invalidated,
            "reinstated": tally.reinstated,
        }
        yield Version(f"{tally.campaign.slug} {tally.day}", tally.pk, content)


def register() -> None:
    """Have finished days of the account sealed."""
    seal_kinds(SealedKind("campaign.daytally", finished_days, is_sealed_later=True))
