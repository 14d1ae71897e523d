"""Edges of pledging and counting: what nobody sees until two things happen at once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from campaign.models import DayTally, Mail, Pledge, StateTally
from campaign.models.pledges import PledgeQuerySet
from campaign.pledging import counting, links, pledges
from campaign.pledging.backing import backing_of
from tests.factories import CampaignFactory, PledgeFactory
from tests.side_by_side import at_once, failures

pytestmark = pytest.mark.django_db


def test_the_pledge_beyond_a_mailboxs_limit_makes_no_mail_and_changes_nothing(campaign, settings):
    settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"mailbox": 10}
    for n in range(11):
        Mail.objects.all().delete()  # so that the limits of mails do not decide
        pledges.pledge(campaign, name=f"Name {n}", email="ann@example.org")
        assert Mail.objects.count() == (1 if n < 10 else 0)
    assert Pledge.objects.get(email="ann@example.org").name != "Name 10"


def test_purging_leaves_who_confirms_in_the_same_moment(campaign, monkeypatch):
    pledge = PledgeFactory(campaign=campaign)
    monkeypatch.setattr(PledgeQuerySet, "unconfirmed_since", lambda self, at: self.filter(pk=pledge.pk))
    assert pledges.purge(timezone.now()) == 0
    assert Pledge.objects.filter(pk=pledge.pk).exists()


def test_a_demonstration_is_counted_apart(campaign):
    PledgeFactory(campaign=campaign, state_id="EST", is_demonstration=True)
    PledgeFactory(campaign=campaign, state_id="EST")
    tally = StateTally.objects.get(campaign=campaign, state="EST")
    assert (tally.counted, tally.demonstration) == (2, 1)
    assert counting.recount(repair=False) == []
    StateTally.objects.filter(pk=tally.pk).update(demonstration=0)
    (drift,) = counting.recount(repair=True)
    assert "demonstration is 0, should be 1" in str(drift)
    tally.refresh_from_db()
    assert tally.demonstration == 1


def test_a_repair_is_a_change_of_the_day_on_which_it_is_made(campaign):
    PledgeFactory(campaign=campaign)
    later = timezone.now() + timedelta(days=3)
    DayTally.objects.filter(campaign=campaign).update(counted=7)
    with time_machine.travel(later, tick=False):
        assert counting.recount(repair=True)
    assert DayTally.objects.get(campaign=campaign).moved_at == later


class TestAtOnce:
    def test_a_recount_beside_twenty_confirmations_leaves_the_counters_right(self, committing):
        campaign = CampaignFactory()
        secrets = []
        for n in range(20):
            pledge = PledgeFactory(campaign=campaign, confirmed_at=None, state_id=["EST", "FRA", None][n % 3])
            secrets.append(links.new_links(pledge, timezone.now())["confirm"])
        confirmations = [lambda s=secret: pledges.confirm(campaign, s) for secret in secrets]
        assert failures(at_once(*confirmations, *[lambda: counting.recount(repair=True)] * 3)) == []
        assert backing_of(campaign).confirmed == 20
        assert counting.recount(repair=False) == []

    def test_two_states_whose_counters_move_in_opposite_orders_wait_and_do_not_block_each_other(self, committing):
        campaign = CampaignFactory()
        rows = [PledgeFactory(campaign=campaign, state_id=code) for code in ("EST", "FRA") for _n in range(6)]
        now = timezone.now()

        def move(chosen):
            for _turn in range(5):
                for change in (counting.invalidated, counting.reinstated):
                    with transaction.atomic():
                        change(chosen, now)

        assert failures(at_once(lambda: move(rows[::2]), lambda: move(rows[::-2]))) == []
        assert {t.state_id: t.counted for t in StateTally.objects.filter(campaign=campaign)} == {"EST": 6, "FRA": 6}


def test_three_pledges_of_a_day_that_are_taken_out_are_three_fewer_on_that_day(campaign):
    rows = [PledgeFactory(campaign=campaign, state_id="EST") for _n in range(5)]
    counting.invalidated(rows[:3], timezone.now())
    confirmed_on = counting.day_of(rows[0].confirmed_at)
    assert DayTally.objects.get(campaign=campaign, day=confirmed_on).counted == 2
    counting.reinstated(rows[:3], timezone.now())
    assert DayTally.objects.get(campaign=campaign, day=confirmed_on).counted == 5
    columns = DayTally.objects.filter(campaign=campaign).aggregate(out=Sum("invalidated"), back=Sum("reinstated"))
    assert columns == {"out": 3, "back": 3}


def test_a_counter_whose_row_is_missing_is_told_as_nothing_and_made(campaign):
    PledgeFactory(campaign=campaign, state_id="EST", is_demonstration=True)
    StateTally.objects.filter(campaign=campaign).delete()
    DayTally.objects.filter(campaign=campaign).delete()
    told = [str(drift) for drift in counting.recount(repair=True)]
    assert "counted is 0, should be 1; demonstration is 0, should be 1" in told[0]
    assert "confirmed is 0, should be 1; counted is 0, should be 1" in told[1]
    assert counting.recount(repair=False) == []


def test_who_has_got_no_letter_yet_has_as_many_days_as_others(campaign):
    pledge = PledgeFactory(campaign=campaign, confirmed_at=None)
    Pledge.objects.filter(pk=pledge.pk).update(created_at=timezone.now())
    for days, purged in ((0, 0), (6, 0), (8, 1)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            assert pledges.purge(timezone.now()) == purged
