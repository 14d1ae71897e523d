"""A row that is corrected in a data file reaches a database that holds the old one: as a replacement, with its reason, told."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories import HoldFactory, OfficerFactory, TreatyActionFactory
from treaties import ledger
from treaties.law import rules
from treaties.management.commands import load_treaties
from treaties.models import Treaty, TreatyAction
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
MINES = "mine_ban_convention_actions.csv"


@pytest.fixture
def correct(folder, capsys):
    """Replace words of the file and load it; what the loader says of the file's rows, without its sums."""

    def make(old: str, new: str) -> list[str]:
        path = folder / MINES
        words = path.read_text()
        assert words.count(old) == 1
        path.write_text(words.replace(old, new))
        call_command("load_treaties", data=folder)
        return [
            line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{MINES}:") and "new," not in line
        ]

    return make


def acts(iso3, **values):
    return TreatyAction.objects.filter(treaty__slug="mine-ban-convention", state=iso3, **values)


def line_of(iso3, action):
    words = (load_treaties.Command.data_folder / MINES).read_text()
    (line,) = [line for line in words.splitlines() if line.startswith(f"{iso3},{action},")]
    return line


def test_a_corrected_day_replaces_the_row(correct, convention):
    old = acts("EST", action="accession").get()
    line = line_of("EST", "accession")
    (told,) = correct(line, line.replace("2004-05-12", "2004-05-11").replace("2004-11-01", "2004-11-01"))
    new = acts("EST", action="accession").current().get()
    assert (new.deposited_on, new.replaces, new.reason) == (date(2004, 5, 11), old, "Data file corrected")
    assert new.is_confirmed
    assert new.loaded_from.startswith(f"{MINES}:")
    assert told.endswith(
        "corrected in the file, the row of the ledger is replaced: EST accession 2004-05-11 (before: EST accession 2004-05-12)"
    )
    assert ledger.verify(convention) == []


def test_of_a_corrected_signature_one_counts(correct, convention):
    line = line_of("AND", "signature")
    correct(line, line.replace("1997-12-03", "1997-12-04"))
    standing = status_board(convention, date(2025, 1, 1)).by_state["AND"].standing
    assert standing.signed.deposited_on == date(1997, 12, 4)
    assert acts("AND", action="signature").current().count() == 1


def test_a_corrected_source_or_note_replaces_the_row_too(correct):
    line = line_of("EST", "accession")
    (told,) = correct(line, line + "A note." if line.endswith(",") else line + " A note.")
    assert "the row of the ledger is replaced: EST accession 2004-05-12" in told
    assert "A note." in acts("EST", action="accession").current().get().note


def test_another_act_by_which_a_state_consented_is_a_correction_of_the_first(correct):
    line = line_of("FRA", "ratification")
    correct(line, line.replace("ratification", "approval"))
    assert [a.action for a in acts("FRA").current() if a.action in rules.CONSENTS] == ["approval"]


def test_it_is_taken_once(correct, folder, capsys):
    line = line_of("EST", "accession")
    correct(line, line.replace("2004-05-12", "2004-05-11"))
    before = TreatyAction.objects.count()
    call_command("load_treaties", data=folder)
    assert "corrected" not in capsys.readouterr().out
    assert TreatyAction.objects.count() == before


def test_a_row_that_an_officer_has_replaced_is_left_to_the_officers(correct):
    one, two = OfficerFactory(), OfficerFactory()
    old = acts("EST", action="accession").get()
    mended = TreatyAction(
        treaty=old.treaty,
        state=old.state,
        action="accession",
        deposited_on=date(2004, 5, 10),
        source_url=old.source_url,
    )
    ledger.confirm(ledger.replace(old, mended, by=one, reason="A letter."), by=two)
    line = line_of("EST", "accession")
    (told,) = correct(line, line.replace("2004-05-12", "2004-05-11"))
    assert "an officer has replaced the row of the ledger, which is left as it is" in told
    assert acts("EST", action="accession").current().get().pk == mended.pk


def test_what_held_the_old_row_holds_the_new_one(correct, convention):
    HoldFactory(withdrawal=acts("EST", action="withdrawal").get())
    line = line_of("EST", "withdrawal")
    correct(line, line.replace("2025-06-27", "2025-06-26").replace("2025-12-27", "2025-12-26"))
    new = acts("EST", action="withdrawal").current().get()
    assert new.effective_on is None
    assert status_board(convention, date(2026, 3, 1)).by_state["EST"].standing.held_by_armed_conflict


def test_a_row_that_is_gone_from_the_file_is_taken_out_of_the_ledger_with_the_reason(correct, convention):
    old = acts("EST", action="withdrawal").get()
    (told,) = correct(line_of("EST", "withdrawal") + "\n", "")
    assert told == (
        f"{MINES}: gone from the file, the row of the ledger is taken out: EST withdrawal 2025-06-27 (No longer in the data file)"
    )
    row = acts("EST", is_annulment=True).get()
    assert (row.replaces, row.reason, row.is_confirmed) == (old, "No longer in the data file", True)
    assert not acts("EST", action="withdrawal").current().exists()
    assert status_board(convention, date(2026, 1, 1)).by_state["EST"].status is rules.Status.PARTY
    assert ledger.verify(convention) == []


