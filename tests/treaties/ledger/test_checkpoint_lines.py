"""A line that stands for the whole ledger goes out where the site cannot take it back, and shows later what was changed."""

import json
import subprocess
import sys
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.config.addresses import MBC
from tests.factories import TreatyActionFactory, TreatyFactory
from tests.site_role import as_owner
from treaties import ledger
from treaties.ledger import checkpoints, triggers
from treaties.ledger.checkpoints import CheckpointLine, NoCheckpoint, compare
from treaties.ledger.triggers import ACTIONS
from treaties.models import LedgerHead, LedgerSequence, Treaty, TreatyAction
from treaties.pages.views import VERIFY_SCRIPT

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """The line of the record as it is before anything else happens."""
    return str(ledger.checkpoint_line())


@pytest.fixture
def accede(convention):
    def make(iso3="CHN", treaty=convention):
        return TreatyActionFactory(treaty=treaty, state_id=iso3, deposited_on=date(2026, 1, 2))

    return make


def raw(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write_the_chain_anew(slug: str) -> None:
    """What somebody with the whole server can do: give all rows of a treaty new hashes, and its head too."""
    treaty = Treaty.objects.get(slug=slug)
    rows = ledger.chain_of(treaty)
    previous = checkpoints.proof.GENESIS
    for row in rows:
        row.previous_hash = previous
        row.hash = previous = checkpoints.proof.row_hash(checkpoints.proof.canonical(row), previous)
        raw(
            f"UPDATE {row._meta.db_table} SET previous_hash = %s, hash = %s WHERE id = %s",
            row.previous_hash,
            row.hash,
            row.pk,
        )
    LedgerHead.objects.filter(treaty=treaty).update(length=len(rows), hash=previous)


def wrong(text):
    return [str(verdict) for verdict in compare(text) if not verdict.holds]


class TestALine:
    def test_stands_for_the_ends_of_all_chains_at_the_last_row(self, kept):
        word, sequence, digest, _signature = kept.split()
        heads = dict(LedgerHead.objects.values_list("treaty__slug", "hash"))
        heads["site"] = LedgerSequence.objects.get().site_hash
        assert (word, int(sequence)) == ("minefree-checkpoint", LedgerSequence.objects.get().last_sequence)
        assert len(heads) == 7
        assert checkpoints.line_of(heads, int(sequence)).hash == digest

    def test_is_another_after_every_row_of_any_treaty(self, kept, accede):
        accede()
        second = str(ledger.checkpoint_line())
        accede("USA", TreatyFactory())
        assert len({kept, second, str(ledger.checkpoint_line())}) == 3

    def test_of_an_empty_ledger_is_told_too(self):
        LedgerHead.objects.all().delete()
        LedgerSequence.objects.all().delete()
        assert ledger.checkpoint_line() == checkpoints.line_of({}, 0)

    def test_costs_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            ledger.checkpoint_line()


class TestKeptElsewhere:
    def test_it_stands_in_a_record_that_only_grew(self, kept, accede):
        accede("CHN")
        accede("USA")
        accede(treaty=TreatyFactory())
        ledger.seal()  # the new treaty's own version
        (verdict,) = compare(kept)
        assert verdict.holds
        assert str(verdict).endswith("stands in today's record, which has 4 more rows.")

    @pytest.fixture
    def cut(self, accede, convention):
        """The line of a record with one more row, which was then taken away with all that tells of it; and the row's number."""
        before = LedgerHead.objects.filter(treaty=convention).values("length", "hash", "sealed_at").get()
        row = accede()
        line = str(ledger.checkpoint_line())
        with as_owner():
            triggers.remove(connection)
        raw(f"DELETE FROM {ACTIONS} WHERE id = %s", row.pk)
        LedgerHead.objects.filter(treaty=convention).update(**before)
        LedgerSequence.objects.update(last_sequence=row.sequence - 1)
        return line, row.sequence

    def test_it_shows_a_chain_that_was_cut_at_its_end_together_with_its_head(self, cut, convention):
        line, number = cut
        assert ledger.verify(convention) == []  # whole in itself
        assert wrong(line) == [
            f"minefree-checkpoint {number}: today's record ends before it, at row {number - 1}: rows are missing at its end."
        ]

    def test_it_shows_a_row_that_was_put_in_the_place_of_the_last(self, cut, accede, convention):
        line, _number = cut
        accede("USA")
        assert ledger.verify(convention) == []
        assert len(wrong(line)) == 1

    def test_it_shows_a_chain_that_was_written_anew(self, kept, convention):
        row = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        with as_owner():
            triggers.remove(connection)
        raw(f"UPDATE {ACTIONS} SET note = 'Never so.' WHERE id = %s", row.pk)
        write_the_chain_anew(convention.slug)
        assert ledger.verify(convention) == []  # whole in itself
        (fault,) = wrong(kept)
        assert fault.endswith("today's record up to this row is another one than it was then.")

    def test_a_row_altered_under_its_hash_is_told_as_well(self, kept, convention):
        row = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        with as_owner():
            triggers.remove(connection)
        raw(f"UPDATE {ACTIONS} SET note = 'Never so.' WHERE id = %s", row.pk)
        (fault,) = wrong(kept)
        assert "has been altered since it was sealed" in fault

    @pytest.mark.parametrize(
        "letter",
        [
            "Dear Ann,\n\n    {line}\n",
            "> {line}",
            "<subtitle>The whole record as it is: {line}</subtitle>",
            '{{"checkpoint": "{line}"}}',
            "minefree-checkpoint {number}\r\n{digest}",
            "minefree-checkpoint {number} {begin}=\r\n{end}",
        ],
    )
    def test_it_is_found_in_a_letter_feed_or_file(self, kept, letter):
        _word, number, digest, _signature = kept.split()
        text = letter.format(line=kept, number=number, digest=digest, begin=digest[:40], end=digest[40:])
        assert [v.holds for v in compare(text)] == [True]

    def test_each_of_many_lines_is_told_once(self, kept, accede):
        accede()
        second = str(ledger.checkpoint_line())
        assert [v.holds for v in compare(f"{kept}\n{second}\n{kept}")] == [True, True]

    def test_a_line_before_a_treatys_first_row_leaves_that_treaty_out(self, kept, accede):
        accede("USA", TreatyFactory())
        ledger.seal()
        assert wrong(kept) == []

    def test_an_invented_line_stands_nowhere(self):
        assert len(wrong(str(CheckpointLine(12, "0" * 64)))) == 1

    def test_a_text_without_one_is_refused_with_what_is_wanted(self):
        for text in ("", "{}", "minefree-checkpoint 12 abc", "[1]"):
            with pytest.raises(NoCheckpoint, match="wanted is"):
                compare(text)


class TestAKeptFile:
    @pytest.fixture
    def saved(self, client):
        return client.get(f"{MBC}/ledger/checkpoint.json").content.decode()

    def test_stands_in_a_record_that_only_grew(self, saved, accede):
        accede()
        (verdict,) = compare(saved)
        assert str(verdict) == "mine-ban-convention: all 305 rows stand in today's record, which has 1 more."

    def test_shows_a_chain_that_was_written_anew(self, saved, convention):
        row = ledger.chain_of(convention)[4]
        with as_owner():
            triggers.remove(connection)
        raw(f"UPDATE {ACTIONS} SET note = 'Never so.' WHERE id = %s", row.pk)
        write_the_chain_anew(convention.slug)
        assert wrong(saved) == [
            "mine-ban-convention: row 5 of the 305 that were kept is not in today's record at its place."
        ]

    def test_shows_a_chain_that_was_cut(self, convention, client, accede):
        before = LedgerHead.objects.filter(treaty=convention).values("length", "hash", "sealed_at").get()
        row = accede()
        saved = client.get(f"{MBC}/ledger/checkpoint.json").content.decode()
        with as_owner():
            triggers.remove(connection)
        raw(f"DELETE FROM {ACTIONS} WHERE id = %s", row.pk)
        LedgerHead.objects.filter(treaty=convention).update(**before)
        assert wrong(saved) == [
            "mine-ban-convention: row 306 of the 306 that were kept is not in today's record at its place."
        ]

    def test_of_a_treaty_that_is_gone_is_told(self, saved):
        assert wrong(saved.replace("mine-ban-convention", "gone")) == ["gone: today's record has no such treaty."]

    @pytest.mark.parametrize("spoil", [lambda s: s[:-20], lambda s: s.replace('"rows"', '"row"'), lambda s: f"[{s}]"])
    def test_that_is_not_whole_is_refused(self, saved, spoil):
        with pytest.raises(NoCheckpoint, match="no whole checkpoint"):
            compare(spoil(saved))


class TestTheCommand:
    def test_tells_what_stands(self, kept, tmp_path, capsys):
        path = tmp_path / "letter.txt"
        path.write_text(kept, encoding="utf-8-sig")
        call_command("compare_checkpoint", str(path))
        assert "stands in today's record" in capsys.readouterr().out

    def test_fails_with_each_fault(self, tmp_path):
        path = tmp_path / "letter.txt"
        path.write_text(f"{CheckpointLine(12, '0' * 64)}\n{CheckpointLine(10**9, '0' * 64)}")
        with pytest.raises(CommandError, match=r"checkpoint 12: .*\n.*checkpoint 1000000000: .*ends before it"):
            call_command("compare_checkpoint", str(path))

    def test_says_what_it_cannot_read(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read: No such file"):
            call_command("compare_checkpoint", str(tmp_path / "nothing"))
        (tmp_path / "empty").touch()
        with pytest.raises(CommandError, match="There is no checkpoint in it"):
            call_command("compare_checkpoint", str(tmp_path / "empty"))


class TestGoingOut:
    @pytest.mark.parametrize(
        "address",
        [
            "/treaties/checkpoint.txt",
            f"{MBC}/ledger/",
            f"{MBC}/feed.atom",
            "/news/feed.atom",
            "/news/feed.rss",
            "/news/feed.json",
            "/data/datapackage.json",
        ],
    )
    def test_it_stands_at_addresses_that_others_keep(self, client, kept, address):
        assert kept in client.get(address).content.decode()


class TestTheScript:
    @pytest.fixture
    def save_all(self, client, tmp_path):
        """Save the checkpoints of all treaties as they are now."""

        def save():
            found = []
            for slug in [*Treaty.objects.values_list("slug", flat=True), "site"]:
                path = tmp_path / f"{slug}.json"
                path.write_bytes(client.get(f"/treaties/{slug}/ledger/checkpoint.json").content)
                found.append(path)
            return found

        return save

    def check(self, tmp_path, text, *paths):
        kept = tmp_path / "kept.txt"
        kept.write_text(text)
        command = [sys.executable, "-I", str(VERIFY_SCRIPT), "--line", str(kept), *map(str, paths)]
        return subprocess.run(command, capture_output=True, text=True)

    def test_finds_a_line_in_the_checkpoints_of_all_treaties(self, tmp_path, kept, save_all):
        result = self.check(tmp_path, kept, *save_all())
        assert (result.returncode, result.stdout) == (0, "every line stands in the record\n")

    def test_finds_a_line_of_an_earlier_day(self, tmp_path, kept, accede, save_all):
        accede()
        later = str(ledger.checkpoint_line())
        assert self.check(tmp_path, f"{kept}\n{later}", *save_all()).returncode == 0

    @pytest.mark.parametrize("spoil", ["a treaty is not given", "the end is cut", "no line"])
    def test_finds_what_does_not_stand(self, tmp_path, kept, save_all, spoil):
        files = save_all()
        if spoil == "a treaty is not given":
            files = files[1:]
        if spoil == "the end is cut":
            newest = max(files, key=lambda f: max(r["facts"]["sequence"] for r in json.loads(f.read_text())["rows"]))
            found = json.loads(newest.read_text())
            found["rows"].pop()
            found["head"] = {"length": len(found["rows"]), "hash": found["rows"][-1]["hash"]}
            newest.write_text(json.dumps(found))
        result = self.check(tmp_path, "nothing" if spoil == "no line" else kept, *files)
        assert result.returncode == 1
        assert result.stdout
