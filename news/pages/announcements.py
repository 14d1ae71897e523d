"""The public calendar: what is announced and still to come."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from campaign.models import CampaignAction
from campaign.models.campaign_actions import earlier_days
from news.models import Bundle


@dataclass(frozen=True)
class Announcement:
    """Something that is announced: its line, its day or moment, and the days for which it was announced before.

    `moved` holds pairs: the earlier day or moment, and when it was changed.
    """

    line: str
    day: date
    release_at: datetime | None
    moved: list[tuple[datetime | date, datetime]]
    url: str


def announcements(now: datetime) -> list[Announcement]:
    """What is announced and still to come, soonest first: bundles by their public line, and the campaign's events."""
    bundles = list(Bundle.objects.announced(now))
    versions: dict[int, list[tuple[datetime, datetime]]] = {}
    approved = Bundle.history.filter(id__in=[b.pk for b in bundles], announcement_approved_by__isnull=False)
    records = approved.order_by("history_date", "history_id")
    for key, release_at, saved_at in records.values_list("id", "release_at", "history_date"):
        versions.setdefault(key, []).append((release_at, saved_at))
    found = [
        Announcement(
            bundle.announced_as,
            bundle.release_at.date(),
            bundle.release_at,
            [(a[0], b[1]) for a, b in pairwise(versions[bundle.pk]) if a[0] != b[0]],
            "",
        )
        for bundle in bundles
    ]
    events = list(
        CampaignAction.objects.public()
        .dated()
        .filter(date__gte=now.date(), status=CampaignAction.Status.ANNOUNCED)
        .for_display()
    )
    earlier = earlier_days(events)
    found += [
        Announcement(
            e.title, e.date, None, [(d.was, d.changed_at) for d in earlier.get(e.pk, [])], e.get_absolute_url()
        )
        for e in events
    ]
    return sorted(found, key=lambda item: (item.day, item.line))
