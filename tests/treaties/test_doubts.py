"""Every open doubt is computed from the record, says what would settle it, and takes a source from readers."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from config.kit.pages.visitor_forms import new_stamp
from config.kit.pending_work import pending_tasks_of
from tests.factories import SOURCE, EditorFactory, StepFactory
from tests.reading import text_of
from treaties import ledger
from treaties.ledger import sent_sources
from treaties.models import (
    Comparison,
    Declaration,
    Difference,
    Extension,
    GroupMembership,
    Obligation,
    SentSource,
    StateName,
    Treaty,
    TreatyAction,
)
from treaties.roles import TREATY_OFFICER
from treaties.status.doubts import doubts_about, doubts_about_states

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
TODAY = date(2026, 11, 26)


@pytest.fixture
def doubts(convention):
    def ask(on=TODAY):
        return {doubt.key: doubt for doubt in doubts_about(convention, on)}

    return ask


class TestADoubt:
    def test_is_open_while_later_acts_may_be_missing(self, convention, doubts):
        assert (
            doubts()["complete"].sentence == "All acts up to 3 February 2026 are on record; later ones may be missing."
        )
        convention.complete_to = TODAY
        convention.save()
        assert "complete" not in doubts()

    def test_is_open_until_the_ledger_was_compared(self, convention, doubts):
        assert doubts()["compared"].sentence == "Not yet compared with the Depositary's own table here."
        convention.last_compared_on = TODAY
        convention.save()
        assert "compared" not in doubts()

    def test_of_an_acts_day_is_settled_by_a_row_with_the_day(self, convention, doubts):
        lebanon = TreatyAction.objects.of(convention).get(state="LBN")
        found = doubts()[f"act-{lebanon.pk}"]
        assert "Lebanon acceded to the Mine Ban Convention between" in found.sentence
        first, second = EditorFactory(role=TREATY_OFFICER), EditorFactory(role=TREATY_OFFICER)
        new = TreatyAction(
            treaty=convention, state_id="LBN", action="accession", deposited_on=date(2026, 5, 4), source_url=SOURCE
        )
        ledger.confirm(ledger.replace(lebanon, new, by=first, reason="The day was found."), by=second)
        assert not [key for key in doubts() if key.startswith("act-")]

    def test_is_not_open_before_the_act_can_have_been_done(self, doubts):
        assert not [key for key in doubts(date(2026, 1, 1)) if key.startswith("act-")]

    def test_of_a_deadline_is_settled_by_a_decision(self, doubts):
        found = doubts()["deadline-arg-article_5"]
        assert "decisions after" in found.sentence
        duty = Obligation.objects.get(state="ARG", obligation="article_5")
        Extension.objects.create(
            obligation=duty,
            number=90,
            extended_to="2040-01-01",
            granted_at="23MSP",
            granted_on="2026-11-20",
            known_to="2027-10-01",
            source_url=SOURCE,
        )
        assert "deadline-arg-article_5" not in doubts()

    def test_of_a_deadline_that_was_not_found_is_told(self, doubts):
        duty = Obligation.objects.get(state="UKR", obligation="article_5")
        Extension.objects.create(
            obligation=duty, number=90, granted_at="23MSP", granted_on="2026-11-20", source_url=SOURCE
        )
        assert "extended, to a day that was not found" in doubts()["deadline-ukr-article_5"].sentence

    def test_of_a_deadline_without_a_day_of_checking_is_told(self, doubts):
        assert doubts()["deadline-ukr-article_4"].sentence.endswith("whether it was moved is not known.")

    def test_of_a_text_is_settled_by_its_day(self, convention, doubts):
        text = Declaration.objects.of(convention).filter(made_on=None).first()
        assert "the day is not known" in doubts()[f"declaration-{text.pk}"].sentence
        text.made_on = date(2025, 8, 1)
        text.save()
        assert f"declaration-{text.pk}" not in doubts()

    @pytest.mark.parametrize(("precision", "is_open"), [("day", False), ("month", True), ("on_or_before", True)])
    def test_of_a_step_is_open_while_its_day_is_not_sure(self, convention, doubts, precision, is_open):
        step = StepFactory(treaty=convention, state_id="NOR", date_precision=precision)
        assert (f"step-{step.pk}" in doubts()) is is_open

    def test_is_open_where_the_depositary_is_contested(self, convention, doubts):
        first, second = EditorFactory(role=TREATY_OFFICER), EditorFactory(role=TREATY_OFFICER)
        comparison = Comparison.objects.create(
            treaty=convention, table_of="2026-11-01", source_url=SOURCE, rows=1, compared_by=first
        )
        difference = Difference.objects.create(
            comparison=comparison,
            kind="missing_here",
            state_id="CHN",
            action="accession",
            depositary_date="2026-01-01",
            decision="contested",
            reason="A slip of the pen.",
        )
        assert f"difference-{difference.pk}" not in doubts()
        comparison.closed_by, comparison.closed_at = second, timezone.now()
        comparison.save()
        assert "Contested here: A slip of the pen." in doubts()[f"difference-{difference.pk}"].sentence
        Comparison.objects.create(
            treaty=convention,
            table_of="2026-11-20",
            source_url=SOURCE,
            rows=1,
            compared_by=first,
            closed_by=second,
            closed_at=timezone.now(),
        )
        assert f"difference-{difference.pk}" not in doubts()

    def test_of_a_name_is_open_while_the_day_of_its_change_is_not_known(self):
        def names():
            return {d.sentence.split(" before;")[0] for d in doubts_about_states() if d.kind == "name"}

        assert "Türkiye was called Turkey" in names()
        assert "Cabo Verde was called Cape Verde" not in names()
        StateName.objects.filter(name="Turkey").update(valid_to="2022-05-31")
        assert "Türkiye was called Turkey" not in names()

    def test_of_a_group_names_whose_first_day_was_not_read(self):
        GroupMembership.objects.exclude(group="eu").delete()
        assert [d for d in doubts_about_states() if d.kind == "group"] == []
        GroupMembership.objects.create(group="asean", state_id="FIN", source_url=SOURCE)
        found = [d for d in doubts_about_states() if d.kind == "group"]
        assert [d.sentence for d in found] == [
            "Association of Southeast Asian Nations (ASEAN): the day of joining was not read for Finland."
        ]

    @pytest.mark.parametrize("slug", ["mine-ban-convention", "arms-trade-treaty", "amended-protocol-ii"])
    def test_has_a_key_of_its_own_and_a_page_that_shows_it(self, client, slug):
        found = [*doubts_about(Treaty.objects.get(slug=slug), TODAY), *doubts_about_states()]
        assert len({doubt.key for doubt in found}) == len(found)
        assert {client.get(doubt.url.split("#")[0]).status_code for doubt in found} == {200}
        assert all(doubt.settled_by for doubt in found)


class TestThePages:
    def test_show_what_the_api_tells(self, client, convention):
        answer = client.get(f"/api/v1{MBC}/doubts/?on=2026-11-26").json()
        words = text_of(client.get(f"{MBC}/doubts/?on=2026-11-26"))
        assert len(answer["results"]) == len(doubts_about(convention, TODAY)) + len(doubts_about_states())
        assert all(" ".join(doubt["sentence"].split()) in words for doubt in answer["results"])
        assert answer["results"][0]["page"] == "http://testserver/treaties/mine-ban-convention/"

    def test_lead_from_every_notice_of_what_is_not_certain(self, client):
        for address in (f"{MBC}/", "/", f"{MBC}/withdrawals/"):
            assert f'href="{MBC}/doubts/"' in client.get(address).content.decode()

    @pytest.mark.parametrize("query", ["on=soon", "colour=red"])
    def test_refuse_what_they_do_not_know(self, client, query):
        assert client.get(f"{MBC}/doubts/?{query}").status_code == 400
        assert client.get(f"/api/v1{MBC}/doubts/?{query}").status_code == 400

    @pytest.mark.parametrize("key", ["nothing", "act-0"])
    def test_take_no_source_for_what_is_no_doubt(self, client, key):
        assert client.get(f"{MBC}/doubts/{key}/").status_code == 404


class TestASourceOfAReader:
    def send(self, client, **values):
        with time_machine.travel(timezone.now() - timedelta(seconds=30)):
            stamp = new_stamp()
        values = {"source_url": "https://example.org/page", "words": "On page 3.", "opened": stamp} | values
        return client.post(f"{MBC}/doubts/complete/", values)

    def test_is_kept_for_an_officer_without_a_trace_of_the_reader(self, client):
        response = self.send(client)
        assert response["Location"] == f"{MBC}/doubts/?sent=1"
        assert "An officer will look at the source" in text_of(client.get(response["Location"]))
        sent = SentSource.objects.get()
        assert (sent.doubt, sent.source_url, sent.words) == ("complete", "https://example.org/page", "On page 3.")
        assert sent.sentence.startswith("All acts up to")
        assert {f.name for f in SentSource._meta.concrete_fields} == {
            "id",
            "treaty",
            "doubt",
            "sentence",
            "source_url",
            "words",
            "sent_at",
            "decision",
            "reason",
            "decided_by",
        }

    def test_is_kept_once(self, client):
        self.send(client)
        self.send(client, words="Again.")
        assert [sent.words for sent in SentSource.objects.all()] == ["On page 3."]

    @pytest.mark.parametrize(
        ("values", "field"),
        [({"source_url": ""}, "source_url"), ({"source_url": "x y"}, "source_url"), ({"words": "x" * 1001}, "words")],
    )
    def test_names_the_field_that_is_wrong_and_keeps_the_others(self, client, values, field):
        response = self.send(client, **values)
        assert response.status_code == 400
        assert f'href="#id_{field}"' in response.content.decode()
        assert not SentSource.objects.exists()

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "data:text/html,x"])
    def test_is_an_address_of_the_web(self, client, url):
        assert self.send(client, source_url=url).status_code == 400
        assert not SentSource.objects.exists()

    def test_by_a_robot_is_asked_for_once_more(self, client):
        assert self.send(client, zq_empty="x").status_code == 400
        assert self.send(client, opened=new_stamp()).status_code == 400
        assert not SentSource.objects.exists()

    def test_is_limited_as_pledges_are(self, client, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"visitor": 1}
        self.send(client)
        response = self.send(client, source_url="https://example.org/other")
        assert response.status_code == 429
        assert response["Retry-After"] == "600"

    def test_from_another_site_is_refused(self, client):
        response = client.post(
            f"{MBC}/doubts/complete/", {"source_url": SOURCE}, headers={"Origin": "https://elsewhere.example"}
        )
        assert response.status_code == 403

    def test_makes_a_task_of_the_officers_alone(self, client):
        self.send(client)
        texts = {
            role: [task.text for task in pending_tasks_of(EditorFactory(role=role))]
            for role in (TREATY_OFFICER, "Publisher")
        }
        assert "1 source sent by a reader to look at" in texts[TREATY_OFFICER]
        assert "1 source sent by a reader to look at" not in texts["Publisher"]

    def test_is_decided_once_with_a_reason(self, client, desk):
        self.send(client)
        sent = SentSource.objects.get()
        address = reverse("admin:treaties_sentsource_change", args=[sent.pk])
        officer = desk(TREATY_OFFICER)
        assert officer.post(address, {"decision": "used", "reason": ""}).status_code == 200
        assert officer.post(address, {"decision": "open", "reason": "Later."}).status_code == 200
        assert officer.post(address, {"decision": "used", "reason": "Row 3 has it now."}).status_code == 302
        sent.refresh_from_db()
        assert (sent.decision, sent.decided_by, sent.history.first().history_user) == (
            "used",
            officer.user,
            officer.user,
        )
        with pytest.raises(sent_sources.SourceRefused, match="decided already"):
            sent_sources.decide(sent, "dismissed", reason="No.", by=officer.user)

    def test_is_decided_by_an_officer(self, client):
        self.send(client)
        with pytest.raises(sent_sources.SourceRefused, match="Only a treaty officer"):
            sent_sources.decide(SentSource.objects.get(), "used", reason="Yes.", by=EditorFactory())
        with pytest.raises(sent_sources.SourceRefused, match="Say what came of it"):
            sent_sources.decide(SentSource.objects.get(), "used", reason=" ", by=EditorFactory(role=TREATY_OFFICER))

    def test_that_is_decided_has_its_reason_in_the_database(self, client):
        self.send(client)
        with pytest.raises(IntegrityError), transaction.atomic():
            SentSource.objects.update(decision="used")
