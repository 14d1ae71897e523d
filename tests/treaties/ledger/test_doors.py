"""What the doors of the ledger refuse: replacing another fact, a second act on another day, what was recorded side by side."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaign.models import AccessLogEntry
from config.kit.api import access_tokens
from config.kit.migrations._triggers import history_triggers
from tests.config.addresses import API
from tests.factories import SOURCE, EditorFactory, HoldFactory, OfficerFactory, TreatyActionFactory, TreatyFactory
from tests.side_by_side import at_once, failures
from tests.site_role import as_owner
from treaties import ledger
from treaties.law.rules import Status
from treaties.law.sequences import objections
from treaties.ledger import triggers
from treaties.ledger.triggers import ACTIONS, HISTORIES, HOLDS
from treaties.migrations import _ledger_triggers
from treaties.models import ArmedConflictHold, Treaty, TreatyAction
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    return OfficerFactory(), OfficerFactory()


@pytest.fixture
def act(convention, state):
    def make(iso3, action, day, treaty=convention, **values):
        return TreatyAction(
            treaty=treaty, state=state(iso3), action=action, deposited_on=day, source_url=SOURCE, **values
        )

    return make


@pytest.fixture
def token(officers):
    return access_tokens.issue(officers[0], name="A test", expires_at=datetime.now(UTC) + timedelta(days=1))[1]


@pytest.fixture
def row(convention):
    return lambda iso3, action: TreatyAction.objects.of(convention).get(state=iso3, action=action)


def test_every_act_that_is_loaded_has_a_meaning_at_its_place():
    treaties = Treaty.objects.in_bulk()
    found = [
        objections(actions, treaties[pk].rules, is_signed_first=treaties[pk].opened_on is not None)
        for pk, by_state in ledger.actions_by_treaty(treaties.values()).items()
        for actions in by_state.values()
    ]
    assert [o for o in found if o] == []


class TestReplacing:
    @pytest.mark.parametrize(
        ("iso3", "action", "day"),
        [
            pytest.param("CHN", "accession", date(2026, 3, 10), id="by another State's act"),
            pytest.param("PRT", "withdrawal", date(2026, 3, 10), id="by another kind of act"),
            pytest.param("PRT", "signature", date(1997, 12, 4), id="by a signature"),
        ],
    )
    def test_another_fact_is_refused(self, row, act, officers, iso3, action, day):
        with pytest.raises(ledger.LedgerError, match="same treaty, State and kind"):
            ledger.replace(row("PRT", "ratification"), act(iso3, action, day), by=officers[0], reason="A mistake.")

    def test_the_act_under_another_treaty_is_refused(self, row, act, officers):
        other = Treaty.objects.get(slug="convention-on-cluster-munitions")
        new = act("PRT", "ratification", date(2011, 3, 9), treaty=other)
        with pytest.raises(ledger.LedgerError, match="same treaty, State and kind"):
            ledger.replace(row("PRT", "ratification"), new, by=officers[0], reason="A mistake.")

    def test_a_ratification_that_was_an_approval_can_be_mended(self, convention, row, act, officers):
        new = act("PRT", "approval", date(1999, 2, 19))
        new = ledger.replace(row("PRT", "ratification"), new, by=officers[0], reason="It was an approval.")
        ledger.confirm(new, by=officers[1])
        assert status_board(convention, date(2025, 1, 1)).by_state["PRT"].standing.consent.id == new.pk

    @pytest.mark.parametrize("table", [ACTIONS, HOLDS])
    def test_another_fact_is_refused_by_the_database_too(self, table, row):
        estonia, latvia = row("EST", "withdrawal"), row("LVA", "withdrawal")
        if table == ACTIONS:
            with pytest.raises(IntegrityError, match="same treaty"), transaction.atomic():
                TreatyActionFactory(
                    treaty=estonia.treaty, state=latvia.state, action="withdrawal", replaces=estonia, reason="x"
                )
        else:
            first = HoldFactory(withdrawal=estonia)
            with pytest.raises(IntegrityError, match="same treaty"), transaction.atomic():
                HoldFactory(withdrawal=latvia, replaces=first, reason="x")

    def test_one_row_twice_confirms_once(self, row, act, officers):
        old, days = row("PRT", "ratification"), (date(1999, 2, 18), date(1999, 2, 20))
        one, two = (
            ledger.replace(old, act("PRT", "ratification", d), by=officers[0], reason="Another day.") for d in days
        )
        ledger.confirm(one, by=officers[1])
        with pytest.raises(ledger.LedgerError, match="replaced already"):
            ledger.confirm(two, by=officers[1])

    def test_one_row_twice_is_refused_by_the_database_too(self, row):
        old = row("PRT", "ratification")
        values = {"treaty": old.treaty, "state": old.state, "action": "ratification", "replaces": old, "reason": "x"}
        TreatyActionFactory(deposited_on=date(1999, 2, 18), **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            TreatyActionFactory(deposited_on=date(1999, 2, 20), **values)

    def test_what_is_replaced_already_is_refused_by_the_api(self, row, client, token):
        old = row("PRT", "ratification")
        values = {"treaty": old.treaty, "state": old.state, "action": "ratification", "replaces": old, "reason": "x"}
        TreatyActionFactory(deposited_on=date(1999, 2, 18), **values)
        body = {
            "treaty": old.treaty.slug,
            "state": "PRT",
            "action": "ratification",
            "deposited_on": "1999-02-20",
            "source_url": SOURCE,
            "replaces": old.pk,
            "reason": "Another day.",
        }
        response = client.post(
            f"{API}/treaty-actions/", body, "application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert response.status_code == 400
        assert "replaced already" in response.content.decode()


class TestWhatHangsOnARow:
    def replaced(self, old, act, officers, day, **values):
        new = ledger.replace(
            old, act(old.state_id, "withdrawal", day, **values), by=officers[0], reason="The Depositary's day."
        )
        return ledger.confirm(new, by=officers[1])

    def came_back(self, act, officers):
        """A State that left on 1 July 2010 and came back ten years later."""
        made = []
        for action, day in (("withdrawal", date(2010, 1, 1)), ("accession", date(2020, 1, 1))):
            made.append(ledger.record(act("FRA", action, day), by=officers[0]))
            ledger.confirm(made[-1], by=officers[1])
        return TreatyAction.objects.get(pk=made[0].pk)

    @pytest.mark.parametrize(
        ("started", "ended", "is_refused"),
        [
            (date(2009, 1, 1), None, True),
            (date(2009, 1, 1), date(2021, 1, 1), True),
            (date(2009, 1, 1), date(2015, 1, 1), False),
            (date(2011, 1, 1), None, False),
        ],
    )
    def test_a_hold_that_takes_the_meaning_from_a_later_act_is_refused(
        self, convention, act, officers, started, ended, is_refused
    ):
        notice = self.came_back(act, officers)
        hold = ArmedConflictHold(withdrawal=notice, started_on=started, ended_on=ended, source_url=SOURCE)
        refused = pytest.raises(
            ledger.LedgerError, match="Accession of France on 2020-01-01 is in the ledger and would"
        )
        with refused if is_refused else nullcontext():
            ledger.confirm(ledger.record(hold, by=officers[0]), by=officers[1])
        assert status_board(convention, date(2026, 1, 1)).by_state["FRA"].status is Status.PARTY

    def test_a_hold_that_is_confirmed_after_a_later_act_is_checked_again(self, act, officers):
        first = ledger.record(act("FRA", "withdrawal", date(2010, 1, 1)), by=officers[0])
        ledger.confirm(first, by=officers[1])
        notice = TreatyAction.objects.get(pk=first.pk)
        hold = ledger.record(
            ArmedConflictHold(withdrawal=notice, started_on=date(2009, 1, 1), source_url=SOURCE), by=officers[0]
        )
        ledger.confirm(ledger.record(act("FRA", "accession", date(2020, 1, 1)), by=officers[0]), by=officers[1])
        with pytest.raises(ledger.LedgerError, match="would lose its meaning"):
            ledger.confirm(hold, by=officers[1])

    def test_the_end_of_a_conflict_may_not_move_behind_a_later_act(self, act, officers):
        notice = self.came_back(act, officers)
        hold = ledger.record(
            ArmedConflictHold(
                withdrawal=notice, started_on=date(2009, 1, 1), ended_on=date(2015, 1, 1), source_url=SOURCE
            ),
            by=officers[0],
        )
        kept = ArmedConflictHold.objects.get(pk=ledger.confirm(hold, by=officers[1]).pk)
        for ended, is_refused in ((date(2021, 1, 1), True), (date(2016, 1, 1), False)):
            other = ArmedConflictHold(withdrawal=notice, started_on=date(2009, 1, 1), ended_on=ended, source_url=SOURCE)
            with pytest.raises(ledger.LedgerError, match="would lose") if is_refused else nullcontext():
                ledger.replace(kept, other, by=officers[0], reason="It ended later.")

    def test_a_hold_holds_the_row_that_replaces_it(self, convention, row, act, officers):
        HoldFactory(withdrawal=row("EST", "withdrawal"), started_on=date(2025, 12, 1))
        new = self.replaced(row("EST", "withdrawal"), act, officers, date(2025, 6, 26))
        new = self.replaced(TreatyAction.objects.get(pk=new.pk), act, officers, date(2025, 6, 25))
        at = status_board(convention, date(2026, 3, 1)).by_state["EST"].standing
        assert (at.status, at.held_by_armed_conflict, at.withdrawal.id) == (Status.WITHDRAWING, True, new.pk)
        assert TreatyAction.objects.get(pk=new.pk).effective_on is None
        assert ledger.verify(convention) == []

    def test_a_row_that_is_to_replace_a_held_one_waits_without_a_day_of_effect(self, row, act, officers):
        HoldFactory(withdrawal=row("EST", "withdrawal"), started_on=date(2025, 12, 1))
        held, free = row("EST", "withdrawal"), row("FIN", "withdrawal")
        of_held = ledger.replace(held, act("EST", "withdrawal", date(2025, 6, 26)), by=officers[0], reason="A letter.")
        of_free = ledger.replace(free, act("FIN", "withdrawal", date(2025, 7, 9)), by=officers[0], reason="A letter.")
        assert (of_held.effective_on, of_free.effective_on) == (None, date(2026, 1, 9))

    def test_a_row_that_replaces_nothing_is_held_by_nothing(self, row, act, officers):
        HoldFactory(withdrawal=row("EST", "withdrawal"), started_on=date(2025, 12, 1))
        entry = ledger.record(act("CHN", "accession", date(2026, 1, 5)), by=officers[0])
        assert entry.effective_on == date(2026, 7, 1)

    def test_a_row_that_cannot_be_replaced_is_told_before_it_is_recorded(self, row, act, officers):
        waiting = ledger.record(act("CHN", "accession", date(2026, 1, 5)), by=officers[0])
        other = act("CHN", "accession", date(2026, 1, 6))
        other.replaces = waiting
        assert ledger.refusal_of(other) == "Only a confirmed record needs to be replaced."
        other.replaces = row("EST", "accession")
        assert "of the same treaty, State and kind of act" in ledger.refusal_of(other)

    def test_before_it_was_replaced_the_old_row_was_held(self, convention, row, act, officers):
        HoldFactory(withdrawal=row("EST", "withdrawal"), started_on=date(2025, 12, 1))
        before = datetime.now(UTC)
        self.replaced(row("EST", "withdrawal"), act, officers, date(2025, 6, 26))
        at = status_board(convention, date(2026, 3, 1), before).by_state["EST"].standing
        assert (at.status, at.held_by_armed_conflict) == (Status.WITHDRAWING, True)

    def test_a_hold_on_a_replaced_row_is_confirmed_for_the_later_one(self, convention, row, act, officers):
        old = row("EST", "withdrawal")
        new = self.replaced(old, act, officers, date(2025, 6, 26))
        hold = ArmedConflictHold(withdrawal=old, started_on=date(2025, 12, 1), source_url=SOURCE)
        ledger.confirm(ledger.record(hold, by=officers[0]), by=officers[1])
        assert TreatyAction.objects.get(pk=new.pk).effective_on is None

    def test_the_end_of_a_conflict_replaces_the_hold(self, convention, row, officers):
        withdrawal = row("EST", "withdrawal")
        hold = HoldFactory(withdrawal=withdrawal, started_on=date(2025, 12, 1))
        ended = ArmedConflictHold(
            withdrawal=withdrawal, started_on=date(2025, 12, 1), ended_on=date(2026, 2, 1), source_url=SOURCE
        )
        ledger.confirm(ledger.replace(hold, ended, by=officers[0], reason="It ended."), by=officers[1])
        board = status_board(convention, date(2026, 2, 1))
        assert board.by_state["EST"].status is Status.WITHDRAWN
        assert TreatyAction.objects.get(pk=withdrawal.pk).effective_on == date(2026, 2, 1)


class TestASecondActOnAnyDay:
    @pytest.mark.parametrize("days", [-200, -1, 0, 1, 200])
    @pytest.mark.parametrize(("iso3", "action"), [("FRA", "ratification"), ("EST", "withdrawal"), ("FIN", "accession")])
    def test_is_refused(self, row, act, officers, iso3, action, days):
        day = min(row(iso3, action).deposited_on + timedelta(days=days), date(2026, 3, 1))
        kind = "acceptance" if days == 0 and action == "ratification" else action
        refused = act(iso3, kind, day)
        if days == 0 and kind == action:
            refused.deposited_on = day - timedelta(days=2)
        with pytest.raises(ledger.NotTheStatesAct):
            ledger.record(refused, by=officers[0])

    def test_earlier_than_the_one_on_record_says_which_and_what_to_do(self, act, officers):
        with pytest.raises(ledger.NotTheStatesAct) as refusal:
            ledger.record(act("EST", "withdrawal", date(2025, 6, 26)), by=officers[0])
        assert "on 2025-06-27 is in the ledger" in str(refusal.value)
        assert "replace that row" in str(refusal.value)

    def test_earlier_can_replace_the_one_on_record(self, row, act, officers):
        new = act("EST", "withdrawal", date(2025, 6, 26))
        assert ledger.replace(row("EST", "withdrawal"), new, by=officers[0], reason="The Depositary's day.").pk

    def test_a_consent_that_makes_a_notice_meaningless_is_refused(self, act, officers, row):
        """Moving Finland's accession behind its notice would leave the notice without a treaty in force."""
        new = act("FIN", "accession", date(2025, 7, 1))
        with pytest.raises(ledger.NotTheStatesAct, match="would lose its meaning"):
            ledger.replace(row("FIN", "accession"), new, by=officers[0], reason="A slip.")

    @pytest.mark.parametrize(
        ("iso3", "action", "sentence"),
        [("CHN", "ratification", "has not signed"), ("MHL", "accession", "it ratifies")],
    )
    def test_signatories_ratify_and_others_accede(self, act, officers, iso3, action, sentence):
        treaty = Treaty.objects.get(slug="mine-ban-convention")
        if iso3 == "MHL":
            assert status_board(treaty, date(2024, 1, 1)).by_state["MHL"].status is Status.SIGNATORY
        with pytest.raises(ledger.NotTheStatesAct, match=sentence):
            ledger.record(act(iso3, action, date(2024, 6, 1)), by=officers[0])


