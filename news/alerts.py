"""Readers who want to hear by mail: subscribe, confirm, be told what happened, stop.

The mails go through the campaign's outbox. A reader is told of what became public between two moments, so nothing is told
twice and nothing before it is public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaign.mailing import outbox
from campaign.mailing.letters import addressed
from campaign.models import Mail, Suppression
from campaign.pledging.addresses import address_hash
from config.kit.secret_links import LinkDead
from news.finding.changes import CONSISTENCY_DELAY
from news.models import Correction, Statement, Subscription
from treaties.models import State, TreatyAction

CONFIRM, ALERT = "alert-confirm", "alert"
WEEK = timedelta(days=7)
MAX_ITEMS = 50
"""The most items in one mail; the rest are on the site."""
_SALTS = {"confirm": "news.alerts.confirm", "stop": "news.alerts.stop"}


# --- Links ---------------------------------------------------------------------------------------------------


def link(subscription: Subscription, purpose: str) -> str:
    """The address of a link in a mail. It is signed, so the database keeps no secret."""
    token = signing.dumps([subscription.pk, subscription.address_hash[:16]], salt=_SALTS[purpose])
    return settings.SITE_URL.rstrip("/") + reverse(f"news:alert-{purpose}", args=[token])


def from_token(token: str, purpose: str) -> Subscription:
    """The subscription behind a link. Raises LinkDead."""
    days = timedelta(days=settings.PLEDGE_CONFIRM_DAYS) if purpose == "confirm" else None
    try:
        pk, beginning = signing.loads(token, salt=_SALTS[purpose], max_age=days)
        return Subscription.objects.select_related("state").get(pk=pk, address_hash__startswith=beginning)
    except (signing.BadSignature, ValueError, TypeError, Subscription.DoesNotExist) as error:
        raise LinkDead from error


# --- Service functions ---------------------------------------------------------------------------------------


def subscribe(*, email: str, topic: str, state: State | None = None, pace: str = Subscription.Pace.AT_ONCE) -> None:
    """Record a reader's wish and queue the mail that asks its owner to confirm. Reveals nothing of what was known."""
    hashed = address_hash(email)
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=hashed).exists():
            return
        subscription, is_new = Subscription.objects.select_for_update().get_or_create(
            address_hash=hashed, topic=topic, state=state, defaults={"email": email, "pace": pace}
        )
        if not is_new and subscription.confirmed_at is not None:
            return
        subscription.email, subscription.pace = email, pace
        subscription.save(update_fields=["email", "pace"])
        outbox.write_about(CONFIRM, subscription.pk, hashed)


def confirm(token: str) -> Subscription:
    """Confirm a subscription by its link: the reader is told of what happens from now. Raises LinkDead."""
    with transaction.atomic():
        subscription = from_token(token, "confirm")
        if subscription.confirmed_at is None:
            subscription.confirmed_at = subscription.notified_until = timezone.now()
            subscription.save(update_fields=["confirmed_at", "notified_until"])
    return subscription


def stop(token: str) -> None:
    """End a subscription and delete the address. Raises LinkDead."""
    from_token(token, "stop").delete()


def purge(at: datetime) -> int:
    """Delete subscriptions that were not confirmed in time. Returns their number."""
    old = Subscription.objects.filter(
        confirmed_at=None, created_at__lt=at - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)
    )
    return old.delete()[0]


# --- What readers are told -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewsItem:
    """One thing that happened: the moment, a line, an address."""

    at: datetime
    line: str
    path: str


def news_for(subscription: Subscription, until: datetime) -> list[NewsItem]:
    """What happened since a reader was last told, up to a moment, in order."""
    since = subscription.notified_until or until
    found: list[NewsItem] = []
    if subscription.topic != Subscription.Topic.STATUS:
        statements = Statement.objects.public(until)
        if subscription.state:
            statements = statements.about(subscription.state)
        fresh = statements.filter(publish_at__gt=since)
        found += [NewsItem(s.publish_at, s.title, s.get_absolute_url()) for s in fresh if s.publish_at]
        corrected = Correction.objects.filter(statement__in=statements, made_at__gt=since, made_at__lte=until)
        found += [
            NewsItem(c.made_at, f"Corrected: {c.statement.title}", c.statement.get_absolute_url())
            for c in corrected.select_related("statement")
        ]
        withdrawn = statements.filter(withdrawn_at__gt=since, withdrawn_at__lte=until)
        found += [
            NewsItem(s.withdrawn_at, f"Withdrawn: {s.title}", s.get_absolute_url()) for s in withdrawn if s.withdrawn_at
        ]
    if subscription.topic != Subscription.Topic.STATEMENTS:
        acts = TreatyAction.objects.filter(confirmed_at__gt=since, confirmed_at__lte=until).select_related(
            "state", "treaty"
        )
        if subscription.state:
            acts = acts.filter(state=subscription.state)
        found += [
            NewsItem(
                a.confirmed_at,
                f"{a.state.name}: {a.get_action_display()}, {a.treaty.short_title}",
                a.get_absolute_url(),
            )
            for a in acts
            if a.confirmed_at
        ]
    return sorted(found, key=lambda item: (item.at, item.path))


