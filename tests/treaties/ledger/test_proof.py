"""The record can be proved: the database refuses, the chain tells, a script checks it without the site."""

import json
import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
import rfc8785
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tests.config.addresses import API, MBC
from tests.factories import SOURCE, HoldFactory, OfficerFactory, TreatyActionFactory, TreatyFactory
from tests.site_role import as_owner
from treaties import ledger
from treaties.ledger import proof, triggers, verify_checkpoint
from treaties.models import ArmedConflictHold, LedgerHead, State, Treaty, TreatyAction
from treaties.models.ledger_records import RecordImmutable
from treaties.pages.views import VERIFY_SCRIPT
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
ACTIONS = "treaties_treatyaction"
HOLDS = "treaties_armedconflicthold"


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "change",
        [
            "note = 'changed'",
            "deposited_on = '2000-01-01'",
            "state_id = 'CHN'",
            "confirmed_at = NULL",
            "hash = 'x'",
            "sequence = 999999",
            "source_url = 'https://example.org'",
        ],
    )
    def test_to_change_a_fact_of_a_confirmed_row(self, change):
        row = TreatyAction.objects.first()
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            raw(f"UPDATE {ACTIONS} SET {change} WHERE id = %s", row.pk)

    def test_to_delete_a_confirmed_row(self):
        for statement in (f"DELETE FROM {ACTIONS}", f"DELETE FROM {ACTIONS} WHERE state_id = 'EST'"):
            with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
                raw(statement)

    def test_the_orm_as_well(self, convention):
        row = TreatyAction.objects.of(convention).first()
        row.note = "Changed."
        with pytest.raises(RecordImmutable, match="never changed or deleted"):
            row.save()
        with pytest.raises(RecordImmutable):
            row.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            TreatyAction.objects.filter(pk=row.pk).update(note="Changed.")
        with pytest.raises(IntegrityError), transaction.atomic():
            TreatyAction.objects.filter(state="CHN").exclude(treaty=convention).delete()

    def test_a_hold_as_well(self, convention):
        hold = HoldFactory(withdrawal=TreatyAction.objects.of(convention).get(state="EST", action="withdrawal"))
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(f"UPDATE {HOLDS} SET ended_on = '2026-01-01' WHERE id = %s", hold.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(f"DELETE FROM {HOLDS}")

    def test_a_confirmed_row_without_a_seal(self, convention):
        row = TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 2), confirmed_at=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            TreatyAction.objects.filter(pk=row.pk).update(confirmed_at=datetime(2026, 1, 3, tzinfo=UTC))

    def test_nothing_about_a_row_that_waits(self, convention):
        row = TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 2), confirmed_at=None)
        TreatyAction.objects.filter(pk=row.pk).update(note="Mended before anybody confirmed it.")
        TreatyAction.objects.filter(pk=row.pk).delete()

    def test_nothing_about_the_day_of_effect_which_is_computed(self):
        row = TreatyAction.objects.first()
        TreatyAction.objects.filter(pk=row.pk).update(effective_on=None)

    def test_to_empty_the_table(self):
        # SQLite has no TRUNCATE: its DELETE without a condition is one.
        statement = f"TRUNCATE {ACTIONS} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {ACTIONS}"
        with as_owner(), pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            raw(statement)

    def test_again_after_a_set_up_which_names_what_was_missing(self, capsys):
        with as_owner():
            triggers.remove(connection)
            call_command("set_up", verbosity=0)
        assert f"The trigger {ACTIONS}_no_delete was missing" in capsys.readouterr().err
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(f"DELETE FROM {ACTIONS}")


