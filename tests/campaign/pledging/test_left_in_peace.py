"""Who asks never to be written to again is left in peace, also when their pledge is long deleted."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaign.models import Pledge, PledgeToken, Suppression
from campaign.pledging import pledges
from config.kit.secret_links import hash_secret
from tests.campaign.conftest import deliver, link, token
from tests.config.addresses import CAMPAIGN
from tests.factories import CampaignFactory, PledgeFactory

pytestmark = pytest.mark.django_db


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


class TestBeingLeftInPeace:
    def test_works_when_the_pledge_is_long_deleted(self, client, campaign):
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        (letter,) = deliver()
        with later(days=30):
            pledges.purge(timezone.now())
            assert not Pledge.objects.exists()
            assert client.get(link(letter, "never")).content.split(b"<main")[1].count(b"<button") == 1
            assert client.post(link(letter, "never")).status_code == 200
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            assert deliver() == []

    def test_works_twice_and_not_for_ever(self, client, campaign, settings):
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        (letter,) = deliver()
        for _time in range(2):
            assert client.post(link(letter, "never")).status_code == 200
        with later(days=settings.PLEDGE_REMOVE_DAYS + 1):
            assert client.post(link(letter, "never")).status_code == 404

    def test_is_of_its_own_campaign_and_cannot_be_forged(self, client, campaign):
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        (letter,) = deliver()
        secret = token(link(letter, "never"))
        assert client.post(f"/campaigns/{CampaignFactory().slug}/pledge/never/{secret}/").status_code == 404
        assert client.post(f"{CAMPAIGN}/pledge/never/{secret[:-1]}/").status_code == 404
        assert not Suppression.objects.exists()

    def test_a_link_of_an_earlier_letter_still_works(self, client, campaign):
        pledge = PledgeFactory(campaign=campaign, confirmed_at=None)
        PledgeToken.objects.create(
            token_hash=hash_secret("old"), purpose="never", pledge=pledge, expires_at=timezone.now() + timedelta(days=1)
        )
        assert client.post(f"{CAMPAIGN}/pledge/never/old/").status_code == 200
        assert (Suppression.objects.count(), Pledge.objects.count()) == (1, 0)
        assert client.post(f"{CAMPAIGN}/pledge/never/none/").status_code == 404
