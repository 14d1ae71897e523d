"""A person who backs the campaign: what they send, the mail that they get, the links in it."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.utils import timezone

from campaign.mailing import outbox
from campaign.models import Mail
from campaign.pledging import pledges
from tests.config.addresses import CAMPAIGN

PERSON = {"name": "Ann Example", "email": "ann@example.org", "state": "EST", "language": "en"}


@pytest.fixture(autouse=True)
def nothing_spent():
    """No test spends what another one may use."""
    cache.clear()


def deliver() -> list[EmailMessage]:
    """Do what the worker does with the mails that wait; those that were sent."""
    before = len(mail.outbox)
    for pk in Mail.objects.waiting().values_list("pk", flat=True):
        outbox.deliver(pk)
    return mail.outbox[before:]


def link(letter: EmailMessage, purpose: str) -> str:
    """The address of a link in a letter, without the host."""
    found = re.search(rf"https?://[^/]+(/\S+/pledge/{purpose}/\S+/)", letter.body)
    assert found, letter.body
    return found.group(1)


def token(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[1]


@dataclass
class Form:
    """The form in a visitor's browser."""

    client: object

    def opened(self) -> dict[str, str]:
        """The fields that the page holds, hidden ones included."""
        html = self.client.get(f"{CAMPAIGN}/pledge/").content.decode()
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))

    def send(self, *, after: float = 3, **values):
        """Open the page, fill it in for so many seconds, send it."""
        fields = self.opened()
        with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=False):
            return self.client.post(f"{CAMPAIGN}/pledge/", fields | PERSON | values)


@pytest.fixture
def form(client, campaign):
    return Form(client)


@pytest.fixture
def person(campaign):
    """Somebody who sent the form; gives the letter that they got."""

    def make(email="ann@example.org", name="Ann Example", **values) -> EmailMessage:
        pledges.pledge(campaign, name=name, email=email, **values)
        return deliver()[-1]

    return make