class TestTheChain:
    def test_of_every_treaty_loaded_is_whole(self, capsys):
        call_command("verify_ledger")
        assert capsys.readouterr().out.count(": whole") == 7

    def test_has_numbers_without_gaps_over_all_treaties(self):
        numbers = sorted(TreatyAction.objects.values_list("sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    def test_grows_by_what_is_confirmed(self, convention):
        before = ledger.head_of(convention)
        row = TreatyAction(
            treaty=convention, state_id="CHN", action="accession", deposited_on=date(2026, 1, 2), source_url=SOURCE
        )
        ledger.record(row, by=OfficerFactory())
        assert ledger.head_of(convention).hash == before.hash
        row = ledger.confirm(row, by=OfficerFactory())
        after = ledger.head_of(convention)
        assert (after.length, after.hash, row.previous_hash) == (before.length + 1, row.hash, before.hash)
        assert ledger.verify(convention) == []

    def test_seals_the_canonical_form_of_rfc_8785(self, convention):
        row = ledger.chain_of(convention)[0]
        sealed = {**proof.canonical(row), "previous_hash": proof.GENESIS}
        assert verify_checkpoint.canonical(sealed) == rfc8785.dumps(sealed)
        assert row.hash == proof.row_hash(proof.canonical(row), proof.GENESIS)

    def test_names_the_row_that_was_altered(self, convention, capsys):
        row = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        with as_owner():
            triggers.remove(connection)
        raw(f"UPDATE {ACTIONS} SET deposited_on = '2025-06-28' WHERE id = %s", row.pk)
        with pytest.raises(CommandError, match=f"treatyaction {row.pk} .* has been altered since it was sealed"):
            call_command("verify_ledger", "mine-ban-convention")

    def test_refuses_to_verify_what_is_not_there(self):
        with pytest.raises(CommandError, match="No such treaty: nothing"):
            call_command("verify_ledger", "nothing")

    def test_finds_each_of_a_thousand_alterations_deletions_and_reorderings(self, many):
        treaty = TreatyFactory()
        states = list(State.objects.values_list("pk", flat=True)[:12])
        for n, state in enumerate(states):
            TreatyActionFactory(treaty=treaty, state_id=state, deposited_on=date(2001 + n, 2, 3))
        notice = TreatyActionFactory(
            treaty=treaty, state_id=states[0], action="withdrawal", deposited_on=date(2020, 1, 1)
        )
        HoldFactory(withdrawal=notice)
        assert ledger.verify(treaty) == []
        with as_owner():
            triggers.remove(connection)
        chance = random.Random(20250616)
        found, tried = 0, many(1000, fewer=150)
        for _ in range(tried):
            with transaction.atomic():
                spoil(chance, treaty)
                found += bool(ledger.verify(treaty))
                transaction.set_rollback(True)
        assert found == tried
        assert ledger.verify(treaty) == []


def spoil(chance: random.Random, treaty: Treaty) -> None:
    """One change behind the ORM: a fact altered, a row deleted, or two rows that change places."""
    rows = list(TreatyAction.objects.of(treaty).order_by("pk").values_list("pk", "sequence"))
    (pk, number), (other, other_number) = chance.sample(rows, 2)
    match chance.choice(["alter", "alter a hold", "delete", "delete a hold", "delete the last", "reorder", "unseal"]):
        case "alter":
            changes = {
                "state_id": "YEM",
                "action": "ratification",
                "deposited_on": "1999-09-09",
                "stated_effective_reason": "x",
                "source_url": "https://example.org/other",
                "note": "other",
                "recorded_at": "2001-01-01 00:00:00+00:00",
                "confirmed_at": "2001-01-01 00:00:00+00:00",
                "loaded_from": "other",
                "reason": "other",
                "hash": "0" * 63 + "1",
                "previous_hash": "0" * 63 + "1",
                "sequence": 10**9,
            }
            column = chance.choice(list(changes))
            raw(f"UPDATE {ACTIONS} SET {column} = %s WHERE id = %s", changes[column], pk)
        case "alter a hold":
            raw(f"UPDATE {HOLDS} SET ended_on = '2026-01-02'")
        case "delete":
            raw(f"DELETE FROM {HOLDS}")
            raw(f"DELETE FROM {ACTIONS} WHERE id = %s", pk)
        case "delete a hold":
            raw(f"DELETE FROM {HOLDS}")
        case "delete the last":
            raw(f"DELETE FROM {HOLDS}")
            raw(f"DELETE FROM {ACTIONS} WHERE id = %s", rows[-1][0])
        case "reorder":
            raw(f"UPDATE {ACTIONS} SET sequence = %s WHERE id = %s", 10**9, pk)
            raw(f"UPDATE {ACTIONS} SET sequence = %s WHERE id = %s", number, other)
            raw(f"UPDATE {ACTIONS} SET sequence = %s WHERE id = %s", other_number, pk)
        case "unseal":
            raw("UPDATE treaties_ledgerhead SET length = length - 1 WHERE treaty_id = %s", treaty.pk)


class TestTheHead:
    def test_is_public(self, client, convention):
        answer = client.get(f"{API}/treaties/mine-ban-convention/ledger-head/").json()
        head = LedgerHead.objects.get(treaty=convention)
        assert (answer["length"], answer["hash"]) == (305, head.hash)
        assert head.hash in client.get(f"{MBC}/ledger/").content.decode()

    def test_of_a_treaty_without_acts_is_where_every_chain_begins(self, client):
        slug = TreatyFactory().slug
        answer = client.get(f"{API}/treaties/{slug}/ledger-head/").json()
        assert (answer["length"], answer["hash"], answer["sealed_at"]) == (0, "0" * 64, None)


class TestACheckpoint:
    @pytest.fixture
    def saved(self, client, tmp_path):
        def save(name):
            path = tmp_path / name
            path.write_bytes(client.get(f"{MBC}/ledger/checkpoint.json").content)
            return path

        return save

    def check(self, *paths):
        command = [sys.executable, "-I", str(VERIFY_SCRIPT), *map(str, paths)]
        return subprocess.run(command, capture_output=True, text=True)

    def test_is_checked_by_a_script_of_its_own(self, saved):
        result = self.check(saved("now.json"))
        assert (result.returncode, "305 rows" in result.stdout) == (0, True)

    @pytest.mark.parametrize("spoil", ["alter", "delete", "reorder", "head"])
    def test_that_was_tampered_with_is_found_out(self, saved, spoil):
        path = saved("now.json")
        found = json.loads(path.read_text())
        match spoil:
            case "alter":
                found["rows"][5]["facts"]["note"] = "Changed."
            case "delete":
                del found["rows"][5]
            case "reorder":
                found["rows"][5], found["rows"][6] = found["rows"][6], found["rows"][5]
            case "head":
                found["head"]["hash"] = "0" * 64
        path.write_text(json.dumps(found))
        assert self.check(path).returncode == 1

    def test_shows_that_a_later_one_only_added_to_it(self, saved, convention):
        earlier = saved("earlier.json")
        TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 2))
        later = saved("later.json")
        assert self.check(later, earlier).returncode == 0
        assert self.check(earlier, later).returncode == 1

    def test_script_is_offered_for_download_and_shares_no_code_with_the_site(self, client):
        source = client.get("/treaties/verify_checkpoint.py").content.decode()
        assert source == VERIFY_SCRIPT.read_text()
        assert "django" not in source
        assert "treaties." not in source


