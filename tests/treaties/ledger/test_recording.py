"""The doors of the ledger: record, confirm by a second officer, replace with a reason."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import SOURCE, OfficerFactory, TreatyActionFactory
from treaties import ledger
from treaties.law import rules
from treaties.models import ArmedConflictHold, TreatyAction
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory(username="officer")


@pytest.fixture
def second_officer():
    return OfficerFactory(username="second officer")


@pytest.fixture
def accession_of_china(convention, state):
    return TreatyAction(
        treaty=convention, state=state("CHN"), action="accession", deposited_on=date(2026, 3, 10), source_url=SOURCE
    )


def test_what_one_officer_records_does_not_count_yet(convention, accession_of_china, officer):
    ledger.record(accession_of_china, by=officer)
    assert status_board(convention, date(2026, 9, 1)).by_state["CHN"].status is rules.Status.NOT_PARTY


def test_what_a_second_officer_confirms_counts(convention, accession_of_china, officer, second_officer):
    ledger.confirm(ledger.record(accession_of_china, by=officer), by=second_officer)
    line = status_board(convention, date(2026, 9, 1)).by_state["CHN"]
    assert (line.status, line.standing.in_force_on) == (rules.Status.PARTY, date(2026, 9, 1))


def test_recording_computes_the_day_of_effect(accession_of_china, officer):
    assert ledger.record(accession_of_china, by=officer).effective_on == date(2026, 9, 1)


def test_the_officer_who_recorded_it_cannot_confirm_it(accession_of_china, officer):
    row = ledger.record(accession_of_china, by=officer)
    with pytest.raises(ledger.SameOfficer):
        ledger.confirm(row, by=officer)


def test_the_database_refuses_one_officer_in_both_seats(accession_of_china, officer):
    row = ledger.record(accession_of_china, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        TreatyAction.objects.filter(pk=row.pk).update(
            confirmed_by=officer, confirmed_at=datetime(2026, 1, 1, tzinfo=UTC)
        )


def test_nothing_is_confirmed_twice(accession_of_china, officer, second_officer):
    row = ledger.confirm(ledger.record(accession_of_china, by=officer), by=second_officer)
    with pytest.raises(ledger.AlreadyConfirmed):
        ledger.confirm(row, by=second_officer)


@pytest.mark.parametrize(
    ("iso3", "action", "day", "sentence"),
    [
        ("EST", "accession", date(2010, 1, 1), "Estonia has consented to be bound already."),
        ("CHN", "withdrawal", date(2025, 1, 1), "not in force for China"),
        ("EST", "withdrawal", date(2025, 7, 1), "its withdrawal is notified already"),
        ("EST", "withdrawal_cancelled", date(2025, 1, 1), "Estonia has no withdrawal under notice on that day."),
        ("CHN", "withdrawal_of_ratification", date(2025, 1, 1), "China has no consent to take back on that day."),
    ],
)
def test_an_act_that_the_state_cannot_do_is_refused_in_a_sentence(
    convention, state, officer, iso3, action, day, sentence
):
    row = TreatyAction(treaty=convention, state=state(iso3), action=action, deposited_on=day, source_url=SOURCE)
    with pytest.raises(ledger.NotTheStatesAct, match=sentence):
        ledger.record(row, by=officer)
    assert not TreatyAction.objects.waiting().exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(1997, 12, 2), "before the treaty was opened"),
        (date(1999, 3, 1), "closed for signature"),
        (date(1997, 1, 1), "before the treaty was adopted"),
    ],
)
def test_a_signature_outside_the_window_is_refused_by_field(convention, state, officer, day, sentence):
    row = TreatyAction(treaty=convention, state=state("CHN"), action="signature", deposited_on=day, source_url=SOURCE)
    with pytest.raises(ValidationError) as refused:
        ledger.record(row, by=officer)
    assert sentence in refused.value.message_dict["deposited_on"][0]


class TestReplacing:
    @pytest.fixture
    def tonga(self, convention):
        return TreatyAction.objects.of(convention).get(state="TON", action="accession")

    @pytest.fixture
    def corrected(self, tonga):
        return TreatyAction(
            treaty=tonga.treaty,
            state=tonga.state,
            action="accession",
            deposited_on=date(2025, 7, 26),
            source_url=SOURCE,
        )

    def test_the_old_row_counts_until_the_new_one_is_confirmed(
        self, convention, tonga, corrected, officer, second_officer
    ):
        row = ledger.replace(tonga, corrected, by=officer, reason="The Depositary gives July.")
        assert status_board(convention, date(2025, 7, 1)).by_state["TON"].status is rules.Status.CONSENTED
        ledger.confirm(row, by=second_officer)
        assert status_board(convention, date(2025, 7, 1)).by_state["TON"].status is rules.Status.NOT_PARTY

    def test_the_earlier_record_can_still_be_asked_for(self, convention, tonga, corrected, officer, second_officer):
        row = ledger.replace(tonga, corrected, by=officer, reason="The Depositary gives July.")
        ledger.confirm(row, by=second_officer)
        known = status_board(convention, date(2025, 7, 1), known_at=tonga.confirmed_at).by_state["TON"]
        assert known.status is rules.Status.CONSENTED

    def test_a_replacement_needs_a_reason(self, tonga, corrected, officer):
        with pytest.raises(ValidationError):
            ledger.replace(tonga, corrected, by=officer, reason="")

    def test_a_row_is_replaced_once_only(self, tonga, corrected, officer, second_officer):
        ledger.confirm(ledger.replace(tonga, corrected, by=officer, reason="July."), by=second_officer)
        with pytest.raises(ledger.LedgerError, match="replaced already"):
            ledger.replace(tonga, TreatyAction(), by=officer, reason="Again.")

    def test_a_row_that_waits_needs_no_replacement(self, accession_of_china, officer):
        row = ledger.record(accession_of_china, by=officer)
        with pytest.raises(ledger.LedgerError, match="Only a confirmed record"):
            ledger.replace(row, TreatyAction(), by=officer, reason="Why not.")


def test_a_confirmed_hold_takes_the_day_of_effect_from_the_lists_too(convention, officer, second_officer):
    notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    hold = ArmedConflictHold(withdrawal=notice, started_on=date(2025, 1, 1), source_url=SOURCE)
    ledger.confirm(ledger.record(hold, by=officer), by=second_officer)
    notice.refresh_from_db()
    assert notice.effective_on is None


def test_a_hold_belongs_to_a_notice_of_withdrawal(convention, officer):
    accession = TreatyAction.objects.of(convention).get(state="EST", action="accession")
    with pytest.raises(ValidationError):
        ledger.record(
            ArmedConflictHold(withdrawal=accession, started_on=date(2025, 1, 1), source_url=SOURCE), by=officer
        )


def test_the_same_act_of_a_day_is_refused_by_the_database(convention, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        TreatyActionFactory(treaty=convention, state=state("EST"), action="accession", deposited_on=date(2004, 5, 12))


def test_recording_leaves_a_line_of_history(accession_of_china, officer, second_officer):
    row = ledger.confirm(ledger.record(accession_of_china, by=officer), by=second_officer)
    assert [h.history_type for h in row.history.order_by("history_id")] == ["+", "~"]


def test_a_treaty_and_a_state_with_acts_cannot_be_deleted(convention, state):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        convention.delete()
    with pytest.raises(ProtectedError):
        state("EST").delete()
