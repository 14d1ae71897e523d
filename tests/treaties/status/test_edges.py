"""Edges of the computed status: where history begins, what was known before, who is leaving already, which duties there are."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import HoldFactory, TreatyActionFactory, TreatyFactory
from treaties.law import rules
from treaties.ledger import chain_of, last_change, record_since, verify
from treaties.models import Treaty, TreatyAction
from treaties.status.boards import counts_series, first_day, status_board, status_changes
from treaties.status.duties import dated_duties
from treaties.status.what_if import what_if

pytestmark = pytest.mark.django_db
CONFIRMED = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE, AFTER = CONFIRMED - timedelta(seconds=1), CONFIRMED + timedelta(seconds=1)


class TestTheFirstDay:
    def test_is_that_of_the_opening_where_it_comes_after_the_adoption(self):
        treaty = TreatyFactory(adopted_on=date(1997, 9, 18), opened_on=date(1997, 12, 3))
        assert first_day(treaty) == date(1997, 12, 3)

    def test_is_that_of_the_adoption_where_nobody_signs(self):
        assert first_day(TreatyFactory(adopted_on=date(1996, 5, 3), opened_on=None, closed_on=None)) == date(1996, 5, 3)


class TestWhatWasKnown:
    @pytest.fixture
    def accession(self, convention):
        return TreatyActionFactory(
            treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 5), confirmed_at=CONFIRMED
        )

    @pytest.mark.parametrize(("known_at", "is_told"), [(BEFORE, False), (CONFIRMED, True), (AFTER, True)])
    def test_of_changes_begins_with_the_confirmation(self, convention, accession, known_at, is_told):
        found = status_changes(convention, date(2025, 12, 30), date(2026, 12, 31), known_at)
        assert ("CHN" in {change.state.pk for change in found}) == is_told

    @pytest.mark.parametrize(("known_at", "more"), [(BEFORE, 0), (CONFIRMED, 1)])
    def test_of_the_series_begins_with_the_confirmation(self, convention, accession, known_at, more):
        day = date(2026, 12, 31)
        without = sum(line.standing.is_bound for line in status_board(convention, day, BEFORE).lines)
        ((_on, counts),) = counts_series(convention, day, day, "day", known_at)
        assert counts.parties == without + more

    def test_of_a_conflict_begins_with_its_confirmation(self, convention):
        notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        # Factories enter rows as confirmed on 1 January 2026; this hold is confirmed later.
        HoldFactory(withdrawal=notice, confirmed_at=CONFIRMED)
        day = date(2026, 3, 1)
        loaded_at = TreatyAction.objects.of(convention).latest("confirmed_at").confirmed_at
        known_before = status_board(convention, day, max(BEFORE, loaded_at) if loaded_at < CONFIRMED else None)
        known_now = status_board(convention, day)
        assert known_now.by_state["EST"].status is rules.Status.WITHDRAWING
        if loaded_at < CONFIRMED:
            assert known_before.by_state["EST"].status is rules.Status.WITHDRAWN


def test_the_record_begins_with_the_first_row_that_was_confirmed(convention):
    first = TreatyAction.objects.of(convention).earliest("confirmed_at").confirmed_at
    assert record_since(convention) == first
    treaty = TreatyFactory()
    assert record_since(treaty) is None
    TreatyActionFactory(treaty=treaty, confirmed_at=CONFIRMED)
    assert record_since(treaty) == CONFIRMED


class TestAConflictOfTheLedger:
    """Everything that holds of an act holds of a conflict that postpones one."""

    @pytest.fixture
    def hold(self, convention):
        notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        return HoldFactory(withdrawal=notice, confirmed_at=datetime(2030, 1, 1, tzinfo=UTC))

    def test_is_sealed_in_the_chain_with_the_acts(self, convention, hold):
        assert chain_of(convention)[-1].pk == hold.pk
        assert type(chain_of(convention)[-1]) is type(hold)
        assert verify(convention) == []

    def test_is_the_last_change_of_the_record(self, convention, hold):
        assert last_change(convention) == datetime(2030, 1, 1, tzinfo=UTC)

    def test_of_another_treaty_is_none_of_this_one(self, convention, hold):
        other = Treaty.objects.exclude(pk=convention.pk).first()
        assert last_change(other) != datetime(2030, 1, 1, tzinfo=UTC)
        assert hold not in chain_of(other)

    def test_counts_as_known_from_its_confirmation_on(self, convention, hold):
        day = date(2026, 3, 1)
        before = status_board(convention, day, hold.confirmed_at - timedelta(seconds=1))
        after = status_board(convention, day, hold.confirmed_at)
        assert before.by_state["EST"].status is rules.Status.WITHDRAWN
        assert after.by_state["EST"].status is rules.Status.WITHDRAWING


class TestWhatIf:
    def test_of_a_state_under_notice_supposes_nothing(self, convention, state):
        assert what_if(status_board(convention, date(2025, 9, 15)), [state("EST")]) is None

    def test_passes_over_who_is_leaving_already(self, convention, state):
        board = status_board(convention, date(2025, 9, 15))
        supposed = what_if(board, [state("EST"), state("NOR"), state("CHN")])
        assert [s.pk for s in supposed.states] == ["NOR"]
        assert supposed.board.by_state["NOR"].status is rules.Status.WITHDRAWN
        assert supposed.board.by_state["EST"].status is rules.Status.WITHDRAWN  # by its own notice, by then
        assert supposed.effective_on == date(2026, 3, 15)
        assert supposed.after.withdrawn == 6

    def test_counts_an_act_that_was_deposited_on_its_day(self, convention, state):
        TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 3, 10))
        supposed = what_if(status_board(convention, date(2026, 3, 10)), [state("NOR")])
        assert supposed.board.by_state["CHN"].status is rules.Status.PARTY


def test_a_standing_that_moves_while_the_status_stays_is_no_change(convention):
    """A second signature, an extension, a hold: what a State is under the treaty is the same."""
    found = status_changes(convention, date(2025, 7, 15), date(2025, 8, 15))
    assert "EST" not in {change.state.pk for change in found}  # under notice on both days
    assert all(change.before.status is not change.after.status for change in found)


class TestDuties:
    def test_are_none_under_a_treaty_that_is_in_force_for_nobody(self):
        waiting, in_force = (
            TreatyFactory(dated_duties=True, entered_into_force_on=None),
            TreatyFactory(dated_duties=True),
        )
        for treaty in (waiting, in_force):
            TreatyActionFactory(treaty=treaty, state_id="EST", deposited_on=date(2020, 1, 5))
        assert dated_duties([waiting], date(2026, 2, 1)) == []
        assert {d.state.pk for d in dated_duties([waiting, in_force], date(2026, 2, 1))} == {"EST"}

    def test_are_none_under_a_treaty_without_dated_duties(self):
        treaty = TreatyFactory(dated_duties=False)
        TreatyActionFactory(treaty=treaty, state_id="EST", deposited_on=date(2020, 1, 5))
        assert dated_duties([treaty], date(2026, 8, 1)) == []

    def test_are_extended_where_a_later_day_was_granted(self, convention):
        found = dated_duties([convention], date(2026, 1, 1))
        assert {d.is_extended for d in found} == {True, False}
        assert all(d.is_extended == (d.deadline > d.original_deadline) for d in found if d.deadline)
        assert {d.state.pk for d in found if d.deadline is None} == {"CYP", "MOZ"}  # extended, the day was not found

    def test_stand_in_the_order_of_their_deadlines_then_of_the_states(self, convention):
        duties = dated_duties([convention], date(2026, 1, 1))
        found = [(d.deadline or date.max, d.state.sort_name, d.obligation) for d in duties]
        assert found == sorted(found)
        assert len({deadline for deadline, _name, _kind in found}) < len(found)