class TestKnownAt:
    @pytest.mark.parametrize("seed", range(4))
    def test_replaying_gives_exactly_what_was_answered_then(self, seed):
        """A ledger written at random over many days; each day's answer is kept and asked for again at the end."""
        chance = random.Random(seed)
        treaty, officers = TreatyFactory(), [OfficerFactory(), OfficerFactory()]
        states = ["EST", "LVA", "CHN"]
        clock = datetime(2026, 12, 1, tzinfo=UTC)
        answers = []
        for _ in range(25):
            clock += timedelta(days=chance.randint(1, 9), seconds=chance.randint(0, 9999))
            with time_machine.travel(clock, tick=False):
                something_happens(chance, treaty, states, officers)
                on = date(2000, 1, 1) + timedelta(days=chance.randint(0, 12_000))
                answers.append((clock, on, [line.standing for line in status_board(treaty, on).lines]))
        for moment, on, answered in answers:
            assert [line.standing for line in status_board(treaty, on, moment).lines] == answered

    def test_is_told_on_the_page_of_the_ledger(self, client, convention):
        TreatyActionFactory(
            treaty=convention,
            state_id="CHN",
            deposited_on=date(2026, 1, 2),
            confirmed_at=datetime(2099, 1, 1, tzinfo=UTC),
        )
        assert "306 acts" in client.get(f"{MBC}/ledger/?known_at=2099-01-02T00:00:00Z").content.decode()
        assert "305 acts" in client.get(f"{MBC}/ledger/?known_at=2098-01-01").content.decode()
        assert client.get(f"{MBC}/ledger/?known_at=never").status_code == 400


def something_happens(chance, treaty, states, officers):
    """An officer records, confirms or replaces something; what the ledger refuses does not happen."""
    first, second = chance.sample(officers, 2)
    try:
        match chance.choice(["record", "confirm", "confirm", "replace", "hold"]):
            case "record":
                act = chance.choice(["accession", "withdrawal", "withdrawal_cancelled"])
                day = date(2000, 1, 1) + timedelta(days=chance.randint(0, 9000))
                row = TreatyAction(
                    treaty=treaty, state_id=chance.choice(states), action=act, deposited_on=day, source_url=SOURCE
                )
                ledger.record(row, by=first)
            case "confirm":
                waiting = [*TreatyAction.objects.of(treaty).waiting(), *ArmedConflictHold.objects.waiting()]
                if waiting:
                    ledger.confirm(chance.choice(waiting), by=second)
            case "replace":
                old = chance.choice(list(TreatyAction.objects.of(treaty).current()))
                day = old.deposited_on + timedelta(days=chance.randint(-400, 400))
                new = TreatyAction(
                    treaty=treaty, state=old.state, action=old.action, deposited_on=day, source_url=SOURCE
                )
                ledger.replace(old, new, by=first, reason="Another day.")
            case "hold":
                notice = chance.choice(list(TreatyAction.objects.of(treaty).current().filter(action="withdrawal")))
                start = notice.deposited_on + timedelta(days=chance.randint(0, 300))
                ledger.record(ArmedConflictHold(withdrawal=notice, started_on=start, source_url=SOURCE), by=first)
    except (ledger.LedgerError, IndexError):  # refused, or nothing to choose from
        return