def test_a_row_is_taken_out_once_and_can_come_back(correct, folder, capsys):
    line = line_of("EST", "withdrawal")
    correct(line + "\n", "")
    call_command("load_treaties", data=folder)
    assert "taken out" not in capsys.readouterr().out
    correct(line_of("EST", "accession"), f"{line_of('EST', 'accession')}\n{line}")
    assert acts("EST", action="withdrawal").current().count() == 1


def test_a_row_that_is_gone_and_that_an_officer_has_replaced_is_left_to_the_officers(correct):
    old = acts("EST", action="withdrawal").get()
    mended = TreatyAction(
        treaty=old.treaty,
        state=old.state,
        action="withdrawal",
        deposited_on=date(2025, 6, 26),
        source_url=old.source_url,
    )
    ledger.confirm(ledger.replace(old, mended, by=OfficerFactory(), reason="A letter."), by=OfficerFactory())
    (told,) = correct(line_of("EST", "withdrawal") + "\n", "")
    assert "gone from the file, and replaced by an officer" in told
    assert acts("EST", action="withdrawal").current().get().pk == mended.pk


def test_a_file_that_lacks_many_rows_takes_nothing_out(folder):
    path = folder / MINES
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-11]))
    with pytest.raises(CommandError, match="11 rows that were loaded before are gone"):
        call_command("load_treaties", data=folder)
    assert not TreatyAction.objects.filter(is_annulment=True).exists()


UNDATED = "mine_ban_convention_undated.csv"
LATER = date(2026, 11, 26)


@pytest.fixture
def narrow(folder):
    """Write another row for Lebanon's accession into the file of acts whose day is not known, or none."""

    def write(row: str) -> None:
        header = (folder / UNDATED).read_text().splitlines()[0]
        (folder / UNDATED).write_text(f"{header}\n{row}")
        call_command("load_treaties", data=folder, verbosity=0)

    return write


def test_an_act_whose_day_is_not_known_has_its_interval_and_its_sources(convention):
    row = acts("LBN").current().get()
    assert row.deposited_between == (date(2026, 2, 3), date(2026, 9, 22))
    assert row.effect_between == (date(2026, 8, 1), date(2027, 3, 1))
    assert "not_before: the Depositary's table" in row.interval_source
    assert row.loaded_from.startswith(f"{UNDATED}:")


def test_a_narrower_interval_in_the_file_replaces_the_row(narrow, convention):
    assert status_board(convention, LATER).counts.ranges == {"in_force": (161, 162)}
    old = acts("LBN").get()
    narrow("LBN,accession,2026-02-03,2026-03-31,https://example.org/,not_before: the table. not_after: a letter,\n")
    row = acts("LBN").current().get()
    assert (row.replaces, row.deposited_between) == (old, (date(2026, 2, 3), date(2026, 3, 31)))
    assert (status_board(convention, LATER).counts.in_force, status_board(convention, LATER).counts.ranges) == (162, {})


def test_an_act_whose_day_becomes_known_moves_to_the_other_file(folder, correct):
    old = acts("LBN").get()
    line = line_of("EST", "withdrawal")
    (folder / UNDATED).write_text("iso3,action,not_before,not_after,source_url,source_note,note\n")
    correct(line, f"{line}\nLBN,accession,2026-05-05,,https://example.org/,")
    row = acts("LBN").current().get()
    assert (row.replaces, row.deposited_on, row.not_before) == (old, date(2026, 5, 5), None)
    assert not acts("LBN", is_annulment=True).exists()


def test_a_new_row_that_an_officer_has_recorded_already_is_not_entered_twice(correct, convention):
    TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 1, 5), confirmed_at=None)
    line = line_of("EST", "accession")
    (told,) = correct(line, f"{line}\nCHN,accession,2026-01-05,,https://example.org/,")
    assert "an officer has recorded it already: CHN accession 2026-01-05" in told
    assert acts("CHN").count() == 1


def test_two_acts_of_a_state_are_corrected_each_in_its_place(correct, folder):
    treaty = Treaty.objects.main()
    lines = [line_of("EST", "accession"), line_of("EST", "withdrawal")]
    path = folder / MINES
    path.write_text(path.read_text().replace(lines[0], lines[0].replace("2004-05-12", "2004-05-11")))
    correct(lines[1], lines[1].replace("2025-06-27", "2025-06-26").replace("2025-12-27", "2025-12-26"))
    found = acts("EST").current().order_by("deposited_on").values_list("action", "deposited_on")
    assert list(found) == [("accession", date(2004, 5, 11)), ("withdrawal", date(2025, 6, 26))]
    assert ledger.verify(treaty) == []
