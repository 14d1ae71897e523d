"""Readers who want to hear by mail: asked for, confirmed by a button, told what happened, ended with one click.

The mails go through the campaign's outbox. What they tell is read from `news.changes`, so that nothing is told twice and
nothing before its minute.
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

from campaign import outbox
from campaign.addresses import person_key
from campaign.letters import addressed
from campaign.models import Mail, NeverMail
from news.changes import SETTLING
from news.models import Correction, Statement, Subscription
from treaties.models import State, TreatyAction

CONFIRM, ALERT = "alert-confirm", "alert"
WEEK = timedelta(days=7)
MOST = 50
"""So many things in one mail; the rest are on the site."""
_SALTS = {"confirm": "news.alerts.confirm", "stop": "news.alerts.stop"}


class LinkDead(Exception):
    """A link that nothing stands behind: changed, expired, or ended already."""


# --- Links ---------------------------------------------------------------------------------------------------


def link(own: Subscription, purpose: str) -> str:
    """The address in a mail. It is signed, not kept: there is no secret in the database."""
    token = signing.dumps([own.pk, own.address_key[:16]], salt=_SALTS[purpose])
    return settings.SITE_URL.rstrip("/") + reverse(f"news:alert-{purpose}", args=[token])


def behind(token: str, purpose: str) -> Subscription:
    """The subscription behind a link. Raises LinkDead."""
    days = timedelta(days=settings.PLEDGE_CONFIRM_DAYS) if purpose == "confirm" else None
    try:
        pk, key = signing.loads(token, salt=_SALTS[purpose], max_age=days)
        return Subscription.objects.select_related("state").get(pk=pk, address_key__startswith=key)
    except (signing.BadSignature, ValueError, TypeError, Subscription.DoesNotExist) as error:
        raise LinkDead from error


# --- Doors ---------------------------------------------------------------------------------------------------


def subscribe(*, email: str, topic: str, state: State | None = None, pace: str = Subscription.Pace.AT_ONCE) -> None:
    """Take a wish to be written to, and ask at the address whether it is its owner's. Tells nobody what was known."""
    person = person_key(email)
    with transaction.atomic():
        if NeverMail.objects.filter(person=person).exists():
            return
        own, is_new = Subscription.objects.select_for_update().get_or_create(
            address_key=person, topic=topic, state=state, defaults={"email": email, "pace": pace}
        )
        if not is_new and own.confirmed_at is not None:
            return
        own.email, own.pace = email, pace
        own.save()
        outbox.write_about(CONFIRM, own.pk, person)


def confirm(token: str) -> Subscription:
    """The reader has pressed the button: from now on they are told. Raises LinkDead."""
    with transaction.atomic():
        own = behind(token, "confirm")
        if own.confirmed_at is None:
            own.confirmed_at = own.told_until = timezone.now()
            own.save(update_fields=["confirmed_at", "told_until"])
    return own


def stop(token: str) -> None:
    """End it and delete the address. Raises LinkDead."""
    behind(token, "stop").delete()


# --- What is told --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """One thing that happened, in a line, with its address."""

    at: datetime
    line: str
    path: str


def news_for(own: Subscription, until: datetime) -> list[News]:
    """What happened since a reader was last told, up to a moment, in order."""
    since = own.told_until or until
    found: list[News] = []
    if own.topic != Subscription.Topic.STATUS:
        statements = Statement.objects.public(until)
        if own.state:
            statements = statements.about(own.state)
        fresh = statements.filter(publish_at__gt=since)
        found += [News(s.publish_at, s.title, s.get_absolute_url()) for s in fresh if s.publish_at]
        corrected = Correction.objects.filter(statement__in=statements, made_at__gt=since, made_at__lte=until)
        found += [
            News(c.made_at, f"Corrected: {c.statement.title}", c.statement.get_absolute_url())
            for c in corrected.select_related("statement")
        ]
        withdrawn = statements.filter(withdrawn_at__gt=since, withdrawn_at__lte=until)
        found += [
            News(s.withdrawn_at, f"Withdrawn: {s.title}", s.get_absolute_url()) for s in withdrawn if s.withdrawn_at
        ]
    if own.topic != Subscription.Topic.STATEMENTS:
        acts = TreatyAction.objects.filter(confirmed_at__gt=since, confirmed_at__lte=until).select_related(
            "state", "treaty"
        )
        if own.state:
            acts = acts.filter(state=own.state)
        found += [
            News(
                a.confirmed_at,
                f"{a.state.name}: {a.get_action_display()}, {a.treaty.short_title}",
                a.get_absolute_url(),
            )
            for a in acts
            if a.confirmed_at
        ]
    return sorted(found, key=lambda item: (item.at, item.path))


