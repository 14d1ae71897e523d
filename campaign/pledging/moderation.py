"""Service functions of the pledge moderators: find bursts, take pledges out of the count and back, log who saw what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import AccessLogEntry, Campaign, Invalidation, Pledge
from campaign.pledging import counting
from campaign.pledging import pledges as pledge_services
from campaign.pledging.addresses import LARGE, address_hash
from campaign.roles import PLEDGE_MODERATOR
from config.kit.services import Refused

BURST = 10
"""This many pledges from one network, domain or name within LOOK_BACK are a burst."""
LOOK_BACK = timedelta(days=2)


class ModerationRefused(Refused):
    """What a moderator cannot do; the message is a sentence for them."""


def named_whole(pledges: QuerySet[Pledge], words: str) -> QuerySet[Pledge] | None:
    """The pledges of the person whose address is the words, or the one whose receipt they are; None where they are neither.

    Found by an index, where a search through a million names takes seconds. An address finds all spellings of its mailbox.
    """
    local, _at, domain = words.strip().rpartition("@")
    if local and "." in domain and " " not in words.strip():
        campaigns = list(Campaign.objects.values_list("pk", flat=True))
        return pledges.filter(campaign__in=campaigns, address_hash=address_hash(words))
    receipt = pledges.filter(receipt="".join(c for c in words.upper() if c.isalnum()))
    return receipt if receipt.exists() else None


def is_moderator(user: AbstractBaseUser) -> bool:
    """Whether a user holds the role that may see personal data. Administrators without the role may not."""
    if not isinstance(user, User) or not user.is_active:
        return False
    # The admin asks many times while it makes one page; the answer is kept on the user, who lasts one request.
    if not hasattr(user, "_moderates_pledges"):
        user._moderates_pledges = user.groups.filter(name=PLEDGE_MODERATOR).exists()  # type: ignore[attr-defined]
    return bool(user._moderates_pledges)  # type: ignore[attr-defined]


def _check_moderator(user: AbstractBaseUser) -> None:
    ModerationRefused.if_any("" if is_moderator(user) else _("Only a pledge moderator may do this."))


def log_access(user: AbstractBaseUser, what: str, pledges: Iterable[Pledge], asked: str = "") -> None:
    """Record who saw whose data."""
    AccessLogEntry.objects.create(
        user=user,  # type: ignore[misc]
        what=what,
        pledges=[p.pk for p in pledges],
        asked=asked[:500],
    )


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
    """Networks, domains and names with many recent pledges, largest first. Large mail providers are left out."""
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
    """Take pledges out of the count, with one invalidation for each campaign. The reason is public.

    Raises ModerationRefused for who is no moderator, without a reason, or where none of the pledges counts.
    """
    now = timezone.now()
    made = []
    with transaction.atomic():
        locked = list(Pledge.objects.filter(pk__in=pledges.values("pk")).counted().select_for_update().order_by("pk"))
        _check_moderator(by)
        _check_reason(reason)
        ModerationRefused.if_any("" if locked else _("None of these pledges counts."))
        for campaign in Campaign.objects.filter(pk__in={p.campaign_id for p in locked}):
            chosen = [p for p in locked if p.campaign_id == campaign.pk]
            invalidation = Invalidation.objects.create(
                campaign=campaign,
                reason=reason.strip(),
                pledges_count=len(chosen),
                made_by=by,  # type: ignore[misc]
                made_at=now,
            )
            for some in _batches(chosen):
                Pledge.objects.filter(pk__in=[p.pk for p in some]).update(invalidation=invalidation)
            counting.invalidated(chosen, now)
            made.append(invalidation)
    return made


def reinstate(invalidation: Invalidation, *, reason: str, by: AbstractBaseUser) -> None:
    """Bring the pledges of an invalidation back into the count.

    Raises ModerationRefused for who is no moderator, without a reason, or where they were brought back already.
    """
    now = timezone.now()
    with transaction.atomic():
        locked = Invalidation.objects.select_for_update().get(pk=invalidation.pk)
        _check_moderator(by)
        _check_reason(reason)
        ModerationRefused.if_any(_("These pledges were brought back already.") if locked.reinstated_at else "")
        pledges = list(Pledge.objects.filter(invalidation=locked).select_for_update().order_by("pk"))
        Pledge.objects.filter(invalidation=locked).update(invalidation=None)
        locked.reinstated_count = len(pledges)
        locked.reinstated_reason = reason.strip()
        locked.reinstated_by = by  # type: ignore[assignment]
        locked.reinstated_at = now
        locked.save(update_fields=["reinstated_count", "reinstated_reason", "reinstated_by", "reinstated_at"])
        counting.reinstated(pledges, now)


def hide_names(pledges: QuerySet[Pledge], *, by: AbstractBaseUser) -> int:
    """Stop showing the names of pledges. Returns how many were shown. Raises ModerationRefused for who is no moderator."""
    _check_moderator(by)
    return pledges.filter(show_name=True).update(show_name=False)


def remove_for(pledge: Pledge, *, by: AbstractBaseUser) -> None:
    """Delete a person's data at their demand, made by other ways than the link. Raises ModerationRefused."""
    with transaction.atomic():
        locked = Pledge.objects.select_for_update().get(pk=pledge.pk)
        _check_moderator(by)
        pledge_services.delete_pledge(locked)


def _check_reason(reason: str) -> None:
    ModerationRefused.if_any("" if reason.strip() else _("Give a reason: the public account tells it."))


def _batches(rows: list[Pledge], size: int = 500) -> Iterable[list[Pledge]]:
    """The rows in batches: SQLite limits the number of values in a statement."""
    return (rows[n : n + size] for n in range(0, len(rows), size))
