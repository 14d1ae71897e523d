"""Readers who want to hear by mail: subscribe, confirm, be told what happened, stop.

The mails go through the campaign's outbox. A reader is told of what became public between two moments, so nothing is told
twice and nothing before it is public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from campaign.mailing import outbox
from campaign.mailing.letters import addressed
from campaign.models import Mail, Suppression
from campaign.pledging.addresses import address_hash
from config.kit.formats.languages import ENGLISH, language_tag_of
from config.kit.secret_links import LinkDead
from news.models import Correction, Statement, Subscription
from treaties import ledger
from treaties.models import State, TreatyAction
from treaties.models.treaties import MAIN_TREATY

CONFIRM, ALERT = "alert-confirm", "alert"
CONSISTENCY_DELAY = timedelta(seconds=2)
"""What is younger waits, so that a transaction that commits late is not skipped."""
WEEK = timedelta(days=7)
MAX_ITEMS = 50
"""The most items in one mail; the rest are on the site."""
BATCH = 1000
"""Readers that `send` takes in one transaction."""
_SALTS = {"confirm": "news.alerts.confirm", "stop": "news.alerts.stop"}


# --- Links ---------------------------------------------------------------------------------------------------


def link(subscriptions: Iterable[Subscription], purpose: str) -> str:
    """The address of a link in a mail to one mailbox. It is signed, so the database keeps no secret."""
    chosen = list(subscriptions)
    token = signing.dumps([[s.pk for s in chosen], chosen[0].address_hash[:16]], salt=_SALTS[purpose])
    return settings.SITE_URL.rstrip("/") + reverse(f"news:alert-{purpose}", args=[token])


def from_token(token: str, purpose: str) -> QuerySet[Subscription]:
    """The subscriptions behind a link, at least one. Raises LinkDead."""
    days = timedelta(days=settings.PLEDGE_CONFIRM_DAYS) if purpose == "confirm" else None
    try:
        keys, beginning = signing.loads(token, salt=_SALTS[purpose], max_age=days)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkDead from error
    # Links in letters of an older version name one subscription by its number alone.
    numbers = keys if isinstance(keys, list) else [keys]
    found = Subscription.objects.filter(pk__in=numbers, address_hash__startswith=beginning).order_by("pk")
    if not found.exists():
        raise LinkDead
    return found.select_related("state")


# --- Service functions ---------------------------------------------------------------------------------------


def subscribe(
    *,
    email: str,
    topic: str,
    state: State | None = None,
    pace: str = Subscription.Pace.AT_ONCE,
    language: str = ENGLISH,
) -> None:
    """Record a reader's wish and queue the mail that asks its owner to confirm. Reveals nothing of what was known.

    One mail asks for all that waits to be confirmed at that mailbox, so that who wishes for three States gets one or two.
    """
    hashed = address_hash(email)
    with transaction.atomic():
        if Suppression.objects.filter(address_hash=hashed).exists():
            return
        subscription, is_new = Subscription.objects.select_for_update().get_or_create(
            address_hash=hashed, topic=topic, state=state, defaults={"email": email, "pace": pace, "language": language}
        )
        if not is_new and subscription.confirmed_at is not None:
            return
        subscription.email, subscription.pace, subscription.language = email, pace, language
        subscription.save(update_fields=["email", "pace", "language"])
        outbox.write_about(CONFIRM, subscription.pk, hashed)


def confirm(token: str) -> list[Subscription]:
    """Confirm subscriptions by their link: the reader is told of what happens from now. Raises LinkDead."""
    now = timezone.now()
    with transaction.atomic():
        found = from_token(token, "confirm")
        found.filter(confirmed_at=None).update(confirmed_at=now, notified_until=now)
    return list(found)


def stop(token: str) -> None:
    """End subscriptions and delete their address. Raises LinkDead."""
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
        found += _said(since, until, subscription.state)
    if subscription.topic != Subscription.Topic.STATEMENTS:
        found += _done(since, until, subscription.state)
    return sorted(found, key=lambda item: (item.at, item.path))


def _said(since: datetime, until: datetime, state: State | None) -> list[NewsItem]:
    """Statements that became public, were corrected or were withdrawn, about a State or all, in the language that is spoken."""
    statements = Statement.objects.public(until)
    if state:
        statements = statements.about(state)
    fresh = statements.for_reader_here().filter(publish_at__gt=since)
    # Who is told that a text was wrong may have read the translation or the original.
    statements = statements.with_translations_into(language_tag_of(get_language() or ENGLISH))
    found = [NewsItem(s.publish_at, s.title, s.get_absolute_url()) for s in fresh if s.publish_at]
    corrected = Correction.objects.filter(statement__in=statements, made_at__gt=since, made_at__lte=until)
    found += [
        NewsItem(c.made_at, _("Corrected: %(what)s") % {"what": c.statement.title}, c.statement.get_absolute_url())
        for c in corrected.select_related("statement")
    ]
    withdrawn = statements.filter(withdrawn_at__gt=since, withdrawn_at__lte=until)
    found += [
        NewsItem(s.withdrawn_at, _("Withdrawn: %(what)s") % {"what": s.title}, s.get_absolute_url())
        for s in withdrawn
        if s.withdrawn_at
    ]
    return found


def _done(since: datetime, until: datetime, state: State | None) -> list[NewsItem]:
    """Confirmed acts, of a State or all."""
    acts = TreatyAction.objects.filter(confirmed_at__gt=since, confirmed_at__lte=until)
    if state:
        acts = acts.filter(state=state)
    return [
        NewsItem(a.confirmed_at, line_of_act(a), a.get_absolute_url())
        for a in acts.select_related("state", "treaty")
        if a.confirmed_at
    ]


def line_of_act(act: TreatyAction) -> str:
    """An act in a line: the State, what it did, under which treaty."""
    words = {"state": act.state.name, "act": act.get_action_display(), "treaty": act.treaty.short_title}
    return _("%(state)s: %(act)s, %(treaty)s") % words


def due(until: datetime) -> QuerySet[Subscription]:
    """Subscriptions whose turn it is at their pace."""
    turn = Q(pace=Subscription.Pace.AT_ONCE) | Q(notified_until__lte=until - WEEK)
    return Subscription.objects.filter(turn, confirmed_at__isnull=False, notified_until__lt=until)


class Newest:
    """The moment of the newest thing that each reader could be told of, from events that are read once for all readers."""

    def __init__(self, since: datetime, until: datetime) -> None:
        statements = Statement.objects.public(until)
        corrected = Correction.objects.filter(statement__in=statements, made_at__gt=since, made_at__lte=until)
        whose = ("states", "language", "translation_of")
        said: list[QuerySet[Any, Any]] = [
            statements.filter(publish_at__gt=since).values_list("publish_at", *whose),
            statements.filter(withdrawn_at__gt=since, withdrawn_at__lte=until).values_list("withdrawn_at", *whose),
            corrected.values_list("made_at", *(f"statement__{name}" for name in whose)),
        ]
        done = TreatyAction.objects.filter(confirmed_at__gt=since, confirmed_at__lte=until)
        self._said = self._newest(
            # What is no translation is for readers of every language.
            (moment, state, language if original else "")
            for rows in said
            for moment, state, language, original in rows.iterator()
        )
        done_rows = done.order_by().values_list("confirmed_at", "state").iterator()
        self._done = self._newest((moment, state, "") for moment, state in done_rows)

    @staticmethod
    def _newest(rows: Iterable[tuple[Any, str | None, str]]) -> dict[tuple[str | None, str], datetime]:
        """The newest moment of each State and language; under None that of all States."""
        newest: dict[tuple[str | None, str], datetime] = {}
        for moment, state, language in rows:
            for key in {(state, language), (None, language)}:
                newest[key] = max(moment, newest.get(key, moment))
        return newest

    def __bool__(self) -> bool:
        """Whether anything happened at all."""
        return bool(self._said or self._done)

    def is_after(self, notified_until: datetime | None, topic: str, state: str | None, language: str) -> bool:
        """Whether something happened since a reader was told, of what the reader wants to hear."""
        moments = []
        if topic != Subscription.Topic.STATUS:
            moments += [self._said.get((state, "")), self._said.get((state, language_tag_of(language)))]
        if topic != Subscription.Topic.STATEMENTS:
            moments.append(self._done.get((state, "")))
        return any(moment and notified_until and moment > notified_until for moment in moments)


def send(now: datetime) -> int:
    """Queue a mail for every reader who has something to hear and no mail waiting. Returns the number of mails.

    What happened is read once; readers are taken in batches, each in a transaction of its own. A reader with nothing to hear
    is marked as up to date, and skipped until something else happens. Two runs at once queue each mail once.
    """
    written, until = 0, now - CONSISTENCY_DELAY
    waiting = due(until)
    since = waiting.aggregate(oldest=Min("notified_until"))["oldest"]
    newest = Newest(since, until) if since else None
    if not newest:
        return 0
    last = 0
    while batch := list(
        waiting.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "address_hash", "topic", "state_id", "notified_until", "language")[:BATCH]
    ):
        last = batch[-1][0]
        told = {
            pk: hashed
            for pk, hashed, topic, state, seen, language in batch
            if newest.is_after(seen, topic, state, language)
        }
        quiet = [row[0] for row in batch if row[0] not in told]
        with transaction.atomic():
            Subscription.objects.filter(pk__in=quiet, notified_until__lt=until).update(notified_until=until)
            written += outbox.queue_many(ALERT, told, now)
    return written


# --- Letters -------------------------------------------------------------------------------------------------


def _behind(mail: Mail) -> QuerySet[Subscription]:
    return Subscription.objects.filter(pk__in=[mail.object_id])


def _is_wanted(mail: Mail) -> bool:
    return _behind(mail).exists()


def _waiting_at(mail: Mail) -> QuerySet[Subscription]:
    """All subscriptions of the mailbox that wait for their confirmation."""
    return Subscription.objects.filter(address_hash=mail.address_hash, confirmed_at=None).order_by("pk")


def _is_to_be_confirmed(mail: Mail) -> bool:
    return _waiting_at(mail).exists()


def confirm_letter(mail: Mail) -> EmailMessage:
    """The letter that asks a reader to confirm all that waits at their mailbox."""
    subscriptions = list(_waiting_at(mail).select_related("state"))
    language = subscriptions[-1].language
    with override(language):
        links = {"confirm": link(subscriptions, "confirm"), "stop": link(subscriptions, "stop")}
        context = {
            "subscriptions": subscriptions,
            "links": links,
            "site": settings.SITE_URL,
            "days": settings.PLEDGE_CONFIRM_DAYS,
        }
        text = render_to_string("news/mail/confirm.txt", context)
    return addressed(mail, subscriptions[-1].email, text, language_tag_of(language), stop=links["stop"])


def alert_letter(mail: Mail) -> EmailMessage:
    """The letter that tells what happened, a line each. The end of its period is saved, so that the next goes on there."""
    subscription = _behind(mail).select_related("state").get()
    subscription.notifying_until = timezone.now() - CONSISTENCY_DELAY
    subscription.save(update_fields=["notifying_until"])
    with override(subscription.language):
        news = news_for(subscription, subscription.notifying_until)
        stop_link = link([subscription], "stop")
        context = {
            "subscription": subscription,
            "headline": headline_of(subscription, news),
            "news": [(item.line, settings.SITE_URL.rstrip("/") + item.path) for item in news[:MAX_ITEMS]],
            "more": max(len(news) - MAX_ITEMS, 0),
            "stop": stop_link,
            "site": settings.SITE_URL,
            "checkpoint_line": ledger.checkpoint_line(),
            "proof": settings.SITE_URL.rstrip("/") + reverse("treaties:ledger", args=[MAIN_TREATY]) + "#proof",
        }
        text = render_to_string("news/mail/alert.txt", context)
    return addressed(mail, subscription.email, text, language_tag_of(subscription.language), stop=stop_link)


def headline_of(subscription: Subscription, news: list[NewsItem]) -> str:
    """The subject of a letter: what happened, or how much, with the State if the reader wants to hear of one."""
    n = len(news)
    told = (
        Truncator(news[0].line).chars(90)
        if n == 1
        else ngettext("%(n)d thing that happened", "%(n)d things that happened", n) % {"n": n}
    )
    if subscription.state is None:
        return told
    return _("%(state)s: %(told)s") % {"state": subscription.state.name, "told": told}


def mark_notified(mail: Mail) -> None:
    """Note that a reader got the letter: the next one tells what happened after it."""
    _behind(mail).update(notified_until=F("notifying_until"))


MAIL_KINDS = {
    CONFIRM: outbox.MailKind(_is_to_be_confirmed, confirm_letter),
    ALERT: outbox.MailKind(_is_wanted, alert_letter, mark_notified),
}