def due(until: datetime) -> Iterable[Subscription]:
    """Subscriptions whose turn it is at their pace, and for which something may have happened since."""
    newest = newest_event(until)
    if newest is None:
        return []
    turn = Q(pace=Subscription.Pace.AT_ONCE) | Q(notified_until__lte=until - WEEK)
    waiting = Subscription.objects.filter(turn, confirmed_at__isnull=False, notified_until__lt=newest)
    return waiting.select_related("state").order_by("pk").iterator()


def newest_event(until: datetime) -> datetime | None:
    """The moment of the newest thing that any reader could be told of."""
    statements = Statement.objects.public(until)
    found = [
        statements.aggregate(m=Max("publish_at"))["m"],
        statements.filter(withdrawn_at__lte=until).aggregate(m=Max("withdrawn_at"))["m"],
        Correction.objects.filter(made_at__lte=until, statement__in=statements).aggregate(m=Max("made_at"))["m"],
        TreatyAction.objects.filter(confirmed_at__lte=until).aggregate(m=Max("confirmed_at"))["m"],
    ]
    return max((moment for moment in found if moment), default=None)


def send(now: datetime) -> int:
    """Queue a mail for every reader who has something to hear and no mail waiting. Returns the number of mails.

    A reader with nothing to hear is marked as up to date, and skipped until something else happens.
    """
    written, until = 0, now - CONSISTENCY_DELAY
    for subscription in due(until):
        if not news_for(subscription, until):
            Subscription.objects.filter(pk=subscription.pk, notified_until=subscription.notified_until).update(
                notified_until=until
            )
            continue
        with transaction.atomic():
            if not Mail.objects.unfinished().filter(kind=ALERT, object_id=subscription.pk).exists():
                outbox.queue(
                    Mail(
                        kind=ALERT,
                        object_id=subscription.pk,
                        address_hash=subscription.address_hash,
                        created_at=now,
                        due_at=now,
                    )
                )
                written += 1
    return written


# --- Letters -------------------------------------------------------------------------------------------------


def _behind(mail: Mail) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk__in=[mail.object_id])


def _is_wanted(mail: Mail) -> bool:
    return _behind(mail).exists()


def confirm_letter(mail: Mail) -> EmailMessage:
    """The letter that asks a reader to confirm."""
    subscription = _behind(mail).select_related("state").get()
    links = {"confirm": link(subscription, "confirm"), "stop": link(subscription, "stop")}
    context = {
        "subscription": subscription,
        "links": links,
        "site": settings.SITE_URL,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    text = render_to_string("news/mail/confirm.en.txt", context)
    return addressed(mail, subscription.email, text, "en", stop=links["stop"])


def alert_letter(mail: Mail) -> EmailMessage:
    """The letter that tells what happened, a line each. The end of its period is saved, so that the next goes on there."""
    subscription = _behind(mail).select_related("state").get()
    subscription.notifying_until = timezone.now() - CONSISTENCY_DELAY
    subscription.save(update_fields=["notifying_until"])
    news = news_for(subscription, subscription.notifying_until)
    stop_link = link(subscription, "stop")
    context = {
        "subscription": subscription,
        "news": [(item.line, settings.SITE_URL.rstrip("/") + item.path) for item in news[:MAX_ITEMS]],
        "more": max(len(news) - MAX_ITEMS, 0),
        "stop": stop_link,
        "site": settings.SITE_URL,
    }
    text = render_to_string("news/mail/alert.en.txt", context)
    return addressed(mail, subscription.email, text, "en", stop=stop_link)


def mark_notified(mail: Mail) -> None:
    """Note that a reader got the letter: the next one tells what happened after it."""
    _behind(mail).update(notified_until=F("notifying_until"))


MAIL_KINDS = {
    CONFIRM: outbox.MailKind(_is_wanted, confirm_letter),
    ALERT: outbox.MailKind(_is_wanted, alert_letter, mark_notified),
}