class TestConfirmingWhatWasRecordedSideBySide:
    def test_confirms_one_notice_of_two(self, act, officers):
        one, two = (act("FRA", "withdrawal", d) for d in (date(2026, 1, 5), date(2026, 1, 6)))
        for entry in (one, two):
            ledger.record(entry, by=officers[0])
        ledger.confirm(one, by=officers[1])
        with pytest.raises(ledger.NotTheStatesAct):
            ledger.confirm(two, by=officers[1])

    def test_confirms_no_consent_before_the_true_one(self, act, officers):
        early, true = act("CHN", "accession", date(2026, 1, 5)), act("CHN", "accession", date(2026, 2, 5))
        for entry in (early, true):
            ledger.record(entry, by=officers[0])
        ledger.confirm(true, by=officers[1])
        with pytest.raises(ledger.NotTheStatesAct, match="would lose its meaning"):
            ledger.confirm(early, by=officers[1])

    def test_confirms_no_hold_on_a_notice_that_still_waits(self, act, officers):
        notice = ledger.record(act("FRA", "withdrawal", date(2026, 1, 5)), by=officers[0])
        hold = ArmedConflictHold(withdrawal=notice, started_on=date(2026, 1, 1), source_url=SOURCE)
        ledger.record(hold, by=officers[0])
        with pytest.raises(ledger.LedgerError, match="notice of withdrawal first"):
            ledger.confirm(hold, by=officers[1])
        assert not ArmedConflictHold.objects.confirmed().exists()


