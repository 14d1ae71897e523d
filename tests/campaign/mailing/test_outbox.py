"""Mail is never lost and never sent twice for one request, whatever breaks."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from campaign.mailing import outbox
from campaign.models import Mail
from campaign.pledging import pledges
from campaign.roles import PLEDGE_MODERATOR
from tests.campaign.conftest import deliver

pytestmark = pytest.mark.django_db
TROUBLE = "tests.campaign.mailing.test_outbox.Trouble"


class Trouble(EmailBackend):
    """A server that breaks where a test wants it to."""

    at_open: Exception | None = None
    at_send: Exception | None = None

    def open(self):
        if Trouble.at_open:
            raise Trouble.at_open
        return True

    def send_messages(self, messages):
        if Trouble.at_send:
            raise Trouble.at_send
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    """The way to break it."""
    settings.EMAIL_BACKEND = TROUBLE
    for place in ("at_open", "at_send"):
        monkeypatch.setattr(Trouble, place, None)
    return lambda place, error: monkeypatch.setattr(Trouble, place, error)


@pytest.fixture
def waiting(campaign) -> Mail:
    """A mail that waits for the worker."""
    pledges.pledge(campaign, name="Ann", email="ann@example.org")
    return Mail.objects.get()


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def test_a_task_says_which_row_and_nothing_of_the_person(waiting):
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [waiting.pk], "kwargs": {}}


def test_a_task_that_is_run_twice_sends_once(waiting):
    for _run in range(3):
        outbox.deliver(waiting.pk)
    assert len(mail.outbox) == 1


def test_a_task_of_a_row_that_is_gone_does_nothing(db):
    outbox.deliver(999_999)
    assert mail.outbox == []


def test_a_server_that_is_down_means_later_not_lost(server, waiting):
    server("at_open", ConnectionRefusedError())
    outbox.deliver(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.last_error) == ("queued", "ConnectionRefusedError")
    assert waiting.due_at > timezone.now()
    outbox.deliver(waiting.pk)  # too early
    server("at_open", None)
    outbox.deliver(waiting.pk)
    assert mail.outbox == []
    with later(minutes=2):
        outbox.deliver(waiting.pk)
    assert len(mail.outbox) == 1


def test_each_failure_doubles_the_wait_up_to_an_hour_and_has_a_task_of_its_own(server, waiting):
    server("at_open", smtplib.SMTPServerDisconnected())
    waits, moment = [], timezone.now()
    for _attempt in range(9):
        with time_machine.travel(moment, tick=False):
            outbox.deliver(waiting.pk)
        waiting.refresh_from_db()
        waits.append((waiting.due_at - moment).total_seconds() / 60)
        moment = waiting.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert DBTaskResult.objects.count() == 10
    assert DBTaskResult.objects.filter(run_after=waiting.due_at).count() == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no such mailbox")}), "refused"),
        (smtplib.SMTPRecipientsRefused({"ann@example.org": (450, b"greylisted")}), "queued"),
        (smtplib.SMTPSenderRefused(451, b"later", "us@example.org"), "queued"),
        (smtplib.SMTPDataError(452, b"full"), "queued"),
        (smtplib.SMTPServerDisconnected(), "uncertain"),
        (TimeoutError(), "uncertain"),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(server, waiting, error, status):
    server("at_send", error)
    outbox.deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.status == status
    assert "ann@" not in waiting.last_error


def test_what_is_uncertain_is_not_sent_again_by_itself_but_can_be_asked_for(server, waiting, campaign):
    server("at_send", TimeoutError())
    outbox.deliver(waiting.pk)
    server("at_send", None)
    with later(minutes=20):
        outbox.requeue_stuck(timezone.now())
        assert deliver() == []
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        assert len(deliver()) == 1


def test_a_mailbox_that_refuses_is_not_bothered_more_often_than_one_that_takes(server, campaign):
    server("at_send", smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no such mailbox")}))
    for day in range(20):
        with later(days=day):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            deliver()
    assert Mail.objects.filter(status="refused").count() == outbox.MAX_EVER


def test_it_gives_up_after_some_days(server, waiting):
    server("at_open", ConnectionRefusedError())
    with later(days=6):
        outbox.deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.status == "refused"


def killed_worker(mail_row, *, handed_over):
    """A worker that was killed while it held the row."""
    held = outbox._claim(mail_row.pk)
    if handed_over:
        assert outbox._hand_over(held)
    return held


def test_a_worker_killed_before_it_sent_is_replaced(waiting):
    killed_worker(waiting, handed_over=False)
    assert outbox.requeue_stuck(timezone.now()) == 0
    with later(minutes=6):
        assert outbox.requeue_stuck(timezone.now()) == 1
        assert len(deliver()) == 1


def test_a_worker_killed_while_it_sent_is_not_repeated(waiting):
    killed_worker(waiting, handed_over=True)
    with later(minutes=6):
        assert outbox.requeue_stuck(timezone.now()) == 0
        assert deliver() == []
    waiting.refresh_from_db()
    assert (waiting.status, waiting.last_error) == ("uncertain", "WorkerGone")


def test_a_worker_that_was_only_slow_finds_its_claim_gone(waiting):
    slow = killed_worker(waiting, handed_over=False)
    with later(minutes=6):
        outbox.requeue_stuck(timezone.now())
        deliver()
    assert not outbox._hand_over(slow)


def test_a_row_whose_task_was_lost_is_given_one_and_not_one_at_every_run(waiting):
    DBTaskResult.objects.all().delete()
    with later(minutes=6):
        assert outbox.requeue_stuck(timezone.now()) == 1
        assert outbox.requeue_stuck(timezone.now()) == 0
    assert DBTaskResult.objects.count() == 1


def test_mails_that_may_not_have_arrived_wait_for_the_moderator(desk, waiting):
    Mail.objects.update(status="uncertain")
    from django.urls import reverse

    assert "1 mail may not have arrived" in desk(PLEDGE_MODERATOR).get(reverse("admin:index")).content.decode()


@given(st.lists(st.integers(0, 60 * 24 * 4), max_size=60))
def test_the_limits_hold_whatever_is_asked_for_and_when(minutes):
    start = timezone.now()
    sent = []
    for moment in sorted(start + timedelta(minutes=m) for m in minutes):
        if outbox.may_write(sent, moment):
            sent.append(moment)
    assert len(sent) <= outbox.MAX_EVER
    for n, moment in enumerate(sent):
        assert all(moment - earlier >= outbox.MIN_INTERVAL for earlier in sent[:n])
        assert sum(moment - earlier < timedelta(days=1) for earlier in sent[: n + 1]) <= outbox.MAX_PER_DAY


@pytest.mark.parametrize("error", [smtplib.SMTPDataError(554, b"no"), smtplib.SMTPSenderRefused(550, b"no", "us")])
def test_a_refusal_for_good_ends_at_once(server, waiting, error):
    server("at_send", error)
    outbox.deliver(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.last_error) == (Mail.Status.REFUSED, type(error).__name__)


@pytest.mark.parametrize(
    "error", [smtplib.SMTPDataError(451, b"later"), smtplib.SMTPSenderRefused(450, b"later", "us")]
)
def test_a_refusal_for_now_is_tried_again(server, waiting, error):
    server("at_send", error)
    outbox.deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.status == Mail.Status.QUEUED


def test_a_worker_that_lost_its_claim_changes_nothing(waiting):
    mine = outbox._claim(waiting.pk)
    with later(minutes=10):
        outbox.requeue_stuck(timezone.now())
        deliver()
        assert outbox._finish(mine, Mail.Status.QUEUED) is False
        outbox._retry_later(mine, OSError("late"))
    waiting.refresh_from_db()
    assert (waiting.status, len(mail.outbox)) == (Mail.Status.SENT, 1)
