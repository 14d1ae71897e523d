"""What must be right before a statement is approved, and what rests on a row of the ledger."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news.models import Bundle, Correction
from news.newsroom import workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.factories import SOURCE, EditorFactory, FigureFactory, StatementFactory, TreatyActionFactory
from tests.reading import text_of
from treaties.extension_points import what_rests_on
from treaties.models import TreatyAction
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db


def public(**values):
    return StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(minutes=1), **values)


class TestProofBeforeApproval:
    """No wrong number passes the publisher's door unexplained, and no quotation without its source."""

    @pytest.fixture
    def text(self, convention):
        def make(body="Words.", value=165, words="165 States Parties", **values):
            statement = StatementFactory(
                workflow="in_review", body=body, dated_on=date(2025, 6, 16), author=EditorFactory(role=NEWSROOM_EDITOR)
            )
            FigureFactory(statement=statement, text=words, value=value, **values)
            return statement

        return make

    @pytest.mark.parametrize(
        ("of_original", "of_translation", "refusal"),
        [
            ("{{ parties today }}", "{{ parties today }}", ""),
            (
                "{{ parties today }} {{ withdrawn on 2026-01-01 }}",
                "{{ withdrawn on 2026-01-01 }}, {{parties today}}",
                "",
            ),
            ("{{ parties today }}", "165", "lacks: {{ parties today }}"),
            ("{{ parties on 2025-06-16 }}", "{{ parties on 2025-06-17 }}", "lacks: {{ parties on 2025-06-16 }}"),
            ("{{ parties today }}", "{{ arms-trade-treaty parties today }}", "{{ arms-trade-treaty parties today }}"),
            ("Words.", "{{ parties today }}", "that the original lacks: {{ parties today }}"),
        ],
    )
    def test_a_translation_carries_the_figures_of_its_original(self, convention, of_original, of_translation, refusal):
        original = public(body=of_original)
        translation = StatementFactory(
            workflow="in_review",
            body=of_translation,
            language="fr",
            translation_of=original,
            author=EditorFactory(role=NEWSROOM_EDITOR),
        )
        if refusal:
            with pytest.raises(workflow.NewsroomError) as refused:
                self.approve(translation)
            assert refusal in str(refused.value)
        else:
            assert self.approve(translation).workflow == "approved"

    def approve(self, statement):
        return workflow.approve(statement, by=EditorFactory(role=PUBLISHER))

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({}, ""),
            ({"value": 164, "words": "164 States Parties"}, "the ledger has 165 on 16 June 2025, not 164"),
            ({"value": 164, "words": "164 States Parties", "note": "The speaker left one out."}, ""),
            ({"words": "164 States Parties"}, "does not carry the number 165"),
            ({"words": "one hundred and sixty-five States"}, ""),
            ({"body": "On that day there were 164 States Parties."}, "“164 States Parties” does not hold"),
            ({"body": "On that day there were 165 States Parties."}, ""),
            (
                {
                    "body": "There were 164 States Parties.",
                    "words": "164 States",
                    "value": 164,
                    "note": "So he said.",
                },
                "",
            ),
            (
                {
                    "body": "There were 164 States Parties.",
                    "words": "by then the 164 States Parties of the treaty",
                    "value": 164,
                    "note": "So he said.",
                },
                "",
            ),
            (
                {
                    "body": "There were 164 States Parties.",
                    "words": "some other words about 165",
                    "value": 165,
                    "note": "A note about something else.",
                },
                "“164 States Parties” does not hold",
            ),
            (
                {
                    "body": "There were 164 States Parties.",
                    "words": "164 States Parties",
                    "value": 164,
                    "note": "So he said.",
                },
                "",
            ),
        ],
    )
    def test_is_asked_of_numbers(self, text, values, refusal):
        statement = text(**values)
        if refusal:
            with pytest.raises(workflow.NewsroomError, match=refusal):
                self.approve(statement)
        else:
            assert self.approve(statement).workflow == "approved"

    def test_is_asked_of_quotations(self, text):
        statement = text()
        statement.quotations.create(text="There were 164 States Parties.")
        with pytest.raises(workflow.NewsroomError, match="has no source"):
            self.approve(statement)
        statement.quotations.update(source_url=SOURCE)
        assert self.approve(statement).workflow == "approved"

    def test_is_asked_again_when_the_text_is_published(self, text, convention):
        statement = self.approve(text())
        TreatyActionFactory(
            treaty=convention,
            state_id="CHN",
            action="accession",
            deposited_on=date(2025, 6, 2),
            confirmed_at=timezone.now(),
        )
        with pytest.raises(workflow.NewsroomError, match=r"166 .*, not 165"):
            workflow.publish(statement, by=EditorFactory(role=PUBLISHER))

    def test_ends_the_notice_when_a_correction_takes_the_number_out(self, client, convention):
        statement = public(body="There were 164 States Parties.", dated_on=date(2025, 6, 16))
        FigureFactory(statement=statement, text="164 States Parties", value=164)
        told = "An editor is looking at it"
        assert told in text_of(client.get(statement.get_absolute_url()))
        workflow.correct(
            Correction(statement=statement, text="It was 165."),
            by=EditorFactory(role=PUBLISHER),
            body="There were 165 States Parties.",
        )
        assert told not in text_of(client.get(statement.get_absolute_url()))

    def test_goes_on_with_the_notice_while_the_number_stands_in_the_corrected_text(self, client, convention):
        statement = public(body="There were 164 States Parties, he said.", dated_on=date(2025, 6, 16))
        FigureFactory(statement=statement, text="164 States Parties", value=164)
        workflow.correct(
            Correction(statement=statement, text="She said it."),
            by=EditorFactory(role=PUBLISHER),
            body="There were 164 States Parties, she said.",
        )
        assert "An editor is looking at it" in text_of(client.get(statement.get_absolute_url()))

    def test_goes_on_with_the_notice_where_the_number_never_stood_in_the_text(self, client, convention):
        statement = public(body="Words.", dated_on=date(2025, 6, 16))
        FigureFactory(statement=statement, text="164 parties", value=164)
        workflow.correct(
            Correction(statement=statement, text="A letter."), by=EditorFactory(role=PUBLISHER), body="Other words."
        )
        assert "An editor is looking at it" in text_of(client.get(statement.get_absolute_url()))

    def test_names_every_public_text_that_fails(self, desk, convention):
        for slug in ("zq-one", "zq-two"):
            statement = public(slug=slug, title=slug, body="There were 164 parties.")
            FigureFactory(statement=statement, text="164 parties", value=164)
        client = desk(PUBLISHER)
        tasks = client.get(reverse("admin:index")).content.decode()
        address = re.search(r'href="([^"]+figures=failing)"', tasks).group(1)
        listed = client.get(address).content.decode()
        assert "zq-one" in listed
        assert "zq-two" in listed


