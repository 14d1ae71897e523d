"""The counter rows are what they count: after anything that people and moderators do, and with many at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.models import DayTally, Pledge, PledgeToken, RemovedPledge, StateTally
from campaign.pledging import counting, links, moderation, pledges
from campaign.pledging.backing import account_of, backing_of
from tests.config.addresses import API, CAMPAIGN
from tests.conftest import ALL
from tests.factories import CampaignFactory, ModeratorFactory, PledgeFactory
from tests.reading import text_of
from tests.side_by_side import at_once, failures

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def on(day: int):
    return time_machine.travel(DAY + timedelta(days=day), tick=False)


def identity(campaign) -> None:
    """What holds at every commit, whatever was done."""
    net = sum(
        t.confirmed - t.removed - t.invalidated + t.reinstated for t in DayTally.objects.filter(campaign=campaign)
    )
    by_state = sum(t.counted for t in StateTally.objects.filter(campaign=campaign))
    by_day = sum(t.counted for t in DayTally.objects.filter(campaign=campaign))
    assert net == by_state == by_day == Pledge.objects.of(campaign).counted().count()


def back(campaign, n: int, state=None) -> Pledge:
    pledge = PledgeFactory(campaign=campaign, state_id=state, confirmed_at=None, email=f"p{n}@example.org")
    links_of = links.new_links(pledge, timezone.now())
    return pledges.confirm(campaign, links_of["confirm"])


@pytest.mark.django_db
class TestTheAccount:
    def test_tells_each_day_what_came_and_went_and_why(self, campaign, client):
        with on(0):
            first, second, third = (back(campaign, n, "EST") for n in range(3))
        with on(1):
            pledges.remove(campaign, links.new_links(first, timezone.now())["remove"])
            chosen = Pledge.objects.filter(pk=second.pk)
            (taken,) = moderation.invalidate(chosen, reason="One robot", by=ModeratorFactory())
        with on(2):
            back(campaign, 4)
            moderation.reinstate(taken, reason="It was a person", by=ModeratorFactory())
        days = {
            row.tally.day: (*(getattr(row.tally, c) for c in counting.DAY_COLUMNS[:4]), row.total)
            for row in account_of(campaign)
        }
        assert days == {
            date(2026, 3, 1): (3, 0, 0, 0, 3),
            date(2026, 3, 2): (0, 1, 1, 0, 1),
            date(2026, 3, 3): (1, 0, 0, 1, 3),
        }
        identity(campaign)
        assert counting.recount(repair=False) == []
        text = text_of(client.get(f"{CAMPAIGN}/account/"))
        assert "1: One robot (1 brought back: It was a person)" in text
        assert third.counts

    def test_tells_the_api_by_day_only_what_still_counts(self, campaign, client):
        with on(0):
            first = back(campaign, 1)
            back(campaign, 2)
        with on(3):
            pledges.remove(campaign, links.new_links(first, timezone.now())["remove"])
        answer = client.get(f"{API}{CAMPAIGN}/backing/").json()
        assert answer["confirmed"] == 1
        assert answer["by_day"] == [{"day": "2026-03-01", "confirmed": 1}]

    def test_of_one_campaign_leaves_another_alone(self, campaign):
        back(campaign, 1)
        other = CampaignFactory()
        back(other, 2)
        assert [backing_of(c).confirmed for c in (campaign, other)] == [1, 1]

    def test_of_an_invalidated_person_who_leaves_counts_them_once(self, campaign):
        pledge = back(campaign, 1, "EST")
        moderation.invalidate(Pledge.objects.all(), reason="A robot", by=ModeratorFactory())
        pledge.refresh_from_db()
        pledges.remove(campaign, links.new_links(pledge, timezone.now())["remove"])
        day = DayTally.objects.get()
        assert (day.confirmed, day.removed, day.invalidated, day.counted) == (1, 0, 1, 0)
        assert RemovedPledge.objects.get().removed_on is None
        identity(campaign)
        assert counting.recount(repair=False) == []

    def test_costs_a_page_the_same_with_ten_times_the_people(
        self, nothing_is_kept, campaign, client, django_assert_max_num_queries
    ):
        PledgeFactory.create_batch(30, campaign=campaign, state_id="EST")
        for address in (f"{CAMPAIGN}/account/", f"{API}{CAMPAIGN}/backing/"):
            with django_assert_max_num_queries(8) as few:
                client.get(address)
            assert not [q for q in few.captured_queries if "count(" in q["sql"].lower()]


@pytest.mark.django_db
class TestRecounting:
    def test_finds_and_mends_each_counter_that_is_wrong(self, campaign, capsys):
        back(campaign, 1, "EST")
        back(campaign, 2)
        StateTally.objects.filter(state_id="EST").update(counted=7)
        StateTally.objects.filter(state__isnull=True).delete()
        DayTally.objects.update(confirmed=9)
        StateTally.objects.create(campaign=campaign, state_id="FRA", counted=3)
        with pytest.raises(CommandError, match="4 counters differ"):
            call_command("recount_pledges", check=True)
        assert StateTally.objects.get(state_id="EST").counted == 7
        call_command("recount_pledges")
        assert "EST: counted is 7, should be 1" in capsys.readouterr().out
        call_command("recount_pledges", check=True)
        assert "drift 0" in capsys.readouterr().out
        identity(campaign)

    @settings(max_examples=15 if ALL else 8, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        steps=st.lists(st.tuples(st.sampled_from(["back", "remove", "take", "bring"]), st.integers(0, 5)), max_size=12)
    )
    def test_finds_nothing_after_whatever_is_done_in_whatever_order(self, campaign, steps):
        fresh, editor = CampaignFactory(), ModeratorFactory()
        for n, (step, which) in enumerate(steps):
            pledge = list(Pledge.objects.of(fresh).confirmed().order_by("pk"))
            with on(n // 3):
                match step:
                    case "back":
                        back(fresh, n, [None, "EST", "FRA"][which % 3])
                    case "remove" if pledge:
                        pledges.remove(fresh, links.new_links(pledge[which % len(pledge)], timezone.now())["remove"])
                    case "take" if any(p.counts for p in pledge):
                        some = Pledge.objects.filter(pk__in=[p.pk for p in pledge[which:] or pledge])
                        if some.counted().exists():
                            moderation.invalidate(some, reason="A burst", by=editor)
                    case "bring":
                        taken = fresh.invalidations.filter(reinstated_at=None).first()
                        if taken:
                            moderation.reinstate(taken, reason="People after all", by=editor)
        identity(fresh)
        assert counting.recount(repair=False) == []


class TestManyAtOnce:
    def test_twenty_confirmations_of_one_link_count_once(self, committing):
        campaign = CampaignFactory()
        pledge = PledgeFactory(campaign=campaign, confirmed_at=None, state_id="EST")
        secret = links.new_links(pledge, timezone.now())["confirm"]
        answers = at_once(*[lambda: pledges.confirm(campaign, secret).receipt] * 20)
        assert [type(failure) for failure in failures(answers)] == [links.LinkUsed] * 19
        assert backing_of(campaign).confirmed == 1
        assert counting.recount(repair=False) == []

    def test_twenty_people_at_once_are_twenty(self, committing):
        campaign = CampaignFactory()
        secrets = []
        for n in range(20):
            pledge = PledgeFactory(campaign=campaign, confirmed_at=None, state_id=["EST", "FRA", None][n % 3])
            secrets.append(links.new_links(pledge, timezone.now())["confirm"])
        answers = at_once(*(lambda s=secret: pledges.confirm(campaign, s).receipt for secret in secrets))
        assert failures(answers) == []
        assert len(set(answers)) == 20
        assert backing_of(campaign).confirmed == 20
        assert counting.recount(repair=False) == []

    def test_one_person_who_sends_the_form_from_ten_places_is_one_with_one_mail(self, committing, settings):
        campaign = CampaignFactory()
        spellings = [f"a.n.n+{n}@gmail.com" for n in range(10)]
        answers = at_once(*(lambda s=spelling: pledges.pledge(campaign, name="Ann", email=s) for spelling in spellings))
        assert answers == [None] * 10
        assert Pledge.objects.of(campaign).count() == 1
        assert campaign.mails.count() == 1

    def test_confirming_and_removing_at_once_end_in_one_of_the_two(self, committing):
        campaign = CampaignFactory()
        pledge = PledgeFactory(campaign=campaign, confirmed_at=None)
        secret = links.new_links(pledge, timezone.now())
        confirmed, removed = at_once(
            lambda: pledges.confirm(campaign, secret["confirm"]), lambda: pledges.remove(campaign, secret["remove"])
        )
        assert not isinstance(removed, Exception)
        assert type(confirmed) in (Pledge, links.LinkDead)
        assert not Pledge.objects.of(campaign).exists()
        assert counting.recount(repair=False) == []


@pytest.mark.django_db
def test_a_token_lost_with_its_pledge_opens_nothing(campaign):
    pledge = PledgeFactory(campaign=campaign, confirmed_at=None)
    secret = links.new_links(pledge, timezone.now())["confirm"]
    Pledge.objects.all().delete()
    assert not PledgeToken.objects.exists()
    with pytest.raises(links.LinkDead):
        pledges.confirm(campaign, secret)


@pytest.mark.django_db
def test_the_counter_for_other_sites_tells_the_same_number(campaign, client):
    back(campaign, 1)
    assert "1 person" in text_of(client.get(reverse("embed-counter", args=[campaign.slug])))
