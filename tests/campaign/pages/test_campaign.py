"""What is asked, promised and backed: pages, targets, follow-ups, numbers."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from campaign.follow_up import FollowUpRefused, confirm_done, decline_done, evidence_of, follow_up
from campaign.models import CampaignAction, Commitment, DayTally, FollowUp, Pledge
from campaign.pledging.backing import Backing, backing_of
from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from campaign.targets import answers_to, targets_of
from config.kit.models.row_versions import NotWhatWasSeen, fingerprint
from tests.config.addresses import API, CAMPAIGN
from tests.factories import (
    SOURCE,
    CampaignActionFactory,
    CampaignFactory,
    CommitmentFactory,
    EndorsementFactory,
    ManagerFactory,
    PledgeFactory,
    TreatyActionFactory,
)
from tests.reading import apply_to_shown, html_of, text_of
from tests.second_person import accept_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    return lambda address: text_of(client.get(address))


def call(slug):
    return CampaignAction.objects.get(slug=slug)


class TestTargets:
    @pytest.mark.parametrize(
        ("slug", "on", "number"),
        [
            ("accede-without-delay", date(2025, 6, 16), 32),
            ("accede-without-delay", date(2026, 3, 1), 35),
            ("halt-withdrawal", date(2025, 9, 15), 5),
            ("halt-withdrawal", date(2026, 3, 1), 0),
            ("adhere", date(2025, 9, 15), 165),
            ("stay-engaged", date(2026, 3, 1), 5),
        ],
    )
    def test_are_the_states_that_the_ledger_has_there_on_the_day(self, slug, on, number):
        assert len(targets_of([call(slug)], on)[call(slug).pk]) == number

    def test_are_none_for_a_call_to_everyone(self):
        assert targets_of([call("back-the-campaign")], date(2026, 1, 1)) == {}

    @pytest.mark.parametrize(
        ("audience", "rule", "is_refused"),
        [
            ("states_not_party", "", True),
            ("states_not_party", "party", True),
            ("states_not_party", "signatory", False),
            ("states_withdrawing", "withdrawn", True),
            ("states_parties", "withdrawing", False),
            ("public", "", False),
        ],
    )
    def test_lie_within_the_audience_of_the_call(self, convention, audience, rule, is_refused):
        call = CampaignAction(
            kind="call_to_action", audience=audience, target_rule=rule, target_treaty=convention if rule else None
        )
        refused = pytest.raises(ValidationError, match="Choose the States that it is aimed at by their status")
        with refused if is_refused else nullcontext():
            call.clean()

    def test_need_a_treaty_to_be_computed_under(self, campaign):
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignActionFactory(pillar=campaign.pillars.first(), target_rule="party")


class TestAnswers:
    def test_are_the_acts_that_do_what_a_call_asks_after_it_was_made(self):
        accede = call("accede-without-delay")
        answers = answers_to(CampaignAction.objects.calls(), date(2026, 3, 1))
        assert [(a.state_id, a.action) for a in answers[accede.pk]] == [("TON", "accession")]
        assert answers[call("halt-withdrawal").pk] == []
        assert call("adhere").pk not in answers

    def test_of_a_call_to_halt_are_cancelled_withdrawals(self, convention):
        TreatyActionFactory(
            treaty=convention, state_id="POL", action="withdrawal_cancelled", deposited_on=date(2026, 1, 9)
        )
        answers = answers_to([call("halt-withdrawal")], date(2026, 3, 1))
        assert [a.state_id for a in answers[call("halt-withdrawal").pk]] == ["POL"]

    def test_stand_on_the_campaigns_page(self, read):
        assert "Answered since: Tonga (accession, 25 Jun 2025 )" in read(f"{CAMPAIGN}/")


def test_events_are_a_calendar_that_a_client_reads(client):
    calendar = Calendar.from_ical(client.get(f"{CAMPAIGN}/events.ics").content)
    events = {str(e["uid"]): e for e in calendar.walk("VEVENT")}
    meeting = events["humanitarian-disarmament-twenty-second-meeting@minefree"]
    assert (meeting["dtstart"].dt, meeting["dtend"].dt) == (date(2025, 12, 1), date(2025, 12, 6))
    assert str(meeting["location"]) == "Geneva"
    assert "humanitarian-disarmament-africa-workshop-lusaka@minefree" not in events  # only its month is known


class TestTheCampaignsPage:
    def test_keeps_announcement_launch_and_window_apart(self, read):
        words = read(f"{CAMPAIGN}/")
        assert "16 June 2025 , António Guterres, Secretary-General, United Nations" in words
        assert "no launch is on record" in words
        assert "16 June 2025 – 16 December 2025 : over" in words

    def test_shows_pillars_calls_with_live_targets_and_the_timeline(self, read):
        words = read(f"{CAMPAIGN}/")
        assert "Uphold the norms of humanitarian disarmament" in words
        assert "35 States today, Mine Ban Convention" in words
        assert "Tonga accedes to the Convention" in words

    def test_groups_calls_by_audience_once_each(self, read):
        words = read(f"{CAMPAIGN}/").split("Calls to action")[1].split("commitments")[0]
        assert words.count("States under notice of withdrawal") == 1

    def test_tells_a_month_where_no_day_is_known(self, read):
        assert "February 2025 · Lusaka" in read(f"{CAMPAIGN}/")

    def test_counts_the_day_of_the_window(self, campaign):
        assert campaign.day_of_window(date(2025, 6, 16)) == 1
        assert campaign.day_of_window(date(2025, 12, 16)) == campaign.days_in_window == 184
        assert campaign.day_of_window(date(2025, 12, 17)) is None
        assert campaign.window_is_over(date(2025, 12, 17))

    def test_keeps_in_sight_what_was_announced_for_another_day(self, read, campaign):
        coming = CampaignActionFactory(pillar=campaign.pillars.first(), title="A conference", date=date(2027, 3, 1))
        assert "Was announced for" not in read(f"{CAMPAIGN}/")
        coming.summary = "Changed."
        coming.save()
        coming.date = date(2027, 5, 4)
        coming.save()
        text = read(f"{CAMPAIGN}/")
        assert "4 May 2027" in text
        assert "Was announced for 1 March 2027 ; moved on" in text

    def test_lists_and_counts_verified_endorsements_apart_from_people(self, read, campaign):
        editor = ManagerFactory()
        EndorsementFactory(campaign=campaign, name="City of Examples", verified_by=editor)
        EndorsementFactory(campaign=campaign, name="A Member", kind="parliamentarian", verified_by=editor)
        EndorsementFactory(campaign=campaign, name="Not Yet Verified")
        text = read(f"{CAMPAIGN}/")
        assert "2 endorsements, counted apart from people" in text
        assert "City: 1 City of Examples" in text
        assert "Not Yet Verified" not in text
        assert backing_of(campaign).confirmed == 0

    def test_a_campaign_without_anything_has_a_page_too(self, client):
        assert client.get(f"/campaigns/{CampaignFactory().slug}/").status_code == 200


def test_the_address_of_an_event_does_not_change_so_that_calendars_know_it_again(desk, client):
    event = CampaignAction.objects.get(slug="twenty-second-meeting")
    page = reverse("admin:campaign_campaignaction_change", args=[event.pk])
    shown = desk(CAMPAIGN_MANAGER).get(page)
    assert "slug" not in shown.context["adminform"].form.fields
    assert b'name="slug"' in desk(CAMPAIGN_MANAGER).get(reverse("admin:campaign_campaignaction_add")).content


@pytest.mark.parametrize("slug", ["New-Promise", "NEW-PROMISE", "new-promise"])
def test_two_addresses_differ_by_more_than_capitals(campaign, slug):
    values = {"pillar": campaign.pillars.first(), "by_organization": "A", "title": "B", "source_url": SOURCE}
    first = Commitment(slug="New-Promise", announced_on=date(2025, 7, 1), **values)
    first.full_clean()
    first.save()
    assert first.slug == "new-promise"
    with pytest.raises(ValidationError, match="This address is taken"):
        Commitment(slug=slug, announced_on=date(2025, 7, 1), **values).full_clean()


def test_an_address_with_capitals_that_is_public_stays_where_it_is(campaign):
    commitment = CommitmentFactory(pillar=campaign.pillars.first())
    Commitment.objects.filter(pk=commitment.pk).update(slug="Old-Promise")
    kept = Commitment.objects.get(slug="Old-Promise")
    kept.full_clean()
    kept.save()
    assert Commitment.objects.get(pk=kept.pk).slug == "Old-Promise"


def test_a_campaign_is_not_launched_before_it_is_announced():
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignFactory(launched_on=date(2025, 6, 15))


class TestCommitments:
    def test_are_overdue_when_due_and_not_settled(self, campaign):
        pillar = campaign.pillars.first()
        late = CommitmentFactory(pillar=pillar, due_on=date(2025, 8, 1))
        settled = CommitmentFactory(pillar=pillar, due_on=date(2025, 8, 1), status="done")
        assert late.is_overdue(date(2025, 8, 2))
        assert not late.is_overdue(date(2025, 8, 1))
        assert not settled.is_overdue(date(2025, 8, 2))
        assert set(Commitment.objects.overdue(date(2025, 8, 2)).filter(pk__in=[late.pk, settled.pk])) == {late}

    def test_can_be_filtered_on_their_page(self, read):
        assert "1 of 19 commitments" in read(f"{CAMPAIGN}/commitments/?state=TON")
        assert "5 of 19 commitments" in read(f"{CAMPAIGN}/commitments/?status=done")
        assert "2 of 19 commitments" in read(f"{CAMPAIGN}/commitments/?status=overdue")
        assert "no commitment of Tonga answers" in read(f"{CAMPAIGN}/commitments/?state=TON&status=announced")
        assert "No commitment answers" in read(f"{CAMPAIGN}/commitments/?status=withdrawn")

    def test_that_nobody_has_spoken_of_for_a_year_are_listed(self, read, campaign):
        old = CommitmentFactory(pillar=campaign.pillars.first(), announced_on=date(2024, 1, 1))
        assert old.is_silent(date(2025, 1, 1))
        follow_up(old, on=date(2024, 9, 1), status="under_way", text="Heard.", by=ManagerFactory())
        old = Commitment.objects.get(pk=old.pk)
        assert not old.is_silent(date(2025, 1, 1))
        assert old.is_silent(date(2025, 9, 2))
        assert "Do something" in read(f"{CAMPAIGN}/commitments/?status=silent")

    def test_are_silent_and_overdue_in_lists_as_each_of_them_tells(self, campaign):
        pillar, by = campaign.pillars.first(), ManagerFactory()
        for day in (date(2024, 1, 1), date(2024, 6, 1), date(2025, 1, 1)):
            for heard in (None, date(2025, 2, 1), date(2025, 9, 1)):
                made = CommitmentFactory(pillar=pillar, announced_on=day, due_on=day + timedelta(days=300))
                if heard:
                    follow_up(made, on=heard, status="under_way", text="Heard.", by=by)
                    follow_up(made, on=heard, status="done", text="?", evidence_url="https://example.org/", by=by)
        everything = Commitment.objects.for_display()
        for on in (date(2024, 12, 31), date(2025, 1, 1), date(2026, 2, 1), date(2026, 2, 2), date(2026, 10, 1)):
            assert set(Commitment.objects.silent(on)) == {c for c in everything if c.is_silent(on)}
            assert set(Commitment.objects.overdue(on)) == {c for c in everything if c.is_overdue(on)}
        assert Commitment.objects.tally() == {
            status: sum(c.status == status for c in everything) for status in Commitment.Status.values
        }

    def test_stand_on_pages_and_each_on_its_own(self, read, client, campaign):
        pillar = campaign.pillars.first()
        made = [CommitmentFactory(pillar=pillar, announced_on=date(2024, 1, 1)) for _n in range(60)]
        assert "79 of 79 commitments" in read(f"{CAMPAIGN}/commitments/")
        first, second = (html_of(client.get(f"{CAMPAIGN}/commitments/?page={n}")) for n in (1, 2))
        assert (first + second).count('<li class="card"') == 79
        assert first.count('<li class="card"') == 48
        assert made[0].title in read(made[0].get_absolute_url())
        assert client.get(f"{CAMPAIGN}/commitments/not-one/").status_code == 404

    def test_tell_by_what_they_can_be_tracked(self, read):
        assert "Trackable by a number, a date, a source, an owner" in read(f"{CAMPAIGN}/commitments/?state=CHE")

    def test_refuse_a_filter_that_is_none(self, client):
        assert client.get(f"{CAMPAIGN}/commitments/?status=lost").status_code == 400

    @pytest.mark.parametrize(
        "wrong",
        [
            {"by_state_id": "EST"},
            {"by_organization": ""},
            {"target_amount": 5},
            {"baseline_amount": 5},
            {"baseline_amount": 5, "target_amount": 5, "target_unit": "USD"},
            {"due_on": date(2025, 6, 30)},
        ],
    )
    def test_that_contradict_themselves_are_refused_by_the_database(self, campaign, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommitmentFactory(pillar=campaign.pillars.first(), **wrong)


class TestFollowingUp:
    @pytest.fixture
    def commitment(self, campaign):
        return CommitmentFactory(pillar=campaign.pillars.first())

    def heard(self, commitment, status, **values):
        given = {"on": date(2025, 9, 1), "text": "Something was heard.", "by": ManagerFactory()} | values
        return follow_up(commitment, status=status, **given)

    def test_moves_the_commitment(self, commitment):
        self.heard(commitment, "under_way")
        self.heard(commitment, "not_kept")
        commitment.refresh_from_db()
        assert commitment.status == "not_kept"
        assert commitment.history.count() == 3

    def test_as_done_moves_it_only_with_a_second_person(self, commitment, client):
        entry = self.heard(commitment, "done", evidence_url=SOURCE, text="All of it was paid.")
        commitment.refresh_from_db()
        assert (commitment.status, commitment.public_follow_ups) == ("announced", [])
        assert client.get(f"{API}/commitments/{commitment.slug}/").json()["follow_ups"] == []
        with pytest.raises(FollowUpRefused, match="second person"):
            confirm_done(entry, by=entry.recorded_by)
        second = ManagerFactory()
        confirm_done(entry, by=second)
        commitment = Commitment.objects.get(pk=commitment.pk)
        assert commitment.status == "done"
        assert [f.checked_by for f in commitment.public_follow_ups] == [second]
        with pytest.raises(FollowUpRefused):
            confirm_done(entry, by=ManagerFactory())

    def test_as_done_can_be_declined_with_a_reason(self, commitment):
        entry = self.heard(commitment, "done", evidence_url=SOURCE)
        with pytest.raises(FollowUpRefused, match="Say why"):
            decline_done(entry, reason=" ", by=ManagerFactory())
        decline_done(entry, reason="The page tells of a plan.", by=ManagerFactory())
        commitment = Commitment.objects.get(pk=commitment.pk)
        assert (commitment.status, commitment.public_follow_ups) == ("announced", [])
        with pytest.raises(FollowUpRefused):
            confirm_done(entry, by=ManagerFactory())

    def test_as_done_is_not_confirmed_when_it_was_settled_otherwise_meanwhile(self, commitment):
        entry = self.heard(commitment, "done", evidence_url=SOURCE)
        self.heard(commitment, "not_kept")
        with pytest.raises(FollowUpRefused, match="settled"):
            confirm_done(entry, by=ManagerFactory())

    def test_the_database_knows_no_done_without_a_check_and_no_check_of_ones_own(self, commitment):
        one = ManagerFactory()
        given = {
            "commitment": commitment,
            "on": date(2025, 9, 1),
            "status": "done",
            "text": "Paid.",
            "evidence_url": SOURCE,
        }
        for wrong in ({"check_result": ""}, {"check_result": "confirmed", "checked_by": one}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FollowUp.objects.create(**given, recorded_by=one, **wrong)

    def test_as_done_waits_on_the_desk_of_every_manager_but_its_recorder(self, desk, commitment):
        first, second = desk(CAMPAIGN_MANAGER), desk(CAMPAIGN_MANAGER)
        entry = self.heard(commitment, "done", evidence_url=SOURCE, by=first.user)
        told = "1 promise told as done waits for you"
        assert told not in first.get(reverse("admin:index")).content.decode()
        assert told in second.get(reverse("admin:index")).content.decode()
        page = reverse("admin:campaign_followup_changelist")
        assert "second person" in text_of(apply_to_shown(first, page, "confirm_as_done", entry))
        apply_to_shown(second, page, "confirm_as_done", entry)
        commitment.refresh_from_db()
        assert commitment.status == "done"

    def test_as_done_is_confirmed_as_it_was_shown(self, commitment):
        entry = self.heard(commitment, "done", evidence_url=SOURCE)
        seen = fingerprint(evidence_of(entry))
        Commitment.objects.filter(pk=commitment.pk).update(title="Another promise")
        with pytest.raises(NotWhatWasSeen, match="promise"):
            confirm_done(entry, by=ManagerFactory(), seen=seen)

    def test_as_done_by_a_source_alone_is_told_so_until_two_editors_have_seen_evidence(self, desk, client, campaign):
        told = "no evidence was checked here"
        unchecked = Commitment.objects.done_unchecked().count()
        address = f"{campaign.get_absolute_url()}commitments/"
        assert text_of(client.get(address)).count(told) == unchecked > 0
        manager = desk(CAMPAIGN_MANAGER)
        assert f"{unchecked} promises are told as done" in text_of(manager.get("/admin/"))
        tonga = Commitment.objects.get(slug="tonga-carry-out")
        assert tonga.title in text_of(manager.get("/admin/campaign/commitment/?evidence=none"))
        assert client.get("/api/v1/commitments/tonga-carry-out/").json()["done_is_checked"] is False
        confirm_done(self.heard(tonga, "done", evidence_url=SOURCE), by=ManagerFactory())
        assert client.get("/api/v1/commitments/tonga-carry-out/").json()["done_is_checked"] is True
        assert text_of(client.get(address)).count(told) == unchecked - 1

    def test_as_done_is_declined_on_the_desk_with_the_reason_that_is_asked_for(self, desk, commitment):
        entry = self.heard(commitment, "done", evidence_url=SOURCE)
        client, page = desk(CAMPAIGN_MANAGER), reverse("admin:campaign_followup_changelist")
        action = {"action": "decline_as_done", "_selected_action": [entry.pk]}
        assert "Reason" in client.post(page, action).content.decode()
        client.post(page, action | {"apply": "1", "reason": "A plan is not a payment."})
        entry.refresh_from_db()
        assert (entry.check_result, entry.check_reason) == ("declined", "A plan is not a payment.")

    @pytest.mark.parametrize(
        ("baseline", "target", "amount", "progress"),
        [(None, 200, 50, 25), (100, 200, 150, 50), (100, 0, 75, 25), (None, 200, 900, 100), (100, 200, 50, 0)],
    )
    def test_tells_progress_from_the_baseline_to_the_target(self, campaign, baseline, target, amount, progress):
        commitment = CommitmentFactory(
            pillar=campaign.pillars.first(), baseline_amount=baseline, target_amount=target, target_unit="hectares"
        )
        assert commitment.progress is None
        self.heard(commitment, "under_way", amount=Decimal(amount))
        assert Commitment.objects.get(pk=commitment.pk).progress == progress

    def test_needs_evidence_for_done(self, commitment):
        with pytest.raises(ValidationError):
            self.heard(commitment, "done")

    @pytest.mark.parametrize(
        ("first", "then", "values"),
        [
            ("under_way", "announced", {}),
            ("not_kept", "under_way", {}),
            ("announced", "under_way", {"on": date(2999, 1, 1)}),
            ("announced", "under_way", {"on": date(2025, 6, 30)}),
        ],
    )
    def test_goes_only_forward_and_never_into_the_future_or_before_the_promise(self, commitment, first, then, values):
        self.heard(commitment, first)
        with pytest.raises(FollowUpRefused):
            self.heard(commitment, then, **values)

    @pytest.mark.parametrize("older", ["announced", "under_way"])
    def test_of_an_older_day_is_added_to_the_account_and_moves_nothing(self, commitment, older):
        self.heard(commitment, "under_way", on=date(2025, 9, 1))
        self.heard(commitment, older, on=date(2025, 8, 1))
        commitment = Commitment.objects.get(pk=commitment.pk)
        assert commitment.status == "under_way"
        assert [f.status for f in commitment.public_follow_ups] == [older, "under_way"]

    @pytest.mark.parametrize("older", ["not_kept", "withdrawn", "under_way"])
    def test_of_an_older_day_cannot_say_more_than_the_newer_one(self, commitment, older):
        self.heard(commitment, "announced", on=date(2025, 9, 1))
        with pytest.raises(FollowUpRefused, match=r"On 1 Sep(tember)? 2025, which is later"):
            self.heard(commitment, older, on=date(2025, 8, 1))

    def test_of_an_older_day_does_not_go_back_behind_what_was_heard_on_that_day(self, commitment):
        self.heard(commitment, "under_way", on=date(2025, 8, 1))
        self.heard(commitment, "under_way", on=date(2025, 9, 1))
        with pytest.raises(FollowUpRefused, match="does not go back"):
            self.heard(commitment, "announced", on=date(2025, 8, 1))

    def test_may_be_of_today_and_of_the_day_of_the_promise(self, commitment, today):
        self.heard(commitment, "under_way", on=commitment.announced_on)
        self.heard(commitment, "not_kept", on=today)
        assert Commitment.objects.get(pk=commitment.pk).status == "not_kept"

    def test_as_done_of_an_older_day_is_not_confirmed_beside_a_newer_one(self, commitment):
        entry = self.heard(commitment, "done", evidence_url=SOURCE, on=date(2025, 8, 1))
        self.heard(commitment, "under_way", on=date(2025, 9, 1))
        with pytest.raises(FollowUpRefused, match="which is later"):
            confirm_done(entry, by=ManagerFactory())

    def test_of_the_day_of_the_settlement_may_repeat_it(self, commitment):
        self.heard(commitment, "not_kept", on=date(2025, 9, 1))
        self.heard(commitment, "under_way", on=date(2025, 8, 1))
        assert Commitment.objects.get(pk=commitment.pk).status == "not_kept"

    def test_is_done_on_the_commitments_page_in_the_admin(self, desk, commitment):
        client = desk(CAMPAIGN_MANAGER)
        address = reverse("admin:campaign_commitment_change", args=[commitment.pk])
        values = {
            "pillar": commitment.pillar_id,
            "by_organization": "An organization",
            "title": "Do something",
            "slug": commitment.slug,
            "announced_on": "2025-07-01",
            "date_precision": "day",
            "source_url": SOURCE,
            "follow_ups-TOTAL_FORMS": "1",
            "follow_ups-INITIAL_FORMS": "0",
            "follow_ups-0-commitment": commitment.pk,
            "follow_ups-0-on": "2025-09-01",
            "follow_ups-0-status": "under_way",
            "follow_ups-0-text": "It has begun.",
        }
        refused = client.post(address, values | {"follow_ups-0-on": "2025-01-01"})
        assert "This is before the commitment was announced." in refused.content.decode()
        assert client.post(address, values).status_code == 302
        commitment.refresh_from_db()
        assert commitment.status == "announced"
        accept_all()
        commitment.refresh_from_db()
        assert (commitment.status, commitment.follow_ups.get().recorded_by) == ("under_way", client.user)


class TestBacking:
    def test_counts_confirmed_pledges_alone(self, campaign):
        PledgeFactory.create_batch(3, campaign=campaign)
        PledgeFactory(campaign=campaign, confirmed_at=None)
        assert backing_of(campaign).confirmed == 3

    def test_counts_a_state_with_fewer_than_five_among_others(self, client, campaign):
        PledgeFactory.create_batch(5, campaign=campaign, state_id="EST")
        PledgeFactory.create_batch(4, campaign=campaign, state_id="NRU")
        PledgeFactory.create_batch(2, campaign=campaign)
        answer = client.get(f"{API}{CAMPAIGN}/backing/").json()
        assert answer["confirmed"] == 11
        assert answer["by_state"] == [{"state": {"iso3": "EST", "name": "Estonia"}, "confirmed": 5}]
        assert answer["other"] == 6
        assert answer["demonstration"] is False

    def test_is_told_by_day(self, campaign):
        PledgeFactory.create_batch(2, campaign=campaign, confirmed_at=datetime(2025, 7, 1, 23, 59, tzinfo=UTC))
        PledgeFactory(campaign=campaign, confirmed_at=datetime(2025, 7, 2, 0, 0, tzinfo=UTC))
        assert backing_of(campaign).by_day == [(date(2025, 7, 1), 2), (date(2025, 7, 2), 1)]

    def test_never_names_a_person_who_did_not_ask_for_it(self, client, campaign):
        PledgeFactory.create_batch(6, campaign=campaign, name="Canary Name", show_name=False, state_id="EST")
        PledgeFactory(campaign=campaign, name="Canary Waiting", show_name=True, confirmed_at=None)
        for address in (f"{API}{CAMPAIGN}/backing/", f"{CAMPAIGN}/", "/", "/states/est/", f"{API}{CAMPAIGN}/"):
            content = client.get(address).content.decode()
            assert "Canary" not in content
            assert "@example.org" not in content

    def test_names_those_who_wish_it_and_nothing_more_of_them(self, read, campaign):
        PledgeFactory(campaign=campaign, name="Proud Backer", show_name=True, state_id="EST", email="proud@example.org")
        text = read(f"{CAMPAIGN}/")
        assert "Proud Backer , Estonia" in text
        assert "proud@" not in text

    def test_is_drawn_on_the_map_without_telling_small_numbers(self, client, campaign):
        PledgeFactory.create_batch(5, campaign=campaign, state_id="EST")
        PledgeFactory.create_batch(4, campaign=campaign, state_id="ISL")
        html = html_of(client.get(f"{CAMPAIGN}/"))
        assert re.search(r'map--people-1"><title>Estonia: 5 people<', html)
        assert re.search(r'map--people-0"><title>Iceland: fewer than 5 people<', html)

    @pytest.mark.parametrize(
        ("confirmed", "mark"), [(0, 10), (9, 10), (10, 20), (49, 50), (221, 500), (1_000_000, 2_000_000)]
    )
    def test_has_a_next_round_number(self, confirmed, mark):
        assert Backing(confirmed, [], 0, [], False).next_mark == mark

    def test_one_person_backs_a_campaign_once(self, campaign):
        PledgeFactory(campaign=campaign, email="Some.Body@Example.org")
        with pytest.raises(IntegrityError), transaction.atomic():
            PledgeFactory(campaign=campaign, email="some.body@example.ORG")


class TestPersonalData:
    def test_is_for_the_pledge_moderator_alone(self, desk, campaign):
        pledge = PledgeFactory(campaign=campaign)
        address = reverse("admin:campaign_pledge_change", args=[pledge.pk])
        assert desk(CAMPAIGN_MANAGER).get(address).status_code == 403
        assert pledge.email in desk(PLEDGE_MODERATOR).get(address).content.decode()

    def test_leaves_no_trace_when_it_is_deleted(self, desk, campaign):
        pledge = PledgeFactory(campaign=campaign, name="Canary Name", email="canary@example.org")
        address = reverse("admin:campaign_pledge_delete", args=[pledge.pk])
        assert desk(PLEDGE_MODERATOR).post(address, {"post": "yes"}).status_code == 302
        assert not Pledge.objects.exists()
        kept = str([list(m._default_manager.values()) for m in apps.get_models()])
        assert "Canary" not in kept
        assert "canary@" not in kept
        assert DayTally.objects.get(removed=1)


class TestTheApi:
    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("kind=call_to_action", 8),
            ("pillar=mine-free-world", 6),
            ("state=TON", 2),
            ("status=announced&kind=milestone", 2),
            ("after=2026-01-01&kind=milestone", 4),
            ("before=2025-01-01", 2),
            ("campaign=humanitarian-disarmament&kind=delivery", 1),
        ],
    )
    def test_filters_campaign_actions(self, client, query, number):
        assert client.get(f"{API}/campaign-actions/?{query}").json()["count"] == number

    def test_gives_the_live_target_of_a_call(self, client):
        answer = client.get(f"{API}/campaign-actions/accede-without-delay/").json()
        assert len(answer["target_states"]) == 35
        assert client.get(f"{API}/campaign-actions/tonga-accedes/").json()["target_states"] is None

    def test_filters_commitments_and_tells_what_is_overdue(self, client):
        answer = client.get(f"{API}/commitments/?state=NOR&status=announced").json()["results"]
        assert [c["overdue"] for c in answer] == [True]
        assert client.get(f"{API}/commitments/?after=2025-07-01&before=2025-12-31").json()["count"] == 6