class TestWhatRestsOnARow:
    def test_is_told_on_its_page_in_the_admin_and_in_public(self, client, desk, convention):
        row = TreatyAction.objects.of(convention).get(state="EST", action="accession")
        for day, words in ((date(2025, 6, 16), "165 parties"), (date(2004, 1, 1), "141 parties")):
            statement = public(slug=f"zq-{day.year}", title=f"Zq {day.year}")
            FigureFactory(statement=statement, text=words, on=day, value=int(words[:3]))
        for page in (
            desk(TREATY_OFFICER).get(reverse("admin:treaties_treatyaction_change", args=[row.pk])),
            client.get(f"/treaties/mine-ban-convention/ledger/?row={row.pk}"),
        ):
            words = text_of(page)
            assert "Zq 2025: 165 parties" in words
            assert "Zq 2004" not in words  # before the accession

    def test_counts_what_the_row_changes_alone(self, convention, state):
        statement = public(title="Zq")
        FigureFactory(statement=statement, text="133 signatories", query="signatories", value=133)
        of_estonia = TreatyAction.objects.of(convention).get(state="EST", action="accession")
        of_france = TreatyAction.objects.of(convention).get(state="FRA", action="signature")
        assert "Zq: 133 signatories" not in [d.text for d in what_rests_on(of_estonia)]
        assert "Zq: 133 signatories" in [d.text for d in what_rests_on(of_france)]


class TestABundle:
    """The numbers of a text in a bundle may be those that the acts of the bundle make."""

    @pytest.fixture
    def text(self, convention):
        statement = StatementFactory(workflow="in_review", author=EditorFactory(role=NEWSROOM_EDITOR))
        FigureFactory(statement=statement, text="164 parties", value=164)
        return statement

    def bundle(self, text, convention, *, with_acts, released_at=None):
        made = Bundle.objects.create(title="Zq", release_at=timezone.now(), released_at=released_at)
        made.statements.set([text])
        if with_acts:
            act = TreatyActionFactory(
                treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 5), confirmed_at=None
            )
            made.acts.set([act])
        return made

    def test_with_acts_is_judged_when_it_is_released(self, text, convention):
        self.bundle(text, convention, with_acts=True)
        approved = workflow.approve(text, by=EditorFactory(role=PUBLISHER))
        assert approved.workflow == "approved"
        with pytest.raises(workflow.NewsroomError, match="not 164"):
            workflow.publish(approved, by=EditorFactory(role=PUBLISHER))

    @pytest.mark.parametrize("values", [{"with_acts": False}, {"with_acts": True, "released_at": timezone.now()}])
    def test_without_acts_or_released_excuses_nothing(self, text, convention, values):
        self.bundle(text, convention, **values)
        with pytest.raises(workflow.NewsroomError, match="not 164"):
            workflow.approve(text, by=EditorFactory(role=PUBLISHER))
