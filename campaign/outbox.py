"""Mail that is never lost and never sent twice for one request.

A row is written in the transaction of what caused it. A task that says nothing but the row's number delivers it:

    queued -> sending (claimed by one worker) -> sent
      ^            |-- nothing handed over: back to the queue, tried again later
      |            |-- refused for good -> refused
      +-- reaper --+-- handed over, outcome unknown (worker killed, line cut) -> uncertain: not sent again by itself

The truth is in the rows: a task that is lost or run twice does no harm, and `tidy` gives a row whose task was lost a new one.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task  # django.tasks from Django 6.0 on

from campaign.letters import letter
from campaign.models import Mail, NeverMail, Pledge

log = logging.getLogger("minefree.mail")


@dataclass(frozen=True)
class Topic:
    """What an app says of its letters: whether one is still wanted, its words, and what to do once it was sent."""

    is_wanted: Callable[[Mail], bool]
    letter: Callable[[Mail], EmailMessage]
    sent: Callable[[Mail], None] = lambda mail: None


topics: dict[str, Topic] = {"pledge": Topic(lambda mail: mail.pledge is not None, letter)}
"""Apps further right add their own."""

BETWEEN = timedelta(minutes=10)
A_DAY, IN_ALL = 3, 5
LEASE = timedelta(minutes=5)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


def mails_to(person: str) -> list[Mail]:
    """All mails to a mailbox, for whatever campaign."""
    return list(Mail.objects.filter(person=person).order_by())


def write_to(own: Pledge, before: Iterable[Mail]) -> Mail | None:
    """Write a mail to the person of a pledge that the transaction holds, unless they get one already or had enough.

    At most one in ten minutes, three in a day, five in all for a person and campaign: counted from what was sent,
    whatever became of the pledge.
    Args: before: `mails_to` the person, read while the pledge is held.
    """
    now = timezone.now()
    used = [mail for mail in before if mail.campaign_id == own.campaign_id]
    if not _has_room(used, now):
        return None
    return queue(
        Mail(campaign_id=own.campaign_id, person=own.address_key, pledge_id=own.pk, created_at=now, due_at=now)
    )


def write_about(topic: str, number: int, person: str) -> Mail | None:
    """The same for the letter of another app, within the same limits, counted for its topic."""
    now = timezone.now()
    if not _has_room([mail for mail in mails_to(person) if mail.topic == topic], now):
        return None
    return queue(Mail(topic=topic, about=number, person=person, created_at=now, due_at=now))


def queue(mail: Mail) -> Mail:
    """Keep a mail to be sent, with its task, in the transaction of what causes it."""
    mail.save(force_insert=True)
    _enqueue(mail)
    return mail


def _has_room(mails: Iterable[Mail], now: datetime) -> bool:
    used = [mail for mail in mails if mail.uses_the_limits]
    return not any(mail.is_waiting for mail in used) and may_write((m.sent_at or m.created_at for m in used), now)


def may_write(moments: Iterable[datetime], now: datetime) -> bool:
    """Whether a mail may be written after those of the given moments."""
    own = sorted(moments)
    lately = [m for m in own if m > now - timedelta(days=1)]
    return len(own) < IN_ALL and len(lately) < A_DAY and (not own or own[-1] <= now - BETWEEN)


def cancel(own: Pledge) -> None:
    """What waits for a pledge is not sent any more."""
    own.mails.waiting().update(standing=Mail.Standing.CANCELLED)


def _enqueue(mail: Mail) -> None:
    deliver_mail.using(run_after=mail.due_at if mail.attempts else None).enqueue(mail.pk)


def deliver(mail_id: int) -> None:
    """Send one mail if it waits and its time has come; else do nothing. Never raises for what can be tried again."""
    mail = _claim(mail_id)
    if mail is None:
        return
    topic = topics[mail.topic]
    if not topic.is_wanted(mail) or NeverMail.objects.filter(person=mail.person).exists():
        _finish(mail, Mail.Standing.CANCELLED)
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _again(mail, error)
        return
    try:
        message = topic.letter(mail)
        if not _hand_over(mail):
            return
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            _finish(mail, Mail.Standing.REFUSED, trouble=type(error).__name__)
        else:
            _again(mail, error)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _again(mail, error)
    except (OSError, smtplib.SMTPException) as error:
        _finish(mail, Mail.Standing.UNCERTAIN, trouble=type(error).__name__)
        log.warning("mail %s: handed over, outcome unknown (%s)", mail.pk, type(error).__name__)
    else:
        _finish(mail, Mail.Standing.SENT, sent_at=timezone.now(), trouble="")
        topic.sent(mail)
    finally:
        connection.close()


@task
def deliver_mail(mail_id: int) -> None:
    """What the worker does: a task says which row, and nothing of what is in it."""
    deliver(mail_id)


def _claim(mail_id: int) -> Mail | None:
    """Make the row this worker's: compare and set, so that of two workers one gets it."""
    now = timezone.now()
    waiting = Mail.objects.waiting().filter(pk=mail_id, due_at__lte=now)
    if not waiting.update(standing=Mail.Standing.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return Mail.objects.select_related("campaign", "pledge__state").get(pk=mail_id)


def _hand_over(mail: Mail) -> bool:
    """Write down that from here on the person may get it, whatever we hear: a killed worker is then no second mail.

    False if the claim was taken back meanwhile.
    """
    own = Mail.objects.filter(pk=mail.pk, standing=Mail.Standing.SENDING, attempts=mail.attempts)
    return bool(own.update(handed_over_at=timezone.now()))


def _finish(mail: Mail, standing: str, **values: object) -> None:
    Mail.objects.filter(pk=mail.pk).update(standing=standing, **values)


def _again(mail: Mail, error: Exception) -> None:
    """Nothing reached the person: back to the queue, with twice the wait each time; given up after some days."""
    now = timezone.now()
    trouble = type(error).__name__
    log.warning("mail %s: attempt %s failed (%s)", mail.pk, mail.attempts, trouble)
    if now - mail.created_at > GIVE_UP_AFTER:
        _finish(mail, Mail.Standing.REFUSED, trouble=trouble)
        return
    mail.due_at = now + min(_FIRST_WAIT * 2 ** min(mail.attempts - 1, 10), _LONGEST_WAIT)
    with transaction.atomic():
        _finish(mail, Mail.Standing.QUEUED, due_at=mail.due_at, handed_over_at=None, trouble=trouble)
        _enqueue(mail)


def reap(at: datetime) -> int:
    """Take back what a worker claimed and never finished, and give rows whose task was lost a new one."""
    stuck = Mail.objects.stuck(at - LEASE)
    stuck.filter(handed_over_at__isnull=False).update(standing=Mail.Standing.UNCERTAIN, trouble="WorkerGone")
    stuck.filter(created_at__lt=at - GIVE_UP_AFTER).update(standing=Mail.Standing.REFUSED, trouble="WorkerGone")
    stuck.update(standing=Mail.Standing.QUEUED)
    late = Mail.objects.waiting().filter(due_at__lt=at - LEASE)
    with transaction.atomic():
        # Due anew, so that a backlog is not given more tasks at every run.
        taken = list(late.select_for_update())
        late.filter(pk__in=[mail.pk for mail in taken]).update(due_at=at)
        for mail in taken:
            _enqueue(mail)
    return len(taken)
