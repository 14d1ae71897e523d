"""The pledge moderators' doors: bursts seen, pledges taken out of the count with a reason and brought back, looks logged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign import counting
from campaign import pledges as pledges_door
from campaign.addresses import LARGE
from campaign.models import Campaign, Invalidation, Look, Pledge
from campaign.roles import PLEDGE_MODERATOR

BURST = 10
"""From how many pledges of one network, domain or name within the time looked at it is told as a burst."""
LOOK_BACK = timedelta(days=2)


class ModerationRefused(Exception):
    """What cannot be done; the message is a sentence for the moderator."""


def is_moderator(user: AbstractBaseUser) -> bool:
    """Personal data is for the role alone: not for an administrator who does not hold it."""
    if not isinstance(user, User) or not user.is_active:
        return False
    # Asked for many times while one page is made; a user lives as long as a request.
    if not hasattr(user, "_moderates_pledges"):
        user._moderates_pledges = user.groups.filter(name=PLEDGE_MODERATOR).exists()  # type: ignore[attr-defined]
    return bool(user._moderates_pledges)  # type: ignore[attr-defined]


def note_look(user: AbstractBaseUser, what: str, pledges: Iterable[Pledge], asked: str = "") -> None:
    """Write down who saw whose data."""
    Look.objects.create(user=user, what=what, pledges=[p.pk for p in pledges], asked=asked[:500])  # type: ignore[misc]


@dataclass(frozen=True)
class Burst:
    """Many pledges with something in common within a short time."""

    kind: str
    key: str
    pledges: int
    confirmed: int
    first_at: datetime
    last_at: datetime

    @property
    def filters(self) -> dict[str, str]:
        """The burst as filters of the admin's list."""
        return {self.kind: self.key, "created_at__gte": self.first_at.isoformat()}


def bursts(at: datetime) -> list[Burst]:
    """Networks, domains and names from which many pledges came lately, largest first. Large providers are no domain of a burst."""
    lately = Pledge.objects.filter(created_at__gt=at - LOOK_BACK, invalidation__isnull=True).order_by()
    found = []
    for kind, rows in (
        ("network_key", lately.exclude(network_key="")),
        ("domain", lately.exclude(domain__in=LARGE)),
        ("name", lately),
    ):
        groups = rows.values_list(kind).annotate(
            n=Count("pk"), c=Count("pk", filter=Q(confirmed_at__isnull=False)), a=Min("created_at"), z=Max("created_at")
        )
        found += [Burst(kind, *group) for group in groups.filter(n__gte=BURST)]
    return sorted(found, key=lambda burst: -burst.pledges)


def invalidate(pledges: QuerySet[Pledge], *, reason: str, by: AbstractBaseUser) -> list[Invalidation]:
    """Take the pledges that count out of the count, one invalidation for each campaign; the reason is public.

    Raises ModerationRefused without a reason or where none of them counts.
    """
    if not reason.strip():
        raise ModerationRefused(_("Give a reason: the public account tells it."))
    now = timezone.now()
    made = []
    with transaction.atomic():
        counting_now = list(
            Pledge.objects.filter(pk__in=pledges.values("pk")).counted().select_for_update().order_by("pk")
        )
        for campaign in Campaign.objects.filter(pk__in={p.campaign_id for p in counting_now}):
            own = [p for p in counting_now if p.campaign_id == campaign.pk]
            taken = Invalidation.objects.create(
                campaign=campaign,
                reason=reason.strip(),
                pledges_count=len(own),
                made_by=by,  # type: ignore[misc]
                made_at=now,
            )
            for some in _portions(own):
                Pledge.objects.filter(pk__in=[p.pk for p in some]).update(invalidation=taken)
            counting.invalidated(own, now)
            made.append(taken)
    if not made:
        raise ModerationRefused(_("None of these pledges counts."))
    return made


def reinstate(taken: Invalidation, *, reason: str, by: AbstractBaseUser) -> None:
    """Bring the pledges of an invalidation back into the count. Raises ModerationRefused without a reason, or twice."""
    if not reason.strip():
        raise ModerationRefused(_("Give a reason: the public account tells it."))
    now = timezone.now()
    with transaction.atomic():
        locked = Invalidation.objects.select_for_update().get(pk=taken.pk)
        if locked.reinstated_at:
            raise ModerationRefused(_("These pledges were brought back already."))
        own = list(Pledge.objects.filter(invalidation=locked).select_for_update().order_by("pk"))
        Pledge.objects.filter(invalidation=locked).update(invalidation=None)
        locked.reinstated_count = len(own)
        locked.reinstated_reason = reason.strip()
        locked.reinstated_by = by  # type: ignore[assignment]
        locked.reinstated_at = now
        locked.save()
        counting.reinstated(own, now)


def remove_for(own: Pledge) -> None:
    """Delete a person's data at their demand by other ways than the link."""
    with transaction.atomic():
        pledges_door.forget(Pledge.objects.select_for_update().get(pk=own.pk))


def _portions(rows: list[Pledge], size: int = 500) -> Iterable[list[Pledge]]:
    """SQLite takes so many values in one statement and no more."""
    return (rows[n : n + size] for n in range(0, len(rows), size))
