"""Bundles: acts of the ledger, texts in several languages and calls that go public together at one minute, all or none.

Everything is approved beforehand, the acts by a second treaty officer, the texts by a publisher. At the minute one transaction
confirms, publishes and releases. It is run by whoever comes first, a reader's request or `send_alerts`: so that nobody ever sees a
part of it, and nothing has to run for it to happen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaign.calendars import moved_days
from campaign.models import CampaignAction
from news import newsroom, search
from news.models import Bundle
from treaties import ledger


class BundleError(Exception):
    """What a bundle refuses; the message is a sentence for the editor."""


def approve_acts(bundle: Bundle, *, by: User) -> None:
    """A second treaty officer stands by the acts: they are confirmed in that name at the minute. Raises BundleError."""
    if not by.has_perm("treaties.confirm_treatyaction"):
        raise BundleError(_("Only a treaty officer may do this."))
    if bundle.acts.filter(recorded_by=by).exists():
        raise BundleError(_("You recorded an act of it yourself: ask a colleague."))
    _approve(bundle, acts_approved_by=by)


def approve_texts(bundle: Bundle, *, by: User) -> None:
    """A publisher stands by the texts: they are published in that name at the minute. Raises BundleError."""
    for statement in bundle.statements.all():
        refusal = newsroom.why_not(newsroom.PUBLISH, statement, by)
        if refusal:
            raise BundleError(f"{statement}: {refusal}")
    if not by.has_perm("news.publish_statement"):
        raise BundleError(_("Only a publisher may do this."))
    _approve(bundle, texts_approved_by=by)


def _approve(bundle: Bundle, **approval: User) -> None:
    if bundle.released_at:
        raise BundleError(_("It is public already."))
    for field, by in approval.items():
        setattr(bundle, field, by)
    bundle.failure = ""
    bundle.save()


def changed(bundle: Bundle) -> None:
    """Its contents were changed: what was approved is approved no more."""
    bundle.acts_approved_by = bundle.texts_approved_by = None
    bundle.failure = ""
    bundle.save()


def due(now: datetime) -> QuerySet[Bundle]:
    """Bundles whose minute has come and whose parts are all approved."""
    acts_are_approved = Q(acts_approved_by__isnull=False) | Q(acts__isnull=True)
    waiting = Bundle.objects.filter(minute__lte=now, released_at=None, failure="", texts_approved_by__isnull=False)
    return waiting.filter(acts_are_approved).distinct()


def release_due(now: datetime) -> None:
    """Release what is due. One that cannot be released stays whole and hidden, and says why."""
    for bundle in due(now).order_by("minute", "pk"):
        try:
            release(bundle, now)
        except (ledger.LedgerError, newsroom.NewsroomError, ValidationError, BundleError) as error:
            told = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            Bundle.objects.filter(pk=bundle.pk, released_at=None).update(failure=told or type(error).__name__)


def release(bundle: Bundle, now: datetime) -> None:
    """Make all of it public in one transaction; of two at once one does it."""
    with transaction.atomic():
        own = Bundle.objects.select_for_update().get(pk=bundle.pk)
        if own.released_at or own.minute > now:
            return
        for act in own.acts.order_by("pk"):
            assert own.acts_approved_by is not None  # noqa: S101 - for the type checker
            ledger.confirm(act, by=own.acts_approved_by, at=now)
        for statement in own.statements.order_by("pk"):
            assert own.texts_approved_by is not None  # noqa: S101 - for the type checker
            newsroom.publish(statement, by=own.texts_approved_by, at=own.minute)
        held = list(own.actions.filter(is_held=True))
        CampaignAction.objects.filter(pk__in=[action.pk for action in held]).update(is_held=False)
        for action in held:
            action.is_held = False
        # To readers it begins to exist now.
        CampaignAction.history.bulk_history_create(held, default_change_reason="Released with a bundle")
        search.index(CampaignAction.objects.for_display().filter(pk__in=[action.pk for action in held]))
        own.released_at = now
        own.save()


# --- The public calendar -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coming:
    """Something announced, when it is to be, and for when it was announced before."""

    line: str
    day: date
    minute: datetime | None
    was: list[tuple[datetime | date, datetime]]
    url: str


def coming(now: datetime) -> list[Coming]:
    """What is announced and still to come, soonest first: texts and decisions by their line, the campaign's events."""
    bundles = list(Bundle.objects.filter(released_at=None, minute__gt=now).exclude(announced_as=""))
    minutes: dict[int, list[tuple[datetime, datetime]]] = {}
    records = Bundle.history.filter(id__in=[b.pk for b in bundles]).order_by("history_date", "history_id")
    for key, minute, at in records.values_list("id", "minute", "history_date"):
        minutes.setdefault(key, []).append((minute, at))
    found = [
        Coming(
            bundle.announced_as,
            bundle.minute.date(),
            bundle.minute,
            [(a[0], b[1]) for a, b in pairwise(minutes[bundle.pk]) if a[0] != b[0]],
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
    moved = moved_days(events)
    found += [
        Coming(e.title, e.date, None, [(m.was, m.noted_at) for m in moved.get(e.pk, [])], e.get_absolute_url())
        for e in events
    ]
    return sorted(found, key=lambda item: (item.day, item.line))


def overdue(now: datetime) -> QuerySet[Bundle]:
    """Bundles whose minute has come and that are not public: a part is not approved, or the release was refused."""
    return Bundle.objects.filter(minute__lte=now, released_at=None).exclude(pk__in=due(now).values("pk"))
