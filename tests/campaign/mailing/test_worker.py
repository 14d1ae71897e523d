"""The worker itself, on a database that keeps what it does."""

from django.core import mail
from django.core.management import call_command

from campaign.models import Mail
from campaign.pledging import pledges
from tests.factories import CampaignFactory


def test_the_worker_sends_what_waits(committing):
    pledges.pledge(CampaignFactory(), name="Ann", email="ann@example.org")
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
    assert [m.to for m in mail.outbox] == [["ann@example.org"]]
    sent = Mail.objects.get()
    assert (sent.status, sent.attempts) == ("sent", 1)