class TestTwoOfficersAtOnce:
    def refusals(self, *acts):
        """The names of the refusals, where all but one of the acts are refused."""
        refused = failures(at_once(*acts))
        assert all(isinstance(failure, ledger.LedgerError) for failure in refused)
        assert len(refused) == len(acts) - 1
        return [type(failure).__name__ for failure in refused]

    def test_confirm_one_act_once(self, committing, act):
        entry = ledger.record(act("CHN", "accession", date(2026, 1, 5)), by=OfficerFactory())
        second, third = OfficerFactory(), OfficerFactory()
        refused = self.refusals(lambda: ledger.confirm(entry, by=second), lambda: ledger.confirm(entry, by=third))
        assert refused == ["AlreadyConfirmed"]

    def test_confirm_one_of_two_notices(self, committing, act):
        first, second = OfficerFactory(), OfficerFactory()
        entries = [ledger.record(act("FRA", "withdrawal", d), by=first) for d in (date(2026, 1, 5), date(2026, 1, 6))]
        refused = self.refusals(*(lambda e=e: ledger.confirm(e, by=second) for e in entries))
        assert refused == ["NotTheStatesAct"]
        assert ledger.verify(Treaty.objects.main()) == []


class TestRawSQL:
    """What no programme of ours writes, and what somebody with the database open may try."""

    def columns(self, table):
        with connection.cursor() as cursor:
            return [c.name for c in connection.introspection.get_table_description(cursor, table)]

    def refused(self, statement, *values):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    @pytest.mark.parametrize("recursive", ["ON", "OFF"])
    @pytest.mark.parametrize("verb", ["INSERT OR REPLACE INTO", "REPLACE INTO"])
    @pytest.mark.parametrize("table", [ACTIONS, HOLDS])
    def test_replaces_no_row_by_overwriting_it(self, row, verb, table, recursive):
        if connection.vendor != "sqlite":
            verb = "INSERT INTO"  # REPLACE is SQLite's; elsewhere the key itself refuses
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers={recursive}")
        HoldFactory(withdrawal=row("EST", "withdrawal"))
        names = self.columns(table)
        shown = ", ".join(f'"{n}"' for n in names)
        for same in ("id", "sequence"):
            other = "sequence" if same == "id" else "id"
            values = ", ".join(
                "'Forged.'" if n == "note" else f'"{n}" + 100000' if n == other else f'"{n}"' for n in names
            )
            self.refused(f'{verb} "{table}" ({shown}) SELECT {values} FROM "{table}" WHERE confirmed_at IS NOT NULL')
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA recursive_triggers=ON")

    def test_overwrites_no_row_by_moving_a_waiting_one_onto_it(self, convention, row):
        waiting = TreatyActionFactory(
            treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 2), confirmed_at=None
        )
        verb = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
        self.refused(f"{verb} {ACTIONS} SET id = %s WHERE id = %s", row("EST", "withdrawal").pk, waiting.pk)
        assert row("EST", "withdrawal").state_id == "EST"

    def test_changes_no_row_from_another_table(self):
        self.refused(f"UPDATE {ACTIONS} SET note = s.name FROM treaties_state s WHERE s.iso3 = state_id")

    @pytest.mark.parametrize("table", HISTORIES)
    def test_changes_no_history(self, convention, row, table):
        HoldFactory(withdrawal=row("EST", "withdrawal"))
        self.refused(f"UPDATE {table} SET note = 'Never happened.'")
        self.refused(f"DELETE FROM {table}")

    def test_changes_no_history_of_any_app(self):
        tables = triggers.history_tables(connection)
        with connection.cursor() as cursor:
            filled = []
            for table in tables:
                cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
                if cursor.fetchone():
                    filled.append(table)
        assert {name.split("_")[0] for name in filled} == {"treaties", "campaign", "news", "kit"}
        for table in filled:
            self.refused(f'DELETE FROM "{table}"')
            key = "history_id" if "_historical" in table else "id"
            self.refused(f'UPDATE "{table}" SET {key} = {key} + 1000000')

    @pytest.fixture
    def logged(self):
        """A line of the admin's log and a look at personal data, by one editor."""
        editor = OfficerFactory()
        AccessLogEntry.objects.create(user=editor, what="list")
        LogEntry.objects.log_actions(editor.pk, [Treaty.objects.main()], CHANGE, "Seen.", single_object=True)
        return editor

    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (LogEntry, "user_id = user_id + 1"),
            (LogEntry, "object_repr = 'Another'"),
            (LogEntry, "change_message = ''"),
            (LogEntry, "action_time = '2001-01-01'"),
            (LogEntry, "content_type_id = content_type_id + 1"),
            (AccessLogEntry, "user_id = user_id + 1"),
            (AccessLogEntry, "what = 'one'"),
        ],
    )
    def test_changes_and_deletes_no_line_of_a_log(self, logged, model, change):
        self.refused(f"UPDATE {model._meta.db_table} SET {change}")
        self.refused(f"DELETE FROM {model._meta.db_table}")

    def test_lets_go_of_a_kind_of_row_that_is_gone_in_the_log(self, logged):
        LogEntry.objects.update(content_type=None)

    @pytest.mark.parametrize("model", [LogEntry, AccessLogEntry])
    def test_deletes_no_account_that_stands_in_a_log(self, logged, model):
        if model is LogEntry:
            logged = EditorFactory()
            LogEntry.objects.log_actions(logged.pk, [Treaty.objects.main()], CHANGE, "Seen.", single_object=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            logged.delete()

    def test_lets_go_of_a_deleted_account_in_the_history(self, act):
        officer = OfficerFactory()
        ledger.record(act("CHN", "accession", date(2026, 1, 5)), by=OfficerFactory())
        TreatyAction.history.model.objects.filter(history_user=officer).update(history_user=None)

    def test_a_missing_trigger_is_told(self, capsys):
        name = triggers.wanted(connection)[0].name
        with as_owner(), connection.cursor() as cursor:
            on = f" ON {ACTIONS}" if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{on}')
        with pytest.raises(CommandError, match=f"lacks the trigger {name}"):
            call_command("verify_ledger")

    def test_a_day_of_effect_that_was_changed_is_told(self, convention, row):
        TreatyAction.objects.filter(pk=row("EST", "withdrawal").pk).update(effective_on=date(2030, 1, 1))
        assert ["another day of effect" in f.message for f in ledger.verify(convention)] == [True]

    def test_migrating_again_makes_nothing_anew(self):
        assert triggers.missing(connection) == []
        with CaptureQueriesContext(connection) as asked:
            triggers.install(connection)
        assert not [q for q in asked.captured_queries if "CREATE TRIGGER" in q["sql"] or "DROP" in q["sql"]]


def test_a_treaty_that_nobody_signs_takes_ratifications(officers, state):
    treaty = TreatyFactory(opened_on=None, closed_on=None)
    entry = TreatyAction(
        treaty=treaty, state=state("CHN"), action="ratification", deposited_on=date(2026, 1, 5), source_url=SOURCE
    )
    assert ledger.record(entry, by=officers[0]).pk


def test_both_databases_guard_the_same_tables():
    """The statements for either database, made on whichever runs: each guards every table against change and deletion."""
    made = {
        vendor: [
            *_ledger_triggers.made_for(vendor, connection),
            *(t for table in HISTORIES for t in history_triggers(connection, table, vendor)),
        ]
        for vendor in ("sqlite", "postgresql")
    }
    for found in made.values():
        guarded = {(t.table, verb) for t in found for verb in ("no_update", "no_delete") if t.name.endswith(verb)}
        assert guarded == {(t, verb) for t in (ACTIONS, HOLDS, *HISTORIES) for verb in ("no_update", "no_delete")}
        assert len({t.digest for t in found}) == len(found)
    assert {f.split("FUNCTION ")[1].split("(")[0] for f in _ledger_triggers.LEDGER_FUNCTIONS} == {
        re.search(r"EXECUTE FUNCTION (\w+)", t.sql)[1] for t in made["postgresql"]
    }
