"""The outbox: mail that is never lost, and never sent twice for one request.

A `Mail` row is written in the transaction of what caused it. A task that holds nothing but the row's number delivers it:

    queued -> sending (claimed by one worker) -> sent
      ^            |-- nothing was handed over: back to the queue, tried again later
      |            |-- refused for good -> refused
      +- requeue --+-- handed over, outcome unknown (worker killed, line cut) -> uncertain: not sent again by itself

The rows are the truth: a task that is lost or runs twice does no harm, and `tidy` gives a row whose task was lost a new one.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError

from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task  # django.tasks from Django 6.0 on

from campaign.models import Mail, Pledge, Suppression

log = logging.getLogger("minefree.mail")


@dataclass(frozen=True)
class MailKind:
    """What an app says of its mails: whether one is still wanted, its letter, and what to do once it was sent."""

    is_wanted: Callable[[Mail], bool]
    letter: Callable[[Mail], EmailMessage]
    sent: Callable[[Mail], None] = lambda mail: None


mail_kinds: dict[str, MailKind] = {}
"""The kinds by name. Each app adds its own in `AppConfig.ready`."""

MIN_INTERVAL = timedelta(minutes=10)
MAX_PER_DAY, MAX_EVER = 3, 5
LIMITS_OF_TIME = ((1, MIN_INTERVAL), (MAX_PER_DAY, timedelta(days=1)), (5, timedelta(days=30)))
"""Of the other apps' mails: how many of a kind within which time."""
_MAILS_A_TASK = 50
LEASE = timedelta(minutes=5)
"""How long a worker may hold a mail before it counts as gone."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)


# --- Writing -------------------------------------------------------------------------------------------------


def mails_to(address_hash: str) -> list[Mail]:
    """All mails to a mailbox, for whatever campaign."""
    return list(Mail.objects.filter(address_hash=address_hash).order_by())


def write_to(pledge: Pledge, before: Iterable[Mail]) -> Mail | None:
    """Queue a mail to the person of a pledge, unless one is waiting or a limit is reached. Returns the mail, if any.

    The limits for a person and campaign: one mail in ten minutes, three in a day, five in all. They count what was sent,
    whatever became of the pledge.
    Args:
        pledge: locked by the caller's transaction.
        before: `mails_to` the person, read while the pledge is locked.
    """
    now = timezone.now()
    if not _has_room([mail for mail in before if mail.campaign_id == pledge.campaign_id], now):
        return None
    return queue(
        Mail(
            campaign_id=pledge.campaign_id,
            address_hash=pledge.address_hash,
            pledge_id=pledge.pk,
            created_at=now,
            due_at=now,
        )
    )


def write_about(kind: str, object_id: int, address_hash: str) -> Mail | None:
    """Queue a mail of another app's kind about one of its rows, at the first moment that the limits of time allow.

    One mail of a kind to a mailbox in ten minutes, three in a day, five in thirty days. None is queued where one is waiting
    already, or where the moment is more than a day away.
    """
    now = timezone.now()
    before = [mail for mail in mails_to(address_hash) if mail.kind == kind and mail.uses_the_limits]
    moment = first_moment((mail.sent_at or mail.created_at for mail in before), now)
    if any(mail.is_waiting for mail in before) or moment > now + timedelta(days=1):
        return None
    return queue(Mail(kind=kind, object_id=object_id, address_hash=address_hash, created_at=now, due_at=moment))


def queue_many(kind: str, hashes: Mapping[int, str], now: datetime) -> int:
    """Queue a mail of a kind about each row, by its number, unless one is waiting. Returns how many were queued.

    Two callers at once queue each mail once. One task delivers many, since a task costs as much as a mail.
    Args: hashes: the mailbox of each row.
    """
    waiting = Mail.objects.unfinished().filter(kind=kind)
    before = set(waiting.filter(object_id__in=hashes).values_list("object_id", flat=True))
    fresh = [
        Mail(kind=kind, object_id=number, address_hash=hashed, created_at=now, due_at=now)
        for number, hashed in hashes.items()
        if number not in before
    ]
    Mail.objects.bulk_create(fresh, ignore_conflicts=True)
    made = waiting.filter(object_id__in=[mail.object_id for mail in fresh], created_at=now).order_by("pk")
    numbers = list(made.values_list("pk", flat=True))
    for start in range(0, len(numbers), _MAILS_A_TASK):
        deliver_mails.enqueue(numbers[start : start + _MAILS_A_TASK])
    return len(numbers)


def queue(mail: Mail) -> Mail:
    """Save a mail to be sent, with its task, in the caller's transaction."""
    mail.save(force_insert=True)
    _enqueue(mail)
    return mail


def _has_room(mails: Iterable[Mail], now: datetime) -> bool:
    counted = [mail for mail in mails if mail.uses_the_limits]
    return not any(mail.is_waiting for mail in counted) and may_write((m.sent_at or m.created_at for m in counted), now)


def may_write(moments: Iterable[datetime], now: datetime) -> bool:
    """Whether the limits allow a mail after mails at the given moments."""
    ordered = sorted(moments)
    lately = [m for m in ordered if m > now - timedelta(days=1)]
    return len(ordered) < MAX_EVER and len(lately) < MAX_PER_DAY and (not ordered or ordered[-1] <= now - MIN_INTERVAL)


def first_moment(moments: Iterable[datetime], now: datetime) -> datetime:
    """The first moment, not before now, at which the limits of time allow a mail after mails at the given moments."""
    ordered = sorted(moments)
    ends = [ordered[-n] + span for n, span in LIMITS_OF_TIME if len(ordered) >= n]
    return max([now, *ends])


