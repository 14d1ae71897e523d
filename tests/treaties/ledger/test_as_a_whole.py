"""A row is recorded and confirmed as a whole or not at all, and nobody forges where it came from."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from tests.factories import SOURCE, EditorFactory, OfficerFactory
from treaties import ledger
from treaties.ledger import chain, recording
from treaties.models import ArmedConflictHold, TreatyAction

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """Something fails in the middle."""


def breaks(*_args, **_values):
    raise Broken


@pytest.fixture
def entries(convention, state):
    """An act and a conflict, unsaved."""
    notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    return {
        "act": TreatyAction(
            treaty=convention, state=state("CHN"), action="accession", deposited_on=date(2026, 1, 5), source_url=SOURCE
        ),
        "conflict": ArmedConflictHold(withdrawal=notice, started_on=date(2025, 7, 1), source_url=SOURCE),
    }


@pytest.mark.parametrize("kind", ["act", "conflict"])
class TestBothKinds:
    def test_that_fail_after_they_are_sealed_leave_the_chain_as_it_was(self, convention, entries, kind, monkeypatch):
        row = ledger.record(entries[kind], by=OfficerFactory())
        head = ledger.head_of(convention)
        monkeypatch.setattr(recording, "refresh_effects", breaks)
        with pytest.raises(Broken):
            ledger.confirm(row, by=OfficerFactory())
        row.refresh_from_db()
        assert (row.confirmed_at, row.hash, row.sequence) == (None, "", None)
        assert ledger.head_of(convention).hash == head.hash
        monkeypatch.undo()
        confirmed = ledger.confirm(row, by=OfficerFactory())
        assert confirmed.sequence == head.sequence + 1 if hasattr(head, "sequence") else confirmed.sequence
        assert ledger.verify(convention) == []

    def test_that_come_with_the_data_and_fail_leave_the_chain_as_it_was(self, convention, entries, kind, monkeypatch):
        head = ledger.head_of(convention)
        row = entries[kind]
        row.loaded_from = "a file"
        monkeypatch.setattr(chain, "bulk_create_with_history", breaks)
        with pytest.raises(Broken):
            ledger.import_confirmed([row], at=timezone.now(), reason="For a test")
        assert ledger.head_of(convention).hash == head.hash
        assert ledger.verify(convention) == []

    def test_that_an_officer_records_come_from_no_file(self, entries, kind):
        entry = entries[kind]
        entry.loaded_from, entry.confirmed_at, entry.confirmed_by = "forged.csv:1", timezone.now(), OfficerFactory()
        officer = OfficerFactory()
        row = ledger.record(entry, by=officer)
        row.refresh_from_db()
        assert (row.loaded_from, row.confirmed_at, row.confirmed_by, row.recorded_by) == ("", None, None, officer)


@pytest.mark.parametrize(("verb", "records", "changes"), [("add", True, False), ("change", False, True)])
def test_recording_and_changing_what_waits_are_two_rights(convention, entries, verb, records, changes):
    waiting = ledger.record(entries["conflict"], by=OfficerFactory())
    somebody = EditorFactory()
    for model in ("treatyaction", "armedconflicthold"):
        somebody.user_permissions.add(Permission.objects.get(codename=f"{verb}_{model}"))
    for entry, may in ((entries["act"], records), (waiting, changes)):
        if may:
            ledger.record(entry, by=somebody)
        else:
            with pytest.raises(ledger.LedgerError, match="Only a treaty officer"):
                ledger.record(entry, by=somebody)


def test_days_of_effect_are_computed_anew_and_counted(convention):
    rows = TreatyAction.objects.of(convention).filter(action="accession")
    wrong = list(rows[:2].values_list("pk", flat=True))
    TreatyAction.objects.filter(pk__in=wrong).update(effective_on=date(1990, 1, 1))
    assert ledger.refresh_effects(rows.select_related("treaty")) == 2
    assert not rows.filter(effective_on=date(1990, 1, 1)).exists()
    assert ledger.refresh_effects(rows.select_related("treaty")) == 0
