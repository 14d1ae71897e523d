"""What is confirmed is what was seen; who changed it is no second officer; records are refused, taken back, commented."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.kit.roles import AUDITOR
from tests.factories import SOURCE, EditorFactory, OfficerFactory
from tests.reading import apply_to_shown, hidden_of, press_what_is_shown, text_of
from tests.treaties.admin.test_admin import ADD, LIST, act
from treaties import ledger
from treaties.models import ArmedConflictHold, Comparison, Difference, TreatyAction
from treaties.roles import TREATY_OFFICER
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(convention):
    """An act of Pakistan that waits for a second officer."""
    act = TreatyAction(
        treaty=convention, state_id="PAK", action="accession", deposited_on=date(2026, 1, 5), source_url=SOURCE
    )
    return ledger.record(act, by=OfficerFactory())


def change_to_russia(row):
    changed = TreatyAction.objects.get(pk=row.pk)
    changed.state_id = "RUS"
    ledger.record(changed, by=changed.recorded_by)


def page_of(row):
    return reverse("admin:treaties_treatyaction_confirm", args=[row.pk])


class TestWhatIsConfirmedIsWhatWasSeen:
    def test_an_act_edited_after_the_look_is_not_confirmed_by_the_page(self, desk, waiting):
        officer = desk(TREATY_OFFICER)
        seen = hidden_of(officer.get(page_of(waiting)))["seen"][0]
        change_to_russia(waiting)
        answer = officer.post(page_of(waiting), {"seen": seen, "step": "confirm"}, follow=True)
        assert re.search(r"It has changed since you saw it: [^.]*State", text_of(answer))
        waiting.refresh_from_db()
        assert not waiting.is_confirmed

    def test_an_act_edited_after_the_look_is_not_confirmed_by_the_list(self, desk, waiting):
        officer = desk(TREATY_OFFICER)
        page = officer.post(LIST, {"action": "confirm_selected", "_selected_action": [waiting.pk]})
        assert "PAK" in text_of(page)
        change_to_russia(waiting)
        answer = officer.post(LIST, hidden_of(page), follow=True)
        assert re.search(r"It has changed since you saw it: [^.]*State", text_of(answer))
        waiting.refresh_from_db()
        assert not waiting.is_confirmed

    def test_an_act_edited_after_the_look_is_not_confirmed_by_the_service(self, waiting):
        change_to_russia(waiting)
        with pytest.raises(ledger.HasChanged, match="State"):
            ledger.confirm(waiting, by=OfficerFactory())

    @pytest.mark.parametrize("given", [{}, {"seen": ""}, {"seen": "0-0"}])
    def test_nothing_is_confirmed_unseen(self, desk, waiting, given):
        answer = desk(TREATY_OFFICER).post(page_of(waiting), {"step": "confirm"} | given, follow=True)
        assert ("Look at it first" in text_of(answer)) or ("It has changed" in text_of(answer))
        waiting.refresh_from_db()
        assert not waiting.is_confirmed

    @pytest.mark.parametrize(
        ("field", "value"),
        [("note", "Another."), ("source_url", "https://example.org/other"), ("deposited_on", date(2026, 1, 6))],
    )
    def test_every_field_counts(self, waiting, field, value):
        seen = ledger.fingerprint_of(waiting)
        setattr(waiting, field, value)
        ledger.record(waiting, by=waiting.recorded_by)
        with pytest.raises(ledger.HasChanged):
            ledger.confirm(waiting, by=OfficerFactory(), seen=seen)

    def test_a_comment_made_in_between_is_shown_before_the_act_is_confirmed(self, waiting):
        seen = ledger.fingerprint_of(waiting)
        ledger.comment(waiting, text="Is this the right day?", by=OfficerFactory())
        with pytest.raises(ledger.HasChanged, match="review"):
            ledger.confirm(waiting, by=OfficerFactory(), seen=seen)

    def test_what_is_shown_and_unchanged_is_confirmed(self, desk, waiting, convention):
        assert "counts from now on" in text_of(apply_to_shown(desk(TREATY_OFFICER), LIST, "confirm_selected", waiting))
        assert status_board(convention, date(2026, 1, 5)).by_state["PAK"].status == "consented"


def test_many_acts_are_shown_at_the_price_of_one(desk, convention, waiting, django_assert_max_num_queries):
    for iso3 in ("CHN", "IND", "USA", "RUS"):
        act = TreatyAction(
            treaty=convention, state_id=iso3, action="accession", deposited_on=date(2026, 1, 5), source_url=SOURCE
        )
        ledger.record(act, by=OfficerFactory())
    officer = desk(TREATY_OFFICER)

    def show(rows):
        return officer.post(LIST, {"action": "confirm_selected", "_selected_action": [row.pk for row in rows]})

    rows = list(TreatyAction.objects.waiting())
    show([waiting])
    with CaptureQueriesContext(connection) as one:
        show([waiting])
    with django_assert_max_num_queries(len(one)):
        assert text_of(show(rows)).count("Accession 2026-01-05") == 5


class TestWhoIsTheSecondOfficer:
    def test_who_recorded_it_is_not_though_another_changed_it_last(self, waiting):
        first, other = waiting.recorded_by, OfficerFactory()
        waiting.note = "Changed."
        ledger.record(waiting, by=other)
        for author in (first, other):
            with pytest.raises(ledger.SameOfficer):
                ledger.confirm(waiting, by=author)
        assert ledger.confirm(waiting, by=OfficerFactory()).is_confirmed

    def test_a_closed_account_is_not(self, waiting):
        with pytest.raises(ledger.LedgerError):
            ledger.confirm(waiting, by=OfficerFactory(is_active=False))


class TestARefusal:
    def test_goes_back_to_the_recorder_with_its_reason(self, desk, convention):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        first.post(ADD, act(convention))
        row = TreatyAction.objects.waiting().get()
        answer = press_what_is_shown(second, page_of(row), step="refuse", text="The instrument is of Chad.")
        assert "is sent back to its recorder" in text_of(answer)
        assert not TreatyAction.objects.waiting().exists()
        assert "1 record of yours was refused" in text_of(first.get(reverse("admin:index")))
        assert "The instrument is of Chad." in text_of(
            first.get(reverse("admin:treaties_treatyaction_change", args=[row.pk]))
        )
        assert "The instrument is of Chad." in text_of(second.get(page_of(row)))

    def test_wants_a_reason(self, desk, waiting):
        answer = press_what_is_shown(desk(TREATY_OFFICER), page_of(waiting), step="refuse", text=" ")
        assert "Say why it is refused" in text_of(answer)
        assert TreatyAction.objects.waiting().filter(pk=waiting.pk).exists()

    def test_keeps_the_act_from_being_confirmed_until_it_is_recorded_anew(self, waiting):
        refused = ledger.refuse(waiting, reason="Not this State.", by=OfficerFactory())
        with pytest.raises(ledger.LedgerError, match="refused or taken back"):
            ledger.confirm(refused, by=OfficerFactory())
        refused.note = "Mended."
        again = ledger.record(refused, by=refused.recorded_by)
        assert again.review == ""
        assert ledger.confirm(again, by=OfficerFactory()).is_confirmed

    def test_stays_in_the_history_after_the_act_was_mended_and_confirmed(self, waiting):
        refused = ledger.refuse(waiting, reason="Not this State.", by=OfficerFactory())
        refused.note = "Mended."
        ledger.record(refused, by=refused.recorded_by)
        ledger.confirm(refused, by=OfficerFactory())
        waiting.refresh_from_db()
        assert [(v.review, v.review_text) for v in waiting.reviews] == [("refused", "Not this State.")]

    def test_is_not_for_the_recorder_nor_for_who_may_not_confirm_nor_of_what_is_confirmed(self, waiting):
        for by in (waiting.recorded_by, EditorFactory(role=AUDITOR), OfficerFactory(is_active=False)):
            with pytest.raises(ledger.LedgerError):
                ledger.refuse(waiting, reason="No.", by=by)
        ledger.confirm(waiting, by=OfficerFactory())
        with pytest.raises(ledger.AlreadyConfirmed):
            ledger.refuse(waiting, reason="No.", by=OfficerFactory())

    def test_opens_the_difference_again_that_the_act_was_to_settle(self, waiting, convention):
        comparison = Comparison.objects.create(
            treaty=convention, compared_by=OfficerFactory(), table_of=date(2026, 2, 1), rows=304, source_url=SOURCE
        )
        difference = Difference.objects.create(
            comparison=comparison,
            kind="missing_here",
            state_id="PAK",
            action="accession",
            depositary_date=waiting.deposited_on,
            decision="accepted",
            proposed=waiting,
            decided_by=waiting.recorded_by,
        )
        ledger.refuse(waiting, reason="Misread.", by=OfficerFactory())
        difference.refresh_from_db()
        assert (difference.decision, difference.proposed) == ("open", None)


class TestTakingBack:
    def test_is_for_the_recorder_alone(self, desk, convention):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        first.post(ADD, act(convention))
        row = TreatyAction.objects.waiting().get()
        assert "Only the officer who recorded it" in text_of(
            press_what_is_shown(second, page_of(row), step="take_back")
        )
        assert "is taken back" in text_of(press_what_is_shown(first, page_of(row), step="take_back"))
        row.refresh_from_db()
        assert (row.review, row.reviewed_by) == ("taken_back", first.user)
        assert not TreatyAction.objects.waiting().exists()

    def test_leaves_room_for_the_same_act(self, waiting):
        ledger.take_back(waiting, by=waiting.recorded_by)
        again = TreatyAction(
            treaty=waiting.treaty,
            state_id="PAK",
            action="accession",
            deposited_on=waiting.deposited_on,
            source_url=waiting.source_url,
        )
        ledger.record(again, by=waiting.recorded_by)
        assert ledger.confirm(again, by=OfficerFactory()).is_confirmed

    def test_keeps_the_row_with_its_history(self, waiting):
        ledger.take_back(waiting, reason="Typed twice.", by=waiting.recorded_by)
        waiting.refresh_from_db()
        assert [v.review_text for v in waiting.reviews] == ["Typed twice."]

    def test_shows_in_no_public_place(self, client, waiting):
        ledger.take_back(waiting, by=waiting.recorded_by)
        assert client.get(f"/api/v1/treaty-actions/{waiting.pk}/").status_code == 404


def test_a_comment_leaves_the_act_waiting_and_is_read_by_all_officers(desk, waiting):
    answer = press_what_is_shown(desk(TREATY_OFFICER), page_of(waiting), step="comment", text="Which day?")
    assert "Your comment on" in text_of(answer)
    assert TreatyAction.objects.waiting().filter(pk=waiting.pk).exists()
    assert "Which day?" in text_of(desk(TREATY_OFFICER).get(page_of(waiting)))


def test_a_hold_has_the_same_page(desk, convention, state):
    withdrawal = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    hold = ArmedConflictHold(
        withdrawal=withdrawal, started_on=date(2025, 12, 1), source_url=withdrawal.source_url, note="A test."
    )
    ledger.record(hold, by=OfficerFactory())
    page = reverse("admin:treaties_armedconflicthold_confirm", args=[hold.pk])
    officer = desk(TREATY_OFFICER)
    assert "is sent back" in text_of(press_what_is_shown(officer, page, step="refuse", text="No source."))
    hold.refresh_from_db()
    assert hold.review == "refused"


class TestWhatAReviewCannotBe:
    def test_a_comment_without_words_or_of_who_is_no_officer(self, waiting):
        with pytest.raises(ledger.LedgerError, match="Write what"):
            ledger.comment(waiting, text=" ", by=OfficerFactory())
        with pytest.raises(ledger.LedgerError, match="Only a treaty officer"):
            ledger.comment(waiting, text="Hm.", by=EditorFactory(role=AUDITOR))

    def test_a_second_word_on_what_was_set_aside(self, waiting):
        refused = ledger.refuse(waiting, reason="No.", by=OfficerFactory())
        with pytest.raises(ledger.LedgerError, match="refused or taken back"):
            ledger.comment(refused, text="Hm.", by=OfficerFactory())
        with pytest.raises(ledger.LedgerError, match="already"):
            ledger.refuse(refused, reason="No.", by=OfficerFactory())
        taken_back = ledger.take_back(refused, by=refused.recorded_by)
        with pytest.raises(ledger.LedgerError, match="already"):
            ledger.take_back(taken_back, by=taken_back.recorded_by)

    def test_listed_among_those_that_wait(self, desk, waiting):
        ledger.refuse(waiting, reason="No.", by=OfficerFactory())
        officer = desk(TREATY_OFFICER)
        for confirmed, is_there in (("no", False), ("refused", True), ("taken_back", False), ("yes", False)):
            words = text_of(officer.get(f"{LIST}?confirmed={confirmed}&q=pakistan"))
            assert ("5 January 2026" in words) == is_there