def cancel(pledge: Pledge) -> None:
    """Do not send what waits for a pledge."""
    pledge.mails.waiting().update(status=Mail.Status.CANCELLED)


def _enqueue(mail: Mail) -> None:
    is_now = mail.due_at <= timezone.now()
    deliver_mail.using(run_after=None if is_now else mail.due_at).enqueue(mail.pk)


# --- Delivering ----------------------------------------------------------------------------------------------


def deliver(mail_id: int) -> None:
    """Send one mail if it is waiting and due; else do nothing. Failures that can be tried again raise nothing."""
    mail = _claim(mail_id)
    if mail is None:
        return
    kind = mail_kinds[mail.kind]
    if not kind.is_wanted(mail) or Suppression.objects.filter(address_hash=mail.address_hash).exists():
        _finish(mail, Mail.Status.CANCELLED)
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _retry_later(mail, error)
        return
    try:
        message = _letter(kind, mail)
        if message is None or not _hand_over(mail):
            return
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            _finish(mail, Mail.Status.REFUSED, last_error=type(error).__name__)
        else:
            _retry_later(mail, error)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        if error.smtp_code >= 500:  # for good (RFC 5321, section 4.2.1)
            _finish(mail, Mail.Status.REFUSED, last_error=type(error).__name__)
        else:
            _retry_later(mail, error)
    except (OSError, smtplib.SMTPException) as error:
        _finish(mail, Mail.Status.UNCERTAIN, last_error=type(error).__name__)
        log.warning("mail %s: handed over, outcome unknown (%s)", mail.pk, type(error).__name__)
    else:
        if _finish(mail, Mail.Status.SENT, sent_at=timezone.now(), last_error=""):
            kind.sent(mail)
    finally:
        connection.close()


def _letter(kind: MailKind, mail: Mail) -> EmailMessage | None:
    """The letter of a mail; None where none can be made. Then the mail is refused, and what it told is passed over, so that
    the reader hears of what comes after it."""
    try:
        message = kind.letter(mail)
        message.message()  # makes the headers, so that what can be no letter is found before anything is handed over
    except (MessageError, ValueError, LookupError, ObjectDoesNotExist) as error:
        log.exception("mail %s: no letter can be made of it", mail.pk)
        if _finish(mail, Mail.Status.REFUSED, last_error=type(error).__name__):
            kind.sent(mail)
        return None
    return message


@task
def deliver_mail(mail_id: int) -> None:
    """The worker's task. It names the row and holds nothing of what is in it."""
    deliver(mail_id)


@task
def deliver_mails(mail_ids: list[int]) -> None:
    """The worker's task for many mails. What it leaves undone when its worker dies, `tidy` gives new tasks."""
    for mail_id in mail_ids:
        deliver(mail_id)


def _claim(mail_id: int) -> Mail | None:
    """Claim a mail for this worker by compare-and-set: of two workers one wins."""
    now = timezone.now()
    waiting = Mail.objects.waiting().filter(pk=mail_id, due_at__lte=now)
    if not waiting.update(status=Mail.Status.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return None
    return Mail.objects.select_related("campaign", "pledge__state").get(pk=mail_id)


def _hand_over(mail: Mail) -> bool:
    """Note that from here on the person may get the mail, whatever the server answers. False if the claim was lost.

    A mail with this note is not sent again by itself, so that a killed worker causes no second mail.
    """
    claimed = Mail.objects.filter(pk=mail.pk, status=Mail.Status.SENDING, attempts=mail.attempts)
    return bool(claimed.update(handed_over_at=timezone.now()))


def _finish(mail: Mail, status: str, **values: object) -> bool:
    """Write the outcome, if this worker still holds its claim. A worker that stalled past its lease changes nothing."""
    claimed = Mail.objects.filter(pk=mail.pk, status=Mail.Status.SENDING, attempts=mail.attempts)
    return bool(claimed.update(status=status, **values))


def _retry_later(mail: Mail, error: Exception) -> None:
    """Put a mail of which nothing was handed over back into the queue. The wait doubles; after five days it ends."""
    now = timezone.now()
    name = type(error).__name__
    log.warning("mail %s: attempt %s failed (%s)", mail.pk, mail.attempts, name)
    if now - mail.created_at > GIVE_UP_AFTER:
        _finish(mail, Mail.Status.REFUSED, last_error=name)
        return
    mail.due_at = now + min(_FIRST_WAIT * 2 ** min(mail.attempts - 1, 10), _LONGEST_WAIT)
    with transaction.atomic():
        if _finish(mail, Mail.Status.QUEUED, due_at=mail.due_at, handed_over_at=None, last_error=name):
            _enqueue(mail)


def requeue_stuck(at: datetime) -> int:
    """Requeue mails whose worker is gone, and give rows whose task was lost a new task. Returns the number of new tasks."""
    stuck = Mail.objects.stuck(at - LEASE)
    stuck.filter(handed_over_at__isnull=False).update(status=Mail.Status.UNCERTAIN, last_error="WorkerGone")
    stuck.filter(created_at__lt=at - GIVE_UP_AFTER).update(status=Mail.Status.REFUSED, last_error="WorkerGone")
    stuck.filter(handed_over_at__isnull=True).update(status=Mail.Status.QUEUED)
    late = Mail.objects.waiting().filter(due_at__lt=at - LEASE)
    with transaction.atomic():
        # A new due time, so that the next run does not give the same backlog yet more tasks.
        taken = list(late.select_for_update())
        late.filter(pk__in=[mail.pk for mail in taken]).update(due_at=at)
        for mail in taken:
            _enqueue(mail)
    return len(taken)
