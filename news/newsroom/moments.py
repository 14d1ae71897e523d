"""The moments at which public answers change by the clock alone, so that no kept answer outlives one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from news.models import Bundle, Statement
from news.models.statements import PUBLIC_STATES

NEWS_LASTS = timedelta(days=2)
"""How long search engines for news list a text."""


def moments_around(now: datetime) -> Iterator[datetime | None]:
    """The last text that became public and the next one, the next bundle, the next text that is news no more."""
    texts = Statement.objects.filter(workflow__in=PUBLIC_STATES).aggregate(
        last=Max("publish_at", filter=Q(publish_at__lte=now)),
        next=Min("publish_at", filter=Q(publish_at__gt=now)),
        oldest_news=Min("publish_at", filter=Q(publish_at__gt=now - NEWS_LASTS)),
        youngest_past=Max("publish_at", filter=Q(publish_at__lte=now - NEWS_LASTS)),
    )
    yield from (texts["last"], texts["next"])
    yield from (moment + NEWS_LASTS for moment in (texts["oldest_news"], texts["youngest_past"]) if moment)
    bundles = Bundle.objects.unreleased()
    yield bundles.aggregate(last=Max("release_at", filter=Q(release_at__lte=now)))["last"]
    yield bundles.aggregate(next=Min("release_at", filter=Q(release_at__gt=now)))["next"]
