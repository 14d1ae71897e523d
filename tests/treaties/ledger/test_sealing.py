"""What decides an answer beside the acts is sealed version by version, and so is what the site has published."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign.models import DayTally
from campaign.pledging import pledges
from config.kit.models.row_versions import fingerprint
from config.kit.proposals import Trial, accept, contents_of
from config.kit.proposals.guards import guarded_models
from news.models import Statement
from news.newsroom import workflow
from news.newsroom.published_versions import text_hash
from tests.factories import (
    SOURCE,
    CampaignFactory,
    EditorFactory,
    OfficerFactory,
    PledgeFactory,
    StatementFactory,
    TreatyFactory,
)
from tests.site_role import as_owner
from treaties import ledger
from treaties.ledger import comparing, sealing, triggers
from treaties.models import (
    Comparison,
    Declaration,
    LedgerSequence,
    SealedVersion,
    TreatyAction,
)

pytestmark = pytest.mark.django_db


def faults():
    return [str(fault) for fault in ledger.verify_site()]


def change(row, **values):
    """One officer proposes to change a row, another accepts it. Returns both."""
    first, second = OfficerFactory(), OfficerFactory()
    trial = Trial(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    proposal = trial.end(row, by=first)
    accept(proposal, seen=fingerprint(contents_of(proposal)), by=second)
    return first, second


def tamper(statement, *values):
    """What somebody can do who has the whole server."""
    with as_owner():
        triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestWhatIsLoaded:
    def test_is_sealed_as_its_files(self):
        assert faults() == []
        assert not SealedVersion.objects.exclude(recorded_by=None, confirmed_by=None).exists()
        assert not SealedVersion.objects.filter(as_found=True).exists()

    def test_is_every_row_of_the_record_beside_the_acts(self):
        models = [model for model in guarded_models() if model._meta.app_label == "treaties"]
        assert len(models) == 10
        for model in models:
            sealed = SealedVersion.objects.filter(kind=model._meta.label_lower)
            assert sealed.values("key").distinct().count() == model._base_manager.count()

    def test_is_sealed_once(self):
        assert ledger.seal() == 0

    def test_has_numbers_of_its_own_among_those_of_the_acts(self):
        numbers = [*SealedVersion.objects.values_list("sequence", flat=True)]
        numbers += TreatyAction.objects.confirmed().values_list("sequence", flat=True)
        assert len(set(numbers)) == len(numbers)
        assert max(numbers) == LedgerSequence.objects.get().last_sequence


class TestAChange:
    def test_that_two_officers_make_is_sealed_with_their_numbers(self, convention):
        first, second = change(convention, withdrawal_notice_months=60)
        last = sealing.site_chain()[-1]
        assert (last.kind, last.key) == ("treaties.treaty", str(convention.pk))
        assert (last.recorded_by, last.confirmed_by) == (first.pk, second.pk)
        assert last.content["withdrawal_notice_months"] == 60
        assert faults() == []

    def test_that_waits_for_the_second_officer_is_not_sealed(self, convention):
        before, officer = SealedVersion.objects.count(), OfficerFactory()
        trial = Trial(convention)
        convention.withdrawal_notice_months = 60
        convention.save()
        trial.end(convention, by=officer)
        assert SealedVersion.objects.count() == before
        assert faults() == []

    def test_of_the_day_of_the_last_comparison_is_sealed(self, convention):
        comparison = Comparison.objects.create(
            treaty=convention, table_of=date(2026, 11, 1), compared_by=OfficerFactory(), source_url=SOURCE, rows=305
        )
        closer = OfficerFactory()
        before = SealedVersion.objects.count()
        comparing.close(comparison, by=closer)
        last = sealing.site_chain()[-1]
        assert SealedVersion.objects.count() == before + 1
        assert last.content["last_compared_on"] == "2026-11-01"
        assert last.confirmed_by == closer.pk
        assert faults() == []

    def test_of_what_hangs_on_an_act_that_is_replaced_is_sealed(self):
        act = TreatyAction.objects.filter(declarations__isnull=False, replacements=None).order_by("pk").first()
        new = TreatyAction(
            treaty=act.treaty,
            state=act.state,
            action=act.action,
            deposited_on=act.deposited_on,
            source_url=SOURCE,
            note="Another note.",
        )
        ledger.replace(act, new, by=OfficerFactory(), reason="A mistake.")
        before = SealedVersion.objects.count()
        ledger.confirm(new, by=OfficerFactory())
        assert SealedVersion.objects.count() > before
        assert Declaration.objects.filter(with_action=new).exists()
        assert faults() == []

    def test_makes_another_checkpoint_line(self, convention):
        before = ledger.checkpoint_line()
        change(convention, note="Another note.")
        assert ledger.checkpoint_line() != before

    def test_takes_the_lock_of_the_ledger_before_any_other(self, convention, django_assert_max_num_queries):
        first, second = OfficerFactory(), OfficerFactory()
        trial = Trial(convention)
        convention.note = "Another note."
        convention.save()
        proposal = trial.end(convention, by=first)
        seen = fingerprint(contents_of(proposal))
        with django_assert_max_num_queries(200) as asked:
            accept(proposal, seen=seen, by=second)
        asked_for = [query["sql"] for query in asked if "SELECT" in query["sql"]]
        assert LedgerSequence._meta.db_table in asked_for[0]


class TestVerification:
    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            (
                "UPDATE treaties_treaty SET withdrawal_notice_months = 60 WHERE slug = 'mine-ban-convention'",
                "is another now than was sealed last",
            ),
            ("UPDATE treaties_state SET name = 'Nowhere' WHERE iso3 = 'EST'", "is another now than was sealed last"),
            ("DELETE FROM treaties_depositarynotification", "is of a row that is gone"),
            (
                "UPDATE treaties_historicaltreaty SET withdrawal_notice_months = 60 WHERE slug = 'mine-ban-convention'",
                "is kept otherwise than it was sealed",
            ),
            (
                "UPDATE treaties_historicalstate SET history_date = '2020-01-01 00:00:00+00' WHERE iso3 = 'EST'",
                "is kept otherwise than it was sealed",
            ),
            ("DELETE FROM treaties_historicalstate WHERE iso3 = 'EST'", "was sealed and is not kept any more"),
            ("UPDATE treaties_sealedversion SET key = 'EST' WHERE key = 'LVA'", "has been altered since it was sealed"),
            (
                "DELETE FROM treaties_sealedversion WHERE sequence = (SELECT max(sequence) FROM treaties_sealedversion)",
                "were sealed",
            ),
        ],
    )
    def test_finds_what_was_done_beside_the_record(self, statement, told):
        tamper(statement)
        assert any(told in fault for fault in faults())

    def test_finds_a_row_that_nobody_sealed(self):
        TreatyFactory()
        assert any("was made and not sealed" in fault for fault in faults())

    def test_finds_a_version_that_was_put_into_the_past(self, convention):
        convention._history_date = timezone.now() - timedelta(days=400)
        convention.withdrawal_notice_months = 60
        convention.save()
        ledger.seal()
        assert any("tells another moment than that of its sealing" in fault for fault in faults())

    def test_finds_a_version_that_says_it_was_found_at_an_upgrade(self, convention):
        change(convention, note="Another note.")
        tamper("UPDATE treaties_sealedversion SET as_found = (1 = 1) WHERE recorded_by IS NOT NULL")
        assert any("found at an upgrade, which was over by then" in fault for fault in faults())

    def test_is_part_of_the_command(self, capsys):
        tamper("UPDATE treaties_state SET name = 'Nowhere' WHERE iso3 = 'EST'")
        with pytest.raises(Exception, match=r"site: treaties\.state EST: is another now"):
            call_command("verify_ledger")

    def test_holds_when_an_account_is_gone(self, convention):
        change(convention, note="Another note.")
        tamper("UPDATE treaties_historicaltreaty SET history_user_id = NULL")
        assert faults() == []


class TestAnUpgrade:
    def test_seals_what_there_is_as_it_is_found(self, convention):
        with as_owner():
            triggers.remove(connection)
            SealedVersion.objects.all().delete()
            LedgerSequence.objects.update(site_length=0, site_hash="")
        with time_machine.travel(timezone.now() + timedelta(days=30)):
            sealing.seal_what_is_found("default")
            assert not SealedVersion.objects.filter(as_found=False, kind__startswith="treaties.").exists()
            assert faults() == []
            change(convention, note="Another note.")
            assert faults() == []

    def test_seals_nothing_twice(self):
        before = SealedVersion.objects.count()
        sealing.seal_what_is_found("default")
        assert SealedVersion.objects.count() == before


class TestPublishedTexts:
    @pytest.fixture
    def published(self):
        text = StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(minutes=5))
        ledger.seal("news.statement")
        return text

    def sealed(self, text):
        return list(SealedVersion.objects.filter(kind="news.statement", key=str(text.pk)))

    def test_are_sealed_by_their_hash_alone(self, published):
        (version,) = self.sealed(published)
        assert version.content["text_sha256"] == text_hash(published.title, published.body)
        assert published.title not in str(version.facts())

    def test_of_a_draft_are_not_sealed(self):
        text = StatementFactory(workflow="draft")
        ledger.seal()
        assert self.sealed(text) == []

    def test_before_their_minute_are_not_sealed(self):
        text = StatementFactory(workflow="scheduled", publish_at=timezone.now() + timedelta(hours=1))
        ledger.seal()
        assert self.sealed(text) == []
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            ledger.seal()
        assert len(self.sealed(text)) == 1

    def test_that_were_taken_back_before_their_minute_are_never_sealed(self):
        text = StatementFactory(workflow="scheduled", publish_at=timezone.now() + timedelta(hours=1))
        text.workflow, text.publish_at = "draft", None
        text.save()
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            ledger.seal()
        assert self.sealed(text) == []

    def test_that_are_withdrawn_have_both_versions(self, published):
        workflow.withdraw(published, by=EditorFactory(is_superuser=True), reason="It was wrong.")
        call_command("tidy", verbosity=0)
        assert [version.content["workflow"] for version in self.sealed(published)] == ["published", "withdrawn"]
        assert faults() == []

    def test_that_are_altered_in_the_history_are_found(self, published):
        tamper("UPDATE news_historicalstatement SET body = 'Another.' WHERE id = %s", published.pk)
        assert any("is kept otherwise than it was sealed" in fault for fault in faults())

    def test_that_are_loaded_are_sealed(self):
        public = Statement.objects.public().count()
        assert SealedVersion.objects.filter(kind="news.statement").values("key").distinct().count() >= min(public, 1)


class TestTheAccountOfPledges:
    @pytest.fixture
    def day(self):
        campaign = CampaignFactory()
        before_yesterday = timezone.now().date() - timedelta(days=2)
        return DayTally.objects.create(
            campaign=campaign, day=before_yesterday, confirmed=3, removed=1, counted=2, moved_at=timezone.now()
        )

    def sealed(self):
        return list(SealedVersion.objects.filter(kind="campaign.daytally").order_by("-sequence"))

    def test_is_sealed_day_by_day_once_a_day_is_over(self, day):
        DayTally.objects.create(campaign=day.campaign, day=timezone.now().date(), moved_at=timezone.now())
        before = len(self.sealed())
        ledger.seal()
        assert len(self.sealed()) == before + 1
        assert self.sealed()[0].content == {
            "campaign": day.campaign.slug,
            "day": day.day.isoformat(),
            "confirmed": 3,
            "removed": 1,
            "invalidated": 0,
            "reinstated": 0,
        }

    def test_waits_an_hour_for_what_was_begun_before_midnight(self, day):
        midnight = datetime.combine(day.day + timedelta(days=1), time(), UTC)
        with time_machine.travel(midnight + timedelta(minutes=59), tick=False):
            ledger.seal("campaign.daytally")
            assert not any(version.content["campaign"] == day.campaign.slug for version in self.sealed())
        with time_machine.travel(midnight + timedelta(minutes=61), tick=False):
            ledger.seal("campaign.daytally")
            assert any(version.content["campaign"] == day.campaign.slug for version in self.sealed())

    def test_that_is_altered_is_found(self, day):
        ledger.seal()
        assert faults() == []
        DayTally.objects.filter(pk=day.pk).update(confirmed=300)
        assert any("campaign.daytally" in fault and "otherwise than it was sealed" in fault for fault in faults())

    def test_holds_when_a_person_takes_a_pledge_of_that_day_back(self, day):
        pledge = PledgeFactory(campaign=day.campaign, confirmed_at=timezone.now() - timedelta(days=2))
        ledger.seal()
        pledges.delete_pledge(pledge)
        assert faults() == []