def due(until: datetime) -> Iterable[Subscription]:
    """Readers whose turn it is, each at their pace, and for whom something may have happened since they were told."""
    newest = newest_event(until)
    if newest is None:
        return []
    turn = Q(pace=Subscription.Pace.AT_ONCE) | Q(told_until__lte=until - WEEK)
    own = Subscription.objects.filter(turn, confirmed_at__isnull=False, told_until__lt=newest)
    return own.select_related("state").order_by("pk").iterator()


def newest_event(until: datetime) -> datetime | None:
    """The moment of the last thing that any reader could be told of."""
    statements = Statement.objects.public(until)
    found = [
        statements.aggregate(m=Max("publish_at"))["m"],
        statements.filter(withdrawn_at__lte=until).aggregate(m=Max("withdrawn_at"))["m"],
        Correction.objects.filter(made_at__lte=until, statement__in=statements).aggregate(m=Max("made_at"))["m"],
        TreatyAction.objects.filter(confirmed_at__lte=until).aggregate(m=Max("confirmed_at"))["m"],
    ]
    return max((moment for moment in found if moment), default=None)


def send(now: datetime) -> int:
    """Put a mail into the outbox for everybody who has something to hear and none waiting. The number of mails.

    Whoever has nothing to hear is up to date, and is not looked at again before something else happens.
    """
    written, until = 0, now - SETTLING
    for own in due(until):
        if not news_for(own, until):
            Subscription.objects.filter(pk=own.pk, told_until=own.told_until).update(told_until=until)
            continue
        with transaction.atomic():
            waiting = Mail.objects.filter(topic=ALERT, about=own.pk, standing__in=("queued", "sending"))
            if not waiting.exists():
                outbox.queue(Mail(topic=ALERT, about=own.pk, person=own.address_key, created_at=now, due_at=now))
                written += 1
    return written


# --- Letters -------------------------------------------------------------------------------------------------


def _about(mail: Mail) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk__in=[mail.about])


def _own(mail: Mail) -> Subscription:
    return _about(mail).select_related("state").get()


def _is_wanted(mail: Mail) -> bool:
    return _about(mail).exists()


def confirm_letter(mail: Mail) -> EmailMessage:
    own = _own(mail)
    links = {"confirm": link(own, "confirm"), "stop": link(own, "stop")}
    context = {"own": own, "links": links, "site": settings.SITE_URL, "days": settings.PLEDGE_CONFIRM_DAYS}
    text = render_to_string("news/mail/confirm.en.txt", context)
    return addressed(mail, own.email, text, "en", stop=links["stop"])


def alert_letter(mail: Mail) -> EmailMessage:
    """What happened, a line each. What is told is fixed when the letter is made, so that the next one goes on from there."""
    own = _own(mail)
    own.telling_until = timezone.now() - SETTLING
    own.save(update_fields=["telling_until"])
    news = news_for(own, own.telling_until)
    stop_link = link(own, "stop")
    context = {
        "own": own,
        "news": [(item.line, settings.SITE_URL.rstrip("/") + item.path) for item in news[:MOST]],
        "more": max(len(news) - MOST, 0),
        "stop": stop_link,
        "site": settings.SITE_URL,
    }
    return addressed(mail, own.email, render_to_string("news/mail/alert.en.txt", context), "en", stop=stop_link)


def told(mail: Mail) -> None:
    """The reader has got it: the next letter goes on from where it ended."""
    _about(mail).update(told_until=F("telling_until"))


TOPICS = {
    CONFIRM: outbox.Topic(_is_wanted, confirm_letter),
    ALERT: outbox.Topic(_is_wanted, alert_letter, told),
}


def purge(at: datetime) -> int:
    """Delete what was never confirmed in time. The number of subscriptions."""
    old = Subscription.objects.filter(
        confirmed_at=None, created_at__lt=at - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)
    )
    return old.delete()[0]
